//! What newsletters say in place of the shipped texts.

use jiff::Timestamp;

use crate::domain::{Language, NewsletterId};
use crate::store::dialect::{run, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    OF = ["SELECT text_key, wording FROM own_text WHERE newsletter_id = $1 AND language = $2 ORDER BY text_key"];
    SET = ["INSERT INTO own_text (newsletter_id, language, text_key, wording, changed_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (newsletter_id, language, text_key) DO UPDATE SET wording = excluded.wording, \
        changed_at = excluded.changed_at"];
    REMOVE = ["DELETE FROM own_text WHERE newsletter_id = $1 AND language = $2 AND text_key = $3"];
}

/// Keys and wordings of a newsletter in a language.
///
/// # Errors
/// When the database cannot be used.
pub async fn of(
    db: &mut Read,
    newsletter: NewsletterId,
    language: Language,
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(run!(db, OF, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .bind(language.as_str())
        .fetch_all(connection)
        .await)?)
}

/// Keeps a wording, in place of the one before.
///
/// # Errors
/// When the database cannot be used.
pub async fn set(
    tx: &mut Write,
    newsletter: NewsletterId,
    language: Language,
    (key, wording): (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    run!(tx, SET, |sql, connection| sqlx::query(sql)
        .bind(newsletter.0)
        .bind(language.as_str())
        .bind(key)
        .bind(wording)
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Forgets a wording, if there is one.
///
/// # Errors
/// When the database cannot be used.
pub async fn remove(
    tx: &mut Write,
    newsletter: NewsletterId,
    language: Language,
    key: &str,
) -> Result<(), StoreError> {
    run!(tx, REMOVE, |sql, connection| sqlx::query(sql)
        .bind(newsletter.0)
        .bind(language.as_str())
        .bind(key)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}
