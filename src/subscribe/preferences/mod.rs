//! The preferences of a subscriber: what the page shows, and saving it.

mod change;
mod choices;

use std::net::IpAddr;

use self::change::PreferencesChange;
pub use self::choices::{Choices, Pause};
use super::{LinkError, LinkedSubscription, linked_subscription, shows_address};
use crate::domain::{
    Answers, FieldSelection, LinkToken, Newsletter, NewsletterId, Purpose, Subscription,
    SubscriptionState,
};
use crate::service::Service;
use crate::store::{self, Read, StoreError};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// The subscription of the link.
    pub linked: LinkedSubscription,
    /// Whether the page may show its address: not behind a link that was mailed to an earlier one.
    pub shows_address: bool,
    /// Every newsletter that the person may choose.
    pub newsletters: Vec<NewsletterPreference>,
    /// The page with the unsubscribe button.
    pub unsubscribe_link: String,
    /// The page that mails a link to the person's own data.
    pub data_link: String,
    /// The path that takes back what saving has ended; none if it ended nothing.
    pub undo: Option<String>,
}

/// A newsletter, and one person's relation to it.
#[derive(Debug, Clone)]
pub struct NewsletterPreference {
    /// The newsletter.
    pub newsletter: Newsletter,
    /// Whether the person has an active subscription.
    pub is_active: bool,
    /// Whether the person can answer its fields: the subscription is active, or it is the pending
    /// one of the link.
    pub can_answer: bool,
    /// What the person has answered to its fields.
    pub answers: Answers,
}

impl Preferences {
    /// Whether the person has an active subscription: then the address is confirmed.
    fn has_active(&self) -> bool {
        self.newsletters.iter().any(|one| one.is_active)
    }

    /// Whether these choices activate a subscription that is not active yet.
    #[must_use]
    pub fn activates(&self, preference: &NewsletterPreference, choices: &Choices) -> bool {
        self.has_active() && !preference.is_active && choices.selects(preference) == Some(true)
    }

    /// Whether these choices end an active subscription.
    fn ends(preference: &NewsletterPreference, choices: &Choices) -> bool {
        preference.is_active && choices.selects(preference) == Some(false)
    }

    /// Whether answers to a newsletter's fields are stored when these choices are saved.
    #[must_use]
    pub fn takes_answers(&self, preference: &NewsletterPreference, choices: &Choices) -> bool {
        preference.can_answer && !Self::ends(preference, choices)
            || self.activates(preference, choices)
    }

    /// Which fields of a newsletter the form has. The link gets forwarded with every mail: the form
    /// shows the stored answers of the link's own newsletter only, and of the others those fields
    /// that have no answer yet.
    #[must_use]
    pub fn field_selection<'a>(&self, preference: &'a NewsletterPreference) -> FieldSelection<'a> {
        if !preference.can_answer {
            FieldSelection::All
        } else if preference.newsletter.id == self.linked.newsletter.id {
            FieldSelection::Update(&preference.answers)
        } else {
            FieldSelection::Unanswered(&preference.answers)
        }
    }

    /// Whether countries matter to anything that the person receives: in safety mode everybody gets everything.
    #[must_use]
    pub fn asks_countries(&self) -> bool {
        let receives = |one: &NewsletterPreference| one.is_active && !one.newsletter.safety_mode;
        !self.linked.newsletter.safety_mode || self.newsletters.iter().any(receives)
    }

    /// Whether there is anything to choose. A person without any active or pending subscription
    /// returns by a new sign-up.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.has_active() || self.linked.subscription.state == SubscriptionState::Pending
    }
}

/// The preferences behind the link.
///
/// # Errors
/// When the link is not genuine, or its person has no subscription left to change.
pub async fn load_preferences(service: &Service, token: &str) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut db = service.store.read().await?;
    let found = load(service, &mut db, token).await?;
    if found.is_open() {
        Ok(found)
    } else {
        Err(LinkError::Gone)
    }
}

/// Saves the choices, and records what changed. A person with an active subscription has confirmed
/// the address, and may activate others by the signed link; a welcome mail reports it. Afterwards
/// the person may have no subscription left: see [`Preferences::is_open`].
///
/// # Errors
/// When the link is not genuine, or its person has no subscription left to change.
pub async fn save_preferences(
    service: &Service,
    token: &str,
    choices: &Choices,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut tx = service.store.write().await?;
    // Lock before deciding: another request may be ending one of the subscriptions.
    let person = linked_subscription(&mut tx, token.subscription).await?;
    let person = person.subscription.subscriber;
    let all = store::subscription::lock_all_of(&mut tx, person).await?;
    let before = load(service, &mut tx, token).await?;
    if !before.is_open() {
        return Err(LinkError::Gone);
    }
    let own = &before.linked.subscription;
    // The form shows what was chosen for one subscription; only a change of it is meant for all.
    let shown = own.chosen;
    let choices = &Choices {
        language: choices.language.filter(|one| *one != shown.language),
        countries: choices.countries.filter(|all| *all != shown.countries),
        frequency: choices.frequency.filter(|one| *one != shown.frequency),
        ..choices.clone()
    };
    let now = service.clock.now();
    let mut change = PreferencesChange::new(service, choices, (page, ip), own, now);
    let mut answered = Vec::new();
    for preference in &before.newsletters {
        let newsletter = &preference.newsletter;
        let existing = subscription_to(&all, newsletter.id);
        let remaining = if before.activates(preference, choices) {
            change.activate(&mut tx, existing, newsletter).await?
        } else if Preferences::ends(preference, choices) {
            change.end(&mut tx, existing).await?;
            None
        } else {
            let remaining = change.update(&mut tx, existing).await?;
            remaining.filter(|_| preference.can_answer)
        };
        answered.extend(remaining.zip(choices.answers.of(newsletter.id)));
    }
    // After all subscriptions: all code locks subscriptions before answers.
    for (remaining, answers) in answered {
        change.answer(&mut tx, &remaining, answers).await?;
    }
    let has_ended = change.finish(&mut tx).await?;
    let mut after = load(service, &mut tx, token).await?;
    after.undo = has_ended.then(|| service.links.undo(token.subscription, true, now));
    tx.commit().await?;
    Ok(after)
}

fn subscription_to(all: &[Subscription], newsletter: NewsletterId) -> Option<&Subscription> {
    all.iter().find(|one| one.newsletter == newsletter)
}

async fn load(
    service: &Service,
    db: &mut Read,
    token: LinkToken,
) -> Result<Preferences, LinkError> {
    let linked = linked_subscription(db, token.subscription).await?;
    let subscription = &linked.subscription;
    let all = store::subscription::all_of(db, subscription.subscriber).await?;
    let mut newsletters = Vec::new();
    for newsletter in store::newsletter::list(db).await? {
        let existing = subscription_to(&all, newsletter.id);
        let is_own = newsletter.id == subscription.newsletter;
        newsletters.extend(preference(db, newsletter, existing, is_own).await?);
    }
    let shows_address = shows_address(db, subscription, token).await?;
    // As old as the link that opened the page: no page behind it shows more.
    let (id, at) = (subscription.id, token.issued_at);
    let unsubscribe_link = service.links.personal(Purpose::Unsubscribe, id, at);
    let data_link = service.links.data_request(id, at);
    Ok(Preferences {
        linked,
        shows_address,
        newsletters,
        unsubscribe_link,
        data_link,
        undo: None,
    })
}

/// None for a private newsletter, unless the link is one of its own: links get forwarded with mails, and nobody else should
/// learn who reads it.
async fn preference(
    db: &mut Read,
    newsletter: Newsletter,
    existing: Option<&Subscription>,
    is_own: bool,
) -> Result<Option<NewsletterPreference>, StoreError> {
    let state = existing.map(|one| one.state);
    let is_active = state == Some(SubscriptionState::Active);
    if !newsletter.is_public() && !is_own {
        return Ok(None);
    }
    let can_answer = is_active || is_own && state == Some(SubscriptionState::Pending);
    let answers = match existing {
        Some(existing) if can_answer && !newsletter.fields.is_empty() => {
            store::subscriber::answer::of(db, existing.id).await?
        }
        _ => Answers::default(),
    };
    Ok(Some(NewsletterPreference {
        newsletter,
        is_active,
        can_answer,
        answers,
    }))
}
