//! Proof of work by ALTCHA's protocol: the client solves a challenge of this service.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use altcha::{Challenge, CreateChallengeOptions, Payload, VerifySolutionOptions};
use altcha::{create_challenge, verify_solution};
use data_encoding::{BASE64, HEXLOWER};
use jiff::{SignedDuration, Timestamp};

use super::{attack, mail_quota, rate_limits};
use crate::config::ProofOfWork;
use crate::domain::{ClientNetwork, EmailAddress, SignupTrust};
use crate::heavy_work::HeavyWork;
use crate::service::Service;
use crate::store::{self, StoreError};

/// How long a solution of a challenge is accepted.
pub(crate) const CHALLENGE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// The signed field of the challenge with its end, in seconds since 1970. The protocol's own field
/// is checked by the crate against the system clock instead of `Clock`.
const EXPIRES: &str = "expires";

/// A check costs as much as one attempt of the solver, and takes a core for so long.
static CHECKS: LazyLock<HeavyWork> = LazyLock::new(|| HeavyWork::new(2));

/// Why a solution is refused.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// It solves no challenge of this service.
    #[error("is no solution of a challenge from /api/v1/challenge")]
    Wrong,
    /// The challenge has expired.
    #[error("comes too late; fetch a new challenge from /api/v1/challenge")]
    Expired,
    /// It was used before; a solution is accepted for one sign-up.
    #[error("has been used; fetch a new challenge from /api/v1/challenge")]
    Used,
    /// The crate could not create a challenge.
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
    let cost = if attack::is_under_attack(service).await? {
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

/// Verifies a solution in the form in which the widget sends it. A wrong one counts against the limits of the
/// network, as a sign-up does: otherwise one client could cause any amount of work. The caller has checked these.
///
/// # Errors
/// Says why it is refused.
pub async fn check_proof(
    service: &Service,
    payload: &str,
    network: ClientNetwork,
) -> Result<SignupTrust, ProofError> {
    let checked = verify(service, payload).await;
    if matches!(checked, Err(ProofError::Wrong)) {
        rate_limits::count_refused(service, network).await?;
    }
    checked
}

async fn verify(service: &Service, payload: &str) -> Result<SignupTrust, ProofError> {
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
    let verified = CHECKS.run(move || {
        let Payload {
            challenge,
            solution,
        } = &payload;
        verify_solution(VerifySolutionOptions::new(challenge, solution, secret))
    });
    match verified.await {
        Ok(Ok(result)) if result.verified => Ok(SignupTrust::Proof(digest)),
        _ => Err(ProofError::Wrong),
    }
}

/// Whether the form requires a proof from every visitor.
///
/// # Errors
/// When the database cannot be used.
pub async fn proof_required(service: &Service) -> Result<bool, StoreError> {
    match known_proof_required(service) {
        Some(required) => Ok(required),
        None => attack::is_under_attack(service).await,
    }
}

/// The same, where the database need not be asked.
#[must_use]
pub fn known_proof_required(service: &Service) -> Option<bool> {
    match service.settings.signup.proof_of_work {
        ProofOfWork::Off => Some(false),
        ProofOfWork::Always => Some(true),
        ProofOfWork::Attack => attack::known(service),
    }
}

/// Whether a form with this address requires a proof: also when the quota of its domain is used up.
///
/// # Errors
/// When the database cannot be used.
pub async fn proof_required_for(
    service: &Service,
    address: &EmailAddress,
) -> Result<bool, StoreError> {
    if proof_required(service).await? {
        return Ok(true);
    }
    if service.settings.signup.proof_of_work == ProofOfWork::Off {
        return Ok(false);
    }
    let mut db = service.store.read().await?;
    mail_quota::is_domain_quota_used_up(service, &mut db, address).await
}
