//! A lane owns one connection to the relay and sends one mail after the other over it.

pub(super) mod freshness;
pub(super) mod invalidation;
pub(super) mod preflight;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::variant::Variant;
use crate::domain::{Attempt, LeaseId, Reply, Verdict};
use crate::mail::{Connection, MessageError, Opened, Outgoing, Relay, Relays};
use freshness::CheckedAt;
use preflight::{Preflight, provider_stalled};

/// The longest pause of a lane whose relay cannot be used.
const MAX_CONNECT_PAUSE: Duration = Duration::from_secs(8);

/// A delivery to carry out.
pub(super) struct Job {
    pub(super) attempt: Attempt,
    pub(super) lease: LeaseId,
    pub(super) active: bool,
    pub(super) variant: Arc<Variant>,
    pub(super) look: CheckedAt,
}

/// How it went, for the recorder.
pub(super) struct Done {
    pub(super) attempt: Attempt,
    pub(super) lease: LeaseId,
    pub(super) relay: Arc<Relay>,
    pub(super) verdict: Verdict,
    /// Answered when it is durable.
    pub(super) recorded: oneshot::Sender<()>,
}

impl Job {
    /// How it went; the receiver hears when that is durable.
    pub(super) fn ended(
        self,
        relay: &Arc<Relay>,
        verdict: Verdict,
    ) -> (Done, oneshot::Receiver<()>) {
        let (recorded, receiver) = oneshot::channel();
        let done = Done {
            attempt: self.attempt,
            lease: self.lease,
            relay: Arc::clone(relay),
            verdict,
            recorded,
        };
        (done, receiver)
    }
}

/// A delivery whose commands the relay has taken: it waits for the text.
struct PendingText {
    job: Job,
    mail: Outgoing,
    /// When it was last known to be wanted, at the earliest.
    since: CheckedAt,
}

/// The recorder is gone; the leases will pass and another worker go on.
struct RecorderGone;

#[derive(Clone)]
pub(super) struct Lane {
    pub(super) preflight: Preflight,
    pub(super) relays: Arc<Relays>,
    /// The jobs of all lanes to this relay: whoever is free takes the next.
    pub(super) jobs: flume::Receiver<Job>,
    pub(super) done: mpsc::Sender<Done>,
}

impl Lane {
    /// Works until there are no more jobs to come.
    pub(super) async fn run(self) {
        let mut state = LaneState::default();
        // A recorder that is gone ends the lane.
        let _ = self.work(&mut state).await;
        if let Some(connection) = state.connection {
            connection.quit().await;
        }
    }

    async fn work(&self, state: &mut LaneState) -> Result<(), RecorderGone> {
        loop {
            let opened = match state.awaiting_text.take() {
                Some(opened) => opened,
                None => {
                    let retry_now = state.retry_now.take();
                    let job = match retry_now {
                        Some(job) => job,
                        None => match self.jobs.recv_async().await {
                            Ok(job) => job,
                            Err(flume::RecvError::Disconnected) => return Ok(()),
                        },
                    };
                    match self.begin(job, state).await {
                        Ok(opened) => opened,
                        Err((job, verdict)) => {
                            self.report(job, verdict).await?;
                            self.rest(state).await;
                            continue;
                        }
                    }
                }
            };
            self.finish(opened, state).await?;
        }
    }

    /// Asks the relay to take this mail.
    async fn begin(&self, job: Job, state: &mut LaneState) -> Result<PendingText, (Job, Verdict)> {
        let since = self.preflight.look();
        let mail = match self.prepare(&job).await {
            Ok(mail) => mail,
            Err(verdict) => return Err((job, verdict)),
        };
        loop {
            let prepared = self.preflight.look();
            let connection = match self.connection(state).await {
                Ok(connection) => connection,
                Err(verdict) => return Err((job, verdict)),
            };
            // Connecting may have taken long; nothing may begin for who has left meanwhile.
            if !prepared.is_fresh(&self.preflight.service.clock)
                && let Some(verdict) = self.preflight.check_before_start(&job).await
            {
                return Err((job, verdict));
            }
            // A relay may close a connection that has served for a while, without a word.
            let reused = connection.was_used();
            let Some(opened) = self.preflight.wait(&job, connection.open(&mail)).await else {
                state.connection = None;
                return Err((job, provider_stalled()));
            };
            match opened {
                Opened::Ready => return Ok(PendingText { job, mail, since }),
                Opened::Refused(verdict) => return Err((job, verdict)),
                Opened::Lost(_) if reused => {}
                Opened::Lost(reply) => return Err((job, Verdict::TryLater(reply))),
            }
        }
    }

    /// Sends the text, and asks the relay to take the next mail if there is one.
    async fn finish(
        &self,
        pending: PendingText,
        state: &mut LaneState,
    ) -> Result<(), RecorderGone> {
        let next = match state.connection.as_ref().filter(|c| c.takes_next()) {
            Some(_) => self.next_at_hand().await?,
            None => None,
        };
        let Some(connection) = &mut state.connection else {
            state.retry_now = Some(pending.job);
            return Ok(());
        };
        let follower = next.as_ref().map(|next| &next.mail);
        if cfg!(feature = "acknowledge-first") {
            let early = Verdict::Accepted(Reply::new(250, "not sent yet"));
            let recorded = self.report(pending.job, early).await?;
            let permission = recorded.map(|_| Ok::<(), Verdict>(()));
            let _ = connection
                .finish(pending.mail.message, follower, permission)
                .await;
        } else {
            let finished = {
                // Pinned here, as it is large, and would be copied on its way inwards.
                let permission = pin!(self.preflight.permit_final_dot(
                    &pending.job,
                    pending.since,
                    state.recorded.take()
                ));
                connection
                    .finish(pending.mail.message, follower, permission)
                    .await
            };
            match finished {
                Ok(verdict) => state.recorded = Some(self.report(pending.job, verdict).await?),
                Err(verdict) => {
                    state.connection = None;
                    state.retry_now = next.map(|next| next.job);
                    self.report(pending.job, verdict).await?;
                    return Ok(());
                }
            }
        }
        let Some(next) = next else { return Ok(()) };
        let Some(opened) = self
            .preflight
            .wait(&next.job, connection.next_opened())
            .await
        else {
            state.connection = None;
            self.report(next.job, provider_stalled()).await?;
            return Ok(());
        };
        match opened {
            Some(Opened::Ready) => state.awaiting_text = Some(next),
            Some(Opened::Refused(verdict)) => {
                self.report(next.job, verdict).await?;
            }
            // Nothing of it was sent.
            Some(Opened::Lost(_)) | None => state.retry_now = Some(next.job),
        }
        Ok(())
    }

    /// The next delivery that can be made, if one waits.
    async fn next_at_hand(&self) -> Result<Option<PendingText>, RecorderGone> {
        while let Ok(job) = self.jobs.try_recv() {
            let since = self.preflight.look();
            match self.prepare(&job).await {
                Ok(mail) => return Ok(Some(PendingText { job, mail, since })),
                Err(verdict) => {
                    self.report(job, verdict).await?;
                }
            }
        }
        Ok(None)
    }

    /// Tells the recorder; the receiver hears when it is durable.
    async fn report(
        &self,
        job: Job,
        verdict: Verdict,
    ) -> Result<oneshot::Receiver<()>, RecorderGone> {
        let (done, receiver) = job.ended(&self.preflight.relay, verdict);
        self.done.send(done).await.map_err(|_| RecorderGone)?;
        Ok(receiver)
    }

    /// The mail, unless the delivery should not begin now.
    async fn prepare(&self, job: &Job) -> Result<Outgoing, Verdict> {
        if let Some(verdict) = self.preflight.check_before_start(job).await {
            return Err(verdict);
        }
        let reply = |error: MessageError| Reply::new(0, &error.to_string());
        let rendered = job
            .variant
            .render_for(&self.preflight.service.links, &job.attempt);
        let rendered = rendered.map_err(|error| Verdict::Refused(reply(error)))?;
        // A key that does not sign is nothing that speaks against this reader.
        let signed = self.preflight.service.signed(rendered).await;
        signed.map_err(|error| Verdict::TryLater(reply(error)))
    }

    /// The lane's connection, made anew where the old one is reused.
    async fn connection<'a>(
        &self,
        state: &'a mut LaneState,
    ) -> Result<&'a mut Connection, Verdict> {
        if let Some(reused) = state.connection.take_if(|open| !open.is_usable()) {
            reused.quit().await;
        }
        match &mut state.connection {
            Some(open) => Ok(open),
            // Nothing was sent: the engine gives it to another.
            None if !self.preflight.relay.is_up()
                && self.relays.has_another_than(&self.preflight.relay) =>
            {
                Err(Verdict::PutBack)
            }
            empty => match self.preflight.relay.connect().await {
                Ok(open) => {
                    state.pause = Duration::ZERO;
                    Ok(empty.insert(open))
                }
                Err(error) => {
                    tracing::warn!(%error, relay = self.preflight.relay.name(), "the relay cannot be used");
                    if self.relays.has_another_than(&self.preflight.relay) {
                        return Err(Verdict::PutBack);
                    }
                    // One delivery is deferred, and the lane waits before it takes the next.
                    state.pause =
                        (state.pause * 2).clamp(Duration::from_millis(250), MAX_CONNECT_PAUSE);
                    Err(error.verdict())
                }
            },
        }
    }

    async fn rest(&self, state: &mut LaneState) {
        if !state.pause.is_zero() {
            tokio::select! {
                () = tokio::time::sleep(state.pause) => {}
                () = self.preflight.stop.cancelled() => state.pause = Duration::ZERO,
            }
        }
    }
}

/// Where a lane stands.
#[derive(Default)]
struct LaneState {
    connection: Option<Connection>,
    /// A delivery that the connection waits for the text of.
    awaiting_text: Option<PendingText>,
    /// A delivery that the connection broke under before anything was sent.
    retry_now: Option<Job>,
    /// Hears when the last message is recorded.
    recorded: Option<oneshot::Receiver<()>>,
    pause: Duration,
}
