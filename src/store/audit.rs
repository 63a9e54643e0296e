//! The audit log: only ever added to, each event chained to the one before.

use sqlx::FromRow;

use super::chain_head::HeadRow;
use super::dialect::{execute, fetch_all, fetch_optional, fetch_scalar, statements};
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::{
    AuditAction, AuditEvent, BEFORE_THE_FIRST, ChainHead, ChainName, LinkKey, NewsletterId,
};

macro_rules! select_events {
    () => {
        r"SELECT id, at, actor, actor_name, action, newsletter_id, object, detail, content, hash
          FROM audit_event"
    };
}

statements! {
    HEAD = [r"SELECT began_at, event_id, length, hash, seal FROM audit_head WHERE one = 1"];
    LOCK = [
        r"SELECT began_at, event_id, length, hash, seal FROM audit_head WHERE one = 1",
        for_update,
    ];
    BEGIN = [
        r"INSERT INTO audit_head (one, began_at, event_id, length, hash, seal)
          VALUES (1, $1, 0, 0, $2, $3)
          ON CONFLICT (one) DO NOTHING",
    ];
    MOVE = [
        r"UPDATE audit_head SET event_id = $1, length = $2, hash = $3, seal = $4 WHERE one = 1",
    ];
    INSERT = [
        r"INSERT INTO audit_event (id, at, actor, actor_name, action, newsletter_id, object, detail,
              content, hash)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    ];
    NEWEST = [
        (select_events!),
        r" WHERE id < $1 AND ($2 = '' OR actor = $2 OR object = $2) AND ($3 = '' OR action = $3)
          ORDER BY id DESC LIMIT $4",
    ];
    LATEST_OF = [
        (select_events!),
        r" WHERE newsletter_id = $1 AND action = $2 ORDER BY id DESC LIMIT 1",
    ];
    SINCE = [
        r"SELECT COUNT(*)
          FROM audit_event
          WHERE id > $1 AND actor = $2 AND action = $3 AND detail = $4",
    ];
    BY_NUMBER = [(select_events!), r" WHERE id = $1"];
    PAGE = [(select_events!), r" WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3"];
}

#[derive(FromRow)]
struct EventRow {
    id: i64,
    at: i64,
    actor: String,
    actor_name: String,
    action: String,
    newsletter_id: Option<NewsletterId>,
    object: String,
    detail: String,
    content: Vec<u8>,
    hash: Vec<u8>,
}

/// An event as it is in the log.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// Its number.
    pub number: i64,
    /// What it says; none when a value cannot be read any more.
    pub event: Option<AuditEvent>,
    /// The hash over what it said when it was written.
    pub content: Vec<u8>,
    /// Its hash in the chain.
    pub hash: Vec<u8>,
}

/// Adds an event. It locks the end of the log until the transaction ends, so it is the last statement before
/// the commit: after everything else, and after [`consent::append`](super::consent::append) where a transaction
/// does both.
pub async fn append(tx: &mut Write, key: &LinkKey, event: &AuditEvent) -> Result<(), StoreError> {
    append_numbered(tx, key, event).await?;
    Ok(())
}

/// Like [`append`]; returns the event's number.
pub async fn append_numbered(
    tx: &mut Write,
    key: &LinkKey,
    event: &AuditEvent,
) -> Result<i64, StoreError> {
    let (mut head, genuine) = lock(tx, key, event).await?;
    let number = head.event + 1;
    let content = event.hash(key, number);
    head.extend(key, number, &content);
    execute!(
        tx,
        INSERT,
        number,
        micros(event.at),
        &event.actor,
        &event.actor_name,
        event.action.as_str(),
        event.newsletter,
        &event.object,
        &event.detail,
        content.as_slice(),
        &head.hash
    )?;
    // A forged end must not become valid through the events after it.
    let seal = if genuine {
        head.seal(key)
    } else {
        BEFORE_THE_FIRST
    };
    execute!(
        tx,
        MOVE,
        head.event,
        head.length,
        &head.hash,
        seal.as_slice()
    )?;
    Ok(number)
}

/// The end of the log, locked, and whether this service's key sealed it.
async fn lock(
    tx: &mut Write,
    key: &LinkKey,
    event: &AuditEvent,
) -> Result<(ChainHead, bool), StoreError> {
    let mut row: Option<HeadRow> = fetch_optional!(tx, LOCK)?;
    if row.is_none() {
        let head = ChainHead::new(ChainName::Audit, event.at);
        let seal = head.seal(key);
        execute!(tx, BEGIN, micros(event.at), &head.hash, seal.as_slice())?;
        row = fetch_optional!(tx, LOCK)?;
    }
    let place = Row {
        table: "audit_head",
        id: &1,
    };
    let row = row.ok_or_else(|| place.corrupt("one", &"the row is missing"))?;
    let (head, seal) = row.read(ChainName::Audit, "audit_head")?;
    let genuine = seal == head.seal(key);
    Ok((head, genuine))
}

/// The end of the log and its seal; none before the first event.
pub async fn head(db: &mut Read) -> Result<Option<(ChainHead, Vec<u8>)>, StoreError> {
    let row: Option<HeadRow> = fetch_optional!(db, HEAD)?;
    row.map(|row| row.read(ChainName::Audit, "audit_head"))
        .transpose()
}

/// Which events somebody wants to see; all by default.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Whose: what somebody did ([`Actor::identity`](crate::domain::Actor::identity)), and what was done with that
    /// account or token. Empty for everybody's.
    pub who: String,
    /// Of which kind.
    pub action: Option<AuditAction>,
}

/// The newest events with a lower number than `before`, the newest first.
pub async fn newest(
    db: &mut Read,
    filter: &EventFilter,
    before: i64,
    limit: i64,
) -> Result<Vec<LoggedEvent>, StoreError> {
    let action = filter.action.map_or("", AuditAction::as_str);
    let rows: Vec<EventRow> = fetch_all!(db, NEWEST, before, &filter.who, action, limit)?;
    Ok(rows.into_iter().map(logged).collect())
}

/// The event with this number.
pub async fn by_number(db: &mut Read, number: i64) -> Result<Option<LoggedEvent>, StoreError> {
    let row: Option<EventRow> = fetch_optional!(db, BY_NUMBER, number)?;
    Ok(row.map(logged))
}

/// The newest event of this kind in a newsletter. It is looked for from the end of the log.
pub async fn latest_of(
    db: &mut Read,
    newsletter: NewsletterId,
    action: AuditAction,
) -> Result<Option<AuditEvent>, StoreError> {
    let row: Option<EventRow> = fetch_optional!(db, LATEST_OF, newsletter, action.as_str())?;
    Ok(row.map(logged).and_then(|found| found.event))
}

/// Whether somebody has done this, said with these words, after the event of that number.
pub async fn has_since(
    db: &mut Read,
    event: i64,
    actor: &str,
    (action, detail): (AuditAction, &str),
) -> Result<bool, StoreError> {
    let times: i64 = fetch_scalar!(db, SINCE, event, actor, action.as_str(), detail)?;
    Ok(times > 0)
}

/// The events after one number and up to another, in their order.
pub async fn page(
    db: &mut Read,
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<LoggedEvent>, StoreError> {
    let rows: Vec<EventRow> = fetch_all!(db, PAGE, after, up_to, limit)?;
    Ok(rows.into_iter().map(logged).collect())
}

fn logged(row: EventRow) -> LoggedEvent {
    let at = jiff::Timestamp::from_microsecond(row.at).ok();
    let event = at.zip(row.action.parse().ok());
    let event = event.map(|(at, action)| AuditEvent {
        at,
        actor: row.actor,
        actor_name: row.actor_name,
        action,
        newsletter: row.newsletter_id,
        object: row.object,
        detail: row.detail,
    });
    LoggedEvent {
        number: row.id,
        event,
        content: row.content,
        hash: row.hash,
    }
}
