//! Time and chance, passed in so that tests can hold both still.
//!
//! `clippy.toml` forbids reading the clock or drawing random numbers anywhere else.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// The clock and the source of randomness of one process. Clones share both.
#[derive(Clone)]
pub struct Clock {
    time: Arc<Time>,
    random: Arc<Mutex<StdRng>>,
}

enum Time {
    System,
    Held(Mutex<Timestamp>),
}

impl Clock {
    /// The machine's clock, and randomness from the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self {
            time: Arc::new(Time::System),
            random: Arc::new(Mutex::new(StdRng::from_os_rng())),
        }
    }

    /// A clock that stands at `now` until it is moved, and repeatable randomness.
    #[must_use]
    pub fn held(now: Timestamp, seed: u64) -> Self {
        Self {
            time: Arc::new(Time::Held(Mutex::new(now))),
            random: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
        }
    }

    /// The present, to the microsecond (what both databases keep).
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = match &*self.time {
            #[allow(clippy::disallowed_methods)]
            Time::System => Timestamp::now(),
            Time::Held(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        };
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Moves a held clock; a system clock is not ours to move.
    pub fn advance(&self, by: jiff::SignedDuration) {
        if let Time::Held(now) = &*self.time {
            let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now.saturating_add(by).unwrap_or(*now);
        }
    }

    /// A new identifier, ordered by time (RFC 9562, version 7).
    #[must_use]
    pub fn new_uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Secret random octets.
    pub fn fill(&self, octets: &mut [u8]) {
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(octets);
    }
}
