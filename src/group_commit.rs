//! Callers that come while one piece of work is being done share the next.
//!
//! Making a transaction durable takes longer than all its statements, and takes no longer
//! for a hundred rows than for one.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// The most that are done together.
const MAX_BATCH: usize = 200;

type Outcome<E> = Result<(), Arc<E>>;

/// Collects what callers hand in until it is their turn.
pub struct GroupCommit<T, E> {
    waiting: Mutex<Vec<(T, oneshot::Sender<Outcome<E>>)>>,
    /// Whoever holds it works.
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
    /// Has `item` worked on with all others that wait, and tells how that ended for all of
    /// them. None when it did not end at all: the work panicked, or the process is stopping.
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
        // A task of its own: a client that hangs up must not take the others' work with it.
        tokio::spawn(async move {
            let _turn = self.turn.lock().await;
            let (items, callers): (Vec<T>, Vec<_>) = self.next().into_iter().unzip();
            // Whoever had the turn before may have done ours as well.
            if items.is_empty() {
                return;
            }
            // Boxed, as most callers find theirs done and should not carry the room for it.
            let outcome = Box::pin(work(items)).await.map_err(Arc::new);
            for caller in callers {
                // A caller that has gone needs no answer.
                let _ = caller.send(outcome.clone());
            }
        });
        told.await.ok()
    }

    /// Those who have waited longest.
    fn next(&self) -> Vec<(T, oneshot::Sender<Outcome<E>>)> {
        let mut waiting = self.lock();
        let most = waiting.len().min(MAX_BATCH);
        waiting.drain(..most).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(T, oneshot::Sender<Outcome<E>>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{GroupCommit, MAX_BATCH};
    use std::sync::{Arc, Mutex};

    /// Lets `number` callers hand in at once; returns the sizes of the batches and the answers.
    async fn hand_in(number: usize, fail: bool) -> (Vec<usize>, Vec<Option<bool>>) {
        let together: Arc<GroupCommit<usize, &str>> = Arc::default();
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let callers = (0..number).map(|caller| {
            let sizes = Arc::clone(&sizes);
            let work = move |items: Vec<usize>| async move {
                tokio::task::yield_now().await;
                sizes.lock().unwrap().push(items.len());
                if fail { Err("full") } else { Ok(()) }
            };
            Arc::clone(&together).work(caller, work)
        });
        let answers = futures_util::future::join_all(callers).await;
        let sizes = sizes.lock().unwrap().clone();
        (
            sizes,
            answers.into_iter().map(|a| a.map(|a| a.is_ok())).collect(),
        )
    }

    #[tokio::test]
    async fn everybody_is_answered_once_and_in_few_batches() {
        let (sizes, answers) = hand_in(2 * MAX_BATCH + 1, false).await;
        assert_eq!(sizes, [MAX_BATCH, MAX_BATCH, 1]);
        assert_eq!(answers, vec![Some(true); 2 * MAX_BATCH + 1]);
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all() {
        let (sizes, answers) = hand_in(3, true).await;
        assert_eq!((sizes, answers), (vec![3], vec![Some(false); 3]));
    }

    #[tokio::test]
    async fn a_panic_holds_nobody_up() {
        let together: Arc<GroupCommit<u8, ()>> = Arc::default();
        let panics = |_| async { panic!("expected by the test") };
        assert!(Arc::clone(&together).work(1, panics).await.is_none());
        let works = |_| async { Ok(()) };
        assert!(together.work(2, works).await.is_some_and(|o| o.is_ok()));
    }
}
