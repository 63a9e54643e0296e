//! From a form to a pending subscription and a mail, in one transaction.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};

use super::protection::constant_time::evenly;
use super::protection::mail_quota::MailQuota;
use super::protection::rate_limits;
use crate::domain::{
    AgreedTo, Answers, ConsentEvent, ConsentKind, MailKind, Newsletter, OutboxId, Signup,
    SubscriberId, Subscription, SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::subscription::signup::{FirstSignup, NewSubscriber};
use crate::store::{self, StoreError, Write};
use crate::texts::{self, ConsentWording};

/// Takes a sign-up in. What it does depends on what is known of the address;
/// what the visitor is told must not, so nothing is returned.
///
/// - new or ended: a pending subscription and a confirmation mail;
/// - pending: the choices of this request and, within the caps, the mail again;
/// - active: nothing changes; at most once a day a mail that says so, unless there is
///   another newsletter to confirm;
/// - suppressed: nothing.
///
/// One mail is about all the newsletters that are asked for at the same time.
///
/// When it returns, all of it is durable. Sign-ups that arrive together share one
/// transaction; where their addresses are new, also its statements. How long it takes does not
/// tell which of these it was.
///
/// # Errors
/// When the database cannot be used; then nothing was written.
pub async fn sign_up(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
) -> Result<(), StoreError> {
    Box::pin(evenly(
        &service.signups_in_flight,
        together(service, newsletter, signup),
    ))
    .await
}

async fn together(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
) -> Result<(), StoreError> {
    let wish = Arc::new((newsletter.clone(), signup.clone()));
    let all = service.clone();
    let work = move |wishes: Vec<Wish>| async move { take_all_in(&all, &wishes).await };
    let together = Arc::clone(&service.signups);
    match together.work(Arc::clone(&wish), work).await {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) if error.is_transient() => Err(StoreError::Shared(error)),
        // Somebody's could not be taken in. Alone it cannot be somebody else's.
        _ => Box::pin(take_all_in(service, &[wish])).await,
    }
}

type Wish = Arc<(Newsletter, Signup)>;

async fn take_all_in(service: &Service, wishes: &[Wish]) -> Result<(), StoreError> {
    let now = service.clock.now();
    let mut by_key: Vec<(String, &Wish)> = wishes
        .iter()
        .map(|wish| (wish.1.address.key(), wish))
        .collect();
    // Whoever locks addresses does so in this order; of one address the first came first.
    by_key.sort_by(|a, b| a.0.cmp(&b.0));
    let people: Vec<&[(String, &Wish)]> = by_key.chunk_by(|a, b| a.0 == b.0).collect();

    let mut tx = service.store.write().await?;
    rate_limits::count(service, &mut tx, wishes.iter().map(|wish| &wish.1)).await?;
    let mut pace = MailQuota::open(service, &mut tx, wishes.iter().map(|wish| &wish.1)).await?;
    let (new, mut events) = take_new_in(service, &mut tx, &people, &mut pace, now).await?;
    for person in people {
        let done = usize::from(new.contains(&person[0].0));
        for (_, wish) in &person[done..] {
            let (newsletter, signup) = &***wish;
            let hash = service.links.address_hash(&signup.address);
            if !store::consent::suppression::refuses_signup(&mut tx, &hash, now).await? {
                events.extend(take_in(service, &mut tx, newsletter, signup, &mut pace).await?);
            }
        }
    }
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    pace.close(&mut tx).await?;
    tx.commit().await
}

/// Takes in the first sign-up of everybody who is neither known nor suppressed; returns who that was,
/// and what is to be recorded of it.
async fn take_new_in(
    service: &Service,
    tx: &mut Write,
    people: &[&[(String, &Wish)]],
    pace: &mut MailQuota<'_>,
    now: Timestamp,
) -> Result<(HashSet<String>, Vec<ConsentEvent>), StoreError> {
    let candidate = |person: &&[(String, &Wish)]| {
        let (key, wish) = &person[0];
        let signup = &wish.1;
        NewSubscriber {
            address: signup.address.to_string(),
            key: key.clone(),
            hash: HEXLOWER.encode(&service.links.address_hash(&signup.address)),
            name: signup.name.clone(),
        }
    };
    let candidates: Vec<NewSubscriber> = people.iter().map(candidate).collect();
    let new = store::subscription::signup::insert_new(tx, &candidates, now).await?;
    let mut rows = Vec::with_capacity(new.len());
    let mut asked = Vec::with_capacity(new.len());
    for (key, wish) in people.iter().map(|person| &person[0]) {
        let Some(subscriber) = new.get(key) else {
            continue;
        };
        let (newsletter, signup) = &***wish;
        let mail = OutboxId(service.clock.new_uuid());
        let mail_at = pace.take(signup).as_microsecond();
        for newsletter in each_once(newsletter, &signup.others) {
            rows.push(FirstSignup {
                subscriber: *subscriber,
                newsletter: newsletter.id,
                language: signup.chosen.language.as_str(),
                countries: signup.chosen.countries.to_string(),
                frequency: signup.chosen.frequency.as_str(),
                answers: signup.answers.of(newsletter.id).and_then(Answers::to_json),
                mail,
                mail_at,
            });
            asked.push((*subscriber, newsletter, signup));
        }
    }
    let made = if rows.is_empty() {
        HashMap::new()
    } else {
        store::subscription::signup::insert_pending(tx, &rows, now).await?
    };
    let events = asked
        .into_iter()
        .filter_map(|(subscriber, newsletter, signup)| {
            let subscription = *made.get(&(subscriber, newsletter.id))?;
            Some(consent(service, newsletter, signup, subscription, now))
        });
    let events = events.collect();
    Ok((new.into_keys().collect(), events))
}

/// The newsletters of a sign-up, each once, though it may have been named twice.
pub fn each_once<'a>(
    first: &'a Newsletter,
    others: &'a [Newsletter],
) -> impl Iterator<Item = &'a Newsletter> {
    let mut seen = HashSet::new();
    let all = std::iter::once(first).chain(others);
    all.filter(move |newsletter| seen.insert(newsletter.id))
}

/// Returns what is to be recorded.
async fn take_in(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    pace: &mut MailQuota<'_>,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let now = service.clock.now();
    let name = signup.name.as_deref();
    let subscriber = store::subscriber::find_or_insert(tx, &signup.address, name, now).await?;
    let (mut to_confirm, mut events) = (Vec::new(), Vec::new());
    let mut active = None;
    for newsletter in each_once(newsletter, &signup.others) {
        match ask(service, tx, newsletter, signup, subscriber.id).await? {
            Asked::ToConfirm(id) => {
                to_confirm.push(id);
                events.push(consent(service, newsletter, signup, id, now));
            }
            Asked::Active(id) => active = active.or(Some(id)),
        }
    }
    let to = match (to_confirm.as_slice(), active) {
        ([], None) => return Ok(events),
        ([], Some(active)) => {
            remind_active(service, tx, signup, (subscriber.id, active), pace).await?;
            return Ok(events);
        }
        ([first, others @ ..], _) => Recipient::about(*first, others.to_vec()),
    };
    if pace.is_vouched(signup) {
        // What waits because of somebody else's sign-up must not keep this one waiting.
        store::outbox::withdraw(tx, subscriber.id, MailKind::Confirmation, now).await?;
    }
    let wary = pace.is_suspect(signup);
    if subscriber.is_new || may_mail(service, tx, subscriber.id, wary, now).await? {
        let at = pace.take(signup);
        enqueue(service, tx, MailKind::Confirmation, to, signup, at).await?;
    }
    Ok(events)
}

/// What asking for one newsletter came to.
enum Asked {
    /// It waits for a confirmation.
    ToConfirm(SubscriptionId),
    /// It was confirmed before, and stays as it is.
    Active(SubscriptionId),
}

async fn ask(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    signup: &Signup,
    subscriber: SubscriberId,
) -> Result<Asked, StoreError> {
    let now = service.clock.now();
    let known = store::subscription::of_subscriber(tx, subscriber, newsletter.id).await?;
    let id = match known {
        Some(Subscription {
            id,
            state: SubscriptionState::Active,
            ..
        }) => return Ok(Asked::Active(id)),
        Some(Subscription { id, .. }) => {
            store::subscription::restart(tx, id, signup.chosen).await?;
            id
        }
        None => {
            let (newsletter, chosen) = (newsletter.id, signup.chosen);
            store::subscription::insert_pending(tx, subscriber, newsletter, chosen, now).await?
        }
    };
    if let Some(answers) = signup.answers.of(newsletter.id) {
        store::subscriber::answer::set(tx, id, answers).await?;
    }
    Ok(Asked::ToConfirm(id))
}

fn consent(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
    subscription: SubscriptionId,
    now: Timestamp,
) -> ConsentEvent {
    let wording = wording(newsletter, signup);
    ConsentEvent {
        subscription,
        address_hash: service.links.address_hash(&signup.address),
        kind: ConsentKind::Requested,
        method: signup.method,
        at: now,
        wording: wording.wording,
        wording_version: wording.version,
        language: signup.chosen.language,
        page: signup.page.clone(),
        ip: signup.ip,
    }
}

fn wording(newsletter: &Newsletter, signup: &Signup) -> ConsentWording {
    match signup.agreed_to {
        AgreedTo::OneNamed => texts::consent_wording(signup.chosen.language, &newsletter.title),
        AgreedTo::AllTicked => {
            let sentence = texts::consent_wording_of_ticked(signup.chosen.language);
            texts::ticked(sentence, newsletter)
        }
    }
}

/// Whether the caps on confirmation mails leave room for one more; who is `wary` sends one a day.
async fn may_mail(
    service: &Service,
    tx: &mut Write,
    subscriber: SubscriberId,
    wary: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let ago = |minutes| {
        now.saturating_sub(SignedDuration::from_mins(minutes))
            .unwrap_or(now)
    };
    let since = [ago(15), ago(24 * 60), ago(30 * 24 * 60)];
    let sent = store::outbox::count_since(tx, subscriber, MailKind::Confirmation, since).await?;
    let limits = &service.settings.signup;
    let room = |sent: i64, most: i64| most == 0 || sent < most;
    Ok(room(sent.short, limits.mails_per_15_minutes)
        && room(sent.middle, limits.mails_per_day)
        && room(sent.long, limits.mails_per_30_days)
        && (!wary || sent.middle == 0))
}

/// Tells an active reader, at most daily, that there is nothing to do.
async fn remind_active(
    service: &Service,
    tx: &mut Write,
    signup: &Signup,
    (subscriber, subscription): (SubscriberId, SubscriptionId),
    pace: &mut MailQuota<'_>,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let day_ago = now
        .saturating_sub(SignedDuration::from_hours(24))
        .unwrap_or(now);
    let kind = MailKind::AlreadySubscribed;
    let sent = store::outbox::count_since(tx, subscriber, kind, [day_ago; 3]).await?;
    if sent.long == 0 {
        let to = Recipient::Subscriber(subscription);
        let at = pace.take(signup);
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
