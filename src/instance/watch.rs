//! Notices that the database of a running worker is another server than a moment ago.

use crate::service::Service;
use crate::store::{self, StoreError};

/// What became of the server behind the connection.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    /// A standby took over: the same cluster goes on with another timeline.
    Promoted,
    /// Another database answers: one that was restored or copied.
    Other,
}

/// Looks which server the database is. `last` is what was seen the last time; `None` at the first look, which
/// counts from what the start has noted.
///
/// After a promotion sending goes on, as the workers never stopped: the log says once what may be lost, and the
/// next start is not held for it. Another database is held, as at a start ([`super::recognize`]).
///
/// # Errors
/// When the database cannot be used; then look again later.
pub async fn look(service: &Service, last: &mut Option<String>) -> Result<(), StoreError> {
    // An open file stays the same file.
    if service.store.sqlite_path().is_some() {
        return Ok(());
    }
    let now = store::instance::identity(&service.store).await?;
    let before = match last.take() {
        Some(seen) => seen,
        None => noted(service).await?.unwrap_or_else(|| now.clone()),
    };
    let change = what_changed(&before, &now);
    // Until all is done, the next look begins here again.
    *last = Some(before.clone());
    match change {
        None => {}
        Some(Change::Promoted) => {
            note_promotion(service, &before, &now).await?;
            tracing::error!(
                was = before,
                is = now,
                "a standby of the database was promoted while this process ran. Sending goes on, but what had not \
                 reached the standby is lost: readers whose mail was recorded last may get it again, and the last \
                 sign-ups and unsubscriptions may be missing. Run `xabar doctor`, and see docs/OPERATIONS.md"
            );
        }
        Some(Change::Other) => super::recognize(service).await?,
    }
    *last = Some(now);
    Ok(())
}

async fn noted(service: &Service) -> Result<Option<String>, StoreError> {
    let known = store::instance::read(&mut service.store.read().await?).await?;
    Ok(known.map(|known| known.identity))
}

/// So that the next start does not take the database for a copy. Several workers may do so.
async fn note_promotion(service: &Service, before: &str, now: &str) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    if let Some(known) = store::instance::lock(&mut tx).await?
        && known.identity == before
    {
        store::instance::moved(&mut tx, now, known.epoch).await?;
    }
    tx.commit().await
}

/// Compares two identities: `server SYSTEM/TIMELINE/DATABASE/TABLE`.
fn what_changed(before: &str, now: &str) -> Option<Change> {
    if before == now {
        return None;
    }
    let without_timeline = |identity: &str| -> Vec<String> {
        let parts = identity.split('/').enumerate();
        let kept = parts.filter(|(place, _)| *place != 1);
        kept.map(|(_, part)| part.to_owned()).collect()
    };
    match without_timeline(before) == without_timeline(now) {
        true => Some(Change::Promoted),
        false => Some(Change::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, what_changed};

    #[test]
    fn a_promoted_standby_differs_in_its_timeline_alone() {
        let found = |now| what_changed("server 7301/1/16384/16390", now);
        assert_eq!(found("server 7301/1/16384/16390"), None);
        assert_eq!(found("server 7301/2/16384/16390"), Some(Change::Promoted));
        for other in [
            "server 7302/1/16384/16390",
            "server 7302/2/16384/16390",
            "server 7301/1/16999/16390",
            "server 7301/1/16384/17000",
        ] {
            assert_eq!(found(other), Some(Change::Other), "{other}");
        }
    }
}
