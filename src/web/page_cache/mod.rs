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

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::response::Response;

pub(super) use archive_cache::{ArchiveCache, serve as serve_archive};
pub(super) use form_cache::{FormCache, serve as serve_form};
pub(super) use versions::Versions;

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
