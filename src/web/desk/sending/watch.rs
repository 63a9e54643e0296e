//! The page of an issue that goes out: in a minute, now, or after a pause.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::act::to;
use super::live::Snapshot;
use super::send::planned;
use super::web_page::WebPage;
use super::words::{clock_time, counted, provider, rate, say, stopped, when};
use crate::domain::{DeliveryState, IssueState, Language, Newsletter, ReplyMeaning, Role};
use crate::publish::{self, ApprovalView, CauseView, ProviderWait, RelayLimitView, TAKE_BACK_TIME};
use crate::service::Service;
use crate::texts::number;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::refusal::refusal;
use crate::web::desk::writing::{IssueInPath, Opened, open};
use crate::web::desk::{DeskError, SignedIn, fresh};

#[derive(Serialize)]
struct WatchPage {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    newsletter: String,
    zone: String,
    /// Its page on the web; none before it begins.
    web: Option<WebPage>,
    may_act: bool,
    /// How many readers would not get it any more.
    stop_question: String,
    /// Whether it was corrected, so that a resumed issue goes out with another text.
    corrected: bool,
    version: i64,
    /// A corrected issue may need a second person before it goes on.
    approval: ApprovalView,
    /// Whether the password or a code is asked for.
    ask: bool,
    /// What was wrong with the password or code that was given; empty if nothing.
    proof_error: String,
    live: Live,
}

impl DeskPage for WatchPage {
    const TEMPLATE: &'static str = "desk/sending/watch.html";
}

/// What changes while somebody watches, in the person's words.
#[derive(Debug, Serialize)]
pub(super) struct Live {
    state: IssueState,
    headline: String,
    /// The seconds until it starts, while it can be taken back; none otherwise.
    starts_in: Option<i64>,
    /// Of 100, how many are done.
    percent: i64,
    figures: Vec<Figure>,
    /// How fast, and until when; or why nothing is known of that.
    pace: String,
    /// Why nothing goes out at all; empty if nothing keeps it.
    standstill: String,
    /// What relays and providers say.
    notes: Vec<String>,
    /// Why it paused itself.
    because: String,
}

/// A number with its name.
#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    count: String,
    /// Whether it is bad news when it is not zero.
    bad: bool,
}

/// What the part of the page is rendered from, alone or as a part of the page.
#[derive(Serialize)]
pub(super) struct Seen<'a> {
    pub(super) live: &'a Live,
}

impl Live {
    pub(super) fn new(
        service: &Service,
        layout: &DeskLayout,
        newsletter: &Newsletter,
        seen: &Snapshot,
    ) -> Self {
        let (language, now) = (layout.language(), service.clock.now());
        let issue = &seen.issue;
        let planned = issue
            .scheduled_at
            .filter(|_| issue.state == IssueState::Scheduled);
        let wait = planned.map(|at| at.duration_since(now).as_secs().max(0));
        let counts = issue.counts;
        let figure = |key: &str, count: i64, bad: bool| Figure {
            name: say(language, key, &[]),
            count: number(language, count),
            bad: bad && count > 0,
        };
        let mut figures = vec![
            figure("sent", counts.sent, false),
            figure("queued", counts.queued, false),
            figure("deferred", counts.deferred, false),
            figure("refused", counts.bounced + counts.failed, true),
        ];
        figures.extend((counts.unknown > 0).then(|| figure("unknown", counts.unknown, true)));
        figures.extend((counts.skipped > 0).then(|| figure("skipped", counts.skipped, false)));
        let because = issue
            .paused_because
            .as_ref()
            .filter(|_| issue.state == IssueState::Paused);
        Self {
            state: issue.state,
            headline: headline(language, newsletter, seen),
            starts_in: wait.filter(|wait| *wait <= TAKE_BACK_TIME.as_secs()),
            percent: counts.ended() * 100 / counts.audience.max(1),
            figures,
            pace: pace(language, newsletter, seen, now),
            standstill: seen
                .standstill
                .map(|why| say(language, &format!("standstill-{}", why.as_str()), &[]))
                .unwrap_or_default(),
            notes: notes(language, newsletter, seen, now),
            because: because
                .map(|why| stopped(language, why))
                .unwrap_or_default(),
        }
    }
}

fn headline(language: Language, newsletter: &Newsletter, seen: &Snapshot) -> String {
    let issue = &seen.issue;
    if let Some(at) = issue
        .scheduled_at
        .filter(|_| issue.state == IssueState::Scheduled)
    {
        return planned(language, newsletter, at);
    }
    let counts = issue.counts;
    let values = [
        ("sent", number(language, counts.sent).into()),
        ("audience", number(language, counts.audience).into()),
        ("count", counts.audience.into()),
    ];
    say(language, &format!("headline-{}", issue.state), &values)
}

fn pace(language: Language, newsletter: &Newsletter, seen: &Snapshot, now: Timestamp) -> String {
    // Where nothing goes out, no rate and no next try holds.
    if seen.issue.state != IssueState::Sending || seen.standstill.is_some() {
        return String::new();
    }
    if let Some(found) = &seen.pace.rate {
        let ends_at = when(language, newsletter, now, &found.ends_at);
        let values = [
            ("rate", rate(language, found.per_minute).into()),
            ("time", ends_at.into()),
        ];
        let key = match seen.issue.counts.queued {
            0 => "pace-rest",
            _ => "pace",
        };
        return say(language, key, &values);
    }
    match &seen.pace.next_try_at {
        Some(at) if seen.issue.counts.queued == 0 => {
            let at = when(language, newsletter, now, at);
            say(language, "pace-next-try", &[("time", at.into())])
        }
        _ => say(language, "pace-begins", &[]),
    }
}

/// What relays and providers say, in words for people.
fn notes(
    language: Language,
    newsletter: &Newsletter,
    seen: &Snapshot,
    now: Timestamp,
) -> Vec<String> {
    let provider = |wait: &ProviderWait| {
        let mut values = counted(language, wait.readers).to_vec();
        let at = when(language, newsletter, now, &wait.next_try_at);
        values.push(("provider", provider(language, &wait.provider).into()));
        values.push(("time", at.into()));
        let key = if wait.slowed {
            "provider-slows"
        } else {
            "provider-limit"
        };
        say(language, key, &values)
    };
    let relay = |limit: &RelayLimitView| {
        let at = limit.next_try_at.parse::<Timestamp>();
        let at = at.map(|at| clock_time(newsletter, at)).unwrap_or_default();
        let values = [
            ("relay", limit.relay.as_str().into()),
            ("connections", limit.connections.into()),
            ("configured", limit.configured.into()),
            ("time", at.into()),
        ];
        say(language, "relay-limit", &values)
    };
    let waits = seen.obstacles.causes.iter();
    let waits = waits.filter(|cause| cause.state == DeliveryState::Deferred);
    let cause = |cause: &CauseView| {
        let meaning = cause.meaning.unwrap_or(ReplyMeaning::NoAnswer);
        (meaning, cause.deliveries)
    };
    let mut by_meaning = std::collections::BTreeMap::new();
    for (meaning, deliveries) in waits.map(cause) {
        *by_meaning.entry(meaning).or_insert(0) += deliveries;
    }
    let wait = |(meaning, readers): (ReplyMeaning, i64)| {
        say(
            language,
            &format!("waits-{meaning}"),
            &counted(language, readers),
        )
    };
    let mut notes: Vec<String> = seen.pace.providers.iter().map(provider).collect();
    notes.extend(seen.obstacles.relays.iter().map(relay));
    notes.extend(by_meaning.into_iter().map(wait));
    notes
}

/// GET /desk/issues/{id}/watch
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    match opened.issue.state {
        IssueState::Draft => return Ok(to(&opened, "send")),
        IssueState::Sent | IssueState::Cancelled => return Ok(to(&opened, "report")),
        IssueState::Scheduled | IssueState::Sending | IssueState::Paused => {}
    }
    page(&service, &signed_in, opened, String::new()).await
}

/// The page, also again for an approval whose password or code did not do.
pub(super) async fn page(
    service: &Service,
    signed_in: &SignedIn,
    opened: Opened,
    proof_error: String,
) -> Result<Response, DeskError> {
    let layout = DeskLayout::new(signed_in, Section::Issues);
    let language = layout.language();
    let approval = publish::approval(service, &opened.issue, &opened.actor).await;
    let approval = approval.map_err(|error| refusal(language, error))?;
    let Opened {
        issue, newsletter, ..
    } = opened;
    let waiting = issue.counts.waiting();
    let may_act = signed_in.require(newsletter.id, Role::Editor).is_ok();
    let seen = Snapshot::of(service, issue).await?;
    let page = WatchPage {
        id: seen.issue.id.to_string(),
        subject: seen.issue.content.subject.clone(),
        language: newsletter.language,
        newsletter: newsletter.title.clone(),
        zone: newsletter.zone_name().to_owned(),
        web: WebPage::of(service, language, &newsletter, &seen.issue),
        may_act,
        stop_question: say(language, "stop-question", &counted(language, waiting)),
        corrected: seen.issue.revision > 1,
        version: seen.issue.version,
        approval,
        ask: fresh::ask(service, signed_in),
        live: Live::new(service, &layout, &newsletter, &seen),
        proof_error,
    };
    let status = match page.proof_error.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(layout.answer(status, &page))
}
