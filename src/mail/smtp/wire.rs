//! What is written to a relay at once.

use std::fmt::{Display, Formatter, Result};
use std::io::IoSlice;

use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::MailParameter;

use super::dots::with_dots_doubled;
use crate::mail::MessageOctets;

/// What ends a text.
pub(crate) const END: &str = ".\r\n";

/// A message as it is written after DATA, in pieces that lie where they are: most of them are shared by all
/// mails of an issue.
#[derive(Debug)]
pub(crate) struct Text {
    /// Its leading dots doubled, as those of the body (RFC 5321 §4.5.2).
    header: String,
    message: MessageOctets,
    /// The final dot, and behind it the commands of the next mail, where there is one.
    end: String,
    /// How many octets come before the final dot.
    pub(crate) dot: usize,
}

impl Text {
    pub(crate) fn new(mut message: MessageOctets, next: Option<&Commands>) -> Self {
        let mut header = with_dots_doubled(message.take_header());
        let body = message.transparent_body_octets();
        if body == 0 && !header.is_empty() && !header.ends_with("\r\n") {
            header.push_str("\r\n");
        }
        let end = match next {
            Some(next) => format!("{END}{next}"),
            None => END.to_owned(),
        };
        Self {
            dot: header.len() + body,
            header,
            message,
            end,
        }
    }

    /// How many octets it has.
    pub(crate) fn len(&self) -> usize {
        self.dot + self.end.len()
    }

    /// The octets from one offset to another, for a vectored write.
    pub(crate) fn slices(&self, mut from: usize, to: usize) -> Vec<IoSlice<'_>> {
        let mut left = to.saturating_sub(from);
        let header = std::iter::once(&*self.header);
        let pieces = header.chain(self.message.transparent_body());
        let mut slices = Vec::with_capacity(64);
        for piece in pieces.chain([&*self.end]) {
            let skipped = from.min(piece.len());
            from -= skipped;
            let piece = &piece.as_bytes()[skipped..];
            let piece = &piece[..piece.len().min(left)];
            left -= piece.len();
            if !piece.is_empty() {
                slices.push(IoSlice::new(piece));
            }
        }
        slices
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
            for split in 0..=expected.len() {
                let mut written = Vec::new();
                for slice in text
                    .slices(0, split)
                    .iter()
                    .chain(&text.slices(split, text.len()))
                {
                    written.extend_from_slice(slice);
                }
                assert_eq!(String::from_utf8_lossy(&written), expected, "at {split}");
            }
            assert_eq!(&expected[text.dot..], ".\r\n");
        }
    }
}
