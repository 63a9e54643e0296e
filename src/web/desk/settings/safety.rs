//! Safety mode, for readers whom a newsletter could bring into trouble.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use url::form_urlencoded;

use super::look::render_mail;
use super::page::{SentWords, SettingsForm, WordsForm};
use super::trouble::Trouble;
use super::{Opened, SlugInPath, Tab, one_line};
use crate::domain::{Newsletter, NewsletterInput, NewsletterPatch};
use crate::publish;
use crate::service::Service;
use crate::texts::text;
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::{DeskError, SignedIn};

#[derive(Debug, Serialize)]
pub(super) struct Safety {
    safety_mode: bool,
    neutral_subject: String,
    shipped_subject: String,
    days: u32,
}

impl SettingsForm for Safety {
    const TAB: Tab = Tab::Safety;
    const TEMPLATE: &'static str = "desk/settings/safety.html";
}

impl WordsForm for Safety {
    fn new(newsletter: &Newsletter, patch: NewsletterPatch) -> Self {
        let words = NewsletterInput::from(newsletter).with(patch);
        Self {
            safety_mode: words.safety_mode,
            neutral_subject: words.neutral_subject,
            shipped_subject: text(newsletter.language, "safety-subject", &[]),
            days: Newsletter::SAFETY_MODE_DAYS,
        }
    }

    fn parse(body: &[u8]) -> SentWords {
        let mut sent = SentWords::default();
        sent.patch.safety_mode = Some(false);
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "version" => sent.version = value.parse().ok(),
                "do" => sent.action = value.into_owned(),
                "safety_mode" => sent.patch.safety_mode = Some(true),
                "neutral_subject" => sent.patch.neutral_subject = Some(one_line(&value)),
                _ => {}
            }
        }
        sent
    }
}

/// GET /desk/settings/{slug}/safety/preview: as it is saved.
pub(super) async fn preview(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    render_mail(&service, &opened, &opened.newsletter, None).await
}

/// POST /desk/settings/{slug}/safety/preview: as it is chosen.
pub(super) async fn preview_typed(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let sent = Safety::parse(&body);
    match publish::changed_newsletter(&opened.newsletter, sent.patch) {
        Ok(newsletter) => render_mail(&service, &opened, &newsletter, None).await,
        Err(error) => {
            let trouble = Trouble::of(&service, &opened, error).await?;
            super::fields::said(&opened, &trouble.says)
        }
    }
}
