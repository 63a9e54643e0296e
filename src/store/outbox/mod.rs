//! The queue of transactional mails. Leases work as in [`crate::store::delivery`].

pub mod again;
pub mod backlog;
pub(super) mod repeated;
pub(super) mod test_copies;

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{
    DeliveryState, EditorId, EmailAddress, IssueId, Language, LeaseId, MailKind, OutboxId, Reply,
    SubscriptionId,
};
use crate::store::dialect::{execute, fetch_all, fetch_scalar, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

pub use test_copies::{TestCopy, test_copies};

pub use repeated::{
    ConfirmationMail, SentBefore, confirmations_since, count_ended, count_since, extend_untried,
    withdraw,
};

statements! {
    // created_at is when the mail is due first, which limits may put off. It stays, while due_at changes.
    INSERT = [
        r"INSERT INTO outbox (id, kind, subscription_id, issue_id, recipient, language, state,
              created_at, attempts, due_at, others, address, details, editor_id)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $8, $9, $10, $11, $12)",
    ];
    CLAIM = [
        r"UPDATE outbox
          SET lease_id = $3, due_at = $4
          WHERE id IN (SELECT id FROM outbox WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
        skip_locked,
        r")
          RETURNING id, kind, subscription_id, others, issue_id, recipient, language, state,
              created_at, attempts, address, details, editor_id",
    ];
    // What is leased is due; that is said for the index.
    EXTEND = [r"UPDATE outbox SET due_at = $2 WHERE lease_id = $1 AND due_at IS NOT NULL"];
    RECORD = [
        r"UPDATE outbox
          SET state = $3, due_at = $4, lease_id = NULL, attempts = attempts + $5,
              ended_at = CAST($6 AS BIGINT), reply_code = $7,
              reply_text = CASE
                WHEN address IS NOT NULL AND CAST($6 AS BIGINT) IS NOT NULL THEN NULL
                ELSE $8
              END,
              address = CASE WHEN CAST($6 AS BIGINT) IS NULL THEN address ELSE NULL END
          WHERE id = $1 AND lease_id = $2",
    ];
    IS_KNOWN = [r"SELECT COUNT(*) FROM outbox WHERE id = $1"];
    WAITING = [r"SELECT COUNT(*) FROM outbox WHERE due_at IS NOT NULL"];
}

/// A mail to insert into the outbox.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Its identifier; the Message-ID is derived from it.
    pub id: OutboxId,
    /// Its purpose.
    pub kind: MailKind,
    /// The recipient.
    pub to: Recipient,
    /// The language.
    pub language: Language,
}

/// The recipient of a mail.
#[derive(Debug, Clone)]
pub enum Recipient {
    /// A subscriber, about a subscription.
    Subscriber(SubscriptionId),
    /// A subscriber, about several of the subscriber's subscriptions.
    Several(SubscriptionId, Vec<SubscriptionId>),
    /// An address that is not the subscriber's present one. It is deleted when the mail has ended.
    Address(SubscriptionId, EmailAddress),
    /// An editor, about the account.
    Editor(EditorId),
    /// Any address, with a test copy of an issue.
    Tester(EmailAddress, IssueId),
}

impl Recipient {
    /// A subscriber, about one or more subscriptions.
    #[must_use]
    pub fn about(first: SubscriptionId, others: Vec<SubscriptionId>) -> Self {
        if others.is_empty() {
            Self::Subscriber(first)
        } else {
            Self::Several(first, others)
        }
    }
}

/// A claimed mail.
#[derive(Debug, Clone)]
pub struct ClaimedMail {
    /// Its identifier.
    pub id: OutboxId,
    /// Its purpose.
    pub kind: MailKind,
    /// The recipient.
    pub to: Recipient,
    /// The language.
    pub language: Language,
    /// When it was due first; also the time in its links, and its Date header.
    pub first_due_at: Timestamp,
    /// Its state before this claim.
    pub state_before: DeliveryState,
    /// The attempts before this claim.
    pub attempts_before: u32,
    /// Further content, as JSON.
    pub details: Option<String>,
}

/// The outcome of an attempt at a mail.
#[derive(Debug, Clone)]
pub struct MailOutcome {
    /// Its new state.
    pub state: DeliveryState,
    /// The time of the next attempt.
    pub due_at: Option<Timestamp>,
    /// Whether an attempt was made.
    pub attempted: bool,
    /// When the mail ended.
    pub ended_at: Option<Timestamp>,
    /// The server's reply.
    pub reply: Option<Reply>,
}

#[derive(FromRow)]
struct ClaimedRow {
    id: OutboxId,
    kind: String,
    subscription_id: Option<SubscriptionId>,
    others: Option<String>,
    issue_id: Option<IssueId>,
    recipient: Option<String>,
    language: String,
    state: String,
    created_at: i64,
    attempts: i64,
    address: Option<String>,
    details: Option<String>,
    editor_id: Option<EditorId>,
}

/// Inserts a mail that is due at `at`.
pub async fn insert(tx: &mut Write, mail: &NewMail, at: Timestamp) -> Result<(), StoreError> {
    insert_mail(tx, mail, None, at).await
}

/// Inserts a mail that is due at `at`, with further content.
pub async fn insert_with(
    tx: &mut Write,
    mail: &NewMail,
    details: &impl serde::Serialize,
    at: Timestamp,
) -> Result<(), StoreError> {
    insert_mail(tx, mail, Some(json(details)?), at).await
}

async fn insert_mail(
    tx: &mut Write,
    mail: &NewMail,
    details: Option<String>,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.makes_work();
    let (subscription, issue, recipient, address) = match &mail.to {
        Recipient::Subscriber(subscription) | Recipient::Several(subscription, _) => {
            (Some(*subscription), None, None, None)
        }
        Recipient::Address(subscription, address) => {
            (Some(*subscription), None, None, Some(address.to_string()))
        }
        Recipient::Tester(address, issue) => (None, Some(*issue), Some(address.to_string()), None),
        Recipient::Editor(_) => (None, None, None, None),
    };
    let editor = match &mail.to {
        Recipient::Editor(editor) => Some(*editor),
        _ => None,
    };
    let others = match &mail.to {
        Recipient::Several(_, others) => Some(json(others)?),
        _ => None,
    };
    execute!(
        tx,
        INSERT,
        mail.id,
        mail.kind.as_str(),
        subscription,
        issue,
        recipient,
        mail.language.as_str(),
        DeliveryState::Queued.as_str(),
        micros(at),
        others,
        address,
        details,
        editor
    )?;
    Ok(())
}

/// Leases up to `limit` due mails until `until`, those that became due first. One that cannot be read is leased too, so
/// that it is in no other's way until then: a worker of another release may know it.
pub async fn claim(
    tx: &mut Write,
    lease: LeaseId,
    limit: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Result<ClaimedMail, StoreError>>, StoreError> {
    let mut rows: Vec<ClaimedRow> =
        fetch_all!(tx, CLAIM, micros(now), limit, lease, micros(until))?;
    // RETURNING has no order.
    rows.sort_by_key(|row| row.created_at);
    Ok(rows.into_iter().map(claimed).collect())
}

fn claimed(row: ClaimedRow) -> Result<ClaimedMail, StoreError> {
    let place = Row {
        table: "outbox",
        id: &row.id,
    };
    let to = match (row.subscription_id, row.issue_id, &row.recipient) {
        (None, None, None) => Recipient::Editor(
            row.editor_id
                .ok_or_else(|| place.corrupt("editor_id", &"the mail is to nobody"))?,
        ),
        (Some(subscription), None, None) => match (&row.others, &row.address) {
            (None, None) => Recipient::Subscriber(subscription),
            (Some(others), _) => Recipient::Several(
                subscription,
                serde_json::from_str(others).map_err(|e| place.corrupt("others", &e))?,
            ),
            (None, Some(address)) => {
                let address = place.parse("address", address)?;
                Recipient::Address(subscription, address)
            }
        },
        (None, Some(issue), Some(recipient)) => {
            Recipient::Tester(place.parse("recipient", recipient)?, issue)
        }
        _ => return Err(place.corrupt("recipient", &"neither a subscriber nor a tester")),
    };
    Ok(ClaimedMail {
        id: row.id,
        kind: place.parse("kind", &row.kind)?,
        to,
        language: place.parse("language", &row.language)?,
        state_before: place.parse("state", &row.state)?,
        first_due_at: place.time("created_at", row.created_at)?,
        attempts_before: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        details: row.details,
    })
}

/// Extends a lease to `until` for the mails that still have it.
pub async fn extend(tx: &mut Write, lease: LeaseId, until: Timestamp) -> Result<(), StoreError> {
    execute!(tx, EXTEND, lease, micros(until))?;
    Ok(())
}

/// Records the outcome of a mail if it still has this lease; returns whether it had.
pub async fn record(
    tx: &mut Write,
    id: OutboxId,
    lease: LeaseId,
    outcome: &MailOutcome,
) -> Result<bool, StoreError> {
    let reply = outcome.reply.as_ref();
    let changed = execute!(
        tx,
        RECORD,
        id,
        lease,
        outcome.state.as_str(),
        outcome.due_at.map(micros),
        i64::from(outcome.attempted),
        outcome.ended_at.map(micros),
        reply.map(|r| i64::from(r.code)),
        reply.map(|r| r.text.as_str())
    )?;
    Ok(changed == 1)
}

/// Whether there is still such a mail: those about a reader go when the reader is erased.
pub async fn is_known(db: &mut Read, id: OutboxId) -> Result<bool, StoreError> {
    let rows: i64 = fetch_scalar!(db, IS_KNOWN, id)?;
    Ok(rows > 0)
}

/// The number of waiting and leased mails.
pub async fn waiting(db: &mut Read) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, WAITING)?)
}
