//! Makes public issues findable in the archive.

use super::{PublishError, issue, newsletter_of};
use crate::domain::{Issue, Language, folded};
use crate::mail::searchable_text;
use crate::service::Service;
use crate::store::{self, Write};

/// Issues that are made findable in one transaction.
const BATCH_ROWS: i64 = 50;

/// So much of an issue's words can be found, in octets: PostgreSQL bears a megabyte.
const MAX_INDEXED_OCTETS: usize = 400_000;

/// Makes an issue findable by what it says now. The summary of a month says nothing of its own, and an erratum is for a
/// few readers.
pub(super) async fn make_findable(
    tx: &mut Write,
    issue: &Issue,
    language: Language,
) -> Result<(), PublishError> {
    if issue.month.is_some() || issue.erratum.is_some() {
        return Ok(());
    }
    let content = &issue.content;
    let shown = searchable_text(language, content);
    let mut words = folded(&format!("{} {shown}", content.subject));
    if words.len() > MAX_INDEXED_OCTETS {
        let end = words[..MAX_INDEXED_OCTETS]
            .rfind(' ')
            .unwrap_or(MAX_INDEXED_OCTETS);
        words.truncate(end);
    }
    Ok(store::issue::archive::put(tx, issue.id, &shown, &words).await?)
}

/// Makes those public issues findable that are not yet: they went out before there was a search. `tell`
/// hears after each batch how many are done.
///
/// # Errors
/// When the database cannot be used.
pub async fn make_all_findable(
    service: &Service,
    tell: impl Fn(usize),
) -> Result<(), PublishError> {
    let mut done = 0;
    loop {
        let mut db = service.store.read().await?;
        let missing = store::issue::archive::missing(&mut db, BATCH_ROWS).await?;
        drop(db);
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = service.store.write().await?;
        done += missing.len();
        for id in missing {
            let issue = issue(&mut tx, id).await?;
            let newsletter = newsletter_of(&mut tx, issue.newsletter).await?;
            make_findable(&mut tx, &issue, newsletter.language).await?;
        }
        tx.commit().await?;
        tell(done);
    }
}
