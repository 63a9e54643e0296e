//! Sends the transactional mails of the outbox: confirmations, welcomes, test copies.
//!
//! [`compose`] writes a mail, this module sends the mails of one claim one after the other over its own
//! connection, and [`mod@record`] writes the outcome.

mod compose;
mod editor_mail;
mod record;
mod urls;
mod wanted;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::{Instrument, debug, debug_span, field};

use super::lease::{heartbeat_interval, lease_end};
use super::outcome_log::log_outcome;
use super::relay_news::say_if_usable_again;
use super::retry::RetryPolicy;
use super::retry::outcome::{Before, mail_outcome};
use super::until_done::until_done;
use crate::domain::{ConsentEvent, DeliveryState, LeaseId, Reply, Verdict, without_addresses};
use crate::log_limiter::failures;
use crate::mail::{Connection, Opened, Outgoing, Relay, RelayError, Relays};
use crate::service::Service;
use crate::store::outbox::ClaimedMail;
use crate::store::{self, StoreError};
use compose::{MailError, Prepared, prepare};
use record::{put_back, record};

/// The most mails that one claim takes.
const MAX_CLAIM: i64 = 32;
/// When one mail takes longer than this, the rest of the claim is put back for the other outbox loops.
const SLOW_MAIL_AFTER: Duration = Duration::from_secs(5);
/// How long a relay may take to answer about one recipient. Nothing was sent by then, and the mail is tried
/// again. The minutes of RFC 5321 §4.5.3.2 would keep every mail behind it waiting.
const RCPT_TIMEOUT: Duration = Duration::from_secs(30);

/// The connection of a claim, once there is one, and its relay.
type Open = Option<(Arc<Relay>, Connection)>;

/// Claims the transactional mails that are due, at most 32, and sends them; returns how many it claimed.
///
/// # Errors
/// When the database cannot be used. An error of the relay is recorded with its mail instead.
pub async fn send_due_mails(service: &Service, relays: &Relays) -> Result<usize, StoreError> {
    let now = service.clock.now();
    let lease = LeaseId::of(service.worker, service.clock.new_uuid());
    let until = lease_end(service);
    let claim = async {
        let mut tx = service.store.write().await?;
        let mails = store::outbox::claim(&mut tx, lease, MAX_CLAIM, now, until).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(mails)
    };
    let claimed = store::with_timeout(claim).await?;
    let mails: Vec<ClaimedMail> = claimed.into_iter().filter_map(readable).collect();
    if !mails.is_empty() {
        debug!(%lease, mails = mails.len(), "transactional mails claimed");
    }
    let batch = Batch {
        service,
        relays,
        retry_policy: RetryPolicy::for_outbox(&service.settings.worker),
        lease,
    };
    tokio::select! {
        sent = batch.send_all(mails) => sent,
        never = keep_alive(service, lease) => match never {},
    }
}

/// A mail that can be read; the log has why another cannot.
fn readable(claimed: Result<ClaimedMail, StoreError>) -> Option<ClaimedMail> {
    let log = |error: &StoreError| {
        let what = "a mail of the outbox cannot be read; it is claimed again when its lease ends, and others go on";
        failures::error(what, error);
    };
    claimed.inspect_err(log).ok()
}

/// The mails of one claim.
struct Batch<'a> {
    service: &'a Service,
    relays: &'a Relays,
    retry_policy: RetryPolicy,
    lease: LeaseId,
}

impl Batch<'_> {
    async fn send_all(&self, mails: Vec<ClaimedMail>) -> Result<usize, StoreError> {
        let amount = mails.len();
        let mut open = None;
        let mut mails = mails.into_iter();
        while let Some(mail) = mails.next() {
            if self.service.hold.is_on() {
                let held = std::iter::once(mail).chain(mails.by_ref()).collect();
                self.put_back(held, "all sending is held").await;
                break;
            }
            let span = debug_span!("mail", mail = %mail.id, kind = %mail.kind, lease = %self.lease, relay = field::Empty, result = field::Empty);
            let (verdict, proof) = {
                let mut sending = pin!(self.send(&mail, &mut open).instrument(span.clone()));
                tokio::select! {
                    sent = &mut sending => sent,
                    () = sleep(SLOW_MAIL_AFTER) => {
                        let rest = mails.by_ref().collect();
                        let rest = self.put_back(rest, "the relay is slow");
                        let ((), sent) = tokio::join!(rest, sending);
                        sent
                    }
                }
            };
            // At once: a mail that is sent and not recorded would be sent again after a crash.
            let relay = open.as_ref().map(|(relay, _)| relay.as_ref());
            span.record("relay", relay.map(Relay::name));
            span.record("result", verdict.result());
            let recorded = self.record(&mail, verdict, relay, &proof);
            recorded.instrument(span).await;
        }
        if let Some((relay, connection)) = open {
            connection.quit().await;
            debug!(
                relay = relay.name(),
                reason = "no more mails",
                "connection closed"
            );
        }
        Ok(amount)
    }

    /// Leaves mails to the other loops, all at once. Tries until the database can be written.
    async fn put_back(&self, mails: Vec<ClaimedMail>, reason: &str) {
        let now = self.service.clock.now();
        let outcome = |mail: &ClaimedMail| {
            let put_back = Verdict::PutBack;
            self.service.metrics.mail_ended(mail.kind, None, &put_back);
            let outcome = mail_outcome(&self.retry_policy, before(mail), put_back, now);
            (mail.id, outcome)
        };
        let outcomes: Vec<_> = mails.iter().map(outcome).collect();
        let failed = "mails cannot be put back; they wait until the database can be written";
        let write = || put_back(self.service, self.lease, &outcomes);
        until_done(failed, || (), write).await;
        debug!(mails = outcomes.len(), reason, "mails are put back");
    }

    /// Sends a mail; returns the verdict, and the consent events to record if the mail was accepted.
    async fn send(&self, mail: &ClaimedMail, open: &mut Open) -> (Verdict, Vec<ConsentEvent>) {
        let refused =
            |error: &dyn std::fmt::Display| Verdict::Refused(Reply::new(0, &error.to_string()));
        match prepare(self.service, mail).await {
            Ok(Prepared::Ready(outgoing, proof)) => match self.service.signed(*outgoing).await {
                Ok(signed) => {
                    let verdict = transmit(self.service, self.relays, open, &signed).await;
                    log_outcome(&verdict, &signed.to);
                    (verdict, proof)
                }
                Err(error) => (refused(&error), Vec::new()),
            },
            Ok(Prepared::NotWanted(why)) => {
                debug!(reason = why, "not sent");
                (Verdict::NotWanted(why), Vec::new())
            }
            Err(MailError::Store(error)) => {
                failures::error(
                    "transactional mails cannot be prepared; they are put back",
                    &error,
                );
                (Verdict::PutBack, Vec::new())
            }
            Err(error) => (refused(&error), Vec::new()),
        }
    }

    /// Records the outcome of a mail. Tries until the database can be written.
    async fn record(
        &self,
        mail: &ClaimedMail,
        verdict: Verdict,
        relay: Option<&Relay>,
        proof: &[ConsentEvent],
    ) {
        warn_unless_accepted(mail, &verdict);
        let name = relay.map(Relay::name);
        self.service.metrics.mail_ended(mail.kind, name, &verdict);
        let now = self.service.clock.now();
        let outcome = mail_outcome(&self.retry_policy, before(mail), verdict, now);
        let proof = match outcome.state {
            DeliveryState::Sent => proof,
            _ => &[],
        };
        let (service, lease) = (self.service, self.lease);
        let failed = "the outcome of a mail cannot be recorded; the outbox waits until the database can be written";
        let record = || record(service, mail.id, lease, &outcome, relay, proof);
        until_done(failed, || (), record).await;
        let retry_in = outcome.due_at.filter(|_| outcome.attempted);
        debug!(
            mail = %mail.id, state = %outcome.state,
            retry_in_seconds = retry_in.map(|at| at.duration_since(now).as_secs()),
            "recorded"
        );
    }
}

fn before(mail: &ClaimedMail) -> Before {
    Before {
        state: mail.state_before,
        attempts: mail.attempts_before,
        first_attempt_at: Some(mail.first_due_at),
    }
}

fn warn_unless_accepted(mail: &ClaimedMail, verdict: &Verdict) {
    if let Some(reply) = verdict.reply()
        && !matches!(verdict, Verdict::Accepted(_))
    {
        // Without the relay's text, which may quote the address. It is in the database.
        let cause = match reply.code {
            0 => without_addresses(&reply.text),
            code => format!("{} answered with {code}", mail.kind),
        };
        failures::warn("transactional mail not accepted", &cause);
    }
}

/// Extends the lease of the claim, as its last mail waits for all the others.
async fn keep_alive(service: &Service, lease: LeaseId) -> std::convert::Infallible {
    loop {
        sleep(heartbeat_interval(service)).await;
        let extend = async {
            let mut tx = service.store.write().await?;
            store::outbox::extend(&mut tx, lease, lease_end(service)).await?;
            tx.commit().await
        };
        if let Err(error) = store::with_timeout(extend).await {
            failures::error(
                "the lease of the outbox could not be extended; when it ends, its mails are claimed again",
                &error,
            );
        }
    }
}

/// A connection to the first relay that can be used; tells monitoring which can.
async fn connect(
    service: &Service,
    relays: &Relays,
) -> Result<(Arc<Relay>, Connection), RelayError> {
    let connected = relays.connect().await;
    if let Ok((relay, _)) = &connected {
        say_if_usable_again(service, relay).await;
    }
    for relay in relays.all() {
        if let Some(metrics) = service.metrics.relay(relay.name()) {
            metrics.tried_to_connect(relay.is_up());
        }
    }
    connected
}

/// Whether the final dot of a text may be sent: all sending may have been held since the mail was begun.
fn permit_final_dot(service: &Service) -> Result<(), Verdict> {
    match service.hold.is_on() {
        true => Err(Verdict::PutBack),
        false => Ok(()),
    }
}

/// Sends a mail over the open connection, or over a new one.
async fn transmit(service: &Service, relays: &Relays, open: &mut Open, mail: &Outgoing) -> Verdict {
    let mut came_again = false;
    loop {
        let is_over = |(relay, connection): &mut (Arc<Relay>, Connection)| {
            !connection.is_usable() || relay.is_paused()
        };
        if let Some((relay, used_up)) = open.take_if(is_over) {
            used_up.quit().await;
            debug!(
                relay = relay.name(),
                reason = "broken, used up or paused",
                "connection closed"
            );
        }
        let (_, connection) = match open {
            Some(open) => open,
            None => match connect(service, relays).await {
                Ok(connected) => {
                    debug!(relay = connected.0.name(), "connection opened");
                    open.insert(connected)
                }
                Err(error) => return error.verdict(),
            },
        };
        match timeout(RCPT_TIMEOUT, connection.open(mail)).await {
            Ok(Opened::Ready) => {
                let message = mail.message.clone();
                let permission = async { permit_final_dot(service) };
                let sent = connection.finish(message, None, permission).await;
                return sent.unwrap_or_else(|refused| refused);
            }
            Ok(Opened::Refused(verdict)) => return verdict,
            // A reply about a session that has carried mails is not about this one.
            Ok(Opened::Lost(end)) if end.retry => {}
            Ok(Opened::Lost(end)) if end.is_of_connection() && !came_again => came_again = true,
            Ok(Opened::Lost(end)) => return end.verdict(),
            Err(_) => {
                *open = None;
                debug!(
                    reason = "no answer about the recipient",
                    "connection closed"
                );
                let why = "the relay did not answer about the recipient in time";
                return Verdict::TryLater(Reply::new(0, why));
            }
        }
    }
}
