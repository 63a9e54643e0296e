//! What the desk answers when something does not work: a page, or a fragment for htmx.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use url::form_urlencoded;

use super::signed_in::{SET_UP, SIGN_IN, is_htmx};
use crate::accounts::session::Session;
use crate::domain::{Language, Role};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::StoreError;
use crate::web::client_ip;
use crate::web::pages::{self, DeskErrorPage, DeskFault};
use crate::web::public::{PageLayout, private, retry_after};

/// Why a request of the desk was not done.
#[derive(Debug, thiserror::Error)]
pub(in crate::web) enum DeskError {
    /// Nobody is signed in; with the page that was asked for, unless it was a form or a part of a page.
    #[error("nobody is signed in")]
    SignedOut(Option<String>),
    /// The service asks everybody for codes, and this person has no app yet.
    #[error("an app that makes codes is needed first")]
    SecondFactor,
    /// The role is not enough; with the one that is needed.
    #[error("this needs the role {0}")]
    NotAllowed(Role),
    /// There is no such thing, or none that this person may know of.
    #[error("not found")]
    NotFound,
    /// The page does not know the method.
    #[error("wrong method")]
    WrongMethod,
    /// It did not come from a page of ours, or from one that was open for too long.
    #[error("not from a page of the desk")]
    Forged,
    /// A body that is no form, or is too large, with its status.
    #[error("the body cannot be read")]
    Unreadable(StatusCode),
    /// Somebody else was faster, or the state is another one: said in the person's language.
    #[error("{0}")]
    Conflict(String),
    /// What was typed does not fit: said in the person's language.
    #[error("{0}")]
    Invalid(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl DeskError {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut(Some(_)) | Self::SecondFactor => StatusCode::SEE_OTHER,
            Self::SignedOut(None) => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unreadable(status) => *status,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Store(error) if error.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn fault(&self) -> DeskFault {
        match self {
            Self::SignedOut(_) | Self::SecondFactor => DeskFault::SignedOut,
            Self::NotAllowed(_) => DeskFault::NotAllowed,
            Self::NotFound => DeskFault::NotFound,
            Self::Forged => DeskFault::Forged,
            Self::Unreadable(StatusCode::PAYLOAD_TOO_LARGE) => DeskFault::TooLarge,
            Self::Unreadable(_) | Self::WrongMethod => DeskFault::Unreadable,
            Self::Conflict(_) => DeskFault::Conflict,
            Self::Invalid(_) => DeskFault::Invalid,
            Self::Store(error) if error.is_transient() => DeskFault::Unavailable,
            Self::Store(_) | Self::Internal(_) => DeskFault::Internal,
        }
    }

    /// What was said about this case; empty where the fault's own words are enough.
    fn detail(&self) -> &str {
        match self {
            Self::Conflict(said) | Self::Invalid(said) => said,
            _ => "",
        }
    }

    fn log(&self) {
        match self {
            Self::Store(error) if error.is_transient() => {
                failures::warn("the desk answered 503", error);
            }
            Self::Store(_) | Self::Internal(_) => {
                failures::error("the desk answered 500", self);
            }
            _ => {}
        }
    }
}

/// In the extensions of an answer: what [`in_words`] makes a page of.
#[derive(Clone)]
struct Unanswered(Arc<DeskError>);

impl IntoResponse for DeskError {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(Unanswered(Arc::new(self)));
        answer
    }
}

pub(super) async fn wrong_method() -> DeskError {
    DeskError::WrongMethod
}

/// How an error is to be shown to whoever sent the request.
#[derive(Debug, Clone, Copy)]
struct Form {
    language: Option<Language>,
    htmx: bool,
}

impl Form {
    fn of(request: &Request, language: Option<Language>) -> Self {
        let session = request.extensions().get::<Session>();
        let own = session.map(|session| session.editor.language);
        Self {
            language: own.or(language),
            htmx: is_htmx(request.headers()),
        }
    }
}

/// Gives the errors of handlers their words.
pub(super) async fn in_words(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let form = Form::of(&request, client_ip::language(request.headers()));
    let mut answer = next.run(request).await;
    match answer.extensions_mut().remove::<Unanswered>() {
        Some(Unanswered(error)) => render(&service, form, &error),
        None => answer,
    }
}

/// A path of the desk that there is not.
pub(in crate::web) fn not_found(
    service: &Service,
    language: Option<Language>,
    request: &Request,
) -> Response {
    private(page(service, language, &DeskError::NotFound, request))
}

/// The answer for an error, before there is a handler.
pub(super) fn page(
    service: &Service,
    language: Option<Language>,
    error: &DeskError,
    request: &Request,
) -> Response {
    render(service, Form::of(request, language), error)
}

fn render(service: &Service, form: Form, error: &DeskError) -> Response {
    error.log();
    if let DeskError::SignedOut(Some(next)) = error {
        return to_sign_in(next);
    }
    if let DeskError::SecondFactor = error {
        let mut answer = StatusCode::SEE_OTHER.into_response();
        let to = HeaderValue::from_static(SET_UP);
        answer.headers_mut().insert(LOCATION, to);
        return answer;
    }
    let language = form
        .language
        .unwrap_or(service.settings.newsletter.language);
    let page = DeskErrorPage {
        status: error.status().as_u16(),
        fault: error.fault(),
        detail: error.detail(),
    };
    let answer = show(language, form.htmx, &page);
    match error.status() {
        StatusCode::SERVICE_UNAVAILABLE => retry_after(answer, 5),
        _ => answer,
    }
}

/// The page, or a part of one for htmx; neither needs the database.
fn show(language: Language, htmx: bool, page: &DeskErrorPage<'_>) -> Response {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !htmx {
        return PageLayout::bare(language).answer(status, page);
    }
    match pages::render_desk_error(language, page) {
        Ok(fragment) => (status, Html(fragment)).into_response(),
        Err(broken) => {
            tracing::error!(error = %broken, "a fragment could not be rendered");
            crate::web::public::plain_error()
        }
    }
}

/// What the desk answers while the schema is upgraded.
pub(in crate::web) fn upgrading(language: Language, headers: &HeaderMap, seconds: u32) -> Response {
    let page = DeskErrorPage {
        status: StatusCode::SERVICE_UNAVAILABLE.as_u16(),
        fault: DeskFault::Upgrading,
        detail: "",
    };
    private(retry_after(
        show(language, is_htmx(headers), &page),
        seconds.into(),
    ))
}

/// 303 to the page where one signs in, and from there on to `next`.
fn to_sign_in(next: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    let mut answer = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(&format!("{SIGN_IN}?{query}")) {
        answer.headers_mut().insert(LOCATION, to);
    }
    answer
}
