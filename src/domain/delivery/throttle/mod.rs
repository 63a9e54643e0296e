//! How fast mails may go out over a relay or to a mailbox provider.
//!
//! A token bucket enforces the rate, and a counter the quota. A server that throttles us halves the
//! rate, which rises again with the mails that it accepts ([`Slowdown`]).

mod slowdown;
#[cfg(test)]
mod tests;

pub use slowdown::Slowdown;

use jiff::{SignedDuration, Timestamp};

use crate::domain::MAX_CLOCK_SKEW;
use crate::domain::text_enum::text_enum;

/// The lowest rate, in messages a second: one message in ten seconds.
const MIN_RATE: f64 = 0.1;

/// The limits of a relay or provider in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Messages a second, if limited.
    pub per_second: Option<f64>,
    /// Messages in a time window, if limited.
    pub quota: Option<Quota>,
}

impl Limits {
    /// Whether there is any limit.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// The most messages in a time window, which begins with the first of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// The number of messages.
    pub messages: i64,
    /// The length of the window.
    pub length: SignedDuration,
}

text_enum! {
    /// What a throttle applies to.
    #[derive(PartialOrd, Ord)]
    pub enum Scope as "scope of a throttle" {
        /// The relay itself.
        Relay = "relay",
        /// The provider of recipients' mailboxes, or their domain.
        Provider = "provider",
    }
}

impl Scope {
    /// The rate after the first throttling reply if there was no limit, in messages a second.
    fn first_rate(self) -> f64 {
        match self {
            Self::Relay => 100.0,
            Self::Provider => 10.0,
        }
    }
}

/// The state of the rate limit and quota of one relay or provider. Shared by all workers.
#[derive(Debug, Clone, PartialEq)]
pub struct Throttle {
    /// Whether it is of a relay or a provider.
    pub scope: Scope,
    /// The name of the relay or the provider.
    pub name: String,
    /// The tokens in the bucket at `filled_at`, in messages; negative if more was sent than allowed.
    pub credit: f64,
    /// When `credit` was computed.
    pub filled_at: Timestamp,
    /// The last throttling reply.
    pub slowed: Option<Slowdown>,
    /// When the window of the quota began, and how many messages were sent since.
    pub window: Option<(Timestamp, i64)>,
}

impl Throttle {
    /// Within this time, further throttling replies are to mails sent before the rate was halved.
    pub const REPEAT_WINDOW: SignedDuration = SignedDuration::from_secs(30);

    /// Without any message so far.
    #[must_use]
    pub fn new(scope: Scope, name: &str) -> Self {
        Self {
            scope,
            name: name.to_owned(),
            credit: 0.0,
            filled_at: Timestamp::UNIX_EPOCH,
            slowed: None,
            window: None,
        }
    }

    /// The rate now, in messages a second; `None` if there is no limit.
    #[must_use]
    pub fn rate(&self, limits: Limits, now: Timestamp) -> Option<f64> {
        let slowed = self.slowed.and_then(|slowed| slowed.rate_at(now));
        match (limits.per_second, slowed) {
            (Some(limit), Some(slowed)) => Some(limit.min(slowed)),
            (limit, slowed) => limit.or(slowed),
        }
    }

    /// How many messages may be sent now; `i64::MAX` if there is no limit.
    #[must_use]
    pub fn permits(&self, limits: Limits, now: Timestamp) -> i64 {
        let by_rate = self.rate(limits, now).map_or(i64::MAX, |rate| {
            #[allow(clippy::cast_possible_truncation)] // at most a second's worth
            let whole = self.credit_at(rate, now).floor() as i64;
            whole.max(0)
        });
        let by_quota = self.quota_left(limits, now).unwrap_or(i64::MAX);
        by_rate.min(by_quota)
    }

    /// How many messages are left of the quota in its present window; `None` if there is no quota.
    #[must_use]
    pub fn quota_left(&self, limits: Limits, now: Timestamp) -> Option<i64> {
        let left = |quota: Quota| (quota.messages - self.used(quota, now)).max(0);
        limits.quota.map(left)
    }

    /// Counts messages that are sent now, whether they were permitted or not.
    pub fn take(&mut self, limits: Limits, now: Timestamp, messages: i64) {
        if let Some(rate) = self.rate(limits, now) {
            #[allow(clippy::cast_precision_loss)] // counts of messages
            let taken = messages as f64;
            // Transactional mails are not held back by the limit; they cost at most a minute of it.
            self.credit = (self.credit_at(rate, now) - taken).max(-60.0 * burst(rate));
            self.filled_at = self.filled_by(now);
        }
        if let Some(quota) = limits.quota {
            let used = self.used(quota, now);
            let began = self.window.filter(|_| used > 0).map_or(now, |(at, _)| at);
            self.window = Some((began, used + messages));
        }
    }

    /// Returns messages that were counted and not sent to the quota. The rate needs no correction, as its
    /// bucket fills by itself.
    pub fn refund(&mut self, messages: i64) {
        if let Some((_, used)) = &mut self.window {
            *used = (*used - messages).max(0);
        }
    }

    /// Counts mails that were accepted: a lowered rate rises with them.
    pub fn accepted(&mut self, messages: i64) {
        if let Some(slowed) = &mut self.slowed {
            slowed.accepted(messages);
        }
    }

    /// Halves the rate: the present one or `taken`, the rate that was really reached, whichever is lower.
    /// Returns the new one in messages a second, or `None` if the rate was halved less than half a minute
    /// ago, which changes nothing.
    pub fn slow_down(&mut self, limits: Limits, taken: Option<f64>, now: Timestamp) -> Option<f64> {
        let is_repeated = self
            .slowed
            .and_then(|slowed| since(slowed.at, now))
            .is_some_and(|elapsed| elapsed < Self::REPEAT_WINDOW);
        if is_repeated {
            return None;
        }
        let first = 2.0 * self.scope.first_rate();
        let rate = match (self.rate(limits, now), taken) {
            (Some(present), Some(taken)) => present.min(taken),
            (present, taken) => present.or(taken).unwrap_or(first),
        };
        let slower = (rate / 2.0).max(MIN_RATE);
        self.slowed = Some(Slowdown::new(slower, now));
        self.credit = self.credit.min(0.0);
        self.filled_at = self.filled_by(now);
        Some(slower)
    }

    /// The bucket holds one second of messages, so that a pause is not followed by a burst.
    fn credit_at(&self, rate: f64, now: Timestamp) -> f64 {
        let full = burst(rate);
        since(self.filled_at, now).map_or(full, |elapsed| {
            (self.credit + rate * elapsed.as_secs_f64()).min(full)
        })
    }

    fn filled_by(&self, now: Timestamp) -> Timestamp {
        match since(self.filled_at, now) {
            Some(_) => self.filled_at.max(now),
            None => now,
        }
    }

    fn used(&self, quota: Quota, now: Timestamp) -> i64 {
        self.window
            .filter(|(began, _)| since(*began, now).is_some_and(|lasts| lasts < quota.length))
            .map_or(0, |(_, used)| used)
    }
}

/// The time since `at`; `None` if that lies in the future by more than clocks of machines differ. Then a
/// clock was set back, and nothing may wait until that time comes.
fn since(at: Timestamp, now: Timestamp) -> Option<SignedDuration> {
    let elapsed = now.duration_since(at);
    (elapsed > -MAX_CLOCK_SKEW).then(|| elapsed.max(SignedDuration::ZERO))
}

/// The size of the bucket.
fn burst(rate: f64) -> f64 {
    rate.ceil().max(1.0)
}
