//! Newsletters.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{run, statements};
use super::error::taken;
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::{Newsletter, NewsletterId, Slug};

statements! {
    INSERT = ["INSERT INTO newsletter (id, slug, title, description, language, sender_name, sender_address, \
        reply_to, postal_address, time_zone, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"];
    BY_SLUG = ["SELECT id, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone FROM newsletter WHERE slug = $1"];
    BY_ID = ["SELECT id, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone FROM newsletter WHERE id = $1"];
    LIST = ["SELECT id, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone FROM newsletter ORDER BY created_at, slug"];
}

#[derive(FromRow)]
struct NewsletterRow {
    id: Uuid,
    slug: String,
    title: String,
    description: String,
    language: String,
    sender_name: String,
    sender_address: String,
    reply_to: String,
    postal_address: String,
    time_zone: String,
}

impl TryFrom<NewsletterRow> for Newsletter {
    type Error = StoreError;

    fn try_from(row: NewsletterRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "newsletter",
            id: &row.id,
        };
        Ok(Self {
            id: NewsletterId(row.id),
            slug: Slug::parse(&row.slug).map_err(|e| place.corrupt("slug", &e))?,
            language: place.parse("language", &row.language)?,
            sender_address: place.parse("sender_address", &row.sender_address)?,
            reply_to: place.parse("reply_to", &row.reply_to)?,
            time_zone: TimeZone::get(&row.time_zone).map_err(|e| place.corrupt("time_zone", &e))?,
            title: row.title,
            description: row.description,
            sender_name: row.sender_name,
            postal_address: row.postal_address,
        })
    }
}

/// Adds a newsletter.
///
/// # Errors
/// [`StoreError::Taken`] when the slug is in use.
pub async fn insert(
    tx: &mut Write,
    newsletter: &Newsletter,
    now: Timestamp,
) -> Result<(), StoreError> {
    let zone = newsletter.time_zone.iana_name().unwrap_or("UTC");
    run!(tx, INSERT, |sql, connection| sqlx::query(sql)
        .bind(newsletter.id.0)
        .bind(newsletter.slug.as_str())
        .bind(&newsletter.title)
        .bind(&newsletter.description)
        .bind(newsletter.language.as_str())
        .bind(&newsletter.sender_name)
        .bind(newsletter.sender_address.to_string())
        .bind(newsletter.reply_to.to_string())
        .bind(&newsletter.postal_address)
        .bind(zone)
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))
    .map_err(taken("newsletter"))
}

/// The newsletter with this slug.
///
/// # Errors
/// When the database cannot be used.
pub async fn by_slug(db: &mut Read, slug: &Slug) -> Result<Option<Newsletter>, StoreError> {
    let row: Option<NewsletterRow> = run!(db, BY_SLUG, |sql, connection| sqlx::query_as(sql)
        .bind(slug.as_str())
        .fetch_optional(connection)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// The newsletter with this identity.
///
/// # Errors
/// When the database cannot be used, or the newsletter has vanished.
pub async fn by_id(db: &mut Read, id: NewsletterId) -> Result<Newsletter, StoreError> {
    let row: NewsletterRow = run!(db, BY_ID, |sql, connection| sqlx::query_as(sql)
        .bind(id.0)
        .fetch_one(connection)
        .await)?;
    row.try_into()
}

/// Every newsletter, the oldest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn list(db: &mut Read) -> Result<Vec<Newsletter>, StoreError> {
    let rows: Vec<NewsletterRow> = run!(db, LIST, |sql, connection| sqlx::query_as(sql)
        .fetch_all(connection)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
