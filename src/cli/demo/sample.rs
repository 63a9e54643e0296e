//! Three newsletters and an issue of each.

use crate::cli::CliError;
use crate::config::FirstNewsletter;
use crate::domain::{IssueContent, IssueId, Language, NewsletterId};
use crate::publish;
use crate::service::Service;
use crate::store::{self, StoreError};

const ISSUES: [(&str, &str); 3] = [
    ("asie-centrale", include_str!("sample/fr.json")),
    ("central-asia", include_str!("sample/en.json")),
    ("zentralasien", include_str!("sample/de.json")),
];

/// Where the pictures of the sample issues seem to be.
const PICTURES: &str = "https://example.org/mailbox/";

/// The sample issue of a newsletter, with pictures that this process serves at `base`.
pub(super) fn issue(slug: &str, base: &str) -> Result<IssueContent, CliError> {
    let failed = |why: &str| CliError::Failed(format!("the sample issue of {slug}: {why}"));
    let found = ISSUES.iter().find(|(of, _)| *of == slug);
    let (_, json) = found.ok_or_else(|| failed("there is none"))?;
    let json = json.replace(PICTURES, &format!("{base}/mailbox/"));
    serde_json::from_str(&json).map_err(|e| failed(&e.to_string()))
}

/// What was made.
pub(super) struct Sample {
    /// The French draft.
    pub(super) issue: IssueId,
}

/// Adds the newsletters that are missing, and a draft for each newsletter.
pub(super) async fn fill(service: &Service) -> Result<Sample, CliError> {
    for (slug, title, description, language, zone) in [
        (
            "central-asia",
            "Central Asia",
            "Every Thursday, what matters in Central Asia.",
            Language::English,
            "Europe/London",
        ),
        (
            "zentralasien",
            "Zentralasien",
            "Jeden Dienstag das Wichtigste aus Zentralasien.",
            Language::German,
            "Europe/Berlin",
        ),
    ] {
        let wish = FirstNewsletter {
            slug: slug.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            language,
            sender_name: title.to_owned(),
            time_zone: zone.to_owned(),
            ..service.settings.newsletter.clone()
        };
        let newsletter = wish.to_newsletter(NewsletterId(service.clock.new_uuid()))?;
        let mut tx = service.store.write().await?;
        match store::newsletter::insert(&mut tx, &newsletter, service.clock.now()).await {
            Ok(()) => tx.commit().await?,
            // The folder was used for a demo before.
            Err(StoreError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut first = None;
    let newsletters = store::newsletter::list(&mut service.store.read().await?).await?;
    for (slug, _) in ISSUES {
        let Some(newsletter) = newsletters.iter().find(|n| n.slug.as_str() == slug) else {
            continue;
        };
        let content = issue(slug, &service.links.page(""))?;
        let issue = publish::create(service, newsletter, &content).await?;
        first = first.or(Some(issue.id));
    }
    let issue = first
        .ok_or_else(|| CliError::Failed("the folder has none of the demo's newsletters".into()))?;
    Ok(Sample { issue })
}

#[cfg(test)]
mod tests {
    use super::ISSUES;
    use crate::domain::IssueContent;
    use validator::Validate;

    #[test]
    fn the_sample_issues_are_valid() -> Result<(), Box<dyn std::error::Error>> {
        for (slug, json) in ISSUES {
            let content: IssueContent = serde_json::from_str(json)?;
            assert!(content.validate().is_ok(), "{slug}");
            assert!(content.parts.len() >= 8, "{slug} shows every part");
        }
        Ok(())
    }
}
