//! `/api/v1`: JSON in, JSON out, errors as `application/problem+json`.

mod auth;
mod conditional;
mod consent;
mod cors;
mod docs;
mod events;
mod fields;
mod idempotency;
mod issues;
mod json;
mod newsletters;
mod openapi_rules;
mod problem;
mod problem_kind;
mod protection;
mod query_parameters;
mod recipe;
mod retention;
mod sending;
mod subscribers;
mod subscriptions;
mod texts;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use docs::openapi;
pub(super) use docs::{docs_page, openapi_json};
pub(super) use problem::in_form;

use crate::service::Service;

/// The calls of a sign-up, which pages of trusted sites may make.
fn signup_calls() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(subscriptions::create))
        .routes(routes!(subscriptions::challenge))
}

/// Every other call. Calls of one path stand together.
fn calls() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(issues::list, issues::create))
        .routes(routes!(issues::show, issues::edit))
        .routes(routes!(issues::preview))
        .routes(routes!(issues::variants))
        .routes(routes!(issues::test))
        .routes(routes!(sending::send))
        .routes(routes!(sending::unschedule))
        .routes(routes!(sending::pause))
        .routes(routes!(sending::resume))
        .routes(routes!(sending::cancel))
        .routes(routes!(sending::deliveries))
        .routes(routes!(consent::verify))
        .routes(routes!(subscribers::proof))
        .routes(routes!(newsletters::list))
        .routes(routes!(newsletters::show, newsletters::change))
        .routes(routes!(newsletters::set_logo, newsletters::remove_logo))
        .routes(routes!(fields::show, fields::set))
        .routes(routes!(recipe::show, recipe::set, recipe::reset))
        .routes(routes!(texts::list))
        .routes(routes!(texts::set, texts::reset))
        .routes(routes!(texts::preview))
        .routes(routes!(newsletters::snippet))
        .routes(routes!(protection::counts))
        .routes(routes!(retention::log))
        .routes(routes!(subscribers::show))
        .routes(routes!(subscribers::erase))
}

/// The calls that answer for as long as there is news, and so have no time-out.
fn stream_calls() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(events::events))
}

/// The routes, below `/api/v1`.
pub(super) fn routes(service: &Service) -> Router<Service> {
    // Its own answer to a wrong method lies below the layer, which answers OPTIONS.
    let signup = Router::from(signup_calls())
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(cors::of_trusted_sites(service.clone()));
    Router::from(calls())
        .route_layer(axum::middleware::from_fn(conditional::of_what_is_read))
        .merge(signup)
        .route_layer(axum::middleware::from_fn_with_state(
            service.clone(),
            idempotency::once,
        ))
        .route_layer(axum::middleware::from_fn(query_parameters::refuse_unknown))
        .fallback(problem::no_such_call)
        .method_not_allowed_fallback(problem::wrong_method)
}

/// The routes of streams, below `/api/v1`.
pub(super) fn streams() -> Router<Service> {
    Router::from(stream_calls())
        .route_layer(axum::middleware::from_fn(query_parameters::refuse_unknown))
        .method_not_allowed_fallback(problem::wrong_method)
}
