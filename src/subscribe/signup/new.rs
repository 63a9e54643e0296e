//! Sign-ups of addresses that are not in the database yet, a batch at a time.

use std::collections::{HashMap, HashSet};

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use super::{Keyed, requested, unique_newsletters};
use crate::domain::{Answers, ConsentEvent, OutboxId};
use crate::service::Service;
use crate::store::protection::unconfirmed_mail::UnconfirmedMail;
use crate::store::subscription::signup::{FirstSignup, NewSubscriber};
use crate::store::{self, StoreError, Write};
use crate::subscribe::protection::mail_quota::MailQuota;
use crate::subscribe::protection::mailbox_limits;

/// Processes the first request of every address that is neither in the database nor suppressed, and
/// whose mailbox has been sent nothing lately; returns the keys of those addresses, and the consent events.
pub(super) async fn insert_first(
    service: &Service,
    tx: &mut Write,
    people: &[&[Keyed<'_>]],
    quota: &mut MailQuota<'_>,
    now: Timestamp,
) -> Result<(HashSet<String>, Vec<ConsentEvent>), StoreError> {
    let mut candidates: Vec<NewSubscriber> = people
        .iter()
        .map(|person| candidate(service, &person[0]))
        .collect();
    // Of the spellings of one mailbox only the first, as they share their limits.
    let mut mailboxes = HashSet::new();
    candidates.retain(|candidate| mailboxes.insert(candidate.mailbox.clone()));
    let since = mailbox_limits::counted_since(now);
    let new = store::subscription::signup::insert_new(tx, &candidates, now, since).await?;
    let mut rows = Vec::with_capacity(new.len());
    let mut requests = Vec::with_capacity(new.len());
    let mut counted = Vec::with_capacity(new.len());
    for (key, request) in people.iter().map(|person| &person[0]) {
        let Some(subscriber) = new.get(key) else {
            continue;
        };
        let (newsletter, signup) = (&request.newsletter, &request.signup);
        let mail = OutboxId(service.clock.new_uuid());
        let due = quota.reserve(signup.into());
        let mail_at = due.as_microsecond();
        let mailbox = service.links.key().mailbox_hash(&signup.address);
        counted.push(UnconfirmedMail::new(mail, &mailbox, due));
        for newsletter in unique_newsletters(newsletter, &signup.others) {
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
            requests.push((*subscriber, newsletter, signup));
        }
    }
    let inserted = if rows.is_empty() {
        HashMap::new()
    } else {
        store::subscription::signup::insert_pending(tx, &rows, now).await?
    };
    if !counted.is_empty() {
        store::protection::unconfirmed_mail::add(tx, &counted).await?;
    }
    let events = requests
        .into_iter()
        .filter_map(|(subscriber, newsletter, signup)| {
            let subscription = *inserted.get(&(subscriber, newsletter.id))?;
            Some(requested(service, newsletter, signup, subscription))
        });
    let events = events.collect();
    Ok((new.into_keys().collect(), events))
}

fn candidate(service: &Service, (key, request): &Keyed<'_>) -> NewSubscriber {
    let signup = &request.signup;
    let hashes = service.links.key().suppression_keys(&signup.address);
    NewSubscriber {
        address: signup.address.to_string(),
        key: key.clone(),
        hash: HEXLOWER.encode(&hashes.address),
        mailbox: HEXLOWER.encode(&hashes.mailbox),
        plain: HEXLOWER.encode(&hashes.plain),
        name: signup.name.clone(),
    }
}
