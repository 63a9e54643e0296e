//! When the last delivery has ended.

use crate::domain::IssueId;
use crate::service::Service;
use crate::store::{self, StoreError};

/// Notes that an issue was sent, if nothing of it waits or is in the hands of a worker.
///
/// # Errors
/// When the database cannot be used.
pub(crate) async fn finish(service: &Service, id: IssueId) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    let finished = store::issue::progress::finish(&mut tx, id, service.clock.now()).await?;
    tx.commit().await?;
    if finished {
        tracing::info!(issue = %id, "sent");
    }
    Ok(())
}

/// Does so for issues whose last delivery was recorded by a worker that was killed at once.
///
/// # Errors
/// When the database cannot be used.
pub async fn finish_all_done(service: &Service) -> Result<(), StoreError> {
    for issue in store::issue::progress::all_done(&mut service.store.read().await?).await? {
        finish(service, issue).await?;
    }
    Ok(())
}
