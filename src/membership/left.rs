//! Those who have left a newsletter elsewhere.

use std::collections::{HashMap, HashSet};

use super::consent_event::{Evidence, Subject, event};
use crate::domain::{ConsentEvent, ConsentKind, SubscriptionId, SubscriptionState};
use crate::store::subscription::import::left::{self, ActiveHere};
use crate::store::subscription::import::{Batch, ImportRow, RowOutcome};
use crate::store::{StoreError, Write};

/// What became of a person who has left elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutcome {
    /// A new subscription that has ended.
    Added,
    /// The subscription, which was active by an import alone, has ended.
    Ended,
    /// The reader has confirmed here, and stays active.
    ConfirmedHere,
    /// By an import the reader has agreed after that, and stays active.
    AgreedSince,
    /// The person gets no mails, and nothing changed.
    Unchanged,
}

/// Notes that persons have left elsewhere; each row's `consent_at` says when. Their form and order, and those of the
/// `proofs`, are as in [`import`](super::import). Returns what became of each row, and the events to record.
///
/// # Errors
/// When the database cannot be used.
pub async fn import_left(
    tx: &mut Write,
    rows: &[ImportRow],
    proofs: Vec<Evidence>,
    batch: Batch,
) -> Result<(Vec<LeftOutcome>, Vec<ConsentEvent>), StoreError> {
    let inserted = left::insert(tx, rows, batch).await?;
    let active = |(place, outcome): (usize, &RowOutcome)| {
        let active = *outcome == RowOutcome::Subscribed(SubscriptionState::Active);
        active.then(|| (place, rows[place].key.as_str()))
    };
    let active: Vec<(usize, &str)> = inserted.iter().enumerate().filter_map(active).collect();
    let found = left::active(tx, &active, batch.newsletter).await?;
    let found: HashMap<usize, ActiveHere> = found.into_iter().map(|one| (one.place, one)).collect();
    let has_agreed_since = |one: &ActiveHere| {
        let agreed = one.confirmed_at.map(|at| at.as_microsecond());
        agreed.is_some_and(|at| at > rows[one.place].consent_at)
    };
    let to_end = found.values();
    let to_end = to_end.filter(|one| !one.confirmed_here && !has_agreed_since(one));
    let to_end: Vec<SubscriptionId> = to_end.map(|one| one.id).collect();
    let ended = left::end(tx, &to_end, batch.at).await?;
    let ended: HashSet<i64> = ended.into_iter().map(|id| id.0).collect();
    let (mut outcomes, mut events) = (Vec::with_capacity(rows.len()), Vec::new());
    for (place, (row, evidence)) in rows.iter().zip(proofs).enumerate() {
        let here = found.get(&place);
        let (outcome, subscription) = match (inserted[place], here) {
            (RowOutcome::Added(id), _) => (LeftOutcome::Added, Some(id)),
            (_, Some(one)) if ended.contains(&one.id.0) => (LeftOutcome::Ended, Some(one.id)),
            (_, Some(one)) if one.confirmed_here => (LeftOutcome::ConfirmedHere, None),
            (_, Some(one)) if has_agreed_since(one) => (LeftOutcome::AgreedSince, None),
            // Also whoever has left here at this moment.
            _ => (LeftOutcome::Unchanged, None),
        };
        outcomes.push(outcome);
        events.extend(subscription.map(|subscription| {
            let subject = Subject {
                subscription,
                address_hash: row.hash,
            };
            event(subject, ConsentKind::Withdrawn, evidence)
        }));
    }
    Ok((outcomes, events))
}
