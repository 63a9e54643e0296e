//! The wording of the mails, with the mail as it would be sent.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::fields::said;
use super::page::{PageState, SettingsForm, SettingsPage, made_from};
use super::text_label::text_label;
use super::trouble::{Trouble, wording};
use super::{Opened, SlugInPath, Tab, one_line};
use crate::domain::{Language, MailKind};
use crate::mail::RenderedMail;
use crate::publish::{self, PublishError, TextView};
use crate::service::Service;
use crate::texts::TextOverride;
use crate::web::desk::above_mail::line_above;
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::refusal::refusal;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::inert_html::preview_html;
use crate::web::public::PageQuery;

/// The names of the texts' fields begin with it.
const PREFIX: &str = "text-";

/// The mails that have texts of their own, and the greeting that all of them share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Mail {
    Confirmation,
    AlreadySubscribed,
    Welcome,
    Greeting,
}

impl Mail {
    const ALL: [Self; 4] = [
        Self::Confirmation,
        Self::AlreadySubscribed,
        Self::Welcome,
        Self::Greeting,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::AlreadySubscribed => "already-subscribed",
            Self::Welcome => "welcome",
            Self::Greeting => "greeting",
        }
    }

    fn parse(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|mail| mail.name() == name);
        found.unwrap_or(Self::Confirmation)
    }

    /// The mail whose texts they are; none for the greeting.
    fn kind(self) -> Option<MailKind> {
        match self {
            Self::Confirmation => Some(MailKind::Confirmation),
            Self::AlreadySubscribed => Some(MailKind::AlreadySubscribed),
            Self::Welcome => Some(MailKind::Welcome),
            Self::Greeting => None,
        }
    }

    /// The mail that is shown.
    fn shown(self) -> MailKind {
        self.kind().unwrap_or(MailKind::Welcome)
    }
}

#[derive(Debug, Serialize)]
struct TextsForm {
    mail: &'static str,
    mails: Vec<&'static str>,
    language: Language,
    languages: &'static [Language],
    texts: Vec<TextRow>,
}

/// A text on the page.
#[derive(Debug, Serialize)]
struct TextRow {
    key: String,
    /// What kind of text it is: the key of its label.
    label: String,
    /// Whether it is for mails about several newsletters.
    several: bool,
    wording: String,
    shipped: String,
    is_own: bool,
    values: Vec<String>,
    /// Why it does not fit.
    wrong: Option<String>,
}

impl SettingsForm for TextsForm {
    const TAB: Tab = Tab::Texts;
    const TEMPLATE: &'static str = "desk/settings/texts.html";
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct TextsQuery {
    #[serde(default)]
    mail: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    saved: String,
}

/// Which texts somebody looks at.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    mail: Mail,
    language: Language,
}

impl Chosen {
    fn new(opened: &Opened, mail: &str, tag: &str) -> Self {
        Self {
            mail: Mail::parse(mail),
            language: tag.parse().unwrap_or(opened.newsletter.language),
        }
    }

    async fn texts(self, service: &Service, opened: &Opened) -> Result<Vec<TextView>, DeskError> {
        let all = publish::texts(service, &opened.newsletter, self.language).await;
        let mut all = all.map_err(|error| refusal(opened.language(), error))?;
        all.retain(|text| text.mail == self.mail.kind());
        Ok(all)
    }
}

/// What was sent.
#[derive(Debug, Default)]
struct Sent {
    version: Option<i64>,
    action: String,
    mail: String,
    lang: String,
    texts: BTreeMap<String, String>,
}

impl Sent {
    fn parse(body: &[u8]) -> Self {
        let mut sent = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "version" => sent.version = value.parse().ok(),
                "do" => sent.action = value.into_owned(),
                "mail" => sent.mail = value.into_owned(),
                "lang" => sent.lang = value.into_owned(),
                name => {
                    if let Some(key) = name.strip_prefix(PREFIX) {
                        sent.texts.insert(key.to_owned(), one_line(&value));
                    }
                }
            }
        }
        if let Some(key) = sent.action.strip_prefix("reset:") {
            sent.texts.insert(key.to_owned(), String::new());
        }
        sent
    }

    /// What is to be different from what is kept: words, or the shipped ones where a text is empty or says the same.
    fn changes(&self, kept: &[TextView]) -> BTreeMap<String, Option<String>> {
        let change = |text: &TextView| {
            let typed = self.texts.get(&text.key)?;
            let own = Some(typed).filter(|typed| !typed.is_empty());
            let own = own.filter(|typed| **typed != one_line(&text.shipped));
            (own != text.own.as_ref()).then(|| (text.key.clone(), own.cloned()))
        };
        kept.iter().filter_map(change).collect()
    }

    /// The words that a preview says in place of those that are kept.
    fn proposed(&self, kept: &[TextView]) -> BTreeMap<String, String> {
        let proposal = |text: &TextView| {
            let typed = self.texts.get(&text.key)?;
            let says = if typed.is_empty() {
                &text.shipped
            } else {
                typed
            };
            Some((text.key.clone(), one_line(says)))
        };
        kept.iter().filter_map(proposal).collect()
    }
}

impl TextsForm {
    fn new(opened: &Opened, chosen: Chosen, kept: &[TextView], typed: Option<&Sent>) -> Self {
        let row = |text: &TextView| {
            let (label, several) = text_label(&text.key);
            let typed = typed.and_then(|sent| sent.texts.get(&text.key));
            let is_own = text.own.is_some() && text.problem.is_none();
            let in_use = text.own.as_ref().filter(|_| is_own);
            let wording = typed.or(in_use).unwrap_or(&text.shipped).clone();
            let wording = if wording.is_empty() {
                text.shipped.clone()
            } else {
                wording
            };
            let wrong = typed.filter(|typed| !typed.is_empty()).and_then(|typed| {
                let checked = TextOverride::new(chosen.language, &text.key, typed);
                checked.err()
            });
            TextRow {
                key: text.key.clone(),
                label,
                several,
                is_own: wording != text.shipped,
                wording,
                shipped: text.shipped.clone(),
                values: text
                    .values
                    .iter()
                    .map(|value| format!("{{ ${value} }}"))
                    .collect(),
                wrong: wrong.map(|wrong| self::wording(opened.language(), &wrong)),
            }
        };
        Self {
            mail: chosen.mail.name(),
            mails: Mail::ALL.map(Mail::name).into(),
            language: chosen.language,
            languages: Language::ALL,
            texts: kept.iter().map(row).collect(),
        }
    }
}

/// GET /desk/settings/{slug}/texts
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(query): PageQuery<TextsQuery>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let chosen = Chosen::new(&opened, &query.mail, &query.lang);
    let kept = chosen.texts(&service, &opened).await?;
    let form = TextsForm::new(&opened, chosen, &kept, None);
    let state = PageState {
        saved: query.saved,
        ..PageState::default()
    };
    Ok(SettingsPage::new(&opened, form).show(&opened, &state))
}

/// POST /desk/settings/{slug}/texts
pub(super) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let actor = opened.may_change(Tab::Texts)?;
    let sent = Sent::parse(&body);
    let chosen = Chosen::new(&opened, &sent.mail, &sent.lang);
    let kept = chosen.texts(&service, &opened).await?;
    let changes = sent.changes(&kept);
    let query = format!("&mail={}&lang={}", chosen.mail.name(), chosen.language);
    if changes.is_empty() {
        return opened.saved(Tab::Texts, &query);
    }
    let by = (made_from(&sent.action, sent.version)?, &actor);
    let slug = &opened.newsletter.slug;
    match publish::set_texts(&service, slug, chosen.language, &changes, by).await {
        Ok(_) => opened.saved(Tab::Texts, &query),
        Err(error) => {
            let form = TextsForm::new(&opened, chosen, &kept, Some(&sent));
            let mut trouble = Trouble::of(&service, &opened, error).await?;
            let wrong = form.texts.iter().find(|text| text.wrong.is_some());
            trouble.field = wrong.map(|text| text.key.clone()).unwrap_or_default();
            let page = SettingsPage::new(&opened, form);
            Ok(page.refuse(&opened, sent.version, trouble))
        }
    }
}

/// GET /desk/settings/{slug}/texts/preview: as it is saved.
pub(super) async fn preview(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(query): PageQuery<TextsQuery>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let chosen = Chosen::new(&opened, &query.mail, &query.lang);
    render(&service, &opened, chosen, &BTreeMap::new()).await
}

/// POST /desk/settings/{slug}/texts/preview: as it is typed.
pub(super) async fn preview_typed(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let sent = Sent::parse(&body);
    let chosen = Chosen::new(&opened, &sent.mail, &sent.lang);
    let kept = chosen.texts(&service, &opened).await?;
    render(&service, &opened, chosen, &sent.proposed(&kept)).await
}

async fn render(
    service: &Service,
    opened: &Opened,
    chosen: Chosen,
    proposed: &BTreeMap<String, String>,
) -> Result<Response, DeskError> {
    let kind = chosen.mail.shown();
    let newsletter = &opened.newsletter;
    match publish::preview_mail(service, newsletter, chosen.language, kind, proposed).await {
        Ok(mail) => Ok(preview_html(&with_subject(opened, &mail)?)),
        Err(PublishError::Text(error)) => said(opened, &wording(opened.language(), &error)),
        Err(error) => Err(refusal(opened.language(), error)),
    }
}

/// The mail with its subject above, which its HTML does not show.
pub(super) fn with_subject(opened: &Opened, mail: &RenderedMail) -> Result<String, DeskError> {
    #[derive(Serialize)]
    struct Subject<'a> {
        subject: &'a str,
    }
    let subject = Subject {
        subject: &mail.subject,
    };
    let template = "desk/settings/_subject.html";
    line_above(opened.language(), &mail.html, template, subject)
}
