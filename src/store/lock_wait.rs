//! How long SQLite's write lock has been waited for.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Writers of one process wait for each other in a queue, and only the first of them for SQLite's lock. So a wait for
/// the lock means that another process has it. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub(super) struct LockWait(watch::Sender<Option<Instant>>);

impl LockWait {
    /// A transaction asks for the lock. After one that did not get it, the wait goes on.
    pub(super) fn begins(&self) {
        self.0.send_if_modified(|since| {
            let is_first = since.is_none();
            since.get_or_insert_with(Instant::now);
            is_first
        });
    }

    /// A transaction has got the lock.
    pub(super) fn ended(&self) {
        self.0.send_if_modified(|since| since.take().is_some());
    }

    /// How long the lock has been waited for in vain.
    pub(super) fn so_far(&self) -> Option<Duration> {
        self.0.borrow().map(|since| since.elapsed())
    }

    /// Returns when the lock has been waited for so long from now on. Who comes late in a long wait tries as well: else
    /// nobody would learn that it is over.
    pub(super) async fn lasts(&self, patience: Duration) {
        let (now, mut wait) = (Instant::now(), self.0.subscribe());
        loop {
            let begun = wait.wait_for(Option::is_some).await;
            // Its sender is `self`.
            let Ok(Some(since)) = begun.map(|begun| *begun) else {
                return std::future::pending().await;
            };
            sleep_until(since.max(now) + patience).await;
            if *wait.borrow() == Some(since) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LockWait;
    use std::time::Duration;
    use tokio::time::{advance, timeout};

    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn a_wait_goes_on_until_somebody_has_got_the_lock() {
        let lock = LockWait::default();
        let lasts = || timeout(2 * PATIENCE, lock.lasts(PATIENCE));
        assert!(lasts().await.is_err(), "nobody waits");
        lock.begins();
        advance(Duration::from_secs(3)).await;
        lock.begins();
        assert_eq!(lock.so_far(), Some(Duration::from_secs(3)));
        assert!(lasts().await.is_ok());
        let soon = timeout(PATIENCE / 2, lock.lasts(PATIENCE)).await;
        assert!(soon.is_err(), "each waits for itself");
        lock.ended();
        assert_eq!(lock.so_far(), None);
        assert!(lasts().await.is_err(), "it is over");
    }
}
