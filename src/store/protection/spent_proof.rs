//! Spent proofs of work: each is valid for one sign-up.

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use crate::store::dialect::{execute, fetch_all_scalars, fetch_scalar, statements};
use crate::store::rows::{json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    IS_SPENT = [r"SELECT COUNT(*) FROM spent_proof WHERE digest = $1"];
    SPEND = [
        r"INSERT INTO spent_proof (digest, expires_at)
          SELECT r.digest, $2
          FROM ",
        {
            sqlite: r"(SELECT unhex(value) AS digest FROM json_each($1)) AS r",
            postgres: r"(
                SELECT decode(value, 'hex') AS digest
                FROM json_array_elements_text(CAST($1 AS json))
              ) AS r",
        },
        r" WHERE TRUE
          ORDER BY r.digest
          ON CONFLICT (digest) DO NOTHING
          RETURNING digest",
    ];
    FORGET = [r"DELETE FROM spent_proof WHERE expires_at < $1"];
}

/// Whether a proof was spent already.
pub async fn is_spent(db: &mut Read, digest: &[u8]) -> Result<bool, StoreError> {
    let found: i64 = fetch_scalar!(db, IS_SPENT, digest)?;
    Ok(found > 0)
}

/// Spends proofs; returns those that were not spent before.
pub async fn spend(
    tx: &mut Write,
    digests: &[[u8; 32]],
    expires_at: Timestamp,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let digests: Vec<String> = digests.iter().map(|d| HEXLOWER.encode(d)).collect();
    Ok(fetch_all_scalars!(
        tx,
        SPEND,
        json(&digests)?,
        micros(expires_at)
    )?)
}

/// Removes proofs that have expired and would be refused anyway; returns how many.
pub async fn forget(tx: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, micros(now))?)
}
