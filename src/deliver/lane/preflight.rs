//! Whether a delivery may begin, and whether its text may become a mail.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Job;
use super::freshness::CheckedAt;
use super::invalidation::Invalidation;
use crate::deliver::throttle::backoff::Backoff;
use crate::deliver::throttle::provider_stall::ProviderStalls;
use crate::deliver::throttle::quotas::QuotaRules;
use crate::domain::{IssueState, Reply, SubscriptionState, Verdict};
use crate::mail::Relay;
use crate::service::Service;
use crate::store;

/// How long a relay that waits for a text is kept waiting for the database.
const MAX_PERMISSION_WAIT: Duration = Duration::from_secs(60);

/// What the lanes of a relay ask before each step.
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
    /// Waits for the relay's word on a recipient; `None` if too many lanes already do.
    pub(crate) async fn wait<T>(&self, job: &Job, answer: impl Future<Output = T>) -> Option<T> {
        let wait = self
            .provider_stalls
            .wait(self.rules.provider(&job.attempt.address));
        tokio::select! {
            answer = answer => Some(answer),
            () = wait.exceeds_share() => None,
        }
    }

    /// Why this delivery should not begin now, if there is a reason.
    pub(crate) async fn check_before_start(&self, job: &Job) -> Option<Verdict> {
        if self.stop.is_cancelled() {
            return Some(Verdict::PutBack);
        }
        if !job.active {
            return Some(Verdict::NotWanted(
                "the subscription is paused or not active any more",
            ));
        }
        let provider = self.rules.provider(&job.attempt.address);
        if self.provider_stalls.is_full(provider) {
            return Some(provider_stalled());
        }
        if self
            .backoff
            .holds_back(job.look.at, self.relay.name(), provider)
        {
            return Some(Verdict::PutBack);
        }
        if self.is_still_valid(job.look) {
            return None;
        }
        self.recheck_in_db(job).await
    }

    /// Whether the text on its way may be ended; what is against it, if anything is.
    pub(crate) async fn permit_final_dot(
        &self,
        job: &Job,
        since: CheckedAt,
        last: Option<oneshot::Receiver<()>>,
    ) -> Result<(), Verdict> {
        let asked = Instant::now();
        // At most one message of a lane is unrecorded: a crash can double no more.
        if let Some(recorded) = last
            && recorded.await.is_err()
        {
            return Err(Verdict::PutBack);
        }
        // The relay took its time, this process slept, or an issue was stopped: the reader may have
        // left, our lease have passed. The last look before the text becomes a mail.
        if !self.is_still_valid(since)
            && let Some(verdict) = self.recheck_in_db(job).await
        {
            return Err(verdict);
        }
        if asked.elapsed() > MAX_PERMISSION_WAIT {
            // The relay may have given up on us; an end sent now could get lost or doubled.
            return Err(Verdict::PutBack);
        }
        Ok(())
    }

    /// A look that is taken now.
    pub(crate) fn look(&self) -> CheckedAt {
        CheckedAt::now(&self.service.clock)
    }

    fn is_still_valid(&self, look: CheckedAt) -> bool {
        look.is_fresh(&self.service.clock) && self.invalidation.is_after_mark(look)
    }

    /// What the database says against this delivery, asked now.
    async fn recheck_in_db(&self, job: &Job) -> Option<Verdict> {
        let gone = Verdict::NotWanted("the subscription is not active any more");
        let look = async {
            let mut db = self.service.store.read().await?;
            store::delivery::status(&mut db, job.attempt.issue, job.attempt.subscription).await
        };
        let standing = match store::with_timeout(look).await {
            Ok(Some(standing)) => standing,
            Ok(None) => return Some(gone),
            Err(error) => {
                // Without the database nothing may begin.
                tracing::warn!(%error, "consent cannot be checked; the delivery is put back");
                return Some(Verdict::PutBack);
            }
        };
        let now = self.service.clock.now();
        let is_ours = standing
            .lease
            .is_some_and(|(lease, until)| lease == job.lease && until > now);
        match (standing.issue, standing.subscription) {
            // This process slept; somebody else may have sent it meanwhile.
            _ if !is_ours => Some(Verdict::PutBack),
            // Corrected meanwhile.
            _ if standing.revision != job.attempt.revision && !job.attempt.revision_pinned => {
                Some(Verdict::PutBack)
            }
            (IssueState::Sending, SubscriptionState::Active)
                if standing.paused_until.is_some_and(|until| until > now) =>
            {
                Some(Verdict::NotWanted("the reader has paused"))
            }
            (IssueState::Sending, SubscriptionState::Active) => None,
            (IssueState::Cancelled, _) => Some(Verdict::NotWanted("the issue was cancelled")),
            (IssueState::Sending, _) => Some(gone),
            _ => Some(Verdict::PutBack),
        }
    }
}

/// Nothing was sent, and it is not known what the relay would have said.
pub(crate) fn provider_stalled() -> Verdict {
    let why = "the relay keeps several connections waiting for an answer about this provider of mailboxes";
    Verdict::TryLater(Reply::new(0, why))
}
