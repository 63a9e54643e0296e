//! Proof of work by ALTCHA's protocol: the sender of a sign-up solves a challenge of ours.

use std::collections::BTreeMap;

use altcha::{Challenge, CreateChallengeOptions, Payload, VerifySolutionOptions};
use altcha::{create_challenge, verify_solution};
use data_encoding::{BASE64, HEXLOWER};
use jiff::{SignedDuration, Timestamp};

use super::{attack, mail_quota};
use crate::config::ProofOfWork;
use crate::domain::{EmailAddress, SignupTrust};
use crate::service::Service;
use crate::store::{self, StoreError};

/// How long a challenge may be solved.
pub(crate) const CHALLENGE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Where the challenge says, under our signature, how long; in seconds since 1970. The
/// protocol's own field is read by the clock of the crate, which is not ours.
const EXPIRES: &str = "expires";

/// Why a solution vouches for nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// No solution of a challenge of ours.
    #[error("is no solution of a challenge from /api/v1/challenge")]
    Wrong,
    /// Too late.
    #[error("comes too late; fetch a new challenge from /api/v1/challenge")]
    Expired,
    /// A solution is good for one sign-up.
    #[error("has been used; fetch a new challenge from /api/v1/challenge")]
    Used,
    /// No challenge could be made.
    #[error(transparent)]
    Challenge(#[from] altcha::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new challenge; a harder one during an attack.
///
/// # Errors
/// When the database cannot be used.
pub async fn challenge(service: &Service) -> Result<Challenge, ProofError> {
    let settings = &service.settings.signup;
    let expires = service.clock.now().as_second() + CHALLENGE_LIFETIME.as_secs();
    let cost = if attack::goes_on(service).await? {
        settings.proof_cost_in_attack
    } else {
        settings.proof_cost
    };
    Ok(create_challenge(CreateChallengeOptions {
        cost,
        data: Some(BTreeMap::from([(EXPIRES.to_owned(), expires.into())])),
        hmac_signature_secret: Some(secret(service)),
        ..CreateChallengeOptions::default()
    })?)
}

fn secret(service: &Service) -> String {
    HEXLOWER.encode(&service.links.key().keyed_hash("altcha", &[]))
}

/// What a solution, as the widget sends it, is worth.
///
/// # Errors
/// Says why it is worth nothing.
pub async fn check_proof(service: &Service, payload: &str) -> Result<SignupTrust, ProofError> {
    let octets = BASE64.decode(payload.as_bytes());
    let payload: Payload = octets
        .ok()
        .and_then(|octets| serde_json::from_slice(&octets).ok())
        .ok_or(ProofError::Wrong)?;
    let parameters = &payload.challenge.parameters;
    let digest = service
        .links
        .key()
        .keyed_hash("altcha-spent", &[parameters.nonce.as_bytes()]);
    let data = parameters.data.as_ref();
    let expires = data
        .and_then(|data| data.get(EXPIRES)?.as_i64())
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(ProofError::Wrong)?;
    if service.clock.now() > expires {
        return Err(ProofError::Expired);
    }
    if store::protection::spent_proof::is_spent(&mut service.store.read().await?, &digest).await? {
        return Err(ProofError::Used);
    }
    let secret = secret(service);
    // It takes as long as one attempt at solving.
    let good = tokio::task::spawn_blocking(move || {
        let Payload {
            challenge,
            solution,
        } = &payload;
        verify_solution(VerifySolutionOptions::new(challenge, solution, secret))
    });
    match good.await {
        Ok(Ok(result)) if result.verified => Ok(SignupTrust::Work(digest)),
        _ => Err(ProofError::Wrong),
    }
}

/// Whether everybody who fills in the form is asked for a proof.
///
/// # Errors
/// When the database cannot be used.
pub async fn proof_wanted(service: &Service) -> Result<bool, StoreError> {
    match service.settings.signup.proof_of_work {
        ProofOfWork::Off => Ok(false),
        ProofOfWork::Always => Ok(true),
        ProofOfWork::Attack => attack::goes_on(service).await,
    }
}

/// Whether a form with this address is: also where mails to its domain would have to wait.
///
/// # Errors
/// When the database cannot be used.
pub async fn proof_wanted_of(
    service: &Service,
    address: &EmailAddress,
) -> Result<bool, StoreError> {
    if proof_wanted(service).await? {
        return Ok(true);
    }
    if service.settings.signup.proof_of_work == ProofOfWork::Off {
        return Ok(false);
    }
    let mut db = service.store.read().await?;
    mail_quota::is_full(service, &mut db, address).await
}
