//! The mails to addresses that are not confirmed yet, counted by mailbox: the spellings of an address
//! that usually reach one person. They are counted for longer than their sign-ups are kept.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{MailKind, OutboxId, SubscriptionId};
use crate::store::dialect::{execute, fetch_one, fetch_optional_scalar, fetch_scalar, statements};
use crate::store::outbox::SentBefore;
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    ADD = [
        r"INSERT INTO unconfirmed_mail (outbox_id, mailbox_hash, due_at)
          SELECT r.mail, r.mailbox, r.at
          FROM ",
        {
            sqlite: r"(
                SELECT unhex(value->>'mail', '-') AS mail, unhex(value->>'mailbox') AS mailbox,
                    value->>'at' AS at
                FROM json_each($1)
              ) AS r",
            postgres: r"(
                SELECT mail, decode(mailbox, 'hex') AS mailbox, at
                FROM json_to_recordset(CAST($1 AS json)) AS j (mail UUID, mailbox TEXT, at BIGINT)
              ) AS r",
        },
        r" WHERE TRUE",
    ];
    COUNT_SINCE = [
        r"SELECT COUNT(*) FILTER (WHERE due_at > $2) AS short,
              COUNT(*) FILTER (WHERE due_at > $3) AS middle, COUNT(*) AS long
          FROM unconfirmed_mail
          WHERE mailbox_hash = $1 AND due_at > $4",
    ];
    NTH_NEWEST = [
        r"SELECT due_at
          FROM unconfirmed_mail
          WHERE mailbox_hash = $1 AND due_at > $2
          ORDER BY due_at DESC LIMIT 1 OFFSET $3",
    ];
    MAILBOX_OF = [
        r"SELECT m.mailbox_hash
          FROM outbox o
          JOIN unconfirmed_mail m ON m.outbox_id = o.id
          WHERE o.subscription_id = $1 AND o.kind = $2 AND o.created_at >= $3 AND o.created_at < $4
          LIMIT 1",
    ];
    FORGET_MAILBOX = [r"DELETE FROM unconfirmed_mail WHERE mailbox_hash = $1"];
    FORGET = [r"DELETE FROM unconfirmed_mail WHERE due_at <= $1"];
    COUNT = [r"SELECT COUNT(*) FROM unconfirmed_mail"];
}

/// A mail to count.
#[derive(Debug, Serialize)]
pub struct UnconfirmedMail {
    /// The mail of the outbox.
    pub mail: OutboxId,
    /// The keyed hash of the mailbox, in hexadecimal.
    mailbox: String,
    /// When the mail is due, in microseconds.
    at: i64,
}

impl UnconfirmedMail {
    /// A mail that is due at a time.
    #[must_use]
    pub fn new(mail: OutboxId, mailbox_hash: &[u8], at: Timestamp) -> Self {
        Self {
            mail,
            mailbox: HEXLOWER.encode(mailbox_hash),
            at: micros(at),
        }
    }
}

/// Counts mails.
pub async fn add(tx: &mut Write, mails: &[UnconfirmedMail]) -> Result<(), StoreError> {
    execute!(tx, ADD, json(mails)?)?;
    Ok(())
}

/// Counts the mails to a mailbox since three times, the latest given first.
pub async fn count_since(
    db: &mut Read,
    mailbox_hash: &[u8],
    since: [Timestamp; 3],
) -> Result<SentBefore, StoreError> {
    let [short, middle, long] = since.map(micros);
    Ok(fetch_one!(
        db,
        COUNT_SINCE,
        mailbox_hash,
        short,
        middle,
        long
    )?)
}

/// When the `nth` newest of the mails that [`count_since`] counts was or will be due; 1 is the newest.
pub async fn nth_newest(
    db: &mut Read,
    mailbox_hash: &[u8],
    since: Timestamp,
    nth: i64,
) -> Result<Option<Timestamp>, StoreError> {
    let skipped = nth.saturating_sub(1).max(0);
    let found: Option<i64> =
        fetch_optional_scalar!(db, NTH_NEWEST, mailbox_hash, micros(since), skipped)?;
    let place = Row {
        table: "unconfirmed_mail",
        id: &"of a mailbox",
    };
    place.maybe_time("due_at", found)
}

/// The keyed hash of the mailbox to which a mail about a subscription was due within a period; `None` if it
/// was not counted or is forgotten.
pub async fn mailbox_of(
    db: &mut Read,
    subscription: SubscriptionId,
    kind: MailKind,
    (from, before): (Timestamp, Timestamp),
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(fetch_optional_scalar!(
        db,
        MAILBOX_OF,
        subscription,
        kind.as_str(),
        micros(from),
        micros(before)
    )?)
}

/// Forgets the mails to a mailbox.
pub async fn forget_mailbox(tx: &mut Write, mailbox_hash: &[u8]) -> Result<(), StoreError> {
    execute!(tx, FORGET_MAILBOX, mailbox_hash)?;
    Ok(())
}

/// Forgets the mails that were due by `before`; returns how many.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, micros(before))?)
}

/// How many mails are counted.
pub async fn count(db: &mut Read) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, COUNT)?)
}
