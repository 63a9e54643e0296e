//! A form with a file.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;

use crate::service::Service;
use crate::web::desk::csrf::{self, FIELD};
use crate::web::desk::{DeskError, SignedIn};
use crate::web::request_body::MAX_FORM_OCTETS;

/// The fields of a `multipart/form-data` form that has come from a page of the signed-in person. Of a repeated field
/// the last one counts.
#[derive(Debug, Default)]
pub(super) struct CsrfUpload {
    pub(super) fields: BTreeMap<String, String>,
    /// The octets of the file, if one was chosen.
    pub(super) file: Option<Vec<u8>>,
}

impl CsrfUpload {
    /// A field; empty when it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

impl FromRequest<Service> for CsrfUpload {
    type Rejection = DeskError;

    async fn from_request(request: Request, service: &Service) -> Result<Self, DeskError> {
        let (mut parts, body) = request.into_parts();
        let signed_in = SignedIn::from_request_parts(&mut parts, service).await?;
        // The whole of it first: what is too large is said before its parts are looked at.
        let whole = Request::from_parts(parts.clone(), body);
        let whole = Bytes::from_request(whole, service).await;
        let whole = whole.map_err(|refused| DeskError::Unreadable(refused.status()))?;
        if whole.len() > MAX_FORM_OCTETS {
            return Err(DeskError::Unreadable(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let unreadable = |_| DeskError::Unreadable(StatusCode::BAD_REQUEST);
        let request = Request::from_parts(parts, Body::from(whole));
        let form = Multipart::from_request(request, service).await;
        let mut form =
            form.map_err(|_| DeskError::Unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            let octets = field.bytes().await.map_err(unreadable)?;
            if !is_file {
                let text = String::from_utf8_lossy(&octets).into_owned();
                upload.fields.insert(name, text);
            } else if !octets.is_empty() {
                upload.file = Some(octets.to_vec());
            }
        }
        csrf::check(service, &signed_in, upload.field(FIELD))?;
        Ok(upload)
    }
}
