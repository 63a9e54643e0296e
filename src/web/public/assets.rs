//! Static files, and files whose URL contains a hash of their content.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::errors;
use super::layout::NamesInPath;
use crate::domain::Accent;
use crate::log_limiter::failures;
use crate::publish::{self, PictureError};
use crate::service::Service;
use crate::store;
use crate::web::client_ip::Client;
use crate::web::pages::{
    ALTCHA_JS, ALTCHA_WORKER_JS, APPLE_TOUCH_ICON_PNG, FAVICON_ICO, MARK_SVG, PROOF_JS, SITE_CSS,
};
use crate::web::static_files::{self, IMMUTABLE, ONE_HOUR};

pub(in crate::web) async fn site_css(RawQuery(query): RawQuery) -> Response {
    static_files::answer("site.css", query.as_deref(), static_files::CSS, SITE_CSS)
}

pub(super) async fn proof_js(RawQuery(query): RawQuery) -> Response {
    let media_type = static_files::JAVASCRIPT;
    static_files::answer("proof.js", query.as_deref(), media_type, PROOF_JS)
}

/// A script that another script names, without a version.
fn script(source: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, static_files::JAVASCRIPT),
        (CACHE_CONTROL, ONE_HOUR),
    ];
    (headers, source)
}

pub(super) async fn altcha_js() -> impl IntoResponse {
    script(ALTCHA_JS)
}

pub(super) async fn altcha_worker_js() -> impl IntoResponse {
    script(ALTCHA_WORKER_JS)
}

fn icon(media_type: &'static str, octets: &'static [u8]) -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, ONE_HOUR)];
    (headers, octets)
}

pub(in crate::web) async fn mark_svg() -> impl IntoResponse {
    icon("image/svg+xml", MARK_SVG.as_bytes())
}

pub(in crate::web) async fn favicon_ico() -> impl IntoResponse {
    icon("image/vnd.microsoft.icon", FAVICON_ICO)
}

pub(super) async fn apple_touch_icon_png() -> impl IntoResponse {
    icon("image/png", APPLE_TOUCH_ICON_PNG)
}

/// The URL of the stylesheet with the colours of an accent: the policy forbids inline styles.
pub(super) fn theme_href(accent: Accent) -> String {
    format!("/theme/{}", accent.light().trim_start_matches('#'))
}

/// GET /theme/{colour}
pub(super) async fn theme(
    State(service): State<Service>,
    client: Client,
    NamesInPath([colour]): NamesInPath<1>,
) -> Response {
    let Ok(accent) = Accent::parse(&format!("#{colour}")) else {
        return errors::page(&service, client.language, StatusCode::NOT_FOUND).await;
    };
    let (light, dark) = (accent.light(), accent.dark());
    let (strong, strong_dark) = accent.strong();
    let css = format!(
        ":root{{--accent:{light};--band:{light};--accent-strong:{strong}}}\n\
         @media (prefers-color-scheme:dark){{:root{{--accent:{dark};--band:{dark};--accent-strong:{strong_dark}}}}}\n"
    );
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, IMMUTABLE),
    ];
    (headers, css).into_response()
}

/// GET /logo/{name}
pub(super) async fn logo(
    State(service): State<Service>,
    client: Client,
    NamesInPath([name]): NamesInPath<1>,
) -> Response {
    let found = async {
        // PostgreSQL takes no NUL in a text.
        if name.contains('\0') {
            return Ok(None);
        }
        store::newsletter::logo::by_name(&mut service.store.read().await?, &name).await
    };
    match found.await {
        Ok(Some((media_type, octets))) => {
            let headers = [
                (CONTENT_TYPE, media_type),
                (CACHE_CONTROL, IMMUTABLE.to_owned()),
            ];
            (headers, octets).into_response()
        }
        Ok(None) => errors::page(&service, client.language, StatusCode::NOT_FOUND).await,
        Err(error) => errors::store(&service, client.language, &error).await,
    }
}

/// GET /picture/{name}
pub(super) async fn picture(
    State(service): State<Service>,
    client: Client,
    NamesInPath([name]): NamesInPath<1>,
) -> Response {
    // A hash and an ending; PostgreSQL takes no NUL in a text.
    let fits = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    let found = match fits {
        true => publish::picture(&service, &name).await,
        false => Ok(None),
    };
    match found {
        Ok(Some(picture)) => {
            let headers = [
                (CONTENT_TYPE, picture.media_type),
                (CACHE_CONTROL, IMMUTABLE.to_owned()),
            ];
            (headers, picture.octets).into_response()
        }
        Ok(None) => errors::page(&service, client.language, StatusCode::NOT_FOUND).await,
        Err(PictureError::Store(error)) => errors::store(&service, client.language, &error).await,
        Err(error) => {
            failures::error("a picture could not be shown", &error);
            errors::come_back(&service, client.language)
        }
    }
}
