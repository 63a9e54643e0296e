//! `xabar issue watch`

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::load;
use crate::cli::CliError;
use crate::cli::output::Output;
use crate::domain::{Counts, Issue, IssueId, IssueState};
use crate::service::Service;

/// How often the counts are read.
const POLL_INTERVAL: Duration = Duration::from_millis(300);

/// One line of `--json`: written whenever something has changed.
#[derive(Serialize, PartialEq, Clone)]
struct Event {
    id: String,
    status: IssueState,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_because: Option<String>,
    counts: Counts,
}

/// Follows an issue until nothing of it waits any more, and returns it as it is then.
pub(super) async fn watch(service: &Service, id: IssueId, out: Output) -> Result<Issue, CliError> {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = match out.json {
        true => ProgressBar::hidden(),
        false => ProgressBar::new(0).with_style(style),
    };
    let (mut last, mut told) = (None, String::new());
    loop {
        let issue = load(service, id).await?;
        let counts = issue.counts;
        // Its readers are counted when it starts, and 0 of 0 would be a full bar.
        bar.set_length(counts.audience.unsigned_abs().max(1));
        bar.set_position((counts.audience - counts.waiting()).unsigned_abs());
        let state = match (issue.state, issue.scheduled_at) {
            (IssueState::Scheduled, Some(at)) => format!("scheduled for {at}"),
            (state, _) => state.to_string(),
        };
        if bar.is_hidden() && !out.json && told != state {
            out.note(&state);
        }
        bar.set_message(format!(
            "{state}, {} deferred, {} unknown",
            counts.deferred, counts.unknown
        ));
        told = state;
        let event = Event {
            id: issue.id.to_string(),
            status: issue.state,
            paused_because: issue.paused_because.as_ref().map(ToString::to_string),
            counts,
        };
        if out.json && last.as_ref() != Some(&event) {
            out.json_line(&event)?;
            last = Some(event);
        }
        if issue.has_ended() || issue.state == IssueState::Draft {
            bar.finish_and_clear();
            return Ok(issue);
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
