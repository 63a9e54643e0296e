//! What became of an issue: by provider and cause, over time, beside earlier issues.
//!
//! Reading a ledger of a million takes seconds. A worker does so once, when the issue has ended, and
//! keeps the result.

mod course;
mod csv;

pub use course::{Course, CoursePoint};
pub use csv::report_csv;

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PublishError, issue};
use crate::domain::{
    Counts, DeliveryState, Issue, IssueId, IssueState, Reply, ReplyMeaning, SubscriptionId,
};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::issue::IssueFilter;
use crate::store::issue::report::{self, Ending};
use crate::store::{self, Read, StoreError};

/// Who leaves within this time may have left because of the issue.
const LEAVING_TIME: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A ledger up to this size is read while somebody waits.
const SMALL: i64 = 5_000;
/// Deliveries read at once.
const PAGE: i64 = 2_000;
/// How many providers are named; the others are added up.
const PROVIDERS: usize = 20;
/// Issues that ended longer ago are not read on their own account.
const REPORTED_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How many earlier issues stand beside it.
const EARLIER: i64 = 5;
/// How many causes are read of a ledger that was not read as a whole.
const CAUSES: usize = 50;

/// What became of the deliveries to the mailboxes of one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderResult {
    /// Its name in the settings, or the domain of the mailboxes; empty for all others together.
    pub provider: String,
    /// Accepted by a server.
    pub sent: i64,
    /// To be tried again, or waiting for the first attempt.
    pub waiting: i64,
    /// Refused because of the reader's address.
    pub bounced: i64,
    /// Given up for another reason.
    pub failed: i64,
    /// Not wanted any more.
    pub skipped: i64,
    /// Perhaps arrived.
    pub unknown: i64,
}

/// Why mails to one provider did not arrive, or wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CauseCount {
    /// As in [`ProviderResult`]; null where it was not looked up.
    pub provider: Option<String>,
    /// Their state.
    pub state: DeliveryState,
    /// What the server meant.
    pub meaning: ReplyMeaning,
    /// The code of its answer; 0 where none answered.
    pub code: u16,
    /// Its enhanced status, as in `5.1.1`; empty where there was none.
    pub status: String,
    /// How many deliveries.
    pub deliveries: i64,
}

/// What is kept of a ledger that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ledger {
    providers: Vec<ProviderResult>,
    causes: Vec<CauseCount>,
}

/// Readers who left the newsletter in the week after an issue, for whatever reason they had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftAfter {
    /// Who unsubscribed.
    pub unsubscribed: i64,
    /// Who complained.
    pub complained: i64,
    /// Whether the week is over.
    pub is_final: bool,
}

/// An earlier issue, to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EarlierIssue {
    /// Its identity.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent, RFC 3339.
    pub started_at: Option<String>,
    /// Its deliveries by state.
    pub counts: Counts,
    /// Who left in the week after.
    pub left: LeftAfter,
}

/// The report of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IssueReport {
    /// By provider, those with most readers first; null until the ledger was read, a minute after the end.
    pub providers: Option<Vec<ProviderResult>>,
    /// Why mails did not arrive, the most frequent first.
    pub causes: Vec<CauseCount>,
    /// Who left in the week after.
    pub left: LeftAfter,
    /// How many mails were accepted and refused over time.
    pub course: Course,
    /// Earlier issues of the newsletter, the newest first.
    pub earlier: Vec<EarlierIssue>,
}

fn is_over(issue: &Issue) -> bool {
    matches!(issue.state, IssueState::Sent | IssueState::Cancelled)
}

/// The report of an issue that is being sent or was sent.
///
/// # Errors
/// When there is no such issue.
pub async fn report(service: &Service, id: IssueId) -> Result<IssueReport, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let kept = match is_over(&issue) {
        true => kept(service, &mut db, &issue).await?,
        false => None,
    };
    let ledger = match kept {
        Some(ledger) => Some(ledger),
        None if issue.counts.audience <= SMALL => Some(read(service, &mut db, id).await?),
        None => None,
    };
    let (providers, causes) = match ledger {
        Some(ledger) => (Some(ledger.providers), ledger.causes),
        None => (None, causes(&mut db, id).await?),
    };
    let filter = IssueFilter {
        newsletter: Some(issue.newsletter),
        state: Some(IssueState::Sent),
    };
    let mut earlier = Vec::new();
    for (earlier_issue, _) in store::issue::list(&mut db, filter, Some(id), EARLIER).await? {
        earlier.push(EarlierIssue {
            left: left(service, &mut db, &earlier_issue).await?,
            id: earlier_issue.id.to_string(),
            started_at: earlier_issue.started_at.map(|at| at.to_string()),
            counts: earlier_issue.counts,
            subject: earlier_issue.content.subject,
        });
    }
    Ok(IssueReport {
        providers,
        causes,
        left: left(service, &mut db, &issue).await?,
        course: course::of(&mut db, &issue).await?,
        earlier,
    })
}

async fn kept(
    service: &Service,
    db: &mut Read,
    issue: &Issue,
) -> Result<Option<Ledger>, StoreError> {
    let id = issue.id;
    let Some(json) = report::saved(db, id).await? else {
        return Ok(None);
    };
    match serde_json::from_str(&json) {
        Ok(ledger) => Ok(Some(ledger)),
        Err(error) => {
            tracing::warn!(issue = %id, %error, "the report that is kept cannot be read");
            let age = |ended| service.clock.now().duration_since(ended);
            let is_written = issue.finished_at.is_some_and(|at| age(at) < REPORTED_FOR);
            if is_written && store::issue::erratum::has_ledger(db, id).await? {
                // Later: this one holds a connection.
                tokio::spawn(forget(service.clone(), id));
            }
            Ok(None)
        }
    }
}

/// Removes what an earlier version wrote differently; a worker writes it anew.
async fn forget(service: Service, id: IssueId) {
    let remove = async {
        let mut tx = service.store.write().await?;
        report::remove(&mut tx, id).await?;
        tx.commit().await
    };
    if let Err(error) = remove.await {
        failures::warn("a report that cannot be read could not be removed", &error);
    }
}

/// Who left in the week after an issue.
async fn left(service: &Service, db: &mut Read, issue: &Issue) -> Result<LeftAfter, StoreError> {
    let Some(started) = issue.started_at else {
        return Ok(LeftAfter::default());
    };
    let until = started.saturating_add(LEAVING_TIME).unwrap_or(started);
    let mut left = LeftAfter {
        is_final: service.clock.now() >= until,
        ..LeftAfter::default()
    };
    for (reason, readers) in report::left(db, issue.newsletter, (started, until)).await? {
        match reason.as_str() {
            "unsubscribed" => left.unsubscribed += readers,
            "complained" => left.complained += readers,
            _ => {}
        }
    }
    Ok(left)
}

/// The causes without their providers, which one index has.
async fn causes(db: &mut Read, id: IssueId) -> Result<Vec<CauseCount>, StoreError> {
    let found = store::delivery::causes::causes(db, id, CAUSES).await?;
    let cause = |cause: store::delivery::causes::Cause| {
        let reply = cause.sample.unwrap_or_else(|| Reply::new(0, ""));
        CauseCount {
            provider: None,
            state: cause.state,
            meaning: ReplyMeaning::of(&reply, cause.state),
            code: reply.code,
            status: reply.status_text().unwrap_or_default(),
            deliveries: cause.deliveries,
        }
    };
    Ok(found.into_iter().map(cause).collect())
}

/// Reads the ledger, a page at a time.
async fn read(service: &Service, db: &mut Read, id: IssueId) -> Result<Ledger, StoreError> {
    let mut sums = Sums::new(service);
    let mut after = SubscriptionId(0);
    loop {
        let page = report::endings(db, id, after, PAGE).await?;
        for ending in &page {
            sums.add(ending);
        }
        match page.last() {
            Some(last) => after = last.subscription,
            None => return Ok(sums.ledger()),
        }
    }
}

type CauseKey = (String, &'static str, ReplyMeaning, u16, String);

/// What is counted while a ledger is read.
struct Sums {
    /// The provider of each domain in the settings.
    names: HashMap<String, String>,
    providers: BTreeMap<String, ProviderResult>,
    causes: BTreeMap<CauseKey, (DeliveryState, i64)>,
}

impl Sums {
    fn new(service: &Service) -> Self {
        Self {
            names: service.settings.provider_by_domain(),
            providers: BTreeMap::new(),
            causes: BTreeMap::new(),
        }
    }

    fn add(&mut self, ending: &Ending) {
        use DeliveryState::{Bounced, Deferred, Failed, Queued, Sent, Skipped, Unknown};
        let name = self.names.get(&ending.domain).unwrap_or(&ending.domain);
        let name = name.clone();
        let provider = self.providers.entry(name.clone()).or_default();
        *match ending.state {
            Queued | Deferred => &mut provider.waiting,
            Sent => &mut provider.sent,
            Bounced => &mut provider.bounced,
            Failed => &mut provider.failed,
            Skipped => &mut provider.skipped,
            Unknown => &mut provider.unknown,
        } += 1;
        if matches!(ending.state, Sent | Skipped | Queued) {
            return;
        }
        let reply = ending.reply.clone().unwrap_or_else(|| Reply::new(0, ""));
        let key = (
            name,
            ending.state.as_str(),
            ReplyMeaning::of(&reply, ending.state),
            reply.code,
            reply.status_text().unwrap_or_default(),
        );
        self.causes.entry(key).or_insert((ending.state, 0)).1 += 1;
    }

    fn ledger(self) -> Ledger {
        let named = self
            .providers
            .into_iter()
            .map(|(provider, result)| ProviderResult { provider, ..result });
        let mut providers: Vec<ProviderResult> = named.collect();
        providers.sort_by_key(|one| (std::cmp::Reverse(one.readers()), one.provider.clone()));
        let rest = providers.split_off(providers.len().min(PROVIDERS));
        let is_rest = |name: &str| rest.iter().any(|one| one.provider == name);
        let mut causes: BTreeMap<CauseKey, (DeliveryState, i64)> = BTreeMap::new();
        for ((provider, state, meaning, code, status), (of, deliveries)) in self.causes {
            let provider = if is_rest(&provider) {
                String::new()
            } else {
                provider
            };
            let key = (provider, state, meaning, code, status);
            causes.entry(key).or_insert((of, 0)).1 += deliveries;
        }
        if !rest.is_empty() {
            providers.push(
                rest.iter()
                    .fold(ProviderResult::default(), |all, one| all.plus(one)),
            );
        }
        let cause = |((provider, _, meaning, code, status), (state, deliveries))| CauseCount {
            provider: Some(provider),
            state,
            meaning,
            code,
            status,
            deliveries,
        };
        let mut causes: Vec<CauseCount> = causes.into_iter().map(cause).collect();
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.deliveries));
        Ledger { providers, causes }
    }
}

impl ProviderResult {
    /// All its readers in the audience.
    #[must_use]
    pub fn readers(&self) -> i64 {
        self.sent + self.waiting + self.bounced + self.failed + self.skipped + self.unknown
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            provider: self.provider,
            sent: self.sent + other.sent,
            waiting: self.waiting + other.waiting,
            bounced: self.bounced + other.bounced,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
            unknown: self.unknown + other.unknown,
        }
    }
}

/// Reads the ledgers of issues that have ended and keeps their reports; returns how many.
///
/// # Errors
/// The last one of an issue whose report could not be kept; those of the others are.
pub async fn write_reports(service: &Service) -> Result<usize, PublishError> {
    let now = service.clock.now();
    let since = now.saturating_sub(REPORTED_FOR).unwrap_or(now);
    let wanted = report::unreported(&mut service.store.read().await?, since).await?;
    let mut failed = None;
    for id in &wanted {
        if let Err(error) = write_report(service, *id).await {
            let what = format!("the report of the issue {id} cannot be written; others go on");
            failures::error(what, &error);
            failed = Some(error);
        }
    }
    failed.map_or(Ok(wanted.len()), Err)
}

async fn write_report(service: &Service, id: IssueId) -> Result<(), PublishError> {
    let ledger = read(service, &mut service.store.read().await?, id).await?;
    let json = serde_json::to_string(&ledger).map_err(StoreError::Encode)?;
    let mut tx = service.store.write().await?;
    // It may be sent again to some since it was read.
    let still = store::issue::lock(&mut tx, id).await?;
    if still.is_some_and(|issue| is_over(&issue)) {
        report::save(&mut tx, id, &json, service.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}
