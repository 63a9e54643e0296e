//! The worker processes.

use jiff::Timestamp;

use super::Diagnosis;
use crate::store::worker::{self, Worker};
use crate::store::{Read, StoreError};

/// Whether one runs, and which do not say any more that they do.
pub(super) async fn examine(db: &mut Read, now: Timestamp) -> Result<Vec<Diagnosis>, StoreError> {
    let (silent, running): (Vec<Worker>, Vec<Worker>) = worker::all(db)
        .await?
        .into_iter()
        .partition(|worker| worker.is_silent(now));
    let mut found: Vec<Diagnosis> = running
        .iter()
        .map(|one| {
            Diagnosis::green(
                "worker",
                &one.name(),
                format!("it runs, seen {}", one.seen_at),
            )
        })
        .collect();
    if running.is_empty() {
        let says = "no worker runs, so no mail goes out";
        let mend = "start `xabar serve`, or `xabar serve --role worker` beside the pages";
        found.push(Diagnosis::yellow("worker", "", says, mend));
    }
    found.extend(silent.iter().map(|one| {
        let says = format!(
            "it was last seen {} and has not ended in order",
            one.seen_at
        );
        let mend =
            "look whether it still runs, and at its log; its row goes a day after it was last seen";
        Diagnosis::yellow("worker", &one.name(), says, mend)
    }));
    Ok(found)
}
