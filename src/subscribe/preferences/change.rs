//! Saving the preferences form: the changes of one transaction and their consent events.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{Choices, Pause};
use crate::domain::{
    Answers, Chosen, ConsentEvent, ConsentMethod, ConsentWording, Language, MailKind, Newsletter,
    OutboxId, Subscription, SubscriptionId, SubscriptionState,
};
use crate::membership::{self, Evidence, NoteKind, Requested, Subject, Withdrawal};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::subscribe::privacy::sent_lately;
use crate::texts;

/// So many welcome mails one person gets in an hour and in a day. Whoever holds a link to the preferences, perhaps by a
/// forwarded mail, could send more and more of them.
const MAX_WELCOMES: [i64; 2] = [3, 6];

/// The changes so far.
pub(super) struct PreferencesChange<'a> {
    service: &'a Service,
    choices: &'a Choices,
    page: &'a str,
    ip: Option<IpAddr>,
    /// The subscription of the link.
    own: &'a Subscription,
    address_hash: [u8; 32],
    events: Vec<ConsentEvent>,
    activated: Vec<(SubscriptionId, Language)>,
    has_ended: bool,
    /// The time of all of it.
    now: Timestamp,
}

/// A subscription that is not ended after the change.
pub(super) struct Remaining {
    id: SubscriptionId,
    /// What was chosen before the change.
    before: Chosen,
}

impl<'a> PreferencesChange<'a> {
    /// A change in which nothing has been done yet.
    pub(super) fn new(
        service: &'a Service,
        choices: &'a Choices,
        (page, ip): (&'a str, Option<IpAddr>),
        own: &'a Subscription,
        now: Timestamp,
    ) -> Self {
        Self {
            service,
            choices,
            page,
            ip,
            own,
            address_hash: service.links.address_hash(&own.address),
            events: Vec::new(),
            activated: Vec::new(),
            has_ended: false,
            now,
        }
    }

    /// Activates the subscription to a newsletter, unless the address is suppressed.
    pub(super) async fn activate(
        &mut self,
        tx: &mut Write,
        existing: Option<&Subscription>,
        newsletter: &Newsletter,
    ) -> Result<Option<Remaining>, StoreError> {
        let (own, now) = (self.own, self.now);
        if store::consent::suppression::refuses_signup(tx, &self.address_hash, now).await? {
            return Ok(None);
        }
        let chosen = self.choices.applied_to(own.chosen);
        let wanted = (own.subscriber, newsletter.id);
        let Requested::Pending(id) = membership::request(tx, existing, wanted, chosen, now).await?
        else {
            return Ok(None);
        };
        let Some(activated) = membership::activate(tx, id, now, now).await? else {
            return Ok(None);
        };
        let paused_until = self.choices.paused_until(own.paused_until);
        store::subscription::pause(tx, id, paused_until).await?;
        let shown = texts::action_wording(chosen.language, "preferences-letters-hint");
        let wording = texts::ticked(shown, newsletter);
        let evidence = self.evidence(ConsentMethod::SignedLink, wording);
        self.events
            .push(activated.event(self.address_hash, evidence));
        self.activated.push((id, chosen.language));
        Ok(Some(Remaining {
            id,
            before: own.chosen,
        }))
    }

    /// Ends a subscription.
    pub(super) async fn end(
        &mut self,
        tx: &mut Write,
        existing: Option<&Subscription>,
    ) -> Result<(), StoreError> {
        let Some(existing) = existing else {
            return Ok(());
        };
        let how = Withdrawal::Unsubscribed;
        if let Some(withdrawn) = membership::withdraw(tx, existing.id, how, self.now).await? {
            let evidence = self.button_evidence(existing.chosen);
            self.events
                .push(withdrawn.event(self.address_hash, evidence));
            self.has_ended = true;
        }
        Ok(())
    }

    /// Applies the choices to a subscription that stays.
    pub(super) async fn update(
        &mut self,
        tx: &mut Write,
        existing: Option<&Subscription>,
    ) -> Result<Option<Remaining>, StoreError> {
        let Some(existing) = existing.filter(|one| one.state != SubscriptionState::Ended) else {
            return Ok(None);
        };
        let remaining = Remaining {
            id: existing.id,
            before: existing.chosen,
        };
        let chosen = self.choices.applied_to(existing.chosen);
        let paused_until = self.choices.paused_until(existing.paused_until);
        if existing.chosen != chosen {
            store::subscription::choose(tx, existing.id, chosen).await?;
        }
        if existing.paused_until != paused_until {
            store::subscription::pause(tx, existing.id, paused_until).await?;
        }
        if existing.chosen != chosen || existing.paused_until != paused_until {
            self.note_change(&remaining);
        }
        Ok(Some(remaining))
    }

    /// Stores the answers to a newsletter's fields.
    pub(super) async fn answer(
        &mut self,
        tx: &mut Write,
        remaining: &Remaining,
        answers: &Answers,
    ) -> Result<(), StoreError> {
        let id = remaining.id;
        if store::subscriber::answer::of(tx, id).await? == *answers {
            return Ok(());
        }
        store::subscriber::answer::set(tx, id, answers).await?;
        if !self.events.iter().any(|event| event.subscription == id) {
            self.note_change(remaining);
        }
        Ok(())
    }

    fn note_change(&mut self, remaining: &Remaining) {
        let subject = Subject {
            subscription: remaining.id,
            address_hash: self.address_hash,
        };
        let evidence = self.button_evidence(remaining.before);
        self.events
            .push(membership::note(subject, NoteKind::Changed, evidence));
    }

    /// Evidence that the button of the form was pressed.
    fn button_evidence(&self, before: Chosen) -> Evidence {
        let language = self.choices.applied_to(before).language;
        let button = match self.choices.pause {
            Some(Pause::End) => "preferences-resume",
            _ => "preferences-button",
        };
        let wording = texts::action_wording(language, button);
        self.evidence(ConsentMethod::Page, wording)
    }

    fn evidence(&self, method: ConsentMethod, wording: ConsentWording) -> Evidence {
        Evidence {
            method,
            at: self.now,
            wording,
            page: self.page.to_owned(),
            ip: self.ip,
        }
    }

    /// Enqueues one welcome mail about what was activated, unless there were enough, and appends the consent events. Returns whether
    /// anything was active and was ended.
    pub(super) async fn finish(self, tx: &mut Write) -> Result<bool, StoreError> {
        if let Some(((first, language), others)) = self.activated.split_first()
            && self.may_welcome(tx).await?
        {
            let mail = NewMail {
                id: OutboxId(self.service.clock.new_uuid()),
                kind: MailKind::Welcome,
                to: Recipient::about(*first, others.iter().map(|other| other.0).collect()),
                language: *language,
            };
            store::outbox::insert(tx, &mail, self.now).await?;
        }
        store::consent::append(tx, self.service.links.key(), &self.events).await?;
        Ok(self.has_ended)
    }

    async fn may_welcome(&self, tx: &mut Write) -> Result<bool, StoreError> {
        let (person, kind) = (self.own.subscriber, MailKind::Welcome);
        let sent = sent_lately(self.service, tx, person, kind).await?;
        Ok(sent.short < MAX_WELCOMES[0] && sent.middle < MAX_WELCOMES[1])
    }
}
