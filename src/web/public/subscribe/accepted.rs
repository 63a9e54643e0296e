//! The page after a sign-up.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::guard;
use super::view::{FormView, action_of, allow_sites, layout_of, with_proof_of_work};
use crate::domain::{EmailAddress, Newsletter, readable_address};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::texts::{TextOverrides, text};
use crate::web::pages::{Accepted, AddressLimits};
use crate::web::public::layout::private;
use crate::web::public::signup_cookie;

/// What the mail is about, whether one is sent or not.
pub(super) struct Mailed {
    pub(super) address: EmailAddress,
    /// The newsletter in whose name it comes.
    pub(super) first: Newsletter,
    /// How many more there are to confirm.
    pub(super) others: usize,
}

/// The answer to a sign-up: our page, or a redirect to the page that the other site named. The answer
/// is the same whatever is known of the address.
pub(super) async fn accepted(
    service: &Service,
    view: &FormView<'_>,
    Mailed {
        address,
        first,
        others,
    }: Mailed,
) -> Result<Response, StoreError> {
    let (newsletter, form, language) = (view.newsletter, view.form, view.language);
    if let Some(address) = newsletter.answer_at(&form.return_to)
        && !form.embedded
    {
        let redirect = Redirect::to(address.as_str());
        return Ok(private(redirect.into_response()));
    }
    let mut db = service.store.read().await?;
    let overrides = store::newsletter::text_override::of(&mut db, first.id, language).await?;
    drop(db);
    let title = ("newsletter", first.title.as_str().into());
    let words = TextOverrides::of(language, &overrides);
    let subject = match others {
        _ if first.safety_mode => text(language, "safety-confirmation-subject", &[]),
        0 => words.say(language, "confirmation-subject", &[title]),
        _ => {
            let values = [title, ("others", others.into())];
            words.say(language, "confirmation-subject-several", &values)
        }
    };
    let guard = guard::fresh(service).await?;
    let page = Accepted {
        email: &readable_address(form.email.trim()),
        sender: &first.sender_name,
        sender_address: first.sender_address.to_string(),
        subject,
        action: &action_of(newsletter, form),
        typed: &form.typed,
        guard: &guard,
        mailbox: form.mailbox,
        limits: AddressLimits::of(&service.settings.signup),
    };
    let layout = layout_of(newsletter, language, form).here(String::new());
    let answer = with_proof_of_work(&guard, layout.answer(StatusCode::OK, &page));
    let mut answer = private(allow_sites(newsletter, form, answer));
    // A page of another site could make a visitor's browser send a form.
    if !form.elsewhere && !form.embedded {
        let cookie = signup_cookie::issue(service, &address);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().insert(SET_COOKIE, cookie);
        }
    }
    Ok(answer)
}
