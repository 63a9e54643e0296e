//! Taking the page of an issue off the web, and putting it back.

use super::archive::make_findable;
use super::send::lock;
use super::{PublishError, check_version, issue, log, newsletter_of};
use crate::domain::{Actor, AuditAction, Issue, IssueId};
use crate::service::Service;
use crate::store;

/// Takes the page of an issue off the web: its address says that it was taken down, and lists, feed, search, sitemap,
/// summaries and the welcome mail leave the issue out. Mails that still wait go out all the same. Asking for it again
/// changes nothing.
///
/// # Errors
/// When it has no page, or has changed since `version`.
pub async fn hide(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    set_hidden(service, id, true, version, actor).await
}

/// Puts the page back where it was. Asking for it again changes nothing.
///
/// # Errors
/// Those of [`hide`].
pub async fn unhide(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    set_hidden(service, id, false, version, actor).await
}

async fn set_hidden(
    service: &Service,
    id: IssueId,
    hidden: bool,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    if !current.hide(hidden)? {
        return Ok(current);
    }
    check_version(&current, version)?;
    let at = hidden.then(|| service.clock.now());
    store::issue::archive::set_hidden(&mut tx, id, at).await?;
    let after = issue(&mut tx, id).await?;
    if after.is_listed() {
        // Upgrades index what is public and has no text yet, and leave out what is hidden.
        let newsletter = newsletter_of(&mut tx, after.newsletter).await?;
        make_findable(&mut tx, &after, newsletter.language).await?;
    }
    let action = match hidden {
        true => AuditAction::PageHidden,
        false => AuditAction::PageShown,
    };
    log(service, &mut tx, actor, action, &after).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, hidden, "page of an issue hidden or shown");
    Ok(after)
}
