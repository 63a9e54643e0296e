//! A lane owns one connection to the relay and sends one mail after the other over it.

pub(super) mod freshness;
pub(super) mod invalidation;
pub(super) mod preflight;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::variant::Variant;
use crate::domain::{Attempt, Reply, Verdict};
use crate::mail::{Connection, MessageError, Opened, Outgoing, Relay, Relays};
use freshness::Look;
use preflight::{Admission, kept_waiting};

/// The longest pause of a lane whose relay cannot be used.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// A delivery to carry out.
pub(super) struct Job {
    pub(super) attempt: Attempt,
    pub(super) lease: Uuid,
    pub(super) active: bool,
    pub(super) variant: Arc<Variant>,
    pub(super) look: Look,
}

/// How it went, for the recorder.
pub(super) struct Done {
    pub(super) attempt: Attempt,
    pub(super) lease: Uuid,
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
struct Begun {
    job: Job,
    mail: Outgoing,
    /// When it was last known to be wanted, at the earliest.
    since: Look,
}

/// The recorder is gone; the leases will pass and another worker go on.
struct RecorderGone;

#[derive(Clone)]
pub(super) struct Lane {
    pub(super) admission: Admission,
    pub(super) relays: Arc<Relays>,
    /// The jobs of all lanes to this relay: whoever is free takes the next.
    pub(super) jobs: flume::Receiver<Job>,
    pub(super) done: mpsc::Sender<Done>,
}

impl Lane {
    /// Works until there are no more jobs to come.
    pub(super) async fn run(self) {
        let mut line = Line::default();
        // A recorder that is gone ends the lane.
        let _ = self.work(&mut line).await;
        if let Some(connection) = line.connection {
            connection.quit().await;
        }
    }

    async fn work(&self, line: &mut Line) -> Result<(), RecorderGone> {
        loop {
            let begun = match line.begun.take() {
                Some(begun) => begun,
                None => {
                    let again = line.again.take();
                    let job = match again {
                        Some(job) => job,
                        None => match self.jobs.recv_async().await {
                            Ok(job) => job,
                            Err(flume::RecvError::Disconnected) => return Ok(()),
                        },
                    };
                    match self.begin(job, line).await {
                        Ok(begun) => begun,
                        Err((job, verdict)) => {
                            self.report(job, verdict).await?;
                            self.rest(line).await;
                            continue;
                        }
                    }
                }
            };
            self.finish(begun, line).await?;
        }
    }

    /// Asks the relay to take this mail.
    async fn begin(&self, job: Job, line: &mut Line) -> Result<Begun, (Job, Verdict)> {
        let since = self.admission.look();
        let mail = match self.prepare(&job).await {
            Ok(mail) => mail,
            Err(verdict) => return Err((job, verdict)),
        };
        loop {
            let prepared = self.admission.look();
            let connection = match self.connection(line).await {
                Ok(connection) => connection,
                Err(verdict) => return Err((job, verdict)),
            };
            // Connecting may have taken long; nothing may begin for who has left meanwhile.
            if !prepared.is_fresh(&self.admission.service.clock)
                && let Some(verdict) = self.admission.obstacle(&job).await
            {
                return Err((job, verdict));
            }
            let Some(opened) = self.admission.wait(&job, connection.open(&mail)).await else {
                line.connection = None;
                return Err((job, kept_waiting()));
            };
            match opened {
                Opened::Ready => return Ok(Begun { job, mail, since }),
                Opened::Refused(verdict) => return Err((job, verdict)),
                // What is said of a session that has served for a while is not about this mail.
                Opened::Lost(end) if end.retry => {}
                Opened::Lost(end) => return Err((job, end.verdict())),
            }
        }
    }

    /// Sends the text, and asks the relay to take the next mail if there is one.
    async fn finish(&self, begun: Begun, line: &mut Line) -> Result<(), RecorderGone> {
        let next = match line.connection.as_ref().filter(|c| c.takes_next()) {
            Some(_) => self.next_at_hand().await?,
            None => None,
        };
        let Some(connection) = &mut line.connection else {
            line.again = Some(begun.job);
            return Ok(());
        };
        let follower = next.as_ref().map(|next| &next.mail);
        if cfg!(feature = "acknowledge-first") {
            let early = Verdict::Accepted(Reply::new(250, "not sent yet"));
            let recorded = self.report(begun.job, early).await?;
            let leave = recorded.map(|_| Ok::<(), Verdict>(()));
            let _ = connection.finish(begun.mail.message, follower, leave).await;
        } else {
            let finished = {
                // Pinned here, as it is large, and would be copied on its way inwards.
                let leave = pin!(self.admission.leave(
                    &begun.job,
                    begun.since,
                    line.recorded.take()
                ));
                connection.finish(begun.mail.message, follower, leave).await
            };
            match finished {
                Ok(verdict) => line.recorded = Some(self.report(begun.job, verdict).await?),
                Err(verdict) => {
                    line.connection = None;
                    line.again = next.map(|next| next.job);
                    self.report(begun.job, verdict).await?;
                    return Ok(());
                }
            }
        }
        let Some(next) = next else { return Ok(()) };
        let Some(opened) = self
            .admission
            .wait(&next.job, connection.next_opened())
            .await
        else {
            line.connection = None;
            self.report(next.job, kept_waiting()).await?;
            return Ok(());
        };
        match opened {
            Some(Opened::Ready) => line.begun = Some(next),
            Some(Opened::Refused(verdict)) => {
                self.report(next.job, verdict).await?;
            }
            // Nothing of it was sent.
            Some(Opened::Lost(_)) | None => line.again = Some(next.job),
        }
        Ok(())
    }

    /// The next delivery that can be made, if one waits.
    async fn next_at_hand(&self) -> Result<Option<Begun>, RecorderGone> {
        while let Ok(job) = self.jobs.try_recv() {
            let since = self.admission.look();
            match self.prepare(&job).await {
                Ok(mail) => return Ok(Some(Begun { job, mail, since })),
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
        let (done, receiver) = job.ended(&self.admission.relay, verdict);
        self.done.send(done).await.map_err(|_| RecorderGone)?;
        Ok(receiver)
    }

    /// The mail, unless the delivery should not begin now.
    async fn prepare(&self, job: &Job) -> Result<Outgoing, Verdict> {
        if let Some(verdict) = self.admission.obstacle(job).await {
            return Err(verdict);
        }
        let reply = |error: MessageError| Reply::new(0, &error.to_string());
        let fitted = job.variant.fit(&self.admission.service.links, &job.attempt);
        let fitted = fitted.map_err(|error| Verdict::Refused(reply(error)))?;
        // A key that does not sign is nothing that speaks against this reader.
        let signed = self.admission.service.signed(fitted).await;
        signed.map_err(|error| Verdict::TryLater(reply(error)))
    }

    /// The lane's connection, made anew where the old one is worn.
    async fn connection<'a>(&self, line: &'a mut Line) -> Result<&'a mut Connection, Verdict> {
        if let Some(worn) = line.connection.take_if(|open| !open.is_usable()) {
            worn.quit().await;
        }
        match &mut line.connection {
            Some(open) => Ok(open),
            // Nothing was sent: the engine gives it to another.
            None if !self.admission.relay.is_up()
                && self.relays.has_another_than(&self.admission.relay) =>
            {
                Err(Verdict::PutBack)
            }
            empty => match self.admission.relay.connect().await {
                Ok(open) => {
                    line.pause = Duration::ZERO;
                    Ok(empty.insert(open))
                }
                Err(error) => {
                    tracing::warn!(%error, relay = self.admission.relay.name(), "the relay cannot be used");
                    if self.relays.has_another_than(&self.admission.relay) {
                        return Err(Verdict::PutBack);
                    }
                    // One delivery is deferred, and the lane waits before it takes the next.
                    line.pause = (line.pause * 2).clamp(Duration::from_millis(250), LONGEST_PAUSE);
                    Err(error.verdict())
                }
            },
        }
    }

    async fn rest(&self, line: &mut Line) {
        if !line.pause.is_zero() {
            tokio::select! {
                () = tokio::time::sleep(line.pause) => {}
                () = self.admission.stop.cancelled() => line.pause = Duration::ZERO,
            }
        }
    }
}

/// Where a lane stands.
#[derive(Default)]
struct Line {
    connection: Option<Connection>,
    /// A delivery that the connection waits for the text of.
    begun: Option<Begun>,
    /// A delivery that the connection broke under before anything was sent.
    again: Option<Job>,
    /// Hears when the last message is recorded.
    recorded: Option<oneshot::Receiver<()>>,
    pause: Duration,
}
