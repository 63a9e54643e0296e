//! Composes transactional mails: the text, the recipient, and the proof of consent that sending one is.

use jiff::Timestamp;

use super::editor_mail;
use super::urls::Urls;
use super::wanted::wanted;
use crate::domain::{
    Answers, ConsentEvent, ConsentMethod, ConsentWording, CountrySet, EmailAddress, Issue, IssueId,
    IssueState, MailKind, Newsletter, Purpose, Subscription, SubscriptionId,
};
use crate::mail::{
    EnclosedIssue, Envelope, FeedbackId, ListHeaders, MailLinks, MessageError, OneOfSeveral,
    Outgoing, RenderedMail, SystemMail, TemplateError, build, render_editors_copy,
    render_system_mail,
};
use crate::membership::{self, Evidence, NoteKind, Subject};
use crate::service::Service;
use crate::store::issue::archive::Slice;
use crate::store::outbox::{ClaimedMail, Recipient};
use crate::store::{self, Read, StoreError};
use crate::texts::{self, TextOverrides};

/// Why a mail could not be composed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error("the details stored with the mail cannot be read: {0}")]
    Details(serde_json::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether there is a mail to send.
pub(crate) enum Prepared {
    /// The mail, and the consent events to record once the relay has accepted it.
    Ready(Box<Outgoing>, Vec<ConsentEvent>),
    /// There is nothing to send any more, and why.
    NotWanted(&'static str),
}

/// Composes a mail, unless it is no longer wanted.
///
/// # Errors
/// When the database cannot be used, or the mail cannot be rendered or built.
pub(crate) async fn prepare(service: &Service, mail: &ClaimedMail) -> Result<Prepared, MailError> {
    match &mail.to {
        Recipient::Tester(address, issue) => prepare_copy(service, mail, address, *issue).await,
        Recipient::Editor(editor) => editor_mail::prepare(service, mail, *editor).await,
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
        return Ok(Prepared::NotWanted("the issue is gone"));
    };
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    drop(db);
    let (countries, at) = (countries_of_copy(mail)?, mail.first_due_at);
    let mut rendered = render_editors_copy(&service.links, &newsletter, &issue, countries, at)?;
    // A summary that was written by itself: the subject says when it goes out, so that it can be stopped.
    if let Some(at) = issue.scheduled_at.filter(|_| issue.goes_out_by_itself()) {
        let date = texts::long_date(mail.language, newsletter.day(at));
        let values = [
            ("date", date.into()),
            ("subject", rendered.subject.clone().into()),
        ];
        rendered.subject = texts::text(mail.language, "summary-copy-subject", &values);
    }
    let sender = &service.settings.feedback_sender;
    let list = ListHeaders::of_copy(&service.links, &newsletter, issue.id, sender, at);
    let copy = ready(service, mail, &newsletter, to, &rendered, Some(list))?;
    Ok(Prepared::Ready(copy, Vec::new()))
}

/// The countries that the reader follows whose letter a test copy shows.
fn countries_of_copy(mail: &ClaimedMail) -> Result<CountrySet, MailError> {
    let countries = mail.details.as_deref().map(serde_json::from_str::<String>);
    let Some(countries) = countries.transpose().map_err(MailError::Details)? else {
        return Ok(CountrySet::default());
    };
    let unreadable = |error| MailError::Details(serde::de::Error::custom(error));
    CountrySet::parse(&countries).map_err(unreadable)
}

async fn prepare_system_mail(
    service: &Service,
    mail: &ClaimedMail,
    about: (SubscriptionId, &[SubscriptionId]),
    elsewhere: Option<&EmailAddress>,
) -> Result<Prepared, MailError> {
    let mut db = service.store.read().await?;
    let all = wanted(service, &mut db, mail, about, elsewhere).await?;
    let Some((first, others)) = all.split_first() else {
        return Ok(Prepared::NotWanted("the subscription has changed since"));
    };
    let (subscription, newsletter) = first;
    let content = Content::load(service, &mut db, mail, first, &all).await?;
    drop(db);
    let others: Vec<SubscriptionId> = others.iter().map(|(other, _)| other.id).collect();
    let latest_url = content.latest_urls.first().cloned().flatten();
    let urls = Urls::of(&service.links, mail, subscription.id, &others, latest_url);
    let certificate = mail.details.as_deref().map(serde_json::from_str);
    let certificate = certificate.transpose().map_err(MailError::Details)?;
    let hours = service.settings.signup.confirm_hours;
    let Some(links) = urls.of_kind(mail.kind, hours, certificate.as_ref()) else {
        let why = "this kind of mail has nothing to say here";
        return Ok(Prepared::NotWanted(why));
    };
    let rendered = content.render(service, mail, first, &all, links)?;
    let mut proof = Vec::new();
    let mut list = None;
    if mail.kind == MailKind::Confirmation {
        proof = confirmation_proof(service, mail, &all, &rendered, &urls.confirm);
    } else if matches!(mail.kind, MailKind::AlreadySubscribed | MailKind::Welcome)
        && others.is_empty()
    {
        // The other kinds go to people who are not subscribed, or who asked for them a moment ago. Of several
        // newsletters one click would end one, and nobody sees which: each has its own link in the text.
        let (links, id, at) = (&service.links, subscription.id, mail.first_due_at);
        let sender = &service.settings.feedback_sender;
        let feedback_id = FeedbackId::of_mail(newsletter, mail.kind, sender);
        list = Some(ListHeaders::new(links, newsletter, id, at, feedback_id));
    }
    let to = elsewhere.unwrap_or(&subscription.address);
    let outgoing = ready(service, mail, newsletter, to, &rendered, list)?;
    Ok(Prepared::Ready(outgoing, proof))
}

/// What a mail about a subscription contains besides its links.
struct Content {
    overrides: Vec<(String, String)>,
    answers: Answers,
    /// The latest issue, and when it was sent, where the mail contains it.
    latest: Option<(Issue, Timestamp)>,
    /// The page of the latest issue of each newsletter that the mail is about, if there is one.
    latest_urls: Vec<Option<String>>,
}

impl Content {
    async fn load(
        service: &Service,
        db: &mut Read,
        mail: &ClaimedMail,
        (subscription, newsletter): &(Subscription, Newsletter),
        all: &[(Subscription, Newsletter)],
    ) -> Result<Self, StoreError> {
        let overrides =
            store::newsletter::text_override::of(db, newsletter.id, mail.language).await?;
        let mut content = Self {
            overrides,
            answers: Answers::default(),
            latest: None,
            latest_urls: Vec::new(),
        };
        if mail.kind == MailKind::Welcome {
            content.answers = store::subscriber::answer::of(db, subscription.id).await?;
            for (_, newsletter) in all {
                let latest = latest_issue(db, newsletter).await?;
                let issue = latest.as_ref().filter(|_| newsletter.is_public());
                let url = issue.map(|(issue, _)| service.links.issue(newsletter, issue));
                content.latest_urls.push(url);
                if newsletter.welcome_issue && all.len() == 1 {
                    content.latest = enclosed(db, newsletter, latest).await?;
                }
            }
        }
        Ok(content)
    }

    /// Renders a mail about `all` these subscriptions, in the name of the first one's newsletter.
    fn render(
        &self,
        service: &Service,
        mail: &ClaimedMail,
        (subscription, newsletter): &(Subscription, Newsletter),
        all: &[(Subscription, Newsletter)],
        links: MailLinks<'_>,
    ) -> Result<RenderedMail, TemplateError> {
        let one = |(index, (subscription, newsletter)): (usize, &(Subscription, Newsletter))| {
            let latest_url = self.latest_urls.get(index).cloned().flatten();
            let (leave, at) = (Purpose::Unsubscribe, mail.first_due_at);
            let unsubscribe_url = service.links.personal(leave, subscription.id, at);
            OneOfSeveral::new(newsletter, latest_url, unsubscribe_url)
        };
        let several = all.iter().enumerate().filter(|_| all.len() > 1);
        let several: Vec<OneOfSeveral> = several.map(one).collect();
        let logo = newsletter.logo.as_ref();
        let logo = logo.map(|logo| service.links.logo(logo));
        let latest = self.latest.as_ref().map(|(issue, sent_at)| {
            let url = newsletter
                .is_public()
                .then(|| service.links.issue(newsletter, issue));
            let (followed, date) = (subscription.chosen.countries, newsletter.day(*sent_at));
            EnclosedIssue::new(newsletter, &issue.content, followed, date, url)
        });
        render_system_mail(&SystemMail {
            newsletter,
            several: &several,
            logo_url: logo.as_deref(),
            language: mail.language,
            links,
            greet: newsletter.fields.greeting(&self.answers),
            latest: latest.as_ref(),
            words: &TextOverrides::of(mail.language, &self.overrides),
        })
    }
}

/// The consent events of a confirmation mail, one for each subscription, with the text of the mail.
fn confirmation_proof(
    service: &Service,
    mail: &ClaimedMail,
    all: &[(Subscription, Newsletter)],
    rendered: &RenderedMail,
    confirm_url: &str,
) -> Vec<ConsentEvent> {
    // Without the personal link: it would still confirm, and this way the text is the same for everybody.
    let hidden = service.links.page("/confirm/…");
    let shown = rendered.text.replace(confirm_url, &hidden);
    let wording = format!("{}\n\n{shown}", rendered.subject);
    let event = |about| mailed(service, mail, about, &wording);
    all.iter().map(event).collect()
}

/// The latest issue that was sent, and when its sending began.
async fn latest_issue(
    db: &mut Read,
    newsletter: &Newsletter,
) -> Result<Option<(Issue, Timestamp)>, StoreError> {
    let slice = Slice {
        limit: 3,
        offset: 0,
    };
    let latest = store::issue::public(db, newsletter.id, slice).await?;
    // An issue that was paused or cancelled may have a mistake.
    let went_out = |issue: &Issue| matches!(issue.state, IssueState::Sending | IssueState::Sent);
    let latest = latest.into_iter().find(went_out);
    Ok(latest.and_then(|issue| issue.started_at.map(|at| (issue, at))))
}

/// The latest issue, unless one person alone corrected its page where a mail needs two.
async fn enclosed(
    db: &mut Read,
    newsletter: &Newsletter,
    latest: Option<(Issue, Timestamp)>,
) -> Result<Option<(Issue, Timestamp)>, StoreError> {
    if let Some((issue, _)) = &latest
        && !store::issue::approval::may_be_mailed_again(db, newsletter, issue).await?
    {
        return Ok(None);
    }
    Ok(latest)
}

/// The consent event of a confirmation mail, for one of the subscriptions that it is about.
fn mailed(
    service: &Service,
    mail: &ClaimedMail,
    (subscription, newsletter): &(Subscription, Newsletter),
    wording: &str,
) -> ConsentEvent {
    let evidence = Evidence {
        method: ConsentMethod::Mail,
        at: mail.first_due_at,
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

pub(super) fn ready(
    service: &Service,
    mail: &ClaimedMail,
    newsletter: &Newsletter,
    to: &EmailAddress,
    rendered: &RenderedMail,
    list: Option<ListHeaders>,
) -> Result<Box<Outgoing>, MailError> {
    let message_id = service.links.outbox_message_id(newsletter, mail.id);
    let envelope = Envelope {
        newsletter,
        to,
        date: mail.first_due_at,
        message_id: &message_id,
        list,
        auto_generated: mail.kind != MailKind::TestCopy,
    };
    Ok(Box::new(Outgoing {
        return_path: service.links.outbox_return_path(newsletter, mail.id),
        to: to.clone(),
        date: mail.first_due_at,
        message: build(&envelope, rendered)?.into(),
    }))
}
