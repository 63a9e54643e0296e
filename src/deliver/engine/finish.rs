//! Marks issues as sent when their last delivery has ended.

use crate::domain::IssueId;
use crate::service::Service;
use crate::store::{self, StoreError};

/// Marks an issue as sent if no delivery of it waits and no worker holds one; else changes nothing.
///
/// # Errors
/// When the database cannot be used.
pub(crate) async fn finish(service: &Service, id: IssueId) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    let finished = store::issue::progress::finish(&mut tx, id, service.clock.now()).await?;
    tx.commit().await?;
    if finished {
        tracing::info!(issue = %id, "issue sent");
    }
    Ok(())
}

/// Marks every issue as sent whose deliveries have all ended: a worker that is killed after it recorded
/// the last of them cannot do so itself.
///
/// # Errors
/// When the database cannot be used.
pub async fn finish_all_done(service: &Service) -> Result<(), StoreError> {
    for issue in store::issue::progress::all_done(&mut service.store.read().await?).await? {
        finish(service, issue).await?;
    }
    Ok(())
}
