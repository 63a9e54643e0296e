//! Published issues: what everybody may read.

mod feed;
mod search;
mod sitemap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

pub(super) use feed::feed;
pub(super) use search::search;
pub(super) use sitemap::{robots_txt, sitemap, sitemap_part};

use super::errors;
use super::layout::{PageLayout, PageQuery, private};
use crate::domain::{Issue, Newsletter, Slug};
use crate::mail::{TemplateError, render_digest_web};
use crate::service::Service;
use crate::store::issue::archive::Slice;
use crate::store::{self, StoreError};
use crate::texts::language_name;
use crate::web::client_ip::Client;
use crate::web::pages::{
    ArchiveEntry, ArchiveHome, ArchiveIndex, ArchiveIssue, ArchivedNewsletter, SearchField,
};

/// Issues on one page of a list.
const PAGE: i64 = 20;

/// Why there is nothing to show.
enum Failure {
    NotFound,
    Store(StoreError),
    Template(TemplateError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<TemplateError> for Failure {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

/// The answer, or the page that says why there is none.
async fn or_page(service: &Service, client: Client, shown: Result<Response, Failure>) -> Response {
    match shown {
        Ok(answer) => answer,
        Err(Failure::NotFound) => {
            errors::page(service, client.language, StatusCode::NOT_FOUND).await
        }
        Err(Failure::Store(error)) => errors::store(service, client.language, &error).await,
        Err(Failure::Template(error)) => {
            tracing::error!(%error, "an issue could not be rendered");
            errors::plain()
        }
    }
}

/// The newsletters that everybody may read.
async fn readable(service: &Service) -> Result<Vec<Newsletter>, StoreError> {
    let mut all = store::newsletter::list(&mut service.store.read().await?).await?;
    all.retain(Newsletter::is_public);
    Ok(all)
}

async fn find(service: &Service, slug: &str) -> Result<Newsletter, Failure> {
    let slug = Slug::parse(slug).map_err(|_| Failure::NotFound)?;
    let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    found.ok_or(Failure::NotFound)
}

async fn find_readable(service: &Service, slug: &str) -> Result<Newsletter, Failure> {
    let found = find(service, slug).await?;
    found.is_public().then_some(found).ok_or(Failure::NotFound)
}

/// When an issue went out.
fn published_at(issue: &Issue) -> Timestamp {
    issue.started_at.unwrap_or(issue.created_at)
}

/// A page of a list, by its number from 1.
#[derive(Debug, Clone, Copy)]
struct Numbered(i64);

impl Numbered {
    fn parse(page: Option<&str>) -> Result<Self, Failure> {
        let number = page.map_or(Ok(1), str::parse::<u16>);
        let number = number.ok().filter(|number| *number > 0);
        number.map(|n| Self(n.into())).ok_or(Failure::NotFound)
    }

    /// One more than is shown, to know whether there is a next page.
    fn slice(self) -> Slice {
        Slice {
            limit: PAGE + 1,
            offset: (self.0 - 1) * PAGE,
        }
    }

    /// The addresses of the pages before and after, `at` being that of the first;
    /// takes what is too much off the list.
    fn neighbours<T>(self, at: &str, list: &mut Vec<T>) -> (Option<String>, Option<String>) {
        let more = list.len() > PAGE as usize;
        list.truncate(PAGE as usize);
        let link = |number: i64| {
            let joint = if at.contains('?') { '&' } else { '?' };
            match number {
                1 => at.to_owned(),
                _ => format!("{at}{joint}page={number}"),
            }
        };
        let newer = (self.0 > 1).then(|| link(self.0 - 1));
        (newer, more.then(|| link(self.0 + 1)))
    }
}

/// The queries of lists and issues.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageNumber {
    page: Option<String>,
    key: Option<String>,
}

/// GET /archive: all newsletters, or the archive of the only one.
pub(super) async fn home(State(service): State<Service>, client: Client) -> Response {
    let shown = show_home(&service, client).await;
    or_page(&service, client, shown).await
}

async fn show_home(service: &Service, client: Client) -> Result<Response, Failure> {
    let all = readable(service).await?;
    let first = match &all[..] {
        [] => return Err(Failure::NotFound),
        [only] => return Ok(Redirect::to(&format!("/archive/{}", only.slug)).into_response()),
        [first, ..] => first,
    };
    let newsletters = all.iter().map(|newsletter| ArchivedNewsletter {
        title: &newsletter.title,
        description: &newsletter.description,
        language: newsletter.language,
        language_name: language_name(newsletter.language),
        href: format!("/archive/{}", newsletter.slug),
        feed_href: format!("/archive/{}/feed.xml", newsletter.slug),
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

/// GET /archive/{newsletter}
pub(super) async fn index(
    State(service): State<Service>,
    client: Client,
    Path(slug): Path<String>,
    PageQuery(wish): PageQuery<PageNumber>,
) -> Response {
    let shown = show_index(&service, &slug, &wish).await;
    or_page(&service, client, shown).await
}

async fn show_index(service: &Service, slug: &str, wish: &PageNumber) -> Result<Response, Failure> {
    let number = Numbered::parse(wish.page.as_deref())?;
    let all = readable(service).await?;
    let newsletter = all
        .iter()
        .find(|newsletter| newsletter.slug.as_str() == slug);
    let newsletter = newsletter.ok_or(Failure::NotFound)?;
    let mut db = service.store.read().await?;
    let mut issues = store::issue::public(&mut db, newsletter.id, number.slice()).await?;
    drop(db);
    if issues.is_empty() && number.0 > 1 {
        return Err(Failure::NotFound);
    }
    let here = format!("/archive/{}", newsletter.slug);
    let (newer_href, older_href) = number.neighbours(&here, &mut issues);
    let entries = issues.iter().map(|issue| ArchiveEntry {
        href: format!("{here}/{}", issue.slug),
        subject: &issue.content.subject,
        preheader: &issue.content.preheader,
        date: newsletter.day(published_at(issue)),
    });
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

/// GET /archive/{newsletter}/{slug}: the issue for everybody, with nothing of any reader in it.
/// That of a private newsletter wants the key that its mails have.
pub(super) async fn issue(
    State(service): State<Service>,
    client: Client,
    Path((newsletter, slug)): Path<(String, String)>,
    PageQuery(wish): PageQuery<PageNumber>,
) -> Response {
    let shown = show_issue(&service, &newsletter, &slug, wish.key.as_deref()).await;
    or_page(&service, client, shown).await
}

async fn show_issue(
    service: &Service,
    newsletter: &str,
    slug: &str,
    key: Option<&str>,
) -> Result<Response, Failure> {
    let newsletter = find(service, newsletter).await?;
    let slug = Slug::parse(slug).map_err(|_| Failure::NotFound)?;
    let mut db = service.store.read().await?;
    let found = store::issue::by_slug(&mut db, newsletter.id, &slug).await?;
    let issue = found
        .filter(|issue| issue.state.is_public())
        .ok_or(Failure::NotFound)?;
    let opens = |key| service.links.opens_issue(issue.id, key);
    if !newsletter.is_public() && !key.is_some_and(opens) {
        return Err(Failure::NotFound);
    }
    let corrected = store::issue::revision::corrected(&mut db, newsletter.id).await?;
    drop(db);
    let images = issue.content.parts.iter().flat_map(|part| &part.items);
    let mut images = images.filter_map(|item| Some((item, item.image.as_ref()?)));
    // What a summary says stands in the archive already.
    let is_listed = newsletter.is_public() && issue.month.is_none();
    let canonical = service.links.issue(&newsletter, &issue);
    let page = ArchiveIssue {
        newsletter_title: &newsletter.title,
        language: newsletter.language,
        subject: &issue.content.subject,
        preheader: &issue.content.preheader,
        date: newsletter.day(published_at(&issue)),
        published_at: published_at(&issue),
        corrected: corrected
            .get(&issue.id)
            .map(|at| (*at, newsletter.day(*at))),
        letter: &render_digest_web(&newsletter, &issue.content)?,
        canonical_url: is_listed.then_some(&canonical),
        feed_href: &format!("/archive/{}/feed.xml", newsletter.slug),
        image: images
            .next()
            .map(|(item, image)| (image.url.as_str(), image.described_by(item))),
    };
    let answer = PageLayout::of(&newsletter, newsletter.language).answer(StatusCode::OK, &page);
    Ok(if newsletter.is_public() {
        answer
    } else {
        private(answer)
    })
}
