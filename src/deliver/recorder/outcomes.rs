//! The queue of outcomes from the lanes to the recorder.
//!
//! A recorder that is woken by each outcome waits again for nearly all of them: it sleeps until a batch is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

use tokio::sync::Notify;
use tokio::sync::mpsc::{self, error::SendError};
use tokio::time::{Instant, timeout_at};

/// The sending half, for the lanes. Clones send to the same recorder.
pub(crate) struct OutcomeSender<T> {
    queue: mpsc::Sender<T>,
    awaited: Arc<Awaited>,
}

/// The half of the recorder.
pub(crate) struct OutcomeReceiver<T> {
    queue: mpsc::Receiver<T>,
    awaited: Arc<Awaited>,
}

struct Awaited {
    /// How many outcomes in the queue wake the recorder.
    number: AtomicUsize,
    reached: Notify,
}

/// Nobody waits for a batch.
const NONE: usize = usize::MAX;

/// A queue of so many outcomes at most.
pub(crate) fn outcome_queue<T>(capacity: usize) -> (OutcomeSender<T>, OutcomeReceiver<T>) {
    let (sender, receiver) = mpsc::channel(capacity);
    let awaited = Arc::new(Awaited {
        number: AtomicUsize::new(NONE),
        reached: Notify::new(),
    });
    let sender = OutcomeSender {
        queue: sender,
        awaited: Arc::clone(&awaited),
    };
    let receiver = OutcomeReceiver {
        queue: receiver,
        awaited,
    };
    (sender, receiver)
}

impl<T> Clone for OutcomeSender<T> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
            awaited: Arc::clone(&self.awaited),
        }
    }
}

impl<T> OutcomeSender<T> {
    /// Tells the recorder an outcome; waits while the queue is full.
    ///
    /// # Errors
    /// When the recorder has ended.
    pub(crate) async fn send(&self, outcome: T) -> Result<(), SendError<T>> {
        self.queue.send(outcome).await?;
        // The recorder says what it waits for, then looks at the queue: one of the two sees the other.
        fence(Ordering::SeqCst);
        let queued = self.queue.max_capacity() - self.queue.capacity();
        if queued >= self.awaited.number.load(Ordering::SeqCst) {
            self.awaited.reached.notify_one();
        }
        Ok(())
    }
}

impl<T> OutcomeReceiver<T> {
    /// Waits until there is an outcome, and takes at most `limit`; none once all senders are gone.
    pub(crate) async fn recv_many(&mut self, batch: &mut Vec<T>, limit: usize) -> usize {
        self.queue.recv_many(batch, limit).await
    }

    /// Waits until so many outcomes are there, or as many as the queue holds; returns whether they came by `end`.
    pub(crate) async fn wait_for(&self, number: usize, end: Instant) -> bool {
        let number = number.min(self.queue.max_capacity());
        self.awaited.number.store(number, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        let reached = async {
            while self.queue.len() < number {
                self.awaited.reached.notified().await;
            }
        };
        let came = timeout_at(end, reached).await.is_ok();
        self.awaited.number.store(NONE, Ordering::SeqCst);
        came
    }

    /// Takes what is there, at most `limit`.
    pub(crate) fn take(&mut self, batch: &mut Vec<T>, limit: usize) {
        let there = std::iter::from_fn(|| self.queue.try_recv().ok());
        batch.extend(there.take(limit));
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake, Waker};
    use std::time::Duration;

    use tokio::time::Instant;

    use super::outcome_queue;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_recorder_sleeps_until_a_batch_is_there() {
        let (sender, mut receiver) = outcome_queue(8);
        let wakes = Arc::new(Wakes::default());
        let waker = Waker::from(Arc::clone(&wakes));
        let mut context = Context::from_waker(&waker);
        let end = Instant::now() + Duration::from_secs(1);
        {
            let mut wait = pin!(receiver.wait_for(3, end));
            assert!(wait.as_mut().poll(&mut context).is_pending());
            for outcome in 1..=2 {
                sender.send(outcome).await.unwrap();
                assert_eq!(wakes.0.load(Ordering::SeqCst), 0);
            }
            sender.send(3).await.unwrap();
            assert_eq!(wakes.0.load(Ordering::SeqCst), 1);
            assert_eq!(wait.as_mut().poll(&mut context), Poll::Ready(true));
        }
        let mut batch = Vec::new();
        receiver.take(&mut batch, 2);
        assert_eq!(batch, [1, 2]);
        assert!(receiver.wait_for(1, end).await, "one is there already");
        assert!(!receiver.wait_for(2, end).await, "the second does not come");
        assert_eq!(Instant::now(), end);
        receiver.take(&mut batch, 2);
        assert_eq!(batch, [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_is_a_batch() {
        let (sender, mut receiver) = outcome_queue(2);
        let end = Instant::now() + Duration::from_secs(1);
        let sent = async {
            sender.send(1).await.unwrap();
            sender.send(2).await.unwrap();
        };
        let (came, ()) = tokio::join!(receiver.wait_for(5, end), sent);
        assert!(came && Instant::now() < end);
        drop(sender);
        let mut batch = Vec::new();
        assert_eq!(receiver.recv_many(&mut batch, 5).await, 2);
        assert_eq!(receiver.recv_many(&mut batch, 5).await, 0);
    }
}
