//! Who is signed in.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::header::{HeaderMap, HeaderName};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::error::DeskError;
use super::{cookie, error};
use crate::accounts::session::{self, Session};
use crate::domain::{Actor, NewsletterId, Role};
use crate::service::Service;
use crate::web::client_ip;

/// The page where one signs in.
pub(super) const SIGN_IN: &str = "/desk/sign-in";
/// The page where one sets up an app that makes codes.
pub(super) const SET_UP: &str = "/desk/account/totp";
/// Where a person lands who named no other page.
pub(super) const HOME: &str = "/desk";

/// The person who is signed in. A handler that takes it is for such people alone: others are sent to sign in when
/// they open a page; a form or a part of a page gets an answer that leaves what was typed where it is.
#[derive(Debug, Clone)]
pub(in crate::web) struct SignedIn(pub(in crate::web) Session);

impl SignedIn {
    /// The person as the one who acts.
    pub(in crate::web) fn actor(&self) -> Actor {
        self.0.editor.actor()
    }

    /// The person as the one who acts in a newsletter, if the role there is at least `role`.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] without any role in that newsletter, so that identifiers reveal nothing;
    /// [`DeskError::NotAllowed`] below the role.
    pub(in crate::web) fn require(
        &self,
        newsletter: NewsletterId,
        role: Role,
    ) -> Result<Actor, DeskError> {
        match self.0.editor.roles.in_newsletter(newsletter) {
            None => Err(DeskError::NotFound),
            Some(has) if has < role => Err(DeskError::NotAllowed(role)),
            Some(_) => Ok(self.actor()),
        }
    }

    /// The person as the one who acts, if an owner of all newsletters: for people, tokens and the log.
    ///
    /// # Errors
    /// [`DeskError::NotAllowed`].
    pub(in crate::web) fn require_owner(&self) -> Result<Actor, DeskError> {
        if self.0.editor.roles.is_owner_everywhere() {
            Ok(self.actor())
        } else {
            Err(DeskError::NotAllowed(Role::Owner))
        }
    }
}

impl FromRequestParts<Service> for SignedIn {
    type Rejection = DeskError;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, DeskError> {
        match parts.extensions.get::<Session>() {
            Some(session) if session.needs_second_factor && !is_own(parts.uri.path()) => {
                Err(DeskError::SecondFactor)
            }
            Some(session) => Ok(Self(session.clone())),
            None => Err(signed_out(parts)),
        }
    }
}

/// The same, where somebody may also be signed out.
impl axum::extract::OptionalFromRequestParts<Service> for SignedIn {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &Service,
    ) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Session>().cloned().map(Self))
    }
}

/// The pages on which somebody sets up the app, or leaves.
fn is_own(path: &str) -> bool {
    path.starts_with(SET_UP) || path.starts_with("/desk/sign-out")
}

fn signed_out(parts: &Parts) -> DeskError {
    // In a frame nobody can sign in: it takes no form.
    let purpose = parts.headers.get("sec-fetch-dest");
    let in_frame = purpose.is_some_and(|purpose| purpose == "iframe");
    let is_page =
        matches!(parts.method, Method::GET | Method::HEAD) && !is_htmx(&parts.headers) && !in_frame;
    let next = parts.uri.path_and_query().map(ToString::to_string);
    DeskError::SignedOut(next.filter(|_| is_page))
}

/// Whether htmx asks for a part of a page.
pub(super) fn is_htmx(headers: &HeaderMap) -> bool {
    headers.contains_key(HeaderName::from_static("hx-request"))
}

/// Whether a path is one of the desk.
pub(in crate::web) fn is_desk(path: &str) -> bool {
    let rest = path.strip_prefix(HOME);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A page of the desk, if `asked` is the path of one: never another site.
pub(super) fn local_path(asked: &str) -> &str {
    let path = asked.split('?').next().unwrap_or_default();
    let is_plain = !asked.contains(['\\', '\r', '\n', '\0']) && !asked.contains("//");
    if is_desk(path) && is_plain {
        asked
    } else {
        HOME
    }
}

/// Finds the session of each request, and keeps it for [`SignedIn`].
pub(super) async fn of_request(
    State(service): State<Service>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(cookie) = cookie::value(&service, request.headers()) {
        match session::find(&service, &cookie).await {
            Ok(Some(session)) => {
                request.extensions_mut().insert(session);
            }
            Ok(None) => {}
            Err(error) => {
                let language = client_ip::language(request.headers());
                return error::page(&service, language, &DeskError::Store(error), &request);
            }
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::{HOME, local_path};

    #[test]
    fn one_goes_on_to_pages_of_the_desk_alone() {
        for path in ["/desk", "/desk/issues/1?x=2", "/desk?a=b"] {
            assert_eq!(local_path(path), path);
        }
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example/desk",
            "/desk.evil.example",
            "/desk//evil.example",
            "/\\evil.example",
            "/desk/\r\nSet-Cookie: a=b",
            "/subscribe",
        ] {
            assert_eq!(local_path(elsewhere), HOME, "{elsewhere}");
        }
    }
}
