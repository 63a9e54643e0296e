//! `/api/v1`: JSON in, JSON out, errors as `application/problem+json`.

mod after_sending;
mod approval;
pub(in crate::web) mod auth;
mod checks;
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
mod paging;
mod pictures;
mod problem;
mod problem_kind;
mod protection;
mod query_parameters;
mod recipe;
mod retention;
mod scope;
mod sending;
mod subscribers;
mod subscriptions;
mod texts;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use docs::documents;
pub use docs::openapi;
pub(super) use problem::{in_form, upgrading};

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
        .routes(routes!(checks::list, checks::ask))
        .routes(routes!(sending::send))
        .routes(routes!(sending::unschedule))
        .routes(routes!(sending::pause))
        .routes(routes!(sending::resume))
        .routes(routes!(sending::cancel))
        .routes(routes!(sending::hide))
        .routes(routes!(sending::unhide))
        .routes(routes!(sending::deliveries))
        .routes(routes!(approval::approve, approval::show))
        .routes(routes!(after_sending::audience))
        .routes(routes!(after_sending::pace))
        .routes(routes!(after_sending::report))
        .routes(routes!(after_sending::retry_failed))
        .routes(routes!(after_sending::erratum))
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

/// The calls that read large bodies by themselves, once they know who asks.
fn upload_calls() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(pictures::add))
}

/// The routes of uploads, below `/api/v1`.
pub(super) fn uploads() -> Router<Service> {
    Router::from(upload_calls())
        .route_layer(axum::middleware::from_fn(query_parameters::refuse_unknown))
        .method_not_allowed_fallback(problem::wrong_method)
}

/// The routes, below `/api/v1`.
pub(super) fn routes(service: &Service) -> Router<Service> {
    // Its own answer to a wrong method lies below the layer, which answers OPTIONS.
    let signup = Router::from(signup_calls())
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(cors::of_trusted_sites(service.clone()));
    let scope = axum::middleware::from_fn_with_state(service.clone(), scope::keep);
    Router::from(calls())
        .route_layer(axum::middleware::from_fn(conditional::of_what_is_read))
        .route_layer(scope)
        .merge(signup)
        .route_layer(axum::middleware::from_fn_with_state(
            service.clone(),
            idempotency::once,
        ))
        .route_layer(axum::middleware::from_fn(query_parameters::refuse_unknown))
        .merge(docs::moved())
        .fallback(problem::no_such_call)
        .method_not_allowed_fallback(problem::wrong_method)
}

/// The routes of streams, below `/api/v1`.
pub(super) fn streams(service: &Service) -> Router<Service> {
    Router::from(stream_calls())
        .route_layer(axum::middleware::from_fn_with_state(
            service.clone(),
            scope::keep,
        ))
        .route_layer(axum::middleware::from_fn(query_parameters::refuse_unknown))
        .method_not_allowed_fallback(problem::wrong_method)
}
