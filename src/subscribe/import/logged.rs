//! What the audit log says of an import.

use std::fmt;

use crate::domain::{Actor, AuditAction, AuditEvent, NewsletterId};
use crate::service::Service;
use crate::store::{StoreError, audit};

/// How far an import had come. The log is a chain, so the written form never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoggedImport {
    /// So many rows are going to be written: whatever becomes of the process, readers may have come.
    Begun(u64),
    /// It came to its end, with so many new readers.
    Done(u64),
    /// It failed after so many rows.
    Failed(u64),
    /// It was interrupted after so many rows.
    Interrupted(u64),
    /// So many rows are going to be noted of people who have left elsewhere.
    BegunLeft(u64),
    /// So many people were noted who have left elsewhere.
    Left(u64),
}

impl LoggedImport {
    /// Reads what the log has.
    #[must_use]
    pub fn parse(said: &str) -> Option<Self> {
        let number = |text: &str, end| text.strip_suffix(end)?.parse().ok();
        if let Some(rest) = said.strip_prefix("begun, ") {
            return number(rest, " rows").map(Self::Begun);
        }
        if let Some(rest) = said.strip_prefix("failed after ") {
            return number(rest, " rows").map(Self::Failed);
        }
        if let Some(rest) = said.strip_prefix("interrupted after ") {
            return number(rest, " rows").map(Self::Interrupted);
        }
        if let Some(rest) = said.strip_prefix("begun to note who has left, ") {
            return number(rest, " rows").map(Self::BegunLeft);
        }
        if let Some(rest) = number(said, " who have left") {
            return Some(Self::Left(rest));
        }
        number(said, " readers").map(Self::Done)
    }
}

impl fmt::Display for LoggedImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun(rows) => write!(f, "begun, {rows} rows"),
            Self::Done(readers) => write!(f, "{readers} readers"),
            Self::Failed(rows) => write!(f, "failed after {rows} rows"),
            Self::Interrupted(rows) => write!(f, "interrupted after {rows} rows"),
            Self::BegunLeft(rows) => write!(f, "begun to note who has left, {rows} rows"),
            Self::Left(people) => write!(f, "{people} who have left"),
        }
    }
}

/// Says in the audit log how far an import has come; returns the number of what it said.
///
/// # Errors
/// When the database cannot be used.
pub async fn log_import(
    service: &Service,
    newsletter: NewsletterId,
    import: LoggedImport,
    by: &Actor,
) -> Result<i64, StoreError> {
    let event = AuditEvent::new(by, AuditAction::Imported, service.clock.now());
    let event = event.in_newsletter(Some(newsletter));
    let event = event.saying(import.to_string());
    let mut tx = service.store.write().await?;
    let number = audit::append_numbered(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    Ok(number)
}
