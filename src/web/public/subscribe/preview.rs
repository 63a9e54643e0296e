//! The sign-up form as its newsletter's editors look at it.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;

use super::form::Form;
use super::view::{FormView, layout_of, page_of_form};
use crate::domain::{Language, Newsletter};
use crate::links::Links;
use crate::web::pages::{FormGuard, SubscribeErrors};

/// Nothing can be sent, and no script runs; the page that frames it may look how far it is scrolled.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: data:; \
    sandbox allow-same-origin; frame-ancestors 'self'";

/// The form of a newsletter as it would be, whether it is saved or not, with all its fields and this picture.
pub(in crate::web) fn preview(
    links: &Links,
    newsletter: &Newsletter,
    language: Language,
    logo: Option<&str>,
) -> Response {
    let fields = [
        ("newsletter", newsletter.slug.as_str()),
        ("asked", newsletter.slug.as_str()),
    ];
    let form = Form::parse(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let view = FormView {
        links,
        newsletter,
        all: std::slice::from_ref(newsletter),
        language,
        form: &form,
    };
    let guard = FormGuard::default();
    let layout = layout_of(newsletter, language, &form).with_logo(newsletter, logo);
    let errors = SubscribeErrors::default();
    let mut answer = page_of_form(&view, errors, &guard, &layout, StatusCode::OK);
    let policy = HeaderValue::from_static(POLICY);
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    answer
}
