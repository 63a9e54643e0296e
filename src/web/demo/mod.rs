//! What `xabar demo` has besides the service: a start page, a mailbox, and a banner on every page.
//! `xabar serve` has none of it.

mod banner;
mod desk;
mod mailbox;
mod mailbox_pages;
mod start;

use axum::Router;
use axum::extract::FromRef;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

pub(super) use banner::with_banner;
pub(super) use desk::sign_in;
pub use mailbox::{CaughtMail, MailView, Mailbox, read};

use super::{client_ip, pages};
use crate::domain::{EditorId, IssueId, Language};
use crate::service::Service;

/// The domain of the sample readers. Who tries the demo has an address elsewhere.
pub const SAMPLE_DOMAIN: &str = "sample.example";

/// What the pages of a demo show and send.
#[derive(Debug, Clone, Default)]
pub struct Demo {
    /// Where its mails are.
    pub mailbox: Mailbox,
    /// The sample issues that a button sends, one of each newsletter.
    pub samples: Vec<IssueId>,
    /// Who is signed in at the desk.
    pub editor: Option<EditorId>,
}

#[derive(Clone)]
struct DemoState {
    service: Service,
    demo: Demo,
}

impl FromRef<DemoState> for Mailbox {
    fn from_ref(state: &DemoState) -> Self {
        state.demo.mailbox.clone()
    }
}

/// The routes of the demo.
pub(super) fn routes(service: Service, demo: Demo) -> Router {
    Router::new()
        .route("/demo", get(start::show))
        .route("/demo/send", post(start::send).layer(CsrfLayer::new()))
        .route("/demo/mailbox.js", get(mailbox_script))
        .route("/mailbox", get(mailbox_pages::list))
        .route("/mailbox.json", get(mailbox_pages::list_json))
        .route("/mailbox/karakoul.png", get(picture))
        .route("/mailbox/{id}", get(mailbox_pages::show))
        .route("/mailbox/{id}/html", get(mailbox_pages::html))
        .with_state(DemoState { service, demo })
}

/// The language of a page: what its URL says, or else the visitor's.
fn language(chosen: Option<&str>, headers: &HeaderMap) -> Language {
    let chosen = chosen.and_then(|tag| Language::from_tag(tag).ok());
    chosen
        .or_else(|| client_ip::language(headers))
        .unwrap_or(Language::Fr)
}

async fn mailbox_script() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (headers, pages::MAILBOX_JS)
}

/// The image of the sample issues, so that the demo loads nothing from other sites.
async fn picture() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/png")], pages::SAMPLE_PICTURE)
}
