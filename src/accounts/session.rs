//! Sessions: who is signed in, in which browser.
//!
//! The cookie holds 32 random octets, the database their SHA-256 hash. A session ends when it was not
//! used for `desk.idle_hours`, after `desk.absolute_days` in any case, and when it is ended.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::csrf;
use crate::domain::{Editor, EditorId, SessionId};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::accounts::session::StoredSession;
use crate::store::accounts::{browser, editor, session};
use crate::store::{StoreError, Write};

/// The use of a session is written at most so often.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long a page waits for that.
const NOTING: Duration = Duration::from_millis(100);
/// What is kept of a browser's name, in characters.
const MAX_BROWSER_CHARS: usize = 200;

/// A browser in which somebody is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its identifier, which is no secret.
    pub id: SessionId,
    /// Who is signed in.
    pub editor: Editor,
    /// What every form of this person carries, see [`csrf`].
    pub csrf: String,
    /// Whether the service asks everybody for codes, and this account has no app yet.
    pub needs_second_factor: bool,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the person last gave the password or a code.
    pub proven_at: Timestamp,
}

/// Begins a session, which counts as proven now; returns the value of its cookie.
///
/// # Errors
/// When the database cannot be used.
pub async fn begin(
    service: &Service,
    tx: &mut Write,
    editor: EditorId,
    browser: &str,
) -> Result<String, StoreError> {
    let mut secret = [0; 32];
    service.clock.fill(&mut secret);
    let value = BASE64URL_NOPAD.encode(&secret);
    let id = SessionId(service.clock.new_uuid());
    let browser: String = browser.chars().take(MAX_BROWSER_CHARS).collect();
    let now = service.clock.now();
    session::insert(tx, (id, editor), &hash(&value), &browser, now).await?;
    Ok(value)
}

/// The session of a cookie, if it has not ended; notes that it is used.
///
/// # Errors
/// When the database cannot be used.
pub async fn find(service: &Service, cookie: &str) -> Result<Option<Session>, StoreError> {
    let mut db = service.store.read().await?;
    let Some(stored) = session::by_hash(&mut db, &hash(cookie)).await? else {
        return Ok(None);
    };
    if has_ended(service, &stored) {
        return Ok(None);
    }
    let Some(account) = editor::by_id(&mut db, stored.editor).await? else {
        return Ok(None);
    };
    drop(db);
    let now = service.clock.now();
    if now.duration_since(stored.last_seen_at) >= SEEN_EVERY {
        note_use(service, stored.id, now).await;
    }
    Ok(Some(Session {
        id: stored.id,
        needs_second_factor: service.settings.desk.require_totp && account.totp_salt.is_none(),
        csrf: csrf::token(service, account.editor.id),
        editor: account.editor,
        created_at: stored.created_at,
        proven_at: stored.proven_at,
    }))
}

/// Who reads must be able to while the database takes no writes: a page waits a moment for it, and an error is only
/// logged.
async fn note_use(service: &Service, id: SessionId, now: Timestamp) {
    let store = service.store.clone();
    let noted = async move {
        let mut tx = store.write().await?;
        session::seen(&mut tx, id, now).await?;
        tx.commit().await
    };
    let noting = tokio::spawn(async {
        if let Err(error) = noted.await {
            failures::warn("the use of a session was not noted", &error);
        }
    });
    // It goes on after that.
    let _ = timeout(NOTING, noting).await;
}

fn has_ended(service: &Service, stored: &StoredSession) -> bool {
    let (idle, oldest) = limits(service);
    stored.last_seen_at < idle || stored.created_at < oldest
}

/// Before which times a session must not have been used last, and must not have begun.
fn limits(service: &Service) -> (Timestamp, Timestamp) {
    let now = service.clock.now();
    let desk = service.settings.desk;
    let ago = |hours: i64| {
        let ago = SignedDuration::from_hours(hours);
        now.checked_sub(ago).unwrap_or(Timestamp::MIN)
    };
    let days = i64::from(desk.absolute_days);
    (ago(desk.idle_hours.into()), ago(days.saturating_mul(24)))
}

/// The sessions of an editor that have not ended, the one used last first.
///
/// # Errors
/// When the database cannot be used.
pub async fn list(service: &Service, editor: EditorId) -> Result<Vec<StoredSession>, StoreError> {
    let mut all = session::of(&mut service.store.read().await?, editor).await?;
    all.retain(|stored| !has_ended(service, stored));
    Ok(all)
}

/// Ends a session.
///
/// # Errors
/// When the database cannot be used.
pub async fn end(tx: &mut Write, id: SessionId) -> Result<(), StoreError> {
    session::remove(tx, id).await
}

/// Ends every session of an editor, but for one if it is named.
///
/// # Errors
/// When the database cannot be used.
pub async fn end_all(
    tx: &mut Write,
    editor: EditorId,
    but: Option<SessionId>,
) -> Result<(), StoreError> {
    session::remove_of(tx, editor, but).await?;
    // Who could sign in before may have one of them.
    browser::remove_of(tx, editor).await
}

/// Removes the sessions that have ended by time; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_ended(service: &Service, tx: &mut Write) -> Result<u64, StoreError> {
    let (idle, oldest) = limits(service);
    session::forget(tx, idle, oldest).await
}

fn hash(cookie: &str) -> Vec<u8> {
    Sha256::digest(cookie.as_bytes()).to_vec()
}
