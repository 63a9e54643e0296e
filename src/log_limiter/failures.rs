//! Failures that may come many times a second, as each request has them while the database is away: the
//! first is logged at once, then a line a minute with their number.
//!
//! There is one log in a process, so there is one count. Whoever runs the process calls [`log_overdue`]
//! from time to time and [`log_remaining`] at its end, so that no failure goes uncounted.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::LazyLock;

use super::LogLimiter;

static LOG: LazyLock<LogLimiter<Failure>> = LazyLock::new(LogLimiter::default);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Failure {
    is_error: bool,
    /// What could not be done, or what was done instead.
    what: Cow<'static, str>,
    /// Why.
    cause: String,
}

/// Counts a failure that passes, and logs it if a line about it is due. `cause` must name no person, and
/// be the same for the same cause.
pub(crate) fn warn(what: impl Into<Cow<'static, str>>, cause: &impl Display) {
    observe(false, what.into(), cause.to_string());
}

/// Counts a failure that somebody has to mend, and logs it like [`warn`].
pub(crate) fn error(what: impl Into<Cow<'static, str>>, cause: &impl Display) {
    observe(true, what.into(), cause.to_string());
}

fn observe(is_error: bool, what: Cow<'static, str>, cause: String) {
    let failure = Failure {
        is_error,
        what,
        cause,
    };
    if let Some(times) = LOG.may_log(failure.clone()) {
        log(&failure, times);
    }
}

/// Logs what came since the last line about it, if that was a minute ago.
pub(crate) fn log_overdue() {
    for (failure, times) in LOG.overdue() {
        log(&failure, times);
    }
}

/// Logs all that is not logged yet.
pub(crate) fn log_remaining() {
    for (failure, times) in LOG.drain() {
        log(&failure, times);
    }
}

fn log(failure: &Failure, times: u64) {
    let Failure {
        is_error,
        what,
        cause,
    } = failure;
    if *is_error {
        tracing::error!(error = cause, times, "{what}");
    } else {
        tracing::warn!(error = cause, times, "{what}");
    }
}
