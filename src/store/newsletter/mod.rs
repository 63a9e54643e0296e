//! Newsletters.

pub mod logo;
pub mod text_override;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{run, statements};
use super::error::taken;
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{Accent, Fields, Logo, Newsletter, NewsletterId, Site, Slug};

statements! {
    INSERT = ["INSERT INTO newsletter (id, slug, title, description, language, sender_name, sender_address, \
        reply_to, postal_address, time_zone, visibility, accent, legal, sites, welcome_issue, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"];
    BY_SLUG = ["SELECT id, version, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone, fields, visibility, accent, legal, logo, logo_width, logo_height, sites, welcome_issue FROM newsletter WHERE slug = $1"];
    LOCK = ["SELECT id, version, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone, fields, visibility, accent, legal, logo, logo_width, logo_height, sites, welcome_issue FROM newsletter WHERE slug = $1", for_update];
    BY_ID = ["SELECT id, version, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone, fields, visibility, accent, legal, logo, logo_width, logo_height, sites, welcome_issue FROM newsletter WHERE id = $1"];
    LIST = ["SELECT id, version, slug, title, description, language, sender_name, sender_address, reply_to, \
        postal_address, time_zone, fields, visibility, accent, legal, logo, logo_width, logo_height, sites, welcome_issue FROM newsletter ORDER BY created_at, slug"];
    SET_FIELDS = ["UPDATE newsletter SET fields = $2, version = version + 1 WHERE id = $1"];
    UPDATE = ["UPDATE newsletter SET title = $2, description = $3, language = $4, sender_name = $5, \
        sender_address = $6, reply_to = $7, postal_address = $8, time_zone = $9, visibility = $10, accent = $11, legal = $12, \
        logo = $13, logo_width = $14, logo_height = $15, sites = $16, welcome_issue = $17, version = version + 1 WHERE id = $1"];
}

#[derive(FromRow)]
struct NewsletterRow {
    id: Uuid,
    version: i64,
    slug: String,
    title: String,
    description: String,
    language: String,
    sender_name: String,
    sender_address: String,
    reply_to: String,
    postal_address: String,
    time_zone: String,
    fields: String,
    visibility: String,
    accent: String,
    legal: String,
    logo: String,
    logo_width: i64,
    logo_height: i64,
    sites: String,
    welcome_issue: i64,
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
            version: row.version,
            slug: Slug::parse(&row.slug).map_err(|e| place.corrupt("slug", &e))?,
            language: place.parse("language", &row.language)?,
            sender_address: place.parse("sender_address", &row.sender_address)?,
            reply_to: place.parse("reply_to", &row.reply_to)?,
            time_zone: TimeZone::get(&row.time_zone).map_err(|e| place.corrupt("time_zone", &e))?,
            fields: serde_json::from_str(&row.fields).map_err(|e| place.corrupt("fields", &e))?,
            visibility: place.parse("visibility", &row.visibility)?,
            accent: match row.accent.as_str() {
                "" => None,
                colour => Some(Accent::parse(colour).map_err(|e| place.corrupt("accent", &e))?),
            },
            legal: serde_json::from_str(&row.legal).map_err(|e| place.corrupt("legal", &e))?,
            sites: sites(&row.sites).map_err(|e| place.corrupt("sites", &e))?,
            welcome_issue: row.welcome_issue != 0,
            logo: logo(row.logo, row.logo_width, row.logo_height),
            title: row.title,
            description: row.description,
            sender_name: row.sender_name,
            postal_address: row.postal_address,
        })
    }
}

fn sites(json: &str) -> Result<Vec<Site>, String> {
    let origins: Vec<String> = serde_json::from_str(json).map_err(|e| e.to_string())?;
    let sites = origins.iter().map(|origin| Site::parse(origin));
    sites.collect::<Result<_, _>>().map_err(|e| e.to_string())
}

/// As [`sites`] reads them.
fn origins(newsletter: &Newsletter) -> Result<String, StoreError> {
    let origins = newsletter.sites.iter().map(Site::to_string);
    json(&origins.collect::<Vec<_>>())
}

/// Without a name there is none.
fn logo(name: String, width: i64, height: i64) -> Option<Logo> {
    let side = |side| u32::try_from(side).ok();
    (!name.is_empty()).then_some(Logo {
        name,
        width: side(width)?,
        height: side(height)?,
    })
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
        .bind(newsletter.visibility.as_str())
        .bind(newsletter.accent.map(|a| a.to_string()).unwrap_or_default())
        .bind(json(&newsletter.legal)?)
        .bind(origins(newsletter)?)
        .bind(i64::from(newsletter.welcome_issue))
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))
    .map_err(taken("newsletter"))
}

/// Changes what a newsletter asks its readers.
///
/// # Errors
/// When the database cannot be used.
pub async fn set_fields(
    tx: &mut Write,
    id: NewsletterId,
    fields: &Fields,
) -> Result<(), StoreError> {
    run!(tx, SET_FIELDS, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(json(fields)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
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

/// Like [`by_slug`], and keeps others from changing it until the transaction ends.
///
/// # Errors
/// When the database cannot be used.
pub async fn lock(tx: &mut Write, slug: &Slug) -> Result<Option<Newsletter>, StoreError> {
    let row: Option<NewsletterRow> = run!(tx, LOCK, |sql, connection| sqlx::query_as(sql)
        .bind(slug.as_str())
        .fetch_optional(connection)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Replaces everything but its identity, its slug and the time it was made.
///
/// # Errors
/// When the database cannot be used.
pub async fn update(tx: &mut Write, newsletter: &Newsletter) -> Result<(), StoreError> {
    let zone = newsletter.time_zone.iana_name().unwrap_or("UTC");
    let logo = newsletter.logo.as_ref();
    run!(tx, UPDATE, |sql, connection| sqlx::query(sql)
        .bind(newsletter.id.0)
        .bind(&newsletter.title)
        .bind(&newsletter.description)
        .bind(newsletter.language.as_str())
        .bind(&newsletter.sender_name)
        .bind(newsletter.sender_address.to_string())
        .bind(newsletter.reply_to.to_string())
        .bind(&newsletter.postal_address)
        .bind(zone)
        .bind(newsletter.visibility.as_str())
        .bind(newsletter.accent.map(|a| a.to_string()).unwrap_or_default())
        .bind(json(&newsletter.legal)?)
        .bind(logo.map_or("", |logo| logo.name.as_str()))
        .bind(logo.map_or(0, |logo| i64::from(logo.width)))
        .bind(logo.map_or(0, |logo| i64::from(logo.height)))
        .bind(origins(newsletter)?)
        .bind(i64::from(newsletter.welcome_issue))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
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
