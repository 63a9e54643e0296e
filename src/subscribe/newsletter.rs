//! Which newsletter a sign-up is for.

use std::sync::{Arc, PoisonError};

use jiff::SignedDuration;

use crate::domain::{Newsletter, Slug};
use crate::service::Service;
use crate::store::{self, StoreError};

/// For how long what was read is believed: a flood of sign-ups then asks once a second.
const BELIEVED: SignedDuration = SignedDuration::from_secs(1);

/// The newsletter with this slug, or the oldest public one, as it was a second ago or later.
///
/// # Errors
/// When the database cannot be used.
pub async fn newsletter_meant(
    service: &Service,
    slug: Option<&Slug>,
) -> Result<Option<Arc<Newsletter>>, StoreError> {
    // One that is not in the memory may have been added since.
    if let Some(known) = memory(service).and_then(|all| find(&all, slug)) {
        return Ok(Some(known));
    }
    Ok(find(&remember(service).await?, slug))
}

/// Whether pages with this origin may sign people up, for whichever newsletter.
///
/// # Errors
/// When the database cannot be used.
pub async fn is_trusted(service: &Service, origin: &str) -> Result<bool, StoreError> {
    let all = match memory(service) {
        Some(all) => all,
        None => remember(service).await?,
    };
    Ok(all.iter().any(|newsletter| newsletter.trusts(origin)))
}

async fn remember(service: &Service) -> Result<Vec<Arc<Newsletter>>, StoreError> {
    let now = service.clock.now();
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let all: Vec<Arc<Newsletter>> = all.into_iter().map(Arc::new).collect();
    *service
        .newsletters
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = Some((now, all.clone()));
    Ok(all)
}

/// What was read at most a second ago.
fn memory(service: &Service) -> Option<Vec<Arc<Newsletter>>> {
    let memory = service
        .newsletters
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let (read_at, all) = memory.as_ref()?;
    let age = service.clock.now().duration_since(*read_at);
    (age.abs() <= BELIEVED).then(|| all.clone())
}

fn find(all: &[Arc<Newsletter>], slug: Option<&Slug>) -> Option<Arc<Newsletter>> {
    let mut all = all.iter();
    let meant = match slug {
        Some(slug) => all.find(|newsletter| newsletter.slug == *slug),
        None => all.find(|newsletter| newsletter.is_public()),
    };
    meant.cloned()
}
