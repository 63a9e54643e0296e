//! The weeks before the demo: readers, and issues that have gone out to them.

use std::io::Cursor;
use std::sync::Arc;

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Deserialize;

use super::sample;
use crate::cli::CliError;
use crate::clock::Clock;
use crate::domain::{Actor, Fields, IssueContent, Language, LogoFile, Newsletter, NewsletterPatch};
use crate::mail::Relays;
use crate::publish::{self, Change, ContentPatch, IssueDraft, Trigger};
use crate::service::Service;
use crate::subscribe::Importer;
use crate::texts::consent_wording;
use crate::web::demo::SAMPLE_DOMAIN;
use crate::worker::{self, NotIdle};

const LOGO: &[u8] = include_bytes!("logo.png");
const FIELDS: &str = include_str!("fields.json");
/// The newsletter that has a logo, a colour and fields of its own.
const BRANDED: Language = Language::En;
const ACCENT: &str = "#8a3b1f";

/// What the sample readers chose: the languages of their newsletters, countries, frequency.
const READERS: [(&[Language], &str, &str); 20] = {
    use Language::{De, En, Fr, Ru};
    [
        (&[Fr], "", "each"),
        (&[Fr], "kz", "each"),
        (&[Fr], "kg;uz", "each"),
        (&[Fr, En], "tj", "each"),
        (&[Fr], "", "monthly"),
        (&[Fr, De], "kz;kg;uz;tj;tm", "each"),
        (&[Fr], "uz", "each"),
        (&[De], "", "each"),
        (&[De], "kz", "each"),
        (&[De], "kg", "monthly"),
        (&[De, En], "kg;tj", "each"),
        (&[De], "tm;uz", "each"),
        (&[En], "", "each"),
        (&[En], "kz;uz", "each"),
        (&[En], "region", "each"),
        (&[En, Ru], "tj", "each"),
        (&[En], "kg", "each"),
        (&[Ru], "", "each"),
        (&[Ru], "kg;kz", "each"),
        (&[Ru], "uz", "monthly"),
    ]
};

/// `demo/past.json` in the folder of a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    /// The issues, the oldest first.
    issues: Vec<IssueContent>,
    /// What was wrong in the latest of them, and what corrected it.
    slip: Slip,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slip {
    wrong: String,
    right: String,
}

impl Slip {
    /// The content as it was before the correction.
    fn made_in(&self, content: &IssueContent) -> Result<IssueContent, serde_json::Error> {
        let text = serde_json::to_string(content)?;
        serde_json::from_str(&text.replace(&self.right, &self.wrong))
    }
}

fn past(language: Language, base: &str) -> Result<Past, CliError> {
    sample::read(language, "demo/past.json", sample::with_pictures_at(base))
}

fn failed(why: impl std::fmt::Display) -> CliError {
    CliError::Failed(format!("the sample data of the demo: {why}"))
}

/// Adds sample readers and past issues, which go out to them.
pub(super) async fn fill(service: &Service, newsletters: &[Newsletter]) -> Result<(), CliError> {
    let relays = Relays::from_settings(&service.settings).map_err(failed)?;
    let relays = Arc::new(relays);
    for newsletter in newsletters {
        add_readers(service, newsletter).await?;
    }
    for newsletter in newsletters {
        if newsletter.language == BRANDED {
            brand(service, newsletter).await?;
        }
        let past = past(newsletter.language, &service.links.page(""))?;
        let day = sample::newsletter(newsletter.language)?.weekday;
        let mornings = mornings(newsletter, &day, past.issues.len(), service.clock.now())?;
        let last = past.issues.len().saturating_sub(1);
        for (number, (content, morning)) in past.issues.iter().zip(mornings).enumerate() {
            let then = at(service, morning);
            let slip = (number == last).then_some(&past.slip);
            publish(&then, newsletter, content, slip).await?;
            let done = worker::run_until_idle(&then, &relays).await;
            done.map_err(|error| match error {
                NotIdle::Publish(error) => error.into(),
                error => failed(error),
            })?;
        }
        begin_next(service, newsletter).await?;
    }
    Ok(())
}

/// Begins the next issue: half of it is written, without a preheader, and one item has no link yet.
async fn begin_next(service: &Service, newsletter: &Newsletter) -> Result<(), CliError> {
    let mut content = sample::issue(newsletter.language, &service.links.page(""))?;
    content.parts.truncate(3);
    content.preheader.clear();
    let mut items = content.parts.iter_mut().flat_map(|part| &mut part.items);
    if let Some(item) = items.nth(1) {
        content.subject.clone_from(&item.title);
        item.url = None;
    }
    let new = IssueDraft::new(newsletter, content);
    publish::create(service, new, &Actor::CommandLine).await?;
    Ok(())
}

/// The service with a clock that stands at this time.
fn at(service: &Service, time: Timestamp) -> Service {
    let mut seed = [0; 8];
    service.clock.fill(&mut seed);
    Service {
        clock: Clock::held(time, u64::from_le_bytes(seed)),
        ..service.clone()
    }
}

/// Eight in the morning of the last weeks' days of publication, the oldest first.
fn mornings(
    newsletter: &Newsletter,
    day: &str,
    weeks: usize,
    now: Timestamp,
) -> Result<Vec<Timestamp>, CliError> {
    let days = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
    ];
    let day = days.iter().find(|(name, _)| *name == day);
    let (_, day) = day.ok_or_else(|| failed("no such weekday"))?;
    let today = newsletter.day(now);
    let latest = today.nth_weekday(-1, *day).map_err(failed)?;
    let weeks = (0..i64::try_from(weeks).unwrap_or_default()).rev();
    weeks
        .map(|week| {
            let date = latest.checked_sub(week.weeks()).map_err(failed)?;
            let morning = date.at(8, 0, 0, 0);
            newsletter.time_zone.to_timestamp(morning).map_err(failed)
        })
        .collect()
}

/// Imports the sample readers of a newsletter, with dates of the past year.
async fn add_readers(service: &Service, newsletter: &Newsletter) -> Result<(), CliError> {
    let wording = consent_wording(newsletter.language, &newsletter.title).wording;
    let mut file = csv::Writer::from_writer(Vec::new());
    let columns = [
        "email",
        "consent_at",
        "consent_source",
        "consent_wording",
        "language",
        "countries",
        "frequency",
    ];
    file.write_record(columns).map_err(failed)?;
    for (number, (languages, countries, frequency)) in (1_i64..).zip(READERS) {
        let Some(language) = languages.first() else {
            continue;
        };
        if !languages.contains(&newsletter.language) {
            continue;
        }
        let since = service.clock.now() - SignedDuration::from_hours(24 * (30 + 15 * number));
        let row = [
            &format!("reader-{number}@{SAMPLE_DOMAIN}"),
            &since.to_string(),
            "demo",
            &wording,
            language.as_str(),
            countries,
            frequency,
        ];
        file.write_record(row).map_err(failed)?;
    }
    let file = file.into_inner().map_err(failed)?;
    let import = Importer::new(service, newsletter, Cursor::new(file), &[]).map_err(failed)?;
    let mut wrong = None;
    let report = import.run(|row| {
        wrong = Some(row.why.clone());
        Ok(())
    });
    report.await.map_err(failed)?;
    wrong.map_or(Ok(()), |why| Err(failed(why)))
}

/// Gives a newsletter a logo, a colour and fields.
async fn brand(service: &Service, newsletter: &Newsletter) -> Result<(), CliError> {
    let fields: Fields = serde_json::from_str(FIELDS).map_err(failed)?;
    publish::set_fields(
        service,
        &newsletter.slug,
        &fields,
        None,
        &Actor::CommandLine,
    )
    .await?;
    let logo = LogoFile::read(LOGO.to_vec()).map_err(failed)?;
    let colour = NewsletterPatch {
        accent: Some(ACCENT.to_owned()),
        ..NewsletterPatch::default()
    };
    for change in [Change::Logo(Some(logo)), Change::Words(colour)] {
        publish::change_newsletter(service, &newsletter.slug, change, None, &Actor::CommandLine)
            .await?;
    }
    Ok(())
}

/// Sends an issue; one with a slip is paused and corrected before it goes on.
async fn publish(
    service: &Service,
    newsletter: &Newsletter,
    content: &IssueContent,
    slip: Option<&Slip>,
) -> Result<(), CliError> {
    let actor = Actor::CommandLine;
    let first = match slip {
        Some(slip) => slip.made_in(content).map_err(failed)?,
        None => content.clone(),
    };
    let new = IssueDraft::new(newsletter, first);
    let id = publish::create(service, new, &actor).await?.id;
    publish::send(service, id, &Trigger::Now, None, &actor).await?;
    if slip.is_some() {
        publish::pause(service, id, None, &actor).await?;
        service.clock.advance(SignedDuration::from_hours(1));
        let right = ContentPatch {
            parts: Some(content.parts.clone()),
            ..ContentPatch::default()
        };
        publish::edit(service, id, right, None, &actor).await?;
        publish::resume(service, id, None, &actor).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, LOGO, READERS, past};
    use crate::domain::{CountrySet, Fields, Language, LogoFile};
    use validator::Validate;

    #[test]
    fn every_language_has_three_issues_and_a_slip() -> Result<(), Box<dyn std::error::Error>> {
        for language in Language::ALL {
            let past = past(*language, "https://news.example.org")?;
            assert_eq!(past.issues.len(), 3, "{language}");
            for issue in &past.issues {
                assert!(issue.validate().is_ok(), "{language}: {}", issue.subject);
                assert!(
                    issue.unshowable().is_empty(),
                    "{language}: {}",
                    issue.subject
                );
            }
            let latest = &past.issues[2];
            let before = past.slip.made_in(latest)?;
            assert_ne!(before.parts, latest.parts, "{language}");
            assert_eq!(before.subject, latest.subject, "{language}");
        }
        Ok(())
    }

    #[test]
    fn what_is_built_in_can_be_used() -> Result<(), Box<dyn std::error::Error>> {
        let _: Fields = serde_json::from_str(FIELDS)?;
        LogoFile::read(LOGO.to_vec())?;
        for (languages, countries, _) in READERS {
            assert!(!languages.is_empty());
            assert!(CountrySet::parse(&countries.replace(';', ",")).is_ok());
        }
        Ok(())
    }
}
