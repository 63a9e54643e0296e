//! The columns of a file of those who have left.

use csv::ByteRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::EmailAddress;
use crate::subscribe::import::ImportError;
use crate::subscribe::import::cell_forms::address_in;
use crate::subscribe::import::columns::{
    Given, LEFT_AT, check_given, folded, meanings, names_in, status_columns,
};
use crate::subscribe::import::consent_time::Times;
use crate::subscribe::import::hints::AddressHeader;
use crate::subscribe::import::row::{cell, refuse_unsure_cells};
use crate::subscribe::import::status_column::{self, Reading, StatusColumn};

/// What columns are called that say when somebody left, as letters in lower case.
const LEFT_AT_NAMES: [&str; 10] = [
    "leftat",
    "unsubtime",
    "unsubscribedat",
    "unsubscribedtime",
    "unsubscribeddate",
    "unsubscribetime",
    "unsubscribedate",
    "dateunsubscribed",
    "abgemeldetam",
    "datededésinscription",
];

/// The columns that are read.
pub(in crate::subscribe::import) struct LeftColumns {
    email: usize,
    left_at: Option<usize>,
    statuses: Vec<StatusColumn>,
    /// The names of those that tell by their name who has left.
    pub(in crate::subscribe::import) told_by: Vec<String>,
    /// The names of all.
    names: Vec<String>,
    times: Times,
    /// When people left of whom the file does not say it.
    otherwise: Option<Timestamp>,
}

impl LeftColumns {
    /// Reads the header row.
    ///
    /// # Errors
    /// When there is no column with addresses, one that was named is missing, or a time that was given is none.
    pub(in crate::subscribe::import) fn find(
        header: &ByteRecord,
        given: &Given,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ImportError> {
        let wrong = |why| match why {
            ImportError::Header(why) => ImportError::LeftHeader(why),
            other => other,
        };
        let found = names_in(header).map_err(wrong)?;
        let to_ignore = given.folded_to_ignore();
        check_given(&found, &given.mapping, &to_ignore, &given.accepted).map_err(wrong)?;
        let mut meanings = meanings(&found, &given.mapping, &to_ignore).map_err(wrong)?;
        let meant = |ours| meanings.iter().position(|meaning| *meaning == Some(ours));
        let alike = || AddressHeader::read(header)?.named();
        let missing = || ImportError::LeftHeader("there is no column `email`".to_owned());
        let email = meant("email").or_else(alike).ok_or_else(missing)?;
        let is_time = |name: &String| {
            LEFT_AT_NAMES.contains(&letters(name).as_str()) && !to_ignore.contains(&folded(name))
        };
        let left_at = meant(LEFT_AT).or_else(|| found.iter().position(is_time));
        meanings[email] = Some("email");
        if let Some(left_at) = left_at {
            meanings[left_at] = Some(LEFT_AT);
        }
        let statuses = status_columns(&found, &meanings, &to_ignore, &given.accepted);
        let told_by = statuses.iter().filter(|column| column.is_named_so());
        let told_by = told_by.map(|column| found[column.index].clone()).collect();
        let times = given.times(zone);
        let otherwise = given.left_at.as_deref().map(|text| times.read(text, now));
        let otherwise = otherwise
            .transpose()
            .map_err(|why| ImportError::LeftAt(why.replacen("consent_at", "--left-at", 1)))?;
        Ok(Self {
            email,
            left_at,
            statuses,
            told_by,
            names: found,
            times,
            otherwise,
        })
    }

    /// The address of a row; the error says why the row is refused.
    pub(super) fn address(&self, record: &ByteRecord) -> Result<EmailAddress, String> {
        refuse_unsure_cells(record, &self.names)?;
        address_in(cell(record, self.email, "email")?)
    }

    /// Whether a row says that its person has left. Who has not confirmed has not.
    pub(super) fn says_left(&self, record: &ByteRecord, reading: &mut Reading) -> bool {
        let checked = status_column::check(&self.statuses, record, reading);
        checked.is_err_and(|refusal| !refusal.is_unconfirmed)
    }

    /// When the person of a row left. A time that cannot be read keeps nobody active.
    pub(super) fn left_at(&self, record: &ByteRecord, now: Timestamp) -> Timestamp {
        let text = self.left_at.map(|index| cell(record, index, LEFT_AT));
        let text = text.and_then(Result::ok).filter(|text| !text.is_empty());
        let at = text.and_then(|text| self.times.read(text, now).ok());
        at.or(self.otherwise).unwrap_or(now)
    }
}

fn letters(name: &str) -> String {
    folded(name)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}
