//! Makes the transactional mails: what they say, to whom, and what their sending proves.

use jiff::Timestamp;

use crate::domain::{
    Answers, Certificate, ConsentEvent, ConsentMethod, ConsentWording, CountrySet, EmailAddress,
    EndReason, Issue, IssueId, IssueState, MailKind, Newsletter, Purpose, Subscription,
    SubscriptionId, SubscriptionState,
};
use crate::links::Links;
use crate::mail::{
    EnclosedIssue, Envelope, ListHeaders, MailLinks, MessageError, OneOfSeveral, Outgoing,
    RenderedMail, SystemMail, TemplateError, build, render_editors_copy, render_system_mail,
};
use crate::membership::{self, Evidence, NoteKind, Subject};
use crate::service::Service;
use crate::store::issue::archive::Slice;
use crate::store::outbox::{ClaimedMail, Recipient};
use crate::store::{self, Read, StoreError};
use crate::texts::{self, TextOverrides};

/// A mail that cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error("what the mail says besides cannot be read: {0}")]
    Details(serde_json::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of the wish to send a mail.
pub(crate) enum Prepared {
    /// With what is to be recorded once it was taken.
    Ready(Box<Outgoing>, Vec<ConsentEvent>),
    Pointless(&'static str),
}

/// Makes a mail, unless there is no point in it any more.
pub(crate) async fn prepare(service: &Service, mail: &ClaimedMail) -> Result<Prepared, MailError> {
    match &mail.to {
        Recipient::Tester(address, issue) => prepare_copy(service, mail, address, *issue).await,
        Recipient::Subscriber(subscription) => {
            prepare_system_mail(service, mail, (*subscription, &[]), None).await
        }
        Recipient::Several(first, others) => {
            prepare_system_mail(service, mail, (*first, others), None).await
        }
        Recipient::Address(subscription, address) => {
            prepare_system_mail(service, mail, (*subscription, &[]), Some(address)).await
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
    let at = mail.created_at;
    let mut rendered = render_editors_copy(&service.links, &newsletter, &issue, all, at)?;
    // Nobody asked for it, and it may still be stopped.
    if let Some(at) = issue.scheduled_at.filter(|_| issue.goes_out_by_itself()) {
        let date = texts::long_date(mail.language, newsletter.day(at));
        let values = [
            ("date", date.into()),
            ("subject", rendered.subject.clone().into()),
        ];
        rendered.subject = texts::text(mail.language, "summary-copy-subject", &values);
    }
    let copy = ready(service, mail, &newsletter, to, &rendered, None)?;
    Ok(Prepared::Ready(copy, Vec::new()))
}

async fn prepare_system_mail(
    service: &Service,
    mail: &ClaimedMail,
    about: (SubscriptionId, &[SubscriptionId]),
    elsewhere: Option<&EmailAddress>,
) -> Result<Prepared, MailError> {
    let mut db = service.store.read().await?;
    let all = wanted(service, &mut db, mail, about, elsewhere).await?;
    let Some(((subscription, newsletter), others)) = all.split_first() else {
        return Ok(Prepared::Pointless("the subscription has moved on"));
    };
    let own = store::newsletter::text_override::of(&mut db, newsletter.id, mail.language).await?;
    let (mut answers, mut latest) = (Answers::default(), None);
    if mail.kind == MailKind::Welcome {
        answers = store::subscriber::answer::of(&mut db, subscription.id).await?;
        if newsletter.welcome_issue && others.is_empty() {
            latest = latest_issue(&mut db, newsletter).await?;
        }
    }
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
    let certificate = mail.details.as_deref().map(serde_json::from_str);
    let certificate = certificate.transpose().map_err(MailError::Details)?;
    let hours = service.settings.signup.confirm_hours;
    let Some(links) = urls.of_kind(mail.kind, hours, certificate.as_ref()) else {
        return Ok(Prepared::Pointless("there is nothing to say"));
    };
    let latest = latest.as_ref().map(|(issue, went_out)| {
        let url = newsletter
            .is_public()
            .then(|| service.links.issue(newsletter, issue));
        let (followed, date) = (subscription.chosen.countries, newsletter.day(*went_out));
        EnclosedIssue::new(newsletter, &issue.content, followed, date, url)
    });
    let rendered = render_system_mail(&SystemMail {
        newsletter,
        several: &several,
        logo_url: logo.as_deref(),
        language: mail.language,
        links,
        greet: newsletter.fields.greeting(&answers),
        latest: latest.as_ref(),
        words: &TextOverrides::of(mail.language, &own),
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
    } else if matches!(mail.kind, MailKind::AlreadySubscribed | MailKind::Welcome) {
        // The others go to people who are on no list, or asked for them a moment ago.
        let (links, at) = (&service.links, mail.created_at);
        let mailto = links.unsubscribe_mailto(newsletter, subscription.id, at);
        unsubscribe = Some((urls.unsubscribe, mailto));
    }
    let to = elsewhere.unwrap_or(&subscription.address);
    let outgoing = ready(service, mail, newsletter, to, &rendered, unsubscribe)?;
    Ok(Prepared::Ready(outgoing, proof))
}

/// The latest issue that went out, and when it began to.
async fn latest_issue(
    db: &mut Read,
    newsletter: &Newsletter,
) -> Result<Option<(Issue, Timestamp)>, StoreError> {
    let slice = Slice {
        limit: 3,
        offset: 0,
    };
    let latest = store::issue::public(db, newsletter.id, slice).await?;
    // One that was stopped may be wrong.
    let went_out = |issue: &Issue| matches!(issue.state, IssueState::Sending | IssueState::Sent);
    let latest = latest.into_iter().find(went_out);
    Ok(latest.and_then(|issue| issue.started_at.map(|at| (issue, at))))
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
    my_data: String,
    new_address: String,
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
            my_data: personal(Purpose::MyData),
            new_address: personal(Purpose::NewAddress),
        }
    }

    /// What a kind of mail links to; none when it has nothing to say.
    fn of_kind<'a>(
        &'a self,
        kind: MailKind,
        hours_valid: u32,
        certificate: Option<&'a Certificate>,
    ) -> Option<MailLinks<'a>> {
        Some(match kind {
            MailKind::Confirmation => MailLinks::Confirmation {
                confirm_url: &self.confirm,
                hours_valid,
            },
            MailKind::AlreadySubscribed => MailLinks::AlreadySubscribed {
                preferences_url: &self.preferences,
                unsubscribe_url: &self.unsubscribe,
            },
            MailKind::Welcome => MailLinks::Welcome {
                archive_url: self.archive.as_deref(),
                preferences_url: &self.preferences,
                unsubscribe_url: &self.unsubscribe,
            },
            MailKind::DataLink => MailLinks::DataLink {
                my_data_url: &self.my_data,
                hours_valid: Purpose::MY_DATA_HOURS,
            },
            MailKind::NewAddress => MailLinks::NewAddress {
                new_address_url: &self.new_address,
                hours_valid: Purpose::NEW_ADDRESS_HOURS,
            },
            MailKind::AddressChanged => MailLinks::AddressChanged {},
            MailKind::Erased => MailLinks::Erased {
                certificate: certificate?,
            },
            MailKind::TestCopy => return None,
        })
    }
}

/// That the mail was sent, for the record of one of the subscriptions that it is about.
fn mailed(
    service: &Service,
    mail: &ClaimedMail,
    (subscription, newsletter): &(Subscription, Newsletter),
    wording: &str,
) -> ConsentEvent {
    let evidence = Evidence {
        method: ConsentMethod::Mail,
        at: mail.created_at,
        wording: ConsentWording {
            wording: wording.to_owned(),
            ..texts::consent_wording(mail.language, &newsletter.title)
        },
        page: service.links.outbox_message_id(newsletter, mail.id),
        ip: None,
    };
    let subject = Subject::of(service.links.key(), subscription);
    membership::note(subject, NoteKind::Mailed, evidence)
}

/// The subscriptions that a mail is still wanted for, with their newsletters.
async fn wanted(
    service: &Service,
    db: &mut Read,
    mail: &ClaimedMail,
    (first, others): (SubscriptionId, &[SubscriptionId]),
    elsewhere: Option<&EmailAddress>,
) -> Result<Vec<(Subscription, Newsletter)>, MailError> {
    let mut wanted = Vec::new();
    for id in std::iter::once(&first).chain(others) {
        let Some(subscription) = store::subscription::by_id(db, *id).await? else {
            continue;
        };
        let to = elsewhere.unwrap_or(&subscription.address);
        if is_wanted(service, db, mail.kind, &subscription, to).await? {
            let newsletter = store::newsletter::by_id(db, subscription.newsletter).await?;
            wanted.push((subscription, newsletter));
        }
    }
    Ok(wanted)
}

/// Whether a mail about a subscription still makes sense, as things are now.
async fn is_wanted(
    service: &Service,
    db: &mut Read,
    kind: MailKind,
    subscription: &Subscription,
    to: &EmailAddress,
) -> Result<bool, StoreError> {
    let erased = subscription.end_reason == Some(EndReason::Erased);
    Ok(match kind {
        MailKind::Confirmation => subscription.state == SubscriptionState::Pending,
        MailKind::AlreadySubscribed | MailKind::Welcome => {
            subscription.state == SubscriptionState::Active
        }
        MailKind::DataLink => !erased && subscription.state != SubscriptionState::Pending,
        MailKind::NewAddress => {
            let person = subscription.subscriber;
            let asked = store::subscriber::address_change::asked(db, person).await?;
            let hash = service.links.address_hash(to);
            let now = service.clock.now();
            asked.is_some_and(|(address, _)| address == *to)
                && store::subscriber::address_change::is_free(db, person, to, &hash, now).await?
        }
        MailKind::AddressChanged | MailKind::Erased => true,
        MailKind::TestCopy => false,
    })
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
