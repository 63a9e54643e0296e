//! The checks before a delivery begins and before its final dot is sent.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Job;
use super::freshness::CheckedAt;
use super::invalidation::Invalidation;
use crate::deliver::throttle::backoff::Backoff;
use crate::deliver::throttle::provider_stall::ProviderStalls;
use crate::deliver::throttle::quotas::QuotaRules;
use crate::domain::{IssueState, SubscriptionState, Verdict};
use crate::log_limiter::failures;
use crate::mail::Relay;
use crate::metrics::RelayMetrics;
use crate::service::Service;
use crate::store;
use crate::store::delivery::DeliveryStatus;

/// How long a final dot may wait for the database. Later the relay may have closed the connection, and
/// a mail sent then could get lost or arrive twice.
const MAX_PERMISSION_WAIT: Duration = Duration::from_secs(60);

/// What the lanes of one relay check.
#[derive(Clone)]
pub(crate) struct Preflight {
    pub(crate) service: Service,
    pub(crate) relay: Arc<Relay>,
    pub(crate) rules: Arc<QuotaRules>,
    pub(crate) invalidation: Invalidation,
    pub(crate) backoff: Backoff,
    pub(crate) provider_stalls: ProviderStalls,
    pub(crate) stop: CancellationToken,
}

impl Preflight {
    /// What is counted of the relay.
    pub(super) fn relay_metrics(&self) -> Option<&RelayMetrics> {
        self.service.metrics.relay(self.relay.name())
    }

    /// Waits for the relay's reply about a recipient; `None` if too many lanes are stalled by the
    /// recipient's provider. Nothing was sent then, and the delivery is due again.
    pub(crate) async fn wait_for_reply<T>(
        &self,
        job: &Job,
        reply: impl Future<Output = T>,
    ) -> Option<T> {
        let mut reply = pin!(reply);
        // Behind a text, the replies to all commands usually come with the reply to it.
        if let Some(reply) = reply.as_mut().now_or_never() {
            return Some(reply);
        }
        let wait = self
            .provider_stalls
            .start_wait(self.rules.provider(&job.attempt.address));
        tokio::select! {
            biased;
            reply = reply => Some(reply),
            () = wait.exceeds_share() => None,
        }
    }

    /// Whether this delivery may begin now; then the check of consent that says so.
    ///
    /// # Errors
    /// The verdict on the delivery, if it must not begin.
    pub(crate) async fn check_before_start(&self, job: &Job) -> Result<CheckedAt, Verdict> {
        if self.stop.is_cancelled() || self.relay.is_paused() || self.service.hold.is_on() {
            return Err(Verdict::PutBack);
        }
        if !job.active {
            return Err(Verdict::NotWanted(
                "the subscription is paused or not active any more",
            ));
        }
        let provider = self.rules.provider(&job.attempt.address);
        if self.provider_stalls.room(provider) == Some(0)
            || self
                .backoff
                .holds_back(job.checked_at.at, self.relay.name(), provider)
        {
            return Err(Verdict::PutBack);
        }
        if self.is_still_valid(job.checked_at) {
            return Ok(job.checked_at);
        }
        let checked_at = CheckedAt::now(&self.service.clock);
        self.recheck_in_db(job).await.map_or(Ok(checked_at), Err)
    }

    /// Whether the final dot of a text may be sent. `last_recorded` answers once the lane's previous
    /// mail is recorded.
    ///
    /// # Errors
    /// The verdict on the delivery, if the final dot must not be sent.
    pub(crate) async fn permit_final_dot(
        &self,
        job: &Job,
        checked_at: CheckedAt,
        last_recorded: Option<oneshot::Receiver<()>>,
    ) -> Result<(), Verdict> {
        let asked = Instant::now();
        // At most one mail of a lane is unrecorded, so that a crash can duplicate no more than that.
        if let Some(recorded) = last_recorded
            && recorded.await.is_err()
        {
            return Err(Verdict::PutBack);
        }
        // A hold is known within half a second, as a pause of the issue is by the check below.
        if self.service.hold.is_on() {
            return Err(Verdict::PutBack);
        }
        // The relay was slow, this process was suspended, or an issue was paused: the person may have
        // unsubscribed, or the lease may have ended.
        if !self.is_still_valid(checked_at)
            && let Some(verdict) = self.recheck_in_db(job).await
        {
            return Err(verdict);
        }
        if asked.elapsed() > MAX_PERMISSION_WAIT {
            return Err(Verdict::PutBack);
        }
        Ok(())
    }

    fn is_still_valid(&self, checked_at: CheckedAt) -> bool {
        checked_at.is_fresh(&self.service.clock) && self.invalidation.is_valid(checked_at)
    }

    /// Reads issue, subscription and lease again; returns why the delivery must not go on, if so.
    async fn recheck_in_db(&self, job: &Job) -> Option<Verdict> {
        let query = async {
            let mut db = self.service.store.read().await?;
            let (issue, subscription) = (job.attempt.issue, job.attempt.subscription);
            store::delivery::status(&mut db, issue, subscription, job.lease).await
        };
        let status = match store::with_timeout(query).await {
            Ok(Some(status)) => status,
            Ok(None) => return Some(not_active()),
            Err(error) => {
                // No delivery begins without a check of consent.
                failures::warn(
                    "consent cannot be checked; the delivery is put back",
                    &error,
                );
                return Some(Verdict::PutBack);
            }
        };
        let against = self.objection(job, &status);
        tracing::debug!(
            against = against.as_ref().map(Verdict::as_str),
            "consent, issue and lease checked again"
        );
        against
    }

    fn objection(&self, job: &Job, status: &DeliveryStatus) -> Option<Verdict> {
        let now = self.service.clock.now();
        let is_ours = status
            .lease
            .is_some_and(|(lease, until)| lease == job.lease && until > now);
        match (status.issue, status.subscription) {
            // This process was suspended; another worker may have sent the mail meanwhile.
            _ if !is_ours => Some(Verdict::PutBack),
            // The issue was corrected meanwhile.
            _ if status.revision != job.attempt.revision && !job.attempt.revision_pinned => {
                Some(Verdict::PutBack)
            }
            (IssueState::Sending, SubscriptionState::Active)
                if status.paused_until.is_some_and(|until| until > now) =>
            {
                Some(Verdict::NotWanted("the subscription is paused"))
            }
            // The next claim takes the new address.
            (IssueState::Sending, SubscriptionState::Active)
                if status.address != job.attempt.address =>
            {
                Some(Verdict::PutBack)
            }
            (IssueState::Sending, SubscriptionState::Active) => None,
            (IssueState::Cancelled, _) => Some(Verdict::NotWanted("the issue was cancelled")),
            (IssueState::Sending, _) => Some(not_active()),
            _ => Some(Verdict::PutBack),
        }
    }
}

fn not_active() -> Verdict {
    Verdict::NotWanted("the subscription is not active any more")
}
