//! Sign-ups with a domain that accepts no mail.

use super::rate_limits;
use crate::domain::{ClientNetwork, EmailAddress};
use crate::mail::TakesMail;
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::store::StoreError;

/// Whether the DNS says that the domain of an address accepts no mail. False when the check is
/// switched off or the DNS gives no answer. A refusal counts against the limits of the network, if it is named: otherwise
/// one client could cause any number of DNS queries.
///
/// # Errors
/// When the database cannot be used.
pub async fn domain_is_undeliverable(
    service: &Service,
    address: &EmailAddress,
    network: Option<ClientNetwork>,
) -> Result<bool, StoreError> {
    let Some(domains) = &service.mail_domains else {
        return Ok(false);
    };
    if Box::pin(domains.take_mail(address)).await != TakesMail::No {
        return Ok(false);
    }
    service.metrics.signup_refused(SignupRefusal::NoMailDomain);
    if let Some(network) = network {
        rate_limits::count_refused(service, network).await?;
    }
    Ok(true)
}
