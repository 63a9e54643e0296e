//! An erratum: an issue for those alone who got a wrong text.

use super::draft::insert_for;
use super::stop::require_ended;
use super::{PublishError, check_version, issue, newsletter_of};
use crate::domain::{Actor, Erratum, Issue, IssueContent, IssueId, IssueState, RefusedTransition};
use crate::service::Service;
use crate::store::{self, Read, StoreError};
use crate::texts::text;

/// The longest subject of an erratum that is made of the issue's own, in characters.
const MAX_SUBJECT_CHARS: usize = 200;

/// Begins an erratum to an issue that was corrected while or after it was sent: a draft for those readers alone
/// who had an earlier revision than the present one and no erratum to it, and are still active when it goes out. An
/// erratum that was not sent yet is returned instead of a second one.
///
/// # Errors
/// When nobody had another text than the present one without an erratum since, or it is not known any more who had;
/// when the issue is not over, mails of it are under way, or it has changed since `version`.
pub async fn erratum(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut db = service.store.read().await?;
    let wrong = issue(&mut db, id).await?;
    if !matches!(wrong.state, IssueState::Sent | IssueState::Cancelled) {
        let (from, wish) = (wrong.state, "followed by an erratum yet");
        return Err(RefusedTransition { from, wish }.into());
    }
    check_version(&wrong, version)?;
    require_ended(&wrong)?;
    let erratum = Erratum {
        of: id,
        below: wrong.revision,
    };
    if !store::issue::erratum::any_below(&mut db, erratum).await? {
        return Err(match is_known(&mut db, &wrong).await? {
            true => PublishError::NothingWrong,
            false => PublishError::LedgerRemoved,
        });
    }
    if let Some(unsent) = store::issue::erratum::unsent(&mut db, id).await? {
        return issue(&mut db, unsent).await;
    }
    let newsletter = newsletter_of(&mut db, wrong.newsletter).await?;
    drop(db);
    let subject = wrong.content.subject.chars().take(MAX_SUBJECT_CHARS);
    let subject: String = subject.collect();
    let content = IssueContent {
        subject: text(
            newsletter.language,
            "desk-sending-erratum-subject",
            &[("subject", subject.into())],
        ),
        preheader: String::new(),
        intro: String::new(),
        parts: Vec::new(),
    };
    match insert_for(service, &newsletter, &content, Some(erratum)).await {
        Ok(written) => {
            tracing::info!(issue = %written.id, of = %id, %actor, "erratum begun");
            Ok(written)
        }
        // Somebody else was quicker.
        Err(PublishError::Store(StoreError::Taken(what))) => {
            let mut db = service.store.read().await?;
            match store::issue::erratum::unsent(&mut db, id).await? {
                Some(unsent) => issue(&mut db, unsent).await,
                None => Err(StoreError::Taken(what).into()),
            }
        }
        Err(error) => Err(error),
    }
}

/// Whether it is still known who got which text of a corrected issue: retention removes deliveries.
///
/// # Errors
/// When the database cannot be used.
pub async fn knows_who_got_what(
    service: &Service,
    corrected: &Issue,
) -> Result<bool, PublishError> {
    Ok(is_known(&mut service.store.read().await?, corrected).await?)
}

pub(super) async fn is_known(db: &mut Read, issue: &Issue) -> Result<bool, StoreError> {
    let somebody_got_it = issue.counts.sent + issue.counts.unknown > 0;
    Ok(!somebody_got_it || store::issue::erratum::has_ledger(db, issue.id).await?)
}
