//! What is seen while an issue goes out, as server-sent events (WHATWG HTML §9.2).
//!
//! However many people watch an issue, a process looks at it once a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use futures_util::stream::unfold;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::watch::{Live, Seen};
use crate::domain::{Issue, IssueId, IssueState, Newsletter, Role};
use crate::instance::standstill::Standstill;
use crate::publish::{self, Obstacles, Pace};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::writing::{IssueInPath, Opened, open};
use crate::web::desk::{DeskError, SignedIn};
use crate::web::event_stream;

/// How often an issue is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// After so long a browser connects anew, and shows again that it may watch.
const STREAM_LASTS: Duration = Duration::from_secs(300);
/// How soon it does.
const RECONNECT: Duration = Duration::from_secs(1);

/// An issue and how it is going out, at one moment.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) issue: Issue,
    pub(super) pace: Pace,
    pub(super) obstacles: Obstacles,
    /// Why nothing goes out, while it should.
    pub(super) standstill: Option<Standstill>,
}

impl Snapshot {
    /// An issue as it is now.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub(super) async fn of(service: &Service, issue: Issue) -> Result<Self, StoreError> {
        Ok(Self {
            pace: publish::pace(service, &issue).await?,
            // What relays say quotes addresses; the page has words of its own.
            obstacles: Obstacles::of(service, &issue, false).await?,
            standstill: standstill(service, &issue).await?,
            issue,
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.issue.version, self.issue.counts) == (other.issue.version, other.issue.counts)
            && self.is_over() == other.is_over()
            && self.pace == other.pace
            && self.obstacles == other.obstacles
            && self.standstill == other.standstill
    }

    fn is_over(&self) -> bool {
        self.issue.has_ended()
    }
}

/// Why nothing of an issue goes out, while it should.
async fn standstill(service: &Service, issue: &Issue) -> Result<Option<Standstill>, StoreError> {
    if issue.state != IssueState::Sending {
        return Ok(None);
    }
    let mut db = service.store.read().await?;
    let paused = store::delivery::relay_pause::all(&mut db).await?;
    Standstill::now(service, &mut db, &paused).await
}

type Followed = watch::Receiver<Option<Arc<Snapshot>>>;

/// The issues that are watched, by this process.
#[derive(Debug, Clone, Default)]
pub(super) struct Hub(Arc<Mutex<HashMap<IssueId, Followed>>>);

impl Hub {
    /// Follows an issue: the same looks serve all who do.
    fn follow(&self, service: &Service, id: IssueId) -> Followed {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(followed) = all.get(&id) {
            return followed.clone();
        }
        let (sender, followed) = watch::channel(None);
        all.insert(id, followed.clone());
        tokio::spawn(self.clone().look(service.clone(), id, sender));
        followed
    }

    async fn look(
        self,
        service: Service,
        id: IssueId,
        sender: watch::Sender<Option<Arc<Snapshot>>>,
    ) {
        loop {
            // While the database cannot be read, those who watch keep what they have seen.
            if let Ok(Some(seen)) = read(&service, id).await {
                sender.send_if_modified(|kept| {
                    if kept.as_ref().is_some_and(|kept| kept.is_same(&seen)) {
                        return false;
                    }
                    *kept = Some(Arc::new(seen));
                    true
                });
            }
            sleep(LOOK).await;
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // One receiver is the hub's own.
            if sender.receiver_count() <= 1 {
                all.remove(&id);
                return;
            }
        }
    }
}

async fn read(service: &Service, id: IssueId) -> Result<Option<Snapshot>, StoreError> {
    let issue = store::issue::by_id(&mut service.store.read().await?, id).await?;
    match issue {
        Some(issue) => Snapshot::of(service, issue).await.map(Some),
        None => Ok(None),
    }
}

/// Somebody who watches.
struct Watcher {
    service: Service,
    layout: DeskLayout,
    newsletter: Newsletter,
    followed: Followed,
    until: Instant,
    /// What was sent last, so that nothing is sent twice.
    last: String,
    first: bool,
}

/// GET /desk/issues/{id}/events
pub(super) async fn events(
    State(service): State<Service>,
    Extension(hub): Extension<Hub>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let Opened {
        issue, newsletter, ..
    } = opened;
    let stopping = service.stopping.clone();
    let watcher = Watcher {
        followed: hub.follow(&service, issue.id),
        layout: DeskLayout::new(&signed_in, Section::Issues),
        until: Instant::now() + STREAM_LASTS,
        last: String::new(),
        first: true,
        newsletter,
        service,
    };
    let events = unfold(watcher, |mut watcher| async move {
        let event = watcher.next().await?;
        Some((event, watcher))
    });
    Ok(event_stream::answer(stopping, events))
}

impl Watcher {
    /// The next state of the issue, as HTML; none when it is time to connect anew.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if !std::mem::take(&mut self.first) {
                let changed = timeout_at(self.until, self.followed.changed()).await;
                changed.ok()?.ok()?;
            }
            let seen = self.followed.borrow_and_update().clone();
            let Some(seen) = seen else {
                continue;
            };
            let live = Live::new(&self.service, &self.layout, &self.newsletter, &seen);
            let html = self
                .layout
                .part("desk/sending/_live.html", &Seen { live: &live });
            if html == self.last && !seen.is_over() {
                continue;
            }
            self.last.clone_from(&html);
            let name = if seen.is_over() { "over" } else { "live" };
            return Some(Event::default().event(name).retry(RECONNECT).data(html));
        }
    }
}
