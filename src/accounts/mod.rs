//! Who may do what: editors, how they sign in, and API tokens.
//!
//! API tokens are shown once and stored as hashes. Requests of their holders are done once
//! ([`begin`]).

mod account_snapshot;
pub mod audit_log;
pub mod browser;
pub mod csrf;
mod idempotency;
mod limits;
pub mod link;
pub mod password;
pub mod people;
pub mod reauthentication;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod token;

pub use idempotency::{Begun, Reservation, begin};

pub use password::WeakPassword;
pub use reauthentication::reauthenticate;

pub use token::holder_of;

use crate::domain::{Actor, RateLimited, Role};
use crate::service::Service;
use crate::store::StoreError;

/// Why a step with an account was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such account.
    #[error("there is no such editor; `xabar editor list` shows those there are")]
    NoEditor,
    /// The address has an account.
    #[error("this address has an account already")]
    Taken,
    /// Nobody could manage people any more.
    #[error("this is the last owner of all newsletters; make somebody else one first")]
    LastOwner,
    /// A name that is empty, too long or of several lines.
    #[error("a name has 1 to 100 characters on one line")]
    BadName,
    /// The password is not the present one, or the code is not right.
    #[error("the password or the code is not right")]
    WrongPassword,
    /// The code is not right.
    #[error("the code is not right")]
    WrongCode,
    /// Everybody must use codes.
    #[error("desk.require_totp asks everybody for codes")]
    TotpRequired,
    /// The new password is not good enough.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The link is not complete, has been used, or has expired.
    #[error("the link does not work any more")]
    BadLink,
    /// The session has ended.
    #[error("the session has ended; sign in again")]
    SignedOut,
    /// Too many tries.
    #[error("too many tries; wait {} seconds", .0.retry_after)]
    Limited(RateLimited),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a token for all newsletters that never expires.
///
/// # Errors
/// When the name does not fit, or the database cannot be used.
pub async fn add_token(service: &Service, name: &str, role: Role) -> Result<String, Refused> {
    let new = token::NewToken {
        name: name.to_owned(),
        role,
        newsletters: None,
        editor: None,
        lasts: None,
    };
    token::add(service, new, &Actor::CommandLine).await
}
