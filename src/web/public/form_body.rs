//! The names and values of a form, in each of the two forms in which browsers send them.

use axum::Form;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::errors;
use super::layout::private;
use crate::domain::Language;
use crate::service::Service;
use crate::web::client_ip::language;

/// What a form says, in the order of its fields. What cannot be read is answered with a page.
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The value of one field; empty when it is missing.
    pub(super) fn value(self, wanted: &str) -> String {
        let mut fields = self.0.into_iter();
        let found = fields.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value).unwrap_or_default()
    }
}

impl FromRequest<Service> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Response> {
        let language = language(request.headers());
        let fields = read(request, service).await;
        or_page(fields, service, language).await.map(Self)
    }
}

/// A form of this shape. What cannot be read is answered with a page.
pub(super) struct TypedForm<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequest<Service> for TypedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Response> {
        let language = language(request.headers());
        let form = Form::<T>::from_request(request, service).await;
        let form = form.map_err(|rejection| rejection.into_response().status());
        let Form(form) = or_page(form, service, language).await?;
        Ok(Self(form))
    }
}

/// A body of any kind. What is too large is answered with a page.
pub(super) struct AnyBody(pub(super) Bytes);

impl FromRequest<Service> for AnyBody {
    type Rejection = Response;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Response> {
        let language = language(request.headers());
        let body = Bytes::from_request(request, service).await;
        let body = body.map_err(|rejection| rejection.status());
        or_page(body, service, language).await.map(Self)
    }
}

/// What was read, or the page for the status.
async fn or_page<T>(
    read: Result<T, StatusCode>,
    service: &Service,
    language: Option<Language>,
) -> Result<T, Response> {
    match read {
        Ok(read) => Ok(read),
        Err(status) => Err(private(errors::page(service, language, status).await)),
    }
}

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
