//! Whoever opens the desk of a demo is signed in.

use axum::extract::{Request, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::accounts::session::{self, Session};
use crate::domain::{EditorId, Language};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::web::client_ip;
use crate::web::desk::session_cookie;
use crate::web::public::store_error_page;

/// Begins a session for who opens a page of the desk without one, and opens it again. The page where one signs
/// in stays: somebody may want to see it.
pub(in crate::web) async fn sign_in(
    State((service, editor)): State<(Service, EditorId)>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_desk = path == "/desk" || (path.starts_with("/desk/") && path != "/desk/sign-in");
    let is_signed_in = request.extensions().get::<Session>().is_some();
    if request.method() != Method::GET || !is_desk || is_signed_in {
        return next.run(request).await;
    }
    let language = client_ip::language(request.headers());
    let begun = match begin(&service, editor, language).await {
        Ok(begun) => begun,
        Err(error) => return store_error_page(&service, language, &error).await,
    };
    let to = request.uri().path_and_query().map(|path| path.as_str());
    let to = HeaderValue::from_str(to.unwrap_or("/desk"));
    match (to, session_cookie(&service, begun)) {
        (Ok(to), Some(cookie)) => (
            StatusCode::SEE_OTHER,
            [(LOCATION, to), (SET_COOKIE, cookie)],
        )
            .into_response(),
        _ => next.run(request).await,
    }
}

async fn begin(
    service: &Service,
    editor: EditorId,
    language: Option<Language>,
) -> Result<String, StoreError> {
    let mut tx = service.store.write().await?;
    if let (Some(language), Some(known)) = (
        language,
        store::accounts::editor::by_id(&mut tx, editor).await?,
    ) {
        let name = known.editor.name;
        store::accounts::editor::change(&mut tx, editor, &name, language).await?;
    }
    let begun = session::begin(service, &mut tx, editor, "demo").await?;
    tx.commit().await?;
    Ok(begun)
}
