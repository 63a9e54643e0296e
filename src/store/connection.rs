//! Pools, connections and transactions of either database.

use std::io;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Postgres, Sqlite, Transaction};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::work_signal::WorkSignal;
use super::writer;
use super::writer::Writer;
use super::{StoreError, migrate};

/// How long a statement waits for another process that holds SQLite's write lock,
/// and how long a caller waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer of the database is waited for where nobody else would notice: a host that
/// vanishes says nothing, and its connection looks as if it were only slow. A statement may wait
/// its turn behind the patience of others.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a connection to PostgreSQL is believed to be alive.
const ASSUMED_ALIVE: Duration = Duration::from_secs(1);

/// The database of one process. Clones share the pools.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    work_signal: WorkSignal,
}

#[derive(Clone)]
enum Pools {
    Sqlite {
        /// SQLite has one writer at a time, and queueing here is fairer than its lock.
        writer: Writer,
        readers: SqlitePool,
        path: PathBuf,
    },
    Postgres {
        pool: PgPool,
        /// One connection, always the same: what records deliveries stays warm in its server.
        dedicated: PgPool,
    },
}

/// A connection to read with; also what a [`Write`] derefs to.
pub struct Read(Handle);

/// A transaction. Dropped without [`Write::commit`], it leaves nothing behind.
pub struct Write {
    inner: Read,
    work_signal: WorkSignal,
    makes_work: bool,
}

/// What a transaction that is one call runs on.
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
    /// Opens the database and, unless it is there, creates an SQLite file and its folder.
    ///
    /// # Errors
    /// When the address is unknown or the database cannot be reached.
    pub async fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(url, connections).await;
        }
        let Some(path) = url.strip_prefix("sqlite:") else {
            // Only the scheme: what follows may hold a password.
            let scheme = url.split(':').next().unwrap_or_default();
            return Err(StoreError::BadUrl(format!("{scheme}:…")));
        };
        let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
        Self::open_sqlite(path, connections).await
    }

    async fn open_postgres(url: &str, connections: u32) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|e| StoreError::BadUrl(format!("postgres:… ({e})")))?
            .application_name("xabar")
            // A process that is put to sleep in a transaction would hold its locks until it
            // wakes; none of ours waits for anything but the database in between.
            .options([
                ("idle_in_transaction_session_timeout", "10s"),
                // Our statements go by keys: compiling them costs more than it gains, and an
                // index is nearly always in memory, which the default takes for a far disk.
                ("jit", "off"),
                ("random_page_cost", "1.1"),
            ]);
        let sized = |most| {
            PgPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .test_before_acquire(false)
                // To ask costs a round trip; who answered just now is believed.
                .before_acquire(|connection, known| {
                    Box::pin(async move {
                        if known.idle_for > ASSUMED_ALIVE {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
        };
        let pool = sized(connections.max(2))
            .connect_with(options.clone())
            .await;
        let pool = match pool {
            // The pool tries again until its time is over, and then does not say why.
            Err(timed_out @ sqlx::Error::PoolTimedOut) => {
                let once_more =
                    timeout(ACQUIRE_TIMEOUT, PgConnection::connect_with(&options)).await;
                let reason = once_more.ok().and_then(Result::err);
                return Err(reason.unwrap_or(timed_out).into());
            }
            other => other?,
        };
        let dedicated = sized(1).connect_lazy_with(options);
        Ok(Self::new(Pools::Postgres { pool, dedicated }))
    }

    async fn open_sqlite(path: PathBuf, connections: u32) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|e| StoreError::Unavailable(sqlx::Error::Io(e)))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A 2xx must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE_TIMEOUT)
            .pragma("temp_store", "memory")
            // In KiB. What is read again is in the system's memory anyway, and a process that
            // serves a million readers should be as small as one that serves a thousand.
            .pragma("cache_size", "-2048");
        // Of processes that turn on WAL in a new file at once, SQLite lets one fail without waiting.
        let lock = migrate::lock_beside(&path).await?;
        // A sign-up waits its turn behind an import's batch or a frozen audience.
        // To wait for another process's lock is nothing to be warned of.
        let for_writer = options.clone();
        let for_writer = for_writer.log_slow_statements(log::LevelFilter::Warn, ACQUIRE_TIMEOUT);
        let writer = Writer::open(for_writer, 3 * ACQUIRE_TIMEOUT).await?;
        drop(lock);
        let readers = SqlitePoolOptions::new()
            .max_connections(connections.clamp(2, 8))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A file does not hang up.
            .test_before_acquire(false)
            .connect_with(
                options
                    .pragma("query_only", "on")
                    .pragma("cache_size", "-256"),
            )
            .await?;
        Ok(Self::new(Pools::Sqlite {
            writer,
            readers,
            path,
        }))
    }

    fn new(pools: Pools) -> Self {
        let work_signal = WorkSignal::new();
        Self { pools, work_signal }
    }

    /// Changes whenever there is new work for a worker: in this process, and in others
    /// as far as [`Store::forward_notifications`] runs.
    #[must_use]
    pub fn new_work(&self) -> watch::Receiver<u64> {
        self.work_signal.subscribe()
    }

    /// Until `stop`, tells the processes on the same PostgreSQL about this one's new work,
    /// and this one about theirs. On SQLite there is nobody to tell.
    pub async fn forward_notifications(&self, stop: &CancellationToken) {
        match &self.pools {
            Pools::Sqlite { .. } => {}
            Pools::Postgres { pool, .. } => self.work_signal.forward(pool, stop).await,
        }
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// When none becomes free or the database cannot be reached.
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Read(match &self.pools {
            Pools::Sqlite { readers, .. } => Handle::SqliteRead(readers.acquire().await?),
            Pools::Postgres { pool, .. } => Handle::PostgresRead(pool.acquire().await?),
        }))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When the database cannot be reached, or SQLite stays locked by another process.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let inner = Read(match &self.pools {
            Pools::Sqlite { writer, .. } => Handle::SqliteWrite(writer.begin().await?),
            Pools::Postgres { pool, .. } => Handle::PostgresWrite(pool.begin().await?),
        });
        Ok(Write {
            inner,
            work_signal: self.work_signal.clone(),
            makes_work: false,
        })
    }

    /// For a transaction that one call begins and commits.
    pub(crate) async fn dedicated(&self) -> Result<Dedicated, StoreError> {
        let inner = Read(match &self.pools {
            Pools::Sqlite { writer, .. } => Handle::SqliteWrite(writer.dedicated().await?),
            Pools::Postgres { dedicated, .. } => Handle::PostgresRead(dedicated.acquire().await?),
        });
        let ended = false;
        Ok(Dedicated { inner, ended })
    }

    /// Creates or upgrades the schema; safe when several processes do so at once.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when a newer program was here before.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, path, .. } => migrate::sqlite(writer.options(), path).await,
            Pools::Postgres { pool, .. } => migrate::postgres(pool).await,
        }
    }

    /// Closes every connection, once those in use have been given back.
    pub async fn close(&self) {
        match &self.pools {
            // The writer's connection goes with the last of its users.
            Pools::Sqlite { readers, .. } => readers.close().await,
            Pools::Postgres { pool, dedicated } => {
                dedicated.close().await;
                pool.close().await;
            }
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

    /// Says that the transaction was committed; otherwise it is rolled back.
    pub(crate) fn ended(mut self) {
        self.ended = true;
        if let Handle::SqliteWrite(transaction) = &mut self.inner.0 {
            transaction.ended();
        }
    }
}

impl Drop for Dedicated {
    fn drop(&mut self) {
        // Whoever comes next would wait with a connection that nobody answers.
        if let (false, Handle::PostgresRead(connection)) = (self.ended, &mut self.inner.0) {
            connection.close_on_drop();
        }
    }
}

/// The answer of the database, if it comes within a minute.
///
/// # Errors
/// When it does not: [`StoreError::Unavailable`].
pub async fn with_timeout<T, E: From<StoreError>>(
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    match timeout(ANSWER_TIMEOUT, answer).await {
        Ok(answered) => answered,
        Err(_) => {
            let why = io::Error::new(io::ErrorKind::TimedOut, "no answer for a minute");
            Err(StoreError::Unavailable(sqlx::Error::Io(why)).into())
        }
    }
}

impl Write {
    /// Makes everything since [`Store::write`] durable.
    ///
    /// # Errors
    /// When the database could not; then nothing of it happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.inner.0 {
            Handle::SqliteWrite(transaction) => transaction.commit().await?,
            Handle::PostgresWrite(transaction) => transaction.commit().await?,
            // A `Write` is only made by `Store::write`, which makes the two above.
            Handle::SqliteRead(_) | Handle::PostgresRead(_) => {}
        }
        if self.makes_work {
            self.work_signal.send();
        }
        Ok(())
    }

    /// Once this is committed, a worker has something to do.
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
