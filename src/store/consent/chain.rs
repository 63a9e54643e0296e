//! The hash chain over the record of consent.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{BEFORE_THE_FIRST, ChainContent, ChainHash, ChainHead, ChainName, LinkKey};
use crate::store::bulk::{BulkStatement, Column, Value};
use crate::store::chain_head::HeadRow;
use crate::store::dialect::{execute, fetch_all, fetch_optional, fetch_scalar, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

/// Events that one transaction takes into a new chain.
const BATCH_ROWS: i64 = 1_000;

statements! {
    HEAD = [r"SELECT began_at, event_id, length, hash, seal FROM consent_head WHERE one = 1"];
    LOCK = [
        r"SELECT began_at, event_id, length, hash, seal FROM consent_head WHERE one = 1",
        for_update,
    ];
    BEGIN = [
        r"INSERT INTO consent_head (one, began_at, event_id, length, hash, seal)
          VALUES (1, $1, 0, 0, $2, $3)
          ON CONFLICT (one) DO NOTHING",
    ];
    MOVE = [
        r"UPDATE consent_head
          SET event_id = $1, length = $2, hash = $3, seal = $4
          WHERE one = 1",
    ];
    LAST_EVENT = [r"SELECT COALESCE(MAX(id), 0) FROM consent_event"];
    UNCHAINED = [
        r"SELECT e.id, e.subscription_id, p.address_key, e.kind, e.method, e.at, e.page, w.digest
          FROM consent_event e
          JOIN consent_wording w ON w.id = e.wording_id
          JOIN subscription s ON s.id = e.subscription_id
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE e.id > $1
          ORDER BY e.id LIMIT $2",
    ];
    NAME = [
        r"UPDATE consent_event
          SET address_hash = r.hash
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'event' AS event, unhex(value->>'address_hash') AS hash
                FROM json_each($1)
              ) AS r",
            postgres: r"(
                SELECT event, decode(address_hash, 'hex') AS hash
                FROM json_to_recordset(CAST($1 AS json)) AS j (event BIGINT, address_hash TEXT)
              ) AS r",
        },
        r" WHERE consent_event.id = r.event",
    ];
}

/// Adds links.
pub(in crate::store) static LINK: BulkStatement = BulkStatement::new(
    "consent::chain::LINK",
    0,
    &[
        Column::Integer("event"),
        Column::Octets("content"),
        Column::Octets("hash"),
    ],
    r"INSERT INTO consent_chain (event_id, content, hash)
      SELECT r.event, r.content, r.hash
      FROM r
      WHERE r.event IS NOT NULL",
);

#[derive(FromRow)]
struct UnchainedRow {
    id: i64,
    subscription_id: i64,
    address_key: String,
    kind: String,
    method: String,
    at: i64,
    page: String,
    digest: Vec<u8>,
}

/// A row of the chain.
struct Link {
    event: i64,
    content: ChainHash,
    hash: ChainHash,
}

/// The end of the chain and its seal; `None` when there is no chain.
pub(crate) async fn head(db: &mut Read) -> Result<Option<(ChainHead, Vec<u8>)>, StoreError> {
    let row: Option<HeadRow> = fetch_optional!(db, HEAD)?;
    row.map(read).transpose()
}

fn read(row: HeadRow) -> Result<(ChainHead, Vec<u8>), StoreError> {
    row.read(ChainName::Consent, "consent_head")
}

/// Who sealed the end of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// This service's key.
    Genuine,
    /// This service's key, while events from before there was a chain are missing.
    Unfinished,
    /// Somebody else.
    Forged,
}

/// The end of the chain, locked until the transaction ends, and the links to add.
pub(crate) struct Chain<'a> {
    key: &'a LinkKey,
    head: ChainHead,
    end: End,
    links: Vec<Link>,
}

impl<'a> Chain<'a> {
    /// Locks the end of the chain.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there is no chain.
    pub(crate) async fn lock(tx: &mut Write, key: &'a LinkKey) -> Result<Self, StoreError> {
        let row: Option<HeadRow> = fetch_optional!(tx, LOCK)?;
        let place = Row {
            table: "consent_head",
            id: &1,
        };
        let row = row.ok_or_else(|| place.corrupt("one", &"the row is missing"))?;
        let (head, seal) = read(row)?;
        let end = if seal == head.seal(key) {
            End::Genuine
        } else if is_complete(&head, &seal, key) {
            End::Forged
        } else {
            End::Unfinished
        };
        Ok(Self {
            key,
            head,
            end,
            links: Vec::new(),
        })
    }

    /// Adds the next event; returns its number, which `content` needs.
    pub(crate) fn add<'c>(&mut self, content: impl FnOnce(i64) -> ChainContent<'c>) -> i64 {
        let event = self.head.event + 1;
        self.add_as(event, &content(event));
        event
    }

    fn add_as(&mut self, event: i64, content: &ChainContent<'_>) {
        let content = content.hash(self.key);
        let hash = self.head.extend(self.key, event, &content);
        self.links.push(Link {
            event,
            content,
            hash,
        });
    }

    /// Writes the added links and the new end.
    pub(crate) async fn save(self, tx: &mut Write) -> Result<(), StoreError> {
        LINK.execute(tx, &[], &self.links, |link| {
            [
                Value::Integer(link.event),
                Value::Octets(&link.content),
                Value::Octets(&link.hash),
            ]
        })
        .await?;
        let seal = match self.end {
            End::Genuine => self.head.seal(self.key),
            End::Unfinished => self.head.unfinished_seal(self.key),
            // It must not become valid through the links after it.
            End::Forged => BEFORE_THE_FIRST,
        };
        execute!(
            tx,
            MOVE,
            self.head.event,
            self.head.length,
            &self.head.hash,
            seal.as_slice()
        )?;
        Ok(())
    }
}

/// How far the chain has come that takes in what was recorded before there was one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// Whether it holds all events.
    pub complete: bool,
    /// The last event that it holds.
    pub event: i64,
    /// The last event that was recorded.
    pub last: i64,
}

/// Whether the end of the chain is that of a complete one. A forged end is too: it must stay as it is.
pub(crate) fn is_complete(head: &ChainHead, seal: &[u8], key: &LinkKey) -> bool {
    seal != head.unfinished_seal(key)
}

/// Begins the chain if there is none, and adds the next events that were recorded before, a batch in each
/// transaction, until it is complete. Concurrent calls take turns.
pub(crate) async fn take_in(
    tx: &mut Write,
    key: &LinkKey,
    now: Timestamp,
) -> Result<TakenIn, StoreError> {
    let new = ChainHead::new(ChainName::Consent, now);
    let seal = new.unfinished_seal(key);
    execute!(
        tx,
        BEGIN,
        micros(now),
        BEFORE_THE_FIRST.as_slice(),
        seal.as_slice()
    )?;
    let mut chain = Chain::lock(tx, key).await?;
    let last: i64 = fetch_scalar!(tx, LAST_EVENT)?;
    let so_far = |complete, event| TakenIn {
        complete,
        event,
        last,
    };
    if chain.end != End::Unfinished {
        return Ok(so_far(true, chain.head.event));
    }
    let found: Vec<UnchainedRow> = fetch_all!(tx, UNCHAINED, chain.head.event, BATCH_ROWS)?;
    let complete = found.is_empty();
    if complete {
        chain.end = End::Genuine;
    }
    let mut named = Vec::with_capacity(found.len());
    for row in &found {
        let address_hash = key.address_hash(&row.address_key);
        let content = ChainContent {
            event: row.id,
            subscription: row.subscription_id,
            address_hash: &address_hash,
            kind: &row.kind,
            method: &row.method,
            at: row.at,
            page: &row.page,
            wording: &row.digest,
        };
        chain.add_as(row.id, &content);
        let hash = HEXLOWER.encode(&address_hash);
        named.push(serde_json::json!({ "event": row.id, "address_hash": hash }));
    }
    let event = chain.head.event;
    execute!(tx, NAME, json(&named)?)?;
    chain.save(tx).await?;
    Ok(so_far(complete, event))
}
