//! `xabar issue check`

use super::super::CliError;
use super::super::output::Output;
use crate::domain::{IssueId, Language};
use crate::publish::{self, CheckList};
use crate::service::Service;

/// Prints what is to be looked at.
pub(super) async fn run(
    service: &Service,
    id: IssueId,
    thorough: bool,
    out: Output,
) -> Result<(), CliError> {
    let checked = if thorough {
        publish::check_thoroughly(service, id, None).await?
    } else {
        publish::check(service, id, None).await?
    };
    let list = CheckList::new(Language::En, &checked);
    out.value(&list, || lines(&list))?;
    if list.errors == 0 {
        return Ok(());
    }
    let errors = list.errors;
    Err(CliError::Failed(format!(
        "{errors} of the checks found an error; mend it before you send the issue"
    )))
}

fn lines(list: &CheckList) -> String {
    let line = |found: &publish::FindingView| {
        let place = found.field.as_deref().unwrap_or("-");
        format!(
            "{}\t{}\t{place}\t{} {}",
            found.severity, found.code, found.message, found.advice
        )
    };
    let all: Vec<String> = list.findings.iter().map(line).collect();
    if all.is_empty() {
        return "nothing to mend".to_owned();
    }
    all.join("\n")
}
