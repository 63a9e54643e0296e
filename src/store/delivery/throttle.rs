//! The throttles of relays and providers.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{Scope, Slowdown, Throttle};
use crate::store::dialect::{execute, fetch_all, fetch_one, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    ALL = [
        r"SELECT scope, name, credit, filled_at, slow_rate, slowed_at, slow_used, window_at,
                 used
          FROM throttle",
    ];
    INSERT = [
        r"INSERT INTO throttle (scope, name, credit, filled_at, used)
          VALUES ($1, $2, 0, 0, 0)
          ON CONFLICT (scope, name) DO NOTHING",
    ];
    LOCK = [
        r"SELECT scope, name, credit, filled_at, slow_rate, slowed_at, slow_used, window_at,
                 used
          FROM throttle
          WHERE scope = $1 AND name = $2",
        for_update,
    ];
    SAVE = [
        r"UPDATE throttle
          SET credit = $3, filled_at = $4, slow_rate = $5, slowed_at = $6, slow_used = $7, window_at = $8,
              used = $9
          WHERE scope = $1 AND name = $2",
    ];
    DELETE_UNUSED = [
        r"DELETE FROM throttle
          WHERE window_at IS NULL AND filled_at < $1 AND (slowed_at IS NULL OR slowed_at < $1)",
    ];
}

/// The database stores messages and rates in millionths.
const MILLION: f64 = 1e6;

#[derive(FromRow)]
struct ThrottleRow {
    scope: String,
    name: String,
    credit: i64,
    filled_at: i64,
    slow_rate: Option<i64>,
    slowed_at: Option<i64>,
    slow_used: i64,
    window_at: Option<i64>,
    used: i64,
}

impl TryFrom<ThrottleRow> for Throttle {
    type Error = StoreError;

    fn try_from(row: ThrottleRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "throttle",
            id: &row.name,
        };
        let slowed_at = place.maybe_time("slowed_at", row.slowed_at)?;
        let window_at = place.maybe_time("window_at", row.window_at)?;
        Ok(Self {
            scope: place.parse("scope", &row.scope)?,
            credit: whole(row.credit),
            filled_at: place.time("filled_at", row.filled_at)?,
            slowed: row.slow_rate.zip(slowed_at).map(|(rate, at)| Slowdown {
                rate: whole(rate),
                at,
                used_seconds: whole(row.slow_used),
            }),
            window: window_at.map(|at| (at, row.used)),
            name: row.name,
        })
    }
}

#[allow(clippy::cast_precision_loss)] // far below 2^52
fn whole(millionths: i64) -> f64 {
    millionths as f64 / MILLION
}

#[allow(clippy::cast_possible_truncation)] // saturates
fn millionths(messages: f64) -> i64 {
    (messages * MILLION).round() as i64
}

/// All stored throttles.
pub async fn all(db: &mut Read) -> Result<Vec<Throttle>, StoreError> {
    let rows: Vec<ThrottleRow> = fetch_all!(db, ALL)?;
    rows.into_iter().map(Throttle::try_from).collect()
}

/// Locks a throttle until the transaction ends; inserts it if it is new. To lock several, lock them in
/// the order of scope and name: otherwise two transactions can deadlock.
pub async fn lock(tx: &mut Write, scope: Scope, name: &str) -> Result<Throttle, StoreError> {
    execute!(tx, INSERT, scope.as_str(), name)?;
    let row: ThrottleRow = fetch_one!(tx, LOCK, scope.as_str(), name)?;
    row.try_into()
}

/// Writes a throttle that [`lock`] returned in this transaction.
pub async fn save(tx: &mut Write, throttle: &Throttle) -> Result<(), StoreError> {
    let slowed = throttle.slowed;
    let (window_at, used) = throttle.window.unzip();
    execute!(
        tx,
        SAVE,
        throttle.scope.as_str(),
        &throttle.name,
        millionths(throttle.credit),
        micros(throttle.filled_at),
        slowed.map(|slowed| millionths(slowed.rate)),
        slowed.map(|slowed| micros(slowed.at)),
        slowed.map_or(0, |slowed| millionths(slowed.used_seconds)),
        window_at.map(micros),
        used.unwrap_or_default()
    )?;
    Ok(())
}

/// Removes throttles without a quota that were not used since `before`; returns how many.
pub async fn remove_unused(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_UNUSED, micros(before))?)
}
