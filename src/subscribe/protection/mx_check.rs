//! Sign-ups from domains that take no mail.

use std::net::IpAddr;

use super::rate_limits;
use crate::domain::EmailAddress;
use crate::mail::TakesMail;
use crate::service::Service;
use crate::store::StoreError;

/// Whether a sign-up is to be refused because its domain takes no mail. Nobody is where that is
/// not to be checked, or cannot be told. A refusal counts for the network of `ip`, as nothing
/// else would keep somebody from having us ask the DNS without end.
///
/// # Errors
/// When the database cannot be used.
pub async fn takes_no_mail(
    service: &Service,
    address: &EmailAddress,
    ip: Option<IpAddr>,
) -> Result<bool, StoreError> {
    let Some(domains) = &service.mail_domains else {
        return Ok(false);
    };
    if Box::pin(domains.take_mail(address)).await != TakesMail::No {
        return Ok(false);
    }
    if let Some(ip) = ip {
        rate_limits::count_refused(service, ip).await?;
    }
    Ok(true)
}
