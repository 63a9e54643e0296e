//! `xabar workers`: who sends, and what they hold.

use jiff::Timestamp;
use serde::Serialize;

use super::CliError;
use super::output::Output;
use crate::service::Service;
use crate::store::queue::{self, HeldLease};
use crate::store::worker::{self, Worker};

#[derive(Serialize)]
struct Listed {
    workers: Vec<WithLeases>,
    /// Those of workers that are not known: they ended, or were of an earlier version.
    other_leases: Vec<HeldLease>,
}

#[derive(Serialize)]
struct WithLeases {
    #[serde(flatten)]
    worker: Worker,
    /// Whether it has not been seen for a minute.
    silent: bool,
    leases: Vec<HeldLease>,
}

pub(super) async fn list(service: &Service, out: Output) -> Result<(), CliError> {
    let now = service.clock.now();
    let mut db = service.store.read().await?;
    let (workers, leases) = (worker::all(&mut db).await?, queue::leases(&mut db).await?);
    drop(db);
    let listed = Listed::new(workers, leases, now);
    out.value(&listed, || listed.text(now))
}

impl Listed {
    fn new(workers: Vec<Worker>, mut leases: Vec<HeldLease>, now: Timestamp) -> Self {
        let with_leases = |worker: Worker| {
            let own = |lease: &mut HeldLease| lease.lease.worker() == Some(worker.id);
            let leases = leases.extract_if(.., own).collect();
            WithLeases {
                silent: worker.is_silent(now),
                leases,
                worker,
            }
        };
        let workers = workers.into_iter().map(with_leases).collect();
        Self {
            workers,
            other_leases: leases,
        }
    }

    fn text(&self, now: Timestamp) -> String {
        let mut lines = Vec::new();
        for WithLeases {
            worker,
            silent,
            leases,
        } in &self.workers
        {
            let (name, started, seen) = (worker.name(), worker.started_at, worker.seen_at);
            let state = if *silent { "silent since" } else { "seen" };
            let version = &worker.version;
            lines.push(format!(
                "{name}\txabar {version}\tsince {started}\t{state} {seen}"
            ));
            lines.extend(leases.iter().map(|lease| held(lease, now)));
        }
        if !self.other_leases.is_empty() {
            lines.push("workers that are not known any more".to_owned());
            lines.extend(self.other_leases.iter().map(|lease| held(lease, now)));
        }
        match lines.is_empty() {
            true => {
                "no worker runs: start `xabar serve`, or `xabar serve --role worker`".to_owned()
            }
            false => lines.join("\n"),
        }
    }
}

fn held(one: &HeldLease, now: Timestamp) -> String {
    let what = match one.issue {
        Some(issue) => format!("{} deliveries of issue {issue}", one.amount),
        None => format!("{} transactional mails", one.amount),
    };
    let state = if one.until > now {
        "held"
    } else {
        "left behind"
    };
    format!("\t{}\t{what}\t{state}, until {}", one.lease, one.until)
}
