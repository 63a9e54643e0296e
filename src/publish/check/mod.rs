//! The list of checks before an issue is sent: what is wrong, where, and how to mend it.
//!
//! [`check`] answers at once: what the content tells, what was sent before, how large it is. The rest
//! asks other machines (links, DNS, relays); [`check_thoroughly`] does that on demand, and `check` shows
//! what it heard for ten minutes, whatever is written meanwhile: a link is as dead after the next keystroke.

mod links;
mod relays;
mod sender;
mod test_copy;
mod view;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{PublishError, issue, newsletter_of};
use crate::domain::{
    CheckContext, CountrySet, EarlierIssues, Finding, FindingCode, FindingPlace, Issue,
    IssueContent, IssueId, Newsletter, SentLink, check_content,
};
use crate::mail::{GMAIL_CLIPS_AT, render_editors_copy};
use crate::service::{Asked, Service};
use crate::store::{self, Read};

pub use view::{CheckList, FindingView};

/// How many earlier issues are searched for an article: a year of a weekly.
const EARLIER_ISSUES: i64 = 52;
/// A picture that is larger takes long on a phone, and all pictures of an issue.
const HEAVY_PICTURE: u64 = 500_000;
const HEAVY_PICTURES: u64 = 3_000_000;
/// Whoever asks again within this time gets the same answer.
const ASKED_AGAIN: SignedDuration = SignedDuration::from_secs(15);

/// Everything that is to be looked at, errors first.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The issue in the version that was checked.
    pub issue: Issue,
    /// What was found.
    pub findings: Vec<Finding>,
    /// When links, DNS and relays were last asked about this issue; none when they were not.
    pub thorough_at: Option<Timestamp>,
    /// How many of its links came in after that.
    pub untried_links: usize,
}

impl Checked {
    fn new(
        service: &Service,
        issue: Issue,
        mut findings: Vec<Finding>,
        asked: Option<&Asked>,
    ) -> Self {
        let mut untried_links = 0;
        if let Some(asked) = asked {
            let (links, untried) = links::found(service, &issue.content, &asked.links);
            findings.extend(links);
            findings.extend(asked.delivery.iter().cloned());
            untried_links = untried;
        }
        findings.sort_by_key(|finding| (finding.severity, finding.place));
        Self {
            issue,
            findings,
            thorough_at: asked.map(|asked| asked.at),
            untried_links,
        }
    }
}

/// Checks what can be told at once, and adds what was heard on demand about the links that the issue has
/// now, its sender and the relays. `text` is one that the issue does not have yet.
///
/// # Errors
/// When there is no such issue.
pub async fn check(
    service: &Service,
    id: IssueId,
    text: Option<&IssueContent>,
) -> Result<Checked, PublishError> {
    let (newsletter, issue) = load(service, id, text).await?;
    let findings = at_once(service, &newsletter, &issue).await?;
    let asked = service.checks.asked.get(&issue.id).await;
    Ok(Checked::new(service, issue, findings, asked.as_deref()))
}

/// As [`check`], and asks links, DNS and relays: up to a minute. Of several requests at once, one asks.
///
/// # Errors
/// When there is no such issue.
pub async fn check_thoroughly(
    service: &Service,
    id: IssueId,
    text: Option<&IssueContent>,
) -> Result<Checked, PublishError> {
    let (newsletter, issue) = load(service, id, text).await?;
    let now = service.clock.now();
    let is_old = |asked: &Arc<Asked>| {
        asked.version != issue.version || now.duration_since(asked.at) > ASKED_AGAIN
    };
    let known = service.checks.asked.entry(issue.id);
    let ask = async {
        let (links, sender, relays) = tokio::join!(
            links::ask(service, &issue.content),
            sender::check(service, &newsletter, &issue),
            relays::check(service, &newsletter),
        );
        Arc::new(Asked {
            at: now,
            version: issue.version,
            links,
            delivery: [sender, relays].concat(),
        })
    };
    let asked = known.or_insert_with_if(ask, is_old).await.into_value();
    // Somebody may have gone on writing meanwhile.
    let (newsletter, issue) = load(service, id, text).await?;
    let findings = at_once(service, &newsletter, &issue).await?;
    Ok(Checked::new(service, issue, findings, Some(&asked)))
}

async fn load(
    service: &Service,
    id: IssueId,
    text: Option<&IssueContent>,
) -> Result<(Newsletter, Issue), PublishError> {
    let mut db = service.store.read().await?;
    let mut issue = issue(&mut db, id).await?;
    if let Some(text) = text {
        issue.content = text.clone();
    }
    let newsletter = newsletter_of(&mut db, issue.newsletter).await?;
    Ok((newsletter, issue))
}

async fn at_once(
    service: &Service,
    newsletter: &Newsletter,
    issue: &Issue,
) -> Result<Vec<Finding>, PublishError> {
    let mut db = service.store.read().await?;
    let sent = sent_before(service, &mut db, newsletter, issue).await?;
    let at = issue.scheduled_at.unwrap_or_else(|| service.clock.now());
    let context = CheckContext {
        language: newsletter.language,
        own_host: service.settings.http.public_url.host_str(),
        sender_domain: newsletter.sender_address.domain(),
        day: newsletter.day(at),
        sent: &sent,
        min_articles: service.settings.check.min_articles,
    };
    let mut found = check_content(&issue.content, &context);
    found.extend(pictures(service, &mut db, issue).await?);
    drop(db);
    found.extend(length(service, newsletter, issue, at)?);
    Ok(found)
}

/// What other issues had that were sent. They are read once after each change of them, as every keystroke asks.
async fn sent_before(
    service: &Service,
    db: &mut Read,
    newsletter: &Newsletter,
    issue: &Issue,
) -> Result<Arc<EarlierIssues>, PublishError> {
    let version = store::issue::archive::sent_version(db, newsletter.id).await?;
    // One that was sent repeats nothing of itself when it is corrected.
    let but = issue.is_published().then_some(issue.id);
    let key = (newsletter.id, version, but);
    if let Some(known) = service.checks.sent.get(&key).await {
        return Ok(known);
    }
    let slice = store::issue::archive::Slice {
        limit: EARLIER_ISSUES,
        offset: 0,
    };
    let mut sent = EarlierIssues::default();
    // The newest first: an article that was sent twice was last sent there.
    let others = store::issue::public(db, newsletter.id, slice).await?;
    for earlier in others.iter().filter(|other| Some(other.id) != but) {
        let at = earlier.started_at.unwrap_or(earlier.created_at);
        let day = newsletter.day(at);
        let subject = EarlierIssues::subject(&earlier.content.subject);
        sent.subjects.entry(subject).or_insert(day);
        for link in earlier.content.article_links() {
            let subject = || earlier.content.subject.clone();
            sent.links.entry(link).or_insert_with(|| SentLink {
                subject: subject(),
                day,
            });
        }
    }
    let sent = Arc::new(sent);
    service.checks.sent.insert(key, Arc::clone(&sent)).await;
    Ok(sent)
}

/// Pictures that are kept here: whether they are there, and what they weigh.
async fn pictures(
    service: &Service,
    db: &mut Read,
    issue: &Issue,
) -> Result<Vec<Finding>, PublishError> {
    let ours = service.links.picture("");
    let named: Vec<(FindingPlace, String)> = issue
        .content
        .links()
        .into_iter()
        .filter(|link| link.is_picture)
        .filter_map(|link| {
            Some((
                link.place,
                link.url.as_str().strip_prefix(&ours)?.to_owned(),
            ))
        })
        .collect();
    let (mut found, mut all) = (Vec::new(), 0);
    for (place, name) in named {
        match store::picture::weight(db, &name).await? {
            None => found.push(Finding::error(FindingCode::PictureGone, place)),
            Some(octets) => {
                all += octets;
                found.extend(heavy(place, octets));
            }
        }
    }
    if all > HEAVY_PICTURES {
        let finding = Finding::warning(FindingCode::PicturesHeavy, FindingPlace::Issue);
        found.push(finding.with("size", all.div_ceil(1000)));
    }
    Ok(found)
}

fn heavy(place: FindingPlace, octets: u64) -> Option<Finding> {
    let finding = Finding::warning(FindingCode::PictureHeavy, place);
    (octets > HEAVY_PICTURE).then(|| finding.with("size", octets.div_ceil(1000)))
}

/// Whether Gmail hides the end of the longest letter: the one with everything in full.
fn length(
    service: &Service,
    newsletter: &Newsletter,
    issue: &Issue,
    at: Timestamp,
) -> Result<Option<Finding>, PublishError> {
    let everything = CountrySet::default();
    let mail = render_editors_copy(&service.links, newsletter, issue, everything, at)?;
    let octets = mail.html.len();
    let finding = Finding::warning(FindingCode::TooLong, FindingPlace::Issue);
    Ok((octets > GMAIL_CLIPS_AT).then(|| finding.with("size", octets.div_ceil(1024))))
}
