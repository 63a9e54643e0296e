//! Writes what happened: many deliveries in one transaction, counters with them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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

/// Whether the leases of a group are looked at first. That one has passed is rare, and
/// shows by what could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leases {
    Believed,
    LookedAt,
}

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
            let mut leases = Leases::Believed;
            loop {
                match self.write(&group, leases).await {
                    Ok(true) => break,
                    Ok(false) => leases = Leases::LookedAt,
                    Err(error) => {
                        tracing::error!(%error, waiting = group.len(), "deliveries cannot be recorded; sending waits");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
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

    /// Returns whether all was written; otherwise nothing was, as a lease has passed that was
    /// believed.
    async fn write(&mut self, group: &[Done], leases: Leases) -> Result<bool, StoreError> {
        // What a failed transaction has seen is seen again.
        let mut streaks = self.streaks.clone();
        // In order, so that two workers cannot wait for each other's counters.
        let mut by_lease: BTreeMap<(IssueId, Uuid), Vec<&Done>> = BTreeMap::new();
        for done in group {
            by_lease
                .entry((done.attempt.issue, done.lease))
                .or_default()
                .push(done);
        }
        let mut tx = self.service.store.write().await?;
        for ((issue, lease), mut group) in by_lease {
            if leases == Leases::LookedAt {
                keep_held(&mut tx, (issue, lease), &mut group).await?;
            }
            let streak = streaks.entry(issue).or_default();
            let all = self.write_lease(&mut tx, (issue, lease), &group, streak);
            if !all.await? {
                return Ok(false);
            }
        }
        tx.commit().await?;
        self.streaks = streaks;
        Ok(true)
    }

    /// Returns whether everything was written.
    async fn write_lease(
        &self,
        tx: &mut Write,
        (issue, lease): (IssueId, Uuid),
        group: &[&Done],
        streak: &mut Streak,
    ) -> Result<bool, StoreError> {
        let now = self.service.clock.now();
        let records: Vec<Record> = group
            .iter()
            .map(|done| record(&self.plan, &done.attempt, done.verdict.clone(), now))
            .collect();
        if store::delivery::record(tx, issue, lease, &records).await? < records.len() {
            return Ok(false);
        }
        let mut delta = Counts::default();
        for (done, record) in group.iter().zip(&records) {
            *count(&mut delta, done.attempt.state_before) -= 1;
            *count(&mut delta, record.state) += 1;
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
        Ok(true)
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

/// Leaves those in the group whose lease has not passed.
async fn keep_held(
    tx: &mut Write,
    (issue, lease): (IssueId, Uuid),
    group: &mut Vec<&Done>,
) -> Result<(), StoreError> {
    let id = |done: &&Done| done.attempt.subscription.0;
    let ids: Vec<i64> = group.iter().map(id).collect();
    let held: HashSet<i64> = store::delivery::held(tx, issue, lease, &ids)
        .await?
        .into_iter()
        .collect();
    group.retain(|done| held.contains(&id(done)));
    if group.len() < ids.len() {
        let refused = ids.len() - group.len();
        tracing::error!(%issue, refused, "records came after their lease had passed and were refused");
    }
    Ok(())
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
