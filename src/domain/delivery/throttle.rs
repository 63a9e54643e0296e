//! How fast mails may go out over a relay or to a provider of mailboxes.
//!
//! A bucket of credit fills at the rate allowed, a count keeps the quota, and whoever is told
//! to slow down halves the rate, which then grows again by itself.

use jiff::{SignedDuration, Timestamp};

use crate::domain::text_enum::text_enum;

/// Growth of a rate that was slowed down, a minute.
const GROWTH: f64 = 1.5;
/// From this rate on, in messages a second, nothing is slowed down any more.
const FREE: f64 = 10_000.0;
/// The slowest rate: one message in ten seconds.
const SLOWEST: f64 = 0.1;
/// What comes back within this time speaks of the rate before it was halved.
const REPEAT_WINDOW: SignedDuration = SignedDuration::from_secs(30);
/// How far ahead of ours the clock of another machine may be.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// What the settings allow.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Messages a second, if limited.
    pub per_second: Option<f64>,
    /// Messages in a window, if limited.
    pub quota: Option<Quota>,
}

impl Limits {
    /// Whether anything is limited.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// So many messages in a window, which begins with the first of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// How many.
    pub messages: i64,
    /// The length of the window.
    pub length: SignedDuration,
}

text_enum! {
    /// Who speaks when a server asks for less.
    #[derive(PartialOrd, Ord)]
    pub enum Scope as "scope of a throttle" {
        /// The relay itself.
        Relay = "relay",
        /// The provider of the recipient's mailbox.
        Provider = "provider",
    }
}

impl Scope {
    /// Messages a second after the first request to slow down, where none are limited.
    fn first_rate(self) -> f64 {
        match self {
            Self::Relay => 100.0,
            Self::Provider => 10.0,
        }
    }
}

/// Where a relay or a provider stands. Shared by all workers.
#[derive(Debug, Clone, PartialEq)]
pub struct Throttle {
    /// Of what.
    pub scope: Scope,
    /// The name of the relay or the provider.
    pub name: String,
    /// Messages that could go at `filled_at`; negative where more went.
    pub credit: f64,
    /// When the credit was counted.
    pub filled_at: Timestamp,
    /// The rate that a request to slow down led to, and when.
    pub slowed: Option<(f64, Timestamp)>,
    /// When the window of the quota began, and what went since.
    pub window: Option<(Timestamp, i64)>,
}

impl Throttle {
    /// Of which nothing is known yet.
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

    /// Messages a second at this moment; `None` if nothing holds them back.
    #[must_use]
    pub fn rate(&self, limits: Limits, now: Timestamp) -> Option<f64> {
        let slowed = self
            .slowed
            .and_then(|(rate, at)| {
                let minutes = since(at, now)?.as_secs_f64() / 60.0;
                Some(rate * GROWTH.powf(minutes))
            })
            .filter(|rate| *rate < FREE);
        match (limits.per_second, slowed) {
            (Some(limit), Some(slowed)) => Some(limit.min(slowed)),
            (limit, slowed) => limit.or(slowed),
        }
    }

    /// Messages that may go now; `i64::MAX` if nothing holds them back.
    #[must_use]
    pub fn permits(&self, limits: Limits, now: Timestamp) -> i64 {
        let by_rate = self.rate(limits, now).map_or(i64::MAX, |rate| {
            #[allow(clippy::cast_possible_truncation)] // at most a second's worth
            let whole = self.credit_at(rate, now).floor() as i64;
            whole.max(0)
        });
        let by_quota = limits.quota.map_or(i64::MAX, |quota| {
            (quota.messages - self.used(quota, now)).max(0)
        });
        by_rate.min(by_quota)
    }

    /// So many messages go now, permitted or not.
    pub fn take(&mut self, limits: Limits, now: Timestamp, messages: i64) {
        if let Some(rate) = self.rate(limits, now) {
            #[allow(clippy::cast_precision_loss)] // counts of messages
            let taken = messages as f64;
            // What overtook the digests is worked off within a minute.
            self.credit = (self.credit_at(rate, now) - taken).max(-60.0 * burst(rate));
            self.filled_at = self.filled_by(now);
        }
        if let Some(quota) = limits.quota {
            let used = self.used(quota, now);
            let began = self.window.filter(|_| used > 0).map_or(now, |(at, _)| at);
            self.window = Some((began, used + messages));
        }
    }

    /// So many of those that were taken did not go after all: they do not use up a quota. What a
    /// rate allows comes back by itself.
    pub fn give_back(&mut self, messages: i64) {
        if let Some((_, used)) = &mut self.window {
            *used = (*used - messages).max(0);
        }
    }

    /// Halves the rate, unless that has just been done. Returns the new one.
    pub fn slow_down(&mut self, limits: Limits, now: Timestamp) -> Option<f64> {
        let echo = self
            .slowed
            .and_then(|(_, at)| since(at, now))
            .is_some_and(|elapsed| elapsed < REPEAT_WINDOW);
        if echo {
            return None;
        }
        let first = 2.0 * self.scope.first_rate();
        let rate = self.rate(limits, now).unwrap_or(first);
        let slower = (rate / 2.0).max(SLOWEST);
        self.slowed = Some((slower, now));
        self.credit = self.credit.min(0.0);
        self.filled_at = self.filled_by(now);
        Some(slower)
    }

    /// A second's worth at most, so that a pause is not followed by a flood.
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

/// How long ago that was; `None` for what lies in the future because a clock was set back, which
/// must not hold anybody up until that future comes. Clocks of several machines differ a little.
fn since(at: Timestamp, now: Timestamp) -> Option<SignedDuration> {
    let elapsed = now.duration_since(at);
    (elapsed > -SKEW).then(|| elapsed.max(SignedDuration::ZERO))
}

fn burst(rate: f64) -> f64 {
    rate.ceil().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::{Limits, Quota, Scope, Throttle};
    use jiff::{SignedDuration, Timestamp};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH
            + SignedDuration::from_hours(1000)
            + SignedDuration::from_secs(seconds)
    }

    /// What goes in each second when everything that may go does.
    fn flow(
        throttle: &mut Throttle,
        limits: Limits,
        seconds: impl Iterator<Item = i64>,
    ) -> Vec<i64> {
        seconds
            .map(|second| {
                let permits = throttle.permits(limits, at(second));
                throttle.take(limits, at(second), permits);
                permits
            })
            .collect()
    }

    #[test]
    fn a_rate_is_kept_and_a_pause_is_not_made_up_for() {
        let mut throttle = Throttle::new(Scope::Provider, "gmail");
        let limits = Limits {
            per_second: Some(2.5),
            quota: None,
        };
        let sent = flow(&mut throttle, limits, 0..101);
        assert_eq!(
            sent.iter().sum::<i64>(),
            253,
            "three at once, then 2.5 a second"
        );
        assert_eq!(throttle.permits(limits, at(1000)), 3);
        let slow = Limits {
            per_second: Some(0.1),
            quota: None,
        };
        let mut throttle = Throttle::new(Scope::Provider, "orange");
        assert_eq!(flow(&mut throttle, slow, 0..100).iter().sum::<i64>(), 10);
    }

    #[test]
    fn a_quota_ends_with_its_window_which_begins_with_the_first_message() {
        let mut throttle = Throttle::new(Scope::Relay, "main");
        let length = SignedDuration::from_hours(1);
        let quota = Some(Quota {
            messages: 1000,
            length,
        });
        let limits = Limits {
            per_second: None,
            quota,
        };
        throttle.take(limits, at(600), 1);
        assert_eq!(throttle.permits(limits, at(601)), 999);
        throttle.take(limits, at(601), 1004);
        assert_eq!(
            throttle.permits(limits, at(4199)),
            0,
            "transactional mails went on"
        );
        assert_eq!(throttle.permits(limits, at(4200)), 1000);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up() {
        let length = SignedDuration::from_hours(1);
        let limits = Limits {
            per_second: Some(5.0),
            quota: Some(Quota {
                messages: 10,
                length,
            }),
        };
        let mut throttle = Throttle::new(Scope::Relay, "main");
        let (ahead, right) = (at(200_000), at(0));
        throttle.take(limits, ahead, 10);
        throttle.slow_down(limits, ahead);
        assert_eq!(throttle.permits(limits, ahead), 0);
        assert_eq!(throttle.permits(limits, right), 5);
        throttle.take(limits, right, 5);
        assert_eq!(throttle.permits(limits, right), 0, "counted as ever");
        assert_eq!(throttle.permits(limits, at(1)), 5);
        assert_eq!(throttle.slow_down(limits, at(2)), Some(2.5), "and slowed");
    }

    #[test]
    fn what_did_not_go_after_all_may_go_again() {
        let length = SignedDuration::from_hours(1);
        let quota = Some(Quota {
            messages: 8,
            length,
        });
        let limits = Limits {
            per_second: None,
            quota,
        };
        let mut throttle = Throttle::new(Scope::Relay, "main");
        throttle.take(limits, at(0), 8);
        assert_eq!(throttle.permits(limits, at(0)), 0);
        throttle.give_back(3);
        assert_eq!(throttle.permits(limits, at(0)), 3);
        throttle.give_back(9);
        assert_eq!(
            throttle.permits(limits, at(0)),
            8,
            "no more than there were"
        );
    }

    #[test]
    fn who_is_told_to_slow_down_does_and_recovers() {
        let none = Limits::default();
        let mut throttle = Throttle::new(Scope::Provider, "gmx");
        assert_eq!(throttle.permits(none, at(0)), i64::MAX);
        assert_eq!(throttle.slow_down(none, at(0)), Some(10.0));
        assert_eq!(throttle.permits(none, at(0)), 0);
        assert_eq!(throttle.slow_down(none, at(5)), None, "of what went before");
        let again = throttle.slow_down(none, at(40)).unwrap_or_default();
        assert!((5.0..8.0).contains(&again), "{again}");
        for _ in 0..50 {
            throttle.slow_down(none, at(100));
        }
        let minute = throttle.rate(none, at(160)).unwrap_or_default();
        let before = throttle.rate(none, at(100)).unwrap_or_default();
        assert!((minute / before - 1.5).abs() < 1e-9);
        assert_eq!(throttle.rate(none, at(3600)), None, "as fast as before");
        let limits = Limits {
            per_second: Some(20.0),
            quota: None,
        };
        assert_eq!(throttle.rate(limits, at(3600)), Some(20.0));
        assert_eq!(throttle.slow_down(limits, at(3600)), Some(10.0));
    }
}
