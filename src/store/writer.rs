//! SQLite's one writer connection.
//!
//! Not a pool of one: that would ask the connection whether it is alive before and after each
//! transaction, which costs as much as the transaction's own statements.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Executor as _};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::timeout;

use super::StoreError;

/// Clones share the connection; who waits for it gets it in turn.
#[derive(Clone)]
pub(super) struct Writer {
    slot: Arc<Mutex<Slot>>,
    options: Arc<SqliteConnectOptions>,
    patience: Duration,
}

struct Slot {
    connection: SqliteConnection,
    /// A transaction may be open on it that nobody will end.
    torn: bool,
}

/// A transaction; dropped without [`Transaction::commit`] it is rolled back.
pub(super) struct Transaction {
    slot: OwnedMutexGuard<Slot>,
    writer: Writer,
}

impl Writer {
    /// Opens the connection. Whoever waits longer than `patience` for a turn is told so.
    pub(super) async fn open(
        options: SqliteConnectOptions,
        patience: Duration,
    ) -> Result<Self, StoreError> {
        let connection = SqliteConnection::connect_with(&options).await?;
        let torn = false;
        Ok(Self {
            slot: Arc::new(Mutex::new(Slot { connection, torn })),
            options: Arc::new(options),
            patience,
        })
    }

    /// How its connection is made.
    pub(super) fn options(&self) -> SqliteConnectOptions {
        self.options.as_ref().clone()
    }

    /// The connection, with no transaction open on it.
    async fn turn(&self) -> Result<OwnedMutexGuard<Slot>, StoreError> {
        let turn = timeout(self.patience, Arc::clone(&self.slot).lock_owned());
        let mut slot = turn.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        if slot.torn {
            // A failing disk may have rolled back already, or be unable to: a new connection
            // does not know about it.
            if slot.connection.execute("ROLLBACK").await.is_err() {
                slot.connection = SqliteConnection::connect_with(&self.options).await?;
            }
            slot.torn = false;
        }
        Ok(slot)
    }

    /// The connection, once all before have ended, for a call that begins and commits by itself.
    pub(super) async fn dedicated(&self) -> Result<Transaction, StoreError> {
        let mut slot = self.turn().await?;
        slot.torn = true;
        let writer = self.clone();
        Ok(Transaction { slot, writer })
    }

    /// Begins a transaction, once all before it have ended.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        let mut slot = self.turn().await?;
        // Until it is committed, also if this future is dropped.
        slot.torn = true;
        if let Err(error) = slot.connection.execute("BEGIN IMMEDIATE").await {
            // Another process has the lock: nothing was begun.
            slot.torn = error.as_database_error().is_none();
            return Err(error.into());
        }
        let writer = self.clone();
        Ok(Transaction { slot, writer })
    }
}

impl Transaction {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.slot.connection
    }

    /// Makes it durable.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.slot.connection.execute("COMMIT").await?;
        self.ended();
        Ok(())
    }

    /// Says that it was committed.
    pub(super) fn ended(&mut self) {
        self.slot.torn = false;
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Whoever comes next rolls it back; where nobody comes, other processes would wait.
        if let (true, Ok(runtime)) = (self.slot.torn, Handle::try_current()) {
            let writer = self.writer.clone();
            runtime.spawn(async move { writer.turn().await.map(drop) });
        }
    }
}
