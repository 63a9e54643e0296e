//! The consent audit: whether the consent record is still what was recorded.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{BEFORE_THE_FIRST, BreakKind, ChainName, LinkKey, removal_seal};
use crate::service::Service;
use crate::store::consent::audit;
use crate::store::consent::audit::ChainRow;
use crate::store::{Read, StoreError};

/// Rows in one read: memory use does not depend on the size of the record.
const PAGE_ROWS: i64 = 2_000;
/// How many breaks a report lists at most.
const MAX_BREAKS: usize = 20;

/// The result of a check of the whole consent record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentAuditReport {
    /// Whether everything is as it was recorded.
    pub intact: bool,
    /// When the chain was begun; older events were added to it then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub began_at: Option<Timestamp>,
    /// The number of events in the record.
    pub events: u64,
    /// The number of events that were removed after their retention time or by an erasure.
    pub removed: u64,
    /// The number of the last event. Note it with its hash to check later that both are still there.
    pub last_event: i64,
    /// The hash of the last event, in hexadecimal.
    pub last_hash: String,
    /// The breaks of the chain, at most 20.
    pub breaks: Vec<ChainBreak>,
}

/// A place where the consent record has been altered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainBreak {
    /// The number of the event; 0 when the break is not at one event.
    pub event: i64,
    /// What is wrong.
    pub kind: BreakKind,
    /// The same in words.
    pub what: &'static str,
}

/// An end of the chain that somebody noted earlier, as `EVENT:HASH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedEnd {
    event: i64,
    hash: Vec<u8>,
}

impl std::str::FromStr for NotedEnd {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "it must look like 1234:HASH, as `xabar consent verify` prints it";
        let (event, hash) = text.split_once(':').ok_or(wrong)?;
        let hash = data_encoding::HEXLOWER_PERMISSIVE.decode(hash.as_bytes());
        Ok(Self {
            event: event.parse().map_err(|_| wrong)?,
            hash: hash.map_err(|_| wrong)?,
        })
    }
}

/// Reads the whole consent record and compares it with its chain. Events that are added during
/// the audit are not checked. With `noted`, also checks that this event is still in the chain.
///
/// # Errors
/// When the database cannot be used.
pub async fn audit_consents(
    service: &Service,
    noted: Option<&NotedEnd>,
) -> Result<ConsentAuditReport, StoreError> {
    let mut db = service.store.read().await?;
    let mut check = ChainCheck::new(service.links.key(), noted);
    let Some((head, seal)) = audit::head(&mut db).await? else {
        check.report_break(0, BreakKind::NoEnd);
        return Ok(check.report);
    };
    check.report.began_at = Some(head.began_at);
    check.report.last_event = head.event;
    check.report.last_hash = data_encoding::HEXLOWER.encode(&head.hash);
    if head.length > 0 && seal != head.seal(check.key) {
        check.report_break(head.event, BreakKind::EndMoved);
    }
    check.check_wordings(&mut db).await?;
    let mut after = i64::MIN;
    loop {
        let page = audit::page(&mut db, check.key, after, head.event, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after = last.event;
        page.iter().for_each(|row| check.check_row(row));
    }
    if check.length != head.length || check.before != head.hash {
        check.report_break(head.event, BreakKind::CutOff);
    }
    if check.noted.is_some() {
        check.report_break(0, BreakKind::NotedMissing);
    }
    for event in audit::unchained(&mut db, MAX_BREAKS as i64).await? {
        check.report_break(event, BreakKind::Stray);
    }
    Ok(check.report)
}

struct ChainCheck<'a> {
    key: &'a LinkKey,
    /// The hash of the row before.
    before: Vec<u8>,
    length: i64,
    /// The noted end, until the check has come across it.
    noted: Option<&'a NotedEnd>,
    report: ConsentAuditReport,
}

impl<'a> ChainCheck<'a> {
    fn new(key: &'a LinkKey, noted: Option<&'a NotedEnd>) -> Self {
        Self {
            key,
            before: BEFORE_THE_FIRST.to_vec(),
            length: 0,
            noted,
            report: ConsentAuditReport {
                intact: true,
                began_at: None,
                events: 0,
                removed: 0,
                last_event: 0,
                last_hash: String::new(),
                breaks: Vec::new(),
            },
        }
    }

    fn report_break(&mut self, event: i64, kind: BreakKind) {
        self.report.intact = false;
        if self.report.breaks.len() < MAX_BREAKS {
            let what = kind.what();
            self.report.breaks.push(ChainBreak { event, kind, what });
        }
    }

    async fn check_wordings(&mut self, db: &mut Read) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        while let Some((last, events)) = audit::changed_wordings(db, after, PAGE_ROWS / 10).await? {
            after = last;
            for event in events {
                self.report_break(event, BreakKind::Wording);
            }
        }
        Ok(())
    }

    fn check_row(&mut self, row: &ChainRow) {
        self.length += 1;
        if row.hash != ChainName::Consent.link_hash(self.key, &self.before, &row.content) {
            self.report_break(row.event, BreakKind::Order);
        }
        match (&row.found, &row.removal) {
            (Some(found), None) => {
                self.report.events += 1;
                if *found != row.content.as_slice() {
                    self.report_break(row.event, BreakKind::Changed);
                }
            }
            (None, Some(removal)) => {
                self.report.removed += 1;
                if !self.is_sealed(row, removal) {
                    self.report_break(row.event, BreakKind::FalseRemoval);
                }
            }
            (None, None) => self.report_break(row.event, BreakKind::TakenOut),
            (Some(_), Some(_)) => self.report_break(row.event, BreakKind::Back),
        }
        let seen = |noted: &&NotedEnd| noted.event == row.event && noted.hash == row.hash;
        if self.noted.as_ref().is_some_and(seen) {
            self.noted = None;
        }
        self.before.clone_from(&row.hash);
    }

    fn is_sealed(&self, row: &ChainRow, (at, why, seal): &(i64, String, Vec<u8>)) -> bool {
        Timestamp::from_microsecond(*at).is_ok_and(|at| {
            removal_seal(self.key, row.event, &row.hash, at, why) == seal.as_slice()
        })
    }
}
