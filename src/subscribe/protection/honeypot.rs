//! Forms whose hidden field was filled in.

use super::rate_limits;
use crate::domain::{ClientNetwork, ProtectionCause};
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::store::StoreError;
use crate::store::protection::daily_count;

/// Counts a form whose hidden field was filled in, for the operator: by day, without the address. `passed`
/// says whether it brought a proof of work or a wait. One that did not counts as a sign-up of its network:
/// otherwise one client could cause any number of writes.
///
/// # Errors
/// When the database cannot be used.
pub async fn count_honeypot(
    service: &Service,
    network: ClientNetwork,
    passed: bool,
) -> Result<(), StoreError> {
    let cause = match passed {
        true => ProtectionCause::HoneypotPassed,
        false => ProtectionCause::Honeypot,
    };
    if !passed {
        service.metrics.signup_refused(SignupRefusal::Honeypot);
    }
    let mut tx = service.store.write().await?;
    if !passed {
        rate_limits::hit_network(service, &mut tx, network).await?;
    }
    daily_count::add(&mut tx, cause, service.clock.now()).await?;
    tx.commit().await
}
