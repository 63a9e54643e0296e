//! Cells that seem to tell of somebody who has left, and do not.

use super::columns::folded;

/// What may stand in a column although it seems to tell that somebody has left: `status=premium`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedCell {
    column: String,
    cell: String,
}

/// An accepted cell that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write COLUMN OF THE FILE=WHAT STANDS THERE, as in status=premium")]
pub struct AcceptedCellError;

impl std::str::FromStr for AcceptedCell {
    type Err = AcceptedCellError;

    fn from_str(text: &str) -> Result<Self, AcceptedCellError> {
        let (column, cell) = text.split_once('=').ok_or(AcceptedCellError)?;
        Ok(Self {
            column: folded(column),
            cell: cell.trim().to_owned(),
        })
    }
}

impl AcceptedCell {
    /// The name of the column, folded.
    pub(super) fn column(&self) -> &str {
        &self.column
    }

    pub(super) fn cell(&self) -> &str {
        &self.cell
    }
}
