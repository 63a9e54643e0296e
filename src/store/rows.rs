//! From columns to values of the domain.

use jiff::Timestamp;

use super::StoreError;
use crate::domain::{Chosen, CountrySet};

/// Names the row, so that a value that cannot be read is reported with its place.
pub(super) struct Row<'a> {
    pub(super) table: &'static str,
    pub(super) id: &'a dyn std::fmt::Display,
}

impl Row<'_> {
    /// Reads a word or text into its type.
    pub(super) fn parse<T>(&self, column: &'static str, text: &str) -> Result<T, StoreError>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        text.parse().map_err(|e: T::Err| self.corrupt(column, &e))
    }

    /// Reads microseconds.
    pub(super) fn time(&self, column: &'static str, micros: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(micros).map_err(|e| self.corrupt(column, &e))
    }

    /// Reads microseconds that may be missing.
    pub(super) fn maybe_time(
        &self,
        column: &'static str,
        micros: Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        micros.map(|m| self.time(column, m)).transpose()
    }

    /// Reads the three columns of what a reader has chosen.
    pub(super) fn chosen(
        &self,
        language: &str,
        countries: &str,
        frequency: &str,
    ) -> Result<Chosen, StoreError> {
        Ok(Chosen {
            language: self.parse("language", language)?,
            countries: CountrySet::parse(countries).map_err(|e| self.corrupt("countries", &e))?,
            frequency: self.parse("frequency", frequency)?,
        })
    }

    pub(super) fn corrupt(&self, column: &'static str, why: &dyn std::fmt::Display) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            id: self.id.to_string(),
            why: why.to_string(),
        }
    }
}

/// Microseconds since 1970, as both databases keep times.
pub(super) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// Rows for a statement that takes a whole batch as one JSON array.
///
/// # Errors
/// When a value has no form in JSON: an error in this program.
pub(super) fn json(rows: &(impl serde::Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(rows).map_err(StoreError::Encode)
}
