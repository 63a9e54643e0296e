//! Asks again for password or code, before what cannot be undone: who sits there now?

use jiff::SignedDuration;

use super::limits::{Counted, Tries};
use super::session::Session;
use super::{Refused, password, second_factor};
use crate::domain::{AuditAction, AuditEvent};
use crate::service::Service;
use crate::store::accounts::{editor, session};
use crate::store::audit;

/// For how long that counts.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Whether the person has given the password or a code lately.
#[must_use]
pub fn is_fresh(service: &Service, session: &Session) -> bool {
    service.clock.now().duration_since(session.proven_at) <= FRESH_FOR
}

/// Takes the password, or a code of the app, for this session.
///
/// # Errors
/// [`Refused::WrongPassword`] when it is neither, [`Refused::Limited`] after too many tries.
pub async fn reauthenticate(
    service: &Service,
    who: &Session,
    password_or_code: &str,
) -> Result<(), Refused> {
    let editor = &who.editor;
    let tries = Tries::of_proof(service, editor.id);
    match tries.count(service).await? {
        Counted::Allowed(tx) => tx.commit().await?,
        Counted::Refused(limited) => return Err(Refused::Limited(limited)),
    }
    let account = editor::by_id(&mut service.store.read().await?, editor.id).await?;
    let account = account.ok_or(Refused::NoEditor)?;
    let is_password = password::verify(password_or_code, account.password_hash).await?;
    let mut tx = service.store.write().await?;
    let is_right =
        is_password || second_factor::accept(service, &mut tx, editor, password_or_code).await?;
    let now = service.clock.now();
    if is_right {
        tries.forgive(&mut tx).await?;
        session::proven(&mut tx, who.id, now).await?;
        tx.commit().await?;
        return Ok(());
    }
    let event =
        AuditEvent::new(&editor.actor(), AuditAction::SignInFailed, now).on_editor(editor.id);
    let event = event.saying("fresh proof");
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    Err(Refused::WrongPassword)
}
