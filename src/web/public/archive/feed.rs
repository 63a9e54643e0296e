//! The Atom feed of a newsletter (RFC 4287).

use std::collections::HashMap;
use std::sync::LazyLock;

use atom_syndication::{
    ContentBuilder, Entry, EntryBuilder, Feed, FeedBuilder, FixedDateTime, Link, LinkBuilder,
    PersonBuilder, Text,
};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::{ArchiveError, PAGE_SIZE, find_public, or_error_page, published_at};
use crate::domain::{Issue, IssueId, Newsletter};
use crate::heavy_work::HeavyWork;
use crate::mail::{TemplateError, render_digest_web};
use crate::service::Service;
use crate::store;
use crate::store::issue::archive::Slice;
use crate::web::client_ip::Client;
use crate::web::public::errors;
use crate::web::public::layout::NamesInPath;

/// Twenty digests are much work, and so are written at most two feeds at once.
static FEEDS: LazyLock<HeavyWork> = LazyLock::new(|| HeavyWork::new(2));

/// GET /archive/{newsletter}/feed.xml: the latest issues in full.
pub(in crate::web::public) async fn feed(
    State(service): State<Service>,
    client: Client,
    NamesInPath([slug]): NamesInPath<1>,
) -> Response {
    let result = show(&service, &slug).await;
    or_error_page(&service, client, result).await
}

async fn show(service: &Service, slug: &str) -> Result<Response, ArchiveError> {
    let newsletter = find_public(service, slug).await?;
    let mut db = service.store.read().await?;
    let latest = Slice {
        limit: PAGE_SIZE,
        offset: 0,
    };
    let issues = store::issue::public(&mut db, newsletter.id, latest).await?;
    let corrected = store::issue::revision::corrected(&mut db, newsletter.id).await?;
    drop(db);
    let service = service.clone();
    let written = FEEDS
        .run(move || atom(&service, &newsletter, &issues, &corrected).map(|feed| feed.to_string()));
    let Ok(written) = written.await else {
        tracing::error!("the writing of a feed was aborted");
        return Ok(errors::plain());
    };
    let kind = [(CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((kind, written?).into_response())
}

fn atom(
    service: &Service,
    newsletter: &Newsletter,
    issues: &[Issue],
    corrected: &HashMap<IssueId, Timestamp>,
) -> Result<Feed, TemplateError> {
    let mut entries = Vec::with_capacity(issues.len());
    for issue in issues {
        let changed = corrected.get(&issue.id).copied();
        entries.push(entry(service, newsletter, issue, changed)?);
    }
    // A newsletter's id (UUIDv7) contains its creation time, for a feed without issues.
    let made = newsletter.id.0.get_timestamp().map(|made| made.to_unix().0);
    let made = made.and_then(|made| Timestamp::from_second(i64::try_from(made).ok()?).ok());
    let updated = entries.iter().map(|entry| *entry.updated()).max();
    let own = format!("/archive/{}/feed.xml", newsletter.slug);
    Ok(FeedBuilder::default()
        .id(format!("urn:uuid:{}", newsletter.id))
        .title(Text::plain(newsletter.title.clone()))
        .subtitle(some_text(&newsletter.description))
        .lang(Some(newsletter.language.to_string()))
        .updated(updated.unwrap_or_else(|| date(made.unwrap_or_default())))
        .links(vec![
            link("self", "application/atom+xml", service.links.page(&own)),
            link("alternate", "text/html", service.links.archive(newsletter)),
        ])
        .author(
            PersonBuilder::default()
                .name(&*newsletter.sender_name)
                .build(),
        )
        .entries(entries)
        .build())
}

fn entry(
    service: &Service,
    newsletter: &Newsletter,
    issue: &Issue,
    corrected: Option<Timestamp>,
) -> Result<Entry, TemplateError> {
    let url = service.links.issue(newsletter, issue);
    let content = ContentBuilder::default()
        .content_type(Some("html".to_owned()))
        .lang(Some(newsletter.language.to_string()))
        .value(Some(render_digest_web(newsletter, &issue.content)?))
        .build();
    Ok(EntryBuilder::default()
        .id(format!("urn:uuid:{}", issue.id))
        .title(Text::plain(issue.content.subject.clone()))
        .summary(some_text(&issue.content.preheader))
        .content(Some(content))
        .updated(date(corrected.unwrap_or_else(|| published_at(issue))))
        .published(Some(date(published_at(issue))))
        .link(link("alternate", "text/html", url))
        .build())
}

fn some_text(text: &str) -> Option<Text> {
    (!text.is_empty()).then(|| Text::plain(text.to_owned()))
}

fn link(rel: &str, kind: &str, href: String) -> Link {
    LinkBuilder::default()
        .rel(rel)
        .mime_type(Some(kind.to_owned()))
        .href(href)
        .build()
}

/// Atom's form of a time. Both write RFC 3339, so that this cannot fail.
fn date(at: Timestamp) -> FixedDateTime {
    at.to_string().parse().unwrap_or_default()
}
