//! Everything that is stored of one person: for the person, and as proof of consent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    Answers, ConsentMethod, Country, EmailAddress, EndReason, Frequency, Language, Slug,
    SubscriberId, SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::subscriber::dossier;
use crate::store::subscriber::dossier::{Event, StoredMail, StoredSubscription};
use crate::store::{self, Read, StoreError};
use crate::texts::{TemplateError, Templates, text};

/// What is stored of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dossier {
    /// Whether this is everything or the proof of consent alone.
    pub extent: Extent,
    /// The address for which it was requested.
    pub address: String,
    /// When it was written, in UTC.
    pub made_at: String,
    /// The person's name; none when it was not given or the person is erased.
    pub name: Option<String>,
    /// The new address that the person has requested and not confirmed. None in a proof of consent.
    pub new_address: Option<String>,
    /// When the person was stored first, in UTC. None when only the locked proof of an erased person remains.
    pub known_since: Option<String>,
    /// One for each newsletter.
    pub subscriptions: Vec<DossierSubscription>,
    /// The language of the person: that of the latest subscription.
    #[serde(skip)]
    pub language: Language,
}

/// What is stored of one subscription.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierSubscription {
    /// The number by which the desk and the ledger name it. Left out of what the person gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// The newsletter's title.
    pub newsletter: String,
    /// Its slug.
    pub slug: String,
    /// Its state.
    pub state: SubscriptionState,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// The language of pages and transactional mails.
    #[schema(value_type = String)]
    pub language: Language,
    /// The countries that are followed; none for all of them alike.
    #[schema(value_type = Vec<String>)]
    pub countries: Vec<Country>,
    /// How often issues come.
    pub frequency: Frequency,
    /// The answers to the newsletter's fields, by the field's key. Left out of a proof of consent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
    /// The same as the form says it. Left out of a proof of consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers_in_words: Vec<DossierAnswer>,
    /// When it was first requested or imported, in UTC.
    pub created_at: String,
    /// When it was imported, if it was, in UTC.
    pub imported_at: Option<String>,
    /// When it was last confirmed; the day alone where an imported file named no time.
    pub confirmed_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Until when the subscriber wants no issues.
    pub paused_until: Option<String>,
    /// The consent events, the oldest first.
    pub consent: Vec<DossierEvent>,
    /// The issues that were sent to the person, the latest first. Left out of a proof of consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<DossierDelivery>,
    /// The transactional mails. Left out of a proof of consent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<DossierMail>,
}

/// A question of a newsletter and the answer to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierAnswer {
    /// The question, or the field's key if it is not asked any more.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// One consent event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierEvent {
    /// Its number in the consent record.
    pub event: i64,
    /// When, in UTC; the day alone where an imported file named no time.
    pub at: String,
    /// What was done.
    pub kind: String,
    /// By which channel.
    pub method: String,
    /// The page; of a mail its Message-ID, of an import its source.
    pub page: String,
    /// The IP address of the client, as long as it is stored.
    pub ip: Option<String>,
    /// The exact words that were shown, or the mail as it was sent.
    pub wording: String,
    /// Their version. None of an import: the file names none.
    pub wording_version: Option<String>,
    /// Their language. None of an import.
    pub language: Option<String>,
    /// The event's hash in the chain, in hexadecimal.
    pub hash: String,
    /// Whether it is unaltered.
    pub genuine: bool,
}

/// One issue that was sent to the person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierDelivery {
    /// Its subject.
    pub subject: String,
    /// The state of the delivery.
    pub state: String,
    /// When it reached that state, in UTC.
    pub at: Option<String>,
    /// The last reply of the mail server, as long as it is stored.
    pub reply: Option<String>,
}

/// One transactional mail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierMail {
    /// Its purpose.
    pub kind: String,
    /// The state of the delivery.
    pub state: String,
    /// When it was written, in UTC.
    pub at: Option<String>,
    /// The last reply of the mail server, as long as it is stored.
    pub reply: Option<String>,
}

/// How much of it to return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The proof of consent alone.
    Consent,
    /// Everything.
    All,
}

/// RFC 3339 in UTC, to the second.
pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What is stored of the person with this address; of an erased one, the proof of consent that
/// remains. None when there is nothing.
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
        None => dossier_of_erased(service, &mut db, address).await,
    }
}

/// The same, by the person's id.
pub(super) async fn gather(
    service: &Service,
    db: &mut Read,
    subscriber: SubscriberId,
    extent: Extent,
) -> Result<Option<Dossier>, StoreError> {
    let Some(person) = store::subscriber::by_id(db, subscriber).await? else {
        return Ok(None);
    };
    let found = dossier::of_subscriber(db, subscriber).await?;
    let subscriptions = with_details(service, db, found, extent).await?;
    let requested = match extent {
        Extent::All => store::subscriber::address_change::asked(db, subscriber).await?,
        Extent::Consent => None,
    };
    Ok(Some(Dossier {
        extent,
        address: person.address.to_string(),
        new_address: requested.map(|(address, _)| address.to_string()),
        made_at: utc(service.clock.now()),
        name: person.name,
        known_since: Some(utc(person.created_at)),
        language: language(service, &subscriptions),
        subscriptions,
    }))
}

fn language(service: &Service, subscriptions: &[DossierSubscription]) -> Language {
    let latest = subscriptions.last();
    latest.map_or(service.settings.newsletter.language, |one| one.language)
}

/// The proof that remains of persons who had this address when they were erased.
async fn dossier_of_erased(
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
    let subscriptions = with_details(service, db, found, extent).await?;
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

async fn with_details(
    service: &Service,
    db: &mut Read,
    subscriptions: Vec<StoredSubscription>,
    extent: Extent,
) -> Result<Vec<DossierSubscription>, StoreError> {
    let mut all = Vec::with_capacity(subscriptions.len());
    let latest = subscriptions.last().map(|one| one.chosen.language);
    for stored in subscriptions {
        let id = stored.id;
        let events = dossier::events(db, service.links.key(), id).await?;
        let mut subscription = without_details(stored, events);
        if extent == Extent::All {
            let answers = store::subscriber::answer::of(db, id).await?;
            let language = latest.unwrap_or(subscription.language);
            subscription.answers_in_words =
                in_words(db, &subscription.slug, &answers, language).await?;
            subscription.answers = answers.by_key().clone();
            subscription.deliveries = deliveries(db, id).await?;
            subscription.mails = mails(db, id).await?;
        }
        all.push(subscription);
    }
    Ok(all)
}

async fn in_words(
    db: &mut Read,
    slug: &str,
    answers: &Answers,
    language: Language,
) -> Result<Vec<DossierAnswer>, StoreError> {
    let newsletter = match Slug::parse(slug) {
        Ok(slug) if !answers.is_empty() => store::newsletter::by_slug(db, &slug).await?,
        _ => None,
    };
    let Some(newsletter) = newsletter else {
        return Ok(Vec::new());
    };
    let yes = text(language, "dossier-answer-yes", &[]);
    let fields = &newsletter.fields;
    let said = fields.in_words(answers, language, newsletter.language, &yes);
    let said = said.into_iter();
    Ok(said
        .map(|(question, answer)| DossierAnswer { question, answer })
        .collect())
}

/// When the consent of an imported subscription was given: a file may name the day alone, and then it
/// is stored as the day's beginning in the newsletter's time zone.
fn imported_at(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    match local.time() == Time::midnight() {
        true => local.date().to_string(),
        false => utc(at),
    }
}

fn without_details(stored: StoredSubscription, events: Vec<Event>) -> DossierSubscription {
    let is_import = |event: &Event| event.method == ConsentMethod::Import.as_str();
    let zone = &stored.time_zone;
    let confirmed_by_import = |at| events.iter().any(|e| is_import(e) && e.at == at);
    let confirmed_at = stored.confirmed_at.map(|at| match confirmed_by_import(at) {
        true => imported_at(at, zone),
        false => utc(at),
    });
    let imported = events.first().is_some_and(is_import);
    let event = |event: Event| {
        let at = match is_import(&event) {
            true => imported_at(event.at, zone),
            false => utc(event.at),
        };
        dossier_event(event, at)
    };
    DossierSubscription {
        number: Some(stored.id.0),
        consent: events.into_iter().map(event).collect(),
        newsletter: stored.newsletter,
        slug: stored.slug,
        state: stored.state,
        end_reason: stored.end_reason,
        language: stored.chosen.language,
        countries: stored.chosen.countries.iter().collect(),
        frequency: stored.chosen.frequency,
        answers: BTreeMap::new(),
        answers_in_words: Vec::new(),
        created_at: utc(stored.created_at),
        imported_at: imported.then(|| utc(stored.created_at)),
        confirmed_at,
        ended_at: stored.ended_at.map(utc),
        paused_until: stored.paused_until.map(utc),
        deliveries: Vec::new(),
        mails: Vec::new(),
    }
}

fn dossier_event(event: Event, at: String) -> DossierEvent {
    // Of an import both were made up, as each wording is stored with them.
    let is_shown = event.method != ConsentMethod::Import.as_str();
    DossierEvent {
        event: event.id,
        at,
        kind: event.kind,
        method: event.method,
        page: event.page,
        ip: event.ip,
        wording: event.wording,
        wording_version: is_shown.then_some(event.version),
        language: is_shown.then_some(event.language),
        hash: data_encoding::HEXLOWER.encode(&event.hash),
        genuine: event.genuine,
    }
}

async fn deliveries(db: &mut Read, id: SubscriptionId) -> Result<Vec<DossierDelivery>, StoreError> {
    let convert = |mail: StoredMail| DossierDelivery {
        subject: mail.what,
        state: mail.state,
        at: mail.at.map(utc),
        reply: mail.reply,
    };
    let found = dossier::deliveries(db, id).await?;
    Ok(found.into_iter().map(convert).collect())
}

async fn mails(db: &mut Read, id: SubscriptionId) -> Result<Vec<DossierMail>, StoreError> {
    let convert = |mail: StoredMail| DossierMail {
        kind: mail.what,
        state: mail.state,
        at: mail.at.map(utc),
        reply: mail.reply,
    };
    let found = dossier::mails(db, id).await?;
    Ok(found.into_iter().map(convert).collect())
}

impl Dossier {
    /// The dossier as one text file in `language`.
    ///
    /// # Errors
    /// When the built-in template is broken.
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
