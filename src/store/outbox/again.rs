//! Makes a mail due once more, as an operator wishes.

use jiff::Timestamp;

use crate::domain::{DeliveryState, MailKind, OutboxId};
use crate::store::dialect::{execute, statements};
use crate::store::rows::micros;
use crate::store::{StoreError, Write};

statements! {
    // The address of the two kinds is deleted when the mail ends: nobody is left to send it to.
    RETRY = [
        r"UPDATE outbox
          SET state = $2, due_at = $3, ended_at = NULL, attempts = 0
          WHERE id = $1 AND state = $4 AND due_at IS NULL AND kind NOT IN ($5, $6)",
    ];
    HURRY = [
        r"UPDATE outbox SET due_at = $2 WHERE id = $1 AND lease_id IS NULL AND due_at > $2",
    ];
}

/// Makes a mail due at once: one that waits for its next attempt, or one that was given up, which then
/// has all its attempts again. Returns whether there is such a mail.
pub async fn retry(tx: &mut Write, id: OutboxId, now: Timestamp) -> Result<bool, StoreError> {
    tx.makes_work();
    let again = execute!(
        tx,
        RETRY,
        id,
        DeliveryState::Queued.as_str(),
        micros(now),
        DeliveryState::Failed.as_str(),
        MailKind::NewAddress.as_str(),
        MailKind::Erased.as_str()
    )?;
    let sooner = execute!(tx, HURRY, id, micros(now))?;
    Ok(again + sooner > 0)
}
