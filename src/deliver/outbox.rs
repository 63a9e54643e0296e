//! Sends the single mails: confirmations, greetings, test copies.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use super::lease::{lease_beat, lease_end};
use super::outcome::{Before, RetryPlan, mail_outcome};
use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, CountrySet, DeliveryState, EmailAddress, IssueId,
    MailKind, Newsletter, OutboxId, Purpose, Reply, Scope, Subscription, SubscriptionId,
    SubscriptionState, Verdict,
};
use crate::mail::{
    Connection, Envelope, ListHeaders, MailLinks, MessageError, OneOfSeveral, Outgoing, Relay,
    Relays, RenderedMail, SystemMail, TemplateError, build, render_editors_copy,
    render_system_mail,
};
use crate::service::Service;
use crate::store::outbox::{ClaimedMail, MailOutcome, Recipient};
use crate::store::{self, StoreError};
use crate::texts::{self, OwnWords};

/// How long to wait before the database is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// Mails taken at a time.
const BATCH: i64 = 32;

#[derive(Debug, thiserror::Error)]
enum MailError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of the wish to send a mail.
enum Prepared {
    /// With what is to be recorded once it was taken.
    Ready(Box<Outgoing>, Vec<ConsentEvent>),
    Pointless(&'static str),
}

/// Sends the mails that are due, a batch at the most; returns how many it took.
///
/// # Errors
/// When the database cannot be used. What the relay says is recorded with each mail.
pub async fn send_due_mails(service: &Service, relays: &Relays) -> Result<usize, StoreError> {
    let now = service.clock.now();
    let lease = service.clock.new_uuid();
    let until = lease_end(service);
    let mut tx = service.store.write().await?;
    let mails = store::outbox::claim(&mut tx, lease, BATCH, now, until).await?;
    tx.commit().await?;
    tokio::select! {
        sent = send_all(service, relays, lease, mails) => sent,
        never = keep_alive(service, lease) => match never {},
    }
}

async fn send_all(
    service: &Service,
    relays: &Relays,
    lease: Uuid,
    mails: Vec<ClaimedMail>,
) -> Result<usize, StoreError> {
    let plan = RetryPlan::for_outbox(&service.settings.worker);
    let mut open = None;
    let amount = mails.len();
    for mail in mails {
        let mut proof = Vec::new();
        let verdict = match prepare(service, &mail).await {
            Ok(Prepared::Ready(outgoing, to_record)) => {
                proof = to_record;
                match service.signed(*outgoing).await {
                    Ok(signed) => hand_over(relays, &mut open, &signed).await,
                    Err(error) => Verdict::Refused(Reply::new(0, &error.to_string())),
                }
            }
            Ok(Prepared::Pointless(why)) => Verdict::NotWanted(why),
            Err(MailError::Store(error)) => {
                tracing::error!(%error, mail = %mail.id, "a mail is put back: the database cannot be used");
                Verdict::PutBack
            }
            Err(error) => Verdict::Refused(Reply::new(0, &error.to_string())),
        };
        if let Verdict::TryLater(reply)
        | Verdict::SlowDown(reply, _)
        | Verdict::RecipientRefused(reply)
        | Verdict::Refused(reply)
        | Verdict::Unknown(reply) = &verdict
        {
            // Not the words: relays put the address into them. They are in the database.
            tracing::warn!(mail = %mail.id, kind = %mail.kind, code = reply.code, "a mail was not taken");
        }
        let before = Before {
            state: mail.state_before,
            attempts: mail.attempts_before,
            first_attempt_at: Some(mail.created_at),
        };
        let outcome = mail_outcome(&plan, before, verdict, service.clock.now());
        // What was sent and not recorded would be sent again: nothing else is done before it is.
        let over = open.as_ref().map(|(relay, _)| relay.as_ref());
        if outcome.state != DeliveryState::Sent {
            proof.clear();
        }
        while let Err(error) = record(service, mail.id, lease, &outcome, over, &proof).await {
            tracing::error!(%error, mail = %mail.id, "a mail cannot be recorded; the outbox waits");
            sleep(PAUSE).await;
        }
    }
    if let Some((_, connection)) = open {
        connection.quit().await;
    }
    Ok(amount)
}

async fn record(
    service: &Service,
    mail: OutboxId,
    lease: Uuid,
    outcome: &MailOutcome,
    over: Option<&Relay>,
    proof: &[ConsentEvent],
) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    let at = service.clock.now();
    let mut kept = Vec::with_capacity(proof.len());
    for event in proof {
        if store::subscription::hold(&mut tx, event.subscription).await? {
            let event = event.clone();
            kept.push(ConsentEvent { at, ..event });
        }
    }
    // A single mail does not wait for a limit, but the digests after it do.
    if let Some(relay) = over.filter(|relay| outcome.attempted && relay.limits().any()) {
        let mut throttle = store::throttle::lock(&mut tx, Scope::Relay, relay.name()).await?;
        throttle.take(relay.limits(), service.clock.now(), 1);
        store::throttle::save(&mut tx, &throttle).await?;
    }
    if !store::outbox::record(&mut tx, mail, lease, outcome).await? {
        tracing::error!(%mail, "a record came after its lease had passed and was refused");
    } else {
        store::consent::append(&mut tx, service.links.key(), &kept).await?;
    }
    tx.commit().await
}

/// A mail may wait for those before it, each up to the relay's patience.
async fn keep_alive(service: &Service, lease: Uuid) -> std::convert::Infallible {
    loop {
        sleep(lease_beat(service)).await;
        let extend = async {
            let mut tx = service.store.write().await?;
            store::outbox::extend(&mut tx, lease, lease_end(service)).await?;
            tx.commit().await
        };
        if let Err(error) = extend.await {
            tracing::error!(%error, "the lease of the outbox could not be extended");
        }
    }
}

async fn hand_over(
    relays: &Relays,
    open: &mut Option<(Arc<Relay>, Connection)>,
    mail: &Outgoing,
) -> Verdict {
    if let Some((_, worn)) = open.take_if(|(_, connection)| !connection.is_usable()) {
        worn.quit().await;
    }
    let (_, connection) = match open {
        Some(open) => open,
        None => match relays.connect().await {
            Ok(connected) => open.insert(connected),
            Err(error) => return error.verdict(),
        },
    };
    connection.send(mail).await
}

async fn prepare(service: &Service, mail: &ClaimedMail) -> Result<Prepared, MailError> {
    match &mail.to {
        Recipient::Tester(address, issue) => prepare_copy(service, mail, address, *issue).await,
        Recipient::Subscriber(subscription) => {
            prepare_system_mail(service, mail, *subscription, &[]).await
        }
        Recipient::Several(first, others) => {
            prepare_system_mail(service, mail, *first, others).await
        }
    }
}

async fn prepare_copy(
    service: &Service,
    mail: &ClaimedMail,
    to: &EmailAddress,
    issue: IssueId,
) -> Result<Prepared, MailError> {
    let mut db = service.store.read().await?;
    let Some(issue) = store::issue::by_id(&mut db, issue).await? else {
        return Ok(Prepared::Pointless("the issue is gone"));
    };
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    drop(db);
    let all = CountrySet::default();
    let rendered = render_editors_copy(&service.links, &newsletter, &issue, all, mail.created_at)?;
    let copy = ready(service, mail, &newsletter, to, &rendered, None)?;
    Ok(Prepared::Ready(copy, Vec::new()))
}

async fn prepare_system_mail(
    service: &Service,
    mail: &ClaimedMail,
    subscription: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Prepared, MailError> {
    let all = wanted(service, mail.kind, subscription, others).await?;
    let Some(((subscription, newsletter), others)) = all.split_first() else {
        return Ok(Prepared::Pointless("the subscription has moved on"));
    };
    let several: Vec<OneOfSeveral> = all
        .iter()
        .filter(|_| !others.is_empty())
        .map(|(_, newsletter)| OneOfSeveral::new(newsletter, service.links.archive(newsletter)))
        .collect();
    let others: Vec<SubscriptionId> = others.iter().map(|(other, _)| other.id).collect();
    let link = |purpose| {
        service
            .links
            .personal(purpose, subscription.id, mail.created_at)
    };
    let confirm_url = service
        .links
        .confirmation(subscription.id, &others, mail.created_at);
    let (preferences_url, unsubscribe_url) =
        (link(Purpose::Preferences), link(Purpose::Unsubscribe));
    let archive_url = service.links.archive(newsletter);
    let links = match mail.kind {
        MailKind::Confirmation => MailLinks::Confirmation {
            confirm_url: &confirm_url,
            hours_valid: service.settings.signup.confirm_hours,
        },
        MailKind::AlreadySubscribed | MailKind::TestCopy => MailLinks::AlreadySubscribed {
            preferences_url: &preferences_url,
            unsubscribe_url: &unsubscribe_url,
        },
        MailKind::Welcome => MailLinks::Welcome {
            archive_url: &archive_url,
            preferences_url: &preferences_url,
            unsubscribe_url: &unsubscribe_url,
        },
    };
    let mut db = service.store.read().await?;
    let own = store::own_text::of(&mut db, newsletter.id, mail.language).await?;
    drop(db);
    let letter = SystemMail {
        newsletter,
        several: &several,
        language: mail.language,
        links,
        words: &OwnWords::of(mail.language, &own),
    };
    let rendered = render_system_mail(&letter)?;
    // Who has not confirmed is on no list, and has nothing to unsubscribe from.
    let on_list = mail.kind != MailKind::Confirmation;
    let unsubscribe = on_list.then(|| {
        let mailto = service
            .links
            .unsubscribe_mailto(newsletter, subscription.id, mail.created_at);
        (unsubscribe_url.clone(), mailto)
    });
    let mut proof = Vec::new();
    if mail.kind == MailKind::Confirmation {
        let shown = rendered.text.replace(&confirm_url, &hidden_link(service));
        let wording = format!("{}\n\n{shown}", rendered.subject);
        let one = |about| mailed(service, mail, about, &wording);
        proof.extend(all.iter().map(one));
    }
    let to = &subscription.address;
    let outgoing = ready(service, mail, newsletter, to, &rendered, unsubscribe)?;
    Ok(Prepared::Ready(outgoing, proof))
}

/// That the mail was sent, for the record of one of the subscriptions that it is about.
fn mailed(
    service: &Service,
    mail: &ClaimedMail,
    (subscription, newsletter): &(Subscription, Newsletter),
    wording: &str,
) -> ConsentEvent {
    ConsentEvent {
        subscription: subscription.id,
        address_hash: service.links.address_hash(&subscription.address),
        kind: ConsentKind::Mailed,
        method: ConsentMethod::Mail,
        at: mail.created_at,
        wording: wording.to_owned(),
        wording_version: texts::consent_wording(mail.language, &newsletter.title).version,
        language: mail.language,
        page: service.links.outbox_message_id(newsletter, mail.id),
        ip: None,
    }
}

/// What stands for the personal link in the copy that is kept: it would still confirm, and
/// one text serves for everybody.
fn hidden_link(service: &Service) -> String {
    service.links.page("/confirm/…")
}

/// The subscriptions that a mail is still wanted for, with their newsletters.
async fn wanted(
    service: &Service,
    kind: MailKind,
    first: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Vec<(Subscription, Newsletter)>, MailError> {
    let state = match kind {
        MailKind::Confirmation => SubscriptionState::Pending,
        MailKind::AlreadySubscribed | MailKind::Welcome => SubscriptionState::Active,
        MailKind::TestCopy => return Ok(Vec::new()),
    };
    let mut db = service.store.read().await?;
    let mut wanted = Vec::new();
    for id in std::iter::once(&first).chain(others) {
        let found = store::subscription::by_id(&mut db, *id).await?;
        if let Some(subscription) = found.filter(|subscription| subscription.state == state) {
            let newsletter = store::newsletter::by_id(&mut db, subscription.newsletter).await?;
            wanted.push((subscription, newsletter));
        }
    }
    Ok(wanted)
}

fn ready(
    service: &Service,
    mail: &ClaimedMail,
    newsletter: &Newsletter,
    to: &EmailAddress,
    rendered: &RenderedMail,
    unsubscribe: Option<(String, String)>,
) -> Result<Box<Outgoing>, MailError> {
    let message_id = service.links.outbox_message_id(newsletter, mail.id);
    let domain = newsletter.sender_address.domain();
    let feedback_id = format!("{}:{}:{}:{domain}", mail.id, newsletter.slug, mail.kind);
    let list = unsubscribe.as_ref().map(|(url, mailto)| ListHeaders {
        unsubscribe_url: url,
        unsubscribe_mailto: mailto,
        feedback_id: &feedback_id,
    });
    let envelope = Envelope {
        newsletter,
        to,
        date: mail.created_at,
        message_id: &message_id,
        list,
        automatic_reply: mail.kind != MailKind::TestCopy,
    };
    Ok(Box::new(Outgoing {
        return_path: service.links.outbox_return_path(newsletter, mail.id),
        to: to.clone(),
        date: mail.created_at,
        message: build(&envelope, rendered)?,
    }))
}
