//! Sorts records that need not fit in memory (an external merge sort).
//!
//! Sorted runs lie in a temporary file without a name, of which nothing is left when the process ends, however
//! it ends. Records that fit into one run are never written.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// A run has about so many octets.
const RUN_OCTETS: usize = 8 * 1024 * 1024;
/// Each run is read through a buffer of so many octets: a gigabyte of runs takes 2 MiB.
const READ_OCTETS: usize = 16 * 1024;
const WRITE_OCTETS: usize = 64 * 1024;
/// The lengths of a record's key and value, in front of both.
const LENGTHS: usize = 8;

/// Collects records.
pub(super) struct ExternalSort {
    run: Run,
    run_octets: usize,
    /// The file, and where each of its runs ends.
    spilled: Option<(File, Vec<u64>)>,
}

/// Records in memory.
#[derive(Default)]
struct Run {
    octets: Vec<u8>,
    /// Where each begins.
    records: Vec<usize>,
}

impl Default for ExternalSort {
    fn default() -> Self {
        Self::with_runs_of(RUN_OCTETS)
    }
}

impl ExternalSort {
    fn with_runs_of(run_octets: usize) -> Self {
        Self {
            run: Run::default(),
            run_octets,
            spilled: None,
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the temporary file cannot be written; the text says what to do.
    pub(super) fn push(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let Run { octets, records } = &mut self.run;
        records.push(octets.len());
        for part in [key, value] {
            let length = u32::try_from(part.len()).map_err(io::Error::other)?;
            octets.extend(length.to_le_bytes());
        }
        octets.extend(key);
        octets.extend(value);
        if octets.len() >= self.run_octets {
            self.spill().map_err(unwritable)?;
        }
        Ok(())
    }

    /// Appends the run to the file.
    fn spill(&mut self) -> io::Result<()> {
        self.run.sort();
        let (file, ends) = match &mut self.spilled {
            Some(spilled) => spilled,
            none => none.insert((tempfile::tempfile()?, Vec::new())),
        };
        let mut out = BufWriter::with_capacity(WRITE_OCTETS, &mut *file);
        for begin in &self.run.records {
            let record = &self.run.octets[*begin..];
            let (_, whole) = lengths(record);
            out.write_all(&record[..whole])?;
        }
        out.flush()?;
        drop(out);
        ends.push(file.stream_position()?);
        self.run.octets.clear();
        self.run.records.clear();
        Ok(())
    }

    /// Returns the records in the order of their keys' octets.
    ///
    /// # Errors
    /// When the temporary file cannot be used; the text says what to do.
    pub(super) fn sorted(mut self) -> io::Result<Sorted> {
        if self.spilled.is_some() && !self.run.records.is_empty() {
            self.spill().map_err(unwritable)?;
        }
        let mut sources = Vec::new();
        if let Some((file, ends)) = self.spilled {
            // The memory of the last run is not needed any more.
            drop(self.run);
            let (file, mut at) = (Arc::new(file), 0);
            for end in ends {
                let file = Arc::clone(&file);
                let part = Part { file, at, end };
                sources.push(Source::File(BufReader::with_capacity(READ_OCTETS, part)));
                at = end;
            }
        } else {
            self.run.sort();
            sources.push(Source::Memory(self.run, 0));
        }
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for source in sources {
            let record = Record::default();
            let mut head = Head { source, record };
            if head.advance().map_err(unreadable)? {
                heads.push(head);
            }
        }
        Ok(Sorted { heads })
    }
}

fn unwritable(error: io::Error) -> io::Error {
    let folder = std::env::temp_dir();
    let why = format!(
        "the rows cannot be sorted in {}: {error}; let TMPDIR name a folder with five times the room that the file takes",
        folder.display()
    );
    io::Error::new(error.kind(), why)
}

fn unreadable(error: io::Error) -> io::Error {
    let why = format!("the temporary file with the sorted rows cannot be read: {error}");
    io::Error::new(error.kind(), why)
}

/// The lengths of the key and of the whole record that begin here.
fn lengths(octets: &[u8]) -> (usize, usize) {
    let length = |at: usize| {
        let length = octets.get(at..at + 4).and_then(|four| four.try_into().ok());
        length.map_or(0, u32::from_le_bytes) as usize
    };
    (length(0), LENGTHS + length(0) + length(4))
}

impl Run {
    fn sort(&mut self) {
        let octets = &self.octets;
        let key = |begin: &usize| {
            let record = &octets[*begin..];
            let (key, _) = lengths(record);
            &record[LENGTHS..LENGTHS + key]
        };
        self.records.sort_unstable_by(|a, b| key(a).cmp(key(b)));
    }
}

/// A part of a file. The parts share the position in the file, so each read seeks.
struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.as_ref();
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.take(self.end - self.at).read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

enum Source {
    /// The run, and how many of its records were passed on.
    Memory(Run, usize),
    File(BufReader<Part>),
}

/// A record.
#[derive(Default)]
pub(super) struct Record {
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// The next record of a run.
struct Head {
    source: Source,
    record: Record,
}

impl Head {
    /// Goes on to the next record; false when there is none.
    fn advance(&mut self) -> io::Result<bool> {
        let Record { key, value } = &mut self.record;
        key.clear();
        value.clear();
        match &mut self.source {
            Source::Memory(run, passed_on) => {
                let Some(begin) = run.records.get(*passed_on) else {
                    return Ok(false);
                };
                *passed_on += 1;
                let record = &run.octets[*begin..];
                let (key_length, whole) = lengths(record);
                key.extend(&record[LENGTHS..LENGTHS + key_length]);
                value.extend(&record[LENGTHS + key_length..whole]);
            }
            Source::File(reader) => {
                if reader.fill_buf()?.is_empty() {
                    return Ok(false);
                }
                let mut both = [0; LENGTHS];
                reader.read_exact(&mut both)?;
                let (key_length, whole) = lengths(&both);
                key.resize(key_length, 0);
                reader.read_exact(key)?;
                value.resize(whole - LENGTHS - key_length, 0);
                reader.read_exact(value)?;
            }
        }
        Ok(true)
    }
}

/// Backwards: a heap has its greatest on top.
impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other.record.key.cmp(&self.record.key)
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

/// Passes on records in order.
pub(super) struct Sorted {
    heads: BinaryHeap<Head>,
}

impl Sorted {
    /// Puts the next record into `record`; false when there is none.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub(super) fn next_into(&mut self, record: &mut Record) -> io::Result<bool> {
        let Some(mut first) = self.heads.peek_mut() else {
            return Ok(false);
        };
        std::mem::swap(record, &mut first.record);
        if !first.advance().map_err(unreadable)? {
            PeekMut::pop(first);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ExternalSort, Record};

    fn sorted(run_octets: usize, records: &[(Vec<u8>, Vec<u8>)]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut sort = ExternalSort::with_runs_of(run_octets);
        for (key, value) in records {
            sort.push(key, value).unwrap();
        }
        let mut sorted = sort.sorted().unwrap();
        let (mut record, mut all) = (Record::default(), Vec::new());
        while sorted.next_into(&mut record).unwrap() {
            all.push((record.key.clone(), record.value.clone()));
        }
        all
    }

    proptest! {
        #[test]
        fn passes_on_all_records_in_order_in_one_run_or_in_many(
            records in prop::collection::vec((".{0,9}", ".{0,40}"), 0..200),
            run_octets in prop_oneof![Just(1), 20_usize..2_000, Just(1 << 20)],
        ) {
            // Keys that differ: of two records with one key, either may come first.
            let octets = |(number, (key, value)): (usize, &(String, String))| {
                (format!("{key}\0{number}").into_bytes(), value.clone().into_bytes())
            };
            let records: Vec<_> = records.iter().enumerate().map(octets).collect();
            let mut expected = records.clone();
            expected.sort();
            prop_assert_eq!(sorted(run_octets, &records), expected);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = super::unwritable(full);
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        assert!(error.to_string().contains("TMPDIR"), "{error}");
    }
}
