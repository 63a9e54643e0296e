//! `xabar issue send` and `xabar issue cancel`

use serde_json::json;

use super::BY;
use crate::cli::CliError;
use crate::cli::caution::Caution;
use crate::cli::output::Output;
use crate::domain::{Issue, IssueId};
use crate::publish::{self, SendPlan, Trigger};
use crate::service::Service;

/// Sends an issue; none if that was only to be tried.
pub(super) async fn run(
    service: &Service,
    id: IssueId,
    trigger: &Trigger,
    caution: Caution,
    out: Output,
) -> Result<Option<Issue>, CliError> {
    let plan = publish::plan_send(service, id, trigger, BY).await?;
    if caution.dry_run {
        match plan {
            Some(plan) => print_plan(&plan, out)?,
            None => out.value(&json!({ "send": null }), || {
                "Nothing would change: it goes out already as asked".to_owned()
            })?,
        }
        return Ok(None);
    }
    if let Some(plan) = plan {
        caution.ask(&format!("{}?", plan_line(&plan)))?;
    }
    Ok(Some(publish::send(service, id, trigger, None, BY).await?))
}

/// Stops an issue for good; none if that was only to be tried.
pub(super) async fn cancel(
    service: &Service,
    id: IssueId,
    caution: Caution,
    out: Output,
) -> Result<Option<Issue>, CliError> {
    let issue = publish::check_cancel(service, id).await?;
    let waiting = issue.counts.waiting();
    let subject = &issue.content.subject;
    let what = format!("Stop “{subject}” for good; {waiting} readers will not get it");
    if caution.dry_run {
        let plan = json!({ "cancel": issue.id.to_string(), "waiting": waiting });
        out.value(&plan, || what)?;
        return Ok(None);
    }
    caution.ask(&format!("{what}?"))?;
    Ok(Some(publish::cancel(service, id, None, BY).await?))
}

fn plan_line(plan: &SendPlan) -> String {
    let excluded = plan.excluded.iter();
    let excluded = excluded.map(|(reason, readers)| format!(", {readers} {}", reason.described()));
    let left_out: String = excluded.collect();
    let left_out = left_out.trim_start_matches(", ");
    let left_out = match left_out {
        "" => String::new(),
        left_out => format!(" (left out: {left_out})"),
    };
    format!(
        "Send “{}” to {} readers{left_out} at {}",
        plan.issue.content.subject, plan.audience, plan.at_local
    )
}

fn print_plan(plan: &SendPlan, out: Output) -> Result<(), CliError> {
    let value = json!({
        "send": plan.issue.id.to_string(), "audience": plan.audience, "excluded": plan.excluded,
        "at": plan.at.to_string(), "at_local": plan.at_local,
    });
    out.value(&value, || plan_line(plan))
}
