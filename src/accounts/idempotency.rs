//! Requests that are done once, however often they are sent
//! (draft-ietf-httpapi-idempotency-key-header).

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::service::Service;
use crate::store::StoreError;
use crate::store::accounts::idempotency_key::{self, KeptAnswer, KeyOfToken};

/// After so long a request without an answer was cut off with its process. No request takes this long: its answer
/// is given up earlier, and the database has shorter time-outs.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// A request that has reserved its key.
#[derive(Debug, Clone, Copy)]
pub struct Reservation {
    key: KeyOfToken,
    started_at: Timestamp,
}

/// What is to be done with a request that has a key.
#[derive(Debug)]
pub enum Begun {
    /// It is new: do it, and then [`Reservation::keep`] its answer or [`Reservation::release`] it.
    New(Reservation),
    /// It was done: give this answer again.
    Done(KeptAnswer),
    /// The same request is being done.
    Running,
    /// The key was used for another request.
    Other,
}

/// Begins a request of the holder of a token. Key and request are kept as keyed hashes alone.
///
/// # Errors
/// When the database cannot be used.
pub async fn begin(
    service: &Service,
    token: Uuid,
    key: &str,
    request: &[&[u8]],
) -> Result<Begun, StoreError> {
    let secret = service.links.key();
    let hash = secret.keyed_hash("idempotency key", &[key.as_bytes()]);
    let request_hash = secret.keyed_hash("idempotent request", request);
    let key = KeyOfToken { token, hash };
    let now = service.clock.now();
    let new = Begun::New(Reservation {
        key,
        started_at: now,
    });
    let mut tx = service.store.write().await?;
    if idempotency_key::reserve(&mut tx, key, &request_hash, now).await? {
        tx.commit().await?;
        return Ok(new);
    }
    // Retention may have removed it in between.
    let Some(before) = idempotency_key::find(&mut tx, key).await? else {
        return Ok(Begun::Running);
    };
    let abandoned = now.checked_sub(ABANDONED_AFTER).unwrap_or(now);
    match before.answer {
        _ if before.request_hash != request_hash => Ok(Begun::Other),
        Some(answer) => Ok(Begun::Done(answer)),
        None if before.started_at > abandoned.as_microsecond() => Ok(Begun::Running),
        None => {
            idempotency_key::restart(&mut tx, key, now).await?;
            tx.commit().await?;
            Ok(new)
        }
    }
}

impl Reservation {
    /// Keeps the answer, to be given again.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn keep(self, service: &Service, answer: &KeptAnswer) -> Result<(), StoreError> {
        let mut tx = service.store.write().await?;
        idempotency_key::keep(&mut tx, self.key, self.started_at, answer).await?;
        tx.commit().await
    }

    /// Gives the key back: the request was refused and did nothing.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn release(self, service: &Service) -> Result<(), StoreError> {
        let mut tx = service.store.write().await?;
        idempotency_key::release(&mut tx, self.key, self.started_at).await?;
        tx.commit().await
    }
}
