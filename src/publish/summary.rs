//! The summary of a month, for readers who do not want each issue.

use jiff::{SignedDuration, Timestamp};

use super::PublishError;
use super::draft::check;
use super::test_copies::put_copies;
use crate::domain::summary;
use crate::domain::{
    Actor, CountrySet, Issue, IssueContent, IssueId, Item, Month, Newsletter, Part, PartKind,
};
use crate::links::Links;
use crate::service::Service;
use crate::store::issue::NewIssue;
use crate::store::{self, Read, StoreError, Write};
use crate::texts::text;

/// So long editors have at least to look at it.
const REVIEW_TIME: SignedDuration = SignedDuration::from_hours(24);
/// So long after it was to go out a summary is still made: the service may have been down. What is
/// older has no reader any more.
const MAX_DELAY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The version of one that nobody has changed: it was written down and scheduled.
const UNCHANGED_VERSION: i64 = 2;
/// So much of a newsletter's title finds room in a subject.
const MAX_TITLE_CHARS: usize = 150;

/// Makes and schedules the summary of the month that has ended, for each newsletter where somebody
/// wants it, something was published, and there is none yet; its editors get a copy. Until it
/// goes out it can be changed, sent at another time, and cancelled; one that was cancelled is not made again.
/// Returns those made. What fails for one newsletter is said in the log, and tried again the next time.
///
/// # Errors
/// When the database cannot be used.
pub async fn prepare_summaries(service: &Service) -> Result<Vec<IssueId>, PublishError> {
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let mut made = Vec::new();
    for newsletter in all {
        match prepare(service, &newsletter).await {
            Ok(issue) => made.extend(issue),
            Err(error) => {
                let newsletter = &newsletter.slug;
                tracing::error!(%error, %newsletter, "the summary of the month cannot be made yet");
            }
        }
    }
    Ok(made)
}

async fn prepare(
    service: &Service,
    newsletter: &Newsletter,
) -> Result<Option<IssueId>, PublishError> {
    let month = Month::of(newsletter.day(service.clock.now())).previous();
    let Some(at) = time_of(service, newsletter, month) else {
        return Ok(None);
    };
    let mut db = service.store.read().await?;
    if !store::issue::audience::has_monthly_readers(&mut db, newsletter.id).await? {
        return Ok(None);
    }
    let there = store::issue::by_slug(&mut db, newsletter.id, &month.into()).await?;
    if there.is_some() {
        return Ok(None);
    }
    let issues = issues_of(&mut db, newsletter, month).await?;
    drop(db);
    let content = content(&service.links, newsletter, month, &issues)?;
    match content {
        Some(content) => write_down(service, newsletter, month, &content, at).await,
        None => Ok(None),
    }
}

/// When the summary of a month goes out that is made now; none when it is too late for it.
fn time_of(service: &Service, newsletter: &Newsletter, month: Month) -> Option<Timestamp> {
    let (now, settings) = (service.clock.now(), &service.settings.summary);
    let planned = month
        .next()
        .at(settings.day, settings.hour, &newsletter.time_zone);
    // The settings are checked, and the month is not at the edge of time.
    let planned = planned.ok()?;
    let in_time = now.duration_since(planned) <= MAX_DELAY;
    let earliest = now.saturating_add(REVIEW_TIME).unwrap_or(now);
    in_time.then(|| planned.max(earliest))
}

/// The issues of a month, as they are now.
pub(super) async fn issues_of(
    db: &mut Read,
    newsletter: &Newsletter,
    month: Month,
) -> Result<Vec<Issue>, StoreError> {
    let zone = &newsletter.time_zone;
    let (Ok(from), Ok(until)) = (month.begin(zone), month.next().begin(zone)) else {
        return Ok(Vec::new());
    };
    store::issue::of_span(db, newsletter.id, (from, until)).await
}

/// Whether what these issues say may be mailed without an approval of the summary.
pub(super) async fn may_be_summed_up(
    db: &mut Read,
    newsletter: &Newsletter,
    issues: &[Issue],
) -> Result<bool, StoreError> {
    for issue in issues {
        if !store::issue::approval::may_be_mailed_again(db, newsletter, issue).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The month of a summary that nobody has changed.
pub(super) fn untouched_month(issue: &Issue) -> Option<Month> {
    issue.month.filter(|_| issue.version == UNCHANGED_VERSION)
}

/// What the summary says, by what that month's issues say; none where there were none.
fn content(
    links: &Links,
    newsletter: &Newsletter,
    month: Month,
    issues: &[Issue],
) -> Result<Option<IssueContent>, PublishError> {
    let heading = |kind: PartKind| text(newsletter.language, &format!("summary-{kind}"), &[]);
    let contents: Vec<&IssueContent> = issues.iter().map(|issue| &issue.content).collect();
    let mut parts = summary(&contents, heading);
    if parts.is_empty() {
        parts.extend(by_name(links, newsletter, issues));
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let content = worded(newsletter, month, parts);
    check(&content)?;
    Ok(Some(content))
}

/// Issues of nothing but free text, by their names.
fn by_name(links: &Links, newsletter: &Newsletter, issues: &[Issue]) -> Option<Part> {
    let item = |issue: &Issue| Item {
        title: issue.content.subject.clone(),
        url: Some(links.issue(newsletter, issue)),
        summary: issue.content.preheader.clone(),
        countries: CountrySet::default(),
        image: None,
        access: None,
    };
    (!issues.is_empty()).then(|| Part {
        kind: PartKind::News,
        title: Some(text(newsletter.language, "summary-issues", &[])),
        body: String::new(),
        items: issues.iter().map(item).collect(),
    })
}

fn worded(newsletter: &Newsletter, month: Month, parts: Vec<Part>) -> IssueContent {
    let language = newsletter.language;
    let title: String = newsletter.title.chars().take(MAX_TITLE_CHARS).collect();
    let name = text(language, &format!("month-{}", month.number()), &[]);
    let say = |key: &str| {
        let values = [
            ("newsletter", title.as_str().into()),
            ("month", name.as_str().into()),
            ("year", month.year().to_string().into()),
        ];
        text(language, key, &values)
    };
    IssueContent {
        subject: say("summary-subject"),
        preheader: say("summary-preheader"),
        intro: say("summary-intro"),
        parts,
    }
}

/// Writes the summary down, to go out at this time; none when another process was quicker.
async fn write_down(
    service: &Service,
    newsletter: &Newsletter,
    month: Month,
    content: &IssueContent,
    at: Timestamp,
) -> Result<Option<IssueId>, PublishError> {
    let id = IssueId(service.clock.new_uuid());
    let new = NewIssue {
        id,
        newsletter: newsletter.id,
        // No two issues of a newsletter have one name, and so no month two summaries.
        slug: &month.into(),
        content,
        month: Some(month),
        erratum: None,
    };
    let mut tx = service.store.write().await?;
    match store::issue::insert(&mut tx, &new, service.clock.now()).await {
        Ok(()) => {}
        Err(StoreError::Taken(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let by = Actor::Schedule.identity();
    store::issue::schedule(&mut tx, id, at, &by).await?;
    let editors = std::slice::from_ref(&newsletter.reply_to);
    let copy = (newsletter, id, CountrySet::default());
    put_copies(service, &mut tx, copy, editors).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Makes a summary anew as it goes out, unless somebody has changed it: an issue may have been corrected,
/// or cancelled, since it was made. Where a second person had to approve it, it stays what was approved.
/// Returns whether there is anything to send.
pub(super) async fn remake(
    service: &Service,
    tx: &mut Write,
    newsletter: &Newsletter,
    issue: &mut Issue,
) -> Result<bool, PublishError> {
    let Some(month) = untouched_month(issue) else {
        return Ok(true);
    };
    let issues = issues_of(tx, newsletter, month).await?;
    if !may_be_summed_up(tx, newsletter, &issues).await? {
        return Ok(true);
    }
    let Some(content) = content(&service.links, newsletter, month, &issues)? else {
        return Ok(false);
    };
    if content != issue.content {
        store::issue::set_content(tx, issue.id, &content).await?;
        issue.content = content;
    }
    Ok(true)
}
