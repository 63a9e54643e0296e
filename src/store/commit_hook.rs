//! Lets a task sleep until SQLite commits.
//!
//! SQLite's thread sends a message for each statement and each row of a call. A task that waits for them is woken for
//! each, to wait again. For a call of several statements that is made hundreds of times a second, this costs as much as
//! its statements.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::task::{AtomicWaker, noop_waker};
use sqlx::sqlite::SqliteConnection;

/// After so long the task looks at each message: the call may wait for a lock, or may have failed before the commit.
const PATIENCE: Duration = Duration::from_millis(5);

/// The hook of one connection. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommitHook(Arc<State>);

#[derive(Debug, Default)]
struct State {
    commits: AtomicBool,
    waiting: AtomicWaker,
}

impl CommitHook {
    /// Sets the hook of a connection.
    ///
    /// # Errors
    /// When the connection cannot be used.
    pub(super) async fn set(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let state = Arc::clone(&self.0);
        let mut handle = connection.lock_handle().await?;
        handle.set_commit_hook(move || {
            state.commits.store(true, Ordering::Release);
            state.waiting.wake();
            // The commit goes on.
            true
        });
        Ok(())
    }

    /// Makes a call on the connection that ends with a commit; its messages wait until that begins. One call at a time.
    pub(crate) async fn sleep_until_commit<C: Future>(&self, call: C) -> C::Output {
        let mut call = pin!(call);
        self.0.commits.store(false, Ordering::Release);
        // This passes the call to SQLite's thread.
        if let Poll::Ready(done) = call.as_mut().poll(&mut Context::from_waker(&noop_waker())) {
            return done;
        }
        let commits = std::future::poll_fn(|context| {
            self.0.waiting.register(context.waker());
            if self.0.commits.load(Ordering::Acquire) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let _ = tokio::time::timeout(PATIENCE, commits).await;
        call.await
    }
}
