//! The queue without SMTP: one worker claims and records, at the same time, as the engine does.
//! `benches/measure queue` fills the tables before.
//!
//! Arguments: database URL, issue, deliveries to carry out.

use std::error::Error;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::mpsc;
use uuid::Uuid;
use xabar::clock::Clock;
use xabar::domain::{DeliveryState, IssueId, LeaseId};
use xabar::store::Store;
use xabar::store::delivery::claim;
use xabar::store::delivery::claim::{Due, Turn};
use xabar::store::delivery::range;
use xabar::store::delivery::record;
use xabar::store::delivery::record::Record;

type Failure = Box<dyn Error + Send + Sync>;

/// As the engine claims them.
const BATCH: i64 = 128;

async fn claim(
    store: &Store,
    issue: IssueId,
    limit: i64,
    ended: &mut mpsc::UnboundedReceiver<LeaseId>,
) -> Result<(LeaseId, Vec<Due>), Failure> {
    let now = now();
    let lease = u128::from(now.as_microsecond().unsigned_abs());
    let lease = LeaseId(Uuid::from_u128(lease));
    let mut tx = store.write().await?;
    let batch = claim::due(&mut tx, issue, "", Turn::First, limit, now).await?;
    let until = now + jiff::SignedDuration::from_secs(120);
    batch.lease(&mut tx, issue, lease, until).await?;
    while let Ok(ended) = ended.try_recv() {
        range::end(&mut tx, issue, ended).await?;
    }
    tx.commit().await?;
    Ok((lease, batch.due))
}

async fn write(store: &Store, issue: IssueId, lease: LeaseId, due: &[Due]) -> Result<(), Failure> {
    let micros = Some(now().as_microsecond());
    let records: Vec<Record> = due
        .iter()
        .map(|due| Record {
            subscription: due.attempt.subscription,
            lease,
            untried: due.attempt.untried,
            revision: due.attempt.revision,
            before: due.attempt.state_before,
            state: DeliveryState::Sent,
            due_at: None,
            attempt: 1,
            first_attempt_at: micros,
            ended_at: micros,
            code: Some(250),
            text: Some("2.0.0 Ok".to_owned()),
        })
        .collect();
    let written = record::write(store, issue, &records).await?.written;
    if written != i64::try_from(due.len())? {
        return Err(format!("{written} of {} were recorded", due.len()).into());
    }
    Ok(())
}

fn now() -> Timestamp {
    Clock::system().now()
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, issue, deliveries] = arguments.as_slice() else {
        return Err("give database URL, issue, deliveries".into());
    };
    let (issue, deliveries) = (IssueId(issue.parse()?), deliveries.parse::<i64>()?);
    let store = Store::open(url, 4).await?;
    let begun = Instant::now();
    let (claimed, mut to_record) = mpsc::channel::<(LeaseId, Vec<Due>)>(1);
    let (end, mut ended) = mpsc::unbounded_channel();
    let claimer = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut left = deliveries;
            while left > 0 {
                let batch = claim(&store, issue, left.min(BATCH), &mut ended).await?;
                left -= i64::try_from(batch.1.len())?;
                if batch.1.is_empty() {
                    return Err("there are not as many deliveries".into());
                }
                claimed.send(batch).await?;
            }
            Ok::<_, Failure>(())
        })
    };
    while let Some((lease, due)) = to_record.recv().await {
        write(&store, issue, lease, &due).await?;
        // The last claim has ended already.
        let _ = end.send(lease);
    }
    claimer.await??;
    #[allow(clippy::cast_precision_loss)] // a count of deliveries
    let rate = deliveries as f64 / begun.elapsed().as_secs_f64();
    #[allow(clippy::print_stdout)] // its one result
    {
        println!("{rate:.0}");
    }
    Ok(())
}
