//! The pages of the archive, until something that they show changes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::headers::{self, HeaderMapExt};
use moka::future::Cache;

use super::kept_page::{KeptPage, find_or_render, path_and_query, secured};
use super::vary_by_language;
use super::versions::{Seen, Versions, whole_seconds};
use crate::domain::Language;
use crate::service::Service;
use crate::store::issue::archive::ArchiveVersion;
use crate::web::client_ip;
use crate::web::public::errors;

/// The memory that the kept pages of a process may take, in octets.
const MAX_OCTETS: u64 = 16 << 20;

/// When a page that nobody asked for is given up, such as one of an earlier version.
const IDLE_FOR: Duration = Duration::from_mins(10);

/// A browser always asks whether its copy is still good, so that an editor who has corrected an issue sees
/// it; a cache that many share asks once a minute.
const SHARED: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=60");

/// The kept pages of one process. Clones share them.
#[derive(Clone)]
pub(in crate::web) struct ArchiveCache {
    service: Service,
    versions: Versions,
    pages: Cache<PageKey, Arc<TaggedPage>>,
    /// Whether the language is the visitor's.
    negotiates: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct PageKey {
    version: ArchiveVersion,
    path_and_query: String,
    language: Option<Language>,
}

struct TaggedPage {
    page: KeptPage,
    etag: HeaderValue,
}

impl ArchiveCache {
    /// An empty cache.
    pub(in crate::web) fn new(service: Service, versions: Versions) -> Self {
        let weight = |key: &PageKey, kept: &Arc<TaggedPage>| {
            u32::try_from(kept.page.octets() + key.path_and_query.len()).unwrap_or(u32::MAX)
        };
        Self {
            service,
            versions,
            pages: Cache::builder()
                .max_capacity(MAX_OCTETS)
                .weigher(weight)
                .time_to_idle(IDLE_FOR)
                .build(),
            negotiates: false,
        }
    }

    /// The same cache, for pages in the visitor's language.
    pub(in crate::web) fn in_the_visitors_language(&self) -> Self {
        let negotiates = true;
        Self {
            negotiates,
            ..self.clone()
        }
    }

    fn key(&self, seen: &Seen, uri: &Uri, language: Option<Language>) -> PageKey {
        PageKey {
            version: seen.version,
            path_and_query: path_and_query(uri),
            language: language.filter(|_| self.negotiates),
        }
    }

    /// The answer to GET, if the page is kept and nobody has to be asked for it.
    pub(super) async fn find(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let seen = self.versions.believed()?;
        let language = client_ip::language(headers);
        let key = self.key(&seen, uri, language);
        let kept = self.pages.get(&key).await?;
        Some(answer(&kept, headers, self, &seen))
    }
}

/// Answers GET and HEAD from the cache, and keeps what was not in it yet: complete answers that everybody
/// may see, with status 200 and no `Cache-Control` of their own.
pub(in crate::web) async fn serve(
    State(cache): State<Arc<ArchiveCache>>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let language = client_ip::language(request.headers());
    let seen = match cache.versions.present().await {
        Ok(seen) => seen,
        Err(error) => return errors::store(&cache.service, language, &error).await,
    };
    let key = cache.key(&seen, request.uri(), language);
    let (asked, _) = request.into_parts();
    let keep = |answer| tagged(answer, cache.negotiates);
    match find_or_render(&cache.pages, key, &asked, next, keep).await {
        Ok(kept) => secured(answer(&kept, &asked.headers, &cache, &seen)),
        // Errors are in the visitor's language wherever they come from.
        Err(answer) => vary_by_language(*answer),
    }
}

/// The page to keep, or the answer that must not be kept.
async fn tagged(answer: Response, negotiates: bool) -> Result<TaggedPage, Box<Response>> {
    if answer.headers().contains_key(CACHE_CONTROL) {
        return Err(Box::new(answer));
    }
    let mut page = KeptPage::of(answer, negotiates).await?;
    let etag = HeaderValue::try_from(page.etag()).map_err(|_| Box::new(errors::plain()))?;
    for headers in page.headers_mut() {
        headers.insert(ETAG, etag.clone());
        headers.insert(CACHE_CONTROL, SHARED);
    }
    Ok(TaggedPage { page, etag })
}

fn answer(kept: &TaggedPage, asked: &HeaderMap, cache: &ArchiveCache, seen: &Seen) -> Response {
    let mut answer = match is_known(asked, &kept.etag, seen) {
        true => kept.page.not_modified(),
        false => kept.page.answer(asked),
    };
    // RFC 9110, section 8.8.2.1: it is not later than the answer.
    if seen.since <= whole_seconds(cache.service.clock.now()) {
        answer
            .headers_mut()
            .typed_insert(headers::LastModified::from(seen.since));
    }
    answer
}

/// Whether the client has this page (RFC 9110, section 13.2.2): the time counts only without tags.
fn is_known(asked: &HeaderMap, etag: &HeaderValue, seen: &Seen) -> bool {
    if asked.contains_key(IF_NONE_MATCH) {
        let tags = asked.typed_get::<headers::IfNoneMatch>();
        let etag = etag.to_str().ok().and_then(|tag| tag.parse().ok());
        return match (tags, etag) {
            (Some(tags), Some(etag)) => !tags.precondition_passes(&etag),
            _ => false,
        };
    }
    let since = asked.typed_get::<headers::IfModifiedSince>();
    since.is_some_and(|since| !since.is_modified(seen.since))
}
