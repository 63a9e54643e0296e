//! An issue that pauses itself, as sending on would be of no use.

use jiff::Timestamp;

use crate::domain::{
    Counts, DeliveryState, IssueId, IssueState, MAX_CLOCK_SKEW, PauseCode, PausedBecause, Reply,
};
use crate::service::Service;
use crate::store::{self, StoreError, Write};

/// A relay refuses an issue for one reader after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RefusedAlike {
    /// With this reply; the readers count as failed.
    Failed(Reply),
    /// As if none of them had a mailbox; they count as bounced.
    Bounced {
        /// What it said last.
        reply: Reply,
        /// When the first of them was refused.
        since: Timestamp,
    },
}

impl RefusedAlike {
    fn reply(&self) -> &Reply {
        match self {
            Self::Failed(reply) | Self::Bounced { reply, .. } => reply,
        }
    }
}

/// Why an issue pauses itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PauseCause {
    /// Everybody is refused.
    RefusedAlike(RefusedAlike),
    /// A relay takes the texts of one mail after the other and says of none whether it took it; this is in place of its
    /// reply.
    Unanswered(Reply),
    /// Its mails cannot be rendered, built or signed.
    CannotBeBuilt(String),
}

impl PauseCause {
    /// Whether what one of them does is enough for both.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        use RefusedAlike::Failed;
        match (self, other) {
            (Self::CannotBeBuilt(_), Self::CannotBeBuilt(_))
            | (Self::Unanswered(_), Self::Unanswered(_)) => true,
            (Self::RefusedAlike(Failed(one)), Self::RefusedAlike(Failed(other))) => {
                one.code == other.code
            }
            _ => self == other,
        }
    }

    /// What is kept of it with the issue.
    fn kept(&self) -> PausedBecause {
        match self {
            Self::RefusedAlike(refused) => {
                PausedBecause::saying(PauseCode::Refused, refused.reply().said())
            }
            Self::Unanswered(reply) => PausedBecause::saying(PauseCode::Unanswered, reply.said()),
            Self::CannotBeBuilt(why) => PausedBecause::saying(PauseCode::CannotBeBuilt, why),
        }
    }
}

/// Pauses an issue; deliveries that failed or bounced because everybody was refused wait again. Returns whether it was
/// being sent until now.
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
    if let PauseCause::RefusedAlike(refused) = cause
        && store::issue::state(&mut tx, issue).await? == Some(IssueState::Paused)
    {
        let now = service.clock.now();
        match refused {
            RefusedAlike::Failed(reply) => {
                let back = store::delivery::requeue_failed(&mut tx, issue, reply.code, now).await?;
                count_back(&mut tx, issue, DeliveryState::Failed, back).await?;
            }
            RefusedAlike::Bounced { since, .. } => take_back(&mut tx, issue, *since, now).await?,
        }
    }
    tx.commit().await?;
    if paused {
        log(issue, cause);
    }
    Ok(paused)
}

/// Makes deliveries that bounced since then wait again, if the issue is paused: another worker may have paused it because
/// everybody was refused, while mails of this one were under way.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn take_back_bounced(
    service: &Service,
    issue: IssueId,
    since: Timestamp,
) -> Result<(), StoreError> {
    let state = store::issue::state(&mut service.store.read().await?, issue).await?;
    if state != Some(IssueState::Paused) {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    if store::issue::state(&mut tx, issue).await? == Some(IssueState::Paused) {
        take_back(&mut tx, issue, since, service.clock.now()).await?;
    }
    tx.commit().await
}

/// From a minute earlier on, as clocks differ: a dead mailbox that is tried again by mistake only bounces again.
async fn take_back(
    tx: &mut Write,
    issue: IssueId,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let since = since.saturating_sub(MAX_CLOCK_SKEW).unwrap_or(since);
    let back = store::delivery::requeue_bounced(tx, issue, since, now).await?;
    count_back(tx, issue, DeliveryState::Bounced, back).await
}

/// Counts deliveries that had ended in a state as deferred.
async fn count_back(
    tx: &mut Write,
    issue: IssueId,
    from: DeliveryState,
    back: i64,
) -> Result<(), StoreError> {
    let mut delta = Counts::default();
    delta.add(from, -back);
    delta.add(DeliveryState::Deferred, back);
    store::issue::progress::add_counts(tx, issue, delta).await
}

fn log(issue: IssueId, cause: &PauseCause) {
    match cause {
        // Without the relay's text, which may quote addresses. It is kept with the issue.
        PauseCause::RefusedAlike(refused) => tracing::error!(
            %issue, code = refused.reply().code,
            "issue paused: the relay refuses it for every recipient; `xabar issue show` tells why"
        ),
        PauseCause::Unanswered(reply) => tracing::error!(
            %issue, code = reply.code,
            "issue paused: the connection breaks after the text of each mail, and the relay may have taken them; look \
             at its log and at what is between"
        ),
        PauseCause::CannotBeBuilt(why) => tracing::error!(
            %issue, why,
            "issue paused: its mails cannot be made; correct that, and resume it"
        ),
    }
}
