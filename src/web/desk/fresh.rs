//! A fresh proof of who sits there, before what cannot be undone.
//!
//! A form that needs one includes `desk/_proof.html` with [`ask`] as its `ask`, and has the field `proof`. Where
//! [`lacks`] says something, the form is shown again with what was typed, and with that as its `proof_error`.

use serde::Deserialize;

use super::{DeskError, SignedIn};
use crate::accounts::{self, Refused, reauthentication};
use crate::service::Service;
use crate::texts::text;

/// A form that asks for nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Proof {
    #[serde(default)]
    pub(in crate::web) proof: String,
}

/// Whether the form must ask for the password or a code.
pub(in crate::web) fn ask(service: &Service, signed_in: &SignedIn) -> bool {
    !reauthentication::is_fresh(service, &signed_in.0)
}

/// Why there is no proof that is no older than five minutes (that of the session, or the one just given), in the
/// person's language; none when there is one.
///
/// # Errors
/// When the database cannot be used.
pub(in crate::web) async fn lacks(
    service: &Service,
    signed_in: &SignedIn,
    given: &str,
) -> Result<Option<String>, DeskError> {
    if !ask(service, signed_in) {
        return Ok(None);
    }
    let say = |key: &str, values: &[_]| Some(text(signed_in.0.editor.language, key, values));
    if given.is_empty() {
        return Ok(say("desk-proof-missing", &[]));
    }
    match accounts::reauthenticate(service, &signed_in.0, given).await {
        Ok(()) => Ok(None),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Limited(limited)) => Ok(say(
            "desk-sign-in-limited",
            &[("minutes", limited.minutes().into())],
        )),
        Err(_) => Ok(say("desk-proof-wrong", &[])),
    }
}
