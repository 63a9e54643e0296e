//! Those who have left a newsletter elsewhere.

use jiff::Timestamp;
use sqlx::FromRow;

use super::bulk_statements::{ACTIVE, LEFT};
use super::{Batch, ImportRow, RowOutcome, insert_as};
use crate::domain::{EndReason, NewsletterId, SubscriptionId, SubscriptionState};
use crate::store::bulk::{Shared, Value};
use crate::store::dialect::{fetch_all_scalars, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::subscriber::answer;
use crate::store::{Read, StoreError, Write};

statements! {
    END = [
        r"UPDATE subscription
          SET state = $2, end_reason = $3, ended_at = $4
          WHERE id IN ",
        ids_1,
        r" AND state = $5
          RETURNING id",
    ];
}

/// An active subscription of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveHere {
    /// The place of the address among those that were asked for.
    pub place: usize,
    /// The subscription.
    pub id: SubscriptionId,
    /// When consent was given last.
    pub confirmed_at: Option<Timestamp>,
    /// Whether its reader has confirmed it here, or it is active by an import alone.
    pub confirmed_here: bool,
}

#[derive(FromRow)]
struct ActiveRow {
    place: i64,
    id: i64,
    confirmed_at: Option<i64>,
    confirmed_here: i32,
}

/// Inserts subscribers, with subscriptions that have ended. What is known of the others, and the order of the rows, is
/// as in [`insert`](super::insert). Nobody is inserted who must not be mailed.
pub async fn insert(
    tx: &mut Write,
    rows: &[ImportRow],
    batch: Batch,
) -> Result<Vec<RowOutcome>, StoreError> {
    let shared = [
        Shared::Id(batch.newsletter.0),
        Shared::Text(SubscriptionState::Ended.as_str()),
        Shared::Text(EndReason::Unsubscribed.as_str()),
        Shared::Integer(micros(batch.at)),
        Shared::Integer(micros(batch.at)),
        Shared::MaybeInteger(batch.number),
    ];
    insert_as(tx, rows, batch, [&LEFT, &LEFT], &shared).await
}

/// Which of these address keys have an active subscription to the newsletter.
pub async fn active(
    db: &mut Read,
    keys: &[(usize, &str)],
    newsletter: NewsletterId,
) -> Result<Vec<ActiveHere>, StoreError> {
    let shared = [Shared::Id(newsletter.0)];
    let found: Vec<ActiveRow> = ACTIVE
        .fetch_all(db, &shared, keys, |(place, key)| {
            [Value::Integer(*place as i64), Value::Text(Some(key))]
        })
        .await?;
    let read = |row: ActiveRow| {
        let place = Row {
            table: "subscription",
            id: &row.id,
        };
        Ok(ActiveHere {
            place: usize::try_from(row.place).map_err(|e| place.corrupt("place", &e))?,
            id: SubscriptionId(row.id),
            confirmed_at: place.maybe_time("confirmed_at", row.confirmed_at)?,
            confirmed_here: row.confirmed_here != 0,
        })
    };
    found.into_iter().map(read).collect()
}

/// Ends those of the subscriptions that are active, and removes their answers. Returns which it ended.
pub async fn end(
    tx: &mut Write,
    subscriptions: &[SubscriptionId],
    now: Timestamp,
) -> Result<Vec<SubscriptionId>, StoreError> {
    let ended: Vec<SubscriptionId> = fetch_all_scalars!(
        tx,
        END,
        json(subscriptions)?,
        SubscriptionState::Ended.as_str(),
        EndReason::Unsubscribed.as_str(),
        micros(now),
        SubscriptionState::Active.as_str()
    )?;
    answer::remove(tx, &ended).await?;
    Ok(ended)
}
