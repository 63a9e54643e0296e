//! Who may do what: editors, how they sign in, and API tokens.
//!
//! API tokens are shown once and stored as hashes. Requests of their holders are done once
//! ([`begin`]).

pub mod csrf;
mod idempotency;
mod limits;
pub mod link;
pub mod password;
pub mod people;
pub mod proof;
pub mod second_factor;
pub mod session;
pub mod sign_in;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

pub use idempotency::{Begun, Reservation, begin};

pub use password::WeakPassword;
pub use proof::prove;

use crate::domain::{RateLimited, Role};
use crate::service::Service;
use crate::store::accounts::token::TokenHolder;
use crate::store::{self, StoreError};

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
    /// Too many tries.
    #[error("too many tries; wait {} seconds", .0.retry_after)]
    Limited(RateLimited),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The prefix of a token, by which scanners for leaked secrets recognise it.
const PREFIX: &str = "xabar_";

/// Creates a token and returns it; it cannot be shown again.
///
/// # Errors
/// When the database cannot be used.
pub async fn add_token(service: &Service, name: &str, role: Role) -> Result<String, StoreError> {
    let mut secret = [0; 32];
    service.clock.fill(&mut secret);
    let token = format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&secret));
    let holder = TokenHolder {
        id: service.clock.new_uuid(),
        name: name.to_owned(),
        role,
    };
    let mut tx = service.store.write().await?;
    store::accounts::token::insert(&mut tx, &holder, &hash(&token), service.clock.now()).await?;
    tx.commit().await?;
    Ok(token)
}

/// The holder of a token, if it is valid. The look-up compares hashes of 256 random bits, so that
/// its timing reveals nothing about the token.
///
/// # Errors
/// When the database cannot be used.
pub async fn holder_of(service: &Service, token: &str) -> Result<Option<TokenHolder>, StoreError> {
    store::accounts::token::by_hash(&mut service.store.read().await?, &hash(token)).await
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
