//! A message as it is written after DATA, in few pieces for a vectored write.

use std::io::IoSlice;
use std::ops::Range;
use std::sync::Arc;

use super::octets::SharedBody;
use super::precompiled_text::{Part, VALUES};
use crate::mail::smtp::dots::with_dots_doubled;

/// A fixed part of the body that is at least as long stays where all mails of an issue have it. A shorter one is
/// copied: the kernel takes a few long pieces faster than many short ones.
const SHARED_OCTETS: usize = 1_024;

/// Whether a part of a body stays where all mails have it.
pub(super) fn is_shared(part: &Part) -> bool {
    matches!(part, Part::Fixed(place) if place.len() >= SHARED_OCTETS)
}

/// A message whose leading dots are doubled (RFC 5321 §4.5.2) and whose last line is ended.
#[derive(Debug)]
pub(crate) struct TransparentOctets {
    body: Arc<SharedBody>,
    /// All that is not shared, in its order.
    own: String,
    pieces: Vec<Piece>,
    octets: usize,
}

/// What follows the piece before.
#[derive(Debug)]
enum Piece {
    /// So many of the octets that are not shared.
    Own(usize),
    /// A part of the body.
    Shared(Range<usize>),
}

impl TransparentOctets {
    pub(super) fn new(header: String, body: Arc<SharedBody>, values: [&str; VALUES]) -> Self {
        let mut header = with_dots_doubled(header);
        let shared = Arc::clone(&body);
        if shared.transparent.len() == 0 && !header.is_empty() && !header.ends_with("\r\n") {
            header.push_str("\r\n");
        }
        let octets = header.len();
        let mut this = Self {
            body,
            pieces: vec![Piece::Own(octets)],
            own: header,
            octets,
        };
        for part in shared.transparent.parts() {
            match part {
                Part::Fixed(place) if is_shared(part) => {
                    this.octets += place.len();
                    this.pieces.push(Piece::Shared(place.clone()));
                }
                part => this.push_str(shared.transparent.resolve(part, values)),
            }
        }
        this
    }

    /// Adds octets at the end.
    pub(crate) fn push_str(&mut self, octets: &str) {
        self.own.push_str(octets);
        self.octets += octets.len();
        match self.pieces.last_mut() {
            Some(Piece::Own(length)) => *length += octets.len(),
            _ => self.pieces.push(Piece::Own(octets.len())),
        }
    }

    /// How many octets it has.
    pub(crate) fn len(&self) -> usize {
        self.octets
    }

    /// The octets from one offset to another.
    pub(crate) fn slices(&self, mut from: usize, to: usize) -> Vec<IoSlice<'_>> {
        let mut left = to.saturating_sub(from);
        let mut own = self.own.as_bytes();
        let mut slices = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let piece = match piece {
                Piece::Own(length) => {
                    let (piece, rest) = own.split_at(*length);
                    own = rest;
                    piece
                }
                Piece::Shared(place) => self.body.transparent.fixed(place).as_bytes(),
            };
            let skipped = from.min(piece.len());
            from -= skipped;
            let wanted = left.min(piece.len() - skipped);
            left -= wanted;
            if wanted > 0 {
                slices.push(IoSlice::new(&piece[skipped..skipped + wanted]));
            }
        }
        slices
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{SHARED_OCTETS, SharedBody, TransparentOctets};

    #[test]
    fn any_part_of_shared_and_own_octets_can_be_written() {
        let long = ".x\r\n".repeat(SHARED_OCTETS / 4);
        let marks = ["AAAA", "BBBB", "CCCC"];
        let body = |[name, unsubscribe, preferences]: [&str; 3]| {
            format!("{name}\r\n.{unsubscribe}\r\n{long}{preferences}{long}")
        };
        let shared = Arc::new(SharedBody::new(&body(marks), &marks));
        let values = ["name", "stop", "more"];
        let mut octets = TransparentOctets::new("To: x\r\n\r\n".to_owned(), shared, values);
        octets.push_str(".\r\n");
        let doubled = body(values).replace("\r\n.", "\r\n..");
        // The long text before the last value begins a line, the one after it does not.
        let expected = format!("To: x\r\n\r\n{doubled}.\r\n");
        assert_eq!(octets.len(), expected.len());
        assert_eq!(
            octets.slices(0, octets.len()).len(),
            5,
            "two pieces are shared"
        );
        for split in 0..=expected.len() {
            let (before, after) = (octets.slices(0, split), octets.slices(split, octets.len()));
            let written: Vec<u8> = before
                .iter()
                .chain(&after)
                .flat_map(|slice| slice.to_vec())
                .collect();
            assert_eq!(String::from_utf8_lossy(&written), expected, "at {split}");
        }
    }
}
