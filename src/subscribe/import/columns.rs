//! Which column of a file is which.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use csv::ByteRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::accepted::AcceptedCell;
use super::consent_time::{DateOrder, Times};
use super::proof::{CheckedProof, ProofOfFile};
use super::status_column::StatusColumn;
use super::{IgnoredColumn, ImportError, hints};

const REQUIRED: [&str; 4] = ["email", "consent_at", "consent_source", "consent_wording"];
const OPTIONAL: [&str; 4] = ["language", "countries", "frequency", "name"];
/// A column of an import of those who have left; in any other it tells who has.
pub(super) const LEFT_AT: &str = "left_at";

/// The name that a column has in a file: `email=Email Address`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnName {
    ours: &'static str,
    theirs: String,
}

/// A mapping that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "write OUR_COLUMN=COLUMN OF THE FILE, as in email=\"Email Address\"; our columns are email, consent_at, \
     consent_source, consent_wording, language, countries, frequency and name, and with --left also left_at"
)]
pub struct ColumnNameError;

impl std::str::FromStr for ColumnName {
    type Err = ColumnNameError;

    fn from_str(text: &str) -> Result<Self, ColumnNameError> {
        let (ours, theirs) = text.split_once('=').ok_or(ColumnNameError)?;
        let ours = ours.trim();
        let mut all = names().chain([LEFT_AT]);
        let ours = all.find(|name| *name == ours).ok_or(ColumnNameError)?;
        Ok(Self {
            ours,
            theirs: folded(theirs),
        })
    }
}

impl ColumnName {
    /// Whether it names this column of ours.
    #[must_use]
    pub fn is(&self, ours: &str) -> bool {
        self.ours == ours
    }
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    REQUIRED.into_iter().chain(OPTIONAL)
}

/// A name of a column without case and surrounding white space.
pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What was said of the columns of a file.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) mapping: Vec<ColumnName>,
    /// They tell nothing by their names, but may by clear words in them.
    pub(super) to_ignore: Vec<String>,
    pub(super) accepted: Vec<AcceptedCell>,
    pub(super) proof: ProofOfFile,
    pub(super) date_order: Option<DateOrder>,
    pub(super) time_zone: Option<TimeZone>,
    /// When people left of whom the file does not say it.
    pub(super) left_at: Option<String>,
}

impl Given {
    /// How times are meant in a file for a newsletter of this zone.
    pub(super) fn times(&self, zone: &TimeZone) -> Times {
        Times {
            zone_of_days: zone.clone(),
            zone_of_times: self.time_zone.as_ref().unwrap_or(zone).clone(),
            order: self.date_order,
        }
    }

    /// The names of columns to ignore, folded.
    pub(super) fn folded_to_ignore(&self) -> Vec<String> {
        self.to_ignore.iter().map(|name| folded(name)).collect()
    }
}

/// The indexes of the columns.
pub(super) struct Columns {
    pub(super) email: usize,
    pub(super) consent_at: Option<usize>,
    pub(super) consent_source: Option<usize>,
    pub(super) consent_wording: Option<usize>,
    /// What holds where their cells are empty, or they are not there.
    pub(super) proof: CheckedProof,
    pub(super) times: Times,
    pub(super) language: Option<usize>,
    pub(super) countries: Option<usize>,
    pub(super) frequency: Option<usize>,
    pub(super) name: Option<usize>,
    /// The columns that tell who has left, or may.
    pub(super) statuses: Vec<StatusColumn>,
    /// The columns that are not read.
    pub(super) ignored: Vec<IgnoredColumn>,
    /// The columns without a name.
    pub(super) unnamed: Arc<UnnamedColumns>,
    /// What is to be known of a file with such columns.
    pub(super) notes: Vec<&'static str>,
    /// The names of all.
    pub(super) names: Vec<String>,
}

/// Columns without a name: tables of people have notes beside them, and spreadsheets empty columns.
pub(super) struct UnnamedColumns(Vec<Unnamed>);

struct Unnamed {
    index: usize,
    has_text: AtomicBool,
}

impl UnnamedColumns {
    fn of(header: &ByteRecord) -> Self {
        let unnamed = |(index, cell): (usize, &[u8])| {
            let has_text = AtomicBool::new(false);
            cell.trim_ascii()
                .is_empty()
                .then_some(Unnamed { index, has_text })
        };
        Self(header.iter().enumerate().filter_map(unnamed).collect())
    }

    /// Remembers which of them have something in this row.
    pub(super) fn see(&self, record: &ByteRecord) {
        for one in &self.0 {
            let cell = record.get(one.index).unwrap_or_default();
            if !cell.trim_ascii().is_empty() {
                one.has_text.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Those that had something in any row, as what was not read.
    pub(super) fn with_text(&self) -> impl Iterator<Item = IgnoredColumn> {
        let with_text = |one: &&Unnamed| one.has_text.load(Ordering::Relaxed);
        self.0.iter().filter(with_text).map(|one| IgnoredColumn {
            name: substitute(one.index),
            perhaps: None,
        })
    }

    fn has(&self, index: usize) -> bool {
        self.0.iter().any(|one| one.index == index)
    }
}

/// What a column is called that has no name.
fn substitute(index: usize) -> String {
    format!("column {}", index + 1)
}

impl Columns {
    /// Reads the header row.
    pub(super) fn find(
        header: &ByteRecord,
        given: &Given,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ImportError> {
        let found = names_in(header)?;
        let to_ignore = given.folded_to_ignore();
        check_given(&found, &given.mapping, &to_ignore, &given.accepted)?;
        let meanings = meanings(&found, &given.mapping, &to_ignore)?;
        let statuses = status_columns(&found, &meanings, &to_ignore, &given.accepted);
        let unnamed = UnnamedColumns::of(header);
        let ignored = unread(&found, &meanings, &statuses, &unnamed);
        let optional = |wanted: &str| meanings.iter().position(|meaning| *meaning == Some(wanted));
        let candidates: Vec<&str> = found
            .iter()
            .zip(&meanings)
            .filter(|(_, meaning)| meaning.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        let missing = REQUIRED
            .into_iter()
            .filter(|wanted| optional(wanted).is_none() && !given.proof.has(wanted))
            .map(|wanted| hints::absent(wanted, &candidates));
        let missing: Vec<String> = missing.collect();
        if !missing.is_empty() {
            return Err(wrong(missing.join("; ")));
        }
        let email = optional("email").ok_or_else(|| wrong("there is no column `email`"))?;
        let times = given.times(zone);
        Ok(Self {
            email,
            consent_at: optional("consent_at"),
            consent_source: optional("consent_source"),
            consent_wording: optional("consent_wording"),
            proof: given.proof.checked(&times, now)?,
            times,
            language: optional("language"),
            countries: optional("countries"),
            frequency: optional("frequency"),
            name: optional("name"),
            statuses,
            ignored,
            unnamed: Arc::new(unnamed),
            notes: hints::notes(&found),
            names: found,
        })
    }
}

fn wrong(why: impl Into<String>) -> ImportError {
    ImportError::Header(why.into())
}

/// The names of the columns of the file.
pub(super) fn names_in(header: &ByteRecord) -> Result<Vec<String>, ImportError> {
    let name = |(index, cell)| match std::str::from_utf8(cell).map(str::trim) {
        Ok("") => Ok(substitute(index)),
        Ok(name) => Ok(name.to_owned()),
        Err(_) => Err(wrong("it is not UTF-8: save the file as CSV UTF-8")),
    };
    header.iter().enumerate().map(name).collect()
}

/// Checks that the file has the columns that were named.
pub(super) fn check_given(
    found: &[String],
    mapping: &[ColumnName],
    to_ignore: &[String],
    accepted: &[AcceptedCell],
) -> Result<(), ImportError> {
    let has = |wanted: &str| found.iter().any(|name| folded(name) == wanted);
    if let Some(ColumnName { ours, theirs }) = mapping.iter().find(|one| !has(&one.theirs)) {
        let why = format!("the file has no column `{theirs}` that could be `{ours}`");
        return Err(wrong(why));
    }
    if let Some(name) = to_ignore.iter().find(|name| !has(name)) {
        return Err(wrong(format!("the file has no column `{name}` to ignore")));
    }
    match accepted.iter().find(|one| !has(one.column())) {
        Some(one) => Err(wrong(format!(
            "the file has no column `{}` of which to accept a cell",
            one.column()
        ))),
        None => Ok(()),
    }
}

/// Which column of ours each of the file is: by the mapping, or else by its name.
pub(super) fn meanings(
    found: &[String],
    mapping: &[ColumnName],
    to_ignore: &[String],
) -> Result<Vec<Option<&'static str>>, ImportError> {
    let meant = |name: &String| {
        let name = folded(name);
        if to_ignore.contains(&name) {
            return None;
        }
        let mapped = mapping.iter().find(|one| one.theirs == name);
        let is_not_mapped = |ours: &&str| !mapping.iter().any(|one| one.ours == *ours);
        mapped
            .map(|one| one.ours)
            .or_else(|| names().filter(is_not_mapped).find(|ours| *ours == name))
    };
    let meanings: Vec<Option<&str>> = found.iter().map(meant).collect();
    let times = |ours| meanings.iter().filter(|one| **one == Some(ours)).count();
    match names().find(|ours| times(*ours) > 1) {
        Some(ours) => Err(wrong(format!(
            "the column `{ours}` is there twice; take one of them out"
        ))),
        None => Ok(meanings),
    }
}

/// The columns that tell who has left, or may.
pub(super) fn status_columns(
    found: &[String],
    meanings: &[Option<&'static str>],
    to_ignore: &[String],
    accepted: &[AcceptedCell],
) -> Vec<StatusColumn> {
    let column = |(index, name): (usize, &String)| {
        let column = match meanings[index] {
            Some(ours) => StatusColumn::mapped(name, index, ours)?,
            None if to_ignore.contains(&folded(name)) => StatusColumn::ignored(name, index),
            None => StatusColumn::new(name, index),
        };
        let name = folded(name);
        let accepted = accepted.iter().filter(|one| one.column() == name);
        Some(column.accepting(accepted.map(AcceptedCell::cell)))
    };
    found.iter().enumerate().filter_map(column).collect()
}

/// The columns that are none of ours, and are not known to tell who has left.
fn unread(
    found: &[String],
    meanings: &[Option<&'static str>],
    statuses: &[StatusColumn],
    unnamed: &UnnamedColumns,
) -> Vec<IgnoredColumn> {
    let is_read = |index| {
        let mut statuses = statuses.iter();
        statuses.any(|one| one.index == index && one.is_named_so())
    };
    let unread = |(index, name): (usize, &String)| {
        if meanings[index].is_some() || unnamed.has(index) || is_read(index) {
            return None;
        }
        Some(IgnoredColumn {
            name: name.clone(),
            perhaps: hints::resembled(name).filter(|ours| !meanings.contains(&Some(*ours))),
        })
    };
    found.iter().enumerate().filter_map(unread).collect()
}
