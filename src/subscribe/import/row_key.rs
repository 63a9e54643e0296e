//! What rows are sorted by, and why they are refused before that.

use std::io;

/// Why a row is refused.
pub(super) struct RefusedCells {
    pub(super) why: String,
    /// Of whom the row says that they are no reader.
    pub(super) leaver: Option<Leaver>,
}

/// Somebody who has left the other service, or never confirmed there.
pub(super) struct Leaver {
    /// The address key (see `EmailAddress::key`).
    pub(super) key: String,
    /// They may have confirmed in another row.
    pub(super) is_unconfirmed: bool,
}

impl From<String> for RefusedCells {
    fn from(why: String) -> Self {
        Self { why, leaver: None }
    }
}

impl Leaver {
    /// Puts the octets into `octets` by which this row is sorted: before all others of its address.
    pub(super) fn write_key(&self, line: u64, octets: &mut Vec<u8>) {
        write_key(&self.key, HAS_LEFT, line, octets);
    }
}

/// In front of the line in a key: rows of somebody who has left come first.
const HAS_LEFT: u8 = 0;
pub(super) const IS_GOOD: u8 = 1;

/// Puts the octets by which rows are sorted into `octets`: those of one address follow each other, first those by which it
/// has left, as they do in the file.
pub(super) fn write_key(address: &str, kind: u8, line: u64, octets: &mut Vec<u8>) {
    octets.clear();
    octets.extend(address.as_bytes());
    // An address has no NUL.
    octets.extend([0, kind]);
    octets.extend(line.to_be_bytes());
}

/// What a sorted row is known by.
pub(super) struct RowKey<'a> {
    pub(super) address: &'a [u8],
    pub(super) has_left: bool,
    pub(super) line: u64,
}

impl<'a> RowKey<'a> {
    /// Reads what [`write_key`] has written.
    ///
    /// # Errors
    /// When it was something else.
    pub(super) fn read(key: &'a [u8]) -> io::Result<Self> {
        let strange = || io::Error::other("a sorted row cannot be read");
        let (rest, line) = key.split_last_chunk().ok_or_else(strange)?;
        let (address, [0, kind]) = rest.split_last_chunk().ok_or_else(strange)? else {
            return Err(strange());
        };
        Ok(Self {
            address,
            has_left: *kind == HAS_LEFT,
            line: u64::from_be_bytes(*line),
        })
    }
}
