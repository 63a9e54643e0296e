//! The editors' desk: pages below `/desk`, for people who are signed in.
//!
//! [`signed_in::of_request`] finds the session of each request once; the extractor [`SignedIn`] demands
//! it. A handler returns a [`DeskError`], and [`error::in_words`] makes a page of it, or a fragment for htmx,
//! in the language of the person.

mod above_mail;
mod accounts;
mod assets;
mod chart;
mod checks;
mod cookie;
pub(in crate::web) mod csrf;
pub(in crate::web) mod error;
mod find_issues;
mod fresh;
mod home;
mod issue_line;
mod issues;
pub(in crate::web) mod layout;
pub(in crate::web) mod pages;
mod pictures;
pub(in crate::web) mod refusal;
mod sending;
mod settings;
pub(in crate::web) mod signed_in;
mod typed;
mod writing;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::REFERRER_POLICY;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::set_header::SetResponseHeaderLayer;

pub(in crate::web) use assets::{DESK_CSS, SCRIPTS};
pub(in crate::web) use cookie::set as session_cookie;
pub(in crate::web) use csrf::CsrfForm;
pub(in crate::web) use error::DeskError;
pub(in crate::web) use signed_in::{SignedIn, is_desk};

use super::demo::sign_in;
use super::request_body::{self, Bounds};
use crate::domain::EditorId;
use crate::service::Service;

/// The routes. Bodies of forms are read up to the limit of forms.
///
/// In a demo, `demo_editor` is signed in.
pub(super) fn routes(service: &Service, demo_editor: Option<EditorId>) -> Router<Service> {
    let http = &service.settings.http;
    let bodies = from_fn_with_state(Bounds::of(http), request_body::buffer);
    let forms = from_fn_with_state(Bounds::of_forms(http), request_body::buffer);
    // With `no-referrer`, browsers would send `Origin: null` with our own forms.
    let referrer = HeaderValue::from_static("same-origin");
    let mut router = Router::new()
        .merge(
            form_routes()
                .merge(settings::routes())
                .merge(sending::routes())
                .layer(forms),
        )
        .merge(writing_routes().layer(bodies))
        .merge(upload_routes())
        .method_not_allowed_fallback(error::wrong_method);
    if let Some(editor) = demo_editor {
        let state = (service.clone(), editor);
        router = router.layer(from_fn_with_state(state, sign_in));
    }
    router
        .layer(csrf::from_own_pages(service))
        .layer(from_fn_with_state(service.clone(), error::in_words))
        .layer(from_fn_with_state(service.clone(), signed_in::of_request))
        .layer(SetResponseHeaderLayer::if_not_present(
            REFERRER_POLICY,
            referrer,
        ))
}

/// Pages and forms.
fn form_routes() -> Router<Service> {
    Router::new()
        .merge(accounts::routes())
        .route("/desk", get(home::show))
        .route("/desk/issues", get(issues::list))
        .route(
            "/desk/issues/new",
            get(issues::show_new).post(issues::begin),
        )
        .route(
            "/desk/issues/{id}/checks",
            get(checks::show).post(checks::ask),
        )
        .route("/desk/issues/{id}/preview", get(writing::show_preview))
        .route(
            "/desk/issues/{id}/test",
            get(writing::show_test_copies).post(writing::send_test_copy),
        )
        .route("/desk/issues/{id}/history", get(writing::show_history))
        .route(
            "/desk/issues/{id}/history/{number}",
            get(writing::look).post(writing::restore),
        )
}

/// Uploads, which read their bodies by themselves once they know who sends them.
fn upload_routes() -> Router<Service> {
    let limit = DefaultBodyLimit::disable();
    Router::new()
        .route("/desk/pictures", post(pictures::add))
        .layer(limit)
}

/// Stylesheet and scripts, which everybody may keep.
pub(super) fn files() -> Router<Service> {
    Router::new()
        .route("/static/desk.css", get(assets::desk_css))
        .route("/static/desk/{name}", get(assets::script))
}

/// The page of an issue, whose form is as large as an issue.
fn writing_routes() -> Router<Service> {
    Router::new().route(
        "/desk/issues/{id}/write",
        get(writing::show).post(writing::save),
    )
}
