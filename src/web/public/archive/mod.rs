//! The public archive of published issues.

mod card;
mod feed;
mod issue;
mod search;
mod sitemap;
mod structured;

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

pub(super) use card::card;
pub(super) use feed::feed;
pub(super) use issue::issue;
pub(super) use search::search;
pub(super) use sitemap::{robots_txt, sitemap, sitemap_part};

use self::issue::find_issue;
use super::errors;
use super::layout::{NamesInPath, PageLayout, PageQuery, private, without_marks};
use crate::domain::{Issue, Newsletter, Slug};
use crate::mail::TemplateError;
use crate::service::Service;
use crate::store::issue::archive::Slice;
use crate::store::{self, StoreError};
use crate::texts::language_name;
use crate::web::client_ip::Client;
use crate::web::pages::{
    ArchiveEntry, ArchiveHome, ArchiveIndex, ArchivedNewsletter, IssueGone, SearchField,
};

/// Issues on one page of a list.
const PAGE_SIZE: i64 = 20;

/// Why a page of the archive cannot be shown.
enum ArchiveError {
    NotFound,
    /// The newsletter has taken the page of an issue down.
    Gone(Box<Newsletter>),
    Store(StoreError),
    Template(TemplateError),
}

impl From<StoreError> for ArchiveError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<TemplateError> for ArchiveError {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

/// The answer, or the error page.
async fn or_error_page(
    service: &Service,
    client: Client,
    result: Result<Response, ArchiveError>,
) -> Response {
    match result {
        Ok(answer) => answer,
        Err(ArchiveError::NotFound) => {
            errors::page(service, client.language, StatusCode::NOT_FOUND).await
        }
        Err(ArchiveError::Gone(newsletter)) => gone(&newsletter, client),
        Err(ArchiveError::Store(error)) => errors::store(service, client.language, &error).await,
        Err(ArchiveError::Template(error)) => {
            tracing::error!(%error, "an issue could not be rendered");
            errors::plain()
        }
    }
}

/// The page of an issue whose page was taken down. It may come back, so nobody keeps this one.
fn gone(newsletter: &Newsletter, client: Client) -> Response {
    const ASK_ALWAYS: HeaderValue = HeaderValue::from_static("no-cache");
    let page = IssueGone {
        newsletter_title: &newsletter.title,
    };
    let language = client.language.unwrap_or(newsletter.language);
    let mut answer = PageLayout::of(newsletter, language).answer(StatusCode::GONE, &page);
    if !newsletter.is_public() {
        return private(answer);
    }
    answer.headers_mut().insert(CACHE_CONTROL, ASK_ALWAYS);
    answer
}

/// The public newsletters.
async fn public_newsletters(service: &Service) -> Result<Vec<Newsletter>, StoreError> {
    let mut all = store::newsletter::list(&mut service.store.read().await?).await?;
    all.retain(Newsletter::is_public);
    Ok(all)
}

async fn find(service: &Service, slug: &str) -> Result<Newsletter, ArchiveError> {
    let slug = Slug::parse(without_marks(slug)).map_err(|_| ArchiveError::NotFound)?;
    let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    found.ok_or(ArchiveError::NotFound)
}

async fn find_public(service: &Service, slug: &str) -> Result<Newsletter, ArchiveError> {
    let found = find(service, slug).await?;
    found
        .is_public()
        .then_some(found)
        .ok_or(ArchiveError::NotFound)
}

/// When the sending of an issue began.
fn published_at(issue: &Issue) -> Timestamp {
    issue.started_at.unwrap_or(issue.created_at)
}

/// A page of a list, by its number from 1.
#[derive(Debug, Clone, Copy)]
struct PageIndex(i64);

impl PageIndex {
    fn parse(page: Option<&str>) -> Result<Self, ArchiveError> {
        let number = page.map_or(Ok(1), str::parse::<u16>);
        let number = number.ok().filter(|number| *number > 0);
        number.map(|n| Self(n.into())).ok_or(ArchiveError::NotFound)
    }

    /// One row more than is shown, which tells whether there is a next page.
    fn slice(self) -> Slice {
        Slice {
            limit: PAGE_SIZE + 1,
            offset: (self.0 - 1) * PAGE_SIZE,
        }
    }

    /// The URLs of the pages before and after; `at` is the URL of the first page. Truncates the
    /// list to one page.
    fn neighbours<T>(self, at: &str, list: &mut Vec<T>) -> (Option<String>, Option<String>) {
        let more = list.len() > PAGE_SIZE as usize;
        list.truncate(PAGE_SIZE as usize);
        let link = |number: i64| {
            let separator = if at.contains('?') { '&' } else { '?' };
            match number {
                1 => at.to_owned(),
                _ => format!("{at}{separator}page={number}"),
            }
        };
        let newer = (self.0 > 1).then(|| link(self.0 - 1));
        (newer, more.then(|| link(self.0 + 1)))
    }
}

/// The query parameters of lists and issues.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageNumber {
    page: Option<String>,
    key: Option<String>,
}

/// GET /archive: all newsletters, or a redirect to the archive of the only one.
pub(super) async fn home(State(service): State<Service>, client: Client) -> Response {
    let result = show_home(&service, client).await;
    or_error_page(&service, client, result).await
}

async fn show_home(service: &Service, client: Client) -> Result<Response, ArchiveError> {
    let all = public_newsletters(service).await?;
    let first = match &all[..] {
        [] => return Err(ArchiveError::NotFound),
        [only] => return Ok(Redirect::to(&format!("/archive/{}", only.slug)).into_response()),
        [first, ..] => first,
    };
    let mut db = service.store.read().await?;
    let mut latest = Vec::with_capacity(all.len());
    for newsletter in &all {
        let only = Slice {
            limit: 1,
            offset: 0,
        };
        let issues = store::issue::public(&mut db, newsletter.id, only).await?;
        latest.push(issues.into_iter().next());
    }
    drop(db);
    let newsletters = all.iter().zip(&latest).map(|(newsletter, latest)| {
        let entry = latest.as_ref().map(|issue| entry(newsletter, issue));
        ArchivedNewsletter {
            title: &newsletter.title,
            description: &newsletter.description,
            language: newsletter.language,
            language_name: language_name(newsletter.language),
            href: format!("/archive/{}", newsletter.slug),
            feed_href: format!("/archive/{}/feed.xml", newsletter.slug),
            latest: entry,
        }
    });
    let page = ArchiveHome {
        canonical_url: &service.links.page("/archive"),
        search: SearchField {
            newsletter: "",
            typed: "",
        },
        newsletters: newsletters.collect(),
    };
    let language = client.language.unwrap_or(first.language);
    Ok(PageLayout::of(first, language).answer(StatusCode::OK, &page))
}

/// An issue as lists show it.
fn entry<'a>(newsletter: &Newsletter, issue: &'a Issue) -> ArchiveEntry<'a> {
    ArchiveEntry {
        href: format!("/archive/{}/{}", newsletter.slug, issue.slug),
        subject: &issue.content.subject,
        preheader: &issue.content.preheader,
        date: newsletter.day(published_at(issue)),
    }
}

/// GET /archive/{newsletter}
pub(super) async fn index(
    State(service): State<Service>,
    client: Client,
    NamesInPath([slug]): NamesInPath<1>,
    PageQuery(params): PageQuery<PageNumber>,
) -> Response {
    let result = show_index(&service, &slug, &params).await;
    or_error_page(&service, client, result).await
}

async fn show_index(
    service: &Service,
    slug: &str,
    params: &PageNumber,
) -> Result<Response, ArchiveError> {
    let number = PageIndex::parse(params.page.as_deref())?;
    let all = public_newsletters(service).await?;
    let newsletter = all
        .iter()
        .find(|newsletter| newsletter.slug.as_str() == slug);
    let newsletter = newsletter.ok_or(ArchiveError::NotFound)?;
    let mut db = service.store.read().await?;
    let mut issues = store::issue::public(&mut db, newsletter.id, number.slice()).await?;
    drop(db);
    if issues.is_empty() && number.0 > 1 {
        return Err(ArchiveError::NotFound);
    }
    let here = format!("/archive/{}", newsletter.slug);
    let (newer_href, older_href) = number.neighbours(&here, &mut issues);
    let entries = issues.iter().map(|issue| entry(newsletter, issue));
    let canonical = match number.0 {
        1 => service.links.archive(newsletter),
        page => format!("{}?page={page}", service.links.archive(newsletter)),
    };
    let page = ArchiveIndex {
        newsletter_title: &newsletter.title,
        issues: entries.collect(),
        canonical_url: &canonical,
        feed_href: &format!("{here}/feed.xml"),
        search: SearchField {
            newsletter: newsletter.slug.as_str(),
            typed: "",
        },
        number: number.0,
        newer_href,
        older_href,
        home_href: (all.len() > 1).then_some("/archive"),
    };
    Ok(PageLayout::of(newsletter, newsletter.language).answer(StatusCode::OK, &page))
}
