//! A limit to how long a caller waits for the database.

use std::io;
use std::time::Duration;

use tokio::time::timeout;

use super::StoreError;

/// How long [`with_timeout`] waits for the database. A connection to a host that has disappeared looks
/// like a slow one. The limit is above the time that a statement may wait for a connection and a lock.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Waits up to a minute for a call of the store.
///
/// # Errors
/// [`StoreError::Unavailable`] after a minute, and the errors of the call.
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
