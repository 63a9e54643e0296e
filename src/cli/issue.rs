//! `xabar issue new|list|show|send|pause|resume|cancel|watch`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use uuid::Uuid;

use super::input::read_json;
use super::output::Output;
use super::{CliError, open};
use crate::config::Settings;
use crate::domain::{Counts, Exclusion, Issue, IssueId, IssueState};
use crate::publish::{self, PublishError, Trigger, VariantCount};
use crate::service::Service;
use crate::store;
use crate::web::{NewIssue, create_issue};

/// How often `watch` looks.
const POLL_INTERVAL: Duration = Duration::from_millis(300);

#[derive(Debug, Subcommand)]
pub(super) enum Issues {
    /// Writes a draft down from a JSON file, the same as POST /api/v1/issues takes.
    New {
        /// The file; `-` for standard input.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Lists the newest.
    List,
    /// Shows one.
    Show {
        /// Its id.
        id: Uuid,
    },
    /// Sends it now, or at a time.
    Send {
        /// Its id.
        id: Uuid,
        /// RFC 3339, or local time in the newsletter's time zone, as in 2026-11-30T08:00.
        #[arg(long)]
        at: Option<String>,
    },
    /// Stops it for the moment.
    Pause {
        /// Its id.
        id: Uuid,
    },
    /// Goes on after a pause.
    Resume {
        /// Its id.
        id: Uuid,
    },
    /// Stops it for good.
    Cancel {
        /// Its id.
        id: Uuid,
    },
    /// Draws a progress bar until it has been sent.
    Watch {
        /// Its id.
        id: Uuid,
    },
}

#[derive(Serialize)]
struct View {
    id: String,
    status: IssueState,
    subject: String,
    slug: String,
    /// Of which it is the summary.
    month: Option<String>,
    version: i64,
    counts: Counts,
    candidates: i64,
    excluded: BTreeMap<Exclusion, i64>,
    /// The letters it becomes, where they were counted: that reads the whole audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    variants: Option<Vec<VariantCount>>,
    scheduled_at: Option<String>,
    started_at: Option<String>,
    finished_at: Option<String>,
    paused_because: Option<String>,
}

impl View {
    fn new(issue: &Issue) -> Self {
        let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
        Self {
            id: issue.id.to_string(),
            status: issue.state,
            subject: issue.content.subject.clone(),
            slug: issue.slug.to_string(),
            month: issue.month.map(|month| month.to_string()),
            version: issue.version,
            counts: issue.counts,
            candidates: issue.candidates(),
            excluded: issue.excluded.clone(),
            variants: None,
            scheduled_at: time(issue.scheduled_at),
            started_at: time(issue.started_at),
            finished_at: time(issue.finished_at),
            paused_because: issue.paused_because.clone(),
        }
    }

    fn line(&self) -> String {
        format!("{}\t{}\t{}", self.id, self.status, self.subject)
    }

    fn lines(&self) -> String {
        let c = self.counts;
        let when = |name: &str, at: &Option<String>| {
            at.as_ref()
                .map(|at| format!("\n{name:<10} {at}"))
                .unwrap_or_default()
        };
        let excluded = self.excluded.iter();
        let excluded = excluded
            .map(|(reason, readers)| format!("\nleft out   {readers} {}", left_out(*reason)));
        let variants = self.variants.iter().flatten().map(variant_line);
        let more: String = excluded.chain(variants).collect();
        format!(
            "{}\nid         {}\nstatus     {}{}{}{}{}{}\naudience   {}: {} queued, {} sent, {} deferred, {} bounced, \
             {} failed, {} skipped, {} unknown{more}",
            self.subject,
            self.id,
            self.status,
            when("month of", &self.month),
            when("scheduled", &self.scheduled_at),
            when("started", &self.started_at),
            when("finished", &self.finished_at),
            when("because", &self.paused_because),
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

fn left_out(reason: Exclusion) -> &'static str {
    match reason {
        Exclusion::Paused => "paused",
        Exclusion::Monthly => "get the summary of the month",
        Exclusion::Each => "get each issue",
    }
}

fn variant_line(variant: &VariantCount) -> String {
    let first = match variant.countries.to_string() {
        none if none.is_empty() => "everything in full".to_owned(),
        countries => format!("{countries} first, {} only named", variant.named_only),
    };
    format!("\nvariant    {}: {first}", variant.readers)
}

impl Issues {
    pub(super) async fn run(self, settings: Settings, out: Output) -> Result<(), CliError> {
        let service = open(settings).await?;
        // Whoever stops an issue is in a hurry.
        let counted = !matches!(
            self,
            Self::Pause { .. } | Self::Resume { .. } | Self::Cancel { .. }
        );
        let issue = match self {
            Self::New { file } => create_issue(&service, read_json::<NewIssue>(&file)?).await?,
            Self::List => return list(&service, out).await,
            Self::Show { id } => look(&service, IssueId(id)).await?,
            Self::Send { id, at } => {
                publish::send(&service, IssueId(id), &at.map_or(Trigger::Now, Trigger::At)).await?
            }
            Self::Pause { id } => publish::pause(&service, IssueId(id)).await?,
            Self::Resume { id } => publish::resume(&service, IssueId(id)).await?,
            Self::Cancel { id } => publish::cancel(&service, IssueId(id)).await?,
            Self::Watch { id } => watch(&service, IssueId(id), out).await?,
        };
        let mut view = View::new(&issue);
        if counted {
            view.variants = Some(publish::variants(&service, issue.id).await?);
        }
        out.value(&view, || view.lines())
    }
}

async fn look(service: &Service, id: IssueId) -> Result<Issue, CliError> {
    let found = store::issue::by_id(&mut service.store.read().await?, id).await?;
    Ok(found.ok_or(PublishError::NoIssue(id))?)
}

async fn list(service: &Service, out: Output) -> Result<(), CliError> {
    let issues = store::issue::list(&mut service.store.read().await?, None, 50).await?;
    let views: Vec<View> = issues.iter().map(|(issue, _)| View::new(issue)).collect();
    out.value(&views, || {
        views.iter().map(View::line).collect::<Vec<_>>().join("\n")
    })
}

async fn watch(service: &Service, id: IssueId, out: Output) -> Result<Issue, CliError> {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = if out.json {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(0).with_style(style)
    };
    loop {
        let issue = look(service, id).await?;
        let counts = issue.counts;
        bar.set_length(counts.audience.unsigned_abs());
        bar.set_position((counts.audience - counts.waiting()).unsigned_abs());
        bar.set_message(format!(
            "{}, {} deferred, {} unknown",
            issue.state, counts.deferred, counts.unknown
        ));
        if matches!(
            issue.state,
            IssueState::Sent | IssueState::Cancelled | IssueState::Draft
        ) {
            bar.finish();
            return Ok(issue);
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
