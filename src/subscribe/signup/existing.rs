//! Sign-ups of addresses that may be in the database already, one at a time.

use jiff::{SignedDuration, Timestamp};

use super::{requested, unique_newsletters};
use crate::domain::{
    ConsentEvent, MailKind, Newsletter, OutboxId, Signup, SubscriberId, SubscriptionId,
};
use crate::membership::{self, Requested};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::subscribe::protection::mail_quota::MailQuota;
use crate::subscribe::protection::mailbox_limits;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Processes one request; returns its consent events. It takes its place in the quotas whatever is
/// known of its address.
pub(super) async fn process(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    quota: &mut MailQuota<'_>,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let now = service.clock.now();
    let reserved = quota.reserve(signup.into());
    let (address, keys) = (
        &signup.address,
        service.links.key().suppression_keys(&signup.address),
    );
    if store::consent::suppression::refuses_request(tx, &keys, address, now).await? {
        return Ok(Vec::new());
    }
    let name = signup.name.as_deref();
    let subscriber = store::subscriber::find_or_insert(tx, address, name, now).await?;
    let (mut to_confirm, mut events) = (Vec::new(), Vec::new());
    let mut active = None;
    for newsletter in unique_newsletters(newsletter, &signup.others) {
        match request_one(service, tx, newsletter, signup, subscriber.id).await? {
            Requested::Pending(id) => {
                to_confirm.push(id);
                events.push(requested(service, newsletter, signup, id));
            }
            Requested::Active(id) => active = active.or(Some(id)),
        }
    }
    let to = match (to_confirm.as_slice(), active) {
        ([], None) => return Ok(events),
        ([], Some(active)) => {
            remind_active(service, tx, signup, (subscriber.id, active), reserved).await?;
            return Ok(events);
        }
        ([first, others @ ..], _) => Recipient::about(*first, others.to_vec()),
    };
    if quota.has_trust(signup.into()) {
        // A mail delayed by an untrusted sign-up must not delay this trusted one.
        store::outbox::withdraw(tx, subscriber.id, MailKind::Confirmation, now).await?;
    }
    let (kind, language) = (MailKind::Confirmation, signup.chosen.language);
    if store::outbox::extend_untried(tx, subscriber.id, kind, &to_confirm, language).await? {
        return Ok(events);
    }
    let suspect = quota.is_suspect(signup.into());
    if let Some(allowed) = mailbox_limits::next_mail(service, tx, address, suspect, now).await? {
        let at = reserved.max(allowed);
        let mail = enqueue(service, tx, kind, to, signup, at).await?;
        mailbox_limits::count(service, tx, address, mail, at).await?;
    }
    Ok(events)
}

async fn request_one(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    subscriber: SubscriberId,
) -> Result<Requested, StoreError> {
    let now = service.clock.now();
    let existing = store::subscription::of_subscriber(tx, subscriber, newsletter.id).await?;
    let wanted = (subscriber, newsletter.id);
    let requested = membership::request(tx, existing.as_ref(), wanted, signup.chosen, now).await?;
    if let (Requested::Pending(id), Some(answers)) = (requested, signup.answers.of(newsletter.id)) {
        store::subscriber::answer::set(tx, id, answers).await?;
    }
    Ok(requested)
}

/// Tells an active subscriber, at most once a day, that there is nothing to do.
async fn remind_active(
    service: &Service,
    tx: &mut Write,
    signup: &Signup,
    (subscriber, subscription): (SubscriberId, SubscriptionId),
    at: Timestamp,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let day_ago = now.saturating_sub(DAY).unwrap_or(now);
    let kind = MailKind::AlreadySubscribed;
    let sent = store::outbox::count_since(tx, subscriber, kind, [day_ago; 3]).await?;
    if sent.long == 0 {
        let to = Recipient::Subscriber(subscription);
        enqueue(service, tx, kind, to, signup, at).await?;
    }
    Ok(())
}

async fn enqueue(
    service: &Service,
    tx: &mut Write,
    kind: MailKind,
    to: Recipient,
    signup: &Signup,
    at: Timestamp,
) -> Result<OutboxId, StoreError> {
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind,
        to,
        language: signup.chosen.language,
    };
    store::outbox::insert(tx, &mail, at).await?;
    Ok(mail.id)
}
