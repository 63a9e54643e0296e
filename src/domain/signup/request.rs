//! A sign-up on its way into the database.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::domain::{EmailAddress, Newsletter, Signup, SignupTrust};

/// Too many sign-ups from one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimited {
    /// After how many seconds to try again.
    pub retry_after: i64,
}

impl RateLimited {
    /// After how many minutes to try again, rounded up.
    #[must_use]
    pub fn minutes(self) -> u64 {
        self.retry_after.unsigned_abs().div_ceil(60)
    }
}

/// What the limits need to know of a request that sends a mail to an address which is not confirmed:
/// a sign-up, or a change of address.
#[derive(Debug, Clone, Copy)]
pub struct MailRequest<'a> {
    /// The address.
    pub address: &'a EmailAddress,
    /// The client's address, if anybody names it.
    pub ip: Option<IpAddr>,
    /// The evidence that it is genuine.
    pub trust: SignupTrust,
}

impl<'a> From<&'a Signup> for MailRequest<'a> {
    fn from(signup: &'a Signup) -> Self {
        Self {
            address: &signup.address,
            ip: signup.ip,
            trust: signup.trust,
        }
    }
}

/// A sign-up among others of one transaction.
#[derive(Debug)]
pub struct SignupRequest {
    /// The newsletter whose form it was.
    pub newsletter: Newsletter,
    /// What the form said.
    pub signup: Signup,
    limited: Mutex<Option<RateLimited>>,
}

impl SignupRequest {
    /// A sign-up that was not counted yet.
    #[must_use]
    pub fn new(newsletter: &Newsletter, signup: &Signup) -> Self {
        Self {
            newsletter: newsletter.clone(),
            signup: signup.clone(),
            limited: Mutex::default(),
        }
    }

    /// Whether its network was over a limit when it was counted.
    #[must_use]
    pub fn limited(&self) -> Option<RateLimited> {
        *self.limited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what counting it has shown.
    pub fn set_limited(&self, limited: Option<RateLimited>) {
        *self.limited.lock().unwrap_or_else(PoisonError::into_inner) = limited;
    }
}
