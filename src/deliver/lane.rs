//! A lane owns one connection to the relay and sends one mail after the other over it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::variant::Variant;
use crate::domain::{Attempt, IssueState, Reply, SubscriptionState, Verdict};
use crate::mail::{Connection, Relay};
use crate::service::Service;
use crate::store;

/// How old the look at issue and consent may be when an attempt begins.
const FRESH: Duration = Duration::from_millis(500);
/// The longest pause of a lane whose relay cannot be used.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// A delivery to carry out.
pub(super) struct Job {
    pub(super) attempt: Attempt,
    pub(super) lease: Uuid,
    pub(super) active: bool,
    pub(super) variant: Arc<Variant>,
    pub(super) looked_at: Instant,
}

/// How it went, for the recorder.
pub(super) struct Done {
    pub(super) attempt: Attempt,
    pub(super) lease: Uuid,
    pub(super) verdict: Verdict,
    /// Answered when it is durable.
    pub(super) recorded: oneshot::Sender<()>,
}

/// The jobs of all lanes: whoever is free takes the next.
pub(super) type Jobs = Arc<Mutex<mpsc::Receiver<Job>>>;

pub(super) struct Lane {
    pub(super) service: Service,
    pub(super) relay: Arc<Relay>,
    pub(super) jobs: Jobs,
    pub(super) done: mpsc::Sender<Done>,
    pub(super) stop: CancellationToken,
}

impl Lane {
    /// Works until there are no more jobs to come.
    pub(super) async fn run(self) {
        let mut connection: Option<Connection> = None;
        let mut recorded: Option<oneshot::Receiver<()>> = None;
        let mut pause = Duration::ZERO;
        while let Some(job) = next(&self.jobs).await {
            let verdict = match self.obstacle(&job).await {
                Some(verdict) => verdict,
                None => {
                    // At most one message of a lane is unrecorded: a crash can double no more.
                    if let Some(recorded) = recorded.take() {
                        let _ = recorded.await;
                    }
                    self.attempt(&job, &mut connection, &mut pause).await
                }
            };
            let (sender, receiver) = oneshot::channel();
            recorded = Some(receiver);
            let done = Done {
                attempt: job.attempt,
                lease: job.lease,
                verdict,
                recorded: sender,
            };
            if self.done.send(done).await.is_err() {
                // The recorder is gone; the lease will pass and another worker go on.
                break;
            }
            if !pause.is_zero() {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = self.stop.cancelled() => pause = Duration::ZERO,
                }
            }
        }
        if let Some(connection) = connection {
            connection.quit().await;
        }
    }

    /// Why this delivery should not begin now, if there is a reason.
    async fn obstacle(&self, job: &Job) -> Option<Verdict> {
        if self.stop.is_cancelled() {
            return Some(Verdict::PutBack);
        }
        if !job.active {
            return Some(Verdict::NotWanted(
                "the subscription is not active any more",
            ));
        }
        if job.looked_at.elapsed() < FRESH {
            return None;
        }
        let look = async {
            let mut db = self.service.store.read().await?;
            store::delivery::still_wanted(&mut db, job.attempt.issue, job.attempt.subscription)
                .await
        };
        match look.await {
            Ok(Some((IssueState::Sending, SubscriptionState::Active))) => None,
            Ok(Some((IssueState::Cancelled, _))) => {
                Some(Verdict::NotWanted("the issue was cancelled"))
            }
            Ok(Some((IssueState::Sending, _)) | None) => Some(Verdict::NotWanted(
                "the subscription is not active any more",
            )),
            Ok(Some(_)) => Some(Verdict::PutBack),
            Err(error) => {
                // Without the database nothing may begin.
                tracing::warn!(%error, "consent cannot be checked; the delivery is put back");
                Some(Verdict::PutBack)
            }
        }
    }

    async fn attempt(
        &self,
        job: &Job,
        connection: &mut Option<Connection>,
        pause: &mut Duration,
    ) -> Verdict {
        let mail = match job.variant.fit(&self.service.links, &job.attempt) {
            Ok(mail) => mail,
            Err(error) => return Verdict::Refused(Reply::new(0, &error.to_string())),
        };
        if let Some(worn) = connection.take_if(|connection| !connection.is_usable()) {
            worn.quit().await;
        }
        let open = match connection {
            Some(open) => open,
            None => match self.relay.connect().await {
                Ok(open) => {
                    *pause = Duration::ZERO;
                    connection.insert(open)
                }
                Err(error) => {
                    // One delivery is deferred, and the lane waits before it takes the next.
                    *pause = (*pause * 2).clamp(Duration::from_millis(250), LONGEST_PAUSE);
                    tracing::warn!(%error, "the relay cannot be used");
                    return Verdict::TryLater(Reply::new(0, &error.to_string()));
                }
            },
        };
        open.send(&mail).await
    }
}

async fn next(jobs: &Jobs) -> Option<Job> {
    jobs.lock().await.recv().await
}
