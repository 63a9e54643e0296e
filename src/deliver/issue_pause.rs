//! An issue that pauses itself, as sending on would be of no use.

use std::fmt;

use crate::domain::{Counts, IssueId, IssueState, Reply};
use crate::service::Service;
use crate::store::{self, StoreError};

/// Why an issue pauses itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PauseCause {
    /// A relay refuses it for one reader after the other with this reply.
    RefusedAlike(Reply),
    /// Its mails cannot be rendered, built or signed.
    CannotBeBuilt(String),
}

impl fmt::Display for PauseCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RefusedAlike(Reply { code, text }) => write!(
                f,
                "the relay refused this issue for several recipients in a row with the same reply: {code} {text}"
            ),
            Self::CannotBeBuilt(why) => write!(
                f,
                "the mails of this issue cannot be made: {why}. Nobody was marked as failed; correct \
                 that, and resume the issue"
            ),
        }
    }
}

/// Pauses an issue; deliveries that failed with a reply that everybody got wait again. Returns whether
/// it was being sent until now.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn pause(
    service: &Service,
    issue: IssueId,
    cause: &PauseCause,
) -> Result<bool, StoreError> {
    let mut tx = service.store.write().await?;
    let paused = store::issue::pause_because(&mut tx, issue, &cause.to_string()).await?;
    if let PauseCause::RefusedAlike(reply) = cause
        && store::issue::state(&mut tx, issue).await? == Some(IssueState::Paused)
    {
        let now = service.clock.now();
        let back = store::delivery::requeue_failed(&mut tx, issue, reply.code, now).await?;
        let delta = Counts {
            failed: -back,
            deferred: back,
            ..Counts::default()
        };
        store::issue::progress::add_counts(&mut tx, issue, delta).await?;
    }
    tx.commit().await?;
    if paused {
        log(issue, cause);
    }
    Ok(paused)
}

fn log(issue: IssueId, cause: &PauseCause) {
    match cause {
        // Without the relay's text, which may quote addresses. It is kept with the issue.
        PauseCause::RefusedAlike(reply) => tracing::error!(
            %issue, code = reply.code,
            "issue paused: the relay refuses it for every recipient; `xabar issue show` tells why"
        ),
        PauseCause::CannotBeBuilt(why) => tracing::error!(
            %issue, why,
            "issue paused: its mails cannot be made; correct that, and resume it"
        ),
    }
}
