//! Writing an issue down and changing it.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::archive::make_findable;
use super::history::{Step, record};
use super::send::check_sendable;
use super::{PublishError, check_version, issue, log, newsletter_named, newsletter_of};
use crate::domain::{
    Actor, AuditAction, Edit, Erratum, Issue, IssueContent, IssueId, IssueState, Newsletter, Part,
    Slug, invalid_fields,
};
use crate::service::Service;
use crate::store::issue::NewIssue;
use crate::store::{self, StoreError};

/// What may be changed in a draft; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentPatch {
    /// A new subject.
    pub subject: Option<String>,
    /// A new preheader.
    pub preheader: Option<String>,
    /// A new intro.
    pub intro: Option<String>,
    /// New parts, all of them.
    pub parts: Option<Vec<Part>>,
}

/// A new issue, as the API takes it and `xabar issue new --file` reads it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewIssue)]
#[serde(deny_unknown_fields)]
pub struct IssueDraft {
    /// The newsletter's slug.
    newsletter: String,
    /// The Subject line.
    subject: String,
    /// The words that mail programs show beside the subject.
    #[serde(default)]
    preheader: String,
    /// The editor's greeting, Markdown.
    #[serde(default)]
    intro: String,
    /// The parts, in the order of the mail.
    #[serde(default)]
    parts: Vec<Part>,
}

impl IssueDraft {
    /// The slug of its newsletter.
    #[must_use]
    pub fn newsletter(&self) -> &str {
        &self.newsletter
    }

    /// A draft for this newsletter.
    #[must_use]
    pub fn new(newsletter: &Newsletter, content: IssueContent) -> Self {
        Self {
            newsletter: newsletter.slug.to_string(),
            subject: content.subject,
            preheader: content.preheader,
            intro: content.intro,
            parts: content.parts,
        }
    }
}

/// Saves a new draft.
///
/// # Errors
/// When the newsletter is unknown or a field of the content is invalid.
pub async fn create(
    service: &Service,
    draft: IssueDraft,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let newsletter = newsletter_named(service, &draft.newsletter).await?;
    let content = IssueContent {
        subject: draft.subject,
        preheader: draft.preheader,
        intro: draft.intro,
        parts: draft.parts,
    };
    check_written(&content)?;
    let written = insert(service, &newsletter, &content).await?;
    tracing::info!(issue = %written.id, %actor, "issue created");
    Ok(written)
}

/// The highest number in the name of an issue.
const MAX_NUMBERED: u32 = 20;

pub(super) async fn insert(
    service: &Service,
    newsletter: &Newsletter,
    content: &IssueContent,
) -> Result<Issue, PublishError> {
    insert_for(service, newsletter, content, None).await
}

/// The same for those alone whom an erratum is for.
pub(super) async fn insert_for(
    service: &Service,
    newsletter: &Newsletter,
    content: &IssueContent,
    erratum: Option<Erratum>,
) -> Result<Issue, PublishError> {
    let id = IssueId(service.clock.new_uuid());
    let now = service.clock.now();
    let day = newsletter.day(now);
    let title = Slug::from_text(&format!("{day}-{}", content.subject), &newsletter.slug);
    // Two issues with one subject on one day: the second gets a number, and after many a name of its own.
    for attempt in 1..=MAX_NUMBERED + 1 {
        let slug = match attempt {
            ..=MAX_NUMBERED => numbered(&title, attempt),
            _ => Slug::parse(&format!("{day}-{id}")).unwrap_or_else(|_| title.clone()),
        };
        let mut tx = service.store.write().await?;
        let new = NewIssue {
            id,
            newsletter: newsletter.id,
            slug: &slug,
            content,
            month: None,
            erratum,
        };
        match store::issue::insert(&mut tx, &new, now).await {
            Ok(()) => {
                let written = issue(&mut tx, id).await?;
                tx.commit().await?;
                return Ok(written);
            }
            Err(StoreError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Taken("issue").into())
}

fn numbered(title: &Slug, attempt: u32) -> Slug {
    if attempt == 1 {
        return title.clone();
    }
    Slug::parse(&format!("{title}-{attempt}")).unwrap_or_else(|_| title.clone())
}

/// Changes a draft or a scheduled issue, corrects a paused issue for those who have not had it, or the page of one
/// that was sent; `version`, when given, must be the one the change was made from. A correction that changes nothing
/// makes no revision.
///
/// # Errors
/// When what it says is settled, it has changed meanwhile, or would not fit; when it was sent and `version` is not
/// given.
pub async fn edit(
    service: &Service,
    id: IssueId,
    patch: ContentPatch,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = store::issue::lock(&mut tx, id)
        .await?
        .ok_or(PublishError::NoIssue(id))?;
    let edit = current.edit()?;
    if current.state == IssueState::Sent && version.is_none() {
        return Err(PublishError::VersionRequired);
    }
    check_version(&current, version)?;
    let old = current.content.clone();
    let content = IssueContent {
        subject: patch.subject.unwrap_or(old.subject),
        preheader: patch.preheader.unwrap_or(old.preheader),
        intro: patch.intro.unwrap_or(old.intro),
        parts: patch.parts.unwrap_or(old.parts),
    };
    if edit == Edit::Correction && content == current.content {
        return Ok(current);
    }
    check_written(&content)?;
    if edit == Edit::Correction {
        store::issue::revision::supersede(&mut tx, id, service.clock.now()).await?;
    }
    store::issue::set_content(&mut tx, id, &content).await?;
    let changed = issue(&mut tx, id).await?;
    if changed.content != current.content {
        record(service, &mut tx, (&current, &changed), Step::Own, actor).await?;
    }
    let says = |content: &IssueContent| content.without_blanks().fingerprint();
    if changed.state != IssueState::Draft && says(&content) != says(&current.content) {
        // Who changed it last is not the second person that approves it.
        store::issue::approval::set_triggered_by(&mut tx, id, &actor.person()).await?;
    }
    if changed.state == IssueState::Scheduled {
        // Nobody may be looking when its time comes.
        let newsletter = newsletter_of(&mut tx, changed.newsletter).await?;
        let at = changed.scheduled_at.unwrap_or_else(|| service.clock.now());
        check_sendable(service, &mut tx, &newsletter, &changed, at).await?;
    }
    if edit == Edit::Correction {
        let newsletter = newsletter_of(&mut tx, changed.newsletter).await?;
        make_findable(&mut tx, &changed, newsletter.language).await?;
    }
    if edit == Edit::Correction {
        log(service, &mut tx, actor, AuditAction::Corrected, &changed).await?;
    }
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, revision = changed.revision, "issue content changed");
    Ok(changed)
}

pub(super) fn check(content: &IssueContent) -> Result<(), PublishError> {
    content
        .validate()
        .map_err(|errors| PublishError::Invalid(invalid_fields(&errors)))
}

/// What an editor writes must be shown as it was meant; what was stored before is still sent as well as it can be.
pub(super) fn check_written(content: &IssueContent) -> Result<(), PublishError> {
    check(content)?;
    let unshowable = content.unshowable();
    if unshowable.is_empty() {
        Ok(())
    } else {
        Err(PublishError::Invalid(unshowable))
    }
}
