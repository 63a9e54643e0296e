//! Deliveries and leases that are due later than any worker sets: a clock that was ahead has written them.

use jiff::Timestamp;

use super::claim::found_destinations;
use crate::domain::IssueId;
use crate::store::dialect::{execute, fetch_all_scalars, fetch_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

/// The destinations of an issue with deliveries that are due after $2.
macro_rules! found_late {
    () => {
        concat!(
            found_destinations!(),
            r",
          late (destination) AS (
            SELECT destination
            FROM found
            WHERE (
              SELECT MAX(d.due_at)
              FROM delivery d
              WHERE d.issue_id = $1 AND d.destination = found.destination AND d.due_at IS NOT NULL
            ) > $2
          ) "
        )
    };
}

statements! {
    IS_ANY = [
        (found_late!),
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM late) OR EXISTS (SELECT 1 FROM ",
        leased_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NOT NULL AND due_at > $2)
            THEN 1 ELSE 0 END",
    ];
    DESTINATIONS = [(found_late!), "SELECT destination FROM late"];
    // What is being recorded or extended needs no help, here and below.
    PULL = [
        r"UPDATE delivery
          SET due_at = $4
          WHERE issue_id = $1 AND subscription_id IN (
            SELECT subscription_id
            FROM delivery
            WHERE issue_id = $1 AND destination = $2 AND due_at > $3",
        skip_locked,
        ")",
    ];
    PULL_RANGES = [
        r"UPDATE delivery_range
          SET due_at = $3
          WHERE issue_id = $1 AND first_id IN (
            SELECT first_id FROM ",
        leased_ranges,
        " WHERE issue_id = $1 AND lease_id IS NOT NULL AND due_at > $2",
        skip_locked,
        ")",
    ];
}

/// Whether anything of an issue is due, or leased until, later than `latest`.
pub async fn is_any(db: &mut Read, issue: IssueId, latest: Timestamp) -> Result<bool, StoreError> {
    let any: i32 = fetch_scalar!(db, IS_ANY, issue, micros(latest))?;
    Ok(any > 0)
}

/// Makes all of it due at `at`, and lets the leases end then, unless their workers extend them; returns how many
/// deliveries, and ranges of deliveries, that were.
pub async fn pull(
    tx: &mut Write,
    issue: IssueId,
    latest: Timestamp,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let (latest, at) = (micros(latest), micros(at));
    let mut pulled = execute!(tx, PULL_RANGES, issue, latest, at)?;
    let destinations: Vec<String> = fetch_all_scalars!(tx, DESTINATIONS, issue, latest)?;
    for destination in destinations {
        pulled += execute!(tx, PULL, issue, destination, latest, at)?;
    }
    Ok(pulled)
}
