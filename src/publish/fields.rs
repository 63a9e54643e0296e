//! What a newsletter asks its readers.

use super::PublishError;
use super::edited::Edited;
use super::newsletter::{finish, lock};
use crate::domain::{Actor, Fields, Newsletter, OtherSetting, Slug};
use crate::service::Service;
use crate::store;

/// Asks these from now on, and returns the newsletter as it is then. What was answered to others is kept until its
/// reader answers anew. `version`, when given, must be the one that the change was made from.
///
/// # Errors
/// When there is no such newsletter, or it has changed meanwhile.
pub async fn set_fields(
    service: &Service,
    slug: &Slug,
    fields: &Fields,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Newsletter, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, slug, version).await?;
    store::newsletter::set_fields(&mut tx, current.id, fields).await?;
    finish(
        service,
        tx,
        current.id,
        &Edited::other(OtherSetting::Fields),
        actor,
    )
    .await
}
