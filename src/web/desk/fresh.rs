//! A fresh proof of who sits there, before what cannot be undone.
//!
//! A form that needs one includes `desk/_proof.html` with [`ask`] as its `ask`, and has the field `proof`.

use super::{DeskError, SignedIn};
use crate::accounts::{self, Refused, proof};
use crate::service::Service;
use crate::texts::text;

/// Whether the form must ask for the password or a code.
pub(in crate::web) fn ask(service: &Service, signed_in: &SignedIn) -> bool {
    !proof::is_fresh(service, &signed_in.0)
}

/// Demands a proof that is no older than five minutes: that of the session, or the one just given.
///
/// # Errors
/// [`DeskError::Invalid`] when there is none or it is wrong, in the person's language.
pub(in crate::web) async fn require(
    service: &Service,
    signed_in: &SignedIn,
    given: &str,
) -> Result<(), DeskError> {
    if !ask(service, signed_in) {
        return Ok(());
    }
    let language = signed_in.0.editor.language;
    if given.is_empty() {
        return Err(DeskError::Invalid(text(
            language,
            "desk-proof-missing",
            &[],
        )));
    }
    match accounts::prove(service, &signed_in.0, given).await {
        Ok(()) => Ok(()),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Limited(limited)) => {
            let minutes = (limited.retry_after + 59) / 60;
            let values = [("minutes", minutes.into())];
            Err(DeskError::Invalid(text(
                language,
                "desk-sign-in-limited",
                &values,
            )))
        }
        Err(_) => Err(DeskError::Invalid(text(language, "desk-proof-wrong", &[]))),
    }
}
