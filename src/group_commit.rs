//! Group commit: callers that arrive while a batch is being processed share the next one.
//!
//! Making a transaction durable takes longer than all its statements, and takes no longer
//! for a hundred rows than for one.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// How many items a batch has at most.
const MAX_BATCH: usize = 200;

type Outcome<E> = Result<(), Arc<E>>;

/// Collects items until the next batch.
pub struct GroupCommit<T, E> {
    waiting: Mutex<Vec<(T, oneshot::Sender<Outcome<E>>)>>,
    /// Locked while a batch is processed.
    turn: tokio::sync::Mutex<()>,
}

impl<T, E> Default for GroupCommit<T, E> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
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
        // In a task of its own: a client that hangs up must not cancel the work of others.
        tokio::spawn(async move {
            let _turn = self.turn.lock().await;
            let (items, callers): (Vec<T>, Vec<_>) = self.next_batch().into_iter().unzip();
            // The batch before may have included this item.
            if items.is_empty() {
                return;
            }
            // Boxed: most callers find their item processed, and should not hold its stack space.
            let outcome = Box::pin(work(items)).await.map_err(Arc::new);
            for caller in callers {
                // The receiver is gone when the client has hung up.
                let _ = caller.send(outcome.clone());
            }
        });
        told.await.ok()
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
