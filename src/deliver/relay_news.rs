//! What the log tells of a relay once: that it can be used again, that it has become slow, and no longer is.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::mail::{OutageOver, Relay};
use crate::service::Service;
use crate::store::{self, StoreError};

/// So many mails are looked at together.
const WINDOW: usize = 20;
/// A relay is slow when half of them took longer than this.
const SLOW: Duration = Duration::from_secs(2);
/// And no longer slow when half of them took less than this.
const QUICK: Duration = Duration::from_secs(1);

/// Says that a relay can be used again, if it could not: for how long, how often it was tried, and how much
/// waits.
pub(super) async fn say_if_usable_again(service: &Service, relay: &Relay) {
    if let Some(outage) = relay.usable_again() {
        // On the heap, as this is rare and every mail would carry it along.
        Box::pin(say(service, relay, outage)).await;
    }
}

async fn say(service: &Service, relay: &Relay, outage: OutageOver) {
    let waiting = store::with_timeout(waiting(service)).await.ok();
    tracing::info!(
        relay = relay.name(),
        seconds = outage.lasted.as_secs(),
        tries = outage.tries,
        waiting,
        "the relay can be used again"
    );
}

/// How many deliveries and transactional mails wait that nobody has paused.
async fn waiting(service: &Service) -> Result<i64, StoreError> {
    let mut db = service.store.read().await?;
    let deliveries = store::issue::backlog::waiting(&mut db).await?;
    let mails = store::outbox::backlog::by_kind(&mut db, service.clock.now()).await?;
    Ok(deliveries + mails.iter().map(|mails| mails.waiting).sum::<i64>())
}

/// How long the last mails over one relay took. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct RelaySpeed(Arc<Mutex<Speed>>);

#[derive(Debug, Default)]
struct Speed {
    last: VecDeque<Duration>,
    slow_since: Option<Instant>,
}

/// What has changed with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Half of the last mails took so long, or longer.
    Slow(Duration),
    /// That is over, and was so for so long.
    Quick(Duration),
}

impl RelaySpeed {
    /// A mail took so long.
    pub(super) fn mail_took(&self, relay: &str, time: Duration) {
        match self.observe(time) {
            Some(Change::Slow(median)) => tracing::warn!(
                relay,
                seconds_a_mail = median.as_secs_f64(),
                "the relay has become slow"
            ),
            Some(Change::Quick(lasted)) => tracing::info!(
                relay,
                seconds = lasted.as_secs(),
                "the relay is no longer slow"
            ),
            None => {}
        }
    }

    fn observe(&self, time: Duration) -> Option<Change> {
        let mut speed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if speed.last.len() == WINDOW {
            speed.last.pop_front();
        }
        speed.last.push_back(time);
        let slow = speed.last.iter().filter(|time| **time > SLOW).count();
        if speed.last.len() < WINDOW || (speed.slow_since.is_none() && slow < WINDOW / 2) {
            return None;
        }
        let mut sorted: Vec<Duration> = speed.last.iter().copied().collect();
        sorted.sort_unstable();
        let median = sorted.get(WINDOW / 2).copied()?;
        match speed.slow_since {
            None if median > SLOW => {
                speed.slow_since = Some(Instant::now());
                // The opposite needs as many mails again.
                speed.last.clear();
                Some(Change::Slow(median))
            }
            Some(since) if median < QUICK => {
                speed.slow_since = None;
                speed.last.clear();
                Some(Change::Quick(since.elapsed()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Duration, RelaySpeed, WINDOW};
    use tokio::time::advance;

    const MINUTE: Duration = Duration::from_secs(60);

    fn changes(speed: &RelaySpeed, mails: usize, milliseconds: u64) -> Vec<Change> {
        let time = Duration::from_millis(milliseconds);
        (0..mails).filter_map(|_| speed.observe(time)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_relay_is_told_once_and_so_is_its_end() {
        let speed = RelaySpeed::default();
        assert_eq!(changes(&speed, WINDOW / 2 - 1, 30), []);
        let slow = Duration::from_millis(2_500);
        assert_eq!(changes(&speed, 10 * WINDOW, 2_500), [Change::Slow(slow)]);
        advance(MINUTE).await;
        assert_eq!(changes(&speed, 10 * WINDOW, 1_500), [], "neither nor");
        assert_eq!(changes(&speed, 10 * WINDOW, 30), [Change::Quick(MINUTE)]);
        assert_eq!(changes(&speed, 10 * WINDOW, 1_500), []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_slow_mails_make_no_slow_relay() {
        let speed = RelaySpeed::default();
        for _ in 0..10 {
            assert_eq!(changes(&speed, WINDOW / 2 + 1, 30), []);
            assert_eq!(changes(&speed, WINDOW / 2 - 1, 60_000), []);
        }
    }
}
