//! Which newsletter a sign-up is for.

use std::sync::{Arc, PoisonError};

use jiff::SignedDuration;

use crate::domain::{Newsletter, Slug};
use crate::service::Service;
use crate::store::{self, StoreError};

/// How long the cached newsletters are used: a flood of sign-ups then reads them once a second.
const CACHE_TTL: SignedDuration = SignedDuration::from_secs(1);

/// The newsletter with this slug, or the oldest public one when none is named; at most
/// one second stale.
///
/// # Errors
/// When the database cannot be used.
pub async fn resolve_newsletter(
    service: &Service,
    slug: Option<&Slug>,
) -> Result<Option<Arc<Newsletter>>, StoreError> {
    // One that is not in the cache may have been added since.
    if let Some(cached) = cached(service).and_then(|all| find(&all, slug)) {
        return Ok(Some(cached));
    }
    Ok(find(&refresh(service).await?, slug))
}

/// Whether pages with this origin may embed the sign-up of at least one newsletter.
///
/// # Errors
/// When the database cannot be used.
pub async fn is_trusted_origin(service: &Service, origin: &str) -> Result<bool, StoreError> {
    let all = match cached(service) {
        Some(all) => all,
        None => refresh(service).await?,
    };
    Ok(all.iter().any(|newsletter| newsletter.trusts(origin)))
}

async fn refresh(service: &Service) -> Result<Vec<Arc<Newsletter>>, StoreError> {
    let now = service.clock.now();
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let all: Vec<Arc<Newsletter>> = all.into_iter().map(Arc::new).collect();
    *service
        .newsletters
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = Some((now, all.clone()));
    Ok(all)
}

/// The cached newsletters, unless they are too old.
fn cached(service: &Service) -> Option<Vec<Arc<Newsletter>>> {
    let cache = service
        .newsletters
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let (read_at, all) = cache.as_ref()?;
    let age = service.clock.now().duration_since(*read_at);
    (age.abs() <= CACHE_TTL).then(|| all.clone())
}

fn find(all: &[Arc<Newsletter>], slug: Option<&Slug>) -> Option<Arc<Newsletter>> {
    let mut all = all.iter();
    let found = match slug {
        Some(slug) => all.find(|newsletter| newsletter.slug == *slug),
        None => all.find(|newsletter| newsletter.is_public()),
    };
    found.cloned()
}
