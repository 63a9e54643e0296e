//! Group commit: callers that arrive while a batch is being processed share the next one.
//!
//! Making a transaction durable takes longer than all its statements, and takes no longer
//! for a hundred rows than for one. Who was answered together often comes back together: a batch
//! waits a moment for them, as otherwise two halves of the callers would take turns.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, timeout_at};

/// How many items a batch has at most.
const MAX_BATCH: usize = 200;
/// With fewer callers than this nobody waits for others.
const MANY: usize = 8;
/// How long a batch waits for those who may come back.
const MAX_WAIT: Duration = Duration::from_millis(2);
/// After they did not come, so many batches do not wait.
const BATCHES_WITHOUT_WAIT: u32 = 64;

type Outcome<E> = Result<(), Arc<E>>;

/// Collects items until the next batch.
pub struct GroupCommit<T, E> {
    waiting: Mutex<Vec<(T, oneshot::Sender<Outcome<E>>)>>,
    one_more: Notify,
    /// Locked while a batch is processed.
    turn: tokio::sync::Mutex<Expected>,
}

/// Who is expected in the next batch.
#[derive(Debug, Default)]
struct Expected {
    /// The callers of the last batch, and those who waited when it ended.
    callers: usize,
    /// How many batches do not wait.
    skip: u32,
}

impl<T, E> Default for GroupCommit<T, E> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            one_more: Notify::new(),
            turn: tokio::sync::Mutex::default(),
        }
    }
}

impl<T, E> GroupCommit<T, E>
where
    T: Send + 'static,
    E: Send + Sync + 'static,
{
    /// Processes `item` in a batch with all others that wait; returns the outcome of the batch. None
    /// when there is none: the work panicked, or the process is stopping.
    pub async fn work<F>(
        self: Arc<Self>,
        item: T,
        work: impl FnOnce(Vec<T>) -> F + Send + 'static,
    ) -> Option<Outcome<E>>
    where
        F: Future<Output = Result<(), E>> + Send,
    {
        let (tell, told) = oneshot::channel();
        self.lock().push((item, tell));
        self.one_more.notify_one();
        // In a task of its own: a client that hangs up must not cancel the work of others.
        tokio::spawn(async move {
            let mut expected = self.turn.lock().await;
            if self.lock().is_empty() {
                // The batch before included this item.
                return;
            }
            self.gather(&mut expected).await;
            let (items, callers): (Vec<T>, Vec<_>) = self.next_batch().into_iter().unzip();
            // Boxed: most callers find their item processed, and should not hold its stack space.
            let outcome = Box::pin(work(items)).await.map_err(Arc::new);
            expected.callers = callers.len() + self.lock().len();
            for caller in callers {
                // The receiver is gone when the client has hung up.
                let _ = caller.send(outcome.clone());
            }
        });
        told.await.ok()
    }

    /// Waits a moment for the callers that are expected.
    async fn gather(&self, expected: &mut Expected) {
        if expected.callers < MANY {
            return;
        }
        if expected.skip > 0 {
            expected.skip -= 1;
            return;
        }
        let end = Instant::now() + MAX_WAIT;
        // Some are held up elsewhere.
        let most = (expected.callers * 3 / 4).min(MAX_BATCH);
        while self.lock().len() < most {
            if timeout_at(end, self.one_more.notified()).await.is_err() {
                expected.skip = BATCHES_WITHOUT_WAIT;
                return;
            }
        }
    }

    /// The items that have waited longest.
    fn next_batch(&self) -> Vec<(T, oneshot::Sender<Outcome<E>>)> {
        let mut waiting = self.lock();
        let count = waiting.len().min(MAX_BATCH);
        waiting.drain(..count).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(T, oneshot::Sender<Outcome<E>>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{GroupCommit, MAX_BATCH};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// Lets `number` callers work at once; returns the sizes of the batches and the answers.
    async fn work_at_once(number: usize, fail: bool) -> (Vec<usize>, Vec<Option<bool>>) {
        let group: Arc<GroupCommit<usize, &str>> = Arc::default();
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let callers = (0..number).map(|caller| {
            let sizes = Arc::clone(&sizes);
            let work = move |items: Vec<usize>| async move {
                tokio::task::yield_now().await;
                sizes.lock().unwrap().push(items.len());
                if fail { Err("full") } else { Ok(()) }
            };
            Arc::clone(&group).work(caller, work)
        });
        let answers = futures_util::future::join_all(callers).await;
        let sizes = sizes.lock().unwrap().clone();
        (
            sizes,
            answers.into_iter().map(|a| a.map(|a| a.is_ok())).collect(),
        )
    }

    #[tokio::test]
    async fn every_caller_is_answered_once_and_in_few_batches() {
        let (sizes, answers) = work_at_once(2 * MAX_BATCH + 1, false).await;
        assert_eq!(sizes, [MAX_BATCH, MAX_BATCH, 1]);
        assert_eq!(answers, vec![Some(true); 2 * MAX_BATCH + 1]);
    }

    /// Half of the callers begin while a batch of the others is processed; all come back at once for their
    /// next item. Returns the sizes of the batches.
    async fn come_back(callers: usize) -> Vec<usize> {
        let took = Duration::from_millis(10);
        let group: Arc<GroupCommit<usize, ()>> = Arc::default();
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let callers = (0..callers).map(|caller| {
            let (group, sizes) = (Arc::clone(&group), Arc::clone(&sizes));
            async move {
                tokio::time::sleep(took / 2 * u32::from(caller % 2 == 1)).await;
                for _ in 0..6 {
                    let sizes = Arc::clone(&sizes);
                    let work = move |items: Vec<usize>| async move {
                        sizes.lock().unwrap().push(items.len());
                        tokio::time::sleep(took).await;
                        Ok(())
                    };
                    let done = Arc::clone(&group).work(caller, work).await;
                    assert!(done.unwrap().is_ok());
                }
            }
        });
        futures_util::future::join_all(callers).await;
        Arc::into_inner(sizes).unwrap().into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn callers_that_take_turns_are_brought_together() {
        let sizes = come_back(16).await;
        assert_eq!(sizes[0], 8, "{sizes:?}");
        assert_eq!(sizes[2], 16, "{sizes:?}");
        // Nobody waits for a few.
        let sizes = come_back(4).await;
        assert!(sizes.iter().all(|size| *size <= 2), "{sizes:?}");
    }

    #[tokio::test]
    async fn a_failure_is_returned_to_every_caller() {
        let (sizes, answers) = work_at_once(3, true).await;
        assert_eq!((sizes, answers), (vec![3], vec![Some(false); 3]));
    }

    #[tokio::test]
    async fn after_a_panic_the_next_batch_is_processed() {
        let group: Arc<GroupCommit<u8, ()>> = Arc::default();
        let panics = |_| async { panic!("expected by the test") };
        assert!(Arc::clone(&group).work(1, panics).await.is_none());
        let works = |_| async { Ok(()) };
        assert!(group.work(2, works).await.is_some_and(|o| o.is_ok()));
    }
}
