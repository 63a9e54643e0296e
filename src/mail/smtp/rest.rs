//! How long a relay that cannot be used is left out.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::connect_error::RelayError;

/// At first, and at most.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// The same after a refused sign-in: servers lock out who comes again and again with a wrong password.
const FIRST_AFTER_REFUSAL: Duration = Duration::from_secs(30);
const LONGEST_AFTER_REFUSAL: Duration = Duration::from_secs(300);

/// Whether one relay rests, as this process sees it.
#[derive(Debug, Default)]
pub(super) struct Rest(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    until: Option<Instant>,
    length: Duration,
    /// What the relay said, if it refused user or password the last time.
    refusal: Option<RelayError>,
    /// Somebody tries whether it still does.
    is_tried: bool,
}

impl State {
    fn is_over(&self) -> bool {
        self.until.is_none_or(|until| until <= Instant::now())
    }
}

impl Rest {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_over(&self) -> bool {
        self.lock().is_over()
    }

    /// Whether there was no failure after the last success.
    pub(super) fn is_none(&self) -> bool {
        self.lock().until.is_none()
    }

    /// After a refused sign-in one caller at a time may try the next, once the rest is over.
    ///
    /// # Errors
    /// What the relay said, for those that may not.
    pub(super) fn may_sign_in(&self) -> Result<(), RelayError> {
        let mut state = self.lock();
        let Some(refusal) = state.refusal.clone() else {
            return Ok(());
        };
        if !state.is_over() {
            return Err(RelayError::Resting(Box::new(refusal)));
        }
        // Nobody else, even if this one never hears an answer.
        state.until = Some(Instant::now() + state.length);
        state.is_tried = true;
        Ok(())
    }

    /// The relay can be used, or is worth a try at once.
    pub(super) fn end(&self) {
        *self.lock() = State::default();
    }

    /// Rests for twice as long as the last time, unless that has just been decided.
    pub(super) fn begin(&self, error: &RelayError) {
        let mut state = self.lock();
        let is_refused = error.is_refused_sign_in();
        let is_first_refusal = is_refused && state.refusal.is_none();
        if state.is_over() || state.is_tried || is_first_refusal {
            let (first, longest) = if is_refused {
                (FIRST_AFTER_REFUSAL, LONGEST_AFTER_REFUSAL)
            } else {
                (FIRST, LONGEST)
            };
            state.length = (state.length * 2).clamp(first, longest);
            state.until = Some(Instant::now() + state.length);
            state.refusal = is_refused.then(|| error.clone());
            state.is_tried = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::{Duration, RelayError, Rest};
    use crate::mail::ConnectPhase;

    fn error(refuses_login: bool) -> RelayError {
        RelayError::Unusable {
            relay: "relay.example:25".to_owned(),
            why: "535 5.7.8".to_owned(),
            phase: ConnectPhase::Login,
            said: None,
            refuses_login,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_sign_in_is_tried_again_by_one_and_ever_more_rarely() {
        let rest = Rest::default();
        // All lanes have come at once.
        for _ in 0..4 {
            assert!(rest.may_sign_in().is_ok());
        }
        for _ in 0..4 {
            rest.begin(&error(true));
        }
        for seconds in [30, 60, 120, 240, 300, 300] {
            advance(Duration::from_secs(seconds - 1)).await;
            let still = rest.may_sign_in();
            assert!(matches!(still, Err(RelayError::Resting(_))), "{seconds}");
            advance(Duration::from_secs(1)).await;
            assert!(rest.may_sign_in().is_ok(), "{seconds}");
            assert!(rest.may_sign_in().is_err() && !rest.is_over(), "one tries");
            rest.begin(&error(true));
        }
        advance(Duration::from_secs(300)).await;
        assert!(rest.may_sign_in().is_ok());
        rest.end();
        assert!(rest.may_sign_in().is_ok() && rest.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn another_failure_keeps_nobody_from_trying() {
        let rest = Rest::default();
        rest.begin(&error(false));
        assert!(rest.may_sign_in().is_ok() && !rest.is_over());
        advance(Duration::from_secs(1)).await;
        assert!(rest.is_over() && !rest.is_none());
    }
}
