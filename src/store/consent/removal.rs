//! Removing events of consent so that the chain still holds.

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use crate::domain::{LinkKey, RemovalReason, removal_seal};
use crate::store::dialect::{run, statements};
use crate::store::rows::{json, micros};
use crate::store::{StoreError, Write};

statements! {
    OF_SUBSCRIPTIONS = ["SELECT c.event_id, c.hash FROM consent_event e JOIN consent_chain c ON c.event_id = e.id \
        WHERE e.subscription_id IN ", ids_1, " AND c.removed_at IS NULL ORDER BY c.event_id"];
    NOTE = ["UPDATE consent_chain SET removed_at = $2, removed_why = $3, removal = r.removal FROM ",
        { sqlite: "(SELECT value->>'event' AS event, unhex(value->>'removal') AS removal FROM json_each($1)) AS r",
          postgres: "(SELECT event, decode(removal, 'hex') AS removal FROM \
            json_to_recordset(CAST($1 AS json)) AS j (event BIGINT, removal TEXT)) AS r" },
        " WHERE consent_chain.event_id = r.event"];
    DELETE = ["DELETE FROM consent_event WHERE id IN ", ids_1];
}

/// Removes every event of these subscriptions. Their hashes stay, with a note, sealed by the
/// key, of when and why.
///
/// # Errors
/// When the database cannot be used.
pub async fn of_subscriptions(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[i64],
    why: RemovalReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let found: Vec<(i64, Vec<u8>)> = run!(tx, OF_SUBSCRIPTIONS, |sql, connection| {
        sqlx::query_as(sql)
            .bind(json(subscriptions)?)
            .fetch_all(connection)
            .await
    })?;
    let note = |(event, hash): &(i64, Vec<u8>)| {
        let removal = removal_seal(key, *event, hash, now, why.as_str());
        serde_json::json!({ "event": event, "removal": HEXLOWER.encode(&removal) })
    };
    let notes: Vec<_> = found.iter().map(note).collect();
    run!(tx, NOTE, |sql, connection| sqlx::query(sql)
        .bind(json(&notes)?)
        .bind(micros(now))
        .bind(why.as_str())
        .execute(connection)
        .await
        .map(|_| ()))?;
    let events: Vec<i64> = found.iter().map(|(event, _)| *event).collect();
    run!(tx, DELETE, |sql, connection| sqlx::query(sql)
        .bind(json(&events)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}
