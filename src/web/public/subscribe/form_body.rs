//! The names and values of a form, in each of the two forms in which browsers send them.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use url::form_urlencoded;

use crate::service::Service;

/// Reads a form that was sent as `application/x-www-form-urlencoded` or `multipart/form-data`.
///
/// # Errors
/// With the status that says what was wrong with the request.
pub(super) async fn read(
    request: Request,
    service: &Service,
) -> Result<Vec<(String, String)>, StatusCode> {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => {
            let body = Bytes::from_request(request, service).await;
            let body = body.map_err(|rejection| rejection.status())?;
            Ok(form_urlencoded::parse(&body).into_owned().collect())
        }
        "multipart/form-data" => multipart(request, service).await,
        _ => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
    }
}

async fn multipart(
    request: Request,
    service: &Service,
) -> Result<Vec<(String, String)>, StatusCode> {
    let parts = Multipart::from_request(request, service).await;
    let mut parts = parts.map_err(|rejection| rejection.status())?;
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| error.status())? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.text().await.map_err(|error| error.status())?;
        fields.push((name, value));
    }
    Ok(fields)
}
