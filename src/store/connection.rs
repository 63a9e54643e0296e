//! Pools, connections and transactions of either database.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::availability::Availability;
use super::commit_hook::CommitHook;
use super::migrate::MigrationStep;
use super::pool_wait::PoolWait;
use super::timings::Timings;
use super::work_signal::WorkSignal;
use super::writer;
use super::writer::Writer;
use super::{StoreError, migrate, open_postgres, open_sqlite};
use crate::heartbeat::Heartbeats;

/// How long a writer waits at least for another process's lock of an SQLite file: one that freezes an audience on the
/// command line has it for seconds.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// The database of one process. Clones share the pools.
#[derive(Clone)]
pub struct Store {
    pub(super) pools: Pools,
    work_signal: WorkSignal,
    pub(super) timings: Timings,
    availability: Arc<Availability>,
    pub(super) pool_wait: PoolWait,
}

#[derive(Clone)]
pub(super) enum Pools {
    Sqlite {
        /// SQLite has one writer at a time. This queue serves writers in order; SQLite's lock does not.
        writer: Writer,
        readers: SqlitePool,
        path: PathBuf,
    },
    Postgres {
        pool: PgPool,
        /// One connection, always the same, so that the prepared statements that record deliveries stay
        /// cached on the server.
        dedicated: PgPool,
        /// One connection that listens for notifications, beside those of the pool.
        listening: PgPool,
    },
}

/// A connection for reading. A [`Write`] derefs to it.
pub struct Read(Handle);

/// A transaction. It is rolled back when it is dropped without [`Write::commit`].
pub struct Write {
    inner: Read,
    work_signal: WorkSignal,
    timings: Timings,
    availability: Arc<Availability>,
    makes_work: bool,
}

/// A connection for a call that begins and commits its own transaction.
pub(crate) struct Dedicated {
    inner: Read,
    ended: bool,
}

enum Handle {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(writer::Transaction),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// What a statement runs on.
pub(crate) enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Store {
    /// Opens the database. Creates the SQLite file and its folder if they do not exist.
    ///
    /// # Errors
    /// [`StoreError::BadUrl`] when the address is neither SQLite's nor PostgreSQL's.
    pub async fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pools = open_postgres::open(url, connections).await?;
            return Ok(Self::new(pools));
        }
        let Some(path) = open_sqlite::sqlite_path(url) else {
            // Only the scheme: the rest may contain a password.
            let scheme = url.split(':').next().unwrap_or_default();
            let is_scheme = scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '+');
            let scheme = if is_scheme { scheme } else { "…" };
            return Err(StoreError::BadUrl(format!("{scheme}:…")));
        };
        let pools = open_sqlite::open(path.to_owned(), connections).await?;
        Ok(Self::new(pools))
    }

    /// Like [`Store::open`], for a database whose schema is that of this program; `None` if there is
    /// no such database, or nothing of ours in it.
    ///
    /// # Errors
    /// [`StoreError::OlderSchema`] and [`StoreError::NewerSchema`] besides those of [`Store::open`].
    pub async fn open_existing(url: &str, connections: u32) -> Result<Option<Self>, StoreError> {
        if let Some(path) = open_sqlite::sqlite_path(url) {
            let there = path.try_exists();
            if !there.map_err(|why| StoreError::file(why).of_file(path))? {
                return Ok(None);
            }
        }
        let store = Self::open(url, connections).await?;
        let is_ours = async { migrate::check(&mut store.read().await?).await }.await;
        if !matches!(is_ours, Ok(true)) {
            store.close().await;
        }
        Ok(is_ours?.then_some(store))
    }

    fn new(pools: Pools) -> Self {
        let work_signal = WorkSignal::new();
        Self {
            pools,
            work_signal,
            timings: Timings::default(),
            availability: Arc::default(),
            pool_wait: PoolWait::default(),
        }
    }

    /// Changes when there is new work for a worker: after commits of this process, and while
    /// [`Store::forward_notifications`] runs also after those of other processes.
    #[must_use]
    pub fn new_work(&self) -> watch::Receiver<u64> {
        self.work_signal.subscribe()
    }

    /// How many transactions this process has committed.
    pub(crate) fn commits(&self) -> u64 {
        self.work_signal.commits()
    }

    /// Exchanges notifications of new work with other processes on the same PostgreSQL, until
    /// `stop`; `heartbeats` tell whether it goes on. Does nothing on SQLite.
    pub async fn forward_notifications(&self, heartbeats: &Heartbeats, stop: &CancellationToken) {
        match &self.pools {
            Pools::Sqlite { .. } => {}
            Pools::Postgres {
                pool, listening, ..
            } => {
                let signal = &self.work_signal;
                signal.forward(pool, listening, heartbeats, stop).await;
            }
        }
    }

    /// The same database for callers who wait no longer than this for a free connection. On SQLite writers go one
    /// after the other: they wait for those of this process, but not much longer than this for another process.
    #[must_use]
    pub fn waiting_at_most(&self, limit: Duration) -> Self {
        Self {
            pool_wait: self.pool_wait.limited(limit),
            ..self.clone()
        }
    }

    /// For how long another process has kept writers from an SQLite file, as far as one has tried.
    #[must_use]
    pub fn locked_out_for(&self) -> Option<Duration> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => writer.lock_wait.so_far(),
            Pools::Postgres { .. } => None,
        }
    }

    /// A connection for reading; waits up to ten seconds for a free one.
    pub async fn read(&self) -> Result<Read, StoreError> {
        let _waiting = self.timings.waiting();
        let limit = self.pool_wait.limit;
        let got = match &self.pools {
            Pools::Sqlite { readers, .. } => timeout(limit, readers.acquire())
                .await
                .map(|got| got.map(Handle::SqliteRead)),
            Pools::Postgres { pool, .. } => timeout(limit, pool.acquire())
                .await
                .map(|got| got.map(Handle::PostgresRead)),
        };
        match got.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
            Ok(handle) => {
                // That an SQLite file can be read tells little: its troubles are of writers.
                if matches!(handle, Handle::PostgresRead(_)) {
                    self.availability.succeeded();
                }
                Ok(Read(handle))
            }
            Err(error) => Err(self.no_connection(error).await),
        }
    }

    /// Begins a transaction. On SQLite this waits for the transactions before it, and for the write
    /// lock of other processes.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let _waiting = self.timings.waiting();
        let inner = Read(match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let patience = self.pool_wait.limit.max(LOCK_PATIENCE);
                let begun = writer.begin_unless_locked(patience).await;
                // It works once something is committed.
                Handle::SqliteWrite(begun.inspect_err(|error| self.availability.failed(error))?)
            }
            Pools::Postgres { pool, .. } => {
                let got = timeout(self.pool_wait.limit, pool.begin()).await;
                match got.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                    Ok(transaction) => {
                        self.availability.succeeded();
                        Handle::PostgresWrite(transaction)
                    }
                    Err(error) => return Err(self.no_connection(error).await),
                }
            }
        });
        Ok(Write {
            inner,
            work_signal: self.work_signal.clone(),
            timings: self.timings.clone(),
            availability: Arc::clone(&self.availability),
            makes_work: false,
        })
    }

    /// Why a pool has given no connection. On the heap, as every caller would carry it along.
    fn no_connection(&self, error: sqlx::Error) -> BoxFuture<'_, StoreError> {
        Box::pin(async move {
            let cause = match (&self.pools, error) {
                (Pools::Sqlite { readers, .. }, sqlx::Error::PoolTimedOut) => {
                    let most = readers.options().get_max_connections();
                    let used_up = async { StoreError::PoolUsedUp(most) };
                    self.pool_wait.cause(used_up).await
                }
                (Pools::Postgres { pool, .. }, sqlx::Error::PoolTimedOut) => {
                    self.pool_wait.cause(open_postgres::cause(pool)).await
                }
                (_, error) => error.into(),
            };
            self.availability.failed(&cause);
            cause
        })
    }

    /// The connection for a call that begins and commits its own transaction.
    pub(crate) async fn dedicated(&self) -> Result<Dedicated, StoreError> {
        let inner = Read(match &self.pools {
            Pools::Sqlite { writer, .. } => Handle::SqliteWrite(writer.dedicated().await?),
            Pools::Postgres { dedicated, .. } => {
                Handle::PostgresRead(match dedicated.acquire().await {
                    Ok(connection) => connection,
                    Err(sqlx::Error::PoolTimedOut) => {
                        let cause = Box::pin(open_postgres::cause(dedicated)).await;
                        return Err(match cause {
                            // No setting makes it more than one.
                            StoreError::PoolUsedUp(_) => {
                                StoreError::busy("the last transaction of this kind has not ended")
                            }
                            cause => cause,
                        });
                    }
                    Err(error) => return Err(error.into()),
                })
            }
        });
        let ended = false;
        Ok(Dedicated { inner, ended })
    }

    /// Creates or upgrades the schema; `tell` hears of each migration of an upgrade before it runs.
    /// Several processes may do so at once.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when a newer version has upgraded it and it does not bear this program,
    /// [`StoreError::Migration`] when a migration does not match the schema.
    pub async fn migrate(&self, tell: impl Fn(MigrationStep)) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, path, .. } => {
                let missing = async || migrate::missing(&mut self.read().await?).await;
                migrate::sqlite(writer.options(), path, missing, tell).await
            }
            Pools::Postgres { pool, .. } => migrate::postgres(self, pool, tell).await,
        }
    }

    /// The file of an SQLite database.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.pools {
            Pools::Sqlite { path, .. } => Some(path),
            Pools::Postgres { .. } => None,
        }
    }
}

impl Read {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        match &mut self.0 {
            Handle::SqliteRead(connection) => Connection::Sqlite(connection),
            Handle::SqliteWrite(transaction) => Connection::Sqlite(transaction.connection()),
            Handle::PostgresRead(connection) => Connection::Postgres(connection),
            Handle::PostgresWrite(transaction) => Connection::Postgres(transaction),
        }
    }
}

impl Dedicated {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.inner.connection()
    }

    /// What tells that SQLite commits; on PostgreSQL one that never tells anything.
    pub(crate) fn commit_hook(&self) -> CommitHook {
        match &self.inner.0 {
            Handle::SqliteWrite(transaction) => transaction.commit_hook(),
            _ => CommitHook::default(),
        }
    }

    /// Marks the transaction as committed; otherwise it is rolled back.
    pub(crate) fn ended(mut self) {
        self.ended = true;
        if let Handle::SqliteWrite(transaction) = &mut self.inner.0 {
            transaction.ended();
        }
    }
}

impl Drop for Dedicated {
    fn drop(&mut self) {
        // A call may still be running on it; the next user would wait for that.
        if let (false, Handle::PostgresRead(connection)) = (self.ended, &mut self.inner.0) {
            connection.close_on_drop();
        }
    }
}

impl Write {
    /// Commits: what was written is durable afterwards, and workers are told about new work.
    ///
    /// # Errors
    /// When the database refuses; nothing is written then. If the connection breaks before the
    /// answer, the transaction may have been committed.
    pub async fn commit(self) -> Result<(), StoreError> {
        let began = Instant::now();
        let committed = match self.inner.0 {
            Handle::SqliteWrite(transaction) => transaction.commit().await,
            Handle::PostgresWrite(transaction) => {
                transaction.commit().await.map_err(StoreError::from)
            }
            // `Store::write` never makes these.
            Handle::SqliteRead(_) | Handle::PostgresRead(_) => Ok(()),
        };
        self.availability.observe(committed)?;
        self.timings.committed(began.elapsed());
        self.work_signal.committed(self.makes_work);
        Ok(())
    }

    /// Notifies the workers when this is committed.
    pub(crate) fn makes_work(&mut self) {
        self.makes_work = true;
    }
}

impl Deref for Write {
    type Target = Read;
    fn deref(&self) -> &Read {
        &self.inner
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.inner
    }
}
