//! A lane owns one connection to a relay and sends one mail after the other over it.
//!
//! For each delivery it takes from its relay's queue, it asks [`preflight`] whether the delivery may
//! begin, sends the commands before the text, sends the text, asks again before the final dot, and
//! tells the recorder the outcome. Where the relay supports PIPELINING, the commands of the next mail
//! follow the text. A check of consent counts for as long as [`freshness`] says, unless
//! [`invalidation`] ends it. [`connection`] opens and closes the connection.

mod connection;
pub(super) mod connection_limit;
pub(super) mod freshness;
pub(super) mod invalidation;
mod job;
mod next_mail;
pub(super) mod preflight;

pub(super) use job::{Done, Job};

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{Instrument, debug};

use super::outcome_log::log_outcome;
use super::recorder::OutcomeSender;
use super::relay_news::RelaySpeed;
use crate::domain::{Reply, Verdict};
use crate::heartbeat::Heartbeat;
use crate::log_limiter::LogLimiter;
use crate::mail::{Connection, MessageError, Opened, Outgoing, Relays, Signing};
use connection::LaneState;
use connection_limit::ConnectionLimit;
use freshness::CheckedAt;
use preflight::Preflight;

/// A delivery that may begin; once the relay has accepted its commands, it waits for the text.
struct PendingText {
    job: Job,
    /// Without its signatures.
    mail: Outgoing,
    signing: Signing,
    /// Its last check of consent.
    checked_at: CheckedAt,
    /// When it began, to tell how long mails take.
    began: Instant,
}

/// What the answer to a text says of the session.
enum SessionOver {
    /// Nothing; this is the mail's own verdict.
    No(Verdict),
    /// The relay took no more mails over this connection; the same mail goes over a new one.
    TryAgain,
    /// The connection was one too many; the delivery goes back to the queue.
    Surplus(Reply),
}

/// The recorder has ended. The leases run out, and another worker sends what is left.
struct RecorderGone;

/// One lane.
pub(super) struct Lane {
    pub(super) preflight: Preflight,
    pub(super) relays: Arc<Relays>,
    /// The queue of the relay. All its lanes take from it.
    pub(super) jobs: flume::Receiver<Job>,
    pub(super) done: OutcomeSender<Done>,
    /// How many of the lanes the relay takes connections from.
    pub(super) limit: ConnectionLimit,
    /// What the log says of the relay, shared by its lanes: that it takes fewer connections, or is slow.
    pub(super) limit_warnings: Arc<LogLimiter<()>>,
    pub(super) speed: RelaySpeed,
    pub(super) heartbeat: Heartbeat,
}

impl Lane {
    /// Works until the queue is closed and empty.
    pub(super) async fn run(self) {
        let mut state = LaneState::default();
        // Without a recorder the lane ends.
        let _ = self.work(&mut state).await;
        if state.has_slot {
            self.limit.leave();
        }
        if let Some(connection) = state.connection {
            connection.quit().await;
            debug!(reason = "no more deliveries", "connection closed");
        }
    }

    async fn work(&self, state: &mut LaneState) -> Result<(), RecorderGone> {
        loop {
            self.heartbeat.beat();
            let pending = match state.awaiting_text.take() {
                Some(pending) => pending,
                None => {
                    if state.retry_now.is_none() && !self.wait_for_slot(state).await {
                        return Ok(());
                    }
                    let Some(job) = self.next_job(state).await else {
                        return Ok(());
                    };
                    let span = job.span();
                    match self.begin(job, state).instrument(span).await {
                        Ok(pending) => pending,
                        Err((job, verdict)) => {
                            self.report(job, verdict).await?;
                            self.rest(state).await;
                            continue;
                        }
                    }
                }
            };
            self.finish(pending, state).await?;
        }
    }

    /// The delivery to begin again, or the next one of the queue; `None` when the queue is closed.
    async fn next_job(&self, state: &mut LaneState) -> Option<Job> {
        match state.retry_now.take() {
            Some(job) => Some(job),
            None => self
                .heartbeat
                .while_waiting(self.jobs.recv_async())
                .await
                .ok(),
        }
    }

    /// Sends the commands before the text of a mail.
    async fn begin(&self, job: Job, state: &mut LaneState) -> Result<PendingText, (Job, Verdict)> {
        let mut pending = self.prepare(job).await?;
        let mut came_again = false;
        loop {
            self.heartbeat.beat();
            let connection = match self.connection(state).await {
                Ok(connection) => connection,
                Err(verdict) => return Err((pending.job, verdict)),
            };
            // Connecting may have taken long, and the person may have unsubscribed meanwhile.
            if !pending.checked_at.is_fresh(&self.preflight.service.clock) {
                pending.checked_at = match self.preflight.check_before_start(&pending.job).await {
                    Ok(checked_at) => checked_at,
                    Err(verdict) => return Err((pending.job, verdict)),
                };
            }
            let opening = connection.open(&pending.mail);
            let opened = self.preflight.wait_for_reply(&pending.job, opening).await;
            let Some(opened) = opened else {
                state.disconnect("too many lanes wait for this provider");
                return Err((pending.job, Verdict::PutBack));
            };
            match opened {
                Opened::Ready => return Ok(pending),
                Opened::Refused(verdict) => return Err((pending.job, verdict)),
                // A reply about a session that has carried mails is not about this one.
                Opened::Lost(end) if end.retry => {
                    self.preflight.relay.learn_session_limit(&end);
                    debug!("connection lost; trying a new one");
                }
                Opened::Lost(end) if end.is_of_connection() && !came_again => {
                    came_again = true;
                    debug!("the relay speaks of the connection at RCPT; trying a new one");
                }
                Opened::Lost(end) if self.is_surplus(state, &end.reply) => {
                    return Err((pending.job, Verdict::Surplus(end.reply)));
                }
                Opened::Lost(end) => return Err((pending.job, end.verdict())),
            }
        }
    }

    /// Sends the text and, where the relay allows it, the commands of the next mail behind it.
    async fn finish(
        &self,
        pending: PendingText,
        state: &mut LaneState,
    ) -> Result<(), RecorderGone> {
        let next = match state.pipelines() {
            true => self.next_at_hand().await?,
            false => None,
        };
        let Some(connection) = &mut state.connection else {
            state.retry_now = Some(pending.job);
            return Ok(());
        };
        let next_mail = next.as_ref().map(|next| &next.mail);
        if cfg!(feature = "acknowledge-first") {
            self.acknowledge_first(pending, connection, next_mail)
                .await?;
        } else {
            let span = pending.job.span();
            let recorded = state.recorded.take();
            let began = state
                .busy_until
                .map_or(pending.began, |at| at.max(pending.began));
            let (job, sent, held) = self
                .send_text(pending, connection, next_mail, recorded)
                .instrument(span)
                .await;
            if sent.is_ok() {
                let relay = self.preflight.relay.name();
                self.speed
                    .mail_took(relay, began.elapsed().saturating_sub(held));
                state.busy_until = Some(Instant::now());
            }
            match sent {
                Ok(verdict) => match self.session_over(state, verdict) {
                    SessionOver::No(verdict) => {
                        state.recorded = Some(self.report(job, verdict).await?);
                    }
                    SessionOver::TryAgain => {
                        state.retry_now = Some(job);
                        return self.put_back(next).await;
                    }
                    SessionOver::Surplus(reply) => {
                        self.report(job, Verdict::Surplus(reply)).await?;
                        return self.put_back(next).await;
                    }
                },
                Err(verdict) => {
                    state.disconnect("the mail must not be completed");
                    state.retry_now = next.map(|next| next.job);
                    self.report(job, verdict).await?;
                    return Ok(());
                }
            }
        }
        match next {
            Some(next) => self.read_next_replies(next, state).await,
            None => Ok(()),
        }
    }

    /// Whether the answer to a text is about the session rather than about the mail.
    fn session_over(&self, state: &mut LaneState, verdict: Verdict) -> SessionOver {
        let Some(connection) = &state.connection else {
            return SessionOver::No(verdict);
        };
        let carried = connection.carried();
        match &verdict {
            Verdict::Accepted(_) if carried == 1 => self.limit.took_a_mail(),
            Verdict::TryLater(reply) | Verdict::SlowDown(reply, _)
                if reply.is_about_session() && carried > 0 =>
            {
                if let Some(end) = connection.ended() {
                    self.preflight.relay.learn_session_limit(end);
                }
                state.disconnect("the relay takes no more mails of this session");
                return SessionOver::TryAgain;
            }
            Verdict::TryLater(reply) | Verdict::SlowDown(reply, _)
                if reply.is_about_session() && self.is_surplus(state, reply) =>
            {
                return SessionOver::Surplus(reply.clone());
            }
            _ => {}
        }
        SessionOver::No(verdict)
    }

    /// Sends the text; its final dot waits for permission. `Err` if that was refused, or the mail cannot be signed: the
    /// relay then has no mail, and the connection is of no use any more. With how long the permission took.
    async fn send_text(
        &self,
        pending: PendingText,
        connection: &mut Connection,
        next: Option<&Outgoing>,
        recorded: Option<oneshot::Receiver<()>>,
    ) -> (Job, Result<Verdict, Verdict>, Duration) {
        let PendingText {
            job,
            mail,
            signing,
            checked_at,
            began,
        } = pending;
        let mut held = Duration::ZERO;
        let mail = match signing.finish(mail).await {
            Ok(mail) => mail,
            Err(error) => return (job, Err(cannot_be_built(&error)), held),
        };
        let sent = {
            // Pinned here, as it is large, and would be copied with each call.
            let permission = pin!(async {
                let asked = Instant::now();
                let may = pin!(self.preflight.permit_final_dot(&job, checked_at, recorded));
                // It waits for the recorder, which turns while it waits for the database.
                let may = self.heartbeat.while_waiting(may).await;
                held = asked.elapsed();
                may
            });
            connection.finish(mail.message, next, permission).await
        };
        if let (Ok(_), Some(metrics)) = (&sent, self.preflight.relay_metrics()) {
            metrics.mail_took(began.elapsed());
        }
        (job, sent, held)
    }

    /// The mistake that the crash tests must find: records a mail as sent before it is.
    async fn acknowledge_first(
        &self,
        pending: PendingText,
        connection: &mut Connection,
        next: Option<&Outgoing>,
    ) -> Result<(), RecorderGone> {
        let early = Verdict::Accepted(Reply::new(250, "not sent yet"));
        let recorded = self.report(pending.job, early).await?;
        let permission = recorded.map(|_| Ok::<(), Verdict>(()));
        let _ = connection
            .finish(pending.mail.message, next, permission)
            .await;
        Ok(())
    }

    /// Tells the recorder the outcome. The receiver is answered once that is durable.
    async fn report(
        &self,
        job: Job,
        verdict: Verdict,
    ) -> Result<oneshot::Receiver<()>, RecorderGone> {
        let span = job.span();
        span.in_scope(|| log_outcome(&verdict, &job.attempt.address));
        span.record("relay", self.preflight.relay.name());
        span.record("result", verdict.result());
        let (done, receiver) = job.ended(&self.preflight.relay, verdict);
        let telling = pin!(self.done.send(done));
        let told = self.heartbeat.while_waiting(telling).await;
        told.map_err(|_| RecorderGone)?;
        Ok(receiver)
    }

    /// The mail, whose signatures are in the making, or why the delivery must not begin now.
    async fn prepare(&self, job: Job) -> Result<PendingText, (Job, Verdict)> {
        let began = Instant::now();
        let checked_at = match self.preflight.check_before_start(&job).await {
            Ok(checked_at) => checked_at,
            Err(verdict) => return Err((job, verdict)),
        };
        let service = &self.preflight.service;
        let mail = match job.variant.render_for(&service.links, &job.attempt) {
            Ok(mail) => mail,
            Err(error) => return Err((job, cannot_be_built(&error))),
        };
        Ok(PendingText {
            job,
            signing: service.begin_signing(&mail),
            mail,
            checked_at,
            began,
        })
    }
}

/// Neither the recipient's fault, nor does waiting help: the issue pauses.
fn cannot_be_built(error: &MessageError) -> Verdict {
    Verdict::CannotBeBuilt(Reply::new(0, &error.to_string()))
}
