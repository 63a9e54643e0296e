//! Merges sorted runs.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

use super::{LENGTHS, Run, lengths};

/// Each run is read through a buffer of so many octets: a gigabyte of runs takes 2 MiB.
const READ_OCTETS: usize = 16 * 1024;

/// A part of a file. The parts share the position in the file, so each read seeks.
pub(super) struct Part {
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

pub(super) enum Source {
    /// The run, and how many of its records were passed on.
    Memory(Arc<Run>, usize),
    File(BufReader<Part>),
}

impl Source {
    /// The run that lies in a part of the file.
    pub(super) fn of_file(file: Arc<File>, at: u64, end: u64) -> Self {
        let part = Part { file, at, end };
        Self::File(BufReader::with_capacity(READ_OCTETS, part))
    }
}

/// A record.
#[derive(Default)]
pub(in crate::subscribe::import) struct Record {
    pub(in crate::subscribe::import) key: Vec<u8>,
    pub(in crate::subscribe::import) value: Vec<u8>,
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
pub(in crate::subscribe::import) struct Sorted {
    heads: BinaryHeap<Head>,
}

impl Sorted {
    /// Merges sorted runs.
    pub(super) fn merge(sources: Vec<Source>) -> io::Result<Self> {
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for source in sources {
            let record = Record::default();
            let mut head = Head { source, record };
            if head.advance().map_err(unreadable)? {
                heads.push(head);
            }
        }
        Ok(Self { heads })
    }

    /// Puts the next record into `record`; false when there is none.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub(in crate::subscribe::import) fn next_into(
        &mut self,
        record: &mut Record,
    ) -> io::Result<bool> {
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

fn unreadable(error: io::Error) -> io::Error {
    let why = format!("the temporary file with the sorted rows cannot be read: {error}");
    io::Error::new(error.kind(), why)
}
