//! Sign-ups of new subscribers in batches: each statement takes a batch as one JSON array.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{
    DeliveryState, MailKind, NewsletterId, OutboxId, SubscriberId, SubscriptionId,
    SubscriptionState, SuppressionReason,
};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{json, micros};
use crate::store::{StoreError, Write};

statements! {
    SUBSCRIBERS = [
        r"INSERT INTO subscriber (address, address_key, name, created_at)
          SELECT r.address, r.key, r.name, $2
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'address' AS address, value->>'key' AS key, value->>'name' AS name,
                    unhex(value->>'hash') AS hash, unhex(value->>'mailbox') AS mailbox,
                    unhex(value->>'plain') AS plain
                FROM json_each($1)
              ) AS r",
            postgres: r"(
                SELECT address, key, name, decode(hash, 'hex') AS hash,
                    decode(mailbox, 'hex') AS mailbox, decode(plain, 'hex') AS plain
                FROM json_to_recordset(CAST($1 AS json)) AS j
                    (address TEXT, key TEXT, name TEXT, hash TEXT, mailbox TEXT, plain TEXT)
              ) AS r",
        },
        r" WHERE NOT EXISTS (
            SELECT 1
            FROM suppression x
            WHERE x.address_hash = r.hash AND (x.reason <> $3 OR x.no_signup_until > $2)
          )
            AND NOT EXISTS (
              SELECT 1
              FROM suppression d
              WHERE d.address_hash IN (r.mailbox, r.plain)
                AND (d.reason = $4 OR d.no_signup_until > $2)
            )
            AND NOT EXISTS (
              SELECT 1
              FROM unconfirmed_mail m
              WHERE m.mailbox_hash = r.mailbox AND m.due_at > $5
            )
          ORDER BY r.key",
        by_octets,
        r" ON CONFLICT (address_key) DO NOTHING
          RETURNING address_key, id",
    ];
    SUBSCRIPTIONS = [
        r"INSERT INTO subscription
              (subscriber_id, newsletter_id, state, language, countries, frequency, created_at)
          SELECT r.subscriber, r.newsletter, $2, r.language, r.countries, r.frequency, $3
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'subscriber' AS subscriber,
                    unhex(value->>'newsletter', '-') AS newsletter, value->>'language' AS language,
                    value->>'countries' AS countries, value->>'frequency' AS frequency
                FROM json_each($1)
              ) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r
                  (subscriber BIGINT, newsletter UUID, language TEXT, countries TEXT, frequency TEXT)",
        },
        r" WHERE TRUE
          RETURNING subscriber_id, newsletter_id, id",
    ];
    ANSWERS = [
        r"INSERT INTO answer (subscription_id, answers)
          SELECT r.subscription, r.answers
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'subscription' AS subscription, value->>'answers' AS answers
                FROM json_each($1)
              ) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r (subscription BIGINT, answers TEXT)",
        },
        r" WHERE r.answers IS NOT NULL",
    ];
    MAILS = [
        r"INSERT INTO outbox
              (id, kind, subscription_id, others, language, state, created_at, attempts, due_at)
          SELECT r.mail, $2, r.subscription, r.others, r.language, $3, r.mail_at, 0, r.mail_at
          FROM ",
        {
            sqlite: r"(
                SELECT unhex(value->>'mail', '-') AS mail, value->>'subscription' AS subscription,
                    value->>'others' AS others, value->>'language' AS language,
                    value->>'mail_at' AS mail_at
                FROM json_each($1)
              ) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r
                  (mail UUID, subscription BIGINT, others TEXT, language TEXT, mail_at BIGINT)",
        },
    ];
}

/// A subscriber to insert if it is new.
#[derive(Debug, Serialize)]
pub struct NewSubscriber {
    /// The address.
    pub address: String,
    /// The address key (see `EmailAddress::key`).
    pub key: String,
    /// The keyed hash of the address, in hexadecimal.
    pub hash: String,
    /// The keyed hash of the mailbox, in hexadecimal.
    pub mailbox: String,
    /// The keyed hash of the mailbox as an address, in hexadecimal.
    pub plain: String,
    /// The subscriber's name.
    pub name: Option<String>,
}

/// A new subscriber's sign-up to one newsletter. In a batch, the sign-ups of one subscriber must be
/// adjacent.
#[derive(Debug, Serialize)]
pub struct FirstSignup {
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// The newsletter.
    pub newsletter: NewsletterId,
    /// The language.
    pub language: &'static str,
    /// The countries, in canonical form.
    pub countries: String,
    /// The frequency.
    pub frequency: &'static str,
    /// The answers to the newsletter's fields, as JSON.
    pub answers: Option<String>,
    /// The identifier of the confirmation mail: one for all sign-ups of a subscriber.
    #[serde(skip)]
    pub mail: OutboxId,
    /// When that mail is due, in microseconds.
    #[serde(skip)]
    pub mail_at: i64,
}

#[derive(Serialize)]
struct Numbered<'a> {
    subscription: SubscriptionId,
    #[serde(flatten)]
    signup: &'a FirstSignup,
}

/// The inserted subscriptions, by subscriber and newsletter.
pub type Inserted = HashMap<(SubscriberId, NewsletterId), SubscriptionId>;

/// A confirmation mail, as the insert statement takes it.
#[derive(Serialize)]
struct Mail {
    mail: OutboxId,
    subscription: SubscriptionId,
    others: Option<String>,
    language: &'static str,
    mail_at: i64,
}

/// Inserts the subscribers that neither exist nor are suppressed, and whose mailbox has been sent nothing
/// since `mailed_since`; returns them by address key.
pub async fn insert_new(
    tx: &mut Write,
    people: &[NewSubscriber],
    now: Timestamp,
    mailed_since: Timestamp,
) -> Result<HashMap<String, SubscriberId>, StoreError> {
    let made: Vec<(String, SubscriberId)> = fetch_all!(
        tx,
        SUBSCRIBERS,
        json(people)?,
        micros(now),
        SuppressionReason::Erased.as_str(),
        SuppressionReason::Declined.as_str(),
        micros(mailed_since)
    )?;
    Ok(made.into_iter().collect())
}

/// Inserts pending subscriptions and confirmation mails of subscribers that [`insert_new`] has inserted in
/// this transaction; returns the subscriptions.
pub async fn insert_pending(
    tx: &mut Write,
    signups: &[FirstSignup],
    now: Timestamp,
) -> Result<Inserted, StoreError> {
    tx.makes_work();
    let made: Vec<(SubscriberId, NewsletterId, SubscriptionId)> = fetch_all!(
        tx,
        SUBSCRIPTIONS,
        json(signups)?,
        SubscriptionState::Pending.as_str(),
        micros(now)
    )?;
    let made: Inserted = made
        .into_iter()
        .map(|(subscriber, newsletter, id)| ((subscriber, newsletter), id))
        .collect();
    // The rows carry the identifiers. With a join, PostgreSQL would read the whole table while its
    // statistics are outdated.
    let numbered = signups.iter().filter_map(|signup| {
        let subscription = *made.get(&(signup.subscriber, signup.newsletter))?;
        Some(Numbered {
            subscription,
            signup,
        })
    });
    let numbered: Vec<Numbered<'_>> = numbered.collect();
    if signups.iter().any(|signup| signup.answers.is_some()) {
        execute!(tx, ANSWERS, json(&numbered)?)?;
    }
    execute!(
        tx,
        MAILS,
        json(&mails(&numbered)?)?,
        MailKind::Confirmation.as_str(),
        DeliveryState::Queued.as_str()
    )?;
    Ok(made)
}

/// One confirmation mail for each subscriber, about all sign-ups.
fn mails(signups: &[Numbered<'_>]) -> Result<Vec<Mail>, StoreError> {
    let people = signups.chunk_by(|a, b| a.signup.subscriber == b.signup.subscriber);
    let mut mails = Vec::new();
    for person in people {
        let Some((first, others)) = person.split_first() else {
            continue;
        };
        let others: Vec<SubscriptionId> = others.iter().map(|other| other.subscription).collect();
        mails.push(Mail {
            mail: first.signup.mail,
            subscription: first.subscription,
            others: (!others.is_empty()).then(|| json(&others)).transpose()?,
            language: first.signup.language,
            mail_at: first.signup.mail_at,
        });
    }
    Ok(mails)
}
