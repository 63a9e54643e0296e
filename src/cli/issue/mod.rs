//! `xabar issue new|list|show|check|send|unschedule|pause|resume|cancel|hide|unhide|approve|retry-failed|erratum|watch`

mod check;
mod retry;
mod send;
mod watch;

use std::path::PathBuf;

use clap::Subcommand;
use jiff::tz::TimeZone;
use serde::Serialize;
use uuid::Uuid;

use super::CliError;
use super::caution::Caution;
use super::input::read_json;
use super::newsletter::find;
use super::output::Output;
use crate::domain::{Actor, Issue, IssueId, IssueState, Newsletter, ScheduleError, parse_schedule};
use crate::publish::{
    self, CauseView, IssueDraft, IssueSummary, Obstacles, RelayLimitView, Trigger, VariantCount,
};
use crate::service::Service;
use crate::store;
use crate::store::issue::IssueFilter;
use watch::watch;

/// Whoever may run a command.
const BY: &Actor = &Actor::CommandLine;

fn issue_id(text: &str) -> Result<IssueId, &'static str> {
    let id = Uuid::parse_str(text).map(IssueId);
    id.map_err(|_| "an issue's id is a UUID; `xabar issue list` shows them")
}

/// What is no time in any zone is a slip of whoever typed it.
fn time(text: &str) -> Result<String, ScheduleError> {
    match parse_schedule(text, &TimeZone::UTC) {
        Err(slip @ (ScheduleError::Unreadable(_) | ScheduleError::Contradiction(..))) => Err(slip),
        _ => Ok(text.to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Issues {
    /// Saves a draft from a JSON file, the same as POST /api/v1/issues takes.
    New {
        /// The file; `-` for standard input.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Lists the newest.
    List {
        /// Only those of the newsletter with this slug.
        #[arg(long, value_name = "SLUG")]
        newsletter: Option<String>,
        /// Only those that stand so: draft, scheduled, sending, paused, sent or cancelled.
        #[arg(long, value_parser = str::parse::<IssueState>)]
        status: Option<IssueState>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
    },
    /// Shows one.
    Show {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Checks it before it is sent; exit status 1 when there are errors.
    Check {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
        /// Tries links and pictures, and asks the DNS and the relays too.
        #[arg(long)]
        thorough: bool,
    },
    /// Sends it now, or at a time.
    Send {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
        /// RFC 3339, or local time in the newsletter's time zone, as in 2026-11-30T08:00.
        #[arg(long, value_parser = time)]
        at: Option<String>,
        /// In a minute, so that `unschedule` can take it back until then.
        #[arg(long, conflicts_with = "at")]
        in_a_minute: bool,
        #[command(flatten)]
        caution: Caution,
    },
    /// Takes it back before its time: it is a draft again.
    Unschedule {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Stops it for the moment.
    Pause {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Goes on after a pause.
    Resume {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Stops it for good.
    Cancel {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
        #[command(flatten)]
        caution: Caution,
    },
    /// Takes its page off the web: the address says that it was taken down.
    Hide {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Puts its page back on the web.
    Unhide {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Approves what it says now, where the newsletter needs a second person.
    Approve {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Sends it once more to those readers to whom it failed.
    RetryFailed {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
        /// Also to those who bounced: the relay refused their mailboxes for another reason.
        #[arg(long)]
        bounced: bool,
        #[command(flatten)]
        caution: Caution,
    },
    /// Begins an erratum, for those alone who got a text that was corrected later.
    Erratum {
        /// The id of the issue that was wrong.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
    /// Draws a progress bar until it has been sent.
    Watch {
        /// Its id.
        #[arg(value_parser = issue_id)]
        id: IssueId,
    },
}

/// An issue, and the variants it becomes where they were counted: that reads the whole audience.
#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    issue: IssueSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    variants: Option<Vec<VariantCount>>,
    #[serde(flatten)]
    obstacles: Option<Obstacles>,
}

impl View {
    async fn new(service: &Service, issue: &Issue) -> Result<Self, CliError> {
        let newsletter = issue.newsletter;
        let newsletter =
            store::newsletter::by_id(&mut service.store.read().await?, newsletter).await?;
        Ok(Self::of(service, &newsletter, issue))
    }

    fn of(service: &Service, newsletter: &Newsletter, issue: &Issue) -> Self {
        Self {
            issue: IssueSummary::new(&service.links, newsletter, issue),
            variants: None,
            obstacles: None,
        }
    }

    fn line(&self) -> String {
        let issue = &self.issue;
        format!("{}\t{}\t{}", issue.id, issue.status, issue.subject)
    }

    fn lines(&self) -> String {
        let issue = &self.issue;
        let c = issue.counts;
        let when = |name: &str, at: &Option<String>| {
            at.as_ref()
                .map(|at| format!("\n{name:<10} {at}"))
                .unwrap_or_default()
        };
        let excluded = issue.excluded.iter();
        let excluded = excluded
            .map(|(reason, readers)| format!("\nleft out   {readers} {}", reason.described()));
        let variants = self.variants.iter().flatten().map(variant_line);
        let obstacles = self.obstacles.iter();
        let relays = obstacles.clone().flat_map(|o| &o.relays).map(relay_line);
        let causes = obstacles.flat_map(|o| &o.causes).map(cause_line);
        let more: String = excluded
            .chain(relays)
            .chain(causes)
            .chain(variants)
            .collect();
        format!(
            "{}\nid         {}\nstatus     {}{}{}{}{}{}{}\naudience   {}: {} queued, {} sent, {} deferred, {} bounced, \
             {} failed, {} skipped, {} unknown{more}",
            issue.subject,
            issue.id,
            issue.status,
            when("month of", &issue.month.map(|month| month.to_string())),
            when("scheduled", &issue.scheduled_local),
            when("started", &issue.started_at),
            when("finished", &issue.finished_at),
            when("hidden", &issue.hidden_at),
            when("because", &issue.paused_because),
            c.audience,
            c.queued,
            c.sent,
            c.deferred,
            c.bounced,
            c.failed,
            c.skipped,
            c.unknown
        )
    }
}

fn cause_line(cause: &CauseView) -> String {
    let code = match cause.code {
        None | Some(0) => String::new(),
        Some(code) => format!("{code} "),
    };
    let said = cause.sample.as_deref().unwrap_or_default();
    format!(
        "\n{:<10} {}: {code}{said}",
        cause.state.as_str(),
        cause.deliveries
    )
}

fn relay_line(relay: &RelayLimitView) -> String {
    let RelayLimitView {
        relay,
        connections,
        configured,
        next_try_at,
        code,
        sample,
        ..
    } = relay;
    let said = sample.as_deref().unwrap_or_default();
    format!(
        "\nrelay      {relay}: {connections} of {configured} connections work, one more is tried at {next_try_at}: \
         {code} {said}"
    )
}

fn variant_line(variant: &VariantCount) -> String {
    let first = match variant.countries.to_string() {
        none if none.is_empty() => "everything in full".to_owned(),
        countries => format!("{countries} first, {} only named", variant.named_only),
    };
    let size = variant.html_bytes.div_ceil(1024);
    let clipped = if variant.clipped {
        ": Gmail hides its end, shorten it"
    } else {
        ""
    };
    format!(
        "\nvariant    {}: {first}, {size} KB of HTML{clipped}",
        variant.readers
    )
}

impl Issues {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        // Whoever stops an issue is in a hurry.
        let counted = !matches!(
            self,
            Self::Unschedule { .. }
                | Self::Pause { .. }
                | Self::Resume { .. }
                | Self::Cancel { .. }
                | Self::Hide { .. }
                | Self::Unhide { .. }
        );
        let issue = match self {
            Self::New { file } => {
                publish::create(service, read_json::<IssueDraft>(&file)?, BY).await?
            }
            Self::List {
                newsletter,
                status,
                limit,
            } => return list(service, newsletter, status, limit, out).await,
            Self::Show { id } => load(service, id).await?,
            Self::Check { id, thorough } => return check::run(service, id, thorough, out).await,
            Self::Send {
                id,
                at,
                in_a_minute,
                caution,
            } => {
                let now = if in_a_minute {
                    Trigger::InAMinute
                } else {
                    Trigger::Now
                };
                let trigger = at.map_or(now, Trigger::At);
                match send::run(service, id, &trigger, caution, out).await? {
                    Some(issue) => issue,
                    None => return Ok(()),
                }
            }
            Self::Unschedule { id } => publish::unschedule(service, id, None, BY).await?,
            Self::Pause { id } => publish::pause(service, id, None, BY).await?,
            Self::Resume { id } => publish::resume(service, id, None, BY).await?,
            Self::Cancel { id, caution } => match send::cancel(service, id, caution, out).await? {
                Some(issue) => issue,
                None => return Ok(()),
            },
            Self::Hide { id } => publish::hide(service, id, None, BY).await?,
            Self::Unhide { id } => publish::unhide(service, id, None, BY).await?,
            Self::Approve { id } => publish::approve(service, id, None, BY).await?,
            Self::RetryFailed {
                id,
                bounced,
                caution,
            } => match retry::run(service, id, bounced, caution, out).await? {
                Some(issue) => issue,
                None => return Ok(()),
            },
            Self::Erratum { id } => publish::erratum(service, id, None, BY).await?,
            Self::Watch { id } => {
                let issue = watch(service, id, out).await?;
                // Its last event says the same.
                if out.json {
                    return Ok(());
                }
                issue
            }
        };
        let mut view = View::new(service, &issue).await?;
        view.obstacles = Some(Obstacles::of(service, &issue, true).await?);
        if counted {
            view.variants = Some(publish::variants(service, issue.id).await?);
        }
        out.value(&view, || view.lines())
    }
}

async fn load(service: &Service, id: IssueId) -> Result<Issue, CliError> {
    Ok(publish::issue(&mut service.store.read().await?, id).await?)
}

async fn list(
    service: &Service,
    newsletter: Option<String>,
    state: Option<IssueState>,
    limit: i64,
    out: Output,
) -> Result<(), CliError> {
    let newsletter = match newsletter {
        None => None,
        Some(slug) => Some(find(service, &slug).await?.id),
    };
    let filter = IssueFilter { newsletter, state };
    let mut db = service.store.read().await?;
    let issues = store::issue::list(&mut db, filter, None, limit).await?;
    drop(db);
    let view = |(issue, newsletter): &(Issue, Newsletter)| View::of(service, newsletter, issue);
    let views: Vec<View> = issues.iter().map(view).collect();
    out.value(&views, || {
        views.iter().map(View::line).collect::<Vec<_>>().join("\n")
    })
}
