//! From a form to a pending subscription and a mail, in one transaction.

use jiff::{SignedDuration, Timestamp};

use super::limits::count_ip;
use crate::domain::{
    ConsentEvent, ConsentKind, MailKind, Newsletter, OutboxId, Signup, SubscriberId, Subscription,
    SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::texts;

/// Takes a sign-up in. What it does depends on what is known of the address;
/// what the visitor is told must not, so nothing is returned.
///
/// - new or ended: a pending subscription and a confirmation mail;
/// - pending: the choices of this request and, within the caps, the mail again;
/// - active: nothing changes; at most once a day a mail that says so;
/// - suppressed: nothing.
///
/// When it returns, all of it is durable.
///
/// # Errors
/// When the database cannot be used; then nothing was written.
pub async fn sign_up(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    if let Some(ip) = signup.ip {
        count_ip(service, &mut tx, ip).await?;
    }
    let hash = service.links.address_hash(&signup.address);
    if !store::suppression::contains(&mut tx, &hash).await? {
        take_in(service, &mut tx, newsletter, signup, now).await?;
    }
    tx.commit().await
}

async fn take_in(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = signup.name.as_deref();
    let subscriber = store::subscriber::find_or_insert(tx, &signup.address, name, now).await?;
    let known = if subscriber.is_new {
        None
    } else {
        store::subscription::of_subscriber(tx, subscriber.id, newsletter.id).await?
    };
    let subscription = match &known {
        Some(Subscription {
            id,
            state: SubscriptionState::Active,
            ..
        }) => {
            return remind_active(service, tx, newsletter, signup, (subscriber.id, *id), now).await;
        }
        Some(Subscription { id, .. }) => {
            store::subscription::restart(tx, *id, signup.language, signup.countries).await?;
            *id
        }
        None => {
            let (language, countries) = (signup.language, signup.countries);
            store::subscription::insert_pending(
                tx,
                subscriber.id,
                newsletter.id,
                language,
                countries,
                now,
            )
            .await?
        }
    };
    store::consent::append(tx, &consent(newsletter, signup, subscription, now)).await?;
    if subscriber.is_new || may_mail(service, tx, subscriber.id, now).await? {
        let to = Recipient::Subscriber(subscriber.id, subscription);
        enqueue(
            service,
            tx,
            MailKind::Confirmation,
            newsletter,
            to,
            signup,
            now,
        )
        .await?;
    }
    Ok(())
}

fn consent(
    newsletter: &Newsletter,
    signup: &Signup,
    subscription: SubscriptionId,
    now: Timestamp,
) -> ConsentEvent {
    let wording = texts::consent_wording(signup.language, &newsletter.title);
    ConsentEvent {
        subscription,
        kind: ConsentKind::Requested,
        method: signup.method,
        at: now,
        wording: wording.wording,
        wording_version: wording.version,
        language: signup.language,
        page: signup.page.clone(),
        ip: signup.ip,
    }
}

/// Whether the caps on confirmation mails leave room for one more.
async fn may_mail(
    service: &Service,
    tx: &mut Write,
    subscriber: SubscriberId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let ago = |minutes| {
        now.saturating_sub(SignedDuration::from_mins(minutes))
            .unwrap_or(now)
    };
    let since = [ago(15), ago(24 * 60), ago(30 * 24 * 60)];
    let sent = store::outbox::count_since(tx, subscriber, MailKind::Confirmation, since).await?;
    let limits = &service.settings.signup;
    Ok(sent.short < limits.mails_per_15_minutes
        && sent.middle < limits.mails_per_day
        && sent.long < limits.mails_per_30_days)
}

/// Tells an active reader, at most daily, that there is nothing to do.
async fn remind_active(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    (subscriber, subscription): (SubscriberId, SubscriptionId),
    now: Timestamp,
) -> Result<(), StoreError> {
    let day_ago = now
        .saturating_sub(SignedDuration::from_hours(24))
        .unwrap_or(now);
    let kind = MailKind::AlreadySubscribed;
    let sent = store::outbox::count_since(tx, subscriber, kind, [day_ago; 3]).await?;
    if sent.long == 0 {
        let to = Recipient::Subscriber(subscriber, subscription);
        enqueue(service, tx, kind, newsletter, to, signup, now).await?;
    }
    Ok(())
}

async fn enqueue(
    service: &Service,
    tx: &mut Write,
    kind: MailKind,
    newsletter: &Newsletter,
    to: Recipient,
    signup: &Signup,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind,
        newsletter: newsletter.id,
        to,
        language: signup.language,
    };
    store::outbox::insert(tx, &mail, now).await
}
