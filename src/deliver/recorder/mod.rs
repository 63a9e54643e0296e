//! Writes outcomes to the database: those of many deliveries in one transaction, together with the
//! counters of their issue.
//!
//! [`batch_target`] says how many outcomes are worth a commit. What the outcomes of many deliveries tell
//! together is acted on here too: [`throttling`] slows a relay or provider down, and [`refusal_breaker`]
//! pauses an issue that is refused alike for everybody, [`silence_breaker`] one whose mails nobody answers.

mod batch_target;
mod outcomes;
mod refusal_breaker;
mod silence_breaker;
mod throttling;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::{Instrument, debug, debug_span};

use super::engine::LOOP_LIMIT;
use super::engine::finish::finish;
use super::engine::held_leases::HeldLeases;
use super::issue_pause::{PauseCause, pause, take_back_bounced};
use super::lane::Done;
use super::lane::invalidation::Invalidation;
use super::outcome_log::RefusalLog;
use super::retry::RetryPolicy;
use super::retry::outcome::delivery_record;
use super::throttle::backoff::Backoff;
use super::throttle::quotas::QuotaRules;
use super::throttle::recovery::{Recovery, Slowed};
use super::throttle::signals::ThrottleSignals;
use super::until_done::until_done;
use crate::domain::{IssueId, Verdict};
use crate::service::Service;
use crate::store::delivery::record::{MAX_BATCH, Record};
use crate::store::{self, StoreError};
use batch_target::BatchTarget;
pub(super) use outcomes::{OutcomeReceiver, OutcomeSender, outcome_queue};
use refusal_breaker::RefusalBreakers;
use silence_breaker::SilenceBreakers;

/// How long to wait for more outcomes before a commit.
const MAX_BATCH_WAIT: Duration = Duration::from_millis(5);
/// How often the log is brought up to date while nothing is sent.
const IDLE: Duration = Duration::from_secs(10);

/// Receives the outcomes of all lanes.
pub(super) struct Recorder {
    service: Service,
    retry_policy: RetryPolicy,
    held_leases: HeldLeases,
    outcomes: OutcomeReceiver<Done>,
    rules: Arc<QuotaRules>,
    /// Shared with the lanes.
    pub(super) invalidation: Invalidation,
    /// Shared with the lanes.
    pub(super) backoff: Backoff,
    signals: ThrottleSignals,
    recovery: Recovery,
    refusal_log: RefusalLog,
    batch_target: BatchTarget,
    refusal_breakers: RefusalBreakers,
    silence_breakers: SilenceBreakers,
}

impl Recorder {
    /// A recorder of this number of lanes.
    pub(super) fn new(
        service: Service,
        held_leases: HeldLeases,
        outcomes: OutcomeReceiver<Done>,
        rules: Arc<QuotaRules>,
        slowed: Slowed,
        lanes: usize,
    ) -> Self {
        Self {
            retry_policy: RetryPolicy::for_deliveries(&service.settings.worker),
            service,
            held_leases,
            outcomes,
            rules,
            invalidation: Invalidation::default(),
            backoff: Backoff::default(),
            signals: ThrottleSignals::default(),
            recovery: Recovery::new(slowed),
            refusal_log: RefusalLog::default(),
            batch_target: BatchTarget::new(lanes),
            refusal_breakers: RefusalBreakers::default(),
            silence_breakers: SilenceBreakers::new(lanes),
        }
    }

    /// Works until every lane has ended. While the database cannot be written, outcomes are kept in
    /// memory, and the lanes wait before their next final dot.
    pub(super) async fn run(mut self) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        let heartbeat = self.service.heartbeats.start("recorder", LOOP_LIMIT);
        let beat = || heartbeat.beat();
        loop {
            heartbeat.beat();
            let received = self.outcomes.recv_many(&mut batch, MAX_BATCH);
            match tokio::time::timeout(IDLE, received).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(_) => {
                    self.refusal_log.log_overdue();
                    continue;
                }
            }
            self.gather(&mut batch).await;
            let to_pause = self.must_pause(&batch);
            for (issue, records) in self.records(&batch) {
                let span = debug_span!("record", %issue, deliveries = records.len());
                // An issue that is about to be paused is not sent, even if nothing waits any more.
                let may_finish = !to_pause.contains_key(&issue);
                let failed =
                    "outcomes cannot be recorded; sending waits until the database can be written";
                let write = || {
                    self.write(issue, &records, may_finish)
                        .instrument(span.clone())
                };
                until_done(failed, beat, write).await;
            }
            for (issue, since) in self.bounced(&batch, &to_pause) {
                let failed = "it is not known whether an issue is paused; sending waits";
                let take_back = || take_back_bounced(&self.service, issue, since);
                until_done(failed, beat, take_back).await;
            }
            let causes = to_pause.into_iter();
            for (issue, cause) in
                causes.flat_map(|(issue, all)| all.into_iter().map(move |one| (issue, one)))
            {
                let failed = format!("the issue {issue} cannot be paused; sending waits");
                until_done(failed, beat, || self.pause(issue, &cause)).await;
            }
            self.slow_down(&batch).await;
            let accepted = self.recovery.due();
            self.raise_rates(accepted).await;
            self.refund_unsent(&batch).await;
            self.refusal_log.log_overdue();
            for done in batch.drain(..) {
                self.refusal_log.observe(done.relay.name(), &done.verdict);
                let Done { attempt, lease, .. } = &done;
                let provider = self.rules.provider(&attempt.address);
                let metrics = &self.service.metrics;
                metrics.delivery_ended(done.relay.name(), provider, &done.verdict);
                metrics.leases_held.dec();
                self.held_leases
                    .remove(attempt.issue, *lease, attempt.subscription);
                // A lane that has ended does not wait for this.
                let _ = done.recorded.send(());
            }
        }
        let accepted = self.recovery.take();
        self.raise_rates(accepted).await;
        self.refusal_log.log_remaining();
    }

    /// Waits a moment for more outcomes, up to the number that is worth a commit.
    async fn gather(&mut self, batch: &mut Vec<Done>) {
        let end = Instant::now() + MAX_BATCH_WAIT;
        let target = self.batch_target.next().min(MAX_BATCH);
        while batch.len() < target {
            let came = self.outcomes.wait_for(target - batch.len(), end).await;
            self.outcomes.take(batch, MAX_BATCH - batch.len());
            if !came && batch.len() < target {
                return self.batch_target.missed(batch.len());
            }
        }
    }

    /// What to write, by issue.
    fn records(&self, batch: &[Done]) -> BTreeMap<IssueId, Vec<Record>> {
        let now = self.service.clock.now();
        let mut records: BTreeMap<IssueId, Vec<Record>> = BTreeMap::new();
        for done in batch {
            let (attempt, verdict) = (&done.attempt, done.verdict.clone());
            let record = delivery_record(&self.retry_policy, attempt, done.lease, verdict, now);
            if let Some(due_at) = record.due_at.filter(|_| record.attempt > 0) {
                let seconds = due_at.saturating_sub(now.as_microsecond()) / 1_000_000;
                debug!(
                    issue = %attempt.issue, subscription = %attempt.subscription,
                    state = %record.state, attempts = attempt.attempts_before + 1,
                    retry_in_seconds = seconds, "will be tried again"
                );
            }
            records.entry(attempt.issue).or_default().push(record);
        }
        records
    }

    /// Records outcomes of one issue, and marks it as sent if none of its deliveries waits any more.
    async fn write(
        &self,
        issue: IssueId,
        records: &[Record],
        may_finish: bool,
    ) -> Result<(), StoreError> {
        let started = Instant::now();
        let recorded = store::delivery::record::write(&self.service.store, issue, records).await?;
        let metrics = &self.service.metrics;
        metrics
            .record_seconds
            .observe(started.elapsed().as_secs_f64());
        debug!(
            %issue, deliveries = recorded.written, waiting = recorded.waiting,
            took = ?started.elapsed(), "recorded"
        );
        let late = i64::try_from(records.len()).unwrap_or(i64::MAX) - recorded.written;
        if late > 0 {
            debug!(%issue, late, "came after their leases had ended, and were not recorded");
        }
        let lost = recorded.attempts_lost;
        if lost > 0 {
            metrics.outcomes_lost.inc_by(lost.unsigned_abs());
            tracing::error!(
                %issue, lost,
                "outcomes of attempts came after their leases had ended and were not recorded; those deliveries may be sent twice"
            );
        }
        if may_finish
            && recorded.waiting == 0
            && let Err(error) = finish(&self.service, issue).await
        {
            tracing::error!(%error, %issue, "the issue is not marked as sent yet; a worker will try again shortly");
        }
        Ok(())
    }

    /// The issues that have to pause, and all causes.
    fn must_pause(&mut self, batch: &[Done]) -> BTreeMap<IssueId, Vec<PauseCause>> {
        let mut found: BTreeMap<IssueId, Vec<PauseCause>> = BTreeMap::new();
        let now = self.service.clock.now();
        for done in batch {
            let issue = done.attempt.issue;
            let mut add = |cause| {
                let causes = found.entry(issue).or_default();
                if !causes
                    .iter()
                    .any(|known: &PauseCause| known.is_like(&cause))
                {
                    causes.push(cause);
                }
            };
            if let Verdict::CannotBeBuilt(reply) = &done.verdict {
                add(PauseCause::CannotBeBuilt(reply.text.clone()));
            }
            let (relay, attempts) = (done.relay.name(), done.attempt.attempts_before);
            let why = self
                .refusal_breakers
                .observe((issue, relay), attempts, &done.verdict, now);
            if let Some(why) = why {
                add(PauseCause::RefusedAlike(why));
            }
            if let Some(reply) = self.silence_breakers.observe((issue, relay), &done.verdict) {
                add(PauseCause::Unanswered(reply));
            }
        }
        found
    }

    /// The issues that do not pause because of this batch, of which mailboxes are refused and nobody is reached between
    /// them, and since when.
    fn bounced(
        &self,
        batch: &[Done],
        to_pause: &BTreeMap<IssueId, Vec<PauseCause>>,
    ) -> BTreeMap<IssueId, Timestamp> {
        let refused = batch.iter().filter(|done| {
            matches!(done.verdict, Verdict::RecipientRefused(_))
                && !to_pause.contains_key(&done.attempt.issue)
        });
        let since = refused.filter_map(|done| {
            let issue = done.attempt.issue;
            Some((issue, self.refusal_breakers.mailboxes_since(issue)?))
        });
        since.collect()
    }

    /// Pauses an issue that is of no use to send on.
    async fn pause(&self, issue: IssueId, cause: &PauseCause) -> Result<(), StoreError> {
        if pause(&self.service, issue, cause).await? {
            self.invalidation.invalidate_checks();
        }
        Ok(())
    }
}
