//! Reading and checking the audit log.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{AuditEvent, BEFORE_THE_FIRST, BreakKind, ChainName, LinkKey};
use crate::service::Service;
use crate::store::audit::{EventFilter, LoggedEvent};
use crate::store::{StoreError, audit};

/// What the log says about itself when somebody fetches it as a file.
pub const EXPORTED: &str = "audit log";
/// Rows in one read: memory use does not depend on the size of the log.
const PAGE_ROWS: i64 = 2_000;
/// How many breaks a report lists at most.
const MAX_BREAKS: usize = 20;

/// The result of a check of the whole log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Whether everything is as it was written.
    pub intact: bool,
    /// When the log was begun.
    pub began_at: Option<Timestamp>,
    /// How many events it has.
    pub events: u64,
    /// The number of the last event. Note it with its hash to see later that both are still there.
    pub last_event: i64,
    /// The hash of the last event, in hexadecimal.
    pub last_hash: String,
    /// What is wrong, at most 20 places.
    pub breaks: Vec<AuditBreak>,
}

/// A place where the log has been altered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditBreak {
    /// The number of the event; 0 when it is not at one event.
    pub event: i64,
    /// What is wrong.
    pub kind: BreakKind,
    /// The same in words.
    pub what: &'static str,
}

impl AuditReport {
    fn broken(&mut self, event: i64, kind: BreakKind) {
        self.intact = false;
        if self.breaks.len() < MAX_BREAKS {
            let what = kind.what();
            self.breaks.push(AuditBreak { event, kind, what });
        }
    }

    fn check(&mut self, key: &LinkKey, before: &mut Vec<u8>, logged: &LoggedEvent) {
        self.events += 1;
        if logged.hash != ChainName::Audit.link_hash(key, before, &logged.content) {
            self.broken(logged.number, BreakKind::Order);
        }
        let event = logged.event.as_ref();
        let content = event.map(|event| event.hash(key, logged.number));
        if content.is_none_or(|content| content != logged.content.as_slice()) {
            self.broken(logged.number, BreakKind::Changed);
        }
        before.clone_from(&logged.hash);
    }
}

/// Reads the whole log and compares it with its chain. Events that are added meanwhile are not checked.
///
/// # Errors
/// When the database cannot be used.
pub async fn verify(service: &Service) -> Result<AuditReport, StoreError> {
    let key = service.links.key();
    let mut db = service.store.read().await?;
    let mut report = AuditReport {
        intact: true,
        began_at: None,
        events: 0,
        last_event: 0,
        last_hash: String::new(),
        breaks: Vec::new(),
    };
    let head = audit::head(&mut db).await?;
    let end = head.as_ref().map_or(i64::MAX, |(head, _)| head.event);
    let mut before = BEFORE_THE_FIRST.to_vec();
    let mut after = i64::MIN;
    loop {
        let page = audit::page(&mut db, after, end, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for logged in &page {
            report.check(key, &mut before, logged);
        }
    }
    match head {
        None if report.events == 0 => {}
        None => report.broken(0, BreakKind::NoEnd),
        Some((head, seal)) => {
            report.began_at = Some(head.began_at);
            report.last_event = head.event;
            report.last_hash = HEXLOWER.encode(&head.hash);
            if seal != head.seal(key) {
                report.broken(head.event, BreakKind::EndMoved);
            }
            let length = u64::try_from(head.length).unwrap_or_default();
            if report.events != length || before != head.hash {
                report.broken(head.event, BreakKind::CutOff);
            }
        }
    }
    Ok(report)
}

/// The newest events with a lower number than `before`, the newest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn newest(
    service: &Service,
    filter: &EventFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LoggedEvent>, StoreError> {
    let mut db = service.store.read().await?;
    audit::newest(&mut db, filter, before.unwrap_or(i64::MAX), limit).await
}

/// Adds an event about something that has no transaction of its own.
///
/// # Errors
/// When the database cannot be used.
pub async fn note(service: &Service, event: &AuditEvent) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    audit::append(&mut tx, service.links.key(), event).await?;
    tx.commit().await
}
