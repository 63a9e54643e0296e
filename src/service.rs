//! What every flow works with.

use crate::bucket::Bucket;
use crate::clock::Clock;
use crate::config::Settings;
use crate::dns::Dns;
use crate::domain::{
    Audience, DisposableDomains, EarlierIssues, Finding, IssueId, Newsletter, NewsletterId,
    ReaderFigures, SignupRequest, WorkerId,
};
use crate::fetch::{FetchError, Fetcher, Probed};
use crate::group_commit::GroupCommit;
use crate::heartbeat::Heartbeats;
use crate::heavy_work::HeavyWork;
use crate::links::Links;
use crate::mail::{MailDomains, MessageError, Outgoing, Signer, Signing};
use crate::metrics::Metrics;
use crate::store::issue::audience::AudienceCount;
use crate::store::{Store, StoreError};
use jiff::Timestamp;
use moka::future::Cache;
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;
use url::Url;

/// The newsletters, the oldest first, and when they were read.
pub type ReadAt = (Timestamp, Vec<Arc<Newsletter>>);

/// The readers of a newsletter as a process counted them.
#[derive(Debug, Clone)]
pub struct KeptFigures {
    /// The figures.
    pub figures: Arc<ReaderFigures>,
    /// Whether they are being counted anew.
    pub in_work: bool,
}

/// An audience as it was counted, and when.
pub type CountedAudience = (Timestamp, Arc<AudienceCount>);

/// What other machines said when an issue was checked thoroughly.
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// The version of the issue.
    pub version: i64,
    /// What its links and pictures led to, without what stands behind a `#`.
    pub links: HashMap<Url, Result<Probed, FetchError>>,
    /// What was found about sender and relays.
    pub delivery: Vec<Finding>,
}

/// The database, the clock, the links and the settings of one process. Clones share all.
#[derive(Clone)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// Time and chance.
    pub clock: Clock,
    /// Which worker this process is, if it is one.
    pub worker: WorkerId,
    /// Links and their key.
    pub links: Arc<Links>,
    /// Signs mails, if there are keys.
    pub signer: Option<Signer>,
    /// The settings.
    pub settings: Arc<Settings>,
    /// What sign-ups remember of the newsletters.
    pub newsletters: Arc<Mutex<Option<ReadAt>>>,
    /// What the desk has counted of audiences, and when.
    pub audiences: Arc<Mutex<HashMap<Audience, CountedAudience>>>,
    /// How many readers the newsletters have, as counted lately.
    pub reader_figures: Arc<Mutex<HashMap<NewsletterId, KeptFigures>>>,
    /// Whether sign-ups looked like an attack, and when that was seen.
    pub attack: Arc<Mutex<Option<(Timestamp, bool)>>>,
    /// How many sign-ups are being answered.
    pub signups_in_flight: Arc<AtomicUsize>,
    /// Domains that may not sign up.
    pub disposable: Arc<DisposableDomains>,
    /// Tells which domains take mail, if sign-ups are checked for that.
    pub mail_domains: Option<Arc<MailDomains>>,
    /// Sign-ups that wait for a transaction.
    pub signups: Arc<GroupCommit<Arc<SignupRequest>, StoreError>>,
    /// Cancelled when the process was told to stop, and still answers.
    pub draining: CancellationToken,
    /// Cancelled when the process finishes what is in flight: answers that go on by themselves end then.
    pub stopping: CancellationToken,
    /// That the database has taken a write lately.
    pub write_checked: Cache<(), ()>,
    /// Whether all sending is held.
    pub hold: Hold,
    /// Where pictures are kept, if not in the database.
    pub bucket: Option<Arc<Bucket>>,
    /// What the checks of issues ask, and what they remember.
    pub checks: Arc<Checks>,
    /// Whether the loops of this process turn.
    pub heartbeats: Heartbeats,
    /// What this process counts.
    pub metrics: Arc<Metrics>,
    /// What was lately read of the database for monitoring.
    pub database_figures: Cache<(), Arc<str>>,
}

/// What the checks of issues ask, and what they remember.
pub struct Checks {
    /// Fetches from other sites.
    pub fetcher: Fetcher,
    /// Asks for the records of a domain.
    pub dns: Dns,
    /// What other issues had, under the newsletter, the version of all that were sent, and the one that is left out.
    pub sent: Cache<(NewsletterId, i64, Option<IssueId>), Arc<EarlierIssues>>,
    /// What the checks that take long have heard.
    pub asked: Cache<IssueId, Arc<Asked>>,
    /// The places where pictures are decoded.
    pub decoding: HeavyWork,
}

/// Whether all sending is held, as this process saw it last. It counts as held until the process has
/// looked. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Hold(Arc<Mutex<Option<bool>>>);

impl Hold {
    /// Whether nothing may be mailed now.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.lock().unwrap_or(true)
    }

    /// Notes what was seen; returns what was seen before.
    pub(crate) fn set(&self, held: bool) -> Option<bool> {
        self.lock().replace(held)
    }

    fn lock(&self) -> MutexGuard<'_, Option<bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Begins to make the DKIM signatures of a mail, if there are keys to sign with.
    pub fn begin_signing(&self, mail: &Outgoing) -> Signing {
        let signer = self.signer.as_ref();
        signer.map_or_else(Signing::default, |signer| signer.begin(mail))
    }

    /// The mail with its DKIM signatures, if there are keys to sign with.
    ///
    /// # Errors
    /// When it cannot be signed; then it should not go out.
    pub async fn signed(&self, mail: Outgoing) -> Result<Outgoing, MessageError> {
        self.begin_signing(&mail).finish(mail).await
    }
}
