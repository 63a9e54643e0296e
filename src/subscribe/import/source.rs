//! The file with normalised line ends, as the CSV reader gets it.

use std::io::{self, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::quoting::QuotingCheck;

/// How much of a file is looked at to learn how it was saved, in octets.
const HEAD_OCTETS: u64 = 64 * 1024;
/// UTF-8's byte order mark, which some programs write twice.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A file in UTF-8, whatever Unicode it was saved in.
pub(super) type Utf8<R> = Chain<Cursor<Vec<u8>>, DecodeReaderBytes<R, Vec<u8>>>;

/// How a spreadsheet saved a file.
pub(super) struct Opened<R: Read> {
    pub(super) text: Utf8<R>,
    /// What separates the cells: a comma, a semicolon or a tab, or what a line `sep=` says.
    pub(super) separator: u8,
    /// Lines before the header.
    pub(super) skipped: u64,
}

/// Learns from its beginning how a file was saved.
pub(super) fn open<R: Read>(file: R) -> io::Result<Opened<R>> {
    let mut decoder = DecodeReaderBytesBuilder::new();
    let decoder = decoder
        .bom_sniffing(true)
        .strip_bom(true)
        .utf8_passthru(true);
    let mut text = decoder.build(file);
    let mut head = Vec::new();
    text.by_ref().take(HEAD_OCTETS).read_to_end(&mut head)?;
    if let Some(why) = not_text(&head) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    while head.starts_with(MARK) {
        head.drain(..MARK.len());
    }
    let end = head
        .iter()
        .position(|o| matches!(o, b'\n' | b'\r'))
        .unwrap_or(head.len());
    let first = &head[..end];
    let (separator, skipped) = match first {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => (*separator, 1),
        _ => (most_used_separator(first), 0),
    };
    if skipped > 0 {
        let rest = head.get(end..).unwrap_or_default();
        let line_end = if rest.starts_with(b"\r\n") { 2 } else { 1 };
        head.drain(..(end + line_end).min(head.len()));
    }
    Ok(Opened {
        text: Cursor::new(head).chain(text),
        separator,
        skipped,
    })
}

/// Why a file that begins so cannot be read as text.
fn not_text(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"PK\x03\x04") {
        return Some(
            "it is an Excel workbook or a zip file: save the table as CSV UTF-8, or unpack the file",
        );
    }
    let first = head
        .split(|octet| *octet == b'\n')
        .next()
        .unwrap_or_default();
    let nulls = first.iter().filter(|octet| **octet == 0).count();
    (nulls > 0 && nulls * 3 >= first.len())
        .then_some("it is UTF-16 without a byte order mark: save the file as CSV UTF-8")
}

/// The separator that the header has most often outside of quotation marks.
fn most_used_separator(header: &[u8]) -> u8 {
    let mut quoted = false;
    let outside: Vec<u8> = header
        .iter()
        .copied()
        .filter(|octet| {
            quoted ^= *octet == b'"';
            !quoted
        })
        .collect();
    let times = |separator: u8| outside.iter().filter(|octet| **octet == separator).count();
    let mut best = b',';
    for separator in [b';', b'\t'] {
        if times(separator) > times(best) {
            best = separator;
        }
    }
    best
}

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
    quoting: QuotingCheck,
    end: &'static [u8],
}

impl<R: Read> NormalizedSource<R> {
    pub(super) fn new(inner: R, since_record: SinceRecord, quoting: QuotingCheck) -> Self {
        Self {
            inner,
            since_record,
            after_return: false,
            quoting,
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
            self.quoting.follow(&buffer[..kept]);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}
