//! `/api/v1`: JSON in, JSON out, errors as `application/problem+json`.

mod auth;
mod consent;
mod cors;
mod docs;
mod fields;
mod issues;
mod json;
mod newsletters;
mod problem;
mod retention;
mod sending;
mod subscribers;
mod subscriptions;
mod texts;

use axum::Router;
use axum::routing::{get, post, put};

pub use docs::openapi;
pub(super) use docs::{docs_page, openapi_json};
pub(super) use problem::in_form;

use crate::service::Service;

/// The routes, below `/api/v1`.
pub(super) fn routes(service: &Service) -> Router<Service> {
    // Its own answer to a wrong method lies below the layer, which answers OPTIONS.
    let signup = Router::new()
        .route("/subscriptions", post(subscriptions::create))
        .route("/challenge", get(subscriptions::challenge))
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(cors::of_trusted_sites(service.clone()));
    Router::new()
        .merge(signup)
        .route("/issues", get(issues::list).post(issues::create))
        .route("/issues/{id}", get(issues::show).patch(issues::edit))
        .route("/issues/{id}/preview", get(issues::preview))
        .route("/issues/{id}/variants", get(issues::variants))
        .route("/issues/{id}/test", post(issues::test))
        .route("/issues/{id}/send", post(sending::send))
        .route("/issues/{id}/pause", post(sending::pause))
        .route("/issues/{id}/resume", post(sending::resume))
        .route("/issues/{id}/cancel", post(sending::cancel))
        .route("/issues/{id}/deliveries", get(sending::deliveries))
        .route("/consent/verify", get(consent::verify))
        .route("/consent/proof", post(subscribers::proof))
        .route("/newsletters", get(newsletters::list))
        .route(
            "/newsletters/{slug}",
            get(newsletters::show).patch(newsletters::change),
        )
        .route(
            "/newsletters/{slug}/logo",
            put(newsletters::set_logo).delete(newsletters::remove_logo),
        )
        .route(
            "/newsletters/{slug}/fields",
            get(fields::show).put(fields::set),
        )
        .route("/newsletters/{slug}/texts", get(texts::list))
        .route(
            "/newsletters/{slug}/texts/{language}/{key}",
            put(texts::set).delete(texts::reset),
        )
        .route(
            "/newsletters/{slug}/texts/{language}/preview",
            post(texts::preview),
        )
        .route("/newsletters/{slug}/snippet", get(newsletters::snippet))
        .route("/retention", get(retention::log))
        .route("/subscribers/show", post(subscribers::show))
        .route("/subscribers/erase", post(subscribers::erase))
        .fallback(problem::no_such_call)
        .method_not_allowed_fallback(problem::wrong_method)
}

/// The routes that answer for as long as there is news.
pub(super) fn streams() -> Router<Service> {
    Router::new()
        .route("/issues/{id}/events", get(sending::events))
        .method_not_allowed_fallback(problem::wrong_method)
}
