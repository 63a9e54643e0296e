//! Editors and their roles.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{Editor, EditorId, EmailAddress, Language, NewsletterId, Roles};
use crate::store::dialect::{execute, fetch_all, fetch_all_scalars, fetch_optional, statements};
use crate::store::error::taken;
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    INSERT = [
        r"INSERT INTO editor (id, email, email_key, name, language, created_at)
          VALUES ($1, $2, $3, $4, $5, $6)",
    ];
    BY_ID = [r"SELECT id, email, name, language, password_hash, totp_salt, totp_step FROM editor WHERE id = $1"];
    BY_EMAIL = [r"SELECT id, email, name, language, password_hash, totp_salt, totp_step FROM editor WHERE email_key = $1"];
    LOCK = [
        r"SELECT id, email, name, language, password_hash, totp_salt, totp_step FROM editor WHERE id = $1",
        for_update,
    ];
    LOCK_OWNERS = [
        r"SELECT id
          FROM editor
          WHERE id IN (SELECT editor_id FROM editor_role WHERE newsletter_id IS NULL AND role = 'owner')
          ORDER BY id",
        for_update,
    ];
    LIST = [
        r"SELECT id, email, name, language, password_hash, totp_salt, totp_step FROM editor ORDER BY name, email_key",
    ];
    CHANGE = [r"UPDATE editor SET name = $2, language = $3 WHERE id = $1"];
    SET_PASSWORD = [r"UPDATE editor SET password_hash = $2 WHERE id = $1"];
    RENEW_PASSWORD = [r"UPDATE editor SET password_hash = $3 WHERE id = $1 AND password_hash = $2"];
    SET_TOTP = [r"UPDATE editor SET totp_salt = $2, totp_step = $3 WHERE id = $1"];
    REMOVE = [r"DELETE FROM editor WHERE id = $1"];
    ROLES = [r"SELECT newsletter_id, role FROM editor_role WHERE editor_id = $1"];
    ALL_ROLES = [r"SELECT editor_id, newsletter_id, role FROM editor_role"];
    TAKE_ROLE = [
        r"DELETE FROM editor_role
          WHERE editor_id = $1 AND (newsletter_id = $2 OR ($2 IS NULL AND newsletter_id IS NULL))",
    ];
    GIVE_ROLE = [r"INSERT INTO editor_role (editor_id, newsletter_id, role) VALUES ($1, $2, $3)"];
}

#[derive(FromRow)]
struct EditorRow {
    id: EditorId,
    email: String,
    name: String,
    language: String,
    password_hash: Option<String>,
    totp_salt: Option<Vec<u8>>,
    totp_step: i64,
}

/// An editor with what the account holds besides.
#[derive(Debug, Clone)]
pub struct Account {
    /// The person.
    pub editor: Editor,
    /// The hash of the password, as a PHC string; none before the first one is set.
    pub password_hash: Option<String>,
    /// What the secret of the app is made from; none where no code is asked for.
    pub totp_salt: Option<Vec<u8>>,
    /// The step of the last code.
    pub totp_step: i64,
}

impl EditorRow {
    fn account(self, roles: Roles) -> Result<Account, StoreError> {
        let place = Row {
            table: "editor",
            id: &self.id,
        };
        Ok(Account {
            editor: Editor {
                id: self.id,
                email: place.parse("email", &self.email)?,
                language: place.parse("language", &self.language)?,
                name: self.name,
                roles,
            },
            password_hash: self.password_hash,
            totp_salt: self.totp_salt,
            totp_step: self.totp_step,
        })
    }
}

/// Adds an editor with the roles, without a password.
///
/// # Errors
/// [`StoreError::Taken`] when the address has an account.
pub async fn insert(tx: &mut Write, editor: &Editor, now: Timestamp) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        editor.id,
        editor.email.to_string(),
        editor.email.key(),
        &editor.name,
        editor.language.as_str(),
        micros(now)
    )
    .map_err(taken("editor"))?;
    for (newsletter, role) in editor.roles.given() {
        execute!(tx, GIVE_ROLE, editor.id, newsletter, role.as_str())?;
    }
    Ok(())
}

/// The account with this identifier.
pub async fn by_id(db: &mut Read, id: EditorId) -> Result<Option<Account>, StoreError> {
    let row: Option<EditorRow> = fetch_optional!(db, BY_ID, id)?;
    with_roles(db, row).await
}

/// The account that signs in by this address.
pub async fn by_email(db: &mut Read, email: &EmailAddress) -> Result<Option<Account>, StoreError> {
    let row: Option<EditorRow> = fetch_optional!(db, BY_EMAIL, email.key())?;
    with_roles(db, row).await
}

/// Like [`by_id`], and locks the account until the transaction ends.
pub async fn lock(tx: &mut Write, id: EditorId) -> Result<Option<Account>, StoreError> {
    let row: Option<EditorRow> = fetch_optional!(tx, LOCK, id)?;
    with_roles(tx, row).await
}

/// Locks the accounts of all owners of all newsletters until the transaction ends.
pub async fn lock_owners(tx: &mut Write) -> Result<(), StoreError> {
    let _: Vec<EditorId> = fetch_all_scalars!(tx, LOCK_OWNERS)?;
    Ok(())
}

/// All accounts, by name.
pub async fn list(db: &mut Read) -> Result<Vec<Account>, StoreError> {
    let rows: Vec<EditorRow> = fetch_all!(db, LIST)?;
    let given: Vec<(EditorId, Option<NewsletterId>, String)> = fetch_all!(db, ALL_ROLES)?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        let own = given.iter().filter(|(editor, ..)| *editor == row.id);
        let own = own.map(|(_, newsletter, role)| (*newsletter, role.as_str()));
        let roles = roles_of(row.id, own)?;
        accounts.push(row.account(roles)?);
    }
    Ok(accounts)
}

/// Changes what the person says of himself.
pub async fn change(
    tx: &mut Write,
    id: EditorId,
    name: &str,
    language: Language,
) -> Result<(), StoreError> {
    execute!(tx, CHANGE, id, name, language.as_str())?;
    Ok(())
}

/// Replaces the hash of the password.
pub async fn set_password(tx: &mut Write, id: EditorId, hash: &str) -> Result<(), StoreError> {
    execute!(tx, SET_PASSWORD, id, hash)?;
    Ok(())
}

/// Replaces the old hash of a password by a new one of the same password; another password stays.
pub async fn renew_password(
    tx: &mut Write,
    id: EditorId,
    (old, new): (&str, &str),
) -> Result<(), StoreError> {
    execute!(tx, RENEW_PASSWORD, id, old, new)?;
    Ok(())
}

/// Sets what the secret of the app is made from, and the step of the last code.
pub async fn set_totp(
    tx: &mut Write,
    id: EditorId,
    salt: Option<&[u8]>,
    step: i64,
) -> Result<(), StoreError> {
    execute!(tx, SET_TOTP, id, salt, step)?;
    Ok(())
}

/// Gives a role in a newsletter, or in all (`None`), or takes it; that given there before is replaced.
pub async fn set_role(
    tx: &mut Write,
    id: EditorId,
    newsletter: Option<NewsletterId>,
    role: Option<crate::domain::Role>,
) -> Result<(), StoreError> {
    execute!(tx, TAKE_ROLE, id, newsletter)?;
    if let Some(role) = role {
        execute!(tx, GIVE_ROLE, id, newsletter, role.as_str())?;
    }
    Ok(())
}

/// Removes an account with its roles and sessions; returns whether there was one.
pub async fn remove(tx: &mut Write, id: EditorId) -> Result<bool, StoreError> {
    Ok(execute!(tx, REMOVE, id)? > 0)
}

/// The roles of an editor.
pub async fn roles(db: &mut Read, id: EditorId) -> Result<Roles, StoreError> {
    let given: Vec<(Option<NewsletterId>, String)> = fetch_all!(db, ROLES, id)?;
    roles_of(
        id,
        given
            .iter()
            .map(|(newsletter, role)| (*newsletter, role.as_str())),
    )
}

async fn with_roles(db: &mut Read, row: Option<EditorRow>) -> Result<Option<Account>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let roles = roles(db, row.id).await?;
    row.account(roles).map(Some)
}

fn roles_of<'a>(
    id: EditorId,
    given: impl Iterator<Item = (Option<NewsletterId>, &'a str)>,
) -> Result<Roles, StoreError> {
    let place = Row {
        table: "editor_role",
        id: &id,
    };
    let mut roles = Roles::default();
    for (newsletter, role) in given {
        roles.give(newsletter, place.parse("role", role)?);
    }
    Ok(roles)
}
