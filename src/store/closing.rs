//! Closes the database when a process ends.

use std::time::Duration;

use tokio::time::timeout;

use super::connection::Pools;
use super::{Store, StoreError};

/// How long connections may take to close: a statement that waits for a lock, or a server that is silent, must not
/// keep a process from ending.
pub(crate) const CLOSING: Duration = Duration::from_secs(1);

impl Store {
    /// Closes all connections, after those in use have been returned, but waits no longer than [`CLOSING`]. Who
    /// asks for one afterwards gets an error.
    pub async fn close(&self) {
        let why = match timeout(CLOSING, self.close_all()).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it did not answer".to_owned(),
        };
        match self.sqlite_path() {
            Some(_) => {
                tracing::warn!("the database was not closed: {why}; keep its -wal file with it");
            }
            None => tracing::warn!("the connections to the database were not closed: {why}"),
        }
    }

    async fn close_all(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite {
                readers, writer, ..
            } => {
                readers.close().await;
                writer.close().await?;
            }
            Pools::Postgres {
                pool,
                dedicated,
                listening,
            } => {
                dedicated.close().await;
                listening.close().await;
                pool.close().await;
            }
        }
        Ok(())
    }
}
