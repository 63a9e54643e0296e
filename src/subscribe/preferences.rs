//! The reader's choices.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{LinkError, Membership, membership};
use crate::domain::{
    Answers, Chosen, ConsentEvent, ConsentKind, ConsentMethod, CountrySet, EndReason, Frequency,
    Language, MailKind, Newsletter, OutboxId, Purpose, Slug, Subscription, SubscriptionId,
    SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, Read, StoreError, Write};
use crate::texts::{self, ConsentWording};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// Whose link it is.
    pub membership: Membership,
    /// Every newsletter of the house, and whether this person reads it.
    pub letters: Vec<(Newsletter, bool)>,
    /// What the reader answered to what the newsletter of the link asks.
    pub answers: Answers,
    /// The way out.
    pub unsubscribe_link: String,
    /// The way to the reader's own data.
    pub data_link: String,
}

impl Preferences {
    /// Whether the person reads anything: then the address is confirmed.
    fn reads(&self) -> bool {
        self.letters.iter().any(|(_, reads)| *reads)
    }

    /// Whether there is anything to choose. Who has left everything comes back by a sign-up.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.reads() || self.membership.subscription.state == SubscriptionState::Pending
    }
}

/// What a reader wishes. All of it holds for everything that the person reads; what is
/// missing stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The language of pages and single mails.
    pub language: Option<Language>,
    /// The countries to follow.
    pub countries: Option<CountrySet>,
    /// How often letters come.
    pub frequency: Option<Frequency>,
    /// The newsletters to read from now on.
    pub letters: Option<Vec<Slug>>,
    /// Until when nothing is sent.
    pub pause: Option<Pause>,
    /// What the newsletter of the link is answered.
    pub answers: Option<Answers>,
}

impl Choices {
    /// What is chosen afterwards, by who has chosen `before`.
    fn over(&self, before: Chosen) -> Chosen {
        Chosen {
            language: self.language.unwrap_or(before.language),
            countries: self.countries.unwrap_or(before.countries),
            frequency: self.frequency.unwrap_or(before.frequency),
        }
    }

    /// When this pause would end, for whom it ends at `now`.
    fn paused_until(&self, now: Option<Timestamp>) -> Option<Timestamp> {
        match self.pause {
            Some(Pause::Until(until)) => Some(until),
            Some(Pause::End) => None,
            None => now,
        }
    }
}

/// A wish for a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Nothing until then.
    Until(Timestamp),
    /// Everything again from now on.
    End,
}

/// The choices behind the link.
///
/// # Errors
/// When the link is not genuine, or its owner reads nothing any more.
pub async fn look_at_preferences(service: &Service, token: &str) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut db = service.store.read().await?;
    let found = open(service, &mut db, token.subscription).await?;
    if found.is_open() {
        Ok(found)
    } else {
        Err(LinkError::Gone)
    }
}

/// Saves the choices, and records what changed. Whoever reads one newsletter has confirmed
/// the address, and may turn others on by the signed link; a mail tells so. The answer may
/// say that the person now reads nothing.
///
/// # Errors
/// When the link is not genuine, or its owner reads nothing any more.
pub async fn choose(
    service: &Service,
    token: &str,
    choices: &Choices,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut tx = service.store.write().await?;
    let before = open(service, &mut tx, token.subscription).await?;
    if !before.is_open() {
        return Err(LinkError::Gone);
    }
    let own = &before.membership.subscription;
    let known = store::subscription::all_of(&mut tx, own.subscriber).await?;
    // Letters may come at different paces; only a change is meant for all.
    let choices = &Choices {
        frequency: choices
            .frequency
            .filter(|wish| *wish != own.chosen.frequency),
        ..choices.clone()
    };
    let mut change = Change {
        service,
        choices,
        page,
        ip,
        address_hash: service.links.address_hash(&own.address),
        events: Vec::new(),
        begun: Vec::new(),
    };
    for (newsletter, reads) in &before.letters {
        let known = known.iter().find(|one| one.newsletter == newsletter.id);
        match choices
            .letters
            .as_ref()
            .map(|those| those.contains(&newsletter.slug))
        {
            Some(true) if !reads && before.reads() => {
                change.begin(&mut tx, own, known, newsletter).await?;
            }
            Some(false) if *reads => change.end(&mut tx, known).await?,
            _ => change.adapt(&mut tx, known).await?,
        }
    }
    change.answer(&mut tx, own).await?;
    change.finish(&mut tx).await?;
    let after = open(service, &mut tx, token.subscription).await?;
    tx.commit().await?;
    Ok(after)
}

/// One saving of the form on its way.
struct Change<'a> {
    service: &'a Service,
    choices: &'a Choices,
    page: &'a str,
    ip: Option<IpAddr>,
    address_hash: [u8; 32],
    events: Vec<ConsentEvent>,
    begun: Vec<(SubscriptionId, Language)>,
}

impl Change<'_> {
    /// Turns a newsletter on, unless the address must not be mailed.
    async fn begin(
        &mut self,
        tx: &mut Write,
        own: &Subscription,
        known: Option<&Subscription>,
        newsletter: &Newsletter,
    ) -> Result<(), StoreError> {
        let now = self.service.clock.now();
        if store::suppression::refuses_signup(tx, &self.address_hash, now).await? {
            return Ok(());
        }
        let chosen = self.choices.over(own.chosen);
        let id = match known {
            Some(known) => {
                store::subscription::restart(tx, known.id, chosen).await?;
                known.id
            }
            None => {
                let (person, newsletter) = (own.subscriber, newsletter.id);
                store::subscription::insert_pending(tx, person, newsletter, chosen, now).await?
            }
        };
        if store::subscription::activate(tx, id, now).await? {
            let paused_until = self.choices.paused_until(own.paused_until);
            store::subscription::pause(tx, id, paused_until).await?;
            let language = chosen.language;
            let shown = texts::action_wording(language, "preferences-letters-hint");
            let wording = texts::ticked(shown, newsletter);
            let method = ConsentMethod::SignedLink;
            self.note(id, ConsentKind::Confirmed, method, (language, wording));
            self.begun.push((id, language));
        }
        Ok(())
    }

    async fn end(
        &mut self,
        tx: &mut Write,
        known: Option<&Subscription>,
    ) -> Result<(), StoreError> {
        let Some(known) = known else {
            return Ok(());
        };
        let now = self.service.clock.now();
        if store::subscription::end(tx, known.id, EndReason::Unsubscribed, now).await? {
            self.note_button(known, ConsentKind::Withdrawn);
        }
        Ok(())
    }

    /// Brings what stays on into line with the choices.
    async fn adapt(
        &mut self,
        tx: &mut Write,
        known: Option<&Subscription>,
    ) -> Result<(), StoreError> {
        let Some(known) = known.filter(|one| one.state != SubscriptionState::Ended) else {
            return Ok(());
        };
        let chosen = self.choices.over(known.chosen);
        let paused_until = self.choices.paused_until(known.paused_until);
        if known.chosen != chosen {
            store::subscription::choose(tx, known.id, chosen).await?;
        }
        if known.paused_until != paused_until {
            store::subscription::pause(tx, known.id, paused_until).await?;
        }
        if known.chosen != chosen || known.paused_until != paused_until {
            self.note_button(known, ConsentKind::Changed);
        }
        Ok(())
    }

    /// Keeps what was answered to the newsletter of the link.
    async fn answer(&mut self, tx: &mut Write, own: &Subscription) -> Result<(), StoreError> {
        let Some(answers) = &self.choices.answers else {
            return Ok(());
        };
        if own.state == SubscriptionState::Ended || store::answer::of(tx, own.id).await? == *answers
        {
            return Ok(());
        }
        store::answer::set(tx, own.id, answers).await?;
        if !self.events.iter().any(|event| event.subscription == own.id) {
            self.note_button(own, ConsentKind::Changed);
        }
        Ok(())
    }

    fn note_button(&mut self, known: &Subscription, kind: ConsentKind) {
        let language = self.choices.over(known.chosen).language;
        let button = match self.choices.pause {
            Some(Pause::End) => "preferences-resume",
            _ => "preferences-button",
        };
        let wording = texts::action_wording(language, button);
        self.note(known.id, kind, ConsentMethod::Page, (language, wording));
    }

    fn note(
        &mut self,
        subscription: SubscriptionId,
        kind: ConsentKind,
        method: ConsentMethod,
        (language, wording): (Language, ConsentWording),
    ) {
        self.events.push(ConsentEvent {
            subscription,
            address_hash: self.address_hash,
            kind,
            method,
            at: self.service.clock.now(),
            wording: wording.wording,
            wording_version: wording.version,
            language,
            page: self.page.to_owned(),
            ip: self.ip,
        });
    }

    /// Greets for what was turned on, and writes down what happened.
    async fn finish(self, tx: &mut Write) -> Result<(), StoreError> {
        if let Some(((first, language), others)) = self.begun.split_first() {
            let mail = NewMail {
                id: OutboxId(self.service.clock.new_uuid()),
                kind: MailKind::Welcome,
                to: Recipient::about(*first, others.iter().map(|other| other.0).collect()),
                language: *language,
            };
            store::outbox::insert(tx, &mail, self.service.clock.now()).await?;
        }
        store::consent::append(tx, self.service.links.key(), &self.events).await
    }
}

async fn open(
    service: &Service,
    db: &mut Read,
    subscription: SubscriptionId,
) -> Result<Preferences, LinkError> {
    let membership = membership(db, subscription).await?;
    let subscription = &membership.subscription;
    let known = store::subscription::all_of(db, subscription.subscriber).await?;
    let answers = store::answer::of(db, subscription.id).await?;
    let reads = |newsletter: &Newsletter| {
        let mut active = known
            .iter()
            .filter(|one| one.state == SubscriptionState::Active);
        active.any(|one| one.newsletter == newsletter.id)
    };
    let all = store::newsletter::list(db).await?;
    // Of a private one only its readers hear, and who holds a link of it.
    let own = subscription.newsletter;
    let letters = all.into_iter().filter_map(|newsletter| {
        let reads = reads(&newsletter);
        let shown = reads || newsletter.is_public() || newsletter.id == own;
        shown.then_some((newsletter, reads))
    });
    let letters = letters.collect();
    let (id, now) = (subscription.id, service.clock.now());
    let unsubscribe_link = service.links.personal(Purpose::Unsubscribe, id, now);
    let data_link = service.links.data_request(id, now);
    Ok(Preferences {
        membership,
        letters,
        answers,
        unsubscribe_link,
        data_link,
    })
}
