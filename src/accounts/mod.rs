//! API tokens: shown once, stored as hashes. Requests of their holders that are done once.

pub mod csrf;
mod idempotency;
pub mod session;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

pub use idempotency::{Begun, Reservation, begin};

use crate::domain::Role;
use crate::service::Service;
use crate::store::accounts::token::TokenHolder;
use crate::store::{self, StoreError};

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
