//! What readers answered to the fields of a newsletter.

use crate::domain::{Answers, SubscriptionId};
use crate::store::dialect::{run, statements};
use crate::store::rows::{Row, json};
use crate::store::{Read, StoreError, Write};

statements! {
    OF = ["SELECT answers FROM answer WHERE subscription_id = $1"];
    SET = ["INSERT INTO answer (subscription_id, answers) VALUES ($1, $2) \
        ON CONFLICT (subscription_id) DO UPDATE SET answers = excluded.answers"];
    REMOVE = ["DELETE FROM answer WHERE subscription_id IN ", ids_1];
}

/// The answers of a subscription; none where nothing was asked or answered.
///
/// # Errors
/// When the database cannot be used.
pub async fn of(db: &mut Read, subscription: SubscriptionId) -> Result<Answers, StoreError> {
    let kept: Option<String> = run!(db, OF, |sql, connection| sqlx::query_scalar(sql)
        .bind(subscription.0)
        .fetch_optional(connection)
        .await)?;
    let place = Row {
        table: "answer",
        id: &subscription.0,
    };
    match kept {
        Some(kept) => serde_json::from_str(&kept).map_err(|e| place.corrupt("answers", &e)),
        None => Ok(Answers::default()),
    }
}

/// Keeps the answers in place of those before.
///
/// # Errors
/// When the database cannot be used.
pub async fn set(
    tx: &mut Write,
    subscription: SubscriptionId,
    answers: &Answers,
) -> Result<(), StoreError> {
    let Some(answers) = answers.to_json() else {
        return remove(tx, &[subscription.0]).await;
    };
    run!(tx, SET, |sql, connection| sqlx::query(sql)
        .bind(subscription.0)
        .bind(answers)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Forgets the answers of subscriptions that have ended: nobody needs them any more.
///
/// # Errors
/// When the database cannot be used.
pub async fn remove(tx: &mut Write, subscriptions: &[i64]) -> Result<(), StoreError> {
    run!(tx, REMOVE, |sql, connection| sqlx::query(sql)
        .bind(json(subscriptions)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}
