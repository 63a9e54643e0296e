//! Writes what happened: many deliveries in one transaction, counters with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use uuid::Uuid;

use super::brake::{Brake, Requests};
use super::doubt::Doubt;
use super::held::Held;
use super::lane::Done;
use super::limits::Rules;
use super::outcome::{RetryPlan, record};
use super::streak::Streak;
use crate::domain::{Counts, DeliveryState, IssueId, IssueState, Reply, Scope, Verdict};
use crate::service::Service;
use crate::store::delivery::Record;
use crate::store::{self, StoreError, Write};

/// The most deliveries in one transaction.
const GROUP: usize = 512;
/// How long to wait before the database is asked again.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Recorder {
    pub(super) service: Service,
    pub(super) plan: RetryPlan,
    pub(super) held: Held,
    pub(super) done: mpsc::Receiver<Done>,
    pub(super) doubt: Doubt,
    pub(super) brake: Brake,
    pub(super) rules: Arc<Rules>,
    pub(super) requests: Requests,
    /// The refusals of each issue since a mail was last accepted.
    pub(super) streaks: HashMap<IssueId, Streak>,
}

impl Recorder {
    /// Works until every lane has ended. While the database cannot be written,
    /// what happened is kept here, and the lanes wait.
    pub(super) async fn run(mut self) {
        let mut group = Vec::with_capacity(GROUP);
        while self.done.recv_many(&mut group, GROUP).await > 0 {
            loop {
                // What a failed transaction has seen is seen again.
                let mut streaks = self.streaks.clone();
                let Err(error) = self.write(&group, &mut streaks).await else {
                    self.streaks = streaks;
                    break;
                };
                tracing::error!(%error, waiting = group.len(), "deliveries cannot be recorded; sending waits");
                tokio::time::sleep(PAUSE).await;
            }
            self.slow_down(&group).await;
            for done in group.drain(..) {
                self.held.remove(
                    done.attempt.issue,
                    done.lease,
                    std::iter::once(done.attempt.subscription),
                );
                // A lane that has ended does not wait for this.
                let _ = done.recorded.send(());
            }
        }
    }

    /// Lowers the rate of whoever asked for less, for all workers.
    async fn slow_down(&mut self, group: &[Done]) {
        let mut slow = BTreeSet::new();
        for done in group {
            if let Verdict::SlowDown(_, scope) = &done.verdict {
                let provider = self.rules.provider(done.attempt.address.domain());
                slow.extend(self.requests.add(*scope, done.relay.name(), provider));
            }
        }
        for (scope, name) in slow {
            self.brake.pull(scope, &name);
            match self.lower(scope, &name).await {
                Ok(Some(rate)) => {
                    tracing::warn!(%scope, name, rate, "asked for less; so many messages a second from now");
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, %scope, name, "asked for less, and it could not be noted");
                }
            }
        }
    }

    async fn lower(&self, scope: Scope, name: &str) -> Result<Option<f64>, StoreError> {
        let mut tx = self.service.store.write().await?;
        let mut throttle = store::throttle::lock(&mut tx, scope, name).await?;
        let limits = self.rules.limits(scope, name);
        let rate = throttle.slow_down(limits, self.service.clock.now());
        store::throttle::save(&mut tx, &throttle).await?;
        tx.commit().await?;
        Ok(rate)
    }

    async fn write(
        &self,
        group: &[Done],
        streaks: &mut HashMap<IssueId, Streak>,
    ) -> Result<(), StoreError> {
        // In order, so that two workers cannot wait for each other's counters.
        let mut by_lease: BTreeMap<(IssueId, Uuid), Vec<&Done>> = BTreeMap::new();
        for done in group {
            by_lease
                .entry((done.attempt.issue, done.lease))
                .or_default()
                .push(done);
        }
        let mut tx = self.service.store.write().await?;
        for ((issue, lease), group) in by_lease {
            let streak = streaks.entry(issue).or_default();
            self.write_lease(&mut tx, (issue, lease), &group, streak)
                .await?;
        }
        tx.commit().await
    }

    async fn write_lease(
        &self,
        tx: &mut Write,
        (issue, lease): (IssueId, Uuid),
        group: &[&Done],
        streak: &mut Streak,
    ) -> Result<(), StoreError> {
        let now = self.service.clock.now();
        let records: Vec<Record> = group
            .iter()
            .map(|done| record(&self.plan, &done.attempt, done.verdict.clone(), now))
            .collect();
        let written = store::delivery::record(tx, issue, lease, &records).await?;
        if written.len() < records.len() {
            let refused = records.len() - written.len();
            tracing::error!(%issue, refused, "records came after their lease had passed and were refused");
        }
        let written: std::collections::HashSet<_> = written.into_iter().collect();
        let mut delta = Counts::default();
        for (done, record) in group.iter().zip(&records) {
            if written.contains(&record.subscription) {
                *count(&mut delta, done.attempt.state_before) -= 1;
                *count(&mut delta, record.state) += 1;
            }
        }
        let waiting = store::issue::add_counts(tx, issue, delta).await?;
        for done in group {
            if let Some(reply) = streak.next(&done.verdict) {
                self.pause(tx, issue, &reply).await?;
            }
        }
        if waiting == 0 && store::issue::finish(tx, issue, now).await? {
            tracing::info!(%issue, "sent");
        }
        Ok(())
    }

    /// Stops an issue that everybody's relay refuses alike; who was refused so waits with the rest.
    async fn pause(&self, tx: &mut Write, issue: IssueId, reply: &Reply) -> Result<(), StoreError> {
        let why = format!(
            "the relay refused one reader after the other with the same answer: {} {}",
            reply.code, reply.text
        );
        let paused = store::issue::pause_because(tx, issue, &why).await?;
        if paused {
            // Not the words: relays put addresses into them. The issue says why.
            tracing::error!(%issue, code = reply.code, "everybody is refused alike; the issue was paused");
            self.doubt.raise();
        }
        if store::issue::state(tx, issue).await? == Some(IssueState::Paused) {
            let now = self.service.clock.now();
            let back = store::delivery::take_back(tx, issue, reply.code, now).await?;
            let delta = Counts {
                failed: -back,
                deferred: back,
                ..Counts::default()
            };
            store::issue::add_counts(tx, issue, delta).await?;
        }
        Ok(())
    }
}

fn count(counts: &mut Counts, state: DeliveryState) -> &mut i64 {
    match state {
        DeliveryState::Queued => &mut counts.queued,
        DeliveryState::Sent => &mut counts.sent,
        DeliveryState::Deferred => &mut counts.deferred,
        DeliveryState::Bounced => &mut counts.bounced,
        DeliveryState::Failed => &mut counts.failed,
        DeliveryState::Skipped => &mut counts.skipped,
        DeliveryState::Unknown => &mut counts.unknown,
    }
}
