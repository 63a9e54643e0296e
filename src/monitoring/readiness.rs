//! Whether requests should come here, and what an operator should know.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::timeout;

use super::ANSWER_LIMIT;
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::subscribe;
use crate::worker::clock_watch::TRUSTED;

/// How long a write that succeeded counts, so that callers cost no write each.
pub const WRITE_COUNTS_FOR: Duration = Duration::from_secs(5);
/// How long to wait for a connection: what asks often waits five seconds itself, and should be told the cause.
const PATIENCE: Duration = Duration::from_secs(2);
const READ_LIMIT: Duration = Duration::from_secs(4);
/// Another process that has SQLite's lock for so long is no import, which commits every few seconds.
const LOCKED_OUT: Duration = Duration::from_secs(10);
/// An issue that is so late does not start: a worker looks twice a second.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// Whether requests should come to this process, and why not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Why this process cannot do its work.
    pub unready_because: Vec<String>,
    /// Why a worker cannot; pages work all the same.
    pub late: Vec<String>,
    /// What an operator should know besides.
    pub notes: Vec<String>,
}

/// Reads from the database and writes to it.
pub async fn look(service: &Service) -> Readiness {
    let mut found = Readiness::default();
    if service.draining.is_cancelled() {
        found
            .unready_because
            .push("this process is stopping".to_owned());
        return found;
    }
    match timeout(READ_LIMIT, read(service, &mut found)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => found.unready_because.push(error.to_string()),
        Err(_) => found
            .unready_because
            .push("the database does not answer".to_owned()),
    }
    if !found.unready_because.is_empty() {
        return found;
    }
    match try_to_write(service).await {
        Ok(true) => {}
        Ok(false) => found.notes.push("writes wait for other writes".to_owned()),
        Err(why) => found.unready_because.push(why),
    }
    found
}

/// Whether the database took a write just now, or a few seconds ago. False where it has to wait for others: an import
/// or the freezing of an audience may take long, and ends.
///
/// # Errors
/// Why nothing can be written.
pub(super) async fn try_to_write(service: &Service) -> Result<bool, String> {
    let write = service.write_checked.try_get_with((), write(service));
    let written = timeout(ANSWER_LIMIT, write).await;
    match (written, service.store.locked_out_for()) {
        (Ok(Ok(())), _) => Ok(true),
        (_, Some(time)) if time >= LOCKED_OUT => Err(format!(
            "nothing can be written: another process has had the lock of the SQLite file for {} seconds",
            time.as_secs()
        )),
        (Ok(Err(error)), None) => Err(error.to_string()),
        (Err(_) | Ok(Err(_)), _) => Ok(false),
    }
}

async fn read(service: &Service, found: &mut Readiness) -> Result<(), StoreError> {
    let mut db = service.store.waiting_at_most(PATIENCE).read().await?;
    let hour = subscribe::last_hour(service, &mut db).await?;
    if hour.attack {
        found.notes.push(format!(
            "sign-ups: under attack; {} in the last hour, {} confirmations",
            hour.rate.signups, hour.rate.confirmations
        ));
    }
    for pause in store::delivery::relay_pause::all(&mut db).await? {
        let (relay, since, why) = (pause.relay, pause.since, pause.because);
        let note = format!("the relay {relay} is paused since {since}: {why}");
        found.notes.push(note);
    }
    let held = store::instance::read(&mut db)
        .await?
        .and_then(|known| known.held);
    if let Some(held) = held {
        let note = format!("all sending is held since {}: {}", held.since, held.why);
        found.notes.push(note);
        return Ok(());
    }
    let planned = store::issue::backlog::oldest_planned(&mut db).await?;
    let late = planned.map(|at| service.clock.now().duration_since(at));
    if let Some(late) = late.filter(|late| *late > LATE) {
        let note = format!("an issue should have started {late:#} ago; is a worker running?");
        found.late.push(note);
    }
    Ok(())
}

async fn write(service: &Service) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    let now = service.clock.now();
    store::instance::touch(&mut tx, now, now - TRUSTED).await?;
    tx.commit().await
}
