//! What a clock that was ahead has put off, goes on once the clock is set right.

use jiff::SignedDuration;

use super::lease::lease_end;
use crate::domain::{IssueState, MAX_CLOCK_SKEW};
use crate::service::Service;
use crate::store::{self, StoreError};

/// Finds deliveries and leases that are due later than any worker would set them now: after the longest pause of the
/// settings or the length of a lease. They become due when a lease that is taken now ends. A worker that still has
/// such a lease extends it meanwhile.
///
/// # Errors
/// When the database cannot be used.
pub async fn pull_back(service: &Service) -> Result<(), StoreError> {
    let worker = &service.settings.worker;
    let pauses = worker.retry_seconds.iter().copied();
    let longest = pauses.fold(worker.lease_seconds, u32::max);
    let longest = SignedDuration::from_secs(longest.into()) + MAX_CLOCK_SKEW;
    let now = service.clock.now();
    let latest = now.saturating_add(longest).unwrap_or(now);
    let mut late = Vec::new();
    {
        let mut db = service.store.read().await?;
        let mut issues = store::issue::progress::cancelled_unsettled(&mut db).await?;
        issues.extend(store::issue::progress::sent_unsettled(&mut db).await?);
        for state in [IssueState::Sending, IssueState::Paused] {
            issues.extend(store::issue::with_state(&mut db, state).await?);
        }
        for issue in issues {
            if store::delivery::far_ahead::is_any(&mut db, issue, latest).await? {
                late.push(issue);
            }
        }
    }
    for issue in late {
        let at = lease_end(service);
        let mut tx = service.store.write().await?;
        let pulled = store::delivery::far_ahead::pull(&mut tx, issue, latest, at).await?;
        tx.commit().await?;
        tracing::warn!(
            %issue,
            pulled,
            goes_on_at = %at,
            "deliveries or leases end later than any that are set now: the clock was ahead when they were written, and \
             they no longer wait for it"
        );
    }
    Ok(())
}
