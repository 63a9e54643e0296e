//! Stylesheets and scripts whose address names their content: a page never runs with those of another version.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use minijinja::{Environment, Error, ErrorKind, Value};
use sha2::{Digest, Sha256};

use super::desk::{DESK_CSS, SCRIPTS};
use super::pages::{PROOF_JS, SITE_CSS};

/// For whom the address names the content.
pub(super) const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For whom it does not.
pub(super) const ONE_HOUR: &str = "public, max-age=3600";
/// For a page of another version than ours, while processes are replaced: the next look may get what it asked for.
const NOT_KEPT: &str = "no-cache";

/// The query that names the content, by the name of the file behind `/static/`.
static VERSIONS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let desk = SCRIPTS
        .iter()
        .map(|(name, text)| (format!("desk/{name}"), *text));
    let others = [
        ("site.css", SITE_CSS),
        ("proof.js", PROOF_JS),
        ("desk.css", DESK_CSS),
    ];
    let others = others.map(|(name, text)| (name.to_owned(), text));
    let version = |text: &str| {
        let digest = Sha256::digest(text.as_bytes());
        format!("v={}", HEXLOWER.encode(digest.get(..8).unwrap_or_default()))
    };
    let all = others.into_iter().chain(desk);
    all.map(|(name, text)| (name, version(text))).collect()
});

/// Gives templates `file("site.css")`: the address of a file with its version.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_function("file", |name: String| match VERSIONS.get(&name) {
        Some(version) => Ok(Value::from_safe_string(format!("/static/{name}?{version}"))),
        None => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("there is no file /static/{name} with a version"),
        )),
    });
}

/// A file, for as long as the query of its address allows.
pub(super) fn answer(
    name: &str,
    query: Option<&str>,
    media_type: &'static str,
    text: &'static str,
) -> Response {
    let kept = match query {
        None => ONE_HOUR,
        Some(query) if VERSIONS.get(name).is_some_and(|version| version == query) => IMMUTABLE,
        Some(_) => NOT_KEPT,
    };
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, kept)];
    (headers, text).into_response()
}

/// The media type of a stylesheet.
pub(super) const CSS: &str = "text/css; charset=utf-8";
/// The media type of a script.
pub(super) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
