//! Uploads of pictures.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, HeaderMap};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::layout::{DeskLayout, Section};
use super::pages::DeskPage;
use super::{DeskError, SignedIn, csrf};
use crate::domain::{Language, Role};
use crate::log_limiter::failures;
use crate::publish::{self, MAX_PICTURE_OCTETS, PictureError, PictureView, Unfit};
use crate::service::Service;
use crate::texts::{TextValue, text};
use crate::web::request_body;

/// What the other fields and the marks between them may have.
const ROOM_FOR_FIELDS: usize = 64 * 1024;

#[derive(Serialize)]
struct Kept {
    picture: PictureView,
}

impl DeskPage for Kept {
    const TEMPLATE: &'static str = "desk/picture.html";
}

/// What a form has.
#[derive(Default)]
struct Upload {
    csrf: String,
    url: String,
    file: Vec<u8>,
}

/// POST /desk/pictures: a form with `csrf`, and `file` or `url`. Scripts get JSON.
pub(super) async fn add(
    State(service): State<Service>,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response, DeskError> {
    let language = signed_in.0.editor.language;
    let as_json = wants_json(request.headers());
    match keep(&service, &signed_in, request).await {
        Ok(picture) if as_json => Ok((StatusCode::CREATED, Json(picture)).into_response()),
        Ok(picture) => {
            let layout = DeskLayout::new(&signed_in, Section::Issues);
            Ok(layout.answer(StatusCode::CREATED, &Kept { picture }))
        }
        Err(DeskError::Invalid(detail)) if as_json => Ok(refused(&detail)),
        Err(DeskError::Unreadable(StatusCode::PAYLOAD_TOO_LARGE)) if as_json => {
            let detail = text(language, "desk-upload-too-long", &[]);
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            Ok((status, Json(json!({ "detail": detail }))).into_response())
        }
        Err(error) => Err(error),
    }
}

fn refused(detail: &str) -> Response {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    (status, Json(json!({ "detail": detail }))).into_response()
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("application/json"))
}

async fn keep(
    service: &Service,
    signed_in: &SignedIn,
    request: Request,
) -> Result<PictureView, DeskError> {
    // Whoever may write in any newsletter may bring pictures.
    if signed_in.0.editor.roles.highest() < Some(Role::Editor) {
        return Err(DeskError::NotAllowed(Role::Editor));
    }
    let upload = read(service, request).await?;
    csrf::check(service, signed_in, &upload.csrf)?;
    let actor = signed_in.actor();
    let kept = if upload.file.is_empty() && !upload.url.trim().is_empty() {
        publish::fetch_picture(service, &upload.url, &actor).await
    } else {
        publish::keep_picture(service, upload.file, &actor).await
    };
    kept.map_err(|error| in_words(signed_in.0.editor.language, error))
}

/// Reads the whole form first: a browser that is still sending does not see an answer.
async fn read(service: &Service, request: Request) -> Result<Upload, DeskError> {
    let (parts, body) = request.into_parts();
    let limit = MAX_PICTURE_OCTETS + ROOM_FOR_FIELDS;
    let body = request_body::whole(service, limit, body).await;
    let body = body.map_err(DeskError::Unreadable)?;
    let header = parts.headers.get(csrf::HEADER);
    let mut upload = Upload {
        csrf: header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        ..Upload::default()
    };
    let request = Request::from_parts(parts, body.into());
    let form = Multipart::from_request(request, service).await;
    let mut form = form.map_err(|_| DeskError::Unreadable(StatusCode::BAD_REQUEST))?;
    let broken = |_| DeskError::Unreadable(StatusCode::BAD_REQUEST);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            csrf::FIELD => upload.csrf = field.text().await.map_err(broken)?,
            "url" => upload.url = field.text().await.map_err(broken)?,
            "file" => upload.file = field.bytes().await.map_err(broken)?.to_vec(),
            _ => {}
        }
    }
    Ok(upload)
}

fn in_words(language: Language, error: PictureError) -> DeskError {
    let say = |key: &str, values: &[(&str, TextValue<'_>)]| {
        DeskError::Invalid(text(language, &format!("desk-upload-{key}"), values))
    };
    match error {
        PictureError::Store(error) => DeskError::Store(error),
        PictureError::Bucket(error) => {
            failures::error("a picture could not be stored", &error);
            say("not-stored", &[])
        }
        PictureError::Interrupted | PictureError::NoBucket => say("interrupted", &[]),
        PictureError::NoAddress => say("no-address", &[]),
        PictureError::Fetch(_) => say("not-fetched", &[]),
        PictureError::Unfit(unfit) => match unfit {
            Unfit::Empty => say("empty", &[]),
            Unfit::TooLong => say("too-long", &[]),
            Unfit::Svg => say("svg", &[]),
            Unfit::Html => say("html", &[]),
            Unfit::Pdf => say("pdf", &[]),
            Unfit::Heic => say("heic", &[]),
            Unfit::Unknown => say("unknown", &[]),
            Unfit::Damaged => say("damaged", &[]),
            Unfit::TooManyPixels(width, height) => {
                let values = [("width", width.into()), ("height", height.into())];
                say("too-many-pixels", &values)
            }
        },
    }
}
