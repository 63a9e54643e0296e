//! Texts of newsletters that replace the shipped ones.

use jiff::Timestamp;

use crate::domain::{Language, NewsletterId};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    OF = [
        r"SELECT text_key, wording
          FROM own_text
          WHERE newsletter_id = $1 AND language = $2
          ORDER BY text_key",
    ];
    SET = [
        r"INSERT INTO own_text (newsletter_id, language, text_key, wording, changed_at)
          VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (newsletter_id, language, text_key) DO UPDATE SET wording = excluded.wording,
              changed_at = excluded.changed_at",
    ];
    REMOVE = [r"DELETE FROM own_text WHERE newsletter_id = $1 AND language = $2 AND text_key = $3"];
}

/// The text overrides of a newsletter in a language, as key and wording.
pub async fn of(
    db: &mut Read,
    newsletter: NewsletterId,
    language: Language,
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(fetch_all!(db, OF, newsletter, language.as_str())?)
}

/// Inserts or replaces a text override, given as key and wording.
pub async fn set(
    tx: &mut Write,
    newsletter: NewsletterId,
    language: Language,
    (key, wording): (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(
        tx,
        SET,
        newsletter,
        language.as_str(),
        key,
        wording,
        micros(now)
    )?;
    Ok(())
}

/// Removes a text override, if there is one.
pub async fn remove(
    tx: &mut Write,
    newsletter: NewsletterId,
    language: Language,
    key: &str,
) -> Result<(), StoreError> {
    execute!(tx, REMOVE, newsletter, language.as_str(), key)?;
    Ok(())
}
