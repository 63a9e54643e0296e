//! The outcome of an attempt in the log: ids and codes, never an address.

use tracing::{Level, debug, enabled, field, trace};

use crate::domain::{EmailAddress, Verdict};

/// Logs how an attempt ended, in the current span: the code and the enhanced status at level debug,
/// the relay's text without addresses and links at level trace.
pub(super) fn log_outcome(verdict: &Verdict, recipient: &EmailAddress) {
    if !enabled!(Level::DEBUG) {
        return;
    }
    let reply = verdict.reply();
    let status = reply.and_then(|reply| reply.enhanced_status());
    debug!(
        outcome = verdict.as_str(),
        code = reply.map(|reply| reply.code).filter(|code| *code > 0),
        status = status
            .map(|(class, subject, detail)| field::display(format!("{class}.{subject}.{detail}"))),
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
