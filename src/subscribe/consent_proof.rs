//! The proof of one person's consent, as one file.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Country, EmailAddress, EndReason, Language, SubscriptionState};
use crate::service::Service;
use crate::store::consent_proof::{self, Event, HeldSubscription};
use crate::store::{self, StoreError};
use crate::texts::{TemplateError, Templates};

/// Who agreed to what, when and how: everything recorded of one person's consent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentProof {
    /// The address it was asked for.
    pub address: String,
    /// When it was put together, in UTC.
    pub made_at: String,
    /// One for each newsletter.
    pub subscriptions: Vec<ProvenSubscription>,
    /// The language of the person: that of the latest subscription.
    #[serde(skip)]
    pub language: Language,
}

/// The proof of one subscription.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProvenSubscription {
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
    /// When it was first asked for, in UTC.
    pub created_at: String,
    /// When it was last confirmed.
    pub confirmed_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// The record of consent, the oldest first.
    pub consent: Vec<ProvenEvent>,
}

/// One act.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProvenEvent {
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

/// In UTC, to the second.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The proof of the consent of whoever has this address; none when nobody has it.
///
/// # Errors
/// When the database cannot be used.
pub async fn proof_of_consent(
    service: &Service,
    address: &EmailAddress,
) -> Result<Option<ConsentProof>, StoreError> {
    let mut db = service.store.read().await?;
    let Some(person) = store::subscriber::by_key(&mut db, &address.key()).await? else {
        return Ok(None);
    };
    let mut subscriptions = Vec::new();
    for held in consent_proof::of_subscriber(&mut db, person).await? {
        let events = consent_proof::events(&mut db, service.links.key(), held.id).await?;
        subscriptions.push(shown(held, events));
    }
    let latest = subscriptions.last();
    Ok(Some(ConsentProof {
        address: address.to_string(),
        made_at: utc(service.clock.now()),
        language: latest.map_or(service.settings.newsletter.language, |one| one.language),
        subscriptions,
    }))
}

fn shown(held: HeldSubscription, events: Vec<Event>) -> ProvenSubscription {
    ProvenSubscription {
        newsletter: held.newsletter,
        slug: held.slug,
        state: held.state,
        end_reason: held.end_reason,
        language: held.language,
        countries: held.countries.iter().collect(),
        created_at: utc(held.created_at),
        confirmed_at: held.confirmed_at.map(utc),
        ended_at: held.ended_at.map(utc),
        consent: events.into_iter().map(event).collect(),
    }
}

fn event(event: Event) -> ProvenEvent {
    ProvenEvent {
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

impl ConsentProof {
    /// The whole as one file that people can read.
    ///
    /// # Errors
    /// When the built-in template is at fault.
    pub fn to_text(&self, language: Language) -> Result<String, TemplateError> {
        let source = include_str!("templates/consent_proof.txt");
        Templates::new(&[("consent_proof.txt", source)], |environment| {
            environment.add_filter("utc", |at: &str| at.replace('T', " ").replace('Z', " UTC"));
            environment.add_filter("indented", indented);
        })?
        .render(language, "consent_proof.txt", self)
    }
}

fn indented(text: &str) -> String {
    let line = |line: &str| format!("    | {line}").trim_end().to_owned();
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}
