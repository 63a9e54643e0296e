//! Signing in: the password, then the code of an app if the account asks for one.

use std::net::IpAddr;

use super::account_snapshot::{self, AccountSnapshot, EVERYWHERE};
use super::limits::{self, Counted, Tries};
use super::{browser, password, second_factor, session};
use crate::domain::{AuditAction, AuditEvent, Editor, EmailAddress, RateLimited, SessionId};
use crate::service::Service;
use crate::store::accounts::editor::{self, Account};
use crate::store::{self, StoreError, Write, audit};

/// From where somebody signs in.
#[derive(Debug, Clone, Default)]
pub struct SignInOrigin {
    /// The address of the client.
    pub ip: Option<IpAddr>,
    /// What its browser calls itself.
    pub browser: String,
    /// The value of the cookie by which it is known, if it has one.
    pub known: Option<String>,
}

/// The values of the cookies that a browser gets.
#[derive(Debug, Clone)]
pub struct Cookies {
    /// Of the session.
    pub session: String,
    /// By which the browser is known at its next sign-in.
    pub browser: String,
}

/// What a try came to.
#[derive(Debug)]
pub enum SignIn {
    /// The session has begun; the values of its cookies.
    Done(Cookies, Box<Editor>),
    /// The password was right, and a code is asked for; what [`with_code`] needs of this step.
    NeedsCode(String),
    /// No such account, or a wrong password or code: nobody learns which.
    Wrong,
    /// Too many tries.
    Limited(RateLimited),
    /// The password was given too long ago, or before it was changed or the person signed out everywhere.
    Expired,
}

/// Signs in with a password. It takes equally long whether there is such an account.
///
/// # Errors
/// When the database cannot be used.
pub async fn with_password(
    service: &Service,
    email: &str,
    given: &str,
    from: &SignInOrigin,
) -> Result<SignIn, StoreError> {
    let address = EmailAddress::parse(email).ok();
    let typed = address
        .as_ref()
        .map_or_else(|| email.to_lowercase(), EmailAddress::key);
    let mut db = service.store.read().await?;
    let event = account_snapshot::last_event(&mut db).await?;
    let account = match &address {
        Some(address) => editor::by_email(&mut db, address).await?,
        None => None,
    };
    let id = account.as_ref().map(|account| account.editor.id);
    let known = browser::known(&mut db, id, from).await?;
    drop(db);
    let tries = Tries::of(service, &typed, from.ip, known.as_deref());
    if let Some(limited) = count(service, &tries).await? {
        return Ok(SignIn::Limited(limited));
    }
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let is_right = password::verify(given, hash.clone()).await?;
    let Some((account, hash)) = account.clone().zip(hash).filter(|_| is_right) else {
        failed(service, account.as_ref()).await?;
        return Ok(SignIn::Wrong);
    };
    let seen = AccountSnapshot::new(account, event);
    let renewed = match password::is_outdated(&hash) {
        true => Some(password::hash(given).await?),
        false => None,
    };
    let mut tx = service.store.write().await?;
    if let Some(renewed) = &renewed {
        editor::renew_password(&mut tx, seen.account.editor.id, (&hash, renewed)).await?;
    }
    let hash = renewed.unwrap_or(hash);
    finish_or_ask(service, tx, &tries, seen, &hash, from).await
}

/// After a right password, which has this hash now.
async fn finish_or_ask(
    service: &Service,
    mut tx: Write,
    tries: &Tries,
    mut seen: AccountSnapshot,
    hash: &str,
    from: &SignInOrigin,
) -> Result<SignIn, StoreError> {
    seen.account.password_hash = Some(hash.to_owned());
    let Some(account) = seen.lock_unchanged(&mut tx).await? else {
        return Ok(SignIn::Expired);
    };
    if account.totp_salt.is_some() {
        tx.commit().await?;
        return Ok(SignIn::NeedsCode(seen.step(service, hash)));
    }
    finish(service, &mut tx, tries, account.editor, from, "password")
        .await?
        .commit(tx)
        .await
}

/// The second step of a sign-in: the code of the app, or a recovery code.
///
/// # Errors
/// When the database cannot be used.
pub async fn with_code(
    service: &Service,
    first_step: &str,
    code: &str,
    from: &SignInOrigin,
) -> Result<SignIn, StoreError> {
    let Some(seen) = AccountSnapshot::of_step(service, first_step).await? else {
        return Ok(SignIn::Expired);
    };
    let editor = seen.account.editor.clone();
    let known = browser::known(&mut service.store.read().await?, Some(editor.id), from).await?;
    let tries = Tries::of(service, &editor.id.to_string(), from.ip, known.as_deref());
    if let Some(limited) = count(service, &tries).await? {
        return Ok(SignIn::Limited(limited));
    }
    let mut tx = service.store.write().await?;
    if seen.lock_unchanged(&mut tx).await?.is_none() {
        return Ok(SignIn::Expired);
    }
    if !second_factor::accept(service, &mut tx, &editor, code).await? {
        drop(tx);
        let account = editor::by_id(&mut service.store.read().await?, editor.id).await?;
        failed(service, account.as_ref()).await?;
        return Ok(SignIn::Wrong);
    }
    finish(service, &mut tx, &tries, editor, from, "password and code")
        .await?
        .commit(tx)
        .await
}

/// A session that begins when its transaction is committed.
pub(super) struct Begun {
    cookies: Cookies,
    editor: Editor,
}

impl Begun {
    pub(super) async fn commit(self, tx: Write) -> Result<SignIn, StoreError> {
        tx.commit().await?;
        tracing::info!(editor = %self.editor.id, "signed in");
        Ok(SignIn::Done(self.cookies, Box::new(self.editor)))
    }
}

async fn finish(
    service: &Service,
    tx: &mut Write,
    tries: &Tries,
    editor: Editor,
    from: &SignInOrigin,
    with: &str,
) -> Result<Begun, StoreError> {
    tries.forgive(tx).await?;
    begin(service, tx, editor, from, with).await
}

/// Begins a session for somebody who has shown who it is, and logs that. Tells the person of a new browser. The
/// caller has locked the account, and seen that it is still as it was.
pub(super) async fn begin(
    service: &Service,
    tx: &mut Write,
    editor: Editor,
    from: &SignInOrigin,
    with: &str,
) -> Result<Begun, StoreError> {
    let session = session::begin(service, tx, editor.id, &from.browser).await?;
    let browser = browser::signed_in(service, tx, &editor, from).await?;
    let cookies = Cookies { session, browser };
    let event = editor.did(AuditAction::SignedIn, service.clock.now());
    audit::append(tx, service.links.key(), &event.saying(with)).await?;
    Ok(Begun { cookies, editor })
}

/// Ends a session.
///
/// # Errors
/// When the database cannot be used.
pub async fn sign_out(service: &Service, editor: &Editor, id: SessionId) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    session::end(&mut tx, id).await?;
    let event = editor.did(AuditAction::SignedOut, service.clock.now());
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await
}

/// Ends all sessions of an editor, also the present one, and forgets the browsers.
///
/// # Errors
/// When the database cannot be used.
pub async fn sign_out_everywhere(service: &Service, editor: &Editor) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    // A sign-in that is on its way ends before this, or sees the event after it.
    store::accounts::editor::lock(&mut tx, editor.id).await?;
    session::end_all(&mut tx, editor.id, None).await?;
    let event = editor.did(AuditAction::SignedOut, service.clock.now());
    audit::append(&mut tx, service.links.key(), &event.saying(EVERYWHERE)).await?;
    tx.commit().await
}

async fn count(service: &Service, tries: &Tries) -> Result<Option<RateLimited>, StoreError> {
    match tries.count(service).await? {
        Counted::Allowed(tx) => tx.commit().await.map(|()| None),
        Counted::Refused(limited) => Ok(Some(limited)),
    }
}

/// Logs a failed try on an account. Tries for which there is none are counted, and the log has the 1st, 10th, 100th and
/// so on of an hour: it can never be shortened, and strangers could fill it.
async fn failed(service: &Service, account: Option<&Account>) -> Result<(), StoreError> {
    let now = service.clock.now();
    let event = AuditEvent::by_nobody(AuditAction::SignInFailed, now);
    let mut tx = service.store.write().await?;
    let event = match account {
        Some(account) => event.on_editor(account.editor.id),
        None => {
            let tries = limits::count_without_account(service, &mut tx).await?;
            if !limits::is_power_of_ten(tries) {
                return tx.commit().await;
            }
            match tries {
                1 => event,
                tries => event.saying(tries.to_string()),
            }
        }
    };
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await
}
