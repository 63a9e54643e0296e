//! Whether the loops of this process still turn.
//!
//! Each loop has a [`Heartbeat`] and says so each time it turns. A process is live while every loop has
//! turned within its limit. A loop that waits for the database turns too: a restart would not help it.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The loops of one process. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Heartbeats(Arc<Mutex<Vec<Arc<Turning>>>>);

#[derive(Debug)]
struct Turning {
    name: &'static str,
    limit: Duration,
    /// When it turned last; none while it waits for something that need not come.
    turned_at: Mutex<Option<Instant>>,
    /// It panicked; nothing turns it any more.
    dead: AtomicBool,
}

/// The heartbeat of one loop. A loop that ends drops it and is forgotten; one that panics is not.
#[derive(Debug)]
pub struct Heartbeat {
    turning: Arc<Turning>,
    all: Heartbeats,
}

/// When a loop last turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastTurn {
    /// The name of the loop.
    pub name: &'static str,
    /// How long ago it turned; zero while it waits for work. Of several loops with one name, the longest.
    pub ago: Duration,
    /// Whether that is longer than its limit, or it has died.
    pub is_late: bool,
}

impl Heartbeats {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Turning>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A loop begins. It has to turn at least once within `limit`.
    #[must_use]
    pub fn start(&self, name: &'static str, limit: Duration) -> Heartbeat {
        let turning = Arc::new(Turning {
            name,
            limit,
            turned_at: Mutex::new(Some(Instant::now())),
            dead: AtomicBool::new(false),
        });
        self.lock().push(Arc::clone(&turning));
        let all = self.clone();
        Heartbeat { turning, all }
    }

    /// When the loops last turned, by name.
    #[must_use]
    pub fn last_turns(&self) -> Vec<LastTurn> {
        let mut found: Vec<LastTurn> = Vec::new();
        for turning in self.lock().iter() {
            let ago = turning
                .turned_at()
                .map_or(Duration::ZERO, |at| at.elapsed());
            let is_late = ago > turning.limit || turning.dead.load(Ordering::Relaxed);
            match found.iter_mut().find(|last| last.name == turning.name) {
                Some(last) => {
                    last.ago = last.ago.max(ago);
                    last.is_late |= is_late;
                }
                None => found.push(LastTurn {
                    name: turning.name,
                    ago,
                    is_late,
                }),
            }
        }
        found.sort_unstable_by_key(|last| last.name);
        found
    }

    /// The loops that have not turned within their limit; none in a live process.
    #[must_use]
    pub fn late(&self) -> Vec<LastTurn> {
        let mut turns = self.last_turns();
        turns.retain(|last| last.is_late);
        turns
    }
}

impl Turning {
    fn turned_at(&self) -> MutexGuard<'_, Option<Instant>> {
        self.turned_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heartbeat {
    /// The loop turns.
    pub fn beat(&self) {
        *self.turning.turned_at() = Some(Instant::now());
    }

    /// Waits for work, or for what has a limit or a heartbeat of its own: the loop counts as turning while nothing
    /// wakes it.
    pub async fn while_waiting<T>(&self, done: impl Future<Output = T>) -> T {
        let _turns_again = TurnsAgain(self);
        let mut done = pin!(done);
        poll_fn(|context| {
            self.beat();
            let polled = done.as_mut().poll(context);
            if polled.is_pending() {
                *self.turning.turned_at() = None;
            }
            polled
        })
        .await
    }
}

/// A wait that ends, also because nobody polls it any more.
struct TurnsAgain<'a>(&'a Heartbeat);

impl Drop for TurnsAgain<'_> {
    fn drop(&mut self) {
        self.0.beat();
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.turning.dead.store(true, Ordering::Relaxed);
        } else {
            let own = &self.turning;
            self.all.lock().retain(|other| !Arc::ptr_eq(other, own));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::Heartbeats;

    const MINUTE: Duration = Duration::from_secs(60);

    fn late(all: &Heartbeats) -> Vec<&'static str> {
        all.late().iter().map(|last| last.name).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_no_longer_turns_is_late_and_one_that_has_ended_is_not() {
        let all = Heartbeats::default();
        let (slow, quick) = (all.start("slow", MINUTE), all.start("quick", MINUTE));
        advance(MINUTE).await;
        quick.beat();
        assert_eq!(late(&all), Vec::<&str>::new());
        advance(Duration::from_secs(1)).await;
        assert_eq!(late(&all), ["slow"]);
        slow.beat();
        assert_eq!(late(&all), Vec::<&str>::new());
        drop(slow);
        advance(MINUTE * 2).await;
        assert_eq!(late(&all), ["quick"]);
        drop(quick);
        assert!(all.last_turns().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_waits_for_work_is_not_late() {
        let all = Heartbeats::default();
        let idle = all.start("idle", MINUTE);
        let watched = async {
            for _ in 0..100 {
                tokio::time::sleep(MINUTE / 2).await;
                assert_eq!(late(&all), Vec::<&str>::new());
            }
        };
        assert_eq!(
            idle.while_waiting(async {
                watched.await;
                7
            })
            .await,
            7
        );
        advance(MINUTE * 2).await;
        assert_eq!(late(&all), ["idle"], "it works on something for too long");
        let given_up =
            tokio::time::timeout(MINUTE, idle.while_waiting(std::future::pending::<()>()));
        assert!(given_up.await.is_err());
        assert_eq!(late(&all), Vec::<&str>::new());
        advance(MINUTE * 2).await;
        assert_eq!(late(&all), ["idle"], "it does not wait any more");
    }

    #[tokio::test(start_paused = true)]
    async fn one_stuck_loop_of_several_with_a_name_is_seen() {
        let all = Heartbeats::default();
        let (_stuck, turns) = (all.start("outbox", MINUTE), all.start("outbox", MINUTE));
        advance(MINUTE * 2).await;
        turns.beat();
        assert_eq!(late(&all), ["outbox"]);
        assert_eq!(all.last_turns()[0].ago, MINUTE * 2);
    }

    #[tokio::test]
    async fn a_loop_that_panics_is_late_at_once() {
        let all = Heartbeats::default();
        let beat = all.start("recorder", MINUTE);
        let task = tokio::spawn(async move {
            let _beat = beat;
            std::panic::resume_unwind(Box::new("it died"));
        });
        assert!(task.await.is_err());
        assert_eq!(late(&all), ["recorder"]);
    }
}
