//! Why something was not saved, in the person's language.

use axum::http::StatusCode;
use serde::Serialize;

use super::Opened;
use crate::domain::{AuditAction, Language};
use crate::publish::PublishError;
use crate::service::Service;
use crate::store;
use crate::texts::{TextOverrideError, TextValue, local_time, text};
use crate::web::desk::DeskError;
use crate::web::desk::refusal::refusal;

/// Why something was not saved; what was typed is still on the page.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Trouble {
    /// In words.
    pub(super) says: String,
    /// Somebody else has changed the newsletter meanwhile: the person decides.
    pub(super) conflict: bool,
    /// The name of the field that does not fit.
    pub(super) field: String,
}

impl Trouble {
    /// A field that does not fit.
    pub(super) fn at(language: Language, field: &str, key: &str) -> Self {
        Self::with(field, text(language, key, &[]))
    }

    /// The same with its words.
    pub(super) fn with(field: &str, says: String) -> Self {
        Self {
            says,
            conflict: false,
            field: field.to_owned(),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.conflict {
            StatusCode::CONFLICT
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    /// What a person mends on the page.
    ///
    /// # Errors
    /// What needs another page.
    pub(super) async fn of(
        service: &Service,
        opened: &Opened,
        error: PublishError,
    ) -> Result<Self, DeskError> {
        let language = opened.language();
        match error {
            PublishError::Changed { .. } => Ok(Self {
                says: who_and_when(service, opened).await?,
                conflict: true,
                field: String::new(),
            }),
            PublishError::Invalid(fields) => {
                let field = fields.first().map_or("", |field| field.field.as_str());
                // `parts[2].title` is wrong as every title may be.
                let name = field.rsplit('.').next().unwrap_or(field);
                let name = name.split('[').next().unwrap_or(name);
                // So is each legal text.
                let name = if field.starts_with("legal.") {
                    "legal"
                } else {
                    name
                };
                let key = format!("desk-set-wrong-{}", name.replace('_', "-"));
                let says = text(language, &key, &[]);
                if says == key {
                    return Err(refusal(language, PublishError::Invalid(fields)));
                }
                Ok(Self::with(field, says))
            }
            PublishError::Text(error) => Ok(Self::with("", wording(language, &error))),
            error => Err(refusal(language, error)),
        }
    }
}

/// Who has changed the newsletter meanwhile, and when.
async fn who_and_when(service: &Service, opened: &Opened) -> Result<String, DeskError> {
    let (language, newsletter) = (opened.language(), &opened.newsletter);
    let mut db = service.store.read().await?;
    let edited = AuditAction::NewsletterEdited;
    let Some(event) = store::audit::latest_of(&mut db, newsletter.id, edited).await? else {
        return Ok(text(language, "desk-set-conflict", &[]));
    };
    let time = || local_time(language, newsletter.time_zone.to_datetime(event.at));
    if event.actor == opened.signed_in.0.editor.actor().identity() {
        let values = [("time", time().into())];
        return Ok(text(language, "desk-set-conflict-own", &values));
    }
    let name = match event.actor_name.as_str() {
        "" => text(language, "desk-somebody", &[]),
        name => name.to_owned(),
    };
    let values = [("name", name.into()), ("time", time().into())];
    Ok(text(language, "desk-set-conflict-by", &values))
}

/// Why a wording does not fit.
pub(super) fn wording(language: Language, error: &TextOverrideError) -> String {
    let say = |key: &str, values: &[(&str, TextValue<'_>)]| text(language, key, values);
    match error {
        TextOverrideError::NotEditable(_) => say("desk-set-text-not-editable", &[]),
        TextOverrideError::Empty => say("desk-set-text-empty", &[]),
        TextOverrideError::TooLong(most) => {
            let most = i64::try_from(*most).unwrap_or(i64::MAX);
            say("desk-set-text-too-long", &[("most", most.into())])
        }
        TextOverrideError::NotOneLine => say("desk-set-text-one-line", &[]),
        TextOverrideError::Unreadable(_) => say("desk-set-text-unreadable", &[]),
        TextOverrideError::UnknownValue { name, .. } => {
            let name = format!("{{ ${name} }}");
            say("desk-set-text-unknown-value", &[("name", name.into())])
        }
        TextOverrideError::MissingValue(name) => {
            let name = format!("{{ ${name} }}");
            say("desk-set-text-missing-value", &[("name", name.into())])
        }
        TextOverrideError::Link => say("desk-set-text-link-refused", &[]),
    }
}
