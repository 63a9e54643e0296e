//! What became of an issue.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::act::to;
use super::web_page::WebPage;
use super::words::{counted, provider, say};
use crate::domain::{Issue, IssueState, Language, Newsletter, ReplyMeaning, Role};
use crate::publish::{
    self, ApprovalView, CauseCount, CoursePoint, EarlierIssue, IssueReport, LeftAfter,
    ProviderResult,
};
use crate::service::Service;
use crate::texts::{CsvReader, decimal_point, local_time, number};
use crate::web::desk::chart::{Chart, Value};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::refusal::refusal;
use crate::web::desk::writing::{IssueInPath, Opened, open};
use crate::web::desk::{DeskError, SignedIn, fresh};
use crate::web::public::PageQuery;

/// An hour, in seconds: bars that stand for less are labelled by the minute.
const HOUR: i64 = 3_600;

#[derive(Serialize)]
struct ReportPage {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    newsletter: String,
    slug: String,
    state: IssueState,
    zone: String,
    started: String,
    finished: String,
    /// Its page on the web; none where nobody had got it.
    web: Option<WebPage>,
    /// Whether somebody has just corrected that.
    corrected: bool,
    may_act: bool,
    headline: String,
    figures: Vec<Row>,
    chart: Option<Chart>,
    course: Vec<Row>,
    /// Providers with their numbers; none until the ledger was read.
    providers: Option<Vec<Row>>,
    /// What their numbers are of.
    provider_columns: Vec<&'static str>,
    causes: Vec<Row>,
    left: String,
    left_is_final: bool,
    earlier: Vec<Row>,
    failed: i64,
    retry: String,
    /// Whether the password or a code is asked for.
    ask: bool,
    /// What was wrong with the password or code that was given; empty if nothing.
    proof_error: String,
    unreached: i64,
    skipped: i64,
    /// Whether somebody had another text than the present one.
    had_another: bool,
    /// Whether it is known who.
    knows_who: bool,
    /// A corrected issue may need a second person before it goes to those whom it did not reach.
    approval: ApprovalView,
    may_retry: bool,
    version: i64,
}

impl DeskPage for ReportPage {
    const TEMPLATE: &'static str = "desk/sending/report.html";
}

/// A row of a table: its name, where that leads, and its numbers.
#[derive(Serialize)]
pub(super) struct Row {
    name: String,
    href: String,
    cells: Vec<String>,
}

impl Row {
    pub(super) fn new(name: String, cells: Vec<String>) -> Self {
        let href = String::new();
        Self { name, href, cells }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ReportQuery {
    /// `corrected` after the page on the web was.
    #[serde(default)]
    done: String,
}

/// GET /desk/issues/{id}/report
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    PageQuery(query): PageQuery<ReportQuery>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    match opened.issue.state {
        IssueState::Draft | IssueState::Scheduled => return Ok(to(&opened, "send")),
        _ => {}
    }
    let mut page = filled(&service, &signed_in, opened).await?;
    page.corrected = query.done == "corrected";
    Ok(DeskLayout::new(&signed_in, Section::Issues).answer(StatusCode::OK, &page))
}

/// The page again, as the password or code for sending again did not do.
pub(super) async fn page(
    service: &Service,
    signed_in: &SignedIn,
    opened: Opened,
    proof_error: String,
) -> Result<Response, DeskError> {
    let mut page = filled(service, signed_in, opened).await?;
    page.proof_error = proof_error;
    let layout = DeskLayout::new(signed_in, Section::Issues);
    Ok(layout.answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// What it says.
async fn filled(
    service: &Service,
    signed_in: &SignedIn,
    opened: Opened,
) -> Result<ReportPage, DeskError> {
    let language = signed_in.0.editor.language;
    let refused = |error| refusal(language, error);
    let Opened {
        issue,
        newsletter,
        actor,
    } = opened;
    let report = publish::report(service, issue.id).await.map_err(refused)?;
    let approval = publish::approval(service, &issue, &actor).await;
    let approval = approval.map_err(refused)?;
    let mut page = to_look_at(service, language, (&issue, &newsletter), &report, approval);
    page.may_act = signed_in.require(newsletter.id, Role::Editor).is_ok();
    page.ask = fresh::ask(service, signed_in);
    if page.had_another {
        let knows = publish::knows_who_got_what(service, &issue).await;
        page.knows_who = knows.map_err(refused)?;
    }
    Ok(page)
}

/// The same for somebody who may only look.
fn to_look_at(
    service: &Service,
    language: Language,
    (issue, newsletter): (&Issue, &Newsletter),
    report: &IssueReport,
    approval: ApprovalView,
) -> ReportPage {
    let n = |count: i64| number(language, count);
    let counts = issue.counts;
    let time = |at: Option<Timestamp>| {
        let local = at.map(|at| local_time(language, newsletter.time_zone.to_datetime(at)));
        local.unwrap_or_default()
    };
    let figure = |key: &str, count: i64| {
        let share = share(language, count, counts.audience);
        Row::new(say(language, key, &[]), vec![n(count), share])
    };
    let mut figures = vec![figure("sent", counts.sent)];
    for (key, count) in [
        ("queued", counts.queued),
        ("deferred", counts.deferred),
        ("bounced", counts.bounced),
        ("failed", counts.failed),
        ("unknown", counts.unknown),
        ("skipped", counts.skipped),
    ] {
        figures.extend((count > 0).then(|| figure(key, count)));
    }
    let values: Vec<Value> = report
        .course
        .points
        .iter()
        .map(|point| value(newsletter, report.course.seconds, point))
        .collect();
    let course = values.iter().filter(|value| value.good + value.bad > 0);
    let course = course.map(|v| Row::new(v.label.clone(), vec![n(v.good), n(v.bad)]));
    let course = course.collect();
    let (provider_columns, providers) = by_provider(language, report);
    let is_over = matches!(issue.state, IssueState::Sent | IssueState::Cancelled);
    ReportPage {
        id: issue.id.to_string(),
        subject: issue.content.subject.clone(),
        language: newsletter.language,
        newsletter: newsletter.title.clone(),
        slug: newsletter.slug.to_string(),
        state: issue.state,
        zone: newsletter.zone_name().to_owned(),
        started: time(issue.started_at),
        finished: time(issue.ended_at()),
        web: WebPage::of(service, language, newsletter, issue),
        corrected: false,
        may_act: false,
        headline: say(
            language,
            &format!("headline-{}", issue.state),
            &[
                ("sent", n(counts.sent).into()),
                ("audience", n(counts.audience).into()),
                ("count", counts.audience.into()),
                ("time", "".into()),
            ],
        ),
        figures,
        chart: (!values.is_empty()).then(|| Chart::new(&values, n)),
        course,
        providers,
        provider_columns,
        causes: report
            .causes
            .iter()
            .map(|one| cause(language, one))
            .collect(),
        left: left(language, report.left),
        left_is_final: report.left.is_final,
        earlier: report
            .earlier
            .iter()
            .map(|one| earlier(language, newsletter, one))
            .collect(),
        failed: counts.failed,
        ask: false,
        proof_error: String::new(),
        retry: say(language, "retry", &counted(language, counts.failed)),
        unreached: counts.bounced + counts.failed + counts.unknown,
        skipped: counts.skipped,
        had_another: is_over && issue.revision > 1 && counts.sent + counts.unknown > 0,
        knows_who: true,
        may_retry: approval.may_send || issue.state != IssueState::Sent || issue.revision == 1,
        approval,
        version: issue.version,
    }
}

/// The table by provider, with those columns that are needed.
fn by_provider(language: Language, report: &IssueReport) -> (Vec<&'static str>, Option<Vec<Row>>) {
    type Column = (&'static str, fn(&ProviderResult) -> i64, bool);
    let all = report.providers.as_deref();
    let any =
        |of: fn(&ProviderResult) -> i64| all.unwrap_or_default().iter().any(|one| of(one) > 0);
    let mut columns: Vec<Column> = vec![
        ("readers", ProviderResult::readers, true),
        ("sent", |one| one.sent, true),
        ("waiting", |one| one.waiting, true),
        ("bounced", |one| one.bounced, true),
        ("failed", |one| one.failed, true),
        ("unknown", |one| one.unknown, false),
        ("skipped", |one| one.skipped, false),
    ];
    columns.retain(|(_, of, always)| *always || any(*of));
    let row = |one: &ProviderResult| {
        let cells = columns.iter().map(|(_, of, _)| number(language, of(one)));
        Row::new(provider(language, &one.provider), cells.collect())
    };
    let rows = all.map(|all| all.iter().map(row).collect());
    (columns.iter().map(|(name, ..)| *name).collect(), rows)
}

fn share(language: Language, count: i64, of: i64) -> String {
    let of = of.max(1);
    let thousandths = (count * 1_000 + of / 2) / of;
    let point = decimal_point(language);
    let space = if language == Language::En {
        ""
    } else {
        "\u{a0}"
    };
    format!("{}{point}{}{space}%", thousandths / 10, thousandths % 10)
}

fn value(newsletter: &Newsletter, seconds: i64, point: &CoursePoint) -> Value {
    let at = point.at.parse::<Timestamp>().unwrap_or_default();
    let local = newsletter.time_zone.to_datetime(at);
    let label = match seconds {
        ..60 => local.strftime("%H:%M:%S"),
        60..=HOUR => local.strftime("%H:%M"),
        _ => local.strftime("%d.%m. %H:%M"),
    };
    Value {
        label: label.to_string(),
        good: point.sent,
        bad: point.refused,
    }
}

fn cause(language: Language, cause: &CauseCount) -> Row {
    let of = match &cause.provider {
        Some(name) => provider(language, name),
        None => say(language, "all-providers", &[]),
    };
    let said = match (cause.code, cause.status.as_str()) {
        (0, _) => String::new(),
        (code, "") => code.to_string(),
        (code, status) => format!("{code} {status}"),
    };
    let state = say(language, &format!("state-{}", cause.state), &[]);
    Row::new(
        meaning(language, cause.meaning),
        vec![of, state, said, number(language, cause.deliveries)],
    )
}

pub(super) fn meaning(language: Language, meaning: ReplyMeaning) -> String {
    say(language, &format!("meaning-{meaning}"), &[])
}

fn left(language: Language, left: LeftAfter) -> String {
    let mut values = counted(language, left.unsubscribed).to_vec();
    values.push(("complained", left.complained.into()));
    say(language, "left", &values)
}

fn earlier(language: Language, newsletter: &Newsletter, one: &EarlierIssue) -> Row {
    let n = |count: i64| number(language, count);
    let day = one
        .started_at
        .as_deref()
        .and_then(|at| at.parse::<Timestamp>().ok());
    let day = day.map(|at| crate::texts::long_date(language, newsletter.day(at)));
    let counts = one.counts;
    Row {
        name: one.subject.clone(),
        href: format!("/desk/issues/{}/report", one.id),
        cells: vec![
            day.unwrap_or_default(),
            n(counts.audience),
            n(counts.sent),
            n(counts.bounced + counts.failed),
            n(one.left.unsubscribed),
        ],
    }
}

/// GET /desk/issues/{id}/report.csv
pub(super) async fn csv(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let report = publish::report(&service, opened.issue.id)
        .await
        .map_err(|error| refusal(signed_in.0.editor.language, error))?;
    let file = format!("attachment; filename=\"{}.csv\"", opened.issue.slug);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    let reader = CsvReader::Spreadsheet(signed_in.0.editor.language);
    Ok((headers, publish::report_csv(&report, reader)).into_response())
}
