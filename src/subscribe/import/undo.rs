//! Takes an import back.

use std::fmt;

use serde::Serialize;

use super::LoggedImport;
use crate::domain::{Actor, AuditAction, AuditEvent, NewsletterId, SubscriptionId};
use crate::service::Service;
use crate::store::subscription::import::undo::{self, Fate};
use crate::store::{self, StoreError};
use crate::subscribe::suppression::Execution;

/// An import that is in the audit log.
#[derive(Debug, Clone, Copy)]
pub struct FoundImport {
    /// Its number.
    pub number: i64,
    /// The newsletter into which it was.
    pub newsletter: NewsletterId,
}

/// What was removed, or would be, and how many subscriptions stay for which reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct UndoReport {
    /// Subscriptions that were removed, with their proof.
    pub removed: u64,
    /// An issue was sent to them, or is on its way.
    pub got_an_issue: u64,
    /// Their readers have changed, confirmed or ended them since.
    pub changed: u64,
    /// Somebody was changing them at that moment.
    pub busy: u64,
}

/// Why an import cannot be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is none.
    #[error(
        "event {0} of the audit log is not the begin of an import: `xabar audit list` has the numbers, beside \
         `imported` and `begun`"
    )]
    NoImport(i64),
    /// Retention has removed what is needed to know.
    #[error(
        "{0} issues went out since of which no delivery is stored any more, so nobody can tell who got one: nothing \
         was removed"
    )]
    Forgotten(i64),
    /// The database.
    #[error("{0}; running the command again goes on")]
    Store(#[from] StoreError),
}

/// What the audit log says of it. The log is a chain, so the written form never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UndoneImport {
    /// The import.
    pub number: i64,
    /// How many subscriptions were removed; none at the beginning.
    pub removed: Option<u64>,
}

impl UndoneImport {
    /// Reads what the log has.
    #[must_use]
    pub fn parse(said: &str) -> Option<Self> {
        let said = said.strip_prefix("import ")?;
        let (number, removed) = match said.split_once(", ") {
            Some((number, rest)) => {
                let removed = rest.strip_suffix(" subscriptions removed")?;
                (number, Some(removed.parse().ok()?))
            }
            None => (said, None),
        };
        let number = number.parse().ok()?;
        Some(Self { number, removed })
    }
}

impl fmt::Display for UndoneImport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "import {}", self.number)?;
        match self.removed {
            Some(removed) => write!(f, ", {removed} subscriptions removed"),
            None => Ok(()),
        }
    }
}

/// The import with this number in the audit log.
///
/// # Errors
/// When there is none, or the database cannot be used.
pub async fn find_import(service: &Service, number: i64) -> Result<FoundImport, UndoError> {
    let mut db = service.store.read().await?;
    let logged = store::audit::by_number(&mut db, number).await?;
    let event = logged.and_then(|logged| logged.event);
    let begun = event.filter(|event| {
        let begun = LoggedImport::parse(&event.detail);
        let begun = matches!(
            begun,
            Some(LoggedImport::Begun(_) | LoggedImport::BegunLeft(_))
        );
        event.action == AuditAction::Imported && begun
    });
    let event = begun.ok_or(UndoError::NoImport(number))?;
    let newsletter = event.newsletter.ok_or(UndoError::NoImport(number))?;
    match undo::forgotten_issues(&mut db, newsletter, event.at).await? {
        0 => Ok(FoundImport { number, newsletter }),
        issues => Err(UndoError::Forgotten(issues)),
    }
}

/// Removes the subscriptions that an import began and with which nothing has happened since, each with its proof, of
/// which the record keeps the hash; and subscribers who then have no subscription. When it fails, whole batches before
/// that are done, and the same call goes on.
///
/// # Errors
/// When the database cannot be used.
pub async fn undo_import(
    service: &Service,
    import: FoundImport,
    by: &Actor,
    execution: Execution,
) -> Result<UndoReport, UndoError> {
    let FoundImport { number, newsletter } = import;
    let (mut report, mut after) = (UndoReport::default(), SubscriptionId(0));
    let mut begun = false;
    loop {
        let mut db = service.store.read().await?;
        let page = undo::page(&mut db, newsletter, number, after).await?;
        drop(db);
        let Some((last, _)) = page.last() else {
            break;
        };
        after = *last;
        let (go, stay): (Vec<_>, Vec<_>) =
            page.into_iter().partition(|(_, fate)| *fate == Fate::Goes);
        stay.iter().for_each(|(_, fate)| report.count(*fate));
        let go: Vec<SubscriptionId> = go.into_iter().map(|(id, _)| id).collect();
        if execution == Execution::DryRun {
            report.removed += go.len() as u64;
            continue;
        }
        if go.is_empty() {
            continue;
        }
        if !begun {
            log(service, import, None, by).await?;
            begun = true;
        }
        let (key, now) = (service.links.key(), service.clock.now());
        let mut tx = service.store.write().await?;
        let fates = undo::remove(&mut tx, key, (newsletter, number), &go, now).await?;
        tx.commit().await?;
        fates.into_iter().for_each(|fate| report.count(fate));
    }
    if begun {
        log(service, import, Some(report.removed), by).await?;
    }
    Ok(report)
}

impl UndoReport {
    fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Goes => self.removed += 1,
            Fate::Changed => self.changed += 1,
            Fate::GotAnIssue => self.got_an_issue += 1,
            Fate::Busy => self.busy += 1,
        }
    }

    /// How many subscriptions of the import stay.
    #[must_use]
    pub fn stay(&self) -> u64 {
        self.got_an_issue + self.changed + self.busy
    }
}

async fn log(
    service: &Service,
    import: FoundImport,
    removed: Option<u64>,
    by: &Actor,
) -> Result<(), StoreError> {
    let event = AuditEvent::new(by, AuditAction::ImportUndone, service.clock.now());
    let said = UndoneImport {
        number: import.number,
        removed,
    };
    let event = event
        .in_newsletter(Some(import.newsletter))
        .saying(said.to_string());
    let mut tx = service.store.write().await?;
    store::audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await
}
