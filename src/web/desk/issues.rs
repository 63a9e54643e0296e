//! The list of issues, and beginning a new one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::find_issues::has_words;
use super::issue_line::IssueLine;
use super::layout::{DeskLayout, Section};
use super::pages::DeskPage;
use super::refusal::refusal;
use super::{CsrfForm, DeskError, SignedIn};
use crate::domain::{Issue, IssueId, IssueState, Newsletter, Role, SearchQuery};
use crate::publish::{self, Start};
use crate::service::Service;
use crate::store::issue::IssueFilter;
use crate::store::{self, Read};
use crate::texts::text;
use crate::web::public::PageQuery;

/// The issues on a page.
const PAGE: i64 = 25;
/// How many issues are read at once while words are looked for.
const SEARCHED: i64 = 100;
/// How many earlier issues one may begin with.
const EARLIER: i64 = 20;

/// A newsletter to choose.
#[derive(Serialize)]
struct Choice {
    slug: String,
    title: String,
}

/// The newsletters in which this person has at least `role`, the oldest first.
pub(super) async fn newsletters(
    db: &mut Read,
    signed_in: &SignedIn,
    role: Role,
) -> Result<Vec<Newsletter>, DeskError> {
    let mut all = store::newsletter::list(db).await?;
    let roles = &signed_in.0.editor.roles;
    all.retain(|newsletter| roles.in_newsletter(newsletter.id) >= Some(role));
    Ok(all)
}

fn choices(newsletters: &[Newsletter]) -> Vec<Choice> {
    let choice = |newsletter: &Newsletter| Choice {
        slug: newsletter.slug.to_string(),
        title: newsletter.title.clone(),
    };
    newsletters.iter().map(choice).collect()
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    newsletter: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    before: String,
    /// Words to look for.
    #[serde(default)]
    q: String,
    /// `thrown-away` after a draft was.
    #[serde(default)]
    done: String,
}

#[derive(Serialize)]
struct Issues {
    newsletters: Vec<Choice>,
    newsletter: String,
    states: &'static [IssueState],
    state: Option<IssueState>,
    /// What is looked for.
    words: String,
    may_write: bool,
    thrown_away: bool,
    groups: Vec<Line>,
    /// Whether their times are of more than one time zone.
    zones_differ: bool,
    next: Option<String>,
}

/// An issue with the time zone of its newsletter.
#[derive(Serialize)]
struct Line {
    issue: IssueLine,
    zone: String,
}

impl DeskPage for Issues {
    const TEMPLATE: &'static str = "desk/issues.html";
}

/// GET /desk/issues
pub(super) async fn list(
    State(service): State<Service>,
    signed_in: SignedIn,
    PageQuery(query): PageQuery<ListQuery>,
) -> Result<Response, DeskError> {
    let mut db = service.store.read().await?;
    let known = newsletters(&mut db, &signed_in, Role::Viewer).await?;
    let chosen = known
        .iter()
        .find(|one| one.slug.as_str() == query.newsletter);
    let state: Option<IssueState> = query.status.parse().ok();
    let mut before = query.before.parse().ok().map(IssueId);
    let filter = IssueFilter {
        newsletter: chosen.map(|one| one.id),
        state,
    };
    let words = SearchQuery::parse(&query.q);
    let read = if words.is_some() { SEARCHED } else { PAGE + 1 };
    let wanted = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut found: Vec<(Issue, Newsletter)> = Vec::new();
    // What the person may not see leaves gaps that later pages fill.
    let mut more = true;
    while more && found.len() <= wanted {
        let page = store::issue::list(&mut db, filter, before, read).await?;
        more = i64::try_from(page.len()) == Ok(read);
        before = page.last().map(|(issue, _)| issue.id);
        let is_wanted = |issue: &Issue| words.as_ref().is_none_or(|words| has_words(issue, words));
        let may_see = |one: &(Issue, Newsletter)| {
            known.iter().any(|known| known.id == one.1.id) && is_wanted(&one.0)
        };
        found.extend(page.into_iter().filter(may_see));
    }
    let more = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| more);
    let next = last.map(|(issue, _)| {
        let status = state.map_or("", IssueState::as_str);
        let mut fields = form_urlencoded::Serializer::new(String::new());
        fields.append_pair("newsletter", &query.newsletter);
        fields.append_pair("status", status);
        fields.append_pair("q", &query.q);
        fields.append_pair("before", &issue.id.to_string());
        format!("/desk/issues?{}", fields.finish())
    });
    let line = |(issue, newsletter): &(Issue, Newsletter)| Line {
        issue: IssueLine::new(issue, newsletter.language),
        zone: newsletter.zone_name().to_owned(),
    };
    let page = Issues {
        may_write: signed_in.0.editor.roles.highest() >= Some(Role::Editor),
        newsletters: choices(&known),
        newsletter: chosen.map(|one| one.slug.to_string()).unwrap_or_default(),
        states: IssueState::ALL,
        state,
        words: query.q,
        thrown_away: query.done == "thrown-away",
        zones_differ: differ(found.iter().map(|(_, newsletter)| newsletter.zone_name())),
        groups: found.iter().map(line).collect(),
        next,
    };
    Ok(DeskLayout::new(&signed_in, Section::Issues).answer(StatusCode::OK, &page))
}

/// Whether there is more than one.
pub(super) fn differ<'a>(mut zones: impl Iterator<Item = &'a str>) -> bool {
    let first = zones.next();
    zones.any(|zone| Some(zone) != first)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct NewQuery {
    #[serde(default)]
    newsletter: String,
    /// The issue to begin with.
    #[serde(default)]
    earlier: String,
}

#[derive(Serialize)]
struct NewIssue {
    newsletters: Vec<Choice>,
    /// The one to begin with; empty where it has to be chosen.
    newsletter: String,
    earlier: Vec<Earlier>,
    /// That among them to begin with; empty where none was chosen.
    chosen: String,
}

#[derive(Serialize)]
struct Earlier {
    id: String,
    newsletter: String,
    subject: String,
    /// When it went out, or was begun.
    day: String,
}

impl Earlier {
    fn new(issue: Issue, newsletter: &Newsletter) -> Self {
        let at = issue.started_at.unwrap_or(issue.created_at);
        Self {
            id: issue.id.to_string(),
            newsletter: newsletter.title.clone(),
            day: newsletter.day(at).to_string(),
            subject: issue.content.subject,
        }
    }
}

impl DeskPage for NewIssue {
    const TEMPLATE: &'static str = "desk/new.html";
}

/// GET /desk/issues/new
pub(super) async fn show_new(
    State(service): State<Service>,
    signed_in: SignedIn,
    PageQuery(query): PageQuery<NewQuery>,
) -> Result<Response, DeskError> {
    let mut db = service.store.read().await?;
    let known = newsletters(&mut db, &signed_in, Role::Editor).await?;
    if known.is_empty() {
        return Err(DeskError::NotAllowed(Role::Editor));
    }
    let mut earlier = Vec::new();
    for newsletter in &known {
        let filter = IssueFilter {
            newsletter: Some(newsletter.id),
            state: None,
        };
        let latest = store::issue::list(&mut db, filter, None, EARLIER).await?;
        earlier.extend(
            latest
                .into_iter()
                .map(|(issue, _)| Earlier::new(issue, newsletter)),
        );
    }
    let named = match query.earlier.parse() {
        Ok(id) => store::issue::by_id(&mut db, IssueId(id)).await?,
        Err(_) => None,
    };
    let chosen = match named {
        Some(issue) => {
            let readable = newsletters(&mut db, &signed_in, Role::Viewer).await?;
            let newsletter = readable.iter().find(|one| one.id == issue.newsletter);
            newsletter.map(|newsletter| Earlier::new(issue, newsletter))
        }
        None => None,
    };
    let id = chosen
        .as_ref()
        .map(|one| one.id.clone())
        .unwrap_or_default();
    if let Some(one) = chosen
        && earlier.iter().all(|other| other.id != one.id)
    {
        earlier.insert(0, one);
    }
    let is_known = known
        .iter()
        .any(|one| one.slug.as_str() == query.newsletter);
    let page = NewIssue {
        newsletters: choices(&known),
        newsletter: Some(query.newsletter)
            .filter(|_| is_known)
            .unwrap_or_default(),
        earlier,
        chosen: id,
    };
    Ok(DeskLayout::new(&signed_in, Section::Issues).answer(StatusCode::OK, &page))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewForm {
    #[serde(default)]
    newsletter: String,
    start: String,
    #[serde(default)]
    earlier: String,
}

/// POST /desk/issues/new
pub(super) async fn begin(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<NewForm>,
) -> Result<Response, DeskError> {
    let language = signed_in.0.editor.language;
    if form.newsletter.is_empty() {
        let says = text(language, "desk-choose-newsletter-first", &[]);
        return Err(DeskError::Invalid(says));
    }
    let mut db = service.store.read().await?;
    let known = newsletters(&mut db, &signed_in, Role::Viewer).await?;
    let newsletter = known
        .iter()
        .find(|one| one.slug.as_str() == form.newsletter);
    let newsletter = newsletter.ok_or(DeskError::NotFound)?;
    let actor = signed_in.require(newsletter.id, Role::Editor)?;
    let start = match form.start.as_str() {
        "earlier" => {
            let id = form.earlier.parse().map(IssueId);
            let id = id.map_err(|_| DeskError::NotFound)?;
            let earlier = store::issue::by_id(&mut db, id).await?;
            // It may be of another newsletter, if the person may read that.
            let may_read = |issue: &Issue| {
                known
                    .iter()
                    .any(|newsletter| newsletter.id == issue.newsletter)
            };
            let earlier = earlier.filter(may_read).ok_or(DeskError::NotFound)?;
            Start::Earlier(earlier.id)
        }
        "blank" => Start::Blank,
        _ => Start::Recipe,
    };
    drop(db);
    let issue = publish::start_draft(&service, newsletter, start, &actor).await;
    let issue = issue.map_err(|error| refusal(language, error))?;
    Ok(Redirect::to(&format!("/desk/issues/{}/write", issue.id)).into_response())
}
