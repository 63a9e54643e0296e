//! Moments and counts as Prometheus reads them.

use jiff::{SignedDuration, Timestamp};

/// The first of two moments, if there is any.
pub(super) fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// How long ago, in seconds; 0 for what lies in the future.
pub(super) fn age(at: Timestamp, now: Timestamp) -> f64 {
    now.duration_since(at)
        .max(SignedDuration::ZERO)
        .as_secs_f64()
}

/// Seconds since 1970.
pub(super) fn seconds(at: Timestamp) -> f64 {
    at.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}

#[allow(clippy::cast_precision_loss)] // counts, far below 2^52
pub(super) fn exact(count: i64) -> f64 {
    count as f64
}
