//! Answers that take equally long, whatever was known of the address.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// An answer comes so long after its request, or a multiple of that.
const STEP: Duration = Duration::from_millis(25);
/// From so many at once on they share their transactions, and each takes as long as all others;
/// more waiting would only hold them up.
const MANY: usize = 8;

/// One of those who are being answered.
struct Present(Arc<AtomicUsize>);

impl Drop for Present {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does the work, and ends at a time that does not tell how long it took.
pub(crate) async fn evenly<T>(present: &Arc<AtomicUsize>, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let others = present.fetch_add(1, Ordering::Relaxed);
    // A client that hangs up is not present any more.
    let _here = Present(Arc::clone(present));
    let done = work.await;
    if others < MANY {
        let steps = begun.elapsed().as_micros() / STEP.as_micros() + 1;
        sleep_until(begun + STEP * u32::try_from(steps).unwrap_or(u32::MAX)).await;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::{MANY, STEP, evenly};
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    async fn takes(millis: u64, others: usize) -> Duration {
        let present = Arc::new(AtomicUsize::new(others));
        let begun = Instant::now();
        evenly(&present, sleep(Duration::from_millis(millis))).await;
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn short_work_takes_as_long_as_longer_work() {
        assert_eq!(takes(1, 0).await, STEP);
        assert_eq!(takes(20, MANY - 1).await, STEP);
        assert_eq!(takes(26, 0).await, STEP * 2);
        assert_eq!(takes(1, MANY).await, Duration::from_millis(1));
    }

    #[tokio::test(start_paused = true)]
    async fn who_hangs_up_is_not_counted() {
        let present = Arc::new(AtomicUsize::new(0));
        let work = evenly(&present, sleep(Duration::from_secs(9)));
        assert!(tokio::time::timeout(STEP, work).await.is_err());
        assert_eq!(present.load(std::sync::atomic::Ordering::Relaxed), 0);
    }
}
