//! What the pages of the settings have in common.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use super::{Opened, SlugInPath, Tab};
use crate::domain::{Issue, IssueState, Newsletter, NewsletterPatch, Role};
use crate::publish::{self, Change};
use crate::service::Service;
use crate::store::{self, issue::IssueFilter};
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{DeskError, SignedIn, sending};
use crate::web::public::PageQuery;

/// The query of a page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageState {
    /// Whether it was just saved.
    #[serde(default)]
    pub(super) saved: String,
    /// Whether that was another time zone.
    #[serde(default)]
    pub(super) zone: String,
    /// Whether that was another language.
    #[serde(default)]
    pub(super) language: String,
}

/// How many issues that moved are named.
const MOVED_SHOWN: i64 = 20;

/// What a change of the settings means for issues that are there.
#[derive(Debug, Default, Serialize)]
struct Consequences {
    /// The issues that wait for their time, which is another one on the clocks of the new zone.
    moved: Vec<Moved>,
    /// Whether drafts and mails are in another language now.
    language: bool,
}

#[derive(Debug, Serialize)]
struct Moved {
    href: String,
    subject: String,
    says: String,
}

/// A page with the form of one matter.
#[derive(Debug, Serialize)]
pub(super) struct SettingsPage<F> {
    tab: Tab,
    tabs: Vec<&'static str>,
    path: String,
    slug: String,
    title: String,
    /// The version that the form is made from.
    version: i64,
    may_change: bool,
    /// The role that may change it.
    needed: Role,
    saved: bool,
    consequences: Consequences,
    /// Whether the fields say something that is not saved.
    pub(super) unsaved: bool,
    trouble: Option<Trouble>,
    /// The fields.
    form: F,
}

/// The form of one page.
pub(super) trait SettingsForm: Serialize {
    /// Its page.
    const TAB: Tab;
    /// Its template.
    const TEMPLATE: &'static str;
}

impl<F: SettingsForm> DeskPage for SettingsPage<F> {
    const TEMPLATE: &'static str = F::TEMPLATE;
}

impl<F: SettingsForm> SettingsPage<F> {
    /// The page with this form.
    pub(super) fn new(opened: &Opened, form: F) -> Self {
        Self {
            tab: F::TAB,
            tabs: Tab::ALL.map(Tab::name).into(),
            path: opened.path(F::TAB),
            slug: opened.newsletter.slug.to_string(),
            title: opened.newsletter.title.clone(),
            version: opened.newsletter.version,
            may_change: opened.role >= F::TAB.role(),
            needed: F::TAB.role(),
            saved: false,
            consequences: Consequences::default(),
            unsaved: false,
            trouble: None,
            form,
        }
    }

    /// As it is opened.
    pub(super) fn show(mut self, opened: &Opened, state: &PageState) -> Response {
        self.saved = !state.saved.is_empty();
        opened.layout.answer(StatusCode::OK, &self)
    }

    /// With changes that are not saved yet, made from `version`.
    pub(super) fn unsaved(mut self, opened: &Opened, version: Option<i64>) -> Response {
        self.unsaved = true;
        self.version = version.unwrap_or(self.version);
        opened.layout.answer(StatusCode::OK, &self)
    }

    /// With what was typed, and why it was not saved. It stays made from `version`.
    pub(super) fn refuse(
        mut self,
        opened: &Opened,
        version: Option<i64>,
        trouble: Trouble,
    ) -> Response {
        let status = trouble.status();
        self.unsaved = true;
        self.version = version.unwrap_or(self.version);
        self.trouble = Some(trouble);
        opened.layout.answer(status, &self)
    }
}

/// The form of a page that shows and saves words of a newsletter.
pub(super) trait WordsForm: SettingsForm {
    /// The words of the newsletter, with these instead.
    fn new(newsletter: &Newsletter, patch: NewsletterPatch) -> Self;
    /// Reads what was sent.
    fn parse(body: &[u8]) -> SentWords;
}

/// Words that were sent.
#[derive(Debug, Default)]
pub(super) struct SentWords {
    /// That of the page.
    pub(super) version: Option<i64>,
    pub(super) action: String,
    pub(super) patch: NewsletterPatch,
    /// Whether a value is none that the page offers.
    pub(super) unknown: bool,
}

/// GET
pub(super) async fn show_words<F: WordsForm>(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(state): PageQuery<PageState>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let form = F::new(&opened.newsletter, NewsletterPatch::default());
    let mut page = SettingsPage::new(&opened, form);
    page.consequences.language = !state.language.is_empty();
    if !state.zone.is_empty() {
        page.consequences.moved = moved(&service, &opened).await?;
    }
    Ok(page.show(&opened, &state))
}

/// The issues of the newsletter that wait for their time.
async fn moved(service: &Service, opened: &Opened) -> Result<Vec<Moved>, DeskError> {
    let newsletter = &opened.newsletter;
    let filter = IssueFilter {
        newsletter: Some(newsletter.id),
        state: Some(IssueState::Scheduled),
    };
    let mut db = service.store.read().await?;
    let issues = store::issue::list(&mut db, filter, None, MOVED_SHOWN).await?;
    let moved = |(issue, _): (Issue, Newsletter)| {
        Some(Moved {
            href: format!("/desk/issues/{}/send", issue.id),
            says: sending::planned(opened.language(), newsletter, issue.scheduled_at?),
            subject: issue.content.subject,
        })
    };
    Ok(issues.into_iter().filter_map(moved).collect())
}

/// POST
pub(super) async fn post_words<F: WordsForm>(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let sent = F::parse(&body);
    if sent.unknown {
        return Err(UNREADABLE);
    }
    let made = (sent.action.as_str(), sent.version);
    let again = |patch| Ok(F::new(&opened.newsletter, patch));
    save_words(&service, &opened, made, sent.patch, again).await
}

/// Saves words of a newsletter. What was refused comes back in the form that `again` makes of it.
pub(super) async fn save_words<F: SettingsForm>(
    service: &Service,
    opened: &Opened,
    (action, sent): (&str, Option<i64>),
    patch: NewsletterPatch,
    again: impl FnOnce(NewsletterPatch) -> Result<F, DeskError>,
) -> Result<Response, DeskError> {
    let actor = opened.may_change(F::TAB)?;
    let (version, change) = (made_from(action, sent)?, Change::Words(patch.clone()));
    let slug = &opened.newsletter.slug;
    match publish::change_newsletter(service, slug, change, version, &actor).await {
        Ok(changed) => {
            let before = &opened.newsletter;
            let mut more = String::new();
            if changed.zone_name() != before.zone_name() {
                more.push_str("&zone=1");
            }
            if changed.language != before.language {
                more.push_str("&language=1");
            }
            opened.saved(F::TAB, &more)
        }
        Err(error) => {
            let trouble = Trouble::of(service, opened, error).await?;
            Ok(SettingsPage::new(opened, again(patch)?).refuse(opened, sent, trouble))
        }
    }
}

/// The version that a form was made from, and `None` when its person wants to overwrite whatever there is.
///
/// # Errors
/// When the form does not say from which version it was made.
pub(super) fn made_from(action: &str, version: Option<i64>) -> Result<Option<i64>, DeskError> {
    match (action, version) {
        ("overwrite", _) => Ok(None),
        (_, Some(version)) => Ok(Some(version)),
        (_, None) => Err(UNREADABLE),
    }
}

/// A form that has what no page of ours sends.
pub(super) const UNREADABLE: DeskError = DeskError::Unreadable(StatusCode::UNPROCESSABLE_ENTITY);
