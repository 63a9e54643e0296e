//! Sends the single mails: confirmations, greetings, test copies.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use super::lease::{lease_beat, lease_end};
use super::outcome::{Before, RetryPlan, mail_outcome};
use super::single::{MailError, Prepared, prepare};
use crate::domain::{ConsentEvent, DeliveryState, OutboxId, Reply, Scope, Verdict};
use crate::mail::{Connection, Outgoing, Relay, Relays};
use crate::service::Service;
use crate::store::outbox::{ClaimedMail, MailOutcome};
use crate::store::{self, StoreError};

/// How long to wait before the database is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// Mails taken at a time.
const BATCH: i64 = 32;

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
    // In the order in which those of a person are locked.
    let mut proof: Vec<&ConsentEvent> = proof.iter().collect();
    proof.sort_by_key(|event| event.subscription);
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
