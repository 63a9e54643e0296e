//! A rate that was lowered, and how it rises again.

use jiff::{SignedDuration, Timestamp};

use super::since;

/// After this much use, a rate is where it was when the server throttled us.
const PLATEAU_SECONDS: f64 = 60.0;
/// A rate that has risen to this, in messages a second, limits nothing any more.
const UNLIMITED_FROM: f64 = 10_000.0;
/// After this time nothing is known of what the server takes.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// A server throttled us, and its rate was halved.
///
/// The rate rises by the cubic function of CUBIC (RFC 9438): fast at first, slowly near the rate that was
/// too much, and faster and faster beyond it. Two things differ. What counts is not the time that
/// passed but how much of the rate was used, so that it rises only while the server really accepts mails.
/// And the function is relative to the rate, as rates lie between a mail in ten seconds and thousands
/// a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowdown {
    /// The halved rate, in messages a second.
    pub rate: f64,
    /// When it was halved.
    pub at: Timestamp,
    /// How long the rate has been used to the full since then, in seconds.
    pub used_seconds: f64,
}

impl Slowdown {
    /// The rate was halved now.
    #[must_use]
    pub fn new(rate: f64, at: Timestamp) -> Self {
        Self {
            rate,
            at,
            used_seconds: 0.0,
        }
    }

    /// The rate that it permits now, in messages a second; `None` if it limits nothing any more.
    #[must_use]
    pub fn rate_at(&self, now: Timestamp) -> Option<f64> {
        let is_known = since(self.at, now).is_some_and(|elapsed| elapsed < FORGOTTEN_AFTER);
        let rate = self.risen();
        (is_known && rate < UNLIMITED_FROM).then_some(rate)
    }

    /// Counts mails that the server accepted.
    pub fn accepted(&mut self, messages: i64) {
        #[allow(clippy::cast_precision_loss)] // counts of messages
        let messages = messages as f64;
        self.used_seconds += messages / self.risen();
    }

    fn risen(&self) -> f64 {
        let from_plateau = self.used_seconds / PLATEAU_SECONDS - 1.0;
        self.rate * (2.0 + from_plateau.powi(3))
    }
}

#[cfg(test)]
mod tests {
    use super::Slowdown;
    use jiff::{SignedDuration, Timestamp};

    /// The rate after each of these many seconds, when all that may go goes and is accepted.
    fn rises(from: f64, seconds: [u32; 5]) -> Vec<Option<f64>> {
        let now = Timestamp::UNIX_EPOCH;
        let mut slowdown = Slowdown::new(from, now);
        let mut rates = Vec::new();
        for second in 0..=seconds[4] {
            if seconds.contains(&second) {
                rates.push(slowdown.rate_at(now).map(|rate| rate / from));
            }
            let rate = slowdown.rate_at(now).unwrap_or_default();
            #[allow(clippy::cast_possible_truncation)]
            slowdown.accepted(rate.round() as i64);
        }
        rates
    }

    #[test]
    fn it_rises_fast_then_carefully_then_beyond() {
        for from in [2.0, 500.0] {
            let rates = rises(from, [0, 30, 60, 90, 180]);
            let rates: Vec<f64> = rates.into_iter().map(Option::unwrap_or_default).collect();
            let expected = [1.0, 1.875, 2.0, 2.125, 10.0];
            for (rate, expected) in rates.iter().zip(expected) {
                assert!((rate / expected - 1.0).abs() < 0.1, "{from}: {rates:?}");
            }
        }
        assert_eq!(
            rises(100.0, [1, 2, 3, 4, 900]).pop(),
            Some(None),
            "no limit any more"
        );
    }

    #[test]
    fn it_does_not_rise_while_nothing_is_accepted() {
        let slowdown = Slowdown::new(5.0, Timestamp::UNIX_EPOCH);
        let after = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        assert_eq!(slowdown.rate_at(after(23)), Some(5.0));
        assert_eq!(slowdown.rate_at(after(24)), None, "long ago");
    }
}
