//! Checks of a row that need no database.

use std::io;

use csv::ByteRecord;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cell_forms::{address_in, language_of};
use super::columns::Columns;
use super::external_sort::Record;
use super::row_key::{IS_GOOD, Leaver, RefusedCells, RowKey, write_key};
use super::status_column::{self, Reading};
use crate::domain::{
    ConsentMethod, ConsentWording, CountrySet, EmailAddress, Frequency, Language, LinkKey,
    Newsletter,
};
use crate::membership::Evidence;
use crate::store::subscription::import::ImportRow;

/// The longest cell that is accepted, in octets.
pub(super) const MAX_CELL_OCTETS: usize = 4_000;

/// A row that passed the checks.
#[derive(Serialize, Deserialize)]
pub(super) struct CheckedRow {
    /// Its line in the file.
    #[serde(skip)]
    line: u64,
    /// The address key (see `EmailAddress::key`).
    #[serde(skip)]
    key: String,
    /// The address, if it is not the same as the key.
    address: Option<String>,
    name: Option<String>,
    language: Language,
    countries: String,
    frequency: Frequency,
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    consent_at: Timestamp,
    source: String,
    wording: String,
}

impl CheckedRow {
    /// Puts the octets by which rows are sorted into `octets`: those of one address follow each other, as they do in
    /// the file.
    pub(super) fn write_key(&self, octets: &mut Vec<u8>) {
        write_key(&self.key, IS_GOOD, self.line, octets);
    }

    /// Puts all that is not in the key into `octets`.
    ///
    /// # Errors
    /// None that a row can cause.
    pub(super) fn write_value(&self, octets: &mut Vec<u8>) -> io::Result<()> {
        octets.clear();
        postcard::to_io(self, octets).map_err(io::Error::other)?;
        Ok(())
    }

    /// Reads what [`write_key`](Self::write_key) and [`write_value`](Self::write_value) have written.
    ///
    /// # Errors
    /// When it was something else.
    pub(super) fn from_record(record: &Record) -> io::Result<Self> {
        let mut row: Self = postcard::from_bytes(&record.value).map_err(io::Error::other)?;
        let key = RowKey::read(&record.key)?;
        let address = str::from_utf8(key.address).map_err(io::Error::other)?;
        row.line = key.line;
        row.key = address.to_owned();
        Ok(row)
    }

    #[cfg(test)]
    pub(super) fn of_address(line: u64, key: &str) -> Self {
        Self {
            line,
            key: key.to_owned(),
            address: None,
            name: None,
            language: Language::En,
            countries: String::new(),
            frequency: Frequency::default(),
            consent_at: Timestamp::UNIX_EPOCH,
            source: "salon".to_owned(),
            wording: "Je signe".to_owned(),
        }
    }

    /// What is written: the row, and its proof of consent.
    pub(super) fn into_parts(self, key: &LinkKey) -> (ImportRow, Evidence) {
        let row = ImportRow {
            line: self.line,
            hash: key.address_hash(&self.key),
            address: self.address,
            key: self.key,
            name: self.name,
            language: self.language.as_str(),
            countries: self.countries,
            frequency: self.frequency.as_str(),
            consent_at: self.consent_at.as_microsecond(),
        };
        let proof = Evidence {
            method: ConsentMethod::Import,
            at: self.consent_at,
            wording: ConsentWording {
                wording: self.wording,
                version: self.source.clone(),
                language: self.language,
            },
            page: self.source,
            ip: None,
        };
        (row, proof)
    }
}

impl Columns {
    /// Checks a row; the error says why it is refused.
    pub(super) fn check(
        &self,
        record: &ByteRecord,
        line: u64,
        newsletter: &Newsletter,
        now: Timestamp,
        reading: &mut Reading,
    ) -> Result<CheckedRow, RefusedCells> {
        self.unnamed.see(record);
        refuse_unsure_cells(record, &self.names)?;
        let address = address_in(cell(record, self.email, "email")?)?;
        self.refuse_leavers(record, &address, reading)?;
        let consent_at = match optional(record, self.consent_at, "consent_at")? {
            "" => self.proof.at.ok_or_else(|| unproved("consent_at"))?,
            text => self.times.read(text, now)?,
        };
        let source = optional(record, self.consent_source, "consent_source")?;
        let source = proof(source, self.proof.source.as_deref(), "consent_source")?;
        let wording = optional(record, self.consent_wording, "consent_wording")?;
        let wording = proof(wording, self.proof.wording.as_deref(), "consent_wording")?;
        let language = match optional(record, self.language, "language")? {
            "" => newsletter.language,
            text => language_of(text).ok_or_else(|| self.unknown_language(text))?,
        };
        let countries = optional(record, self.countries, "countries")?;
        let countries = CountrySet::parse(&countries.replace([';', ' ', '|'], ","))
            .map_err(|e| format!("countries: {e}"))?;
        let frequency = match optional(record, self.frequency, "frequency")? {
            "" => Frequency::default(),
            word => word.parse().map_err(|e| format!("frequency: {e}"))?,
        };
        let name = optional(record, self.name, "name")?;
        refuse_controls("name", name)?;
        refuse_controls("consent_source", source)?;
        // A wording may have several lines.
        wording
            .split('\n')
            .try_for_each(|line| refuse_controls("consent_wording", line))?;
        let (address, key) = (address.to_string(), address.key());
        Ok(CheckedRow {
            line,
            address: (address != key).then_some(address),
            key,
            name: (!name.is_empty()).then(|| name.to_owned()),
            language,
            countries: countries.to_string(),
            frequency,
            consent_at,
            source: source.to_owned(),
            wording: wording.to_owned(),
        })
    }

    fn unknown_language(&self, text: &str) -> String {
        let name = self.language.and_then(|index| self.names.get(index));
        let why = Language::from_tag(text).err().map(|e| e.to_string());
        format!(
            "language: {}; --ignore \"{}\" takes the newsletter's for all",
            why.unwrap_or_default(),
            name.map_or("language", String::as_str)
        )
    }

    /// Refuses a row that says of a reader that they have left the other service, or never confirmed there.
    fn refuse_leavers(
        &self,
        record: &ByteRecord,
        address: &EmailAddress,
        reading: &mut Reading,
    ) -> Result<(), RefusedCells> {
        match status_column::check(&self.statuses, record, reading) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(RefusedCells {
                why: refusal.why,
                leaver: Some(Leaver {
                    key: address.key(),
                    is_unconfirmed: refusal.is_unconfirmed,
                }),
            }),
        }
    }
}

/// Refuses a row with more cells than there are columns, or with one that is not UTF-8, also where it is not read: it may
/// tell that somebody has left.
pub(super) fn refuse_unsure_cells(record: &ByteRecord, names: &[String]) -> Result<(), String> {
    let beyond = record.iter().skip(names.len());
    if beyond.into_iter().any(|cell| !cell.trim_ascii().is_empty()) {
        // A comma in a text without quotation marks shifts the cells after it.
        return Err(format!(
            "the row has {} cells, but there are {} columns; a text with a comma or a line break needs quotation marks",
            record.len(),
            names.len()
        ));
    }
    if record.as_slice().is_ascii() {
        return Ok(());
    }
    let mut cells = record.iter().zip(names);
    match cells.find(|(cell, _)| str::from_utf8(cell).is_err()) {
        None => Ok(()),
        Some((_, name)) => Err(format!(
            "the column `{name}` is not UTF-8: save the file as CSV UTF-8"
        )),
    }
}

/// The text of a cell without surrounding white space.
pub(super) fn cell<'a>(
    record: &'a ByteRecord,
    index: usize,
    name: &str,
) -> Result<&'a str, String> {
    let octets = record.get(index).unwrap_or_default();
    if octets.len() > MAX_CELL_OCTETS {
        return Err(format!("{name} is longer than {MAX_CELL_OCTETS} octets"));
    }
    let text = std::str::from_utf8(octets)
        .map_err(|_| format!("{name} is not UTF-8: save the file as CSV UTF-8"))?;
    Ok(text.trim())
}

/// A cell of a column that may be missing.
fn optional<'a>(
    record: &'a ByteRecord,
    index: Option<usize>,
    name: &str,
) -> Result<&'a str, String> {
    index.map_or(Ok(""), |index| cell(record, index, name))
}

pub(super) fn refuse_controls(name: &str, text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err(format!("{name} has control characters or line breaks"));
    }
    Ok(())
}

/// A cell that is required as proof of consent, or what was said of the whole file.
fn proof<'a>(cell: &'a str, of_file: Option<&'a str>, name: &str) -> Result<&'a str, String> {
    match cell {
        "" => of_file.ok_or_else(|| unproved(name)),
        text => Ok(text),
    }
}

fn unproved(name: &str) -> String {
    format!("{name} is empty: without proof of consent nobody is taken in")
}
