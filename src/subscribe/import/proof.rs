//! Proof of consent that holds for all rows of a file whose cells have none.

use jiff::Timestamp;

use super::ImportError;
use super::consent_time::Times;
use super::row::{MAX_CELL_OCTETS, refuse_controls};

/// What readers consented to, where and when, if their rows do not say it: no service exports all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofOfFile {
    /// A date or a time, in the forms of a file.
    pub at: Option<String>,
    /// Where they signed up.
    pub source: Option<String>,
    /// The words that they agreed to; may have several lines.
    pub wording: Option<String>,
}

/// Such a proof that was checked.
#[derive(Debug, Default)]
pub(super) struct CheckedProof {
    pub(super) at: Option<Timestamp>,
    pub(super) source: Option<String>,
    pub(super) wording: Option<String>,
}

impl ProofOfFile {
    /// Whether it has this column of ours.
    pub(super) fn has(&self, ours: &str) -> bool {
        match ours {
            "consent_at" => self.at.is_some(),
            "consent_source" => self.source.is_some(),
            "consent_wording" => self.wording.is_some(),
            _ => false,
        }
    }

    /// Checks it as the cells of a row.
    pub(super) fn checked(
        &self,
        times: &Times,
        now: Timestamp,
    ) -> Result<CheckedProof, ImportError> {
        let at = self.at.as_deref().map(|text| times.read(text, now));
        Ok(CheckedProof {
            at: at.transpose().map_err(ImportError::Proof)?,
            source: text("consent_source", self.source.as_deref(), false)?,
            wording: text("consent_wording", self.wording.as_deref(), true)?,
        })
    }
}

fn text(ours: &str, given: Option<&str>, has_lines: bool) -> Result<Option<String>, ImportError> {
    let Some(text) = given.map(str::trim) else {
        return Ok(None);
    };
    let why = match text.len() {
        0 => Err(format!("{ours} is empty")),
        length if length > MAX_CELL_OCTETS => {
            Err(format!("{ours} is longer than {MAX_CELL_OCTETS} octets"))
        }
        _ if has_lines => text
            .lines()
            .try_for_each(|line| refuse_controls(ours, line)),
        _ => refuse_controls(ours, text),
    };
    why.map_err(ImportError::Proof)?;
    Ok(Some(text.to_owned()))
}
