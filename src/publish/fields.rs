//! What a newsletter asks its readers.

use super::PublishError;
use crate::domain::{Fields, Newsletter};
use crate::service::Service;
use crate::store;

/// Asks these from now on. What was answered to others is kept until its reader answers anew.
///
/// # Errors
/// When the database cannot be used.
pub async fn set_fields(
    service: &Service,
    newsletter: &Newsletter,
    fields: &Fields,
) -> Result<(), PublishError> {
    let mut tx = service.store.write().await?;
    store::newsletter::set_fields(&mut tx, newsletter.id, fields).await?;
    Ok(tx.commit().await?)
}
