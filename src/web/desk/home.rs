//! The first page of the desk.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::issue_line::IssueLine;
use super::issues::differ;
use super::layout::{DeskLayout, Section};
use super::pages::DeskPage;
use super::refusal::refusal;
use super::{DeskError, SignedIn};
use crate::domain::{DayFigures, Issue, IssueState, Language, Newsletter, ReaderFigures, Role};
use crate::instance::standstill::Standstill;
use crate::publish::{self, AskedBy};
use crate::service::Service;
use crate::store::issue::IssueFilter;
use crate::store::{self, Read, StoreError};
use crate::subscribe;
use crate::texts::{number, text};

/// How many of the latest issues of a newsletter are looked at.
const LOOKED_AT: i64 = 20;
/// How many issues that have ended are shown.
const PAST_SHOWN: usize = 3;
/// The height of the chart's upper half, and of its lower, in its own units.
const UP: i64 = 34;
const DOWN: i64 = 26;

#[derive(Serialize)]
struct Home {
    tasks: Vec<Task>,
    newsletters: Vec<OfNewsletter>,
    /// Whether they are not all made in one time zone.
    zones_differ: bool,
}

impl DeskPage for Home {
    const TEMPLATE: &'static str = "desk/home.html";
}

/// What lets all sending go on.
const RESUME: &str = "xabar resume --all";
const START: &str = "xabar serve --role worker";

/// Something that needs a person, and the next step.
#[derive(Serialize)]
struct Task {
    says: String,
    /// The command that it names; empty if none.
    command: String,
    next: String,
    href: String,
}

#[derive(Serialize)]
struct OfNewsletter {
    slug: String,
    title: String,
    language: Language,
    zone: String,
    may_write: bool,
    open: Vec<IssueLine>,
    past: Vec<IssueLine>,
    readers: Readers,
}

#[derive(Serialize)]
struct Readers {
    active: String,
    count: i64,
    joined: i64,
    left: i64,
    /// Who was imported and is in no day of the chart.
    imported: String,
    imported_count: i64,
    at: String,
    days: Vec<Bar>,
}

/// A day of the chart.
#[derive(Serialize)]
struct Bar {
    date: String,
    joined: i64,
    left: i64,
    x: i64,
    joined_y: i64,
    joined_height: i64,
    left_height: i64,
}

impl Readers {
    fn new(language: Language, figures: &ReaderFigures) -> Self {
        let days = figures.days.iter();
        let most = days.clone().map(|day| day.joined.max(day.left)).max();
        let most = most.unwrap_or_default().max(1);
        // A day with one reader is seen beside a day with thousands.
        let height = |count: i64, room: i64| match count {
            0 => 0,
            count => (count * room / most).max(2),
        };
        let bar = |(index, day): (usize, &DayFigures)| Bar {
            date: day.date.to_string(),
            joined: day.joined,
            left: day.left,
            x: i64::try_from(index).unwrap_or_default() * 10,
            joined_y: UP + 1 - height(day.joined, UP),
            joined_height: height(day.joined, UP),
            left_height: height(day.left, DOWN),
        };
        Self {
            active: number(language, figures.active),
            count: figures.active,
            joined: figures.joined(),
            left: figures.left(),
            imported: number(language, figures.imported),
            imported_count: figures.imported,
            at: figures.at.to_string(),
            days: days.enumerate().map(bar).collect(),
        }
    }
}

/// GET /desk
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
) -> Result<Response, DeskError> {
    let layout = DeskLayout::new(&signed_in, Section::Home);
    let language = layout.language();
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    // These take connections of their own. Who holds one and waits for another may wait for ever.
    let mut seen = Vec::new();
    for newsletter in all {
        if let Some(role) = signed_in.0.editor.roles.in_newsletter(newsletter.id) {
            let figures = publish::reader_figures(&service, &newsletter).await?;
            seen.push((newsletter, role, figures));
        }
    }
    let mut db = service.store.read().await?;
    let (mut newsletters, mut tasks) = (Vec::new(), Vec::new());
    let mut sends = false;
    let me = signed_in.0.editor.actor();
    let zones_differ = differ(seen.iter().map(|(newsletter, ..)| newsletter.zone_name()));
    for (newsletter, role, figures) in seen {
        let issues = latest(&mut db, &newsletter).await?;
        for issue in &issues {
            let mut found = task(language, issue);
            if role >= Role::Editor {
                let asked = publish::approval_asked(&mut db, &newsletter, issue, &me).await;
                let asked = asked.map_err(|error| refusal(language, error))?;
                found = found.or((asked == Some(AskedBy::Another))
                    .then(|| about(language, issue, "approval", "send")));
            }
            tasks.extend(found);
        }
        sends |= issues
            .iter()
            .any(|issue| issue.state == IssueState::Sending);
        let is_open =
            |issue: &&Issue| !matches!(issue.state, IssueState::Sent | IssueState::Cancelled);
        let line = |issue: &Issue| IssueLine::new(issue, newsletter.language);
        let open = issues.iter().filter(is_open).map(line).collect();
        // What was stopped belongs to it, once somebody has got it.
        let is_past = |issue: &&Issue| !is_open(issue) && issue.is_published();
        let past = issues.iter().filter(is_past);
        newsletters.push(OfNewsletter {
            slug: newsletter.slug.to_string(),
            title: newsletter.title.clone(),
            language: newsletter.language,
            zone: newsletter.zone_name().to_owned(),
            may_write: role >= Role::Editor,
            open,
            past: past.take(PAST_SHOWN).map(line).collect(),
            readers: Readers::new(language, &figures),
        });
    }
    let paused = store::delivery::relay_pause::all(&mut db).await?;
    let command = match Standstill::now(&service, &mut db, &paused).await? {
        Some(Standstill::Held) => Some(("desk-task-held", RESUME)),
        Some(Standstill::NoWorker) if sends => Some(("desk-task-no-worker", START)),
        _ => None,
    };
    for pause in paused {
        let command = format!("xabar relay resume {}", pause.relay);
        let values = [
            ("relay", pause.relay.into()),
            ("command", command.as_str().into()),
        ];
        tasks.push(Task {
            says: text(language, "desk-task-relay-paused", &values),
            command,
            next: text(language, "desk-task-held-next", &[]),
            href: "/desk/issues".to_owned(),
        });
    }
    tasks.extend(command.map(|(key, command)| Task {
        says: text(language, key, &[("command", command.into())]),
        command: command.to_owned(),
        next: text(language, "desk-task-held-next", &[]),
        href: "/desk/issues".to_owned(),
    }));
    if signed_in.0.editor.roles.is_owner_everywhere() {
        let hour = subscribe::last_hour(&service, &mut db).await?;
        if hour.attack {
            let signups = ("signups", hour.rate.signups.into());
            let confirmations = ("confirmations", hour.rate.confirmations.into());
            tasks.push(Task {
                says: text(language, "desk-task-attack", &[signups, confirmations]),
                command: String::new(),
                next: text(language, "desk-task-attack-next", &[]),
                href: String::new(),
            });
        }
    }
    drop(db);
    let page = Home {
        tasks,
        newsletters,
        zones_differ,
    };
    Ok(layout.answer(StatusCode::OK, &page))
}

async fn latest(db: &mut Read, newsletter: &Newsletter) -> Result<Vec<Issue>, StoreError> {
    let filter = IssueFilter {
        newsletter: Some(newsletter.id),
        state: None,
    };
    let issues = store::issue::list(db, filter, None, LOOKED_AT).await?;
    Ok(issues.into_iter().map(|(issue, _)| issue).collect())
}

/// What a person should do about an issue, if anything.
fn task(language: Language, issue: &Issue) -> Option<Task> {
    let (key, page) = match issue.state {
        IssueState::Paused if issue.paused_because.is_some() => ("stopped", "watch"),
        IssueState::Paused => ("paused", "watch"),
        IssueState::Sending if issue.counts.deferred > 0 => ("deferred", "watch"),
        IssueState::Scheduled if issue.goes_out_by_itself() => ("summary", "send"),
        _ => return None,
    };
    Some(about(language, issue, key, page))
}

fn about(language: Language, issue: &Issue, key: &str, page: &str) -> Task {
    let subject = ("subject", issue.content.subject.clone().into());
    let count = ("count", issue.counts.deferred.into());
    Task {
        says: text(language, &format!("desk-task-{key}"), &[subject, count]),
        command: String::new(),
        next: text(language, &format!("desk-task-{key}-next"), &[]),
        href: format!("/desk/issues/{}/{page}", issue.id),
    }
}
