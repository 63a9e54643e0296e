//! One saving of a reader's choices.

use std::net::IpAddr;

use super::{Choices, Pause};
use crate::domain::{
    Answers, Chosen, ConsentEvent, ConsentKind, ConsentMethod, EndReason, Language, MailKind,
    Newsletter, OutboxId, Subscription, SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::texts::{self, ConsentWording};

/// One saving of the form on its way.
pub(super) struct Change<'a> {
    service: &'a Service,
    choices: &'a Choices,
    page: &'a str,
    ip: Option<IpAddr>,
    own: &'a Subscription,
    address_hash: [u8; 32],
    events: Vec<ConsentEvent>,
    begun: Vec<(SubscriptionId, Language)>,
}

/// A subscription that is on when the choices are saved, with what was chosen of it before.
pub(super) type On = (SubscriptionId, Chosen);

impl<'a> Change<'a> {
    /// Begins with nothing done.
    pub(super) fn new(
        service: &'a Service,
        choices: &'a Choices,
        page: &'a str,
        ip: Option<IpAddr>,
        own: &'a Subscription,
    ) -> Self {
        Self {
            service,
            choices,
            page,
            ip,
            own,
            address_hash: service.links.address_hash(&own.address),
            events: Vec::new(),
            begun: Vec::new(),
        }
    }

    /// Turns a newsletter on, unless the address must not be mailed.
    pub(super) async fn begin(
        &mut self,
        tx: &mut Write,
        known: Option<&Subscription>,
        newsletter: &Newsletter,
    ) -> Result<Option<On>, StoreError> {
        let (own, now) = (self.own, self.service.clock.now());
        if store::consent::suppression::refuses_signup(tx, &self.address_hash, now).await? {
            return Ok(None);
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
        let begun = store::subscription::activate(tx, id, now).await?;
        if begun {
            let paused_until = self.choices.paused_until(own.paused_until);
            store::subscription::pause(tx, id, paused_until).await?;
            let language = chosen.language;
            let shown = texts::action_wording(language, "preferences-letters-hint");
            let wording = texts::ticked(shown, newsletter);
            let method = ConsentMethod::SignedLink;
            self.note(id, ConsentKind::Confirmed, method, (language, wording));
            self.begun.push((id, language));
        }
        Ok(begun.then_some((id, own.chosen)))
    }

    /// Turns one off.
    pub(super) async fn end(
        &mut self,
        tx: &mut Write,
        known: Option<&Subscription>,
    ) -> Result<(), StoreError> {
        let Some(known) = known else {
            return Ok(());
        };
        let now = self.service.clock.now();
        if store::subscription::end(tx, known.id, EndReason::Unsubscribed, now).await? {
            self.note_button((known.id, known.chosen), ConsentKind::Withdrawn);
        }
        Ok(())
    }

    /// Brings what stays on into line with the choices.
    pub(super) async fn adapt(
        &mut self,
        tx: &mut Write,
        known: Option<&Subscription>,
    ) -> Result<Option<On>, StoreError> {
        let Some(known) = known.filter(|one| one.state != SubscriptionState::Ended) else {
            return Ok(None);
        };
        let on = (known.id, known.chosen);
        let chosen = self.choices.over(known.chosen);
        let paused_until = self.choices.paused_until(known.paused_until);
        if known.chosen != chosen {
            store::subscription::choose(tx, known.id, chosen).await?;
        }
        if known.paused_until != paused_until {
            store::subscription::pause(tx, known.id, paused_until).await?;
        }
        if known.chosen != chosen || known.paused_until != paused_until {
            self.note_button(on, ConsentKind::Changed);
        }
        Ok(Some(on))
    }

    /// Keeps what a newsletter was answered.
    pub(super) async fn answer(
        &mut self,
        tx: &mut Write,
        on: On,
        answers: &Answers,
    ) -> Result<(), StoreError> {
        let (id, _) = on;
        if store::subscriber::answer::of(tx, id).await? == *answers {
            return Ok(());
        }
        store::subscriber::answer::set(tx, id, answers).await?;
        if !self.events.iter().any(|event| event.subscription == id) {
            self.note_button(on, ConsentKind::Changed);
        }
        Ok(())
    }

    fn note_button(&mut self, (id, before): On, kind: ConsentKind) {
        let language = self.choices.over(before).language;
        let button = match self.choices.pause {
            Some(Pause::End) => "preferences-resume",
            _ => "preferences-button",
        };
        let wording = texts::action_wording(language, button);
        self.note(id, kind, ConsentMethod::Page, (language, wording));
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
    pub(super) async fn finish(self, tx: &mut Write) -> Result<(), StoreError> {
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
