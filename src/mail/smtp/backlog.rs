//! A relay's queue of connections that it has not accepted yet.
//!
//! It may be short: OpenSMTPD's holds five. If all lanes connect at once while the relay is busy, it overflows, and
//! Linux forgets connections (SYN cookies) that are open on our side. As an SMTP server speaks first, nobody says
//! anything until the greeting is overdue.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// How many connections to a relay wait for its greeting at the same time.
const AT_ONCE: usize = 4;
/// A connection holds others back no longer than this: a relay may greet late on purpose.
const LONGEST: Duration = Duration::from_secs(5);

/// Lets few connections at a time wait for a greeting.
#[derive(Debug)]
pub(super) struct Backlog(Arc<Semaphore>);

/// A connection that was not greeted yet; to be dropped once it was, or could not be opened.
#[derive(Debug)]
pub(crate) struct Ungreeted {
    _released: Option<oneshot::Sender<()>>,
}

impl Default for Backlog {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Backlog {
    /// Waits until another connection may be opened.
    pub(super) async fn enter(&self) -> Ungreeted {
        // Nobody closes it.
        let Ok(permit) = Arc::clone(&self.0).acquire_owned().await else {
            return Ungreeted { _released: None };
        };
        let (released, until) = oneshot::channel();
        tokio::spawn(async move {
            let _ = timeout(LONGEST, until).await;
            drop(permit);
        });
        Ungreeted {
            _released: Some(released),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{AT_ONCE, Backlog, LONGEST};

    #[tokio::test(start_paused = true)]
    async fn few_connections_wait_for_a_greeting_at_a_time() {
        let backlog = Backlog::default();
        let mut waiting = Vec::new();
        for _ in 0..AT_ONCE {
            waiting.push(backlog.enter().await);
        }
        let soon = Duration::from_secs(1);
        assert!(timeout(soon, backlog.enter()).await.is_err());
        waiting.pop();
        let greeted = timeout(soon, backlog.enter()).await;
        assert!(greeted.is_ok(), "one was greeted");
        drop(greeted);
        // A relay that greets nobody does not hold back all others.
        let late = timeout(LONGEST + soon, async {
            for _ in 0..AT_ONCE {
                waiting.push(backlog.enter().await);
            }
        });
        assert!(late.await.is_ok());
    }
}
