//! A newsletter in each language, and an issue of each to send.

use serde::Deserialize;

use super::past;
use crate::cli::CliError;
use crate::config::SettingsError;
use crate::domain::{
    Actor, Editor, EditorId, EmailAddress, IssueContent, IssueId, IssueState, Language,
    NewsletterId, NewsletterInput, Role, Roles,
};
use crate::publish::{self, IssueDraft};
use crate::service::Service;
use crate::store::issue::IssueFilter;
use crate::store::{self, StoreError};
use crate::texts::locale_file;
use crate::web::demo::SAMPLE_DOMAIN;

/// Where the pictures of the sample issues seem to be.
const PICTURES: &str = "https://example.org/mailbox/";

/// `demo/newsletter.json` in the folder of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleNewsletter {
    slug: String,
    title: String,
    description: String,
    sender_name: String,
    time_zone: String,
    /// The day on which its issues come.
    pub(super) weekday: String,
}

pub(super) fn read<T: serde::de::DeserializeOwned>(
    language: Language,
    name: &str,
    change: impl FnOnce(&str) -> String,
) -> Result<T, CliError> {
    let failed = |why: String| CliError::Failed(format!("locales/{language}/{name}: {why}"));
    let json = locale_file(language, name).ok_or_else(|| failed("is missing".into()))?;
    serde_json::from_str(&change(json)).map_err(|e| failed(e.to_string()))
}

pub(super) fn newsletter(language: Language) -> Result<SampleNewsletter, CliError> {
    read(language, "demo/newsletter.json", str::to_owned)
}

/// The sample issue in a language, with pictures that this process serves at `base`.
pub(super) fn issue(language: Language, base: &str) -> Result<IssueContent, CliError> {
    read(language, "demo/issue.json", with_pictures_at(base))
}

/// Leads the pictures of a sample to `base`.
pub(super) fn with_pictures_at(base: &str) -> impl FnOnce(&str) -> String {
    let ours = format!("{base}/mailbox/");
    move |json| json.replace(PICTURES, &ours)
}

/// Adds the newsletters that are missing, and a draft for each without one; with a past, also readers and
/// the issues of the weeks before. Returns the drafts, that of the oldest newsletter first.
pub(super) async fn fill(service: &Service, with_past: bool) -> Result<Vec<IssueId>, CliError> {
    add_newsletters(service).await?;
    let newsletters = store::newsletter::list(&mut service.store.read().await?).await?;
    // A folder that was used for a demo before has its issues.
    let is_new = first_issue(service, IssueFilter::default())
        .await?
        .is_none();
    if with_past && is_new {
        past::fill(service, &newsletters).await?;
    }
    let mut drafts = Vec::new();
    for newsletter in &newsletters {
        let content = issue(newsletter.language, &service.links.page(""))?;
        drafts.push(match draft_of(service, newsletter.id, &content).await? {
            Some(draft) => draft,
            None => {
                let new = IssueDraft::new(newsletter, content);
                let draft = publish::create(service, new, &Actor::CommandLine).await?;
                draft.id
            }
        });
    }
    Ok(drafts)
}

/// The person who is signed in at the desk of a demo.
pub(super) async fn editor(service: &Service) -> Result<EditorId, CliError> {
    let email = EmailAddress::parse(&format!("editor@{SAMPLE_DOMAIN}"));
    let email = email.map_err(|e| CliError::Failed(e.to_string()))?;
    let mut tx = service.store.write().await?;
    // A folder that was used for a demo before has the account.
    if let Some(known) = store::accounts::editor::by_email(&mut tx, &email).await? {
        return Ok(known.editor.id);
    }
    let editor = Editor {
        id: EditorId(service.clock.new_uuid()),
        email,
        name: "Demo".to_owned(),
        language: service.settings.newsletter.language,
        roles: Roles::everywhere(Role::Owner),
    };
    store::accounts::editor::insert(&mut tx, &editor, service.clock.now()).await?;
    tx.commit().await?;
    Ok(editor.id)
}

/// The draft with this subject: there is a half-written one besides.
async fn draft_of(
    service: &Service,
    newsletter: NewsletterId,
    content: &IssueContent,
) -> Result<Option<IssueId>, StoreError> {
    const DRAFTS: i64 = 20;
    let drafts = IssueFilter {
        newsletter: Some(newsletter),
        state: Some(IssueState::Draft),
    };
    let mut db = service.store.read().await?;
    let found = store::issue::list(&mut db, drafts, None, DRAFTS).await?;
    let mut ids = found.into_iter().map(|(issue, _)| issue);
    let sample = ids.find(|issue| issue.content.subject == content.subject);
    Ok(sample.map(|issue| issue.id))
}

async fn first_issue(
    service: &Service,
    filter: IssueFilter,
) -> Result<Option<IssueId>, StoreError> {
    let mut db = service.store.read().await?;
    let found = store::issue::list(&mut db, filter, None, 1).await?;
    Ok(found.first().map(|(issue, _)| issue.id))
}

async fn add_newsletters(service: &Service) -> Result<(), CliError> {
    let first = &service.settings.newsletter;
    for language in Language::ALL.iter().filter(|l| **l != first.language) {
        let sample = newsletter(*language)?;
        let wish = NewsletterInput {
            slug: sample.slug,
            title: sample.title,
            description: sample.description,
            language: *language,
            sender_name: sample.sender_name,
            time_zone: sample.time_zone,
            ..first.clone()
        };
        let newsletter = wish.to_newsletter(NewsletterId(service.clock.new_uuid()));
        let newsletter = newsletter.map_err(SettingsError::from)?;
        let mut tx = service.store.write().await?;
        match store::newsletter::insert(&mut tx, &newsletter, service.clock.now()).await {
            Ok(()) => tx.commit().await?,
            // The folder was used for a demo before.
            Err(StoreError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{issue, newsletter};
    use crate::domain::{Language, Slug, time_zone};
    use validator::Validate;

    #[test]
    fn the_samples_are_valid_and_show_every_part() -> Result<(), Box<dyn std::error::Error>> {
        for language in Language::ALL {
            let sample = newsletter(*language)?;
            assert!(Slug::parse(&sample.slug).is_ok(), "{language}");
            assert!(time_zone(&sample.time_zone).is_ok(), "{language}");
            let content = issue(*language, "https://example.org")?;
            assert!(content.validate().is_ok(), "{language}");
            assert!(content.parts.len() >= 8, "{language} shows every part");
        }
        Ok(())
    }
}
