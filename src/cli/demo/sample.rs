//! A newsletter in each language, and an issue of each.

use serde::Deserialize;

use crate::cli::CliError;
use crate::config::SettingsError;
use crate::domain::{Actor, IssueContent, IssueId, Language, NewsletterId, NewsletterInput};
use crate::publish::{self, IssueDraft};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::texts::locale_file;

/// Where the pictures of the sample issues seem to be.
const PICTURES: &str = "https://example.org/mailbox/";

/// `demo/newsletter.json` in the folder of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleNewsletter {
    slug: String,
    title: String,
    description: String,
    sender_name: String,
    time_zone: String,
}

fn read<T: serde::de::DeserializeOwned>(
    language: Language,
    name: &str,
    change: impl FnOnce(&str) -> String,
) -> Result<T, CliError> {
    let failed = |why: String| CliError::Failed(format!("locales/{language}/{name}: {why}"));
    let json = locale_file(language, name).ok_or_else(|| failed("is missing".into()))?;
    serde_json::from_str(&change(json)).map_err(|e| failed(e.to_string()))
}

fn newsletter(language: Language) -> Result<SampleNewsletter, CliError> {
    read(language, "demo/newsletter.json", str::to_owned)
}

/// The sample issue in a language, with pictures that this process serves at `base`.
pub(super) fn issue(language: Language, base: &str) -> Result<IssueContent, CliError> {
    let ours = |json: &str| json.replace(PICTURES, &format!("{base}/mailbox/"));
    read(language, "demo/issue.json", ours)
}

/// What was made.
pub(super) struct Sample {
    /// The draft of the first newsletter.
    pub(super) issue: IssueId,
}

/// Adds the newsletters that are missing, and a draft for each newsletter.
pub(super) async fn fill(service: &Service) -> Result<Sample, CliError> {
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
    let mut draft = None;
    let newsletters = store::newsletter::list(&mut service.store.read().await?).await?;
    for newsletter in &newsletters {
        let content = issue(newsletter.language, &service.links.page(""))?;
        let new = IssueDraft::new(newsletter, content);
        let issue = publish::create(service, new, &Actor::CommandLine).await?;
        draft = draft.or(Some(issue.id));
    }
    let issue = draft.ok_or_else(|| CliError::Failed("the folder has no newsletter".into()))?;
    Ok(Sample { issue })
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
