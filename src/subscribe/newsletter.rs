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
    if let Some(known) = remembered(service, slug) {
        return Ok(Some(known));
    }
    let now = service.clock.now();
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let all: Vec<Arc<Newsletter>> = all.into_iter().map(Arc::new).collect();
    let meant = find(&all, slug);
    *service
        .newsletters
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = Some((now, all));
    Ok(meant)
}

fn remembered(service: &Service, slug: Option<&Slug>) -> Option<Arc<Newsletter>> {
    let memory = service
        .newsletters
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let (read_at, all) = memory.as_ref()?;
    let age = service.clock.now().duration_since(*read_at);
    if age.abs() > BELIEVED {
        return None;
    }
    // One that is not among them may have been added since.
    find(all, slug)
}

fn find(all: &[Arc<Newsletter>], slug: Option<&Slug>) -> Option<Arc<Newsletter>> {
    let mut all = all.iter();
    let meant = match slug {
        Some(slug) => all.find(|newsletter| newsletter.slug == *slug),
        None => all.find(|newsletter| newsletter.is_public()),
    };
    meant.cloned()
}
