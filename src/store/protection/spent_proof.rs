//! Solved challenges, each good for one sign-up.

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use crate::store::dialect::{run, statements};
use crate::store::rows::{json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    IS_SPENT = ["SELECT COUNT(*) FROM spent_proof WHERE digest = $1"];
    SPEND = ["INSERT INTO spent_proof (digest, expires_at) SELECT r.digest, $2 FROM ",
        { sqlite: "(SELECT unhex(value) AS digest FROM json_each($1)) AS r",
          postgres: "(SELECT decode(value, 'hex') AS digest \
            FROM json_array_elements_text(CAST($1 AS json))) AS r" },
        " WHERE TRUE ORDER BY r.digest ON CONFLICT (digest) DO NOTHING RETURNING digest"];
    FORGET = ["DELETE FROM spent_proof WHERE expires_at < $1"];
}

/// Whether this one has been used.
///
/// # Errors
/// When the database cannot be used.
pub async fn is_spent(db: &mut Read, digest: &[u8]) -> Result<bool, StoreError> {
    let found: i64 = run!(db, IS_SPENT, |sql, connection| sqlx::query_scalar(sql)
        .bind(digest)
        .fetch_one(connection)
        .await)?;
    Ok(found > 0)
}

/// Uses these up; returns those that had not been used before.
///
/// # Errors
/// When the database cannot be used.
pub async fn spend(
    tx: &mut Write,
    digests: &[[u8; 32]],
    expires_at: Timestamp,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let digests: Vec<String> = digests.iter().map(|d| HEXLOWER.encode(d)).collect();
    Ok(run!(tx, SPEND, |sql, connection| sqlx::query_scalar(sql)
        .bind(json(&digests)?)
        .bind(micros(expires_at))
        .fetch_all(connection)
        .await)?)
}

/// Forgets those that would be refused as too old; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget(tx: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, FORGET, |sql, connection| sqlx::query(sql)
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?)
}
