//! What the links in mails to editors do: accept an invitation, set a new password.

use super::limits::{Counted, Tries, may_mail_reset};
use super::people::{mail, write_password};
use super::sign_in::{self, SignIn, SignInOrigin};
use super::{Refused, browser, password};
use crate::domain::{EmailAddress, MailKind, RateLimited};
use crate::links::{DeskLink, DeskToken};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::accounts::editor::{self, Account};

/// The account of a link, if the link still works.
///
/// # Errors
/// [`Refused::BadLink`] when it is not genuine, has been used or has expired.
pub async fn open(service: &Service, link: DeskLink, token: &str) -> Result<Account, Refused> {
    let token = DeskToken::read(token).ok_or(Refused::BadLink)?;
    let account = editor::by_id(&mut service.store.read().await?, token.editor).await?;
    let account = account.ok_or(Refused::BadLink)?;
    let hash = account.password_hash.as_deref().unwrap_or_default();
    let now = service.clock.now();
    if service.links.opens_desk(link, &token, hash, now) {
        Ok(account)
    } else {
        Err(Refused::BadLink)
    }
}

/// Mails a link to set a new password, if the address has an account and was not mailed enough of them. Nobody learns
/// whether it has.
///
/// # Errors
/// When the database cannot be used.
pub async fn ask_reset(
    service: &Service,
    email: &str,
    from: &SignInOrigin,
) -> Result<Option<RateLimited>, StoreError> {
    let address = EmailAddress::parse(email).ok();
    let typed = address
        .as_ref()
        .map_or_else(|| email.to_lowercase(), EmailAddress::key);
    let mut db = service.store.read().await?;
    let account = match &address {
        Some(address) => editor::by_email(&mut db, address).await?,
        None => None,
    };
    let editor = account.map(|account| account.editor);
    let known = browser::known(&mut db, editor.as_ref().map(|editor| editor.id), from).await?;
    drop(db);
    let reset = format!("reset {typed}");
    let tries = Tries::of(service, &reset, from.ip, known.as_deref());
    let mut tx = match tries.count(service).await? {
        Counted::Allowed(tx) => tx,
        Counted::Refused(limited) => return Ok(Some(limited)),
    };
    if let Some(editor) = &editor
        && editor::lock(&mut tx, editor.id).await?.is_some()
        && may_mail_reset(service, &mut tx, editor.id, known.as_deref()).await?
    {
        mail(service, &mut tx, editor, MailKind::PasswordReset).await?;
    }
    tx.commit().await?;
    Ok(None)
}

/// Sets the password of a link's account, and ends all its sessions. Signs in, unless the account asks for
/// codes: a mailbox alone must not open it.
///
/// # Errors
/// When the link does not work any more, or the password is not good enough.
pub async fn set_password(
    service: &Service,
    link: DeskLink,
    token: &str,
    new: &str,
    from: &SignInOrigin,
) -> Result<Option<SignIn>, Refused> {
    let account = open(service, link, token).await?;
    password::check(new, &account.editor)?;
    let hash = password::hash(new).await?;
    let mut tx = service.store.write().await?;
    // Of two at once one finds the link used.
    let now = editor::lock(&mut tx, account.editor.id).await?;
    let unused = now.filter(|now| now.password_hash == account.password_hash);
    let account = unused.ok_or(Refused::BadLink)?;
    let editor = account.editor;
    write_password(service, &mut tx, editor.id, &hash, None, &editor.actor()).await?;
    if account.totp_salt.is_some() {
        tx.commit().await?;
        return Ok(None);
    }
    let begun = sign_in::begin(service, &mut tx, editor, from, link.as_str()).await?;
    Ok(Some(begun.commit(tx).await?))
}
