//! The checks of a sign-up form against programs that fill it in.

use crate::domain::{EmailAddress, RateLimited, SignupTrust};
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::store::StoreError;
use crate::subscribe::{self, ProofError, WaitCheck};
use crate::web::client_ip::Client;
use crate::web::pages::FormGuard;

/// The hidden fields of a form, as they were sent.
#[derive(Debug, Default)]
pub(crate) struct SignupEvidence {
    pub(crate) stamp: String,
    pub(crate) wait: String,
    pub(crate) altcha: String,
}

/// What to do with a form that was sent.
pub(crate) enum GuardDecision {
    /// Process it, with this trust.
    Accept(SignupTrust),
    /// Show it again as it was filled in: the button has to be pressed once more.
    Retry(FormGuard),
    /// Show it again with the time after which to retry.
    Limited(FormGuard, RateLimited),
}

/// The hidden fields of a form that is shown first.
pub(crate) async fn fresh(service: &Service) -> Result<FormGuard, StoreError> {
    Ok(FormGuard {
        work: subscribe::proof_required(service).await?,
        ..FormGuard::stamped(subscribe::form_stamp(service))
    })
}

/// Checks the hidden fields of a form that was sent; a `suspect` one needs a proof in any case.
pub(crate) async fn check(
    service: &Service,
    client: Client,
    address: &EmailAddress,
    evidence: &SignupEvidence,
    suspect: bool,
) -> Result<GuardDecision, StoreError> {
    if let Some(limited) = subscribe::check_network(service, client.network()).await? {
        return Ok(GuardDecision::Limited(fresh(service).await?, limited));
    }
    let decision = decide(service, client, address, evidence, suspect).await?;
    // A program filled in the hidden field: perhaps one that helps a person.
    if suspect {
        let passed = matches!(decision, GuardDecision::Accept(_));
        tracing::info!(passed, "the hidden field of a sign-up form was filled in");
        subscribe::count_honeypot(service, client.network(), passed).await?;
    }
    Ok(decision)
}

async fn decide(
    service: &Service,
    client: Client,
    address: &EmailAddress,
    evidence: &SignupEvidence,
    suspect: bool,
) -> Result<GuardDecision, StoreError> {
    let required = suspect || subscribe::proof_required_for(service, address).await?;
    if let Some(stamp) = subscribe::check_form_stamp(service, &evidence.stamp) {
        service.metrics.signup_refused(SignupRefusal::Timing);
        return Ok(GuardDecision::Retry(FormGuard {
            again: Some("gate-again"),
            work: required,
            ..FormGuard::stamped(stamp)
        }));
    }
    if !evidence.altcha.is_empty() {
        match subscribe::check_proof(service, &evidence.altcha, client.network()).await {
            Ok(trust) => return Ok(GuardDecision::Accept(trust)),
            Err(ProofError::Store(error)) => return Err(error),
            // Continue without it: the form is shown again below if a proof is required.
            Err(_) => service.metrics.signup_refused(SignupRefusal::Proof),
        }
    }
    if !required {
        return Ok(GuardDecision::Accept(SignupTrust::None));
    }
    Ok(
        match subscribe::check_wait(service, address, &evidence.wait).await? {
            WaitCheck::LongEnough => GuardDecision::Accept(SignupTrust::Waited),
            WaitCheck::TooMany(limited) => {
                service.metrics.signup_refused(SignupRefusal::RateLimit);
                GuardDecision::Limited(fresh(service).await?, limited)
            }
            WaitCheck::NotYet { wait, seconds } => GuardDecision::Retry(FormGuard {
                again: Some("gate-work"),
                work: true,
                wait,
                seconds,
                ..FormGuard::stamped(subscribe::form_stamp(service))
            }),
        },
    )
}
