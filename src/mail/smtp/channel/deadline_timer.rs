//! A timer that is used again for each of many short waits.
//!
//! Nearly all waits for a relay end long before their deadlines. With [`tokio::time::timeout`] each of them puts a timer
//! into the runtime's list and takes it out again, under a lock. Not for deadlines of milliseconds: a timer that is left
//! in the list would wake its task for nothing, again and again.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer for one wait at a time. It stays in the runtime's list until it fires; if that is before the deadline of the
/// present wait, it is set anew. A wait that ends leaves it there: it may wake the task once for nothing.
#[derive(Debug, Default)]
pub(super) struct DeadlineTimer(Option<Pin<Box<Sleep>>>);

/// The deadline came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elapsed;

impl DeadlineTimer {
    /// Ready once `deadline` has come; the task is woken for it.
    pub(super) fn poll_elapsed(
        &mut self,
        deadline: Instant,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let timer = self
            .0
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        while timer.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    /// Waits for a future until a deadline, like [`tokio::time::timeout_at`].
    ///
    /// # Errors
    /// When the future is not ready by then; it is dropped.
    pub(super) async fn timeout_at<F: Future>(
        &mut self,
        deadline: Instant,
        future: F,
    ) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            self.poll_elapsed(deadline, context).map(|()| Err(Elapsed))
        })
        .await
    }

    /// Waits for a future for so long, like [`tokio::time::timeout`].
    ///
    /// # Errors
    /// When the future is not ready by then; it is dropped.
    pub(super) async fn timeout<F: Future>(
        &mut self,
        limit: Duration,
        future: F,
    ) -> Result<F::Output, Elapsed> {
        self.timeout_at(Instant::now() + limit, future).await
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::{DeadlineTimer, Elapsed};

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn each_wait_ends_at_its_own_deadline_whatever_the_waits_before() {
        let mut timer = DeadlineTimer::default();
        // Longer, shorter and equal ones, after waits that timed out and after ones that did not.
        for seconds in [5, 60, 1, 600, 600, 3, 7, 7] {
            let limit = seconds * SECOND;
            for quick in [limit / 2, Duration::ZERO] {
                assert_eq!(timer.timeout(limit, sleep(quick)).await, Ok(()));
                assert_eq!(timer.timeout(limit, ready(7)).await, Ok(7));
            }
            // It leaves a later deadline behind.
            let long = timer.timeout(10 * limit, sleep(2 * limit)).await;
            assert_eq!(long, Ok(()));
            let began = Instant::now();
            assert_eq!(timer.timeout(limit, pending::<()>()).await, Err(Elapsed));
            assert_eq!(began.elapsed(), limit);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_that_has_passed_ends_a_wait_at_once() {
        let mut timer = DeadlineTimer::default();
        let began = Instant::now();
        sleep(SECOND).await;
        for _ in 0..2 {
            let waited = timer.timeout_at(began, pending::<()>()).await;
            assert_eq!(waited, Err(Elapsed));
            assert_eq!(began.elapsed(), SECOND);
        }
    }
}
