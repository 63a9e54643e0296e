//! Test copies: an issue as a mail to editors and to whom they ask.
//!
//! They go to any address, with any text and without an approval, so there are few of them in an hour.

use super::{PublishError, issue, newsletter_of};
use crate::domain::{
    Actor, AuditAction, AuditEvent, CountrySet, EmailAddress, Issue, IssueId, MailKind, Newsletter,
    OutboxId, RateLimited,
};
use crate::service::Service;
use crate::store::consent::operator_suppression;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::protection::rate_counter;
use crate::store::{self, StoreError, Write};

/// So many copies one person or program sends for one newsletter, in a window of so many seconds.
const LIMITS: [(i64, i64); 2] = [(3_600, 60), (86_400, 200)];

/// What became of test copies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestCopies {
    /// The mails that are on their way.
    pub mails: Vec<OutboxId>,
    /// Those who get none: their addresses must never be mailed.
    pub suppressed: Vec<EmailAddress>,
}

/// Puts a copy of the issue, as somebody who follows `countries` gets it, for each of `to` into the outbox. Addresses
/// that an operator has suppressed get none.
///
/// # Errors
/// When there is no such issue, or too many copies were sent.
pub async fn send_test_copies(
    service: &Service,
    id: IssueId,
    to: &[EmailAddress],
    countries: CountrySet,
    actor: &Actor,
) -> Result<TestCopies, PublishError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let issue = issue(&mut tx, id).await?;
    let slug = newsletter_of(&mut tx, issue.newsletter).await?.slug;
    // Copies of all its issues are counted together: of two requests one waits.
    let newsletter = store::newsletter::lock(&mut tx, &slug).await?;
    let newsletter = newsletter.ok_or(PublishError::NoNewsletter(slug))?;
    let mut wanted: Vec<EmailAddress> = Vec::with_capacity(to.len());
    let mut copies = TestCopies::default();
    for address in to {
        // Who is named twice wants one copy.
        if wanted.contains(address) || copies.suppressed.contains(address) {
            continue;
        }
        let keys = service.links.key().suppression_keys(address);
        let why = operator_suppression::of_address(&mut tx, &keys, now).await?;
        let is_mailed = !why.iter().any(|one| one.by_operator);
        let list = match is_mailed {
            true => &mut wanted,
            false => &mut copies.suppressed,
        };
        list.push(address.clone());
    }
    if wanted.is_empty() {
        return Ok(copies);
    }
    count(service, &mut tx, &issue, wanted.len(), actor).await?;
    copies.mails = put_copies(service, &mut tx, (&newsletter, id, countries), &wanted).await?;
    let event = AuditEvent::new(actor, AuditAction::TestCopies, now);
    let event = event
        .on_issue(&issue)
        .saying(copies.mails.len().to_string());
    store::audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, copies = copies.mails.len(), "test copies queued");
    Ok(copies)
}

/// Counts the copies, and refuses them all where they are too many: the transaction is dropped then.
async fn count(
    service: &Service,
    tx: &mut Write,
    issue: &Issue,
    copies: usize,
    actor: &Actor,
) -> Result<(), PublishError> {
    let now = service.clock.now();
    let person = actor.person();
    let parts: [&[u8]; 2] = [issue.newsletter.0.as_bytes(), person.as_bytes()];
    let key = service.links.key().keyed_hash("test copies", &parts);
    let times = i64::try_from(copies).unwrap_or(i64::MAX);
    let wait = rate_counter::hit_within(tx, &key, (times, &LIMITS), now).await?;
    match wait {
        Some(retry_after) => Err(PublishError::TooManyCopies(RateLimited { retry_after })),
        None => Ok(()),
    }
}

/// Puts copies into the outbox, without a limit.
pub(super) async fn put_copies(
    service: &Service,
    tx: &mut Write,
    (newsletter, id, countries): (&Newsletter, IssueId, CountrySet),
    to: &[EmailAddress],
) -> Result<Vec<OutboxId>, StoreError> {
    let mut mails = Vec::with_capacity(to.len());
    for address in to {
        let mail = NewMail {
            id: OutboxId(service.clock.new_uuid()),
            kind: MailKind::TestCopy,
            to: Recipient::Tester(address.clone(), id),
            language: newsletter.language,
        };
        let now = service.clock.now();
        store::outbox::insert_with(tx, &mail, &countries.to_string(), now).await?;
        mails.push(mail.id);
    }
    Ok(mails)
}
