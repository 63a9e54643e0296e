//! Imports subscribers in batches.

pub(in crate::store) mod bulk_statements;
pub mod left;
pub mod undo;

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{
    NewsletterId, SubscriberId, SubscriptionId, SubscriptionState, SuppressionReason,
};
use crate::store::bulk::{BulkStatement, Shared, Value};
use crate::store::connection::Connection;
use crate::store::dialect::{Statement, statements};
use crate::store::rows::{Row, micros};
use crate::store::{StoreError, Write, subscriber};
use bulk_statements::{INSERTED, KNOWN, NEW_SUBSCRIPTIONS, SUBSCRIBERS, SUBSCRIPTIONS, SUPPRESSED};

/// The last number of a row that was used. SQLite has one writer.
macro_rules! last_number {
    ($table:literal) => {
        concat!(
            "SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '",
            $table,
            "'), 0), COALESCE((SELECT MAX(id) FROM ",
            $table,
            "), 0))"
        )
    };
}

/// The next numbers of rows, as many as `$1`. Their sequence is looked up once, not for each number.
macro_rules! next_numbers {
    ($table:literal) => {
        concat!(
            "WITH sequence AS MATERIALIZED (SELECT CAST(pg_get_serial_sequence('",
            $table,
            "', 'id') AS regclass) AS name)
            SELECT ARRAY(SELECT nextval(sequence.name) FROM sequence, generate_series(1, $1))"
        )
    };
}

statements! {
    SUBSCRIBER_NUMBERS = [
        { sqlite: last_number!("subscriber"), postgres: next_numbers!("subscriber") },
    ];
    SUBSCRIPTION_NUMBERS = [
        { sqlite: last_number!("subscription"), postgres: next_numbers!("subscription") },
    ];
}

/// A row of an import file that has passed all checks that need no database.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Its line in the file.
    pub line: u64,
    /// The address, if it is not the same as the key.
    pub address: Option<String>,
    /// The address key (see `EmailAddress::key`).
    pub key: String,
    /// The keyed hash of the address.
    pub hash: [u8; 32],
    /// The subscriber's name.
    pub name: Option<String>,
    /// The language.
    pub language: &'static str,
    /// The countries, in canonical form.
    pub countries: String,
    /// The frequency.
    pub frequency: &'static str,
    /// When consent was given, in microseconds.
    pub consent_at: i64,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOutcome {
    /// A new active subscription, whose consent the caller must record in this transaction.
    Added(SubscriptionId),
    /// The address has a subscription to the newsletter, which is left as it is.
    Subscribed(SubscriptionState),
    /// The address must not be mailed.
    Suppressed(SuppressionReason),
}

#[derive(FromRow)]
struct SuppressedRow {
    place: i64,
    reason: String,
}

#[derive(FromRow)]
struct KnownRow {
    place: i64,
    id: i64,
    state: Option<String>,
}

/// A row and its place among all, by which candidates are sorted.
struct Candidate<'a> {
    place: i64,
    row: &'a ImportRow,
    /// The number that its subscriber gets if it is new.
    number: i64,
    /// The numbers of its subscriber and its subscription; 0 while there is none.
    subscriber: i64,
    subscription: i64,
}

/// What the new subscriptions of an import have in common.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// Their newsletter.
    pub newsletter: NewsletterId,
    /// The import's number in the audit log, if it is there.
    pub number: Option<i64>,
    /// Now.
    pub at: Timestamp,
}

/// Inserts subscribers and active subscriptions; returns what became of each row. The rows must contain no
/// address twice and be sorted by the octets of their keys: the order in which sign-ups lock addresses.
pub async fn insert(
    tx: &mut Write,
    rows: &[ImportRow],
    batch: Batch,
) -> Result<Vec<RowOutcome>, StoreError> {
    let shared = [
        Shared::Id(batch.newsletter.0),
        Shared::Text(SubscriptionState::Active.as_str()),
        Shared::Integer(micros(batch.at)),
        Shared::MaybeInteger(batch.number),
    ];
    insert_as(
        tx,
        rows,
        batch,
        [&NEW_SUBSCRIPTIONS, &SUBSCRIPTIONS],
        &shared,
    )
    .await
}

/// Inserts subscribers and subscriptions by the first statement where all subscribers are new, or else by the second.
async fn insert_as(
    tx: &mut Write,
    rows: &[ImportRow],
    batch: Batch,
    [for_new, for_any]: [&BulkStatement; 2],
    shared: &[Shared],
) -> Result<Vec<RowOutcome>, StoreError> {
    let Batch {
        newsletter,
        at: now,
        ..
    } = batch;
    let mut outcomes: Vec<Option<RowOutcome>> = vec![None; rows.len()];
    let mut open: Vec<Candidate<'_>> = (0_i64..)
        .zip(rows)
        .map(|(place, row)| Candidate {
            place,
            row,
            number: 0,
            subscriber: 0,
            subscription: 0,
        })
        .collect();
    let is_open = |outcomes: &[Option<RowOutcome>], one: &Candidate<'_>| {
        outcomes[one.place as usize].is_none()
    };
    let mut candidates: Vec<Candidate<'_>> = Vec::with_capacity(open.len());
    let mut subscriptions = for_new;
    while !open.is_empty() {
        if !add_subscribers(tx, &mut open, newsletter, now, &mut outcomes).await? {
            subscriptions = for_any;
        }
        // Afterwards: who suppresses an address waits for this transaction from here on, or has committed.
        remove_suppressed(tx, &mut open, &mut outcomes).await?;
        // Whose subscriber vanished between two statements is looked at again: that may have been an erasure.
        let (gone, found): (Vec<_>, Vec<_>) = open.into_iter().partition(|one| one.subscriber == 0);
        candidates.extend(found);
        open = gone;
    }
    candidates.sort_unstable_by_key(|one| one.place);
    candidates.retain(|one| is_open(&outcomes, one));
    add_subscriptions(tx, subscriptions, shared, &mut candidates, &mut outcomes).await?;
    // Whom another process has subscribed since is active or about to be: the row changes nothing.
    let subscribed = RowOutcome::Subscribed(SubscriptionState::Active);
    let outcomes = outcomes.into_iter();
    Ok(outcomes.map(|one| one.unwrap_or(subscribed)).collect())
}

fn set(outcomes: &mut [Option<RowOutcome>], place: i64, outcome: RowOutcome) {
    if let Some(one) = usize::try_from(place)
        .ok()
        .and_then(|place| outcomes.get_mut(place))
    {
        *one = Some(outcome);
    }
}

/// Gives their outcome to those that must not be mailed, and removes the subscribers that were inserted for them.
async fn remove_suppressed(
    tx: &mut Write,
    candidates: &mut Vec<Candidate<'_>>,
    outcomes: &mut [Option<RowOutcome>],
) -> Result<(), StoreError> {
    let suppressed: Vec<SuppressedRow> = SUPPRESSED
        .fetch_all(tx, &[], candidates, |one| {
            [Value::Integer(one.place), Value::Octets(&one.row.hash)]
        })
        .await?;
    let mut inserted = Vec::new();
    for SuppressedRow { place, reason } in suppressed {
        let table = "suppression";
        let reason = Row { table, id: &place }.parse("reason", &reason)?;
        set(outcomes, place, RowOutcome::Suppressed(reason));
        if let Ok(at) = candidates.binary_search_by_key(&place, |one| one.place) {
            let one = candidates.remove(at);
            if one.subscriber == one.number {
                inserted.push(SubscriberId(one.number));
            }
        }
    }
    if !inserted.is_empty() {
        subscriber::remove(tx, &inserted).await?;
    }
    Ok(())
}

/// Inserts those who are no subscribers yet, and finds and locks the others. Those who have a subscription get
/// their outcome; who was erased meanwhile has no subscriber. Returns whether all were inserted.
async fn add_subscribers(
    tx: &mut Write,
    candidates: &mut [Candidate<'_>],
    newsletter: NewsletterId,
    now: Timestamp,
    outcomes: &mut [Option<RowOutcome>],
) -> Result<bool, StoreError> {
    let numbers = numbers(tx, SUBSCRIBER_NUMBERS, candidates.len()).await?;
    for (one, number) in candidates.iter_mut().zip(numbers) {
        one.number = number;
        one.subscriber = number;
    }
    let shared = [Shared::Integer(micros(now))];
    let added = SUBSCRIBERS.execute(tx, &shared, candidates, |one| {
        [
            Value::Integer(one.subscriber),
            Value::Text(one.row.address.as_deref()),
            Value::Text(Some(&one.row.key)),
            Value::Text(one.row.name.as_deref()),
        ]
    });
    if added.await? == candidates.len() as u64 {
        return Ok(true);
    }
    for one in candidates.iter_mut() {
        one.subscriber = 0;
    }
    let shared = [Shared::Id(newsletter.0)];
    let known: Vec<KnownRow> = KNOWN
        .fetch_all(tx, &shared, candidates, |one| {
            [Value::Integer(one.place), Value::Text(Some(&one.row.key))]
        })
        .await?;
    for KnownRow { place, id, state } in known {
        if let Ok(at) = candidates.binary_search_by_key(&place, |one| one.place) {
            candidates[at].subscriber = id;
        }
        if let Some(state) = state {
            let table = "subscription";
            let state = Row { table, id: &id }.parse("state", &state)?;
            set(outcomes, place, RowOutcome::Subscribed(state));
        }
    }
    Ok(false)
}

async fn add_subscriptions(
    tx: &mut Write,
    statement: &BulkStatement,
    shared: &[Shared],
    candidates: &mut [Candidate<'_>],
    outcomes: &mut [Option<RowOutcome>],
) -> Result<(), StoreError> {
    let numbers = numbers(tx, SUBSCRIPTION_NUMBERS, candidates.len()).await?;
    for (one, number) in candidates.iter_mut().zip(numbers) {
        one.subscription = number;
    }
    let added = statement.execute(tx, shared, candidates, |one| {
        [
            Value::Integer(one.subscription),
            Value::Integer(one.subscriber),
            Value::Text(Some(one.row.language)),
            Value::Text(Some(&one.row.countries)),
            Value::Text(Some(one.row.frequency)),
            Value::Integer(one.row.consent_at),
        ]
    });
    if added.await? == candidates.len() as u64 {
        for one in candidates.iter() {
            let added = RowOutcome::Added(SubscriptionId(one.subscription));
            set(outcomes, one.place, added);
        }
        return Ok(());
    }
    let inserted: Vec<(i64, SubscriptionId)> = INSERTED
        .fetch_all(tx, &[], candidates, |one| {
            [Value::Integer(one.place), Value::Integer(one.subscription)]
        })
        .await?;
    for (place, subscription) in inserted {
        set(outcomes, place, RowOutcome::Added(subscription));
    }
    Ok(())
}

/// Numbers for new rows that nobody else uses.
async fn numbers(
    tx: &mut Write,
    statement: Statement,
    count: usize,
) -> Result<Vec<i64>, StoreError> {
    let count = count as i64;
    Ok(match tx.connection() {
        Connection::Sqlite(connection) => {
            let last = sqlx::query_scalar(statement.sqlite).fetch_one(connection);
            let last: i64 = last.await?;
            (last + 1..=last + count).collect()
        }
        Connection::Postgres(connection) => {
            let numbers = sqlx::query_scalar(statement.postgres).bind(count);
            numbers.fetch_one(connection).await?
        }
    })
}
