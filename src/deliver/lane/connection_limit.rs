//! How many connections a relay really takes.
//!
//! A relay that has enough connections of ours says so in its greeting, or only at MAIL, DATA or
//! after a text (`432 4.3.2 Concurrent connections limit exceeded`). That is about nobody's mail:
//! the delivery goes back to the queue, and the lane rests. Later one lane more is tried again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Reply;

/// After the first refusal, one connection more is tried again after this time.
const FIRST_PROBE: Duration = Duration::from_secs(10);
/// The longest time between two such tries; each that fails doubles it.
const LONGEST_PROBE: Duration = Duration::from_secs(600);

/// A relay that took a mail within this time works: that it turns one away is about their number.
const LATELY: Duration = Duration::from_secs(10);

/// Shared by the lanes of one relay in one process.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionLimit(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    configured: usize,
    /// Lanes that may work now.
    allowed: usize,
    /// Lanes that have a slot among these.
    working: usize,
    /// Connections that are being opened, or were greeted and not refused since.
    open: usize,
    /// When a new connection last carried its first mail.
    carried_at: Option<Instant>,
    refusal: Option<Refusal>,
    probe: Option<Probe>,
    probe_pause: Duration,
}

/// One connection more is tried, or was.
#[derive(Debug)]
struct Probe {
    began_at: Instant,
    /// How many were allowed before.
    before: usize,
    has_failed: bool,
}

/// The last refusal of a surplus connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    /// What the relay said.
    pub(crate) reply: Reply,
    /// How many connections it takes, as far as is known.
    pub(crate) allowed: usize,
    /// When one more is tried.
    pub(crate) probe_at: Instant,
}

/// Counts one open connection.
#[derive(Debug)]
pub(crate) struct OpenConnection(ConnectionLimit);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.lock().open -= 1;
    }
}

impl ConnectionLimit {
    /// As many as the settings say, until the relay says otherwise.
    pub(crate) fn new(configured: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            configured,
            allowed: configured,
            working: 0,
            open: 0,
            carried_at: None,
            refusal: None,
            probe: None,
            probe_pause: FIRST_PROBE,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many connections the settings say.
    pub(crate) fn configured(&self) -> usize {
        self.lock().configured
    }

    /// A slot for one lane, if there is one.
    pub(crate) fn try_join(&self) -> bool {
        let mut state = self.lock();
        let probe_at = state.refusal.as_ref().map(|refusal| refusal.probe_at);
        if state.working >= state.allowed
            && state.allowed < state.configured
            && probe_at.is_some_and(|at| at <= Instant::now())
        {
            state.probe = Some(Probe {
                began_at: Instant::now(),
                before: state.allowed,
                has_failed: false,
            });
            state.allowed += 1;
            let (allowed, pause) = (state.allowed, state.probe_pause);
            if let Some(refusal) = &mut state.refusal {
                refusal.allowed = allowed;
                refusal.probe_at = Instant::now() + pause;
            }
        }
        let free = state.working < state.allowed;
        state.working += usize::from(free);
        free
    }

    /// A lane ends.
    pub(crate) fn leave(&self) {
        self.lock().working -= 1;
    }

    /// A connection is being opened; it counts until the guard is dropped.
    pub(crate) fn opening(&self) -> OpenConnection {
        self.lock().open += 1;
        OpenConnection(self.clone())
    }

    /// A new connection has carried its first mail: the relay takes it.
    pub(crate) fn took_a_mail(&self) {
        let mut state = self.lock();
        state.carried_at = Some(Instant::now());
        if state.refusal.is_some() && state.open >= state.allowed {
            state.probe = None;
            state.probe_pause = FIRST_PROBE;
            if state.allowed == state.configured {
                state.refusal = None;
            }
        }
    }

    /// The relay refused a fresh connection with this reply. Where others of this process are open or
    /// being opened, it is one too many: the lane loses its slot, and true is returned. Otherwise the
    /// refusal is not about the number of connections.
    pub(crate) fn refused(&self, reply: &Reply) -> bool {
        self.is_one_too_many(reply, false)
    }

    /// The same before the connection was let in. There it is one too many also where others have just
    /// ended: a relay may count them a moment longer.
    pub(crate) fn turned_away(&self, reply: &Reply) -> bool {
        let carried_at = self.lock().carried_at;
        self.is_one_too_many(reply, carried_at.is_some_and(|at| at.elapsed() < LATELY))
    }

    fn is_one_too_many(&self, reply: &Reply, others_just_ended: bool) -> bool {
        let mut state = self.lock();
        if state.open == 0 && !others_just_ended {
            // It refuses everybody: what it said before was not about their number either.
            state.allowed = state.configured;
            state.refusal = None;
            state.probe = None;
            state.probe_pause = FIRST_PROBE;
            return false;
        }
        state.working -= 1;
        state.allowed = state.open.max(1);
        // Only a probe tells how soon to try again: at a start many lanes are refused at once.
        let State {
            probe,
            allowed,
            probe_pause,
            ..
        } = &mut *state;
        if let Some(probe) = probe {
            if !std::mem::replace(&mut probe.has_failed, true) {
                *probe_pause = (*probe_pause * 2).min(LONGEST_PROBE);
            }
            // While the relay still counts the probe, it may also refuse a lane that opens its next connection.
            if probe.began_at.elapsed() < LATELY {
                *allowed = probe.before.max(*allowed);
            }
        }
        state.refusal = Some(Refusal {
            reply: reply.clone(),
            allowed: state.allowed,
            probe_at: Instant::now() + state.probe_pause,
        });
        true
    }

    /// The last refusal, while fewer connections are used than the settings say.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.lock().refusal.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectionLimit, FIRST_PROBE, LATELY, LONGEST_PROBE, OpenConnection};
    use crate::domain::Reply;
    use std::time::Duration;
    use tokio::time::{advance, pause};

    fn too_many() -> Reply {
        Reply::new(432, "4.3.2 Concurrent connections limit exceeded")
    }

    /// All lanes have a slot, and so many of them a connection.
    fn at_work(lanes: usize, connections: usize) -> (ConnectionLimit, Vec<OpenConnection>) {
        let limit = ConnectionLimit::new(lanes);
        assert!((0..lanes).all(|_| limit.try_join()));
        let open = (0..connections).map(|_| limit.opening()).collect();
        (limit, open)
    }

    #[tokio::test]
    async fn refused_lanes_rest_and_one_more_is_tried_later() {
        pause();
        let (limit, mut open) = at_work(5, 5);
        assert!(!limit.try_join());
        // Two of them are refused: each closes, and loses its slot.
        for left in [4, 3] {
            open.truncate(left);
            assert!(limit.refused(&too_many()));
        }
        assert_eq!(limit.refusal().map(|refusal| refusal.allowed), Some(3));
        assert!(!limit.try_join(), "not before its time");
        advance(FIRST_PROBE * 2).await;
        assert!(limit.try_join(), "one more");
        assert!(!limit.try_join(), "and no second");
        // It works: the next is tried after the first pause again.
        open.push(limit.opening());
        limit.took_a_mail();
        advance(FIRST_PROBE * 2).await;
        assert!(limit.try_join());
        open.push(limit.opening());
        limit.took_a_mail();
        assert_eq!(limit.refusal(), None, "all work");
    }

    #[tokio::test]
    async fn many_refusals_at_once_do_not_delay_the_next_try_and_failed_tries_do() {
        pause();
        let (limit, mut open) = at_work(16, 16);
        for left in (2..16).rev() {
            open.truncate(left);
            assert!(limit.refused(&too_many()));
        }
        for tries in 0..8 {
            // Doubled by each try that failed, up to ten minutes.
            let next = (FIRST_PROBE * 2_u32.pow(tries)).min(LONGEST_PROBE);
            advance(next - Duration::from_millis(10)).await;
            assert!(!limit.try_join(), "{tries}: not before its time");
            advance(Duration::from_millis(20)).await;
            assert!(limit.try_join(), "{tries}");
            drop(limit.opening());
            assert!(limit.refused(&too_many()));
        }
    }

    #[tokio::test]
    async fn a_lane_that_is_refused_because_of_a_probe_gets_its_slot_back() {
        pause();
        let (limit, mut open) = at_work(4, 3);
        assert!(limit.refused(&too_many()));
        advance(FIRST_PROBE).await;
        assert!(limit.try_join(), "a probe");
        // A lane opens its next connection, while the relay counts the one of the probe as well.
        open.pop();
        assert!(limit.refused(&too_many()), "the lane");
        assert!(limit.refused(&too_many()), "the probe");
        assert!(limit.try_join(), "the relay takes three");
        assert!(!limit.try_join(), "and no more");
        // Later a refusal is about the number again.
        advance(LATELY * 2).await;
        assert!(limit.refused(&too_many()));
        assert_eq!(limit.refusal().map(|refusal| refusal.allowed), Some(2));
    }

    #[tokio::test]
    async fn a_relay_that_refuses_the_only_connection_does_not_count_them() {
        let limit = ConnectionLimit::new(2);
        assert!(limit.try_join());
        assert!(!limit.refused(&too_many()));
        assert_eq!(limit.refusal(), None);
        // An outage is over for all lanes at once.
        assert!(limit.try_join());
        let other = limit.opening();
        assert!(limit.refused(&too_many()));
        drop(other);
        assert!(!limit.refused(&too_many()));
        assert!(limit.try_join(), "both may work again");
    }
}
