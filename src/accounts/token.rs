//! API tokens: shown once, stored as hashes, for one role, for all newsletters or some.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Refused;
use crate::domain::{Actor, AuditAction, AuditEvent, EditorId, NewsletterId, Role};
use crate::service::Service;
use crate::store::accounts::token;
use crate::store::{StoreError, Write, audit};

pub use crate::store::accounts::token::{Listed, TokenHolder};

/// The prefix of a token, by which scanners for leaked secrets recognise it.
const PREFIX: &str = "xabar_";
const MAX_NAME_CHARS: usize = 100;

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What its holder may do.
    pub role: Role,
    /// Only in these newsletters; in all, also later ones, when none are named.
    pub newsletters: Option<Vec<NewsletterId>>,
    /// Whose it is; nobody's, where it is for a program. One person is one person with all of them.
    pub editor: Option<EditorId>,
    /// How long it is good; for ever when that is not said.
    pub lasts: Option<SignedDuration>,
}

/// Makes a token and returns it; it cannot be shown again.
///
/// # Errors
/// When the name does not fit, or the database cannot be used.
pub async fn add(service: &Service, new: NewToken, actor: &Actor) -> Result<String, Refused> {
    let name = new.name.trim().to_owned();
    if !(1..=MAX_NAME_CHARS).contains(&name.chars().count()) {
        return Err(Refused::BadName);
    }
    let mut secret = [0; 32];
    service.clock.fill(&mut secret);
    let value = format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&secret));
    let now = service.clock.now();
    let holder = TokenHolder {
        id: service.clock.new_uuid(),
        name,
        role: new.role,
        newsletters: new.newsletters,
        editor: new.editor,
    };
    let (id, role) = (holder.id, holder.role);
    let expires_at: Option<Timestamp> = new.lasts.and_then(|lasts| now.checked_add(lasts).ok());
    let listed = Listed {
        made_by: actor.editor(),
        created_at: now,
        expires_at,
        holder,
    };
    let mut tx = service.store.write().await?;
    token::insert(&mut tx, &listed, &hash(&value)).await?;
    let event = AuditEvent::new(actor, AuditAction::TokenMade, now)
        .on(format!("token:{id}"))
        .saying(role.as_str());
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    Ok(value)
}

/// The tokens that are good at this moment, the newest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn list(service: &Service) -> Result<Vec<Listed>, StoreError> {
    token::list(&mut service.store.read().await?, service.clock.now()).await
}

/// The good tokens that are a person's, or that this person made and so has seen.
///
/// # Errors
/// When the database cannot be used.
pub async fn of_person(service: &Service, id: EditorId) -> Result<Vec<Listed>, StoreError> {
    let mut all = list(service).await?;
    all.retain(|one| is_of(one, id));
    Ok(all)
}

fn is_of(token: &Listed, id: EditorId) -> bool {
    token.holder.editor == Some(id) || token.made_by == Some(id)
}

/// Revokes the tokens of [`of_person`].
pub(super) async fn revoke_of(
    service: &Service,
    tx: &mut Write,
    id: EditorId,
    actor: &Actor,
) -> Result<(), StoreError> {
    let all = token::list(tx, service.clock.now()).await?;
    for one in all.iter().filter(|one| is_of(one, id)) {
        revoke_in(service, tx, one.holder.id, actor).await?;
    }
    Ok(())
}

/// Revokes a token, from the next request on; returns whether it was good.
///
/// # Errors
/// When the database cannot be used.
pub async fn revoke(service: &Service, id: Uuid, actor: &Actor) -> Result<bool, StoreError> {
    let mut tx = service.store.write().await?;
    let was_good = revoke_in(service, &mut tx, id, actor).await?;
    tx.commit().await?;
    Ok(was_good)
}

async fn revoke_in(
    service: &Service,
    tx: &mut Write,
    id: Uuid,
    actor: &Actor,
) -> Result<bool, StoreError> {
    let now = service.clock.now();
    if !token::revoke(tx, id, now).await? {
        return Ok(false);
    }
    let event = AuditEvent::new(actor, AuditAction::TokenRevoked, now).on(format!("token:{id}"));
    audit::append(tx, service.links.key(), &event).await?;
    Ok(true)
}

/// The holder of a token, if it is good. The look-up compares hashes of 256 random bits, so that
/// its timing reveals nothing about the token.
///
/// # Errors
/// When the database cannot be used.
pub async fn holder_of(service: &Service, value: &str) -> Result<Option<TokenHolder>, StoreError> {
    let now = service.clock.now();
    token::by_hash(&mut service.store.read().await?, &hash(value), now).await
}

fn hash(value: &str) -> Vec<u8> {
    Sha256::digest(value.as_bytes()).to_vec()
}
