//! Sign-ups of addresses that may be in the database already, one at a time.

use jiff::{SignedDuration, Timestamp};

use super::{requested, unique_newsletters};
use crate::domain::{
    ConsentEvent, MailKind, Newsletter, OutboxId, Signup, SubscriberId, SubscriptionId,
    SubscriptionState,
};
use crate::membership;
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::subscribe::protection::mail_quota::MailQuota;

/// The period of `signup.mails_per_15_minutes`.
const SHORT_PERIOD: SignedDuration = SignedDuration::from_mins(15);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Processes one request; returns its consent events.
pub(super) async fn process(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    quota: &mut MailQuota<'_>,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let now = service.clock.now();
    let name = signup.name.as_deref();
    let subscriber = store::subscriber::find_or_insert(tx, &signup.address, name, now).await?;
    let (mut to_confirm, mut events) = (Vec::new(), Vec::new());
    let mut active = None;
    for newsletter in unique_newsletters(newsletter, &signup.others) {
        match request_one(service, tx, newsletter, signup, subscriber.id).await? {
            RequestOutcome::Pending(id) => {
                to_confirm.push(id);
                events.push(requested(service, newsletter, signup, id));
            }
            RequestOutcome::AlreadyActive(id) => active = active.or(Some(id)),
        }
    }
    let to = match (to_confirm.as_slice(), active) {
        ([], None) => return Ok(events),
        ([], Some(active)) => {
            remind_active(service, tx, signup, (subscriber.id, active), quota).await?;
            return Ok(events);
        }
        ([first, others @ ..], _) => Recipient::about(*first, others.to_vec()),
    };
    if quota.has_trust(signup) {
        // A mail delayed by an untrusted sign-up must not delay this trusted one.
        store::outbox::withdraw(tx, subscriber.id, MailKind::Confirmation, now).await?;
    }
    let (kind, language) = (MailKind::Confirmation, signup.chosen.language);
    if store::outbox::extend_untried(tx, subscriber.id, kind, &to_confirm, language).await? {
        return Ok(events);
    }
    let suspect = quota.is_suspect(signup);
    let allowed = match subscriber.is_new {
        true => Some(now),
        false => next_mail(service, tx, subscriber.id, suspect).await?,
    };
    if let Some(allowed) = allowed {
        let at = quota.reserve(signup).max(allowed);
        enqueue(service, tx, kind, to, signup, at).await?;
    }
    Ok(events)
}

/// The result of a request for one newsletter.
enum RequestOutcome {
    /// It waits for a confirmation.
    Pending(SubscriptionId),
    /// It was confirmed before, and stays as it is.
    AlreadyActive(SubscriptionId),
}

async fn request_one(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    subscriber: SubscriberId,
) -> Result<RequestOutcome, StoreError> {
    let now = service.clock.now();
    let existing = store::subscription::of_subscriber(tx, subscriber, newsletter.id).await?;
    let existing = existing.as_ref();
    if let Some(active) = existing.filter(|one| one.state == SubscriptionState::Active) {
        return Ok(RequestOutcome::AlreadyActive(active.id));
    }
    let wanted = (subscriber, newsletter.id);
    let id = membership::request(tx, existing, wanted, signup.chosen, now).await?;
    if let Some(answers) = signup.answers.of(newsletter.id) {
        store::subscriber::answer::set(tx, id, answers).await?;
    }
    Ok(RequestOutcome::Pending(id))
}

/// When the limits on confirmation mails allow one more: now, or when 15 minutes have passed since
/// the last. None when the limits of a day or a month are reached; a suspect sign-up gets one a day.
async fn next_mail(
    service: &Service,
    tx: &mut Write,
    subscriber: SubscriberId,
    suspect: bool,
) -> Result<Option<Timestamp>, StoreError> {
    let (kind, now) = (MailKind::Confirmation, service.clock.now());
    let ago = |period| now.saturating_sub(period).unwrap_or(now);
    let since = [ago(SHORT_PERIOD), ago(DAY), ago(DAY * 30)];
    let sent = store::outbox::count_since(tx, subscriber, kind, since).await?;
    let limits = &service.settings.signup;
    let below = |sent: i64, limit: i64| limit == 0 || sent < limit;
    if !below(sent.middle, limits.mails_per_day)
        || !below(sent.long, limits.mails_per_30_days)
        || suspect && sent.middle > 0
    {
        return Ok(None);
    }
    if below(sent.short, limits.mails_per_15_minutes) {
        return Ok(Some(now));
    }
    let nth = limits.mails_per_15_minutes;
    let counted = store::outbox::nth_newest(tx, subscriber, kind, nth).await?;
    Ok(counted.map(|at| at.saturating_add(SHORT_PERIOD).unwrap_or(at)))
}

/// Tells an active subscriber, at most once a day, that there is nothing to do.
async fn remind_active(
    service: &Service,
    tx: &mut Write,
    signup: &Signup,
    (subscriber, subscription): (SubscriberId, SubscriptionId),
    quota: &mut MailQuota<'_>,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let day_ago = now.saturating_sub(DAY).unwrap_or(now);
    let kind = MailKind::AlreadySubscribed;
    let sent = store::outbox::count_since(tx, subscriber, kind, [day_ago; 3]).await?;
    if sent.long == 0 {
        let to = Recipient::Subscriber(subscription);
        let at = quota.reserve(signup);
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
) -> Result<(), StoreError> {
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind,
        to,
        language: signup.chosen.language,
    };
    store::outbox::insert(tx, &mail, at).await
}
