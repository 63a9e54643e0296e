//! Signing in, the own account, people, tokens, and the audit log.

mod codes;
mod log;
mod log_csv;
mod log_words;
mod own;
mod people;
mod person;
mod signing_in;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use super::{DeskError, SignedIn};
use crate::accounts::Refused;
use crate::domain::{Language, Newsletter};
use crate::service::Service;
use crate::texts::text;

/// The routes.
pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route(
            "/desk/sign-in",
            get(signing_in::show).post(signing_in::submit),
        )
        .route("/desk/sign-in/code", post(signing_in::submit_code))
        .route("/desk/sign-out", post(signing_in::sign_out))
        .route(
            "/desk/sign-out-everywhere",
            post(signing_in::sign_out_everywhere),
        )
        .route(
            "/desk/forgot",
            get(signing_in::forgot).post(signing_in::mail_reset),
        )
        .route(
            "/desk/invitation/{token}",
            get(signing_in::show_invitation).post(signing_in::accept_invitation),
        )
        .route(
            "/desk/reset/{token}",
            get(signing_in::show_reset).post(signing_in::reset),
        )
        .route(own::ACCOUNT, get(own::show).post(own::save))
        .route("/desk/account/password", post(own::change_password))
        .route("/desk/account/totp", get(codes::show).post(codes::turn_on))
        .route("/desk/account/totp/off", post(codes::turn_off))
        .route("/desk/account/recovery-codes", post(codes::renew))
        .route("/desk/people", get(people::list).post(people::invite))
        .route("/desk/people/log", get(log::show))
        .route("/desk/people/log.csv", post(log_csv::send))
        .route("/desk/people/tokens", get(tokens::list).post(tokens::make))
        .route("/desk/people/tokens/{id}/revoke", post(tokens::revoke))
        .route("/desk/people/{id}", get(person::show))
        .route("/desk/people/{id}/role", post(person::set_role))
        .route("/desk/people/{id}/invite", post(person::invite_again))
        .route("/desk/people/{id}/totp-off", post(person::turn_codes_off))
        .route("/desk/people/{id}/remove", post(person::remove))
}

/// The time zone of what a person sees that belongs to no newsletter: that of the first newsletter in which there is
/// a role.
fn zone_of(signed_in: &SignedIn, newsletters: &[Newsletter]) -> String {
    let roles = &signed_in.0.editor.roles;
    let mut all = newsletters.iter();
    let theirs = all.find(|one| roles.in_newsletter(one.id).is_some());
    theirs.map_or("UTC", Newsletter::zone_name).to_owned()
}

/// Why a step with an account was refused, in the person's language.
fn said(language: Language, refused: Refused) -> DeskError {
    let key = match refused {
        Refused::Store(error) => return error.into(),
        Refused::NoEditor => return DeskError::NotFound,
        Refused::SignedOut => return DeskError::SignedOut(None),
        Refused::Taken => "desk-people-taken",
        Refused::LastOwner => "desk-people-last-owner",
        Refused::BadName => "desk-people-bad-name",
        Refused::WrongPassword | Refused::Limited(_) => "desk-proof-wrong",
        Refused::WrongCode => "desk-sign-in-code",
        Refused::TotpRequired => "desk-totp-required",
        Refused::Weak(_) | Refused::BadLink => "desk-error-invalid-advice",
    };
    DeskError::Invalid(text(language, key, &[]))
}
