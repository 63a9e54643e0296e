//! An issue that pauses itself, as sending on would be of no use.

use crate::domain::{Counts, IssueId, IssueState, PauseCode, PausedBecause, Reply, SubscriptionId};
use crate::service::Service;
use crate::store::{self, StoreError};

/// A relay refuses an issue for one reader after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefusedAlike {
    /// What it said last.
    pub(super) reply: Reply,
    /// The readers who count as bounced because of it.
    pub(super) mailboxes: Vec<SubscriptionId>,
}

/// Why an issue pauses itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PauseCause {
    /// Everybody is refused with the same reply.
    RefusedAlike(RefusedAlike),
    /// Its mails cannot be rendered, built or signed.
    CannotBeBuilt(String),
}

impl PauseCause {
    /// What is kept of it with the issue.
    fn kept(&self) -> PausedBecause {
        match self {
            Self::RefusedAlike(RefusedAlike { reply, .. }) => {
                let said = format!("{} {}", reply.code, reply.text);
                PausedBecause::saying(PauseCode::Refused, said)
            }
            Self::CannotBeBuilt(why) => PausedBecause::saying(PauseCode::CannotBeBuilt, why),
        }
    }
}

/// Pauses an issue; deliveries that failed or bounced with a reply that everybody got wait again. Returns whether
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
    if let PauseCause::RefusedAlike(RefusedAlike { reply, mailboxes }) = cause
        && store::issue::state(&mut tx, issue).await? == Some(IssueState::Paused)
    {
        let now = service.clock.now();
        let failed = store::delivery::requeue_failed(&mut tx, issue, reply.code, now).await?;
        let bounced = store::delivery::requeue_bounced(&mut tx, issue, mailboxes, now).await?;
        let delta = Counts {
            failed: -failed,
            bounced: -bounced,
            deferred: failed + bounced,
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
        PauseCause::RefusedAlike(RefusedAlike { reply, .. }) => tracing::error!(
            %issue, code = reply.code,
            "issue paused: the relay refuses it for every recipient; `xabar issue show` tells why"
        ),
        PauseCause::CannotBeBuilt(why) => tracing::error!(
            %issue, why,
            "issue paused: its mails cannot be made; correct that, and resume it"
        ),
    }
}
