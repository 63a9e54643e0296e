//! Who has an account, and with which roles.

use super::session::Session;
use super::sign_in::{Cookies, SignInOrigin};
use super::{Refused, browser, password, session, token};
use crate::domain::{
    Actor, AuditAction, AuditEvent, Editor, EditorId, EmailAddress, Language, MailKind,
    NewsletterId, OutboxId, Role, Roles, SessionId, is_one_line,
};
use crate::service::Service;
use crate::store::accounts::editor::{self, Account};
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write, audit};

const MAX_NAME_CHARS: usize = 100;

/// Somebody who gets an account.
#[derive(Debug, Clone)]
pub struct NewEditor {
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The name that colleagues see.
    pub name: String,
    /// The language of the desk for this person.
    pub language: Language,
    /// The newsletter of the role; all when none is named.
    pub newsletter: Option<NewsletterId>,
    /// The role.
    pub role: Role,
}

/// Makes an account without a password; with `invite`, a mail asks the person to set one.
///
/// # Errors
/// When the address has an account, or the name does not fit.
pub async fn add(
    service: &Service,
    new: NewEditor,
    invite: bool,
    actor: &Actor,
) -> Result<Editor, Refused> {
    let name = name(&new.name)?;
    let mut roles = Roles::default();
    roles.give(new.newsletter, new.role);
    let added = Editor {
        id: EditorId(service.clock.new_uuid()),
        email: new.email,
        name,
        language: new.language,
        roles,
    };
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    match editor::insert(&mut tx, &added, now).await {
        Err(StoreError::Taken(_)) => return Err(Refused::Taken),
        inserted => inserted?,
    }
    if invite {
        mail(service, &mut tx, &added, MailKind::EditorInvitation).await?;
    }
    let action = if invite {
        AuditAction::Invited
    } else {
        AuditAction::EditorAdded
    };
    let event = AuditEvent::new(actor, action, now)
        .on_editor(added.id)
        .in_newsletter(new.newsletter)
        .saying(new.role.as_str());
    audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    tracing::info!(editor = %added.id, %actor, role = %new.role, "editor added");
    Ok(added)
}

/// Sends the invitation once more.
///
/// # Errors
/// When there is no such account.
pub async fn invite_again(service: &Service, id: EditorId, actor: &Actor) -> Result<(), Refused> {
    let mut tx = service.store.write().await?;
    let account = lock(&mut tx, id).await?;
    mail(
        service,
        &mut tx,
        &account.editor,
        MailKind::EditorInvitation,
    )
    .await?;
    let event = AuditEvent::new(actor, AuditAction::Invited, service.clock.now()).on_editor(id);
    audit::append(&mut tx, service.links.key(), &event).await?;
    Ok(tx.commit().await?)
}

/// Puts a mail to an editor into the outbox.
pub(super) async fn mail(
    service: &Service,
    tx: &mut Write,
    editor: &Editor,
    kind: MailKind,
) -> Result<(), StoreError> {
    let mail = new_mail(service, editor, kind);
    store::outbox::insert(tx, &mail, service.clock.now()).await
}

/// A mail to an editor, in the language of that person.
pub(super) fn new_mail(service: &Service, editor: &Editor, kind: MailKind) -> NewMail {
    NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind,
        to: Recipient::Editor(editor.id),
        language: editor.language,
    }
}

/// All accounts, by name.
///
/// # Errors
/// When the database cannot be used.
pub async fn list(service: &Service) -> Result<Vec<Account>, StoreError> {
    editor::list(&mut service.store.read().await?).await
}

/// The account of an address.
///
/// # Errors
/// When there is none.
pub async fn by_email(service: &Service, email: &EmailAddress) -> Result<Account, Refused> {
    let found = editor::by_email(&mut service.store.read().await?, email).await?;
    found.ok_or(Refused::NoEditor)
}

/// The account with this identifier.
///
/// # Errors
/// When there is none.
pub async fn by_id(service: &Service, id: EditorId) -> Result<Account, Refused> {
    let found = editor::by_id(&mut service.store.read().await?, id).await?;
    found.ok_or(Refused::NoEditor)
}

/// What becomes of the API tokens that a person has or has made, where the person goes or is no owner any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokensOfPerson {
    /// They stay good: others may use them.
    Keep,
    /// They are revoked.
    Revoke,
}

/// Removes an account; the person is signed out at once. What the person did stays in the audit log.
///
/// # Errors
/// When there is none, or nobody could manage people any more.
pub async fn remove(
    service: &Service,
    id: EditorId,
    tokens: TokensOfPerson,
    actor: &Actor,
) -> Result<(), Refused> {
    let mut tx = service.store.write().await?;
    lock_with_owners(&mut tx, id).await?;
    editor::remove(&mut tx, id).await?;
    keep_an_owner(&mut tx, actor).await?;
    let event = AuditEvent::new(actor, AuditAction::EditorRemoved, service.clock.now());
    audit::append(&mut tx, service.links.key(), &event.on_editor(id)).await?;
    if tokens == TokensOfPerson::Revoke {
        token::revoke_of(service, &mut tx, id, actor).await?;
    }
    tx.commit().await?;
    tracing::info!(editor = %id, %actor, "editor removed");
    Ok(())
}

/// Gives a role in a newsletter, or in all (`None`), instead of the one there; or takes it. It counts from the next
/// request on. `tokens` counts where an owner of all newsletters is none any more.
///
/// # Errors
/// When there is no such account, or nobody could manage people any more.
pub async fn set_role(
    service: &Service,
    id: EditorId,
    (newsletter, role): (Option<NewsletterId>, Option<Role>),
    tokens: TokensOfPerson,
    actor: &Actor,
) -> Result<(), Refused> {
    let mut tx = service.store.write().await?;
    let account = lock_with_owners(&mut tx, id).await?;
    let mut given = account.editor.roles.given();
    let before = given.find(|(place, _)| *place == newsletter);
    if before.map(|(_, role)| role) == role {
        return Ok(());
    }
    editor::set_role(&mut tx, id, newsletter, role).await?;
    keep_an_owner(&mut tx, actor).await?;
    let action = match role {
        Some(_) => AuditAction::RoleGiven,
        None => AuditAction::RoleTaken,
    };
    let event = AuditEvent::new(actor, action, service.clock.now())
        .on_editor(id)
        .in_newsletter(newsletter)
        .saying(role.map_or("", Role::as_str));
    audit::append(&mut tx, service.links.key(), &event).await?;
    let is_demoted = newsletter.is_none() && account.editor.roles.is_owner_everywhere();
    if is_demoted && tokens == TokensOfPerson::Revoke {
        token::revoke_of(service, &mut tx, id, actor).await?;
    }
    Ok(tx.commit().await?)
}

/// Who runs the program on the server can always make a new owner.
async fn keep_an_owner(tx: &mut Write, actor: &Actor) -> Result<(), Refused> {
    let all = editor::list(tx).await?;
    let mut all = all.iter().map(|account| &account.editor);
    if *actor == Actor::CommandLine || all.any(|editor| editor.roles.is_owner_everywhere()) {
        Ok(())
    } else {
        Err(Refused::LastOwner)
    }
}

/// Changes what the person says of himself or herself.
///
/// # Errors
/// When the name does not fit.
pub async fn change(
    service: &Service,
    id: EditorId,
    new_name: &str,
    language: Language,
) -> Result<(), Refused> {
    let name = name(new_name)?;
    let mut tx = service.store.write().await?;
    editor::change(&mut tx, id, &name, language).await?;
    Ok(tx.commit().await?)
}

/// Sets a password, and ends all sessions of the account, but for one if it is named.
///
/// # Errors
/// When there is no such account, or the password is not good enough.
pub async fn set_password(
    service: &Service,
    id: EditorId,
    new: &str,
    but: Option<SessionId>,
    actor: &Actor,
) -> Result<(), Refused> {
    let account = by_id(service, id).await?;
    password::check(new, &account.editor)?;
    let hash = password::hash(new).await?;
    let mut tx = service.store.write().await?;
    write_password(service, &mut tx, id, &hash, but, actor).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn write_password(
    service: &Service,
    tx: &mut Write,
    id: EditorId,
    hash: &str,
    but: Option<SessionId>,
    actor: &Actor,
) -> Result<(), StoreError> {
    editor::set_password(tx, id, hash).await?;
    session::end_all(tx, id, but).await?;
    let event = AuditEvent::new(actor, AuditAction::PasswordChanged, service.clock.now());
    audit::append(tx, service.links.key(), &event.on_editor(id)).await
}

/// Changes the own password: all sessions end, and a new one begins; returns the values of its cookies.
///
/// # Errors
/// [`Refused::SignedOut`] when the session has ended meanwhile; when the password is not good enough.
pub async fn change_password(
    service: &Service,
    session: &Session,
    new: &str,
    from: &SignInOrigin,
) -> Result<Cookies, Refused> {
    let who = &session.editor;
    password::check(new, who)?;
    let hash = password::hash(new).await?;
    let mut tx = service.store.write().await?;
    lock(&mut tx, who.id).await?;
    // Whoever ended it, by a new password or everywhere, did that after this was asked for.
    if !store::accounts::session::exists(&mut tx, session.id).await? {
        return Err(Refused::SignedOut);
    }
    write_password(service, &mut tx, who.id, &hash, None, &who.actor()).await?;
    let session = session::begin(service, &mut tx, who.id, &from.browser).await?;
    let (browser, _) = browser::note(service, &mut tx, who.id, from).await?;
    tx.commit().await?;
    Ok(Cookies { session, browser })
}

/// Locks an account and those of all owners: two of them who go at once would leave nobody who manages people.
async fn lock_with_owners(tx: &mut Write, id: EditorId) -> Result<Account, Refused> {
    editor::lock_owners(tx).await?;
    lock(tx, id).await
}

async fn lock(tx: &mut Write, id: EditorId) -> Result<Account, Refused> {
    editor::lock(tx, id).await?.ok_or(Refused::NoEditor)
}

fn name(given: &str) -> Result<String, Refused> {
    let name = given.trim();
    let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && is_one_line(name);
    fits.then(|| name.to_owned()).ok_or(Refused::BadName)
}

/// Refuses a password that would not be good enough for somebody who has no account yet.
///
/// # Errors
/// When the password is not good enough.
pub fn check_password(new: &NewEditor, given: &str) -> Result<(), Refused> {
    let editor = Editor {
        id: EditorId(uuid::Uuid::nil()),
        email: new.email.clone(),
        name: new.name.clone(),
        language: new.language,
        roles: Roles::default(),
    };
    Ok(password::check(given, &editor)?)
}
