//! Starting the issues whose time has come.

use jiff::Timestamp;
use tracing::{Instrument, debug_span, field};

use super::send::{Started, lock, start};
use super::stop::require_ended;
use super::{PublishError, approval, log};
use crate::domain::{Actor, IssueId, IssueState, PauseCode, PausedBecause};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store;

/// What became of an issue that was due.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Started,
    /// A summary of nothing.
    Cancelled,
    /// Nobody has approved what it says now.
    NotApproved,
    /// Mails of the issue that it corrects are under way.
    Waits,
    /// Another process was quicker, or an editor has taken it back.
    NoLongerDue,
}

impl Outcome {
    /// As a span has it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Cancelled => "cancelled",
            Self::NotApproved => "not_approved",
            Self::Waits => "waits",
            Self::NoLongerDue => "no_longer_due",
        }
    }
}

/// Starts every scheduled issue whose time has come. One that cannot be started keeps no other from it.
///
/// # Errors
/// When the database cannot be used, or with what kept the last of them.
pub async fn start_due(service: &Service) -> Result<(), PublishError> {
    let now = service.clock.now();
    let due = store::issue::due(&mut service.store.read().await?, now).await?;
    let mut failure = None;
    for id in due {
        let span = debug_span!("schedule", issue = %id, result = field::Empty);
        let outcome = start_one(service, id, now).instrument(span.clone()).await;
        span.record(
            "result",
            outcome.as_ref().map_or("failed", |it| it.as_str()),
        );
        if let Err(error) = outcome {
            failures::error(
                format!("the issue {id} cannot be started; others go on"),
                &error,
            );
            failure = Some(error);
        }
    }
    failure.map_or(Ok(()), Err)
}

async fn start_one(
    service: &Service,
    id: IssueId,
    now: Timestamp,
) -> Result<Outcome, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    let still_due =
        current.state == IssueState::Scheduled && current.scheduled_at.is_some_and(|at| at <= now);
    if !still_due {
        return Ok(Outcome::NoLongerDue);
    }
    if let Some(erratum) = current.erratum
        && require_ended(&super::issue(&mut tx, erratum.of).await?).is_err()
    {
        return Ok(Outcome::Waits);
    }
    if !approval::is_free(&mut tx, &current).await? {
        let why = PausedBecause::new(PauseCode::NotApproved);
        if !store::issue::unschedule(&mut tx, id, Some(&why)).await? {
            return Ok(Outcome::NoLongerDue);
        }
        tx.commit().await?;
        tracing::warn!(issue = %id, "its time has come, but nobody has approved what it says now");
        return Ok(Outcome::NotApproved);
    }
    let started = start(service, &mut tx, current.clone(), now).await?;
    let (by, done) = (&Actor::Schedule, started.action());
    log(service, &mut tx, by, done, &current).await?;
    tx.commit().await?;
    Ok(match started {
        Started::Sent => {
            tracing::info!(issue = %id, actor = %Actor::Schedule, "scheduled issue started");
            Outcome::Started
        }
        Started::Cancelled => {
            tracing::info!(issue = %id, "a summary of nothing was cancelled");
            Outcome::Cancelled
        }
    })
}
