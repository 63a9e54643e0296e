//! `xabar issue retry-failed`

use serde_json::json;

use super::BY;
use crate::cli::CliError;
use crate::cli::caution::Caution;
use crate::cli::output::Output;
use crate::domain::{Issue, IssueId};
use crate::publish::{self, Retry};
use crate::service::Service;

/// Sends an issue once more; none if that was only to be tried.
pub(super) async fn run(
    service: &Service,
    id: IssueId,
    bounced: bool,
    caution: Caution,
    out: Output,
) -> Result<Option<Issue>, CliError> {
    let issue = publish::check_retry(service, id).await?;
    let (failed, subject) = (issue.counts.failed, &issue.content.subject);
    let mut what = format!("Send “{subject}” again to {failed} readers to whom it failed");
    let (retry, also) = match bounced {
        true => (Retry::FailedAndBounced, issue.counts.bounced),
        false => (Retry::Failed, 0),
    };
    if bounced {
        what += &format!(", and to {also} who bounced");
    }
    if caution.dry_run {
        let plan = json!({ "retry": id.to_string(), "failed": failed, "bounced": also });
        out.value(&plan, || what)?;
        return Ok(None);
    }
    caution.ask(&format!("{what}?"))?;
    Ok(Some(
        publish::retry_failed(service, id, retry, None, BY).await?,
    ))
}
