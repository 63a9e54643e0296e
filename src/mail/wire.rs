//! What is written to a relay in one piece.
//!
//! A second write would wait for the relay's delayed acknowledgement of the first (Nagle's
//! algorithm), 40 ms each time.

use std::fmt::{Display, Formatter, Result, Write};

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::MailParameter;

/// A text with its leading dots doubled, and the dot that ends it (RFC 5321 §4.5.2).
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut rest = self.0;
        if rest.starts_with('.') {
            f.write_char('.')?;
        }
        // `memchr` looks at 32 octets at a time; `str::find` was the dearest step of a mail.
        while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"\r\n.") {
            let (line, dots) = rest.split_at(at + 2);
            f.write_str(line)?;
            f.write_char('.')?;
            rest = dots;
        }
        f.write_str(rest)?;
        if !self.0.is_empty() && !self.0.ends_with("\r\n") {
            f.write_str("\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

/// The commands that come before the text of one mail.
#[derive(Clone)]
pub(super) struct Commands {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) parameters: Vec<MailParameter>,
}

impl Commands {
    pub(super) fn mail(&self) -> Mail {
        Mail::new(Some(self.from.clone()), self.parameters.clone())
    }

    pub(super) fn rcpt(&self) -> Rcpt {
        Rcpt::new(self.to.clone(), Vec::new())
    }
}

impl Display for Commands {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}{Data}", self.mail(), self.rcpt())
    }
}

/// The text of one mail and, where there are any, the commands of the next behind it.
pub(super) struct TextAndNext<'a>(pub(super) Text<'a>, pub(super) Option<&'a Commands>);

impl Display for TextAndNext<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.fmt(f)?;
        self.1.map_or(Ok(()), |commands| commands.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn dots_are_doubled_and_the_end_is_marked_once() {
        let stuffed = |text: &str| Text(text).to_string();
        assert_eq!(stuffed("a\r\n.b\r\n..\r\n"), "a\r\n..b\r\n...\r\n.\r\n");
        assert_eq!(stuffed("a"), "a\r\n.\r\n");
        assert_eq!(stuffed(".\r\n\r\n"), "..\r\n\r\n.\r\n");
        assert_eq!(stuffed("\r\n.\r\n.\r\n"), "\r\n..\r\n..\r\n.\r\n");
        assert_eq!(stuffed(""), ".\r\n");
    }
}
