//! SQLite's one writer connection.
//!
//! It is not a pool of size one: a pool tests its connection before and after each transaction,
//! which costs as much as the statements of the transaction.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Executor as _};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
use tokio::time::timeout;

use super::StoreError;
use super::commit_hook::CommitHook;
use super::lock_wait::LockWait;
use super::open_file::OpenFile;

/// Clones share the connection. Waiting callers get it in order.
#[derive(Clone)]
pub(super) struct Writer {
    /// None when it is closed.
    slot: Arc<Mutex<Option<Slot>>>,
    options: Arc<SqliteConnectOptions>,
    file: Arc<OpenFile>,
    max_wait: Duration,
    /// Whether another process has SQLite's lock.
    pub(super) lock_wait: LockWait,
}

struct Slot {
    connection: SqliteConnection,
    commit_hook: CommitHook,
    /// A transaction may still be open on the connection; the next user rolls it back.
    needs_rollback: bool,
}

/// The connection of somebody whose turn it is.
type Turn = OwnedMappedMutexGuard<Option<Slot>, Slot>;

/// A transaction. It is rolled back when it is dropped without [`Transaction::commit`].
pub(super) struct Transaction {
    slot: Turn,
    writer: Writer,
}

impl Writer {
    /// Opens the connection. A caller that waits longer than `max_wait` for it gets an error.
    pub(super) async fn open(
        options: SqliteConnectOptions,
        max_wait: Duration,
    ) -> Result<Self, StoreError> {
        let slot = Slot::connect(&options).await?;
        Ok(Self {
            slot: Arc::new(Mutex::new(Some(slot))),
            file: Arc::new(OpenFile::at(options.get_filename())?),
            options: Arc::new(options),
            max_wait,
            lock_wait: LockWait::default(),
        })
    }

    /// The options of the connection.
    pub(super) fn options(&self) -> SqliteConnectOptions {
        self.options.as_ref().clone()
    }

    /// Waits for the connection; no transaction is open on it, and its file is in place.
    async fn acquire(&self) -> Result<Turn, StoreError> {
        let slot = OwnedMutexGuard::try_map(self.lock().await?, Option::as_mut);
        let mut slot = slot.map_err(|_| sqlx::Error::PoolClosed)?;
        self.file.is_in_place()?;
        slot.roll_back(&self.options).await?;
        Ok(slot)
    }

    async fn lock(&self) -> Result<OwnedMutexGuard<Option<Slot>>, StoreError> {
        let locked = timeout(self.max_wait, Arc::clone(&self.slot).lock_owned()).await;
        Ok(locked.map_err(|_| sqlx::Error::PoolTimedOut)?)
    }

    /// Waits for the connection, copies SQLite's log into the file as far as nobody else needs it, and closes the
    /// connection. With the last one to the file SQLite removes the log.
    ///
    /// # Errors
    /// When the connection is in use for too long, or the log cannot be copied; the next who opens the file does it.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        let Some(mut slot) = self.lock().await?.take() else {
            return Ok(());
        };
        slot.roll_back(&self.options).await?;
        // Closing does it too, but not while a reader's connection, given up while it was opened, is still there.
        let checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";
        let copied = slot.connection.execute(checkpoint).await;
        slot.connection.close().await?;
        copied?;
        Ok(())
    }

    /// Waits for the connection, for a call that begins and commits its own transaction.
    pub(super) async fn dedicated(&self) -> Result<Transaction, StoreError> {
        let mut slot = self.acquire().await?;
        slot.needs_rollback = true;
        let writer = self.clone();
        Ok(Transaction { slot, writer })
    }

    /// Waits for the connection and begins a transaction.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        let mut slot = self.acquire().await?;
        // Until the commit. This future may be dropped while SQLite still waits for the lock, and it must not keep the
        // lock that it then gets.
        slot.needs_rollback = true;
        let writer = self.clone();
        let mut begun = Transaction { slot, writer };
        self.lock_wait.begins();
        if let Err(error) = begun.connection().execute("BEGIN IMMEDIATE").await {
            // An error of the database (another process has the lock) means that nothing began.
            begun.slot.needs_rollback = error.as_database_error().is_none();
            return Err(error.into());
        }
        self.lock_wait.ended();
        Ok(begun)
    }

    /// Like [`Writer::begin`], but gives up when another process has had SQLite's lock for so long. Whoever waits for
    /// others of this process goes on waiting: they come to an end.
    pub(super) async fn begin_unless_locked(
        &self,
        patience: Duration,
    ) -> Result<Transaction, StoreError> {
        tokio::select! {
            biased;
            begun = self.begin() => begun,
            () = self.lock_wait.lasts(patience) => Err(StoreError::busy(
                "another process has the lock of the SQLite file; find it with `fuser` and end it",
            )),
        }
    }
}

impl Slot {
    async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = SqliteConnection::connect_with(options).await?;
        let commit_hook = CommitHook::default();
        commit_hook.set(&mut connection).await?;
        Ok(Self {
            connection,
            commit_hook,
            needs_rollback: false,
        })
    }

    /// Ends what the last user has left open.
    async fn roll_back(&mut self, options: &SqliteConnectOptions) -> Result<(), StoreError> {
        if self.needs_rollback {
            // After a disk error SQLite may have rolled back already, or may be unable to. A new
            // connection starts without the transaction.
            if self.connection.execute("ROLLBACK").await.is_err() {
                *self = Self::connect(options).await?;
            }
            self.needs_rollback = false;
        }
        Ok(())
    }
}

impl Transaction {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.slot.connection
    }

    /// The hook of the connection.
    pub(super) fn commit_hook(&self) -> CommitHook {
        self.slot.commit_hook.clone()
    }

    /// Commits.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.slot.connection.execute("COMMIT").await?;
        self.ended();
        Ok(())
    }

    /// Marks the transaction as committed.
    pub(super) fn ended(&mut self) {
        self.slot.needs_rollback = false;
        self.writer.lock_wait.ended();
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // The next user rolls back. If there is none, other processes would wait for the lock.
        if let (true, Ok(runtime)) = (self.slot.needs_rollback, Handle::try_current()) {
            let writer = self.writer.clone();
            runtime.spawn(async move { writer.acquire().await.map(drop) });
        }
    }
}
