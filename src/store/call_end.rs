//! Lets a task sleep until a call of several statements has ended on SQLite's thread.
//!
//! That thread sends a message for each statement and each row. A task that waits for them is woken for each, to wait
//! again, and finds the queue of messages locked by the thread that it was woken by. For a call that is made thousands of
//! times a second, this costs more than its statements. So such a call ends with `end_of_call!`, which compares with a
//! collation that wakes the task.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::{AtomicWaker, noop_waker};
use sqlx::sqlite::SqliteConnectOptions;

/// The last statement of a call that [`CallEnd::sleep_until_end`] waits for. It returns no row.
macro_rules! end_of_call {
    () => {
        "SELECT 1 WHERE '' <> '' COLLATE end_of_call"
    };
}
pub(in crate::store) use end_of_call;

/// After so long the task looks at each message: the call may wait for a lock, or may have failed before its end.
const PATIENCE: Duration = Duration::from_millis(5);

/// Told by the collation of one writer's connection. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallEnd(Arc<State>);

#[derive(Debug, Default)]
struct State {
    has_come: AtomicBool,
    waiting: AtomicWaker,
}

impl CallEnd {
    /// Options of the connection with the collation.
    pub(super) fn told_by(&self, options: SqliteConnectOptions) -> SqliteConnectOptions {
        let state = Arc::clone(&self.0);
        options.collation("end_of_call", move |a, b| {
            state.has_come.store(true, Ordering::Release);
            state.waiting.wake();
            a.cmp(b)
        })
    }

    /// Makes a call that ends with `end_of_call!`, and sleeps until then. One call at a time.
    pub(crate) async fn sleep_until_end<C: Future>(&self, call: C) -> C::Output {
        let mut call = pin!(call);
        self.0.has_come.store(false, Ordering::Release);
        // This passes the call to SQLite's thread.
        if let Poll::Ready(done) = call.as_mut().poll(&mut Context::from_waker(&noop_waker())) {
            return done;
        }
        let end = std::future::poll_fn(|context| {
            self.0.waiting.register(context.waker());
            if self.0.has_come.load(Ordering::Acquire) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        // The messages wait as well.
        let _ = tokio::time::timeout(PATIENCE, end).await;
        call.await
    }
}
