//! Answers to the sign-up fields of a newsletter.

use crate::domain::{Answers, SubscriptionId};
use crate::store::dialect::{execute, fetch_optional_scalar, statements};
use crate::store::rows::{Row, json};
use crate::store::{Read, StoreError, Write};

statements! {
    OF = [r"SELECT answers FROM answer WHERE subscription_id = $1"];
    SET = [
        r"INSERT INTO answer (subscription_id, answers)
          VALUES ($1, $2)
          ON CONFLICT (subscription_id) DO UPDATE SET answers = excluded.answers",
    ];
    REMOVE = [r"DELETE FROM answer WHERE subscription_id IN ", ids_1];
}

/// The answers of a subscription; empty if there are none.
pub async fn of(db: &mut Read, subscription: SubscriptionId) -> Result<Answers, StoreError> {
    let stored: Option<String> = fetch_optional_scalar!(db, OF, subscription)?;
    let place = Row {
        table: "answer",
        id: &subscription,
    };
    match stored {
        Some(stored) => serde_json::from_str(&stored).map_err(|e| place.corrupt("answers", &e)),
        None => Ok(Answers::default()),
    }
}

/// Replaces the answers of a subscription.
pub async fn set(
    tx: &mut Write,
    subscription: SubscriptionId,
    answers: &Answers,
) -> Result<(), StoreError> {
    let Some(answers) = answers.to_json() else {
        return remove(tx, &[subscription]).await;
    };
    execute!(tx, SET, subscription, answers)?;
    Ok(())
}

/// Removes the answers of subscriptions.
pub async fn remove(tx: &mut Write, subscriptions: &[SubscriptionId]) -> Result<(), StoreError> {
    execute!(tx, REMOVE, json(subscriptions)?)?;
    Ok(())
}
