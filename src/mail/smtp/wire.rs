//! What is written to a relay at once.

use std::fmt::{Display, Formatter, Result};

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::MailParameter;

use crate::mail::{MessageOctets, TransparentOctets};

/// What ends a text.
pub(crate) const END: &str = ".\r\n";

/// What is written after DATA: a message, the dot that ends it (RFC 5321 §4.5.2), and behind it the commands of the
/// next mail, where there is one.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) octets: TransparentOctets,
    /// Where the final dot stands.
    pub(crate) dot: usize,
}

impl Text {
    pub(crate) fn new(message: MessageOctets, next: Option<&Commands>) -> Self {
        let mut octets = message.into_transparent();
        let dot = octets.len();
        octets.push_str(END);
        if let Some(next) = next {
            octets.push_str(&next.to_string());
        }
        Self { octets, dot }
    }
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
            let text = Text::new(message.to_owned().into(), None);
            let octets = &text.octets;
            for split in 0..=expected.len() {
                let mut written = Vec::new();
                for slice in octets
                    .slices(0, split)
                    .iter()
                    .chain(&octets.slices(split, octets.len()))
                {
                    written.extend_from_slice(slice);
                }
                assert_eq!(String::from_utf8_lossy(&written), expected, "at {split}");
            }
            assert_eq!(&expected[text.dot..], ".\r\n");
        }
    }
}
