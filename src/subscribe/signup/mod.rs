//! From a form to a pending subscription and a mail, in one transaction.

mod existing;
mod new;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::protection::constant_time::in_constant_time;
use super::protection::mail_quota::MailQuota;
use super::protection::rate_limits;
use crate::domain::{
    AgreedTo, ConsentEvent, ConsentWording, DeliveryState, EmailAddress, MailKind, MailRequest,
    Newsletter, RateLimited, Signup, SignupRequest, SubscriptionId,
};
use crate::membership::{self, Evidence, NoteKind, Subject};
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::texts;

/// Processes a sign-up, or returns that its network is over its limits. What it does depends on what
/// is known of the address; what the visitor is told must not, so nothing else is returned.
///
/// - new or ended: a pending subscription and a confirmation mail;
/// - pending: the choices of this request and, within the mail limits, the mail again: postponed
///   when the last one was sent less than 15 minutes ago;
/// - active: nothing changes; at most once a day a mail that says so, unless there is
///   another newsletter to confirm;
/// - suppressed, or "this was not me" was said for the mailbox: nothing.
///
/// The limits count by mailbox (`EmailAddress::mailbox`); each spelling is a subscriber of its own.
/// One mail is about all the newsletters of the request.
///
/// When it returns, all of it is durable. Concurrent sign-ups share one transaction; where their
/// addresses are new, also its statements. The response time does not reveal which case it was.
///
/// # Errors
/// When the database cannot be used; then nothing was written.
pub async fn sign_up(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
) -> Result<Option<RateLimited>, StoreError> {
    let limited = Box::pin(in_constant_time(
        &service.signups_in_flight,
        group_commit(service, newsletter, signup),
    ))
    .await?;
    match limited {
        Some(_) => service.metrics.signup_refused(SignupRefusal::RateLimit),
        None => service.metrics.signups.inc(),
    }
    Ok(limited)
}

/// Whether the provider of this address has refused a confirmation mail for its mailbox since a
/// time. Only a visitor who is known to have caused that mail may be told.
///
/// # Errors
/// When the database cannot be used.
pub async fn confirmation_bounced(
    service: &Service,
    address: &EmailAddress,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let (kind, state) = (MailKind::Confirmation, DeliveryState::Bounced);
    let mut db = service.store.read().await?;
    Ok(store::outbox::count_ended(&mut db, address, kind, state, since).await? > 0)
}

async fn group_commit(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
) -> Result<Option<RateLimited>, StoreError> {
    let request = Arc::new(SignupRequest::new(newsletter, signup));
    let cloned = service.clone();
    let work = move |batch: Vec<Arc<SignupRequest>>| async move { process(&cloned, &batch).await };
    let group = Arc::clone(&service.signups);
    match group.work(Arc::clone(&request), work).await {
        Some(Ok(())) => {}
        Some(Err(error)) if error.is_transient() => return Err(StoreError::Shared(error)),
        // One sign-up made the batch fail. On its own, this one fails only by its own fault.
        _ => Box::pin(process(service, &[Arc::clone(&request)])).await?,
    }
    Ok(request.limited())
}

/// A request under the compared form of its address.
type Keyed<'a> = (String, &'a SignupRequest);

async fn process(service: &Service, batch: &[Arc<SignupRequest>]) -> Result<(), StoreError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let signups = batch
        .iter()
        .map(|request| MailRequest::from(&request.signup));
    let limited = rate_limits::count(service, &mut tx, signups).await?;
    for (request, limited) in batch.iter().zip(limited) {
        request.set_limited(limited);
    }
    let admitted = batch.iter().filter(|request| request.limited().is_none());
    let batch: Vec<&SignupRequest> = admitted.map(AsRef::as_ref).collect();
    let keyed = batch
        .iter()
        .map(|request| (request.signup.address.key(), *request));
    let mut by_key: Vec<Keyed<'_>> = keyed.collect();
    // All code locks addresses in this order. The sort is stable: requests for one address are
    // processed in the order of their arrival.
    by_key.sort_by(|a, b| a.0.cmp(&b.0));
    let people: Vec<&[Keyed<'_>]> = by_key.chunk_by(|a, b| a.0 == b.0).collect();

    let signups = batch
        .iter()
        .map(|request| MailRequest::from(&request.signup));
    let mut quota = MailQuota::open(service, &mut tx, signups, now).await?;
    let (new, mut events) = new::insert_first(service, &mut tx, &people, &mut quota, now).await?;
    for person in people {
        let done = usize::from(new.contains(&person[0].0));
        for (_, request) in &person[done..] {
            let SignupRequest {
                newsletter, signup, ..
            } = request;
            let requested =
                existing::process(service, &mut tx, newsletter, signup, &mut quota).await?;
            events.extend(requested);
        }
    }
    quota.close(&mut tx).await?;
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await
}

/// The newsletters of a sign-up without duplicates, `first` before the others.
pub fn unique_newsletters<'a>(
    first: &'a Newsletter,
    others: &'a [Newsletter],
) -> impl Iterator<Item = &'a Newsletter> {
    let mut seen = HashSet::new();
    let all = std::iter::once(first).chain(others);
    all.filter(move |newsletter| seen.insert(newsletter.id))
}

/// The consent event of a request.
fn requested(
    service: &Service,
    newsletter: &Newsletter,
    signup: &Signup,
    subscription: SubscriptionId,
) -> ConsentEvent {
    let subject = Subject {
        subscription,
        address_hash: service.links.address_hash(&signup.address),
    };
    let evidence = Evidence {
        method: signup.method,
        at: service.clock.now(),
        wording: wording(newsletter, signup),
        page: signup.page.clone(),
        ip: signup.ip,
    };
    membership::note(subject, NoteKind::Requested, evidence)
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
