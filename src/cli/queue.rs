//! `xabar queue` and `xabar workers`: what waits, and who holds it.

use super::output::Output;
use super::{CliError, open};
use crate::config::Settings;
use crate::store::delivery::relay_pause::{self, RelayPause};
use crate::store::queue::{self, HeldLease, Waiting};

pub(super) async fn waiting(settings: Settings, out: Output) -> Result<(), CliError> {
    let service = open(settings).await?;
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

pub(super) async fn workers(settings: Settings, out: Output) -> Result<(), CliError> {
    let service = open(settings).await?;
    let now = service.clock.now();
    let leases = queue::leases(&mut service.store.read().await?).await?;
    out.value(&leases, || {
        let line = |one: &HeldLease| {
            let what = match one.issue {
                Some(issue) => format!("{} deliveries of issue {issue}", one.amount),
                None => format!("{} transactional mails", one.amount),
            };
            let state = if one.until > now {
                "held"
            } else {
                "left behind"
            };
            format!("{}\t{what}\t{state}, until {}", one.lease, one.until)
        };
        match leases.is_empty() {
            true => "no worker holds anything".to_owned(),
            false => leases.iter().map(line).collect::<Vec<_>>().join("\n"),
        }
    })
}
