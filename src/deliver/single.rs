//! Makes the single mails: what they say, to whom, and what their sending proves.

use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, CountrySet, EmailAddress, IssueId, MailKind,
    Newsletter, Purpose, Subscription, SubscriptionId, SubscriptionState,
};
use crate::links::Links;
use crate::mail::{
    Envelope, ListHeaders, MailLinks, MessageError, OneOfSeveral, Outgoing, RenderedMail,
    SystemMail, TemplateError, build, render_editors_copy, render_system_mail,
};
use crate::service::Service;
use crate::store::outbox::{ClaimedMail, Recipient};
use crate::store::{self, Read, StoreError};
use crate::texts::{self, OwnWords};

/// A mail that cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum MailError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of the wish to send a mail.
pub(super) enum Prepared {
    /// With what is to be recorded once it was taken.
    Ready(Box<Outgoing>, Vec<ConsentEvent>),
    Pointless(&'static str),
}

/// Makes a mail, unless there is no point in it any more.
pub(super) async fn prepare(service: &Service, mail: &ClaimedMail) -> Result<Prepared, MailError> {
    match &mail.to {
        Recipient::Tester(address, issue) => prepare_copy(service, mail, address, *issue).await,
        Recipient::Subscriber(subscription) => {
            prepare_system_mail(service, mail, *subscription, &[]).await
        }
        Recipient::Several(first, others) => {
            prepare_system_mail(service, mail, *first, others).await
        }
    }
}

async fn prepare_copy(
    service: &Service,
    mail: &ClaimedMail,
    to: &EmailAddress,
    issue: IssueId,
) -> Result<Prepared, MailError> {
    let mut db = service.store.read().await?;
    let Some(issue) = store::issue::by_id(&mut db, issue).await? else {
        return Ok(Prepared::Pointless("the issue is gone"));
    };
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    drop(db);
    let all = CountrySet::default();
    let rendered = render_editors_copy(&service.links, &newsletter, &issue, all, mail.created_at)?;
    let copy = ready(service, mail, &newsletter, to, &rendered, None)?;
    Ok(Prepared::Ready(copy, Vec::new()))
}

async fn prepare_system_mail(
    service: &Service,
    mail: &ClaimedMail,
    subscription: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Prepared, MailError> {
    let mut db = service.store.read().await?;
    let all = wanted(&mut db, mail.kind, subscription, others).await?;
    let Some(((subscription, newsletter), others)) = all.split_first() else {
        return Ok(Prepared::Pointless("the subscription has moved on"));
    };
    let own = store::own_text::of(&mut db, newsletter.id, mail.language).await?;
    drop(db);
    let several: Vec<OneOfSeveral> = all
        .iter()
        .filter(|_| !others.is_empty())
        .map(|(_, newsletter)| OneOfSeveral::new(newsletter, archive(&service.links, newsletter)))
        .collect();
    let others: Vec<SubscriptionId> = others.iter().map(|(other, _)| other.id).collect();
    let urls = Urls::of(&service.links, mail, subscription.id, &others, newsletter);
    let logo = newsletter.logo.as_ref();
    let logo = logo.map(|logo| service.links.logo(logo));
    let rendered = render_system_mail(&SystemMail {
        newsletter,
        several: &several,
        logo_url: logo.as_deref(),
        language: mail.language,
        links: urls.of_kind(mail.kind, service.settings.signup.confirm_hours),
        words: &OwnWords::of(mail.language, &own),
    })?;
    let mut proof = Vec::new();
    let mut unsubscribe = None;
    if mail.kind == MailKind::Confirmation {
        // The personal link would still confirm; and without it one text serves for everybody.
        let hidden = service.links.page("/confirm/…");
        let shown = rendered.text.replace(&urls.confirm, &hidden);
        let wording = format!("{}\n\n{shown}", rendered.subject);
        let one = |about| mailed(service, mail, about, &wording);
        proof.extend(all.iter().map(one));
    } else {
        // Who has not confirmed is on no list, and has nothing to unsubscribe from.
        let (links, at) = (&service.links, mail.created_at);
        let mailto = links.unsubscribe_mailto(newsletter, subscription.id, at);
        unsubscribe = Some((urls.unsubscribe, mailto));
    }
    let to = &subscription.address;
    let outgoing = ready(service, mail, newsletter, to, &rendered, unsubscribe)?;
    Ok(Prepared::Ready(outgoing, proof))
}

/// Where everybody may read earlier issues.
fn archive(links: &Links, newsletter: &Newsletter) -> Option<String> {
    newsletter.is_public().then(|| links.archive(newsletter))
}

/// Where the links of a system mail lead.
struct Urls {
    confirm: String,
    preferences: String,
    unsubscribe: String,
    archive: Option<String>,
}

impl Urls {
    fn of(
        links: &Links,
        mail: &ClaimedMail,
        first: SubscriptionId,
        others: &[SubscriptionId],
        newsletter: &Newsletter,
    ) -> Self {
        let personal = |purpose| links.personal(purpose, first, mail.created_at);
        Self {
            confirm: links.confirmation(first, others, mail.created_at),
            preferences: personal(Purpose::Preferences),
            unsubscribe: personal(Purpose::Unsubscribe),
            archive: archive(links, newsletter),
        }
    }

    fn of_kind(&self, kind: MailKind, hours_valid: u32) -> MailLinks<'_> {
        match kind {
            MailKind::Confirmation => MailLinks::Confirmation {
                confirm_url: &self.confirm,
                hours_valid,
            },
            MailKind::AlreadySubscribed | MailKind::TestCopy => MailLinks::AlreadySubscribed {
                preferences_url: &self.preferences,
                unsubscribe_url: &self.unsubscribe,
            },
            MailKind::Welcome => MailLinks::Welcome {
                archive_url: self.archive.as_deref(),
                preferences_url: &self.preferences,
                unsubscribe_url: &self.unsubscribe,
            },
        }
    }
}

/// That the mail was sent, for the record of one of the subscriptions that it is about.
fn mailed(
    service: &Service,
    mail: &ClaimedMail,
    (subscription, newsletter): &(Subscription, Newsletter),
    wording: &str,
) -> ConsentEvent {
    ConsentEvent {
        subscription: subscription.id,
        address_hash: service.links.address_hash(&subscription.address),
        kind: ConsentKind::Mailed,
        method: ConsentMethod::Mail,
        at: mail.created_at,
        wording: wording.to_owned(),
        wording_version: texts::consent_wording(mail.language, &newsletter.title).version,
        language: mail.language,
        page: service.links.outbox_message_id(newsletter, mail.id),
        ip: None,
    }
}

/// The subscriptions that a mail is still wanted for, with their newsletters.
async fn wanted(
    db: &mut Read,
    kind: MailKind,
    first: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Vec<(Subscription, Newsletter)>, MailError> {
    let state = match kind {
        MailKind::Confirmation => SubscriptionState::Pending,
        MailKind::AlreadySubscribed | MailKind::Welcome => SubscriptionState::Active,
        MailKind::TestCopy => return Ok(Vec::new()),
    };
    let mut wanted = Vec::new();
    for id in std::iter::once(&first).chain(others) {
        let found = store::subscription::by_id(db, *id).await?;
        if let Some(subscription) = found.filter(|subscription| subscription.state == state) {
            let newsletter = store::newsletter::by_id(db, subscription.newsletter).await?;
            wanted.push((subscription, newsletter));
        }
    }
    Ok(wanted)
}

fn ready(
    service: &Service,
    mail: &ClaimedMail,
    newsletter: &Newsletter,
    to: &EmailAddress,
    rendered: &RenderedMail,
    unsubscribe: Option<(String, String)>,
) -> Result<Box<Outgoing>, MailError> {
    let message_id = service.links.outbox_message_id(newsletter, mail.id);
    let domain = newsletter.sender_address.domain();
    let feedback_id = format!("{}:{}:{}:{domain}", mail.id, newsletter.slug, mail.kind);
    let list = unsubscribe.as_ref().map(|(url, mailto)| ListHeaders {
        unsubscribe_url: url,
        unsubscribe_mailto: mailto,
        feedback_id: &feedback_id,
    });
    let envelope = Envelope {
        newsletter,
        to,
        date: mail.created_at,
        message_id: &message_id,
        list,
        automatic_reply: mail.kind != MailKind::TestCopy,
    };
    Ok(Box::new(Outgoing {
        return_path: service.links.outbox_return_path(newsletter, mail.id),
        to: to.clone(),
        date: mail.created_at,
        message: build(&envelope, rendered)?,
    }))
}
