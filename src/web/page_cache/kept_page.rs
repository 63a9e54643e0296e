//! A rendered page as it is kept: complete, and compressed once.

use std::hash::Hash;
use std::io::{self, Write as _};
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, IF_MODIFIED_SINCE, IF_NONE_MATCH, RANGE,
};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use crate::web::public::errors;

/// Answers smaller than this gain nothing from compression.
const MIN_COMPRESSED: usize = 256;

/// An answer with status 200.
pub(super) struct KeptPage {
    headers: HeaderMap,
    extensions: Extensions,
    body: Bytes,
    gzip: Option<Bytes>,
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
    /// The page of this answer; the answer itself when its status is another one.
    pub(super) async fn of(answer: Response) -> Result<Self, Box<Response>> {
        let (parts, body) = answer.into_parts();
        if parts.status != StatusCode::OK {
            return Err(Box::new(Response::from_parts(parts, body)));
        }
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
        Ok(Self {
            headers: parts.headers,
            extensions: parts.extensions,
            gzip: compressed.await.ok().flatten(),
            body,
        })
    }

    /// The memory that the page takes, in octets.
    pub(super) fn octets(&self) -> usize {
        self.body.len() + self.gzip.as_ref().map_or(0, Bytes::len) + 512
    }

    /// A weak tag (RFC 9110, section 8.8.1): the compressed page has the same one.
    pub(super) fn etag(&self) -> String {
        let digest = Sha256::digest(&self.body);
        format!("W/\"{}\"", BASE64URL_NOPAD.encode(&digest[..15]))
    }

    /// The page as an answer, compressed for a client that takes it, with further `headers`.
    pub(super) fn answer(&self, asked: &HeaderMap, mut headers: HeaderMap) -> Response {
        headers.extend(self.headers.clone());
        let mut answer = match self.gzip.as_ref().filter(|_| takes_gzip(asked)) {
            Some(gzip) => {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                (headers, gzip.clone()).into_response()
            }
            None => (headers, self.body.clone()).into_response(),
        };
        *answer.extensions_mut() = self.extensions.clone();
        answer
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
