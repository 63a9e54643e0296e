//! Adding a newsletter, and changing it.

use super::edited::Edited;
use super::{PublishError, log_newsletter};
use crate::domain::{
    Actor, AuditAction, AuditEvent, InvalidField, LogoFile, Newsletter, NewsletterId,
    NewsletterInput, NewsletterPatch, OtherSetting, Slug,
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
    /// Both colour and picture, together.
    Look {
        /// As in `#0b5c68`; empty for the shipped one.
        accent: String,
        /// The picture.
        logo: LogoChange,
    },
}

/// What is to happen to the picture of a newsletter.
#[derive(Debug, Clone)]
pub enum LogoChange {
    /// It stays.
    Keep,
    /// There is none any more.
    Remove,
    /// Another one.
    Replace(LogoFile),
}

/// Adds a newsletter.
///
/// # Errors
/// When there is one with its slug already.
pub async fn add_newsletter(
    service: &Service,
    newsletter: &Newsletter,
    actor: &Actor,
) -> Result<(), PublishError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    store::newsletter::insert(&mut tx, newsletter, now).await?;
    let event = AuditEvent::new(actor, AuditAction::NewsletterAdded, now);
    let event = event.in_newsletter(Some(newsletter.id));
    store::audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    tracing::info!(newsletter = %newsletter.slug, %actor, "newsletter added");
    Ok(())
}

/// Changes a newsletter; `version`, when given, must be the one the change was made from. What is as it is to be
/// is neither written nor logged.
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
    let before = NewsletterInput::from(&current);
    let has_new_logo = change.has_logo();
    let changed = match change {
        Change::Words(patch) => with_words(current, patch)?,
        Change::Logo(file) => with_logo(&mut tx, current, file).await?,
        Change::Look { accent, logo } => {
            let changed = with_words(current, with_accent(&accent))?;
            match logo {
                LogoChange::Keep => changed,
                LogoChange::Remove => with_logo(&mut tx, changed, None).await?,
                LogoChange::Replace(file) => with_logo(&mut tx, changed, Some(file)).await?,
            }
        }
    };
    let words = Edited::between(&before, &NewsletterInput::from(&changed));
    let what = match has_new_logo {
        true => words.and(OtherSetting::Logo),
        false => words,
    };
    if what.is_nothing() {
        return Ok(changed);
    }
    store::newsletter::update(&mut tx, &changed).await?;
    finish(service, tx, id, &what, actor).await
}

impl Change {
    /// Whether it is about the picture too.
    fn has_logo(&self) -> bool {
        match self {
            Self::Words(_) => false,
            Self::Logo(_) => true,
            Self::Look { logo, .. } => !matches!(logo, LogoChange::Keep),
        }
    }
}

fn with_accent(accent: &str) -> NewsletterPatch {
    NewsletterPatch {
        accent: Some(accent.to_owned()),
        ..NewsletterPatch::default()
    }
}

/// Writes into the log that `what` of a newsletter was changed, commits, and returns the newsletter as it is then.
pub(super) async fn finish(
    service: &Service,
    mut tx: Write,
    id: NewsletterId,
    what: &Edited,
    actor: &Actor,
) -> Result<Newsletter, PublishError> {
    let changed = store::newsletter::by_id(&mut tx, id).await?;
    log_newsletter(service, &mut tx, actor, id, what).await?;
    tx.commit().await?;
    tracing::info!(newsletter = %changed.slug, %what, %actor, "newsletter changed");
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

async fn with_logo(
    tx: &mut Write,
    current: Newsletter,
    file: Option<LogoFile>,
) -> Result<Newsletter, PublishError> {
    if let Some(file) = &file {
        store::newsletter::logo::keep(tx, file).await?;
    }
    Ok(Newsletter {
        logo: file.map(|file| file.logo),
        ..current
    })
}

/// A newsletter with changes that are not kept: for a preview.
///
/// # Errors
/// When it would not fit.
pub fn changed_newsletter(
    current: &Newsletter,
    patch: NewsletterPatch,
) -> Result<Newsletter, PublishError> {
    with_words(current.clone(), patch)
}

fn with_words(current: Newsletter, patch: NewsletterPatch) -> Result<Newsletter, PublishError> {
    let wish = NewsletterInput::from(&current).with(patch);
    let read = wish
        .to_newsletter(current.id)
        .map_err(|wrong| PublishError::Invalid(vec![InvalidField::new(&wrong.field, wrong.why)]))?;
    Ok(Newsletter {
        version: current.version,
        logo: current.logo,
        fields: current.fields,
        ..read
    })
}
