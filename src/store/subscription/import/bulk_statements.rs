//! The statements of an import that take many rows at once.

use crate::store::bulk::{BulkStatement, Column};

/// Why rows must not be taken in.
pub(in crate::store) static SUPPRESSED: BulkStatement = BulkStatement::new(
    "subscription::import::SUPPRESSED",
    0,
    &[Column::Integer("place"), Column::Octets("hash")],
    r"SELECT r.place, x.reason
      FROM r
      CROSS JOIN suppression x
      WHERE x.address_hash = r.hash",
);
pub(in crate::store) static SUBSCRIBERS: BulkStatement = BulkStatement::new(
    "subscription::import::SUBSCRIBERS",
    1,
    &[
        Column::Integer("id"),
        Column::Text("address"),
        Column::Text("key"),
        Column::Text("name"),
    ],
    r"INSERT INTO subscriber (id, address, address_key, name, created_at)
      SELECT r.id, COALESCE(r.address, r.key), r.key, r.name, $1
      FROM r
      WHERE r.id IS NOT NULL ORDER BY r.key
      ON CONFLICT (address_key) DO NOTHING",
);
/// What is known of addresses that have a subscriber, who is locked against erasure and retention. Not FOR UPDATE,
/// for the same reason as where sign-ups lock a subscriber.
pub(in crate::store) static KNOWN: BulkStatement = BulkStatement::new(
    "subscription::import::KNOWN",
    1,
    &[Column::Integer("place"), Column::Text("key")],
    r"SELECT r.place, p.id, s.state
      FROM r
      CROSS JOIN subscriber p
      LEFT JOIN subscription s ON s.subscriber_id = p.id AND s.newsletter_id = $1
      WHERE p.address_key = r.key ORDER BY r.key FOR NO KEY UPDATE OF p",
);
/// The columns of a new subscription.
const SUBSCRIPTION: &[Column] = &[
    Column::Integer("id"),
    Column::Integer("subscriber"),
    Column::Text("language"),
    Column::Text("countries"),
    Column::Text("frequency"),
    Column::Integer("consent_at"),
];
macro_rules! insert_subscriptions {
    ($on_conflict:literal) => {
        concat!(
            r"INSERT INTO subscription (id, subscriber_id, newsletter_id, state, language, countries,
                frequency, created_at, confirmed_at, import_number)
              SELECT r.id, r.subscriber, $1, $2, r.language, r.countries, r.frequency, $3,
                r.consent_at, $4
              FROM r
              WHERE r.id IS NOT NULL",
            $on_conflict
        )
    };
}
/// Of subscribers whom this transaction has inserted: nobody else can have subscribed them. An import costs PostgreSQL
/// 6 % less where it need not look for a conflict.
pub(in crate::store) static NEW_SUBSCRIPTIONS: BulkStatement = BulkStatement::new(
    "subscription::import::NEW_SUBSCRIPTIONS",
    4,
    SUBSCRIPTION,
    insert_subscriptions!(""),
);
pub(in crate::store) static SUBSCRIPTIONS: BulkStatement = BulkStatement::new(
    "subscription::import::SUBSCRIPTIONS",
    4,
    SUBSCRIPTION,
    insert_subscriptions!(" ON CONFLICT (subscriber_id, newsletter_id) DO NOTHING"),
);
/// Of persons who have left elsewhere. They were never confirmed here.
pub(in crate::store) static LEFT: BulkStatement = BulkStatement::new(
    "subscription::import::LEFT",
    6,
    SUBSCRIPTION,
    r"INSERT INTO subscription (id, subscriber_id, newsletter_id, state, end_reason, language,
          countries, frequency, created_at, ended_at, import_number)
      SELECT r.id, r.subscriber, $1, $2, $3, r.language, r.countries, r.frequency, $4, $5, $6
      FROM r
      WHERE r.id IS NOT NULL
      ON CONFLICT (subscriber_id, newsletter_id) DO NOTHING",
);
/// Which addresses have an active subscription, and whether it was confirmed here.
pub(in crate::store) static ACTIVE: BulkStatement = BulkStatement::new(
    "subscription::import::ACTIVE",
    1,
    &[Column::Integer("place"), Column::Text("key")],
    r"SELECT r.place, s.id, s.confirmed_at,
          CAST(EXISTS (
            SELECT 1
            FROM consent_event e
            WHERE e.subscription_id = s.id AND e.kind = 'confirmed'
          ) AS INTEGER) AS confirmed_here
      FROM r
      CROSS JOIN subscriber p
      JOIN subscription s ON s.subscriber_id = p.id AND s.newsletter_id = $1
      WHERE p.address_key = r.key AND s.state = 'active'",
);
/// Which subscriptions were inserted, when another process has inserted some of them before.
pub(in crate::store) static INSERTED: BulkStatement = BulkStatement::new(
    "subscription::import::INSERTED",
    0,
    &[Column::Integer("place"), Column::Integer("id")],
    r"SELECT r.place, s.id
      FROM r
      CROSS JOIN subscription s
      WHERE s.id = r.id",
);
