//! Response times that do not reveal what is known of an address.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Response times are rounded up to a multiple of this.
const STEP: Duration = Duration::from_millis(25);
/// With this many other requests in flight, a response is not delayed: they share their
/// transactions, so that all of them take equally long anyway.
const MAX_DELAYED: usize = 8;

/// A request in flight; dropping it ends the count.
struct InFlight(Arc<AtomicUsize>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does the work, and returns after a time that does not reveal how long it took. `in_flight`
/// counts the requests that are being processed.
pub(crate) async fn in_constant_time<T>(
    in_flight: &Arc<AtomicUsize>,
    work: impl Future<Output = T>,
) -> T {
    let begun = Instant::now();
    let others = in_flight.fetch_add(1, Ordering::Relaxed);
    // Dropped as well when the client hangs up.
    let _counted = InFlight(Arc::clone(in_flight));
    let done = work.await;
    if others < MAX_DELAYED {
        let steps = begun.elapsed().as_micros() / STEP.as_micros() + 1;
        sleep_until(begun + STEP * u32::try_from(steps).unwrap_or(u32::MAX)).await;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::{MAX_DELAYED, STEP, in_constant_time};
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    async fn takes(millis: u64, others: usize) -> Duration {
        let in_flight = Arc::new(AtomicUsize::new(others));
        let begun = Instant::now();
        in_constant_time(&in_flight, sleep(Duration::from_millis(millis))).await;
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn short_work_takes_as_long_as_longer_work() {
        assert_eq!(takes(1, 0).await, STEP);
        assert_eq!(takes(20, MAX_DELAYED - 1).await, STEP);
        assert_eq!(takes(26, 0).await, STEP * 2);
        assert_eq!(takes(1, MAX_DELAYED).await, Duration::from_millis(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_hangs_up_is_not_counted() {
        let in_flight = Arc::new(AtomicUsize::new(0));
        let work = in_constant_time(&in_flight, sleep(Duration::from_secs(9)));
        assert!(tokio::time::timeout(STEP, work).await.is_err());
        assert_eq!(in_flight.load(std::sync::atomic::Ordering::Relaxed), 0);
    }
}
