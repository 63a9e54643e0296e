//! Looking at an issue before it goes out.

use super::{PublishError, issue, newsletter_of};
use crate::domain::{CountrySet, EmailAddress, IssueId, MailKind, OutboxId};
use crate::mail::{RenderedMail, render_editors_copy};
use crate::service::Service;
use crate::store;
use crate::store::outbox::{NewMail, Recipient};

/// The issue as a reader who follows `countries` would get it; its personal links lead nowhere personal.
///
/// # Errors
/// When there is no such issue.
pub async fn preview(
    service: &Service,
    id: IssueId,
    countries: CountrySet,
) -> Result<RenderedMail, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let newsletter = newsletter_of(&mut db, issue.newsletter).await?;
    let at = issue
        .started_at
        .or(issue.scheduled_at)
        .unwrap_or_else(|| service.clock.now());
    Ok(render_editors_copy(
        &service.links,
        &newsletter,
        &issue,
        countries,
        at,
    )?)
}

/// Puts a copy of the issue for each of `to` into the outbox.
///
/// # Errors
/// When there is no such issue.
pub async fn send_test_copies(
    service: &Service,
    id: IssueId,
    to: &[EmailAddress],
) -> Result<(), PublishError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let issue = issue(&mut tx, id).await?;
    let newsletter = newsletter_of(&mut tx, issue.newsletter).await?;
    for address in to {
        let mail = NewMail {
            id: OutboxId(service.clock.new_uuid()),
            kind: MailKind::TestCopy,
            to: Recipient::Tester(address.clone(), id),
            language: newsletter.language,
        };
        store::outbox::insert(&mut tx, &mail, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
