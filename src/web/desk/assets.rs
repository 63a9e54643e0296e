//! Stylesheet and scripts of the desk.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use crate::service::Service;
use crate::web::client_ip::Client;
use crate::web::public::not_found;
use crate::web::static_files;

/// The scripts, by name: ours, and published files of others, held to their sums by a test.
pub(in crate::web) const SCRIPTS: &[(&str, &str)] = &[
    ("desk.js", include_str!("../static/desk/desk.js")),
    ("watch.js", include_str!("../static/desk/watch.js")),
    ("picture.js", include_str!("../static/desk/picture.js")),
    ("told.js", include_str!("../static/desk/told.js")),
    ("write.js", include_str!("../static/desk/write.js")),
    ("cards.js", include_str!("../static/desk/cards.js")),
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

/// The stylesheet of the desk.
pub(in crate::web) const DESK_CSS: &str = include_str!("../static/desk.css");

/// GET /static/desk.css
pub(super) async fn desk_css(RawQuery(query): RawQuery) -> Response {
    static_files::answer("desk.css", query.as_deref(), static_files::CSS, DESK_CSS)
}

/// GET /static/desk/{name}
pub(super) async fn script(
    service: State<Service>,
    client: Client,
    name: Option<Path<String>>,
    RawQuery(query): RawQuery,
) -> Response {
    let named = name.and_then(|Path(name)| SCRIPTS.iter().find(|(known, _)| *known == name));
    let Some((name, source)) = named else {
        return not_found(service, client).await;
    };
    let file = format!("desk/{name}");
    static_files::answer(&file, query.as_deref(), static_files::JAVASCRIPT, source)
}
