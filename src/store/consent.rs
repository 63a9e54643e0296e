//! The append-only record of consent.

use sqlx::FromRow;

use super::dialect::{run, statements};
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::{ConsentEvent, Language, SubscriptionId};

statements! {
    WORDING = ["SELECT id FROM consent_wording WHERE digest = $1"];
    INSERT_WORDING = ["INSERT INTO consent_wording (digest, version, language, wording) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (digest) DO UPDATE SET version = excluded.version RETURNING id"];
    INSERT = ["INSERT INTO consent_event (subscription_id, wording_id, kind, method, at, page, ip) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)"];
    OF_SUBSCRIPTION = ["SELECT e.id, e.kind, e.method, e.at, e.page, e.ip, w.wording, w.version, w.language \
        FROM consent_event e JOIN consent_wording w ON w.id = e.wording_id \
        WHERE e.subscription_id = $1 ORDER BY e.id"];
}

#[derive(FromRow)]
struct ConsentRow {
    id: i64,
    kind: String,
    method: String,
    at: i64,
    page: String,
    ip: Option<String>,
    wording: String,
    version: String,
    language: String,
}

/// The number under which a wording is kept, writing it down when it is new.
///
/// # Errors
/// When the database cannot be used.
pub async fn wording_id(
    tx: &mut Write,
    wording: &str,
    version: &str,
    language: Language,
) -> Result<i64, StoreError> {
    use sha2::{Digest, Sha256};
    let digest = Sha256::new()
        .chain_update(version)
        .chain_update([0])
        .chain_update(language.as_str())
        .chain_update([0])
        .chain_update(wording)
        .finalize()
        .to_vec();
    let known: Option<i64> = run!(tx, WORDING, |sql, connection| sqlx::query_scalar(sql)
        .bind(&digest)
        .fetch_optional(connection)
        .await)?;
    if let Some(id) = known {
        return Ok(id);
    }
    Ok(run!(tx, INSERT_WORDING, |sql, connection| {
        sqlx::query_scalar(sql)
            .bind(&digest)
            .bind(version)
            .bind(language.as_str())
            .bind(wording)
            .fetch_one(connection)
            .await
    })?)
}

/// Appends an event.
///
/// # Errors
/// When the database cannot be used.
pub async fn append(tx: &mut Write, event: &ConsentEvent) -> Result<(), StoreError> {
    let wording = wording_id(tx, &event.wording, &event.wording_version, event.language).await?;
    run!(tx, INSERT, |sql, connection| sqlx::query(sql)
        .bind(event.subscription.0)
        .bind(wording)
        .bind(event.kind.as_str())
        .bind(event.method.as_str())
        .bind(micros(event.at))
        .bind(&event.page)
        .bind(event.ip.map(|ip| ip.to_string()))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The events of a subscription, the oldest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn of_subscription(
    db: &mut Read,
    subscription: SubscriptionId,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let rows: Vec<ConsentRow> = run!(db, OF_SUBSCRIPTION, |sql, connection| sqlx::query_as(sql)
        .bind(subscription.0)
        .fetch_all(connection)
        .await)?;
    rows.into_iter()
        .map(|row| {
            let place = Row {
                table: "consent_event",
                id: &row.id,
            };
            Ok(ConsentEvent {
                subscription,
                kind: place.parse("kind", &row.kind)?,
                method: place.parse("method", &row.method)?,
                at: place.time("at", row.at)?,
                language: place.parse("language", &row.language)?,
                ip: row
                    .ip
                    .as_deref()
                    .map(|ip| place.parse("ip", ip))
                    .transpose()?,
                wording: row.wording,
                wording_version: row.version,
                page: row.page,
            })
        })
        .collect()
}
