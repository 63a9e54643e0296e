//! Which browsers have signed in to an account, and a notice to its owner when a new one does: at most [`NOTICES`] an
//! hour, of which the last says that there will be no more. The audit log has them all.
//!
//! A browser keeps 32 random octets in a cookie of its own for [`KNOWN_FOR`]; the database has a hash of them and of
//! the account, so that it does not tell which accounts share a browser.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::people::new_mail;
use super::sign_in::SignInOrigin;
use crate::domain::{Editor, EditorId, MailKind, NewBrowser, browser_name};
use crate::service::Service;
use crate::store::accounts::browser;
use crate::store::protection::rate_counter::{self, Hit, Window};
use crate::store::{self, Read, StoreError, Write};

/// For how long a browser is known after its last sign-in; browsers keep no cookie for longer.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(400 * 24);
/// The most browsers of an account that are known.
const MAX_KNOWN: i64 = 20;
/// The notices that an account gets in an hour.
const NOTICES: i64 = 3;
const HOUR: i64 = 3_600;
/// The length of a cookie's value.
const VALUE_CHARS: usize = 43;

/// Notes that a browser has signed in, and mails the editor if it is a new one and somebody had signed in to the
/// account before. Returns the value for the cookie of the browser.
pub(super) async fn signed_in(
    service: &Service,
    tx: &mut Write,
    editor: &Editor,
    from: &SignInOrigin,
) -> Result<String, StoreError> {
    let now = service.clock.now();
    let is_first = browser::first_sign_in(tx, editor.id, now).await?;
    let (value, is_known) = note(service, tx, editor.id, from).await?;
    if !is_known && !is_first {
        notify(service, tx, editor, &from.browser).await?;
    }
    Ok(value)
}

/// Mails the editor, unless there were enough mails in this hour.
async fn notify(
    service: &Service,
    tx: &mut Write,
    editor: &Editor,
    browser: &str,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let key = service.links.key();
    let key = key.keyed_hash("new-browser notices", &[editor.id.0.as_bytes()]);
    let window = Window::at(now, HOUR);
    let hit = Hit {
        key: HEXLOWER.encode(&key),
        window,
    };
    rate_counter::hit(tx, &[hit]).await?;
    let hits = rate_counter::hits(tx, &key, window).await?;
    if hits > NOTICES {
        return Ok(());
    }
    let end = Timestamp::from_second(window.start + HOUR).ok();
    let details = NewBrowser {
        browser: browser_name(browser),
        quiet_until: end.filter(|_| hits == NOTICES),
    };
    let mail = new_mail(service, editor, MailKind::NewBrowser);
    store::outbox::insert_with(tx, &mail, &details, now).await
}

/// Notes that a browser belongs to an account; returns the value for its cookie, and whether it was known.
pub(super) async fn note(
    service: &Service,
    tx: &mut Write,
    editor: EditorId,
    from: &SignInOrigin,
) -> Result<(String, bool), StoreError> {
    let kept = from.known.clone();
    let value = kept.filter(|value| value.len() == VALUE_CHARS);
    let value = value.unwrap_or_else(|| new_value(service));
    let hash = hash(editor, &value);
    let is_known = browser::note(tx, editor, &hash, service.clock.now()).await?;
    browser::keep_latest(tx, editor, MAX_KNOWN).await?;
    Ok((value, is_known))
}

/// The hash of a browser that has signed in to this account before.
pub(super) async fn known(
    db: &mut Read,
    editor: Option<EditorId>,
    from: &SignInOrigin,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((editor, value)) = editor.zip(from.known.as_deref()) else {
        return Ok(None);
    };
    let hash = hash(editor, value);
    let is_known = browser::is_known(db, editor, &hash).await?;
    Ok(is_known.then_some(hash))
}

/// Forgets the browsers that have not signed in for [`KNOWN_FOR`]; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_old(service: &Service, tx: &mut Write) -> Result<u64, StoreError> {
    match service.clock.now().checked_sub(KNOWN_FOR) {
        Ok(before) => browser::forget(tx, before).await,
        Err(_) => Ok(0),
    }
}

fn new_value(service: &Service) -> String {
    let mut octets = [0; 32];
    service.clock.fill(&mut octets);
    BASE64URL_NOPAD.encode(&octets)
}

fn hash(editor: EditorId, value: &str) -> Vec<u8> {
    let both = Sha256::new_with_prefix(editor.0.as_bytes()).chain_update(value.as_bytes());
    both.finalize().to_vec()
}
