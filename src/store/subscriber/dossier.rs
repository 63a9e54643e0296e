//! All stored data of one subscriber, for the export.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::FromRow;

use crate::domain::{
    ChainContent, Chosen, EndReason, LinkKey, MailKind, SubscriberId, SubscriptionId,
    SubscriptionState, time_zone,
};
use crate::store::consent::wording_digest;
use crate::store::delivery::delivery_log::reply_code;
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

/// Selects the columns of a [`SubscriptionRow`].
macro_rules! select_subscription {
    () => {
        r"SELECT s.id, n.title, n.slug, n.time_zone, s.state, s.end_reason, s.language, s.countries,
              s.frequency, s.created_at, s.confirmed_at, s.ended_at, s.paused_until
          FROM subscription s
          JOIN newsletter n ON n.id = s.newsletter_id"
    };
}

statements! {
    OF_SUBSCRIBER = [(select_subscription!), r" WHERE s.subscriber_id = $1 ORDER BY s.id"];
    OF_ERASED = [
        (select_subscription!),
        // The constant, as for all partial indexes: subscription_erased has those alone.
        r" WHERE s.end_reason = 'erased'
            AND EXISTS (
              SELECT 1
              FROM consent_event e
              WHERE e.subscription_id = s.id AND e.address_hash = $1
            )
          ORDER BY s.id",
    ];
    EVENTS = [
        r"SELECT e.id, e.address_hash, e.kind, e.method, e.at, e.page, e.ip, w.digest, w.wording,
              w.version, w.language, c.content, c.hash
          FROM consent_event e
          JOIN consent_wording w ON w.id = e.wording_id
          LEFT JOIN consent_chain c ON c.event_id = e.id
          WHERE e.subscription_id = $1
          ORDER BY e.id",
    ];
    DELIVERIES = [
        r"SELECT what, state, at, ",
        (reply_code!),
        r" AS reply_code, reply_text
          FROM (
            SELECT i.subject AS what, d.state, COALESCE(d.ended_at, d.first_attempt_at) AS at,
                d.reply_code, d.reply_text, i.started_at, i.id
            FROM subscription s
            JOIN issue i ON i.newsletter_id = s.newsletter_id
            JOIN delivery d ON d.issue_id = i.id AND d.subscription_id = s.id
            WHERE s.id = $1
            UNION ALL
            SELECT i.subject, 'queued', NULL, NULL, NULL, i.started_at, i.id
            FROM untried_delivery u
            JOIN issue i ON i.id = u.issue_id
            WHERE u.subscription_id = $1 AND u.first_id <= $1 AND u.last_id >= $1
          ) AS listed
          ORDER BY started_at DESC, id",
    ];
    // Mails to a new address are left out: their outcome would tell whether the address exists.
    MAILS = [
        r"SELECT kind AS what, state, created_at AS at, reply_code, reply_text
          FROM outbox
          WHERE subscription_id = $1 AND kind <> $2
          ORDER BY created_at, id",
    ];
}

/// A subscription with its newsletter.
#[derive(Debug, Clone)]
pub struct StoredSubscription {
    /// Its identifier.
    pub id: SubscriptionId,
    /// The newsletter's title.
    pub newsletter: String,
    /// The newsletter's slug.
    pub slug: String,
    /// The newsletter's time zone.
    pub time_zone: TimeZone,
    /// Its state.
    pub state: SubscriptionState,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// The subscriber's choices.
    pub chosen: Chosen,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The end of its pause.
    pub paused_until: Option<Timestamp>,
}

/// A mail to the subscriber: a delivery of an issue, or a transactional mail.
#[derive(Debug, Clone)]
pub struct StoredMail {
    /// The subject of the issue, or the kind of the transactional mail.
    pub what: String,
    /// Its state.
    pub state: String,
    /// When a delivery ended or was first tried, or a transactional mail was created.
    pub at: Option<Timestamp>,
    /// The server's last reply, if it is still stored.
    pub reply: Option<String>,
}

#[derive(FromRow)]
struct MailRow {
    what: String,
    state: String,
    at: Option<i64>,
    reply_code: Option<i64>,
    reply_text: Option<String>,
}

/// A stored consent event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Its kind.
    pub kind: String,
    /// The method of consent.
    pub method: String,
    /// The page.
    pub page: String,
    /// The IP address, if it is still stored.
    pub ip: Option<String>,
    /// The wording.
    pub wording: String,
    /// The version of the wording.
    pub version: String,
    /// The language of the wording.
    pub language: String,
    /// Its hash in the chain.
    pub hash: Vec<u8>,
    /// Whether the event and its wording match the chain.
    pub genuine: bool,
}

#[derive(FromRow)]
struct SubscriptionRow {
    id: SubscriptionId,
    title: String,
    slug: String,
    time_zone: String,
    state: String,
    end_reason: Option<String>,
    language: String,
    countries: String,
    frequency: String,
    created_at: i64,
    confirmed_at: Option<i64>,
    ended_at: Option<i64>,
    paused_until: Option<i64>,
}

#[derive(FromRow)]
struct EventRow {
    id: i64,
    address_hash: Option<Vec<u8>>,
    kind: String,
    method: String,
    at: i64,
    page: String,
    ip: Option<String>,
    digest: Vec<u8>,
    wording: String,
    version: String,
    language: String,
    content: Option<Vec<u8>>,
    hash: Option<Vec<u8>>,
}

/// The subscriptions of a subscriber.
pub async fn of_subscriber(
    db: &mut Read,
    person: SubscriberId,
) -> Result<Vec<StoredSubscription>, StoreError> {
    let rows: Vec<SubscriptionRow> = fetch_all!(db, OF_SUBSCRIBER, person)?;
    rows.into_iter().map(subscription).collect()
}

/// The erased subscriptions of the address with this hash.
pub async fn of_erased(
    db: &mut Read,
    address_hash: &[u8],
) -> Result<Vec<StoredSubscription>, StoreError> {
    let rows: Vec<SubscriptionRow> = fetch_all!(db, OF_ERASED, address_hash)?;
    rows.into_iter().map(subscription).collect()
}

fn subscription(row: SubscriptionRow) -> Result<StoredSubscription, StoreError> {
    let place = Row {
        table: "subscription",
        id: &row.id,
    };
    let end_reason = row.end_reason.as_deref();
    Ok(StoredSubscription {
        id: row.id,
        state: place.parse("state", &row.state)?,
        end_reason: end_reason
            .map(|word| place.parse("end_reason", word))
            .transpose()?,
        chosen: place.chosen(&row.language, &row.countries, &row.frequency)?,
        created_at: place.time("created_at", row.created_at)?,
        confirmed_at: place.maybe_time("confirmed_at", row.confirmed_at)?,
        ended_at: place.maybe_time("ended_at", row.ended_at)?,
        paused_until: place.maybe_time("paused_until", row.paused_until)?,
        newsletter: row.title,
        slug: row.slug,
        time_zone: time_zone(&row.time_zone).map_err(|e| place.corrupt("time_zone", &e))?,
    })
}

/// The consent events of a subscription, oldest first, each compared with the chain.
pub async fn events(
    db: &mut Read,
    key: &LinkKey,
    subscription: SubscriptionId,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = fetch_all!(db, EVENTS, subscription)?;
    rows.into_iter()
        .map(|row| event(key, subscription, row))
        .collect()
}

fn event(key: &LinkKey, subscription: SubscriptionId, row: EventRow) -> Result<Event, StoreError> {
    let place = Row {
        table: "consent_event",
        id: &row.id,
    };
    let content = ChainContent {
        event: row.id,
        subscription: subscription.0,
        address_hash: row.address_hash.as_deref().unwrap_or_default(),
        kind: &row.kind,
        method: &row.method,
        at: row.at,
        page: &row.page,
        wording: &row.digest,
    };
    let same_wording = wording_digest(&row.wording, &row.version, &row.language) == row.digest;
    let genuine = same_wording
        && row
            .content
            .is_some_and(|stored| stored == content.hash(key));
    Ok(Event {
        id: row.id,
        at: place.time("at", row.at)?,
        hash: row.hash.unwrap_or_default(),
        genuine,
        kind: row.kind,
        method: row.method,
        page: row.page,
        ip: row.ip,
        wording: row.wording,
        version: row.version,
        language: row.language,
    })
}

/// The deliveries to a subscription, newest issue first.
pub async fn deliveries(
    db: &mut Read,
    subscription: SubscriptionId,
) -> Result<Vec<StoredMail>, StoreError> {
    let rows: Vec<MailRow> = fetch_all!(db, DELIVERIES, subscription)?;
    let place = Row {
        table: "delivery",
        id: &subscription,
    };
    rows.into_iter().map(|row| mail(&place, row)).collect()
}

/// The transactional mails of a subscription, oldest first.
pub async fn mails(
    db: &mut Read,
    subscription: SubscriptionId,
) -> Result<Vec<StoredMail>, StoreError> {
    let rows: Vec<MailRow> = fetch_all!(db, MAILS, subscription, MailKind::NewAddress.as_str())?;
    let place = Row {
        table: "outbox",
        id: &subscription,
    };
    rows.into_iter().map(|row| mail(&place, row)).collect()
}

fn mail(place: &Row<'_>, row: MailRow) -> Result<StoredMail, StoreError> {
    let code = row.reply_code.filter(|code| *code > 0);
    let reply: Vec<String> = code
        .map(|code| code.to_string())
        .into_iter()
        .chain(row.reply_text)
        .collect();
    Ok(StoredMail {
        what: row.what,
        state: row.state,
        at: place.maybe_time("at", row.at)?,
        reply: (!reply.is_empty()).then(|| reply.join(" ")),
    })
}
