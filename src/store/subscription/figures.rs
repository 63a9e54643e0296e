//! How many readers a newsletter gained and lost. Each statement reads all its subscriptions: callers keep
//! the answers for some minutes.

use jiff::Timestamp;

use crate::domain::NewsletterId;
use crate::store::dialect::{fetch_all, fetch_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError};

statements! {
    JOINED = [
        r"SELECT (confirmed_at - $2) / 86400000000 AS day, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND confirmed_at >= $2
          GROUP BY 1",
    ];
    IMPORTED = [
        r"SELECT COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND created_at >= $2 AND confirmed_at < $2",
    ];
    LEFT = [
        r"SELECT (ended_at - $2) / 86400000000 AS day, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND ended_at >= $2 AND confirmed_at IS NOT NULL
          GROUP BY 1",
    ];
}

/// How many readers confirmed on each day from `since`: pairs of a day, counted in spans of 24 hours from 0, and
/// a number.
pub async fn joined(
    db: &mut Read,
    newsletter: NewsletterId,
    since: Timestamp,
) -> Result<Vec<(i64, i64)>, StoreError> {
    Ok(fetch_all!(db, JOINED, newsletter, micros(since))?)
}

/// How many readers came in from `since` who had confirmed before, elsewhere.
pub async fn imported(
    db: &mut Read,
    newsletter: NewsletterId,
    since: Timestamp,
) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, IMPORTED, newsletter, micros(since))?)
}

/// How many readers' subscriptions ended on each of these days, for whatever reason.
pub async fn left(
    db: &mut Read,
    newsletter: NewsletterId,
    since: Timestamp,
) -> Result<Vec<(i64, i64)>, StoreError> {
    Ok(fetch_all!(db, LEFT, newsletter, micros(since))?)
}
