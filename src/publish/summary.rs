//! The summary of a month, for readers who do not want each issue.

use jiff::{SignedDuration, Timestamp};

use super::PublishError;
use super::draft::check;
use super::look::put_copies;
use crate::domain::{IssueContent, IssueId, Language, Month, Newsletter, PartKind, summary};
use crate::service::Service;
use crate::store::issue::NewIssue;
use crate::store::{self, StoreError};
use crate::texts::text;

/// So long editors have at least to look at it.
const TIME_TO_LOOK: SignedDuration = SignedDuration::from_hours(24);
/// So long after it was to go out a summary is still made: the service may have been down. What is
/// older has no reader any more.
const LATEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Makes and schedules the summary of the month that has ended, for each newsletter where somebody
/// wants it, something was published, and there is none yet; its editors get a copy. Until it
/// goes out it can be changed and cancelled; one that was cancelled is not made again. Returns those made.
///
/// # Errors
/// When the database cannot be used.
pub async fn prepare_summaries(service: &Service) -> Result<Vec<IssueId>, PublishError> {
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let mut made = Vec::new();
    for newsletter in all {
        let month = Month::of(newsletter.day(service.clock.now())).previous();
        let Some(at) = time_of(service, &newsletter, month) else {
            continue;
        };
        if let Some(content) = content(service, &newsletter, month).await? {
            made.extend(write_down(service, &newsletter, month, &content, at).await?);
        }
    }
    Ok(made)
}

/// When the summary of a month goes out that is made now; none when it is too late for it.
fn time_of(service: &Service, newsletter: &Newsletter, month: Month) -> Option<Timestamp> {
    let (now, settings) = (service.clock.now(), &service.settings.summary);
    let planned = month
        .next()
        .at(settings.day, settings.hour, &newsletter.time_zone);
    // The settings are checked, and the month is not at the edge of time.
    let planned = planned.ok()?;
    if planned >= now {
        return Some(planned);
    }
    let in_time = now.duration_since(planned) <= LATEST;
    in_time.then(|| now.saturating_add(TIME_TO_LOOK).unwrap_or(now))
}

/// What the summary says; none where there is one already, or none is wanted.
async fn content(
    service: &Service,
    newsletter: &Newsletter,
    month: Month,
) -> Result<Option<IssueContent>, PublishError> {
    let mut db = service.store.read().await?;
    if !store::audience::is_read_monthly(&mut db, newsletter.id).await? {
        return Ok(None);
    }
    let there = store::issue::by_slug(&mut db, newsletter.id, &month.into()).await?;
    if there.is_some() {
        return Ok(None);
    }
    let zone = &newsletter.time_zone;
    let (Ok(from), Ok(until)) = (month.begin(zone), month.next().begin(zone)) else {
        return Ok(None);
    };
    let issues = store::issue::of_span(&mut db, newsletter.id, (from, until)).await?;
    Ok(worded(
        newsletter.language,
        &newsletter.title,
        month,
        &issues,
    ))
}

fn worded(
    language: Language,
    title: &str,
    month: Month,
    issues: &[IssueContent],
) -> Option<IssueContent> {
    let heading = |kind: PartKind| text(language, &format!("summary-{kind}"), &[]);
    let parts = summary(issues, heading);
    let name = text(language, &format!("month-{}", month.number()), &[]);
    let say = |key: &str| {
        let values = [
            ("newsletter", title.into()),
            ("month", name.as_str().into()),
            ("year", month.year().to_string().into()),
        ];
        text(language, key, &values)
    };
    (!parts.is_empty()).then(|| IssueContent {
        subject: say("summary-subject"),
        preheader: say("summary-preheader"),
        intro: say("summary-intro"),
        parts,
    })
}

/// Writes the summary down, to go out at this time; none when another process was quicker.
async fn write_down(
    service: &Service,
    newsletter: &Newsletter,
    month: Month,
    content: &IssueContent,
    at: Timestamp,
) -> Result<Option<IssueId>, PublishError> {
    check(content)?;
    let id = IssueId(service.clock.new_uuid());
    let new = NewIssue {
        id,
        newsletter: newsletter.id,
        // No two issues of a newsletter have one name, and so no month two summaries.
        slug: &month.into(),
        content,
        month: Some(month),
    };
    let mut tx = service.store.write().await?;
    match store::issue::insert(&mut tx, &new, service.clock.now()).await {
        Ok(()) => {}
        Err(StoreError::Taken(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    store::issue::schedule(&mut tx, id, at).await?;
    let editors = std::slice::from_ref(&newsletter.reply_to);
    put_copies(service, &mut tx, (newsletter, id), editors).await?;
    tx.commit().await?;
    Ok(Some(id))
}
