//! The connection of a lane: opening, closing, and the pause while a relay cannot be used.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::debug;

use super::connection_limit::OpenConnection;
use super::{Job, Lane, PendingText};
use crate::deliver::relay_news::say_if_usable_again;
use crate::domain::{Reply, Verdict};
use crate::mail::{Connection, RelayError};
use crate::metrics::{CountedConnection, RelayMetrics};

/// The shortest and the longest pause of a lane whose relay cannot be used.
const MIN_CONNECT_PAUSE: Duration = Duration::from_millis(250);
const MAX_CONNECT_PAUSE: Duration = Duration::from_secs(8);
/// How often a resting lane looks for a slot.
const SLOT_INTERVAL: Duration = Duration::from_millis(100);

/// What a lane keeps from one mail to the next.
#[derive(Default)]
pub(super) struct LaneState {
    pub(super) connection: Option<Connection>,
    /// Counts the connection while it is open, for its limit and for monitoring.
    open: Option<(OpenConnection, Option<CountedConnection>)>,
    /// Whether the lane has a slot among those that the relay takes connections from.
    pub(super) has_slot: bool,
    /// The next delivery, if its commands were pipelined and accepted.
    pub(super) awaiting_text: Option<PendingText>,
    /// A delivery that has to begin again over a new connection; nothing of it was sent.
    pub(super) retry_now: Option<Job>,
    /// Answers once the last mail is recorded.
    pub(super) recorded: Option<oneshot::Receiver<()>>,
    /// When the relay answered to the last text.
    pub(super) busy_until: Option<Instant>,
    /// How long to wait before the next connection.
    pause: Duration,
}

impl LaneState {
    /// Whether the commands of a next mail can be pipelined behind a text.
    pub(super) fn pipelines(&self) -> bool {
        self.connection.as_ref().is_some_and(Connection::takes_next)
    }

    /// Closes the connection without QUIT.
    pub(super) fn disconnect(&mut self, reason: &'static str) {
        if self.connection.take().is_some() {
            debug!(reason, "connection closed");
        }
        self.open = None;
    }
}

impl Lane {
    /// The lane's connection. A new one is made if there is none, or if the old one is broken or has
    /// carried as many mails as it may.
    pub(super) async fn connection<'a>(
        &self,
        state: &'a mut LaneState,
    ) -> Result<&'a mut Connection, Verdict> {
        if let Some(used_up) = state.connection.take_if(|open| !open.is_usable()) {
            used_up.quit().await;
            debug!(reason = "broken or used up", "connection closed");
            state.open = None;
        }
        let relay = &self.preflight.relay;
        match &mut state.connection {
            Some(open) => Ok(open),
            // Nothing was sent; the engine assigns the delivery to another relay.
            None if !relay.may_be_tried() && self.relays.has_another_than(relay) => {
                Err(Verdict::PutBack)
            }
            empty => match self.open_connection(&mut state.open).await {
                Ok(open) => {
                    state.pause = Duration::ZERO;
                    debug!("connection opened");
                    say_if_usable_again(&self.preflight.service, relay).await;
                    Ok(empty.insert(open))
                }
                Err(error) => {
                    if error.is_busy() && self.limit.turned_away(&error.said()) {
                        state.has_slot = false;
                        state.pause = (state.pause * 2).clamp(MIN_CONNECT_PAUSE, MAX_CONNECT_PAUSE);
                        self.warn_of_limit();
                        return Err(Verdict::Surplus(error.said()));
                    }
                    relay.could_not_be_used(&error);
                    if self.relays.has_another_than(relay) {
                        return Err(Verdict::PutBack);
                    }
                    // The delivery was not tried; the lane pauses before it takes the next.
                    state.pause = (state.pause * 2).clamp(MIN_CONNECT_PAUSE, MAX_CONNECT_PAUSE);
                    Err(error.verdict())
                }
            },
        }
    }

    /// Opens a connection, and counts it from the first attempt on.
    async fn open_connection(
        &self,
        counted: &mut Option<(OpenConnection, Option<CountedConnection>)>,
    ) -> Result<Connection, RelayError> {
        let metrics = self.preflight.relay_metrics();
        let opening = (self.limit.opening(), metrics.map(RelayMetrics::opening));
        let opened = self.preflight.relay.connect().await;
        if let Some(metrics) = metrics
            && !matches!(opened, Err(RelayError::Resting(_)))
        {
            // One connection too many says nothing of the others.
            let works = opened.as_ref().err().is_none_or(RelayError::is_busy);
            metrics.tried_to_connect(works);
        }
        let opened = opened?;
        *counted = Some(opening);
        Ok(opened)
    }

    /// Waits for a slot among the lanes that the relay takes connections from; false once the queue is closed. Not
    /// before, also when the worker stops: a lane that ends while the engine claims has failed.
    pub(super) async fn wait_for_slot(&self, state: &mut LaneState) -> bool {
        while !state.has_slot {
            self.heartbeat.beat();
            if self.limit.try_join() {
                state.has_slot = true;
            } else if self.jobs.is_disconnected() {
                return false;
            } else {
                tokio::time::sleep(SLOT_INTERVAL).await;
            }
        }
        true
    }

    /// The relay said of a fresh connection that it is one too many, if others are open.
    pub(super) fn is_surplus(&self, state: &mut LaneState, reply: &Reply) -> bool {
        state.disconnect("the relay takes no more connections");
        let surplus = self.limit.refused(reply);
        if surplus {
            state.has_slot = false;
            self.warn_of_limit();
        }
        surplus
    }

    fn warn_of_limit(&self) {
        if let Some(refusal) = self.limit.refusal() {
            let relay = self.preflight.relay.name();
            let retry_seconds = (refusal.probe_at - Instant::now()).as_secs();
            if let Some(times) = self.limit_warnings.may_log(()) {
                tracing::warn!(
                    relay,
                    times,
                    code = refusal.reply.code,
                    connections = refusal.allowed,
                    retry_seconds,
                    "the relay takes fewer connections than smtp.connections says; the others rest"
                );
            }
        }
    }

    /// Waits if the relay could not be used, but not past the stop of the worker.
    pub(super) async fn rest(&self, state: &mut LaneState) {
        if !state.pause.is_zero() {
            debug!(pause = ?state.pause, "waiting before the next connection");
            tokio::select! {
                () = tokio::time::sleep(state.pause) => {}
                () = self.preflight.stop.cancelled() => state.pause = Duration::ZERO,
            }
        }
    }
}
