//! The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for when the phone is gone.
//!
//! The database holds a salt from which this service's key makes the secret, so that a stolen database opens
//! nothing. A code is good once.

use data_encoding::{BASE32, BASE32_NOPAD};
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};

use super::{Refused, people, session};
use crate::domain::{Actor, AuditAction, AuditEvent, Editor, EditorId, MailKind};
use crate::service::Service;
use crate::store::accounts::{editor, recovery_code};
use crate::store::{StoreError, Write, audit};

/// How many recovery codes somebody gets.
pub const RECOVERY_CODES: usize = 10;
/// A phone's clock may be off by so many steps of thirty seconds.
const SKEW: u16 = 1;

/// What a person needs to set up the app.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the page gives back with the first code.
    pub salt: String,
    /// The secret, for typing.
    pub secret: String,
    /// The same as a picture, in SVG.
    pub qr: String,
    /// The same as a link, for the phone that shows this page.
    pub url: String,
}

/// Makes a new secret. Nothing changes until [`turn_on`].
///
/// # Errors
/// When it cannot be drawn.
pub fn propose(service: &Service, editor: &Editor) -> Result<Setup, Refused> {
    let mut salt = [0; 20];
    service.clock.fill(&mut salt);
    show(service, editor, &salt)
}

/// The secret of a salt that was proposed, once more.
///
/// # Errors
/// When the salt is none, or cannot be drawn.
pub fn proposed(service: &Service, editor: &Editor, salt: &str) -> Result<Setup, Refused> {
    show(service, editor, &salt_of(salt)?)
}

fn show(service: &Service, editor: &Editor, salt: &[u8]) -> Result<Setup, Refused> {
    let totp = totp(service, editor, salt).ok_or(Refused::WrongCode)?;
    let url = totp.to_url().map_err(|_| Refused::WrongCode)?;
    let qr = QrCode::new(&url).map_err(|_| Refused::WrongCode)?;
    let qr = qr
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .build();
    Ok(Setup {
        salt: BASE32_NOPAD.encode(salt),
        secret: BASE32.encode(&secret(service, editor.id, salt)),
        // Without the XML declaration, which has no place in a page.
        qr: qr
            .find("<svg")
            .map(|at| qr[at..].to_owned())
            .unwrap_or_default(),
        url,
    })
}

/// Asks for codes from now on, if the first one is right; returns the recovery codes, which are shown once.
///
/// # Errors
/// When the code is wrong, or the database cannot be used.
pub async fn turn_on(
    service: &Service,
    editor: &Editor,
    salt: &str,
    code: &str,
) -> Result<Vec<String>, Refused> {
    let salt = salt_of(salt)?;
    let step = check(service, editor, &salt, code).ok_or(Refused::WrongCode)?;
    let mut tx = service.store.write().await?;
    editor::set_totp(&mut tx, editor.id, Some(&salt), step).await?;
    let codes = new_codes(service, &mut tx, editor.id).await?;
    let event = editor.did(AuditAction::TotpOn, service.clock.now());
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Asks for no codes any more.
///
/// # Errors
/// When the service demands codes of everybody, or the database cannot be used.
pub async fn turn_off(service: &Service, editor: &Editor) -> Result<(), Refused> {
    if service.settings.desk.require_totp {
        return Err(Refused::TotpRequired);
    }
    let mut tx = service.store.write().await?;
    remove_codes(service, &mut tx, editor.id, &editor.actor()).await?;
    Ok(tx.commit().await?)
}

async fn remove_codes(
    service: &Service,
    tx: &mut Write,
    id: EditorId,
    by: &Actor,
) -> Result<(), StoreError> {
    editor::set_totp(tx, id, None, 0).await?;
    recovery_code::remove_of(tx, id).await?;
    let event = AuditEvent::new(by, AuditAction::TotpOff, service.clock.now()).on_editor(id);
    audit::append(tx, service.links.key(), &event).await
}

/// Asks somebody for no codes any more who has lost both phone and recovery codes; the person is told by mail, and
/// signed out. Where codes are demanded of everybody, the next sign-in leads to new ones. Changes nothing where none
/// are asked for.
///
/// # Errors
/// When there is no such account, or the database cannot be used.
pub async fn turn_off_for(service: &Service, id: EditorId, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.store.write().await?;
    let account = editor::lock(&mut tx, id).await?.ok_or(Refused::NoEditor)?;
    if account.totp_salt.is_none() {
        return Ok(());
    }
    remove_codes(service, &mut tx, id, by).await?;
    session::end_all(&mut tx, id, None).await?;
    people::mail(service, &mut tx, &account.editor, MailKind::CodesOff).await?;
    tx.commit().await?;
    tracing::info!(editor = %id, actor = %by, "codes turned off");
    Ok(())
}

/// Replaces the recovery codes; the old ones are worth nothing any more.
///
/// # Errors
/// When the database cannot be used.
pub async fn renew_codes(service: &Service, editor: &Editor) -> Result<Vec<String>, StoreError> {
    let mut tx = service.store.write().await?;
    let codes = new_codes(service, &mut tx, editor.id).await?;
    let event = editor.did(AuditAction::RecoveryCodesMade, service.clock.now());
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Takes a code of the app or a recovery code, once. The account is locked, so that of two requests with one
/// code one is taken.
pub(super) async fn accept(
    service: &Service,
    tx: &mut Write,
    who: &Editor,
    code: &str,
) -> Result<bool, StoreError> {
    let Some(account) = editor::lock(tx, who.id).await? else {
        return Ok(false);
    };
    let Some(salt) = account.totp_salt else {
        return Ok(false);
    };
    if let Some(step) = check(service, who, &salt, code) {
        if step <= account.totp_step {
            return Ok(false);
        }
        editor::set_totp(tx, who.id, Some(&salt), step).await?;
        return Ok(true);
    }
    if !recovery_code::spend(tx, who.id, &code_hash(service, who.id, code)).await? {
        return Ok(false);
    }
    let event = who.did(AuditAction::RecoveryCodeUsed, service.clock.now());
    audit::append(tx, service.links.key(), &event).await?;
    Ok(true)
}

/// The step of a right code.
fn check(service: &Service, editor: &Editor, salt: &[u8], code: &str) -> Option<i64> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let now = u64::try_from(service.clock.now().as_second()).ok()?;
    let step = totp(service, editor, salt)?.check(&code, now)?;
    i64::try_from(step).ok()
}

fn totp(service: &Service, editor: &Editor, salt: &[u8]) -> Option<Totp> {
    let host = service
        .settings
        .http
        .public_url
        .host_str()
        .unwrap_or_default();
    let host = host.replace(':', ".");
    // An address may hold a colon in quotes.
    let account = editor.email.to_string().replace(':', " ");
    Builder::new()
        .with_secret(Secret::new_stack(secret(service, editor.id, salt)))
        .with_skew(SKEW)
        .with_issuer(Some(format!("Xabar {host}")))
        .with_account_name(account)
        .build()
        .ok()
}

fn secret(service: &Service, editor: EditorId, salt: &[u8]) -> [u8; 20] {
    let parts: [&[u8]; 2] = [editor.0.as_bytes(), salt];
    let hash = service.links.key().keyed_hash("totp", &parts);
    let mut secret = [0; 20];
    secret.copy_from_slice(&hash[..20]);
    secret
}

fn salt_of(text: &str) -> Result<Vec<u8>, Refused> {
    let salt = BASE32_NOPAD.decode(text.as_bytes());
    let salt = salt.ok().filter(|salt| salt.len() == 20);
    salt.ok_or(Refused::WrongCode)
}

async fn new_codes(
    service: &Service,
    tx: &mut Write,
    editor: EditorId,
) -> Result<Vec<String>, StoreError> {
    recovery_code::remove_of(tx, editor).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut octets = [0; 10];
        service.clock.fill(&mut octets);
        let code = BASE32_NOPAD.encode(&octets).to_lowercase();
        recovery_code::insert(tx, editor, &code_hash(service, editor, &code)).await?;
        let groups: Vec<&str> = [0, 4, 8, 12].iter().map(|at| &code[*at..at + 4]).collect();
        codes.push(groups.join("-"));
    }
    Ok(codes)
}

/// 80 random bits need no slow hash.
fn code_hash(service: &Service, editor: EditorId, code: &str) -> Vec<u8> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let code = code.to_ascii_lowercase();
    let parts: [&[u8]; 2] = [editor.0.as_bytes(), code.as_bytes()];
    let keyed = service.links.key().keyed_hash("recovery code", &parts);
    keyed.to_vec()
}
