//! Sending an issue, watching it go out, and what became of it.

mod act;
mod failed;
mod live;
mod report;
mod send;
mod trigger;
mod watch;
mod web_page;
mod words;

pub(in crate::web::desk) use send::planned;

use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::service::Service;
use live::Hub;

/// The routes of an issue that is to be sent, is being sent, or was sent.
pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route(
            "/desk/issues/{id}/send",
            get(send::show).post(trigger::trigger),
        )
        .route("/desk/issues/{id}/approve", post(act::approve))
        .route("/desk/issues/{id}/ask-approval", post(act::ask_approval))
        .route("/desk/issues/{id}/take-back", post(act::take_back))
        .route("/desk/issues/{id}/watch", get(watch::show))
        .route("/desk/issues/{id}/events", get(live::events))
        .route("/desk/issues/{id}/pause", post(act::pause))
        .route("/desk/issues/{id}/resume", post(act::resume))
        .route("/desk/issues/{id}/cancel", post(act::cancel))
        .route("/desk/issues/{id}/hide", post(act::hide))
        .route("/desk/issues/{id}/unhide", post(act::unhide))
        .route("/desk/issues/{id}/throw-away", post(act::throw_away))
        .route("/desk/issues/{id}/report", get(report::show))
        .route("/desk/issues/{id}/report.csv", get(report::csv))
        .route("/desk/issues/{id}/failed", get(failed::show))
        .route("/desk/issues/{id}/retry", post(act::retry))
        .route("/desk/issues/{id}/erratum", post(act::erratum))
        .layer(Extension(Hub::default()))
}
