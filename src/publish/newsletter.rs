//! Changing a newsletter itself.

use super::{PublishError, log_newsletter};
use crate::domain::{
    Actor, InvalidField, LogoFile, Newsletter, NewsletterInput, NewsletterPatch, Slug,
};
use crate::service::Service;
use crate::store::{self, Write};

/// What is to happen to a newsletter.
#[derive(Debug, Clone)]
pub enum Change {
    /// Other words.
    Words(NewsletterPatch),
    /// A picture, or none any more.
    Logo(Option<LogoFile>),
}

/// Changes a newsletter; `version`, when given, must be the one the change was made from.
///
/// # Errors
/// When there is no such newsletter, it has changed meanwhile, or would not fit.
pub async fn change_newsletter(
    service: &Service,
    slug: &Slug,
    change: Change,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Newsletter, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, slug, version).await?;
    let id = current.id;
    let what = match &change {
        Change::Words(_) => "settings",
        Change::Logo(_) => "logo",
    };
    let changed = match change {
        Change::Words(patch) => with_words(current, patch)?,
        Change::Logo(file) => {
            if let Some(file) = &file {
                store::newsletter::logo::keep(&mut tx, file).await?;
            }
            Newsletter {
                logo: file.map(|file| file.logo),
                ..current
            }
        }
    };
    store::newsletter::update(&mut tx, &changed).await?;
    let changed = store::newsletter::by_id(&mut tx, id).await?;
    log_newsletter(service, &mut tx, actor, id, what).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The newsletter, locked for a change; `version`, when given, must be its present one.
pub(super) async fn lock(
    tx: &mut Write,
    slug: &Slug,
    version: Option<i64>,
) -> Result<Newsletter, PublishError> {
    let current = store::newsletter::lock(tx, slug)
        .await?
        .ok_or_else(|| PublishError::NoNewsletter(slug.clone()))?;
    if version.is_some_and(|version| version != current.version) {
        return Err(PublishError::Changed {
            what: "newsletter",
            version: current.version,
        });
    }
    Ok(current)
}

fn with_words(current: Newsletter, patch: NewsletterPatch) -> Result<Newsletter, PublishError> {
    let wish = NewsletterInput::from(&current).with(patch);
    let read = wish
        .to_newsletter(current.id)
        .map_err(|wrong| PublishError::Invalid(vec![InvalidField::new(wrong.field, wrong.why)]))?;
    Ok(Newsletter {
        logo: current.logo,
        ..read
    })
}
