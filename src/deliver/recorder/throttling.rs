//! Changes the throttles of relays and providers after their replies.

use std::collections::BTreeMap;

use super::Recorder;
use crate::deliver::lane::Done;
use crate::domain::{Scope, Throttle, Verdict};
use crate::store::{self, StoreError};

impl Recorder {
    /// Lowers the rate of each relay or provider that throttled us, for all workers.
    pub(super) async fn slow_down(&mut self, batch: &[Done]) {
        let mut throttling: BTreeMap<(Scope, String), Option<f64>> = BTreeMap::new();
        for done in batch {
            let provider = self.rules.provider(&done.attempt.address);
            match &done.verdict {
                Verdict::Accepted(_) => {
                    self.signals.accepted(provider);
                    self.recovery.accepted(done.relay.name(), provider);
                }
                Verdict::SlowDown(_, scope) => {
                    let slow = self.signals.throttled(*scope, done.relay.name(), provider);
                    throttling.extend(slow.into_iter().map(|s| ((s.scope, s.name), s.rate)));
                }
                _ => {}
            }
        }
        for ((scope, name), taken) in throttling {
            self.backoff.start(scope, &name);
            let lowered = store::with_timeout(self.lower_rate(scope, &name, taken));
            match lowered.await {
                Ok(Some(rate)) => {
                    tracing::warn!(%scope, name, messages_per_second = rate, "{scope} throttled us; rate lowered");
                }
                Ok(None) => {
                    tracing::debug!(%scope, name, "{scope} throttled us; its rate was lowered a moment ago");
                }
                Err(error) => {
                    tracing::error!(
                        %error, %scope, name,
                        "{scope} throttled us, but the lower rate could not be saved"
                    );
                }
            }
        }
    }

    /// Raises the lowered rates of those that accepted so many mails.
    pub(super) async fn raise_rates(&self, accepted: BTreeMap<(Scope, String), i64>) {
        for ((scope, name), messages) in accepted {
            let raise = |throttle: &mut Throttle| throttle.accepted(messages);
            match store::with_timeout(self.change(scope, &name, raise)).await {
                Ok(()) => tracing::debug!(%scope, name, messages, "the lowered rate rises"),
                Err(error) => tracing::error!(
                    %error, %scope, name, messages,
                    "a lowered rate could not be raised; mails go out more slowly for a while"
                ),
            }
        }
    }

    /// Returns unsent mails to the quotas that they were counted against.
    pub(super) async fn refund_unsent(&self, batch: &[Done]) {
        let mut unsent: BTreeMap<(Scope, String), i64> = BTreeMap::new();
        for done in batch {
            if done.verdict.is_unsent() {
                let provider = self.rules.provider(&done.attempt.address);
                for (scope, name) in [
                    (Scope::Relay, done.relay.name()),
                    (Scope::Provider, provider),
                ] {
                    if self.rules.limits(scope, name).quota.is_some() {
                        *unsent.entry((scope, name.to_owned())).or_default() += 1;
                    }
                }
            }
        }
        for ((scope, name), messages) in unsent {
            match store::with_timeout(self.refund(scope, &name, messages)).await {
                Ok(()) => {
                    tracing::debug!(%scope, name, messages, "unsent mails returned to the quota")
                }
                Err(error) => tracing::error!(
                    %error, %scope, name, messages,
                    "unsent mails could not be returned to the quota; fewer mails go out in this window"
                ),
            }
        }
    }

    async fn refund(&self, scope: Scope, name: &str, messages: i64) -> Result<(), StoreError> {
        let refund = |throttle: &mut Throttle| throttle.refund(messages);
        self.change(scope, name, refund).await
    }

    /// The new rate in messages a second; `None` if it was lowered less than half a minute ago.
    /// It is half of `taken`, the rate that was really reached, if that is known.
    async fn lower_rate(
        &self,
        scope: Scope,
        name: &str,
        taken: Option<f64>,
    ) -> Result<Option<f64>, StoreError> {
        let (limits, now) = (self.rules.limits(scope, name), self.service.clock.now());
        let lower = |throttle: &mut Throttle| throttle.slow_down(limits, taken, now);
        self.change(scope, name, lower).await
    }

    /// Changes a throttle under its lock.
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
}
