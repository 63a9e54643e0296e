//! Keeps pages as they were rendered, so that many visitors at once cost little more than one.
//!
//! A page is kept under the [version](crate::store::issue::archive::ArchiveVersion) of all that public
//! pages show, so a change shows at once in the process that made it and soon in others. The archive's
//! pages are kept until then, and clients may keep them too; the sign-up forms of one second are the
//! same, as their time stamps count seconds.

mod archive_cache;
mod form_cache;
mod kept_page;
mod versions;

use std::sync::Arc;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::request_log;
use crate::service::Service;
use archive_cache::ArchiveCache;
use form_cache::FormCache;
use versions::Versions;

pub(super) use archive_cache::serve as serve_archive;
pub(super) use form_cache::serve as serve_form;

/// The kept pages of one process. Clones share them.
#[derive(Clone)]
pub(super) struct PageCaches {
    /// The sign-up forms.
    pub(super) forms: Arc<FormCache>,
    /// The archive's pages in the language of a newsletter, and files.
    pub(super) fixed: Arc<ArchiveCache>,
    /// The archive's pages in the visitor's language.
    pub(super) negotiated: Arc<ArchiveCache>,
    service: Service,
}

impl PageCaches {
    /// Empty caches.
    pub(super) fn new(service: &Service) -> Self {
        let versions = Versions::new(service.clone());
        let fixed = ArchiveCache::new(service.clone(), versions.clone());
        Self {
            forms: Arc::new(FormCache::new(service.clone(), versions)),
            negotiated: Arc::new(fixed.in_the_visitors_language()),
            fixed: Arc::new(fixed),
            service: service.clone(),
        }
    }

    async fn find(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        match uri.path() {
            "/" | "/subscribe" => self.forms.find(uri, headers).await,
            "/archive" | "/search" => self.negotiated.find(uri, headers).await,
            path if path.starts_with("/embed/") => self.forms.find(uri, headers).await,
            path if path.starts_with("/archive/") || path.starts_with("/sitemap") => {
                self.fixed.find(uri, headers).await
            }
            _ => None,
        }
    }
}

/// Answers with a kept page at once, before routes and layers. Whatever is not kept, has to be asked of the
/// database or is watched by somebody goes on to them.
pub(super) async fn serve_at_once(
    State(caches): State<Arc<PageCaches>>,
    request: Request,
    next: Next,
) -> Response {
    let service = &caches.service;
    let is_plain = *request.method() == Method::GET && request.body().is_end_stream();
    if is_plain
        && !request_log::is_watched(&service.settings.http)
        && let Some(mut answer) = caches.find(request.uri(), request.headers()).await
    {
        request_log::add_id(&mut answer, &service.clock);
        return answer;
    }
    next.run(request).await
}

/// Tells caches that an answer in the visitor's language is not for every visitor.
pub(super) fn vary_by_language(mut answer: Response) -> Response {
    const LANGUAGE: HeaderValue = HeaderValue::from_static("accept-language");
    let headers = answer.headers_mut();
    let kind = headers.get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page && !headers.get_all(VARY).iter().any(|vary| vary == LANGUAGE) {
        headers.append(VARY, LANGUAGE);
    }
    answer
}
