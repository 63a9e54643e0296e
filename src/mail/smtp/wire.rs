//! What is written to a relay in one piece.

use std::fmt::{Display, Formatter, Result};

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::MailParameter;

/// What ends a text.
pub(crate) const END: &str = ".\r\n";

/// How much longer than its message a text may become without a new place in memory.
pub(crate) const ROOM: usize = 512;

/// A message as it is written after DATA, in one piece of memory.
#[derive(Debug)]
pub(crate) struct Text {
    /// Its leading dots doubled, the dot that ends it (RFC 5321 §4.5.2), and behind it the
    /// commands of the next mail, where there is one.
    pub(crate) octets: String,
    /// Where the final dot stands.
    pub(crate) dot: usize,
}

impl Text {
    pub(crate) fn new(message: String, next: Option<&Commands>) -> Self {
        let mut octets = with_dots_doubled(message);
        if !octets.is_empty() && !octets.ends_with("\r\n") {
            octets.push_str("\r\n");
        }
        let dot = octets.len();
        octets.push_str(END);
        if let Some(next) = next {
            octets.push_str(&next.to_string());
        }
        Self { octets, dot }
    }
}

fn with_dots_doubled(message: String) -> String {
    // `memchr` looks at 32 octets at a time; `str::find` was the dearest step of a mail.
    let next = |rest: &str| memchr::memmem::find(rest.as_bytes(), b"\r\n.").map(|at| at + 2);
    let first = if message.starts_with('.') {
        Some(0)
    } else {
        next(&message)
    };
    let Some(mut at) = first else {
        return message;
    };
    let mut doubled = String::with_capacity(message.len() + ROOM);
    let mut rest = message.as_str();
    loop {
        let (before, dot) = rest.split_at(at);
        doubled.push_str(before);
        doubled.push('.');
        rest = dot;
        match next(rest) {
            Some(further) => at = further,
            None => break,
        }
    }
    doubled.push_str(rest);
    doubled
}

/// The commands that come before the text of one mail.
#[derive(Debug)]
pub(crate) struct Commands {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) parameters: Vec<MailParameter>,
}

impl Commands {
    pub(crate) fn mail(&self) -> Mail {
        Mail::new(Some(self.from.clone()), self.parameters.clone())
    }

    pub(crate) fn rcpt(&self) -> Rcpt {
        Rcpt::new(self.to.clone(), Vec::new())
    }
}

impl Display for Commands {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}{Data}", self.mail(), self.rcpt())
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn dots_are_doubled_and_the_end_is_marked_once() {
        for (message, expected) in [
            ("a\r\n.b\r\n..\r\n", "a\r\n..b\r\n...\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n\r\n", "..\r\n\r\n.\r\n"),
            ("\r\n.\r\n.\r\n", "\r\n..\r\n..\r\n.\r\n"),
            ("", ".\r\n"),
        ] {
            let text = Text::new(message.to_owned(), None);
            assert_eq!(text.octets, expected);
            assert_eq!(&expected[text.dot..], ".\r\n");
        }
    }
}
