//! What a form must show before its sign-up is taken in, other than the form itself.

use crate::domain::{EmailAddress, SignupTrust};
use crate::service::Service;
use crate::store::StoreError;
use crate::subscribe::{self, ProofError, RateLimited, Waited};
use crate::web::client_ip::Client;
use crate::web::pages::Guard;

/// The fields that the page puts into the form by itself, as they came back.
#[derive(Debug, Default)]
pub(crate) struct SignupEvidence {
    pub(crate) stamp: String,
    pub(crate) wait: String,
    pub(crate) altcha: String,
}

/// Whether a sign-up gets through.
pub(crate) enum SignupGuard {
    /// It does, with what vouches for it.
    Open(SignupTrust),
    /// The form is shown again, as it was filled in; its button has to be pressed once more.
    Again(Guard),
    /// Not at the moment: the form is shown again, with the time to come back.
    Limited(Guard, RateLimited),
}

/// The signs of a fresh form.
pub(crate) async fn fresh(service: &Service) -> Result<Guard, StoreError> {
    Ok(Guard {
        work: subscribe::proof_wanted(service).await?,
        ..Guard::stamped(subscribe::form_stamp(service))
    })
}

/// Looks at the signs of a form that came back.
pub(crate) async fn pass(
    service: &Service,
    client: Client,
    address: &EmailAddress,
    signs: &SignupEvidence,
) -> Result<SignupGuard, StoreError> {
    if let Some(ip) = client.ip
        && let Some(limited) = subscribe::check_ip(service, ip).await?
    {
        return Ok(SignupGuard::Limited(fresh(service).await?, limited));
    }
    let wanted = subscribe::proof_wanted_of(service, address).await?;
    if let Some(stamp) = subscribe::check_form_stamp(service, &signs.stamp) {
        return Ok(SignupGuard::Again(Guard {
            again: Some("gate-again"),
            work: wanted,
            ..Guard::stamped(stamp)
        }));
    }
    if !signs.altcha.is_empty() {
        match subscribe::check_proof(service, &signs.altcha).await {
            Ok(voucher) => return Ok(SignupGuard::Open(voucher)),
            Err(ProofError::Store(error)) => return Err(error),
            // The page asks anew, if it has to.
            Err(_) => {}
        }
    }
    if !wanted {
        return Ok(SignupGuard::Open(SignupTrust::None));
    }
    Ok(
        match subscribe::check_wait(service, address, &signs.wait).await? {
            Waited::LongEnough => SignupGuard::Open(SignupTrust::Patience),
            Waited::TooMany(limited) => SignupGuard::Limited(fresh(service).await?, limited),
            Waited::NotYet { wait, seconds } => SignupGuard::Again(Guard {
                again: Some("gate-work"),
                work: true,
                wait,
                seconds,
                ..Guard::stamped(subscribe::form_stamp(service))
            }),
        },
    )
}
