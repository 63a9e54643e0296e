//! `xabar import undo NUMBER`

use clap::{Args, Subcommand};
use serde_json::json;

use super::super::CliError;
use super::super::caution::Caution;
use super::super::output::Output;
use crate::domain::Actor;
use crate::service::Service;
use crate::store;
use crate::subscribe::suppression::Execution;
use crate::subscribe::{UndoReport, find_import, undo_import};

const BY: &Actor = &Actor::CommandLine;

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Takes an import back: removes the subscriptions that it began and with which nothing has happened since.
    Undo(Undo),
}

#[derive(Debug, Args)]
pub(super) struct Undo {
    /// The number that the import has told; in `xabar audit list` that of its line with `begun`.
    number: i64,
    #[command(flatten)]
    caution: Caution,
}

impl Undo {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let failed = |why: crate::subscribe::UndoError| CliError::Failed(why.to_string());
        let import = find_import(service, self.number).await.map_err(failed)?;
        let plan = undo_import(service, import, BY, Execution::DryRun).await;
        let plan = plan.map_err(failed)?;
        let value = |report: &UndoReport, done: bool| {
            json!({ "done": done, "removed": report.removed, "got_an_issue": report.got_an_issue,
                "changed": report.changed, "busy": report.busy })
        };
        if self.caution.dry_run || plan.removed == 0 {
            return out.value(&value(&plan, false), || {
                format!("Nothing was done. It would be: {}", summary(&plan))
            });
        }
        let mut db = service.store.read().await?;
        let all = store::newsletter::list(&mut db).await?;
        drop(db);
        let slug = all.iter().find(|one| one.id == import.newsletter);
        let slug = slug.map(|one| one.slug.to_string()).unwrap_or_default();
        self.caution.ask(&format!(
            "Remove {} subscriptions to {slug} that import {} began, with their proof? {} stay.",
            plan.removed,
            self.number,
            plan.stay()
        ))?;
        let done = undo_import(service, import, BY, Execution::Real).await;
        let done = done.map_err(failed)?;
        out.value(&value(&done, true), || summary(&done))
    }
}

fn summary(report: &UndoReport) -> String {
    let UndoReport {
        removed,
        got_an_issue,
        changed,
        busy,
    } = report;
    let busy = match busy {
        0 => String::new(),
        busy => format!(", {busy} that were in use (run the command again)"),
    };
    format!(
        "{removed} subscriptions removed; {} stay: {got_an_issue} to which an issue was sent, {changed} that their \
         readers have changed, confirmed or ended{busy}",
        report.stay()
    )
}
