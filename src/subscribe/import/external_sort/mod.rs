//! Sorts records that need not fit in memory (an external merge sort).
//!
//! Sorted runs lie in a temporary file without a name, of which nothing is left when the process ends, however
//! it ends. Records that fit into one run are never written.

mod merge;

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::sync::Arc;

use merge::Source;
pub(super) use merge::{Record, Sorted};

/// A run has about so many octets.
const RUN_OCTETS: usize = 8 * 1024 * 1024;
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
pub(super) struct Run {
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
    pub(super) fn sorted(self) -> io::Result<Sorted> {
        self.into_runs()?.merged()
    }

    /// Returns the records so that they can be gone through several times.
    ///
    /// # Errors
    /// When the temporary file cannot be written; the text says what to do.
    pub(super) fn into_runs(mut self) -> io::Result<Runs> {
        if self.spilled.is_some() && !self.run.records.is_empty() {
            self.spill().map_err(unwritable)?;
        }
        Ok(match self.spilled {
            // The memory of the last run is not needed any more.
            Some((file, ends)) => Runs::File(Arc::new(file), ends),
            None => {
                self.run.sort();
                Runs::Memory(Arc::new(self.run))
            }
        })
    }
}

/// Records in sorted runs.
pub(super) enum Runs {
    Memory(Arc<Run>),
    /// The file, and where each of its runs ends.
    File(Arc<File>, Vec<u64>),
}

impl Runs {
    /// The records in the order of their keys' octets. Only one such passage may be under way.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub(super) fn merged(&self) -> io::Result<Sorted> {
        let sources = match self {
            Self::Memory(run) => vec![Source::Memory(Arc::clone(run), 0)],
            Self::File(file, ends) => {
                let begins = std::iter::once(&0).chain(ends);
                let parts = begins.zip(ends);
                parts
                    .map(|(at, end)| Source::of_file(Arc::clone(file), *at, *end))
                    .collect()
            }
        };
        Sorted::merge(sources)
    }
}

/// The error of a temporary file, with what to do.
pub(super) fn unwritable(error: io::Error) -> io::Error {
    let folder = std::env::temp_dir();
    let why = format!(
        "the rows cannot be sorted in {}: {error}; let TMPDIR name a folder with twice the room that the file takes",
        folder.display()
    );
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ExternalSort, Record};

    fn sorted(run_octets: usize, records: &[(Vec<u8>, Vec<u8>)]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut sort = ExternalSort::with_runs_of(run_octets);
        for (key, value) in records {
            sort.push(key, value).unwrap();
        }
        let runs = sort.into_runs().unwrap();
        // A second passage begins anew.
        let _ = runs.merged().unwrap().next_into(&mut Record::default());
        let mut sorted = runs.merged().unwrap();
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
