//! Keeps the pages of the archive as they were rendered, until something that they show changes.
//!
//! A page is kept under the [version](ArchiveVersion) of the archive, so a correction shows at once in
//! the process that made it and within [`BELIEVED_FOR`] in others. Only complete answers that everybody
//! may see are kept: status 200 and no `Cache-Control` of their own.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, RANGE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{self, HeaderMapExt};
use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::client_ip;
use super::public::errors;
use crate::domain::Language;
use crate::service::Service;
use crate::store::StoreError;
use crate::store::issue::archive::{self, ArchiveVersion};

/// The memory that the kept pages of a process may take, in octets.
const MAX_OCTETS: u64 = 16 << 20;

/// How long the archive is believed unchanged when this process has changed nothing.
const BELIEVED_FOR: Duration = Duration::from_millis(250);

/// A browser always asks whether its copy is still good, so that an editor who has corrected an issue sees
/// it; a cache that many share asks once a minute.
const SHARED: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=60");

/// Answers smaller than this gain nothing from compression.
const MIN_COMPRESSED: usize = 256;

/// The kept pages of one process. Clones share them.
#[derive(Clone)]
pub(super) struct PageCache {
    service: Service,
    pages: Cache<PageKey, Arc<KeptPage>>,
    seen: Arc<Mutex<Option<Seen>>>,
    /// Whether the language is the visitor's.
    negotiates: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct PageKey {
    version: ArchiveVersion,
    path_and_query: String,
    language: Option<Language>,
}

struct KeptPage {
    headers: HeaderMap,
    body: Bytes,
    gzip: Option<Bytes>,
    etag: HeaderValue,
}

/// The version that the database had, and when it was asked.
#[derive(Clone, Copy)]
struct Seen {
    version: ArchiveVersion,
    /// When this process first saw it, in whole seconds.
    since: SystemTime,
    commits: u64,
    asked: Instant,
}

impl PageCache {
    /// An empty cache.
    pub(super) fn new(service: Service) -> Self {
        let weight = |key: &PageKey, page: &Arc<KeptPage>| {
            let octets = page.body.len() + page.gzip.as_ref().map_or(0, Bytes::len);
            u32::try_from(octets + key.path_and_query.len() + 512).unwrap_or(u32::MAX)
        };
        Self {
            service,
            pages: Cache::builder()
                .max_capacity(MAX_OCTETS)
                .weigher(weight)
                .build(),
            seen: Arc::default(),
            negotiates: false,
        }
    }

    /// The same cache, for pages in the visitor's language.
    pub(super) fn in_the_visitors_language(&self) -> Self {
        let negotiates = true;
        Self {
            negotiates,
            ..self.clone()
        }
    }

    /// The present version of the archive.
    async fn version(&self) -> Result<Seen, StoreError> {
        let mut seen = self.seen.lock().await;
        let commits = self.service.store.commits();
        if let Some(seen) = *seen
            && seen.commits == commits
            && seen.asked.elapsed() < BELIEVED_FOR
        {
            return Ok(seen);
        }
        let asked = Instant::now();
        let version = archive::version(&mut self.service.store.read().await?).await?;
        let since = match *seen {
            Some(before) if before.version == version => before.since,
            before => {
                self.pages.invalidate_all();
                let now = whole_seconds(self.service.clock.now());
                // Two versions never share the time that tells them apart.
                let after = before.map(|before| before.since + Duration::from_secs(1));
                after.map_or(now, |after| after.max(now))
            }
        };
        let now_seen = Seen {
            version,
            since,
            commits,
            asked,
        };
        *seen = Some(now_seen);
        Ok(now_seen)
    }
}

/// Answers GET and HEAD from the cache, and keeps what was not in it yet.
pub(super) async fn serve(
    State(cache): State<PageCache>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let language = client_ip::language(request.headers());
    let seen = match cache.version().await {
        Ok(seen) => seen,
        Err(error) => return errors::store(&cache.service, language, &error).await,
    };
    let uri = request.uri();
    let key = PageKey {
        version: seen.version,
        path_and_query: uri
            .path_and_query()
            .map_or("/", |at| at.as_str())
            .to_owned(),
        language: language.filter(|_| cache.negotiates),
    };
    let (parts, _) = request.into_parts();
    let asked = parts.headers.clone();
    let render = || {
        let mut parts = parts.clone();
        parts.method = Method::GET;
        for name in [ACCEPT_ENCODING, IF_NONE_MATCH, IF_MODIFIED_SINCE, RANGE] {
            parts.headers.remove(name);
        }
        next.clone().run(Request::from_parts(parts, Body::empty()))
    };
    let mut not_kept = None;
    let kept = cache.pages.optionally_get_with(key, async {
        match keep(render().await).await {
            Ok(page) => Some(Arc::new(page)),
            Err(answer) => {
                not_kept = Some(answer);
                None
            }
        }
    });
    match kept.await {
        Some(page) => answer(&page, &asked, cache.negotiates, &seen, &cache.service),
        None => {
            let answer = match not_kept {
                Some(answer) => *answer,
                // Another request for the same page found that it cannot be kept.
                None => render().await,
            };
            // Errors are in the visitor's language wherever they come from.
            vary_by_language(answer).await
        }
    }
}

/// The page to keep, or the answer that must not be kept.
async fn keep(answer: Response) -> Result<KeptPage, Box<Response>> {
    let (parts, body) = answer.into_parts();
    if parts.status != StatusCode::OK || parts.headers.contains_key(CACHE_CONTROL) {
        return Err(Box::new(Response::from_parts(parts, body)));
    }
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "a rendered page could not be read");
            return Err(Box::new(errors::plain()));
        }
    };
    let digest = Sha256::digest(&body);
    // Weak (RFC 9110, section 8.8.1): the compressed page has the same one.
    let etag = format!("W/\"{}\"", BASE64URL_NOPAD.encode(&digest[..15]));
    let etag = HeaderValue::try_from(etag).map_err(|_| Box::new(errors::plain()))?;
    let compressed = tokio::task::spawn_blocking({
        let body = body.clone();
        move || compress(&body)
    });
    Ok(KeptPage {
        headers: parts.headers,
        gzip: compressed.await.ok().flatten(),
        body,
        etag,
    })
}

/// The octets as gzip has them, where that is shorter.
fn compress(body: &[u8]) -> Option<Bytes> {
    if body.len() < MIN_COMPRESSED {
        return None;
    }
    let gzip = || -> io::Result<Vec<u8>> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body)?;
        encoder.finish()
    };
    let gzip = gzip().ok().filter(|gzip| gzip.len() < body.len());
    gzip.map(Bytes::from)
}

fn answer(
    page: &KeptPage,
    asked: &HeaderMap,
    negotiates: bool,
    seen: &Seen,
    service: &Service,
) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(ETAG, page.etag.clone());
    headers.insert(CACHE_CONTROL, SHARED);
    headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    if negotiates {
        headers.append(VARY, HeaderValue::from_static("accept-language"));
    }
    // RFC 9110, section 8.8.2.1: it is not later than the answer.
    if seen.since <= whole_seconds(service.clock.now()) {
        headers.typed_insert(headers::LastModified::from(seen.since));
    }
    if is_known(asked, page, seen) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.extend(page.headers.clone());
    match page.gzip.as_ref().filter(|_| takes_gzip(asked)) {
        Some(gzip) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (headers, gzip.clone()).into_response()
        }
        None => (headers, page.body.clone()).into_response(),
    }
}

/// Whether the client has this page (RFC 9110, section 13.2.2): the time counts only without tags.
fn is_known(asked: &HeaderMap, page: &KeptPage, seen: &Seen) -> bool {
    if asked.contains_key(IF_NONE_MATCH) {
        let tags = asked.typed_get::<headers::IfNoneMatch>();
        let etag = page.etag.to_str().ok().and_then(|tag| tag.parse().ok());
        return match (tags, etag) {
            (Some(tags), Some(etag)) => !tags.precondition_passes(&etag),
            _ => false,
        };
    }
    let since = asked.typed_get::<headers::IfModifiedSince>();
    since.is_some_and(|since| !since.is_modified(seen.since))
}

/// Whether `Accept-Encoding` takes gzip (RFC 9110, section 12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let lists = asked.get_all(ACCEPT_ENCODING).iter();
    let codings = lists.filter_map(|list| list.to_str().ok());
    let mut takes = false;
    for coding in codings.flat_map(|list| list.split(',')) {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
        if name.trim().eq_ignore_ascii_case("gzip") {
            return weight.is_ok_and(|weight| weight > 0.0);
        }
        takes |= name.trim() == "*" && weight.is_ok_and(|weight| weight > 0.0);
    }
    takes
}

/// The whole second in which this is; the Unix epoch for what is before it.
fn whole_seconds(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(at.as_second().try_into().unwrap_or(0))
}

/// Tells caches that an answer in the visitor's language is not for every visitor.
pub(super) async fn vary_by_language(mut answer: Response) -> Response {
    const LANGUAGE: HeaderValue = HeaderValue::from_static("accept-language");
    let headers = answer.headers_mut();
    let kind = headers.get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page && !headers.get_all(VARY).iter().any(|vary| vary == LANGUAGE) {
        headers.append(VARY, LANGUAGE);
    }
    answer
}
