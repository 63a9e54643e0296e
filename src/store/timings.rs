//! How long commits take, who waits for a connection, and how many are in use.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prometheus::Histogram;
use sqlx::{Database, Pool};

use super::connection::{Pools, Store};

/// Clones share the numbers.
#[derive(Clone, Default)]
pub(super) struct Timings(Arc<Shared>);

#[derive(Default)]
struct Shared {
    commits: OnceLock<Histogram>,
    waiting: AtomicI64,
}

/// Counts one caller that waits for a connection.
pub(super) struct Waiting<'a>(&'a AtomicI64);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Timings {
    /// Counts a caller until the guard is dropped.
    pub(super) fn waiting(&self) -> Waiting<'_> {
        self.0.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(&self.0.waiting)
    }

    pub(super) fn committed(&self, took: Duration) {
        if let Some(commits) = self.0.commits.get() {
            commits.observe(took.as_secs_f64());
        }
    }
}

/// The connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// `readers` of SQLite, `main` and `recorder` of PostgreSQL.
    pub name: &'static str,
    /// In use.
    pub in_use: usize,
    /// Open and not in use.
    pub idle: usize,
    /// The most that may be open.
    pub most: u32,
}

impl PoolUse {
    fn of<D: Database>(name: &'static str, pool: &Pool<D>) -> Self {
        let (open, idle) = (pool.size() as usize, pool.num_idle());
        Self {
            name,
            in_use: open.saturating_sub(idle),
            idle,
            most: pool.options().get_max_connections(),
        }
    }
}

impl Store {
    /// Tells `commits` how long each commit takes, in seconds. Only the first call has an effect.
    pub fn time_commits(&self, commits: Histogram) {
        // A second one would hide what the first has counted.
        let _ = self.timings.0.commits.set(commits);
    }

    /// How many callers wait for a connection, or on SQLite for the transactions before theirs.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.timings.0.waiting.load(Ordering::Relaxed)
    }

    /// How many callers got no connection because all were in use.
    #[must_use]
    pub fn pool_used_up(&self) -> u64 {
        self.pool_wait.used_up()
    }

    /// The pools of this process.
    #[must_use]
    pub fn pool_use(&self) -> Vec<PoolUse> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => vec![PoolUse::of("readers", readers)],
            Pools::Postgres {
                pool, dedicated, ..
            } => vec![
                PoolUse::of("main", pool),
                PoolUse::of("recorder", dedicated),
            ],
        }
    }
}
