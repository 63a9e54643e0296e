//! Work that keeps a processor busy or takes much memory: on threads of its own, and only so much at once.
//!
//! A thread cannot be stopped. Each piece of work therefore holds its place until it has ended, also when nobody
//! waits for it any more because the client has hung up.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

/// The places for one kind of work. Clones share them.
#[derive(Debug, Clone)]
pub struct HeavyWork(Arc<Semaphore>);

impl HeavyWork {
    /// For at most so many pieces at once.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// Waits for a place and does the work there.
    ///
    /// # Errors
    /// When the work panics, or the process is ending.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // Nobody closes the semaphore, so there is always a place in the end.
        let place = Arc::clone(&self.0).acquire_owned().await;
        spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::HeavyWork;

    #[tokio::test]
    async fn work_keeps_its_place_when_its_client_hangs_up() {
        let places = HeavyWork::new(1);
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (end, ends) = mpsc::channel::<()>();
        let client = tokio::spawn({
            let places = places.clone();
            async move {
                let work = move || {
                    begun.send(()).unwrap();
                    ends.recv().unwrap();
                };
                places.run(work).await
            }
        });
        begins.await.unwrap();
        client.abort();
        assert!(client.await.unwrap_err().is_cancelled());
        assert_eq!(places.0.available_permits(), 0);
        end.send(()).unwrap();
        assert_eq!(places.run(|| "next").await.unwrap(), "next");
    }
}
