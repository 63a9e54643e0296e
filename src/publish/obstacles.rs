//! Why an issue has not reached everybody yet, for the API and the command line.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{DeliveryState, Issue, IssueState, RelayLimit, Reply, ReplyMeaning};
use crate::service::Service;
use crate::store::delivery::causes::Cause;
use crate::store::{self, StoreError};

/// How many causes are shown of an issue.
const CAUSES: usize = 20;

/// Why deliveries of an issue wait or did not go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Obstacles {
    /// By state and answer, the most frequent first.
    pub causes: Vec<CauseView>,
    /// While the issue is being sent: the relays that take fewer connections than the settings say, one entry for
    /// each worker.
    pub relays: Vec<RelayLimitView>,
}

impl Obstacles {
    /// Those of an issue. The words of relays quote addresses, so only owners see them.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn of(service: &Service, issue: &Issue, to_owner: bool) -> Result<Self, StoreError> {
        let mut db = service.store.read().await?;
        let causes = store::delivery::causes::causes(&mut db, issue.id, CAUSES).await?;
        let relays = match issue.state {
            IssueState::Sending => {
                let now = service.clock.now();
                let since = now.saturating_sub(RelayLimit::TRUE_FOR).unwrap_or(now);
                store::delivery::relay_limit::seen_since(&mut db, since).await?
            }
            _ => Vec::new(),
        };
        let cause = |cause| CauseView::new(cause, to_owner);
        let relay = |limit| RelayLimitView::new(limit, to_owner);
        Ok(Self {
            causes: causes.into_iter().map(cause).collect(),
            relays: relays.into_iter().map(relay).collect(),
        })
    }
}

/// Why deliveries of an issue wait or did not go out: how many, and one of the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseView {
    /// Their state.
    pub state: DeliveryState,
    /// How many.
    pub deliveries: i64,
    /// The code of the answer; 0 where no server answered.
    pub code: Option<u16>,
    /// Its enhanced status, as in `4.3.2`.
    pub status: Option<String>,
    /// One of the answers. Relays quote addresses, so only owners see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// What the answer means for people. Its words are needed for that, which not everybody sees.
    #[serde(skip)]
    pub meaning: Option<ReplyMeaning>,
}

impl CauseView {
    fn new(cause: Cause, to_owner: bool) -> Self {
        let reply = cause.sample.as_ref();
        Self {
            state: cause.state,
            deliveries: cause.deliveries,
            code: reply.map(|reply| reply.code),
            status: reply.and_then(Reply::status_text),
            meaning: reply.map(|reply| ReplyMeaning::of(reply, cause.state)),
            sample: cause.sample.map(|reply| reply.text).filter(|_| to_owner),
        }
    }
}

/// A relay that takes fewer connections than the settings say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelayLimitView {
    /// Its name in the settings.
    pub relay: String,
    /// How many connections work.
    pub connections: i64,
    /// How many the settings say.
    pub configured: i64,
    /// When one more is tried.
    pub next_try_at: String,
    /// The code of its answer to one too many.
    pub code: u16,
    /// Its enhanced status, as in `4.3.2`.
    pub status: Option<String>,
    /// The answer. Relays quote addresses, so only owners see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

impl RelayLimitView {
    fn new(limit: RelayLimit, to_owner: bool) -> Self {
        Self {
            relay: limit.relay,
            connections: limit.connections,
            configured: limit.configured,
            next_try_at: limit.next_try_at.to_string(),
            code: limit.reply.code,
            status: limit.reply.status_text(),
            sample: Some(limit.reply.text).filter(|_| to_owner),
        }
    }
}
