//! Writing an issue down and changing it.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::archive::make_findable;
use super::{InvalidField, PublishError, issue, newsletter_of};
use crate::domain::{Edit, Issue, IssueContent, IssueId, Newsletter, Part, Slug};
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

/// Writes a new draft down.
///
/// # Errors
/// When the content does not fit.
pub async fn create(
    service: &Service,
    newsletter: &Newsletter,
    content: &IssueContent,
) -> Result<Issue, PublishError> {
    check(content)?;
    let id = IssueId(service.clock.new_uuid());
    let now = service.clock.now();
    let day = newsletter.day(now);
    let title = Slug::from_text(&format!("{day}-{}", content.subject), &newsletter.slug);
    // Two issues with one subject on one day: the second gets a number.
    for attempt in 1..100 {
        let slug = numbered(&title, attempt);
        let mut tx = service.store.write().await?;
        let new = NewIssue {
            id,
            newsletter: newsletter.id,
            slug: &slug,
            content,
            month: None,
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

/// Changes a draft or the scheduled summary of a month, or corrects a paused issue for those who have not had
/// it; `version`, when given, must be the one the change was made from.
///
/// # Errors
/// When what it says is settled, it has changed meanwhile, or would not fit.
pub async fn edit(
    service: &Service,
    id: IssueId,
    patch: ContentPatch,
    version: Option<i64>,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = store::issue::lock(&mut tx, id)
        .await?
        .ok_or(PublishError::NoIssue(id))?;
    let edit = current.edit()?;
    if version.is_some_and(|version| version != current.version) {
        return Err(PublishError::Changed {
            what: "issue",
            version: current.version,
        });
    }
    let old = current.content;
    let content = IssueContent {
        subject: patch.subject.unwrap_or(old.subject),
        preheader: patch.preheader.unwrap_or(old.preheader),
        intro: patch.intro.unwrap_or(old.intro),
        parts: patch.parts.unwrap_or(old.parts),
    };
    check(&content)?;
    if edit == Edit::Correction {
        store::issue::revision::supersede(&mut tx, id, service.clock.now()).await?;
    }
    store::issue::set_content(&mut tx, id, &content).await?;
    let changed = issue(&mut tx, id).await?;
    if edit == Edit::Correction {
        let newsletter = newsletter_of(&mut tx, changed.newsletter).await?;
        make_findable(&mut tx, &changed, newsletter.language).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

pub(super) fn check(content: &IssueContent) -> Result<(), PublishError> {
    content
        .validate()
        .map_err(|errors| PublishError::Invalid(validation_errors(&errors)))
}

/// The validator's tree as a flat list, each problem with its place.
#[must_use]
pub fn validation_errors(errors: &ValidationErrors) -> Vec<InvalidField> {
    let mut problems = Vec::new();
    collect(errors, "", &mut problems);
    problems.sort_by(|a, b| a.field.cmp(&b.field));
    problems
}

fn collect(errors: &ValidationErrors, prefix: &str, problems: &mut Vec<InvalidField>) {
    for (field, kind) in errors.errors() {
        let place = if prefix.is_empty() {
            field.to_string()
        } else {
            format!("{prefix}.{field}")
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &place, problems),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{place}[{index}]"), problems);
                }
            }
            ValidationErrorsKind::Field(list) => {
                problems.extend(list.iter().map(|error| InvalidField {
                    field: place.clone(),
                    why: why(error),
                }));
            }
        }
    }
}

fn why(error: &validator::ValidationError) -> String {
    if let Some(message) = &error.message {
        return message.to_string();
    }
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => format!("must have {min} to {max} characters"),
        ("length", None, Some(max)) => format!("must have at most {max} characters or entries"),
        (code, _, _) => format!("is not valid ({code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::{check, validation_errors};
    use crate::domain::IssueContent;
    use validator::Validate;

    #[test]
    fn problems_name_their_place() -> Result<(), serde_json::Error> {
        let content: IssueContent = serde_json::from_str(
            r#"{"subject":"","parts":[{"kind":"news"},{"kind":"news","items":[{"title":"ok"},{"title":"t","url":"ftp://x"}]}]}"#,
        )?;
        assert!(check(&content).is_err());
        let problems = content
            .validate()
            .err()
            .map(|e| validation_errors(&e))
            .unwrap_or_default();
        let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["parts[1].items[1].url", "subject"]);
        Ok(())
    }
}
