//! An issue that pauses itself, as sending on would be of no use.

use crate::domain::{Counts, IssueId, IssueState, PauseCode, PausedBecause, Reply};
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

impl PauseCause {
    /// What is kept of it with the issue.
    fn kept(&self) -> PausedBecause {
        match self {
            Self::RefusedAlike(Reply { code, text }) => {
                PausedBecause::saying(PauseCode::Refused, format!("{code} {text}"))
            }
            Self::CannotBeBuilt(why) => PausedBecause::saying(PauseCode::CannotBeBuilt, why),
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
    let paused = store::issue::pause_because(&mut tx, issue, &cause.kept()).await?;
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
