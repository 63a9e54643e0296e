//! The wording of a newsletter's mails: look, change, go back to what is shipped.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::PublishError;
use super::edited::Edited;
use super::newsletter::{finish, lock};
use crate::domain::{Actor, Language, MailKind, Newsletter, Slug};
use crate::mail::{MailLinks, RenderedMail, SystemMail, render_system_mail};
use crate::service::Service;
use crate::store;
use crate::texts::{EditableText, TextOverride, TextOverrides, editable_texts};

/// A text of a mail, as it is shipped and as the newsletter words it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TextView {
    /// Its name.
    pub key: String,
    /// The mail it stands in; null for the greeting, which stands in all.
    pub mail: Option<MailKind>,
    /// The values that it must say, as in `newsletter` for `{ $newsletter }`.
    pub values: Vec<String>,
    /// The wording as it is shipped.
    pub shipped: String,
    /// The newsletter's own wording, if it has one.
    pub own: Option<String>,
    /// Why the shipped wording is used though there is an own one: it has been changed by an upgrade.
    pub problem: Option<String>,
}

impl TextView {
    fn new(language: Language, text: EditableText, own: Option<String>) -> Self {
        let checked = own
            .as_deref()
            .map(|own| TextOverride::new(language, &text.key, own));
        Self {
            problem: checked.and_then(Result::err).map(|e| e.to_string()),
            key: text.key,
            mail: text.mail,
            values: text.values.into_iter().collect(),
            shipped: text.shipped,
            own,
        }
    }

    /// For a line of a list: its key, and the words that are in use.
    #[must_use]
    pub fn in_use(&self) -> (&str, &str, bool) {
        let own = self.own.as_deref().filter(|_| self.problem.is_none());
        (&self.key, own.unwrap_or(&self.shipped), own.is_some())
    }
}

/// The texts of the mails about a subscription that an owner may word, in one language.
///
/// # Errors
/// When the database cannot be used.
pub async fn texts(
    service: &Service,
    newsletter: &Newsletter,
    language: Language,
) -> Result<Vec<TextView>, PublishError> {
    let mut db = service.store.read().await?;
    let kept = store::newsletter::text_override::of(&mut db, newsletter.id, language).await?;
    let mut kept: BTreeMap<String, String> = kept.into_iter().collect();
    let view = |text: EditableText| {
        let own = kept.remove(&text.key);
        TextView::new(language, text, own)
    };
    Ok(editable_texts(language).into_iter().map(view).collect())
}

/// Words a text, or goes back to the shipped wording with `None`, and returns the newsletter as it is then: the mails
/// that are written from now on say it. `version`, when given, must be the newsletter's that the change was made from.
///
/// # Errors
/// When the text cannot be changed, or not to this; when there is no such newsletter, or it has changed meanwhile.
pub async fn set_text(
    service: &Service,
    slug: &Slug,
    (language, key): (Language, &str),
    wording: Option<&str>,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Newsletter, PublishError> {
    let wordings = BTreeMap::from([(key.to_owned(), wording.map(str::to_owned))]);
    set_texts(service, slug, language, &wordings, (version, actor)).await
}

/// The same for several texts of one language: all of them, or none. The version must be the newsletter's that the
/// change was made from.
///
/// # Errors
/// As for [`set_text`].
pub async fn set_texts(
    service: &Service,
    slug: &Slug,
    language: Language,
    wordings: &BTreeMap<String, Option<String>>,
    (version, actor): (Option<i64>, &Actor),
) -> Result<Newsletter, PublishError> {
    let own = wordings.iter().map(|(key, wording)| {
        let own = wording.as_deref();
        let own = own.map(|own| TextOverride::new(language, key, own));
        Ok((key, own.transpose()?))
    });
    let own: Vec<(&String, Option<TextOverride>)> = own.collect::<Result<_, PublishError>>()?;
    let mut tx = service.store.write().await?;
    let id = lock(&mut tx, slug, version).await?.id;
    let now = service.clock.now();
    for (key, own) in &own {
        match own {
            Some(own) => {
                let text = (own.key(), own.wording());
                store::newsletter::text_override::set(&mut tx, id, language, text, now).await?;
            }
            None => store::newsletter::text_override::remove(&mut tx, id, language, key).await?,
        }
    }
    store::newsletter::raise_version(&mut tx, id).await?;
    let what = Edited::Texts(language, wordings.keys().cloned().collect());
    finish(service, tx, id, &what, actor).await
}

/// A mail as it would be sent now, with `proposed` wordings before those that are kept; its links
/// lead to nobody's subscription.
///
/// # Errors
/// When a proposed wording does not fit, or the mail is not one about a subscription.
pub async fn preview_mail(
    service: &Service,
    newsletter: &Newsletter,
    language: Language,
    kind: MailKind,
    proposed: &BTreeMap<String, String>,
) -> Result<RenderedMail, PublishError> {
    let mut db = service.store.read().await?;
    let kept = store::newsletter::text_override::of(&mut db, newsletter.id, language).await?;
    drop(db);
    let mut words = TextOverrides::of(language, &kept);
    for (key, wording) in proposed {
        words = words.with(TextOverride::new(language, key, wording)?);
    }
    let page = service.links.signup(newsletter);
    let hours = service.settings.signup.confirm_hours;
    let links = MailLinks::to_one_page(kind, &page, hours).ok_or(PublishError::NoTexts(kind))?;
    let logo = newsletter.logo.as_ref();
    let logo = logo.map(|logo| service.links.logo(logo));
    Ok(render_system_mail(&SystemMail {
        newsletter,
        logo_url: logo.as_deref(),
        several: &[],
        language,
        links,
        greet: None,
        latest: None,
        words: &words,
    })?)
}
