//! How people find the newsletter and sign up: archive, other sites, what is sent to new readers.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::page::{PageState, SettingsForm, SettingsPage, UNREADABLE, save_words};
use super::{Opened, SlugInPath, Tab, one_line};
use crate::domain::{Language, Newsletter, NewsletterInput, NewsletterPatch, Visibility};
use crate::service::Service;
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::public::PageQuery;
use crate::web::{self, Snippet};

#[derive(Debug, Serialize)]
struct SignupForm {
    visibility: Visibility,
    welcome_issue: bool,
    sites: Vec<String>,
    signup_url: String,
    archive_url: String,
    language: Language,
    languages: &'static [Language],
    snippet: Snippet,
    summary_day: i8,
    summary_hour: String,
    zone: String,
}

impl SettingsForm for SignupForm {
    const TAB: Tab = Tab::Signup;
    const TEMPLATE: &'static str = "desk/settings/signup.html";
}

impl SignupForm {
    fn new(
        service: &Service,
        newsletter: &Newsletter,
        language: Language,
        patch: NewsletterPatch,
    ) -> Result<Self, DeskError> {
        let words = NewsletterInput::from(newsletter).with(patch);
        let snippet = web::snippet(service, newsletter, language, "");
        let summary = &service.settings.summary;
        Ok(Self {
            visibility: words.visibility,
            welcome_issue: words.welcome_issue,
            sites: words.sites,
            signup_url: service.links.signup(newsletter),
            archive_url: service.links.page(&format!("/archive/{}", newsletter.slug)),
            language,
            languages: Language::ALL,
            snippet: snippet.map_err(|error| DeskError::Internal(error.to_string()))?,
            summary_day: summary.day,
            summary_hour: format!("{}:00", summary.hour),
            zone: words.time_zone,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct SignupQuery {
    #[serde(default)]
    saved: String,
    #[serde(default)]
    lang: String,
}

/// GET /desk/settings/{slug}/signup
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(query): PageQuery<SignupQuery>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let newsletter = &opened.newsletter;
    let language = query.lang.parse().unwrap_or(newsletter.language);
    let form = SignupForm::new(&service, newsletter, language, NewsletterPatch::default())?;
    let state = PageState {
        saved: query.saved,
        ..PageState::default()
    };
    Ok(SettingsPage::new(&opened, form).show(&opened, &state))
}

/// POST /desk/settings/{slug}/signup
pub(super) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let (mut action, mut sent) = (String::new(), None);
    let mut patch = NewsletterPatch {
        welcome_issue: Some(false),
        sites: Some(Vec::new()),
        ..NewsletterPatch::default()
    };
    for (name, value) in form_urlencoded::parse(&body) {
        match &*name {
            "version" => sent = value.parse().ok(),
            "do" => action = value.into_owned(),
            "visibility" => {
                patch.visibility = Some(value.parse().map_err(|_| UNREADABLE)?);
            }
            "welcome_issue" => patch.welcome_issue = Some(true),
            "sites" => {
                let sites = value.lines().map(one_line);
                patch.sites = Some(sites.filter(|site| !site.is_empty()).collect());
            }
            _ => {}
        }
    }
    let newsletter = &opened.newsletter;
    save_words(&service, &opened, (&action, sent), patch, |patch| {
        SignupForm::new(&service, newsletter, newsletter.language, patch)
    })
    .await
}
