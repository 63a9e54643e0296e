//! Stylesheet and scripts of the desk.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::web::client_ip::Client;
use crate::web::public::not_found;

const ONE_HOUR: &str = "public, max-age=3600";

/// The scripts, by name: ours, and published files of others, held to their sums by a test.
pub(super) const SCRIPTS: &[(&str, &str)] = &[
    ("desk.js", include_str!("../static/desk/desk.js")),
    ("watch.js", include_str!("../static/desk/watch.js")),
    ("write.js", include_str!("../static/desk/write.js")),
    ("paste.js", include_str!("../static/desk/paste.js")),
    ("settings.js", include_str!("../static/desk/settings.js")),
    ("htmx.min.js", include_str!("../static/desk/htmx.min.js")),
    (
        "sortable.min.js",
        include_str!("../static/desk/sortable.min.js"),
    ),
    ("turndown.js", include_str!("../static/desk/turndown.js")),
    (
        "markdown-toolbar.js",
        include_str!("../static/desk/markdown-toolbar.js"),
    ),
];

/// GET /static/desk.css
pub(super) async fn desk_css() -> impl IntoResponse {
    let css = include_str!("../static/desk.css");
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, ONE_HOUR),
    ];
    (headers, css)
}

/// GET /static/desk/{name}
pub(super) async fn script(
    service: State<Service>,
    client: Client,
    name: Option<Path<String>>,
) -> Response {
    let named = name.and_then(|Path(name)| SCRIPTS.iter().find(|(known, _)| *known == name));
    let Some((_, source)) = named else {
        return not_found(service, client).await;
    };
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, ONE_HOUR),
    ];
    (headers, *source).into_response()
}
