//! `xabar pause --all` and `xabar resume --all`

use clap::Args;

use super::CliError;
use super::output::Output;
use crate::domain::{Actor, Issue};
use crate::instance::hold;
use crate::service::Service;

#[derive(Debug, Args)]
pub(super) struct Pause {
    /// Everything: issues, schedules, summaries and single mails.
    #[arg(long, required = true)]
    all: bool,
    /// Why, for those who look later.
    #[arg(long, value_name = "TEXT", default_value = hold::BY_HAND)]
    because: String,
}

#[derive(Debug, Args)]
pub(super) struct Resume {
    /// Lets schedules, summaries and single mails go on; issues that are paused stay so.
    #[arg(long, required = true)]
    all: bool,
}

impl Pause {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let (is_new, paused) = hold::hold_all(service, &self.because, &Actor::CommandLine).await?;
        let ids: Vec<String> = paused.iter().map(|issue| issue.id.to_string()).collect();
        let answer = serde_json::json!({ "held": true, "changed": is_new, "paused": ids });
        out.value(&answer, || {
            let first = "Nothing is sent until `xabar resume --all`. Mails that a relay is taking now still go out.";
            let line = |issue: &Issue| format!("paused\t{}\t{}", issue.id, issue.content.subject);
            let mut lines = vec![first.to_owned()];
            lines.extend(paused.iter().map(line));
            lines.join("\n")
        })
    }
}

impl Resume {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let was_held = hold::release(service, &Actor::CommandLine).await?;
        let answer = serde_json::json!({ "held": false, "changed": was_held });
        out.value(&answer, || match was_held {
            true => "Sending goes on. Issues that are paused stay so: see `xabar issue list`, then resume or cancel each.".to_owned(),
            false => "Sending was not held.".to_owned(),
        })
    }
}
