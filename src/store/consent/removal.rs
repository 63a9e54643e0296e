//! Removes events of consent without breaking the chain.

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use crate::domain::{LinkKey, RemovalReason, SubscriptionId, removal_seal};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{json, micros};
use crate::store::{StoreError, Write};

statements! {
    OF_SUBSCRIPTIONS = [
        r"SELECT c.event_id, c.hash
          FROM consent_event e
          JOIN consent_chain c ON c.event_id = e.id
          WHERE e.subscription_id IN ",
        ids_1,
        r" AND c.removed_at IS NULL
          ORDER BY c.event_id",
    ];
    NOTE = [
        r"UPDATE consent_chain
          SET removed_at = $2, removed_why = $3, removal = r.removal
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'event' AS event, unhex(value->>'removal') AS removal
                FROM json_each($1)
              ) AS r",
            postgres: r"(
                SELECT event, decode(removal, 'hex') AS removal
                FROM json_to_recordset(CAST($1 AS json)) AS j (event BIGINT, removal TEXT)
              ) AS r",
        },
        r" WHERE consent_chain.event_id = r.event",
    ];
    DELETE = [r"DELETE FROM consent_event WHERE id IN ", ids_1];
}

/// Removes all events of these subscriptions. The chain keeps their hashes and notes the time and the
/// reason of the removal, sealed with the key.
pub async fn of_subscriptions(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[SubscriptionId],
    why: RemovalReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let found: Vec<(i64, Vec<u8>)> = fetch_all!(tx, OF_SUBSCRIPTIONS, json(subscriptions)?)?;
    let note = |(event, hash): &(i64, Vec<u8>)| {
        let removal = removal_seal(key, *event, hash, now, why.as_str());
        serde_json::json!({ "event": event, "removal": HEXLOWER.encode(&removal) })
    };
    let notes: Vec<_> = found.iter().map(note).collect();
    execute!(tx, NOTE, json(&notes)?, micros(now), why.as_str())?;
    let events: Vec<i64> = found.iter().map(|(event, _)| *event).collect();
    execute!(tx, DELETE, json(&events)?)?;
    Ok(())
}
