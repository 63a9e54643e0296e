//! The outcome of an attempt in the log: ids and codes, never an address.

use tracing::{Level, debug, enabled, field, info, trace, warn};

use crate::domain::{EmailAddress, Reply, Verdict, without_addresses};
use crate::log_limiter::LogLimiter;

/// Logs how an attempt ended, in the current span: the code and the enhanced status at level debug,
/// the relay's text without addresses and links at level trace.
pub(super) fn log_outcome(verdict: &Verdict, recipient: &EmailAddress) {
    if !enabled!(Level::DEBUG) {
        return;
    }
    let reply = verdict.reply();
    debug!(
        outcome = verdict.as_str(),
        code = reply.map(|reply| reply.code).filter(|code| *code > 0),
        status = reply.and_then(Reply::status_text).map(field::display),
        reason = match verdict {
            Verdict::NotWanted(why) => Some(*why),
            _ => None,
        },
        "attempt ended"
    );
    if let Some(reply) = reply {
        trace!(reply = %reply.redacted(recipient), "the relay's text");
    }
}

/// Why mails were not accepted, as the log tells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Cause {
    outcome: &'static str,
    /// It is about one mailbox, as a daily matter.
    is_about_mailbox: bool,
    relay: String,
    code: u16,
    status: Option<String>,
    /// Our own words, where no server answered.
    why: Option<String>,
}

/// One line a minute for each cause why mails were not accepted, with their number.
#[derive(Debug, Default)]
pub(super) struct RefusalLog(LogLimiter<Cause>);

impl RefusalLog {
    /// Takes in an outcome. What is about the connection alone has lines of its own.
    pub(super) fn observe(&self, relay: &str, verdict: &Verdict) {
        let (Verdict::TryLater(reply)
        | Verdict::SlowDown(reply, _)
        | Verdict::Refused(reply)
        | Verdict::RecipientRefused(reply)
        | Verdict::Unknown(reply)) = verdict
        else {
            return;
        };
        let cause = Cause {
            outcome: verdict.as_str(),
            is_about_mailbox: matches!(verdict, Verdict::RecipientRefused(_)),
            relay: relay.to_owned(),
            code: reply.code,
            status: reply.status_text(),
            why: (reply.code == 0).then(|| without_addresses(&reply.text)),
        };
        if let Some(mails) = self.0.may_log(cause.clone()) {
            log_cause(&cause, mails);
        }
    }

    /// Logs what came since the last line about it, if that was a minute ago.
    pub(super) fn log_overdue(&self) {
        for (cause, mails) in self.0.overdue() {
            log_cause(&cause, mails);
        }
    }

    /// Logs all that is not logged yet.
    pub(super) fn log_remaining(&self) {
        for (cause, mails) in self.0.drain() {
            log_cause(&cause, mails);
        }
    }
}

fn log_cause(cause: &Cause, mails: u64) {
    let Cause {
        outcome,
        is_about_mailbox,
        relay,
        code,
        status,
        why,
    } = cause;
    let (relay, status) = (relay.as_str(), status.as_deref());
    let (code, why) = ((*code > 0).then_some(*code), why.as_deref());
    if *is_about_mailbox {
        info!(
            mails,
            outcome, relay, code, status, "mailboxes refused mails"
        );
    } else {
        warn!(
            mails,
            outcome,
            relay,
            code,
            status,
            why,
            "mails were not accepted; `xabar issue show` has the relay's words"
        );
    }
}
