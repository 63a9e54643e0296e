//! All that is held of one person, gathered: for the person, and for whoever has to prove a consent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    Country, EmailAddress, EndReason, Frequency, Language, SubscriberId, SubscriptionId,
    SubscriptionState,
};
use crate::service::Service;
use crate::store::subscriber::dossier;
use crate::store::subscriber::dossier::{Event, StoredMail, StoredSubscription};
use crate::store::{self, Read, StoreError};
use crate::texts::{TemplateError, Templates};

/// What is held of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dossier {
    /// How much of it this is.
    pub extent: Extent,
    /// The address it was asked for.
    pub address: String,
    /// When it was put together, in UTC.
    pub made_at: String,
    /// The person's name; none where there is none, or no person any more.
    pub name: Option<String>,
    /// The address that the person wants to move to and has not confirmed. None in a proof of consent.
    pub new_address: Option<String>,
    /// When the person became known, in UTC. None where only the locked proof of an erased reader is left.
    pub known_since: Option<String>,
    /// One for each newsletter.
    pub subscriptions: Vec<DossierSubscription>,
    /// The language of the person: that of the latest subscription.
    #[serde(skip)]
    pub language: Language,
}

/// What is held of one subscription.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierSubscription {
    /// The newsletter's title.
    pub newsletter: String,
    /// Its slug.
    pub slug: String,
    /// Where it stands.
    pub state: SubscriptionState,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// The language of pages and service mails.
    #[schema(value_type = String)]
    pub language: Language,
    /// The countries that are followed; none for all of them alike.
    #[schema(value_type = Vec<String>)]
    pub countries: Vec<Country>,
    /// How often letters come.
    pub frequency: Frequency,
    /// What was answered to what the newsletter asks, by the field's key. Left out of a proof of consent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
    /// When it was first asked for, in UTC.
    pub created_at: String,
    /// When it was last confirmed.
    pub confirmed_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Until when the reader wants no letters.
    pub paused_until: Option<String>,
    /// The record of consent, the oldest first.
    pub consent: Vec<DossierEvent>,
    /// Which issues went out to the person, the latest first. Left out of a proof of consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<DossierDelivery>,
    /// Which other mails did. Left out of a proof of consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<DossierMail>,
}

/// One act.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierEvent {
    /// Its number in the record.
    pub event: i64,
    /// When, in UTC.
    pub at: String,
    /// What was done.
    pub kind: String,
    /// By which way.
    pub method: String,
    /// The page; of a mail its Message-ID, of an import its source.
    pub page: String,
    /// From which IP address, as long as it is kept.
    pub ip: Option<String>,
    /// The exact words that were shown, or the mail as it was sent.
    pub wording: String,
    /// Their version.
    pub wording_version: String,
    /// Their language.
    pub language: String,
    /// The event's hash in the chain, in hexadecimal.
    pub hash: String,
    /// Whether it still says what was recorded.
    pub genuine: bool,
}

/// An issue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierDelivery {
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub state: String,
    /// When that was, in UTC.
    pub at: Option<String>,
    /// What the mail server replied last, as long as it is kept.
    pub reply: Option<String>,
}

/// Another mail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierMail {
    /// What it was for.
    pub kind: String,
    /// What became of it.
    pub state: String,
    /// When it was written, in UTC.
    pub at: Option<String>,
    /// What the mail server replied last, as long as it is kept.
    pub reply: Option<String>,
}

/// How much of it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The proof of consent alone.
    Consent,
    /// Everything.
    All,
}

/// In UTC, to the second.
pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What is held of the person with this address; of an erased one what is left of the proof.
/// None when there is nothing.
///
/// # Errors
/// When the database cannot be used.
pub async fn dossier_of_address(
    service: &Service,
    address: &EmailAddress,
    extent: Extent,
) -> Result<Option<Dossier>, StoreError> {
    let mut db = service.store.read().await?;
    match store::subscriber::by_key(&mut db, &address.key()).await? {
        Some(person) => gather(service, &mut db, person, extent).await,
        None => locked(service, &mut db, address).await,
    }
}

/// The same for a person who is known.
pub(super) async fn gather(
    service: &Service,
    db: &mut Read,
    person: SubscriberId,
    extent: Extent,
) -> Result<Option<Dossier>, StoreError> {
    let Some(held) = store::subscriber::by_id(db, person).await? else {
        return Ok(None);
    };
    let found = dossier::of_subscriber(db, person).await?;
    let subscriptions = all(service, db, found, extent).await?;
    let asked = match extent {
        Extent::All => store::subscriber::address_change::asked(db, person).await?,
        Extent::Consent => None,
    };
    Ok(Some(Dossier {
        extent,
        address: held.address.to_string(),
        new_address: asked.map(|(address, _)| address.to_string()),
        made_at: utc(service.clock.now()),
        name: held.name,
        known_since: Some(utc(held.created_at)),
        language: language(service, &subscriptions),
        subscriptions,
    }))
}

fn language(service: &Service, subscriptions: &[DossierSubscription]) -> Language {
    let latest = subscriptions.last();
    latest.map_or(service.settings.newsletter.language, |one| one.language)
}

/// The proof that is left of readers who had this address when they were erased.
async fn locked(
    service: &Service,
    db: &mut Read,
    address: &EmailAddress,
) -> Result<Option<Dossier>, StoreError> {
    let hash = service.links.address_hash(address);
    let found = dossier::of_erased(db, &hash).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let extent = Extent::Consent;
    let subscriptions = all(service, db, found, extent).await?;
    Ok(Some(Dossier {
        extent,
        address: address.to_string(),
        new_address: None,
        made_at: utc(service.clock.now()),
        name: None,
        known_since: None,
        language: language(service, &subscriptions),
        subscriptions,
    }))
}

async fn all(
    service: &Service,
    db: &mut Read,
    subscriptions: Vec<StoredSubscription>,
    extent: Extent,
) -> Result<Vec<DossierSubscription>, StoreError> {
    let mut all = Vec::with_capacity(subscriptions.len());
    for held in subscriptions {
        let id = held.id;
        let events = dossier::events(db, service.links.key(), id).await?;
        let mut subscription = shown(held, events);
        if extent == Extent::All {
            subscription.answers = store::subscriber::answer::of(db, id)
                .await?
                .by_key()
                .clone();
            subscription.deliveries = deliveries(db, id).await?;
            subscription.mails = mails(db, id).await?;
        }
        all.push(subscription);
    }
    Ok(all)
}

fn shown(held: StoredSubscription, events: Vec<Event>) -> DossierSubscription {
    DossierSubscription {
        newsletter: held.newsletter,
        slug: held.slug,
        state: held.state,
        end_reason: held.end_reason,
        language: held.chosen.language,
        countries: held.chosen.countries.iter().collect(),
        frequency: held.chosen.frequency,
        answers: BTreeMap::new(),
        created_at: utc(held.created_at),
        confirmed_at: held.confirmed_at.map(utc),
        ended_at: held.ended_at.map(utc),
        paused_until: held.paused_until.map(utc),
        consent: events.into_iter().map(event).collect(),
        deliveries: Vec::new(),
        mails: Vec::new(),
    }
}

fn event(event: Event) -> DossierEvent {
    DossierEvent {
        event: event.id,
        at: utc(event.at),
        kind: event.kind,
        method: event.method,
        page: event.page,
        ip: event.ip,
        wording: event.wording,
        wording_version: event.version,
        language: event.language,
        hash: data_encoding::HEXLOWER.encode(&event.hash),
        genuine: event.genuine,
    }
}

async fn deliveries(db: &mut Read, id: SubscriptionId) -> Result<Vec<DossierDelivery>, StoreError> {
    let shown = |mail: StoredMail| DossierDelivery {
        subject: mail.what,
        state: mail.state,
        at: mail.at.map(utc),
        reply: mail.reply,
    };
    let found = dossier::deliveries(db, id).await?;
    Ok(found.into_iter().map(shown).collect())
}

async fn mails(db: &mut Read, id: SubscriptionId) -> Result<Vec<DossierMail>, StoreError> {
    let shown = |mail: StoredMail| DossierMail {
        kind: mail.what,
        state: mail.state,
        at: mail.at.map(utc),
        reply: mail.reply,
    };
    let found = dossier::mails(db, id).await?;
    Ok(found.into_iter().map(shown).collect())
}

impl Dossier {
    /// The whole as one file that people can read.
    ///
    /// # Errors
    /// When the built-in template is at fault.
    pub fn to_text(&self, language: Language) -> Result<String, TemplateError> {
        let source = include_str!("templates/dossier.txt");
        Templates::new(&[("dossier.txt", source)], |environment| {
            environment.add_filter("indented", indented);
        })?
        .render(language, "dossier.txt", self)
    }
}

fn indented(text: &str) -> String {
    let line = |line: &str| format!("    | {line}").trim_end().to_owned();
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}
