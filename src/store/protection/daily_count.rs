//! How often a protection of the sign-up form acted, by day and cause.

use jiff::Timestamp;

use crate::domain::{ProtectionCause, ProtectionCount};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError, Write};

statements! {
    ADD = [
        r"INSERT INTO protection_count (day, cause, amount)
          VALUES ($1, $2, 1)
          ON CONFLICT (day, cause) DO UPDATE SET amount = protection_count.amount + 1",
    ];
    LIST = [r"SELECT day, cause, amount FROM protection_count ORDER BY day DESC, cause"];
    FORGET = [r"DELETE FROM protection_count WHERE day < $1"];
}

/// The day in UTC, as in `2026-11-23`.
fn day(at: Timestamp) -> String {
    jiff::tz::TimeZone::UTC.to_datetime(at).date().to_string()
}

/// Counts one.
pub async fn add(tx: &mut Write, cause: ProtectionCause, at: Timestamp) -> Result<(), StoreError> {
    execute!(tx, ADD, day(at), cause.as_str())?;
    Ok(())
}

/// The counts, the newest day first.
pub async fn list(db: &mut Read) -> Result<Vec<ProtectionCount>, StoreError> {
    let rows: Vec<(String, String, i64)> = fetch_all!(db, LIST)?;
    let read = rows.into_iter().map(|(day, cause, amount)| {
        let place = Row {
            table: "protection_count",
            id: &day,
        };
        let cause = place.parse("cause", &cause)?;
        Ok(ProtectionCount { day, cause, amount })
    });
    read.collect()
}

/// Removes the counts of days before `before`.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<(), StoreError> {
    execute!(tx, FORGET, day(before))?;
    Ok(())
}
