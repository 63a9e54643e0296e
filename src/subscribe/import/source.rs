//! The file with normalised line ends, as the CSV reader gets it.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The longest record that is read: a longer one has an open quotation mark.
const MAX_RECORD_OCTETS: u64 = 8 * 1024 * 1024;
/// Added as the last record. When the reader returns it as part of another record, a quotation mark
/// was left open. No text contains these octets, and the line break before them ends the file's
/// last line.
pub(super) const END_MARKER: &[u8] = b"\n\0end of file\0\n";

/// Octets read since the last complete record. Clones share the count.
#[derive(Clone, Default)]
pub(super) struct SinceRecord(Arc<AtomicU64>);

impl SinceRecord {
    /// To be called when a record is complete.
    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Makes every line end with `\n` alone, so that lines are counted the same whichever program wrote
/// the file, adds [`END_MARKER`], and fails when one record is longer than 8 MiB, so that an open
/// quotation mark does not load the whole file into memory.
pub(super) struct NormalizedSource<R> {
    inner: R,
    since_record: SinceRecord,
    after_return: bool,
    end: &'static [u8],
}

impl<R: Read> NormalizedSource<R> {
    pub(super) fn new(inner: R, since_record: SinceRecord) -> Self {
        Self {
            inner,
            since_record,
            after_return: false,
            end: END_MARKER,
        }
    }

    /// Rewrites the line ends in place; returns how many octets are left.
    fn normalize_line_ends(&mut self, octets: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..octets.len() {
            let octet = octets[at];
            if !(octet == b'\n' && self.after_return) {
                octets[kept] = if octet == b'\r' { b'\n' } else { octet };
                kept += 1;
            }
            self.after_return = octet == b'\r';
        }
        kept
    }
}

impl<R: Read> Read for NormalizedSource<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let amount = self.inner.read(buffer)?;
            if amount == 0 {
                return self.end.read(buffer);
            }
            let total = self
                .since_record
                .0
                .fetch_add(amount as u64, Ordering::Relaxed);
            if total > MAX_RECORD_OCTETS {
                return Err(io::Error::other(
                    "a record is longer than 8 MiB; a quotation mark was probably left open",
                ));
            }
            let kept = self.normalize_line_ends(&mut buffer[..amount]);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}
