//! Conversion between columns and values of the domain.

use jiff::Timestamp;

use super::StoreError;
use crate::domain::{Chosen, CountrySet};

/// Names a row in errors about its values.
pub(super) struct Row<'a> {
    pub(super) table: &'static str,
    pub(super) id: &'a dyn std::fmt::Display,
}

impl Row<'_> {
    /// Parses a text.
    pub(super) fn parse<T>(&self, column: &'static str, text: &str) -> Result<T, StoreError>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        text.parse().map_err(|e: T::Err| self.corrupt(column, &e))
    }

    /// Reads a time from microseconds since 1970.
    pub(super) fn time(&self, column: &'static str, micros: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(micros).map_err(|e| self.corrupt(column, &e))
    }

    /// Reads a time that may be NULL.
    pub(super) fn maybe_time(
        &self,
        column: &'static str,
        micros: Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        micros.map(|m| self.time(column, m)).transpose()
    }

    /// Reads the three columns of a subscriber's choices.
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

/// Microseconds since 1970: how times are stored.
pub(super) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// Encodes the rows of a statement that takes a batch as one JSON array.
///
/// # Errors
/// [`StoreError::Encode`] when a value cannot be encoded.
pub(super) fn json(rows: &(impl serde::Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(rows).map_err(StoreError::Encode)
}
