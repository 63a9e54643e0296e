//! The refused rows as they were, for whoever mends the file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use csv::{Terminator, Writer, WriterBuilder};
use tempfile::NamedTempFile;

use super::CliError;
use crate::subscribe::{Importer, KeptRows};

/// So that a spreadsheet reads UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A report that takes its name, and the place of an earlier one, once it is whole. It does nothing if none is wanted.
pub(super) struct ReportFile(Option<Report>);

struct Report {
    path: PathBuf,
    rows: KeptRows,
    to: To,
}

enum To {
    /// Not begun: the header of the file was not read.
    Nothing(Target),
    Writer(Box<Writer<BufWriter<Target>>>),
}

enum Target {
    /// Beside the report, with what is its own name later.
    New(NamedTempFile, PathBuf),
    /// A device or a pipe, where nothing can be lost.
    Device(File),
}

impl Write for Target {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::New(file, _) => file.write(octets),
            Self::Device(file) => file.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::New(file, _) => file.flush(),
            Self::Device(file) => file.flush(),
        }
    }
}

impl ReportFile {
    /// A report of the import of `input`, which is `-` for standard input.
    ///
    /// # Errors
    /// When it is the same file, or cannot be written.
    pub(super) fn create(path: Option<&Path>, input: &Path) -> Result<Self, CliError> {
        let Some(path) = path else {
            return Ok(Self(None));
        };
        if is_same_file(path, input) {
            return Err(CliError::Failed(format!(
                "{} is the file that is imported; let --report name another one",
                path.display()
            )));
        }
        let target = target(path).map_err(|why| unwritable(path, &why))?;
        Ok(Self(Some(Report {
            path: path.to_owned(),
            rows: KeptRows::default(),
            to: To::Nothing(target),
        })))
    }

    /// Has the importer keep its rows, if there is a report.
    pub(super) fn take_rows_of<R: Read + Send + 'static>(
        &mut self,
        importer: &mut Importer<'_, R>,
    ) {
        if let Some(report) = &mut self.0 {
            report.rows = importer.keep_rows();
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&mut self, line: u64, why: &str) -> io::Result<()> {
        let Some(report) = self.0.take() else {
            return Ok(());
        };
        let Report { path, rows, to } = report;
        let named =
            |why: io::Error| io::Error::new(why.kind(), format!("{}: {why}", path.display()));
        let mut writer = to.begun(&rows).map_err(named)?;
        let row = rows.row(line, why)?;
        let written = writer.write_byte_record(&row).map_err(io::Error::from);
        written.map_err(named)?;
        let to = To::Writer(Box::new(writer));
        self.0 = Some(Report { path, rows, to });
        Ok(())
    }

    /// Puts the report in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> Result<(), CliError> {
        let Some(Report { path, rows, to }) = self.0 else {
            return Ok(());
        };
        let writer = to.begun(&rows);
        let placed = writer.and_then(|writer| writer.into_inner().map_err(|e| e.into_error()));
        let placed = placed.and_then(|buffer| buffer.into_inner().map_err(|e| e.into_error()));
        placed
            .and_then(Target::into_place)
            .map_err(|why| unwritable(&path, &why))
    }
}

impl To {
    /// The writer, with the names of the columns at its beginning.
    fn begun(self, rows: &KeptRows) -> io::Result<Writer<BufWriter<Target>>> {
        let target = match self {
            Self::Writer(writer) => return Ok(*writer),
            Self::Nothing(target) => target,
        };
        let mut target = BufWriter::new(target);
        let (header, separator) = rows.header().unwrap_or_default();
        target.write_all(BYTE_ORDER_MARK)?;
        let mut writer = WriterBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .terminator(Terminator::CRLF)
            .from_writer(target);
        writer.write_byte_record(&header)?;
        Ok(writer)
    }
}

impl Target {
    fn into_place(self) -> io::Result<()> {
        match self {
            Self::New(file, path) => {
                file.as_file().sync_all()?;
                file.persist(path)?;
                Ok(())
            }
            Self::Device(mut file) => file.flush(),
        }
    }
}

/// A new file beside the report; of a link beside what it names.
fn target(path: &Path) -> io::Result<Target> {
    let path = match fs::metadata(path) {
        Ok(found) if found.is_file() => fs::canonicalize(path)?,
        Ok(_) => return Ok(Target::Device(File::options().write(true).open(path)?)),
        Err(_) => path.to_owned(),
    };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    Ok(Target::New(file, path))
}

fn unwritable(path: &Path, why: &io::Error) -> CliError {
    CliError::Failed(format!("cannot write {}: {why}", path.display()))
}

/// Whether both are one file, whatever it is called.
fn is_same_file(report: &Path, input: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let identity = match input.as_os_str() == "-" {
            true => rustix::fs::fstat(io::stdin())
                .ok()
                .map(|it| (it.st_dev, it.st_ino)),
            false => fs::metadata(input).ok().map(|it| (it.dev(), it.ino())),
        };
        let report = fs::metadata(report).ok().filter(fs::Metadata::is_file);
        report.is_some_and(|it| Some((it.dev(), it.ino())) == identity)
    }
    #[cfg(not(unix))]
    {
        let real = |path| fs::canonicalize(path).ok();
        real(report).is_some_and(|report| Some(report) == real(input))
    }
}
