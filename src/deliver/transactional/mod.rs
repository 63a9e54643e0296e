//! Sends the single mails: confirmations, greetings, test copies.

mod compose;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::engine::lease::{lease_beat, lease_end};
use super::recorder::outcome::{Before, RetryPlan, mail_outcome};
use crate::domain::{ConsentEvent, DeliveryState, OutboxId, Reply, Scope, Verdict};
use crate::mail::{Connection, Opened, Outgoing, Relay, Relays};
use crate::service::Service;
use crate::store::outbox::{ClaimedMail, MailOutcome};
use crate::store::{self, StoreError};
use compose::{MailError, Prepared, prepare};

/// How long to wait before the database is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// Mails taken at a time.
const BATCH: i64 = 32;
/// After so long with one mail, the rest of the batch is left to others.
const LONG: Duration = Duration::from_secs(5);
/// How long a relay may think about one recipient. Nothing was sent then, and it is asked again; the
/// minutes of RFC 5321 §4.5.3.2 would be those of everybody behind.
const FOR_A_RECIPIENT: Duration = Duration::from_secs(30);

/// The connection of a batch, once there is one, and whose it is.
type Open = Option<(Arc<Relay>, Connection)>;

/// Sends the mails that are due, a batch at the most; returns how many it took.
///
/// # Errors
/// When the database cannot be used. What the relay says is recorded with each mail.
pub async fn send_due_mails(service: &Service, relays: &Relays) -> Result<usize, StoreError> {
    let now = service.clock.now();
    let lease = service.clock.new_uuid();
    let until = lease_end(service);
    let claim = async {
        let mut tx = service.store.write().await?;
        let mails = store::outbox::claim(&mut tx, lease, BATCH, now, until).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(mails)
    };
    let mails = store::in_time(claim).await?;
    let sending = Sending {
        service,
        relays,
        plan: RetryPlan::for_outbox(&service.settings.worker),
        lease,
    };
    tokio::select! {
        sent = sending.all(mails) => sent,
        never = keep_alive(service, lease) => match never {},
    }
}

/// One batch on its way.
struct Sending<'a> {
    service: &'a Service,
    relays: &'a Relays,
    plan: RetryPlan,
    lease: Uuid,
}

impl Sending<'_> {
    async fn all(&self, mails: Vec<ClaimedMail>) -> Result<usize, StoreError> {
        let amount = mails.len();
        let mut open = None;
        let mut mails = mails.into_iter();
        while let Some(mail) = mails.next() {
            let sent = {
                let mut sending = pin!(self.one(&mail, &mut open));
                tokio::select! {
                    sent = &mut sending => sent,
                    () = sleep(LONG) => {
                        // Whoever is free takes the others.
                        for waiting in mails.by_ref() {
                            self.note(&waiting, Verdict::PutBack, None, &[]).await;
                        }
                        sending.await
                    }
                }
            };
            // What was sent and not recorded would be sent again: nothing else is done before it is.
            let over = open.as_ref().map(|(relay, _)| relay.as_ref());
            let (verdict, proof) = sent;
            self.note(&mail, verdict, over, &proof).await;
        }
        if let Some((_, connection)) = open {
            connection.quit().await;
        }
        Ok(amount)
    }

    /// Sends a mail; how that went, and what it proves if the mail was taken.
    async fn one(&self, mail: &ClaimedMail, open: &mut Open) -> (Verdict, Vec<ConsentEvent>) {
        let refused =
            |error: &dyn std::fmt::Display| Verdict::Refused(Reply::new(0, &error.to_string()));
        match prepare(self.service, mail).await {
            Ok(Prepared::Ready(outgoing, proof)) => match self.service.signed(*outgoing).await {
                Ok(signed) => (hand_over(self.relays, open, &signed).await, proof),
                Err(error) => (refused(&error), Vec::new()),
            },
            Ok(Prepared::Pointless(why)) => (Verdict::NotWanted(why), Vec::new()),
            Err(MailError::Store(error)) => {
                tracing::error!(%error, mail = %mail.id, "a mail is put back: the database cannot be used");
                (Verdict::PutBack, Vec::new())
            }
            Err(error) => (refused(&error), Vec::new()),
        }
    }

    /// Records how it went, as soon as that is possible.
    async fn note(
        &self,
        mail: &ClaimedMail,
        verdict: Verdict,
        over: Option<&Relay>,
        proof: &[ConsentEvent],
    ) {
        if let Verdict::TryLater(reply)
        | Verdict::NotTried(reply)
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
        let (service, lease) = (self.service, self.lease);
        let outcome = mail_outcome(&self.plan, before, verdict, service.clock.now());
        let proof = match outcome.state {
            DeliveryState::Sent => proof,
            _ => &[],
        };
        while let Err(error) =
            store::in_time(record(service, mail.id, lease, &outcome, over, proof)).await
        {
            tracing::error!(%error, mail = %mail.id, "a mail cannot be recorded; the outbox waits");
            sleep(PAUSE).await;
        }
    }
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
        let mut throttle =
            store::delivery::throttle::lock(&mut tx, Scope::Relay, relay.name()).await?;
        throttle.take(relay.limits(), service.clock.now(), 1);
        store::delivery::throttle::save(&mut tx, &throttle).await?;
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

async fn hand_over(relays: &Relays, open: &mut Open, mail: &Outgoing) -> Verdict {
    loop {
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
        match timeout(FOR_A_RECIPIENT, connection.open(mail)).await {
            Ok(Opened::Ready) => return connection.finish_now(mail).await,
            Ok(Opened::Refused(verdict)) => return verdict,
            // What is said of a session that has served for a while is not about this mail.
            Ok(Opened::Lost(end)) if end.retry => {}
            Ok(Opened::Lost(end)) => return end.verdict(),
            Err(_) => {
                *open = None;
                let why = "the relay kept us waiting for its word on the recipient";
                return Verdict::TryLater(Reply::new(0, why));
            }
        }
    }
}
