//! Newsletters.

pub mod logo;
pub mod recipe;
pub mod text_override;

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{execute, fetch_all, fetch_one, fetch_optional, statements};
use super::error::taken;
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{Accent, Fields, Logo, Newsletter, NewsletterId, Site, Slug, time_zone};

/// The columns of a [`NewsletterRow`]; the table is `newsletter n`. The aliases
/// keep the names unique in a join.
macro_rules! newsletter_columns {
    () => {
        r"n.id AS newsletter_id, n.version AS newsletter_version, n.slug AS newsletter_slug,
          n.title, n.description, n.language, n.sender_name, n.sender_address,
          n.reply_to, n.postal_address, n.time_zone, n.fields, n.visibility,
          n.accent, n.legal, n.logo, n.logo_width, n.logo_height, n.sites,
          n.welcome_issue, n.needs_approval, n.safety_mode, n.neutral_subject"
    };
}
pub(in crate::store) use newsletter_columns;

macro_rules! select_newsletter {
    () => {
        concat!("SELECT ", newsletter_columns!(), " FROM newsletter n")
    };
}

statements! {
    INSERT = [
        r"INSERT INTO newsletter (id, slug, title, description, language, sender_name,
              sender_address, reply_to, postal_address, time_zone, visibility, accent, legal, sites,
              welcome_issue, needs_approval, safety_mode, neutral_subject, created_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
              $19)",
    ];
    BY_SLUG = [(select_newsletter!), r" WHERE slug = $1"];
    LOCK = [(select_newsletter!), r" WHERE slug = $1", for_update];
    BY_ID = [(select_newsletter!), r" WHERE id = $1"];
    LIST = [(select_newsletter!), r" ORDER BY created_at, slug"];
    SET_FIELDS = [r"UPDATE newsletter SET fields = $2, version = version + 1 WHERE id = $1"];
    RAISE_VERSION = [r"UPDATE newsletter SET version = version + 1 WHERE id = $1"];
    UPDATE = [
        r"UPDATE newsletter
          SET title = $2, description = $3, language = $4, sender_name = $5, sender_address = $6,
              reply_to = $7, postal_address = $8, time_zone = $9, visibility = $10, accent = $11,
              legal = $12, logo = $13, logo_width = $14, logo_height = $15, sites = $16,
              welcome_issue = $17, needs_approval = $18, safety_mode = $19, neutral_subject = $20,
              version = version + 1
          WHERE id = $1",
    ];
}

#[derive(FromRow)]
pub(super) struct NewsletterRow {
    newsletter_id: NewsletterId,
    newsletter_version: i64,
    newsletter_slug: String,
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
    safety_mode: i64,
    neutral_subject: String,
    needs_approval: i64,
}

impl TryFrom<NewsletterRow> for Newsletter {
    type Error = StoreError;

    fn try_from(row: NewsletterRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "newsletter",
            id: &row.newsletter_id,
        };
        Ok(Self {
            id: row.newsletter_id,
            version: row.newsletter_version,
            slug: Slug::parse(&row.newsletter_slug).map_err(|e| place.corrupt("slug", &e))?,
            language: place.parse("language", &row.language)?,
            sender_address: place.parse("sender_address", &row.sender_address)?,
            reply_to: place.parse("reply_to", &row.reply_to)?,
            time_zone: time_zone(&row.time_zone).map_err(|e| place.corrupt("time_zone", &e))?,
            fields: serde_json::from_str(&row.fields).map_err(|e| place.corrupt("fields", &e))?,
            visibility: place.parse("visibility", &row.visibility)?,
            accent: match row.accent.as_str() {
                "" => None,
                colour => Some(Accent::parse(colour).map_err(|e| place.corrupt("accent", &e))?),
            },
            legal: serde_json::from_str(&row.legal).map_err(|e| place.corrupt("legal", &e))?,
            sites: sites(&row.sites).map_err(|e| place.corrupt("sites", &e))?,
            welcome_issue: row.welcome_issue != 0,
            safety_mode: row.safety_mode != 0,
            neutral_subject: row.neutral_subject,
            needs_approval: row.needs_approval != 0,
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

/// Encodes the sites for [`sites`].
fn origins(newsletter: &Newsletter) -> Result<String, StoreError> {
    let origins = newsletter.sites.iter().map(Site::to_string);
    json(&origins.collect::<Vec<_>>())
}

/// `None` when the name is empty.
fn logo(name: String, width: i64, height: i64) -> Option<Logo> {
    let side = |side| u32::try_from(side).ok();
    (!name.is_empty()).then_some(Logo {
        name,
        width: side(width)?,
        height: side(height)?,
    })
}

/// Inserts a newsletter.
///
/// # Errors
/// [`StoreError::Taken`] when the slug is in use.
pub async fn insert(
    tx: &mut Write,
    newsletter: &Newsletter,
    now: Timestamp,
) -> Result<(), StoreError> {
    let zone = newsletter.zone_name();
    execute!(
        tx,
        INSERT,
        newsletter.id,
        newsletter.slug.as_str(),
        &newsletter.title,
        &newsletter.description,
        newsletter.language.as_str(),
        &newsletter.sender_name,
        newsletter.sender_address.to_string(),
        newsletter.reply_to.to_string(),
        &newsletter.postal_address,
        zone,
        newsletter.visibility.as_str(),
        newsletter.accent.map(|a| a.to_string()).unwrap_or_default(),
        json(&newsletter.legal)?,
        origins(newsletter)?,
        i64::from(newsletter.welcome_issue),
        i64::from(newsletter.needs_approval),
        i64::from(newsletter.safety_mode),
        &newsletter.neutral_subject,
        micros(now)
    )
    .map_err(taken("newsletter"))?;
    Ok(())
}

/// Replaces the sign-up fields of a newsletter.
pub async fn set_fields(
    tx: &mut Write,
    id: NewsletterId,
    fields: &Fields,
) -> Result<(), StoreError> {
    execute!(tx, SET_FIELDS, id, json(fields)?)?;
    Ok(())
}

/// Raises the version of a newsletter whose texts have changed.
pub async fn raise_version(tx: &mut Write, id: NewsletterId) -> Result<(), StoreError> {
    execute!(tx, RAISE_VERSION, id)?;
    Ok(())
}

/// The newsletter with this slug.
pub async fn by_slug(db: &mut Read, slug: &Slug) -> Result<Option<Newsletter>, StoreError> {
    let row: Option<NewsletterRow> = fetch_optional!(db, BY_SLUG, slug.as_str())?;
    row.map(TryInto::try_into).transpose()
}

/// Like [`by_slug`], and locks the newsletter until the transaction ends.
pub async fn lock(tx: &mut Write, slug: &Slug) -> Result<Option<Newsletter>, StoreError> {
    let row: Option<NewsletterRow> = fetch_optional!(tx, LOCK, slug.as_str())?;
    row.map(TryInto::try_into).transpose()
}

/// Replaces everything but the identifier, the slug, the fields and the time of creation.
pub async fn update(tx: &mut Write, newsletter: &Newsletter) -> Result<(), StoreError> {
    let zone = newsletter.zone_name();
    let logo = newsletter.logo.as_ref();
    execute!(
        tx,
        UPDATE,
        newsletter.id,
        &newsletter.title,
        &newsletter.description,
        newsletter.language.as_str(),
        &newsletter.sender_name,
        newsletter.sender_address.to_string(),
        newsletter.reply_to.to_string(),
        &newsletter.postal_address,
        zone,
        newsletter.visibility.as_str(),
        newsletter.accent.map(|a| a.to_string()).unwrap_or_default(),
        json(&newsletter.legal)?,
        logo.map_or("", |logo| logo.name.as_str()),
        logo.map_or(0, |logo| i64::from(logo.width)),
        logo.map_or(0, |logo| i64::from(logo.height)),
        origins(newsletter)?,
        i64::from(newsletter.welcome_issue),
        i64::from(newsletter.needs_approval),
        i64::from(newsletter.safety_mode),
        &newsletter.neutral_subject
    )?;
    Ok(())
}

/// The newsletter with this identifier.
///
/// # Errors
/// [`StoreError::Refused`] when there is none.
pub async fn by_id(db: &mut Read, id: NewsletterId) -> Result<Newsletter, StoreError> {
    let row: NewsletterRow = fetch_one!(db, BY_ID, id)?;
    row.try_into()
}

/// All newsletters, oldest first.
pub async fn list(db: &mut Read) -> Result<Vec<Newsletter>, StoreError> {
    let rows: Vec<NewsletterRow> = fetch_all!(db, LIST)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
