//! Writes what happened: many deliveries in one transaction, counters with them.

pub(super) mod batch_target;
pub(super) mod outcome;
mod refusal_breaker;

pub use outcome::RetryPlan;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::engine::finish::finish;
use super::engine::held_leases::Held;
use super::lane::Done;
use super::lane::invalidation::Doubt;
use super::throttle::backoff::{Brake, Requests};
use super::throttle::quotas::Rules;
use crate::domain::{Counts, IssueId, IssueState, Reply, Scope, Throttle, Verdict};
use crate::service::Service;
use crate::store::delivery::record::{MOST as GROUP, Record};
use crate::store::{self, StoreError};
use batch_target::Aim;
use outcome::record;
use refusal_breaker::Streak;

/// So long a group that is small is waited for: a commit costs the same for all.
const GATHER: Duration = Duration::from_millis(5);
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
    pub(super) aim: Aim,
    /// The refusals of each issue by each relay since that last accepted a mail of it.
    pub(super) streaks: HashMap<(IssueId, String), Streak>,
}

impl Recorder {
    /// Works until every lane has ended. While the database cannot be written,
    /// what happened is kept here, and the lanes wait.
    pub(super) async fn run(mut self) {
        let mut group = Vec::with_capacity(GROUP);
        while self.done.recv_many(&mut group, GROUP).await > 0 {
            self.gather(&mut group).await;
            let alike = self.refused_alike(&group);
            for (issue, records) in self.records(&group) {
                // One that is to be paused has not ended, also if this was everybody.
                let may_end = !alike.contains_key(&issue);
                while let Err(error) = store::in_time(self.write(issue, &records, may_end)).await {
                    tracing::error!(%error, waiting = group.len(), "deliveries cannot be recorded; sending waits");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            for (issue, reply) in alike {
                while let Err(error) = store::in_time(self.pause(issue, &reply)).await {
                    tracing::error!(%error, %issue, "the issue cannot be paused; sending waits");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            self.slow_down(&group).await;
            self.give_back(&group).await;
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

    /// Waits for as many outcomes as make a group worth its commit, if they come in time.
    async fn gather(&mut self, group: &mut Vec<Done>) {
        let (end, aim) = (Instant::now() + GATHER, self.aim.next().min(GROUP));
        while group.len() < aim {
            let room = GROUP - group.len();
            match timeout_at(end, self.done.recv_many(group, room)).await {
                Ok(0) => return,
                Err(_) => return self.aim.missed(group.len()),
                Ok(_) => {}
            }
        }
    }

    /// What is to be written about each issue.
    fn records(&self, group: &[Done]) -> BTreeMap<IssueId, Vec<Record>> {
        let now = self.service.clock.now();
        let mut records: BTreeMap<IssueId, Vec<Record>> = BTreeMap::new();
        for done in group {
            let record = record(
                &self.plan,
                &done.attempt,
                done.lease,
                done.verdict.clone(),
                now,
            );
            records.entry(done.attempt.issue).or_default().push(record);
        }
        records
    }

    async fn write(
        &self,
        issue: IssueId,
        records: &[Record],
        may_end: bool,
    ) -> Result<(), StoreError> {
        let recorded = store::delivery::record::write(&self.service.store, issue, records).await?;
        let refused = i64::try_from(records.len()).unwrap_or(i64::MAX) - recorded.written;
        if refused > 0 {
            tracing::error!(%issue, refused, "records came after their lease had passed and were refused");
        }
        if may_end
            && recorded.waiting == 0
            && let Err(error) = finish(&self.service, issue).await
        {
            tracing::error!(%error, %issue, "not noted as sent yet; every worker looks for such issues");
        }
        Ok(())
    }

    /// The issues that everybody's relay refuses alike, with its words.
    fn refused_alike(&mut self, group: &[Done]) -> BTreeMap<IssueId, Reply> {
        let mut found = BTreeMap::new();
        for done in group {
            let key = (done.attempt.issue, done.relay.name().to_owned());
            let streak = self.streaks.entry(key).or_default();
            if let Some(reply) = streak.next(&done.verdict) {
                found.insert(done.attempt.issue, reply);
            }
        }
        found
    }

    /// Lowers the rate of whoever asked for less, for all workers.
    async fn slow_down(&mut self, group: &[Done]) {
        let mut slow = BTreeSet::new();
        for done in group {
            if let Verdict::SlowDown(_, scope) = &done.verdict {
                let provider = self.rules.provider(&done.attempt.address);
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

    /// What did not go does not use up a quota.
    async fn give_back(&self, group: &[Done]) {
        let mut unused: BTreeMap<(Scope, String), i64> = BTreeMap::new();
        for done in group {
            if let Verdict::PutBack | Verdict::NotTried(_) | Verdict::NotWanted(_) = done.verdict {
                let provider = self.rules.provider(&done.attempt.address);
                for (scope, name) in [
                    (Scope::Relay, done.relay.name()),
                    (Scope::Provider, provider),
                ] {
                    if self.rules.limits(scope, name).quota.is_some() {
                        *unused.entry((scope, name.to_owned())).or_default() += 1;
                    }
                }
            }
        }
        for ((scope, name), messages) in unused {
            if let Err(error) = store::in_time(self.refund(scope, &name, messages)).await {
                tracing::error!(%error, %scope, name, messages, "were not sent and count all the same");
            }
        }
    }

    async fn refund(&self, scope: Scope, name: &str, messages: i64) -> Result<(), StoreError> {
        let back = |throttle: &mut Throttle| throttle.give_back(messages);
        self.change(scope, name, back).await
    }

    async fn lower(&self, scope: Scope, name: &str) -> Result<Option<f64>, StoreError> {
        let (limits, now) = (self.rules.limits(scope, name), self.service.clock.now());
        let slower = |throttle: &mut Throttle| throttle.slow_down(limits, now);
        self.change(scope, name, slower).await
    }

    /// Changes a throttle, for all workers.
    async fn change<T>(
        &self,
        scope: Scope,
        name: &str,
        change: impl FnOnce(&mut Throttle) -> T,
    ) -> Result<T, StoreError> {
        let mut tx = self.service.store.write().await?;
        let mut throttle = store::delivery::throttle::lock(&mut tx, scope, name).await?;
        let changed = change(&mut throttle);
        store::delivery::throttle::save(&mut tx, &throttle).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Stops an issue that everybody's relay refuses alike; who was refused so waits with the rest.
    async fn pause(&self, issue: IssueId, reply: &Reply) -> Result<(), StoreError> {
        let why = format!(
            "the relay refused one reader after the other with the same answer: {} {}",
            reply.code, reply.text
        );
        let mut tx = self.service.store.write().await?;
        let paused = store::issue::pause_because(&mut tx, issue, &why).await?;
        if paused {
            // Not the words: relays put addresses into them. The issue says why.
            tracing::error!(%issue, code = reply.code, "everybody is refused alike; the issue was paused");
            self.doubt.raise();
        }
        if store::issue::state(&mut tx, issue).await? == Some(IssueState::Paused) {
            let now = self.service.clock.now();
            let back = store::delivery::take_back(&mut tx, issue, reply.code, now).await?;
            let delta = Counts {
                failed: -back,
                deferred: back,
                ..Counts::default()
            };
            store::issue::progress::add_counts(&mut tx, issue, delta).await?;
        }
        tx.commit().await
    }
}
