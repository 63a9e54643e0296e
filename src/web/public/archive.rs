//! Published issues.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};

use super::errors;
use super::frame::Surroundings;
use crate::domain::{Issue, Newsletter, Slug};
use crate::mail::render_digest_web;
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::web::client::Client;
use crate::web::pages::{ArchiveEntry, ArchiveIndex, ArchiveIssue};

/// Issues on the page and in the feed.
const SHOWN: i64 = 200;

/// GET /archive: that of the first newsletter; the sign-up page leads to the others.
pub(super) async fn newsletters(State(service): State<Service>, client: Client) -> Response {
    let look = async { store::newsletter::list(&mut service.store.read().await?).await };
    match look.await {
        Ok(all) => match all.first() {
            Some(first) => Redirect::to(&format!("/archive/{}", first.slug)).into_response(),
            None => errors::page(&service, client.language, StatusCode::NOT_FOUND).await,
        },
        Err(error) => errors::store(&service, client.language, &error).await,
    }
}

async fn find(service: &Service, slug: &str) -> Result<Option<Newsletter>, StoreError> {
    match Slug::parse(slug) {
        Ok(slug) => store::newsletter::by_slug(&mut service.store.read().await?, &slug).await,
        Err(_) => Ok(None),
    }
}

async fn published(
    service: &Service,
    slug: &str,
) -> Result<Option<(Newsletter, Vec<Issue>)>, StoreError> {
    let Some(newsletter) = find(service, slug).await? else {
        return Ok(None);
    };
    let issues =
        store::issue::public(&mut service.store.read().await?, newsletter.id, SHOWN).await?;
    Ok(Some((newsletter, issues)))
}

/// The day an issue went out, where its newsletter is at home.
fn day(newsletter: &Newsletter, issue: &Issue) -> jiff::civil::Date {
    newsletter
        .time_zone
        .to_datetime(issue.started_at.unwrap_or(issue.created_at))
        .date()
}

/// GET /archive/{newsletter}
pub(super) async fn index(
    State(service): State<Service>,
    client: Client,
    Path(slug): Path<String>,
) -> Response {
    let (newsletter, issues) = match published(&service, &slug).await {
        Ok(Some(found)) => found,
        Ok(None) => return errors::page(&service, client.language, StatusCode::NOT_FOUND).await,
        Err(error) => return errors::store(&service, client.language, &error).await,
    };
    let links: Vec<ArchiveEntry<'_>> = issues
        .iter()
        .map(|issue| ArchiveEntry {
            href: format!("/archive/{}/{}", newsletter.slug, issue.slug),
            subject: &issue.content.subject,
            preheader: &issue.content.preheader,
            date: day(&newsletter, issue),
        })
        .collect();
    let page = ArchiveIndex {
        newsletter_title: &newsletter.title,
        issues: links,
        canonical_url: &service.links.archive(&newsletter),
        feed_href: &format!("/archive/{}/feed.xml", newsletter.slug),
        newer_href: None,
        older_href: None,
    };
    Surroundings::of(&newsletter, newsletter.language).answer(StatusCode::OK, &page)
}

/// GET /archive/{newsletter}/{slug}: the issue for everybody, with nothing of any reader in it.
pub(super) async fn issue(
    State(service): State<Service>,
    client: Client,
    Path((newsletter, slug)): Path<(String, String)>,
) -> Response {
    let look = async {
        let Some(newsletter) = find(&service, &newsletter).await? else {
            return Ok(None);
        };
        let Ok(slug) = Slug::parse(&slug) else {
            return Ok(None);
        };
        let found =
            store::issue::by_slug(&mut service.store.read().await?, newsletter.id, &slug).await?;
        Ok::<_, StoreError>(
            found
                .filter(|issue| issue.state.is_public())
                .map(|issue| (newsletter, issue)),
        )
    };
    let (newsletter, issue) = match look.await {
        Ok(Some(found)) => found,
        Ok(None) => return errors::page(&service, client.language, StatusCode::NOT_FOUND).await,
        Err(error) => return errors::store(&service, client.language, &error).await,
    };
    let letter = match render_digest_web(&newsletter, &issue.content) {
        Ok(letter) => letter,
        Err(error) => {
            tracing::error!(%error, "an issue could not be rendered");
            return errors::plain();
        }
    };
    let images = issue
        .content
        .parts
        .iter()
        .flat_map(|part| &part.items)
        .filter_map(|item| item.image.as_ref());
    let page = ArchiveIssue {
        newsletter_title: &newsletter.title,
        language: newsletter.language,
        subject: &issue.content.subject,
        preheader: &issue.content.preheader,
        date: day(&newsletter, &issue),
        letter: &letter,
        canonical_url: &service.links.issue(&newsletter, &issue.slug),
        feed_href: &format!("/archive/{}/feed.xml", newsletter.slug),
        image_url: images.map(|image| image.url.as_str()).next(),
    };
    Surroundings::of(&newsletter, newsletter.language).answer(StatusCode::OK, &page)
}

/// GET /archive/{newsletter}/feed.xml: the same as an Atom feed (RFC 4287).
pub(super) async fn feed(
    State(service): State<Service>,
    client: Client,
    Path(slug): Path<String>,
) -> Response {
    let (newsletter, issues) = match published(&service, &slug).await {
        Ok(Some(found)) => found,
        Ok(None) => return errors::page(&service, client.language, StatusCode::NOT_FOUND).await,
        Err(error) => return errors::store(&service, client.language, &error).await,
    };
    let feed = atom(&service, &newsletter, &issues);
    (
        [(CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        feed.to_string(),
    )
        .into_response()
}

fn atom(service: &Service, newsletter: &Newsletter, issues: &[Issue]) -> atom_syndication::Feed {
    use atom_syndication::{EntryBuilder, FeedBuilder, FixedDateTime, LinkBuilder, Text};
    let time = |issue: &Issue| {
        let at = issue.started_at.unwrap_or(issue.created_at).to_string();
        at.parse::<FixedDateTime>().unwrap_or_default()
    };
    let entries: Vec<_> = issues
        .iter()
        .map(|issue| {
            let url = service.links.issue(newsletter, &issue.slug);
            EntryBuilder::default()
                .id(format!("urn:uuid:{}", issue.id))
                .title(Text::plain(issue.content.subject.clone()))
                .summary(Some(Text::plain(issue.content.preheader.clone())))
                .updated(time(issue))
                .published(Some(time(issue)))
                .link(LinkBuilder::default().href(url).build())
                .build()
        })
        .collect();
    let own = LinkBuilder::default()
        .href(
            service
                .links
                .page(&format!("/archive/{}/feed.xml", newsletter.slug)),
        )
        .rel("self")
        .build();
    FeedBuilder::default()
        .id(format!("urn:uuid:{}", newsletter.id))
        .title(Text::plain(newsletter.title.clone()))
        .lang(Some(newsletter.language.as_str().to_owned()))
        .updated(issues.first().map(time).unwrap_or_default())
        .links(vec![
            own,
            LinkBuilder::default()
                .href(service.links.archive(newsletter))
                .build(),
        ])
        .author(
            atom_syndication::PersonBuilder::default()
                .name(newsletter.sender_name.clone())
                .build(),
        )
        .entries(entries)
        .build()
}
