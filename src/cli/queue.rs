//! `xabar queue`: what waits.

use super::CliError;
use super::output::Output;
use crate::service::Service;
use crate::store::delivery::relay_pause::{self, RelayPause};
use crate::store::queue::{self, Waiting};

pub(super) async fn waiting(service: &Service, out: Output) -> Result<(), CliError> {
    let mut db = service.store.read().await?;
    let all = queue::all(&mut db, service.clock.now()).await?;
    let paused = relay_pause::all(&mut db).await?;
    out.value(&all, || {
        let mut lines: Vec<String> = all.iter().map(line).collect();
        lines.extend(paused.iter().map(|pause| {
            let RelayPause {
                relay,
                since,
                because,
            } = pause;
            format!("relay {relay}\tpaused since {since}: {because}")
        }));
        match lines.is_empty() {
            true => "nothing waits".to_owned(),
            false => lines.join("\n"),
        }
    })
}

fn line(one: &Waiting) -> String {
    let what = match (one.issue, one.issue_state) {
        (Some(issue), Some(state)) => format!("issue {issue} of {} ({state})", one.name),
        _ => format!("mails: {}", one.name),
    };
    let oldest = one
        .oldest_due
        .map_or_else(|| "-".to_owned(), |at| at.to_string());
    format!(
        "{what}\t{}\t{} wait, {} due, {} leased\tthe oldest is due {oldest}",
        one.state, one.waiting, one.due, one.leased
    )
}
