//! The page of an issue.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::structured::{share_href, structured_data};
use super::{ArchiveError, PageNumber, card, find, or_error_page, published_at};
use crate::domain::{Issue, Newsletter, Slug};
use crate::mail::render_digest_web;
use crate::service::Service;
use crate::store;
use crate::web::client_ip::Client;
use crate::web::pages::{ArchiveIssue, NeighbourIssue, SocialImage};
use crate::web::public::layout::{NamesInPath, PageLayout, PageQuery, private, without_marks};

/// GET /archive/{newsletter}/{slug}: the issue without anything personal. An issue of a private
/// newsletter needs the key from its mails.
pub(in crate::web::public) async fn issue(
    State(service): State<Service>,
    client: Client,
    NamesInPath([newsletter, slug]): NamesInPath<2>,
    PageQuery(params): PageQuery<PageNumber>,
) -> Response {
    let result = show_issue(&service, &newsletter, &slug, params.key.as_deref()).await;
    or_error_page(&service, client, result).await
}

/// A published issue by the slugs of its URL, and the key from its mails where the newsletter is private. Who may not
/// read it does not learn that its page was taken down.
pub(super) async fn find_issue(
    service: &Service,
    newsletter: &str,
    slug: &str,
    key: Option<&str>,
) -> Result<(Newsletter, Issue), ArchiveError> {
    let newsletter = find(service, newsletter).await?;
    let slug = Slug::parse(without_marks(slug)).map_err(|_| ArchiveError::NotFound)?;
    let mut db = service.store.read().await?;
    let found = store::issue::by_slug(&mut db, newsletter.id, &slug).await?;
    let issue = found.filter(Issue::is_published);
    let issue = issue.ok_or(ArchiveError::NotFound)?;
    let opens = |key| service.links.opens_issue(issue.id, without_marks(key));
    if !newsletter.is_public() && !key.is_some_and(opens) {
        return Err(ArchiveError::NotFound);
    }
    match issue.has_page() {
        true => Ok((newsletter, issue)),
        false => Err(ArchiveError::Gone(Box::new(newsletter))),
    }
}

async fn show_issue(
    service: &Service,
    newsletter: &str,
    slug: &str,
    key: Option<&str>,
) -> Result<Response, ArchiveError> {
    let (newsletter, issue) = find_issue(service, newsletter, slug, key).await?;
    let mut db = service.store.read().await?;
    let corrected = store::issue::revision::corrected(&mut db, newsletter.id).await?;
    let (older, newer) = match newsletter.is_public() {
        true => store::issue::archive::neighbours(&mut db, &issue).await?,
        false => (None, None),
    };
    drop(db);
    let neighbour = |(slug, subject): (String, String)| NeighbourIssue {
        href: format!("/archive/{}/{slug}", newsletter.slug),
        subject,
    };
    // Search engines index nothing else.
    let is_listed = newsletter.is_public() && issue.is_listed();
    let canonical = service.links.issue(&newsletter, &issue);
    let mut page = ArchiveIssue {
        newsletter_title: &newsletter.title,
        language: newsletter.language,
        subject: &issue.content.subject,
        preheader: &issue.content.preheader,
        date: newsletter.day(published_at(&issue)),
        published_at: published_at(&issue),
        corrected: corrected
            .get(&issue.id)
            .map(|at| (*at, newsletter.day(*at))),
        body_html: &render_digest_web(&newsletter, &issue.content)?,
        canonical_url: is_listed.then_some(&canonical),
        structured_data: String::new(),
        share_href: share_href(&issue.content.subject, &canonical),
        older: older.map(neighbour),
        newer: newer.map(neighbour),
        image: social_image(&newsletter, &issue, &canonical),
    };
    page.structured_data = structured_data(&newsletter, &page);
    let answer = PageLayout::of(&newsletter, newsletter.language).answer(StatusCode::OK, &page);
    Ok(if newsletter.is_public() {
        answer
    } else {
        private(answer)
    })
}

/// The first picture of the issue, or else one that is drawn of its subject.
fn social_image<'a>(
    newsletter: &Newsletter,
    issue: &'a Issue,
    canonical: &str,
) -> Option<SocialImage<'a>> {
    let items = issue.content.parts.iter().flat_map(|part| &part.items);
    let mut images = items.filter_map(|item| Some((item, item.image.as_ref()?)));
    let own = images.next().map(|(item, image)| SocialImage {
        url: image.url.clone(),
        alt: image.described_by(item),
        drawn: None,
    });
    // A drawn picture can be read by everybody.
    let drawn = newsletter.is_public().then(|| SocialImage {
        url: format!("{canonical}/card.png"),
        alt: &issue.content.subject,
        drawn: Some((card::WIDTH, card::HEIGHT)),
    });
    own.or(drawn)
}
