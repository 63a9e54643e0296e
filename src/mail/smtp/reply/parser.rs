//! Reads a reply from the octets of a stream (RFC 5321 §4.2).
//!
//! Only the three digits, and the hyphen that announces a further line, have a meaning. The text may be
//! missing or in any charset, a line may be of any length and end in LF alone. Empty lines before a line of it are
//! passed over.

/// How much text of a reply is kept, in octets; the rest is read and discarded.
const MAX_TEXT_OCTETS: usize = 4096;
/// The longest reply that is read to its end, in octets and in lines.
const MAX_REPLY_OCTETS: usize = 256 * 1024;
const MAX_REPLY_LINES: usize = 2_000;

/// How far a reply is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Its end has not come yet.
    Incomplete,
    /// Its last line has ended.
    Complete,
    /// A line does not begin with three digits, the first of them 2 to 5.
    Malformed,
    /// It is longer than what is read of a reply.
    TooLong,
}

/// One reply while it comes in. Its memory is used again for the next.
#[derive(Debug, Default)]
pub(crate) struct ReplyParser {
    /// That of the first line, once its three digits are there.
    code: Option<u16>,
    /// The lines without their codes, parted by LF.
    text: Vec<u8>,
    /// The digits of the line that is being read.
    number: u16,
    /// How many octets of that line's head (three digits and what follows them) are read.
    head: u8,
    /// A hyphen behind the code: another line follows.
    goes_on: bool,
    lines: usize,
    octets: usize,
}

impl ReplyParser {
    /// Forgets the last reply.
    pub(crate) fn begin(&mut self) {
        self.text.clear();
        *self = Self {
            text: std::mem::take(&mut self.text),
            ..Self::default()
        };
    }

    /// Reads on; returns how many of these octets belong to the reply.
    pub(crate) fn read(&mut self, octets: &[u8]) -> (usize, Progress) {
        let mut at = 0;
        while let Some(&octet) = octets.get(at) {
            if self.head < 4 {
                match self.read_head(octet) {
                    Some(belongs) => at += usize::from(belongs),
                    None => {
                        self.keep(&octets[at..]);
                        return (octets.len(), Progress::Malformed);
                    }
                }
                continue;
            }
            let rest = &octets[at..];
            let end = memchr::memchr(b'\n', rest);
            let line = &rest[..end.unwrap_or(rest.len())];
            self.keep(line);
            at += line.len();
            if end.is_some() {
                at += 1;
                if self.end_line() {
                    return (at, Progress::Complete);
                }
            }
        }
        self.octets += at;
        if self.octets > MAX_REPLY_OCTETS || self.lines > MAX_REPLY_LINES {
            return (at, Progress::TooLong);
        }
        (at, Progress::Incomplete)
    }

    /// The code of the first line, once its three digits are there.
    pub(crate) fn code(&self) -> Option<u16> {
        self.code
    }

    /// The text that was kept, its lines parted by LF.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }

    /// Reads an octet before the text; returns whether it is no part of that, or `None`
    /// where no reply can begin so.
    fn read_head(&mut self, octet: u8) -> Option<bool> {
        if self.head == 3 {
            self.head = 4;
            self.goes_on = octet == b'-';
            return Some(matches!(octet, b'-' | b' '));
        }
        if self.head == 0 && is_line_end(octet) {
            return Some(true);
        }
        if !octet.is_ascii_digit() || (self.head == 0 && !matches!(octet, b'2'..=b'5')) {
            // What was taken for digits belongs to what is said instead.
            let digits = self.number.to_string();
            self.keep(&digits.as_bytes()[..self.head.into()]);
            return None;
        }
        self.number = self.number * 10 + u16::from(octet - b'0');
        self.head += 1;
        if self.head == 3 && self.code.is_none() {
            self.code = Some(self.number);
        }
        Some(true)
    }

    fn keep(&mut self, text: &[u8]) {
        let room = MAX_TEXT_OCTETS.saturating_sub(self.text.len());
        self.text.extend_from_slice(&text[..room.min(text.len())]);
    }

    /// Returns whether that was the last line.
    fn end_line(&mut self) -> bool {
        if self.text.last() == Some(&b'\r') {
            self.text.pop();
        }
        self.lines += 1;
        if self.goes_on {
            self.keep(b"\n");
            (self.number, self.head) = (0, 0);
        }
        !self.goes_on
    }
}

/// Whether it is CR or LF, of which an empty line is made.
pub(crate) fn is_line_end(octet: u8) -> bool {
    matches!(octet, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::{MAX_TEXT_OCTETS, Progress, ReplyParser};

    /// Reads it in one piece and octet by octet, which must come to the same.
    fn read(octets: &[u8]) -> (usize, Progress, Option<u16>, String) {
        let mut parser = ReplyParser::default();
        parser.begin();
        let (used, progress) = parser.read(octets);
        let whole = (used, progress, parser.code(), parser.text());
        parser.begin();
        let (mut used, mut progress) = (0, Progress::Incomplete);
        for octet in octets {
            let (one, then) = parser.read(std::slice::from_ref(octet));
            (used, progress) = (used + one, then);
            if progress != Progress::Incomplete {
                break;
            }
        }
        if progress != Progress::Malformed {
            assert_eq!(whole, (used, progress, parser.code(), parser.text()));
        }
        whole
    }

    #[test]
    fn a_reply_is_its_digits_whatever_follows_them() {
        for (octets, code, text) in [
            (&b"250 2.0.0 Ok: queued\r\n"[..], 250, "2.0.0 Ok: queued"),
            (b"250\r\n", 250, ""),
            (b"354\n", 354, ""),
            (b"250 \r\n", 250, ""),
            (b"250 ok\n", 250, "ok"),
            (b"250\tok\r\n", 250, "\tok"),
            (b"220-first\r\n220\r\n", 220, "first\n"),
            (b"220-\n220-b\r\n220 c\n", 220, "\nb\nc"),
            (b"\r\n250 ok\r\n", 250, "ok"),
            (b"\n\r\n\n250-ok\r\n\r\n250 end\r\n", 250, "ok\nend"),
            // The first line decides: a second code is a fault of the server.
            (b"250-queued\r\n421 closing\r\n", 250, "queued\nclosing"),
            (
                b"550 5.1.1 \xcd\xe5\xf2\r\n",
                550,
                "5.1.1 \u{fffd}\u{fffd}\u{fffd}",
            ),
            (
                b"250 2.0.0 \xce\xd2\xca\xd5\r\n",
                250,
                "2.0.0 \u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("250 2.0.0 Принято\r\n".as_bytes(), 250, "2.0.0 Принято"),
        ] {
            let expected = (
                octets.len(),
                Progress::Complete,
                Some(code),
                text.to_owned(),
            );
            assert_eq!(
                read(octets),
                expected,
                "{}",
                String::from_utf8_lossy(octets)
            );
        }
    }

    #[test]
    fn what_follows_a_reply_is_left_for_the_next() {
        let (used, progress, code, _) = read(b"250 ok\r\n421 closing\r\n");
        assert_eq!((used, progress, code), (8, Progress::Complete, Some(250)));
    }

    #[test]
    fn what_does_not_begin_with_three_digits_is_no_reply() {
        for octets in [&b"hello\r\n"[..], b"25x\r\n", b"099 x\r\n", b"600 x\r\n"] {
            let (_, progress, code, said) = read(octets);
            assert_eq!((progress, code), (Progress::Malformed, None), "{said}");
            assert_eq!(said.as_bytes(), octets, "all of it is told");
        }
        // The digits of the first line stand even where the second is none.
        let (_, progress, code, _) = read(b"250-queued\r\noops\r\n");
        assert_eq!((progress, code), (Progress::Malformed, Some(250)));
        assert_eq!(
            read(b"250").2,
            Some(250),
            "a reply that is cut off behind its digits"
        );
    }

    #[test]
    fn of_a_long_reply_only_the_beginning_is_kept() {
        let mut line = b"250 ".to_vec();
        line.resize(100_000, b'x');
        line.extend_from_slice(b"\r\n");
        let (used, progress, code, text) = read(&line);
        assert_eq!(
            (used, progress, code),
            (line.len(), Progress::Complete, Some(250))
        );
        assert_eq!(text.len(), MAX_TEXT_OCTETS);
        let lines = b"250-line\r\n".repeat(1_500);
        let whole = [lines.as_slice(), b"250 end\r\n"].concat();
        let (_, progress, _, text) = read(&whole);
        assert_eq!(
            (progress, text.len()),
            (Progress::Complete, MAX_TEXT_OCTETS)
        );
        // One that never ends does.
        let mut parser = ReplyParser::default();
        let endless = b"250-line\r\n".repeat(1_000);
        let mut progress = Progress::Incomplete;
        for _ in 0..100 {
            (_, progress) = parser.read(&endless);
            if progress != Progress::Incomplete {
                break;
            }
        }
        assert_eq!((progress, parser.code()), (Progress::TooLong, Some(250)));
    }
}
