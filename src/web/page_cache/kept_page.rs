//! A rendered page as it is kept: complete, and compressed once.

use std::hash::Hash;
use std::io::{self, Write as _};
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, RANGE, VARY,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::vary_by_language;
use crate::web::headers;
use crate::web::public::errors;

/// Answers smaller than this gain nothing from compression.
const MIN_COMPRESSED: usize = 256;

/// An answer with status 200, with all of its headers.
pub(super) struct KeptPage {
    plain: Representation,
    gzip: Option<Representation>,
}

/// A page as it goes out.
struct Representation {
    headers: HeaderMap,
    body: Bytes,
}

/// What a handler answers to this request when nobody has a copy of the page yet.
async fn render(asked: &Parts, next: Next) -> Response {
    let mut parts = asked.clone();
    parts.method = Method::GET;
    for name in [ACCEPT_ENCODING, IF_NONE_MATCH, IF_MODIFIED_SINCE, RANGE] {
        parts.headers.remove(name);
    }
    next.run(Request::from_parts(parts, Body::empty())).await
}

/// The page under this key: the kept one, or what `keep` makes of a new answer. An answer that cannot be
/// kept is the error.
pub(super) async fn find_or_render<K, P, Keeping>(
    pages: &Cache<K, Arc<P>>,
    key: K,
    asked: &Parts,
    next: Next,
    keep: impl FnOnce(Response) -> Keeping + Send,
) -> Result<Arc<P>, Box<Response>>
where
    K: Hash + Eq + Send + Sync + 'static,
    P: Send + Sync + 'static,
    Keeping: Future<Output = Result<P, Box<Response>>> + Send,
{
    let mut not_kept = None;
    let kept = pages.optionally_get_with(key, async {
        match keep(render(asked, next.clone()).await).await {
            Ok(page) => Some(Arc::new(page)),
            Err(answer) => {
                not_kept = Some(answer);
                None
            }
        }
    });
    match (kept.await, not_kept) {
        (Some(page), _) => Ok(page),
        (None, Some(answer)) => Err(answer),
        // Another request for the same page found that it cannot be kept.
        (None, None) => Err(Box::new(render(asked, next).await)),
    }
}

/// What tells one page from another in a key.
pub(super) fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query()
        .map_or("/", |at| at.as_str())
        .to_owned()
}

impl KeptPage {
    /// The page of this answer; the answer itself when its status is another one. `negotiates` tells whether
    /// it is in the visitor's language.
    pub(super) async fn of(answer: Response, negotiates: bool) -> Result<Self, Box<Response>> {
        if answer.status() != StatusCode::OK {
            return Err(Box::new(answer));
        }
        let answer = match negotiates {
            true => vary_by_language(answer),
            false => answer,
        };
        let (parts, body) = headers::secure(answer).into_parts();
        let body = match to_bytes(body, usize::MAX).await {
            Ok(body) => body,
            Err(error) => {
                tracing::error!(%error, "a rendered page could not be read");
                return Err(Box::new(errors::plain()));
            }
        };
        let compressed = tokio::task::spawn_blocking({
            let body = body.clone();
            move || compress(&body)
        });
        let mut headers = parts.headers;
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
        let mut gzip_headers = headers.clone();
        gzip_headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let gzip = compressed.await.ok().flatten();
        Ok(Self {
            plain: Representation::new(headers, body),
            gzip: gzip.map(|gzip| Representation::new(gzip_headers, gzip)),
        })
    }

    /// The headers, to add some.
    pub(super) fn headers_mut(&mut self) -> impl Iterator<Item = &mut HeaderMap> {
        let forms = std::iter::once(&mut self.plain).chain(&mut self.gzip);
        forms.map(|form| &mut form.headers)
    }

    /// The memory that the page takes, in octets.
    pub(super) fn octets(&self) -> usize {
        let gzip = self.gzip.as_ref();
        self.plain.body.len() + gzip.map_or(0, |gzip| gzip.body.len()) + 4096
    }

    /// A weak tag (RFC 9110, section 8.8.1): the compressed page has the same one.
    pub(super) fn etag(&self) -> String {
        let digest = Sha256::digest(&self.plain.body);
        format!("W/\"{}\"", BASE64URL_NOPAD.encode(&digest[..15]))
    }

    /// The page as an answer, compressed for a client that takes it.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let chosen = self.gzip.as_ref().filter(|_| takes_gzip(asked));
        let chosen = chosen.unwrap_or(&self.plain);
        let mut answer = Response::new(Body::from(chosen.body.clone()));
        *answer.headers_mut() = chosen.headers.clone();
        answer
    }

    /// The answer to who has the page.
    pub(super) fn not_modified(&self) -> Response {
        let mut answer = StatusCode::NOT_MODIFIED.into_response();
        let mut headers = self.plain.headers.clone();
        headers.remove(CONTENT_LENGTH);
        headers.remove(CONTENT_TYPE);
        *answer.headers_mut() = headers;
        answer
    }
}

/// An answer of a kept page for the layers outside, which would add what it has.
pub(super) fn secured(mut answer: Response) -> Response {
    answer.extensions_mut().insert(headers::Secured);
    answer
}

impl Representation {
    fn new(mut headers: HeaderMap, body: Bytes) -> Self {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        Self { headers, body }
    }
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
