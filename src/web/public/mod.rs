//! The pages for visitors and subscribers.

mod archive;
pub(super) mod assets;
mod confirm;
mod consent_audit;
pub(super) mod errors;
mod form_body;
pub(super) mod health;
mod layout;
mod preferences;
mod privacy;
mod signup_cookie;
mod subscribe;
mod unsubscribe;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{get, post};
use tower::util::MapResponseLayer;

pub(super) use errors::{not_found, plain as plain_error, store as store_error_page};
pub(super) use layout::{HeadedPage, PageLayout, PageQuery, private, retry_after};
pub(super) use subscribe::preview as signup_preview;

use self::privacy::{address_change, my_data};
use super::api;
use super::demo::with_banner;
use super::page_cache::{self, PageCaches};
use crate::service::Service;

/// The routes. In a demo, pages are kept with its banner.
pub(super) fn routes(caches: PageCaches, in_demo: bool) -> Router<Service> {
    let PageCaches {
        forms,
        fixed,
        negotiated,
        ..
    } = caches;
    let with_banner = |routes: Router<Service>| match in_demo {
        true => routes.route_layer(map_response(with_banner)),
        false => routes,
    };
    let of_archive = with_banner(fixed_routes())
        .route_layer(from_fn_with_state(fixed, page_cache::serve_archive));
    with_banner(negotiated_routes())
        .route_layer(from_fn_with_state(negotiated, page_cache::serve_archive))
        .merge(
            with_banner(form_routes())
                .route_layer(from_fn_with_state(forms, page_cache::serve_form)),
        )
        .merge(own_routes())
        .method_not_allowed_fallback(errors::wrong_method)
        .layer(MapResponseLayer::new(page_cache::vary_by_language))
        .merge(of_archive)
}

/// The archive's pages in the visitor's language.
fn negotiated_routes() -> Router<Service> {
    Router::new()
        .route("/archive", get(archive::home))
        .route("/search", get(archive::search))
}

/// The archive's pages in the language of a newsletter, and files.
fn fixed_routes() -> Router<Service> {
    Router::new()
        .route("/archive/{newsletter}", get(archive::index))
        .route("/archive/{newsletter}/feed.xml", get(archive::feed))
        .route("/archive/{newsletter}/{slug}", get(archive::issue))
        .route("/archive/{newsletter}/{slug}/card.png", get(archive::card))
        .route("/sitemap.xml", get(archive::sitemap))
        .route("/sitemap/{part}", get(archive::sitemap_part))
        .route("/robots.txt", get(archive::robots_txt))
        .method_not_allowed_fallback(errors::wrong_method)
}

/// The sign-up forms.
fn form_routes() -> Router<Service> {
    Router::new()
        .route("/", get(subscribe::show))
        .route("/subscribe", get(subscribe::show).post(subscribe::submit))
        .route(
            "/embed/{newsletter}",
            get(subscribe::embedded_form).post(subscribe::embedded_submit),
        )
}

/// The pages that are rendered for one visitor, in the visitor's language, and small files.
fn own_routes() -> Router<Service> {
    Router::new()
        .route("/confirm/{token}", get(confirm::show).post(confirm::submit))
        .route(
            "/confirm/{token}/decline",
            get(confirm::show).post(confirm::decline),
        )
        .route("/declined/undo", post(confirm::undo_decline))
        .route(
            "/unsubscribe/{token}",
            get(unsubscribe::show).post(unsubscribe::submit),
        )
        .route("/undo/{token}", post(unsubscribe::undo))
        .route(
            "/preferences/{token}",
            get(preferences::show).post(preferences::save),
        )
        .route(
            "/preferences/{token}/data",
            get(my_data::show_request).post(my_data::mail_link),
        )
        .route("/my-data/{token}", get(my_data::show))
        .route("/my-data/{token}/my-data.json", get(my_data::json))
        .route("/my-data/{token}/my-data.txt", get(my_data::text))
        .route("/my-data/{token}/name", post(my_data::correct_name))
        .route("/my-data/{token}/address", post(my_data::change_address))
        .route("/my-data/{token}/erase", post(my_data::erase))
        .route(
            "/new-address/{token}",
            get(address_change::show).post(address_change::submit),
        )
        .route(
            "/new-address/{token}/decline",
            get(address_change::show).post(address_change::decline),
        )
        .route(
            "/consent-record",
            get(consent_audit::show).post(consent_audit::run),
        )
        .route("/static/site.css", get(assets::site_css))
        .route("/static/proof.js", get(assets::proof_js))
        .route("/static/altcha.js", get(assets::altcha_js))
        .route("/static/altcha-worker.js", get(assets::altcha_worker_js))
        .route("/static/mark.svg", get(assets::mark_svg))
        .route("/favicon.ico", get(assets::favicon_ico))
        .route("/apple-touch-icon.png", get(assets::apple_touch_icon_png))
        .route("/theme/{colour}", get(assets::theme))
        .route("/logo/{name}", get(assets::logo))
        .route("/picture/{name}", get(assets::picture))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(api::documents())
}
