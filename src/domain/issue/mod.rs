//! One number of a newsletter.

mod audience;
mod changes;
mod check;
mod content;
mod draft;
mod ending;
mod markdown;
mod merge;
mod month;
mod page;
mod paused_because;
mod recipe;
mod schedule;
mod search;
mod slug;
mod summary;
mod variant;

pub use audience::{Audience, Erratum};
pub use changes::ContentChanges;
pub use check::{
    CheckContext, EarlierIssues, Finding, FindingCode, FindingPlace, LinkUse, SentLink, Severity,
    check_content, normalised_link,
};
pub(crate) use content::null_as_default;
pub(super) use content::web_address;
pub use content::{Access, Image, IssueContent, Item, Part, PartKind};
pub(crate) use markdown::{EMPTY_COMMENT, link_destination, prepare_markdown};
pub use merge::{ContentMarks, MergedContent};
pub use month::{BadMonth, Month};
pub use page::NoPage;
pub use paused_because::{PauseCode, PausedBecause};
pub use recipe::{RecipePart, shipped_recipe};
pub use schedule::{ScheduleError, check_schedule, parse_past_time, parse_schedule, zoned_time};
pub use search::{ExcerptPart, SearchQuery, folded};
pub use slug::{Slug, SlugError};
pub use summary::summary;
pub use variant::{Shown, shown};

use std::collections::BTreeMap;
use std::ops::AddAssign;

use jiff::Timestamp;
use serde::Serialize;

use super::text_enum::text_enum;
use super::{DeliveryState, Exclusion, Frequency, IssueId, NewsletterId};

text_enum! {
    /// draft → scheduled → sending ⇄ paused → sent, or cancelled.
    pub enum IssueState as "issue state" {
        /// Being written.
        Draft = "draft",
        /// Will be sent at a set time.
        Scheduled = "scheduled",
        /// The audience is frozen and mails go out.
        Sending = "sending",
        /// Stopped for the moment; nothing goes out.
        Paused = "paused",
        /// Every delivery has ended.
        Sent = "sent",
        /// Stopped for good.
        Cancelled = "cancelled",
    }
}

/// A change that the state of the issue does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an issue that is {from} cannot be {wish}")]
pub struct RefusedTransition {
    /// Where the issue stands.
    pub from: IssueState,
    /// What was asked for, as a past participle.
    pub wish: &'static str,
}

/// What a change of the content means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Nobody has had it.
    Draft,
    /// Some have had it; who still waits will get a new revision. Once it was sent, its page alone is corrected.
    Correction,
}

impl IssueState {
    /// What a change of the content would be.
    ///
    /// # Errors
    /// When mails of it are going out, or it was stopped for good.
    pub fn edit(self) -> Result<Edit, RefusedTransition> {
        match self {
            Self::Draft | Self::Scheduled => Ok(Edit::Draft),
            Self::Paused | Self::Sent => Ok(Edit::Correction),
            from => Err(RefusedTransition {
                from,
                wish: "edited",
            }),
        }
    }

    /// Take it back before its time. `None` means that it is a draft already.
    ///
    /// # Errors
    /// When its sending has begun, or it was cancelled.
    pub fn unschedule(self) -> Result<Option<Self>, RefusedTransition> {
        match self {
            Self::Scheduled => Ok(Some(Self::Draft)),
            Self::Draft => Ok(None),
            from @ (Self::Sending | Self::Paused) => Err(RefusedTransition {
                from,
                wish: "taken back; pause or cancel it",
            }),
            from => Err(RefusedTransition {
                from,
                wish: "taken back",
            }),
        }
    }

    /// Stop for the moment. What is only scheduled is taken back by [`Self::unschedule`].
    ///
    /// # Errors
    /// When nothing is being sent.
    pub fn pause(self) -> Result<Option<Self>, RefusedTransition> {
        match self {
            Self::Sending => Ok(Some(Self::Paused)),
            Self::Paused => Ok(None),
            from => Err(RefusedTransition {
                from,
                wish: "paused",
            }),
        }
    }

    /// Go on.
    ///
    /// # Errors
    /// When the issue is not paused.
    pub fn resume(self) -> Result<Option<Self>, RefusedTransition> {
        match self {
            Self::Paused => Ok(Some(Self::Sending)),
            Self::Sending => Ok(None),
            from => Err(RefusedTransition {
                from,
                wish: "resumed",
            }),
        }
    }

    /// Stop for good.
    ///
    /// # Errors
    /// When it has all gone out already.
    pub fn cancel(self) -> Result<Option<Self>, RefusedTransition> {
        match self {
            Self::Draft | Self::Scheduled | Self::Sending | Self::Paused => {
                Ok(Some(Self::Cancelled))
            }
            Self::Cancelled => Ok(None),
            Self::Sent => Err(RefusedTransition {
                from: self,
                wish: "cancelled",
            }),
        }
    }
}

/// How the deliveries of an issue stand. `audience` is always the sum of the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// Readers in the frozen audience.
    pub audience: i64,
    /// Waiting, or in the hands of a worker.
    pub queued: i64,
    /// Accepted by a server.
    pub sent: i64,
    /// To be tried again.
    pub deferred: i64,
    /// Refused because of the reader's address.
    pub bounced: i64,
    /// Given up for another reason.
    pub failed: i64,
    /// Not wanted any more.
    pub skipped: i64,
    /// Perhaps arrived: the connection broke after the final dot.
    pub unknown: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.audience += other.audience;
        self.queued += other.queued;
        self.sent += other.sent;
        self.deferred += other.deferred;
        self.bounced += other.bounced;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.unknown += other.unknown;
    }
}

impl Counts {
    /// Deliveries that still have work ahead.
    #[must_use]
    pub fn waiting(self) -> i64 {
        self.queued + self.deferred
    }

    /// Deliveries that nothing more is done about.
    #[must_use]
    pub fn ended(self) -> i64 {
        self.sent + self.bounced + self.failed + self.skipped + self.unknown
    }

    /// Deliveries in this state.
    #[must_use]
    pub fn of(self, state: DeliveryState) -> i64 {
        match state {
            DeliveryState::Queued => self.queued,
            DeliveryState::Sent => self.sent,
            DeliveryState::Deferred => self.deferred,
            DeliveryState::Bounced => self.bounced,
            DeliveryState::Failed => self.failed,
            DeliveryState::Skipped => self.skipped,
            DeliveryState::Unknown => self.unknown,
        }
    }

    /// Moves the counter of deliveries in this state; the audience stays.
    pub fn add(&mut self, state: DeliveryState, by: i64) {
        *match state {
            DeliveryState::Queued => &mut self.queued,
            DeliveryState::Sent => &mut self.sent,
            DeliveryState::Deferred => &mut self.deferred,
            DeliveryState::Bounced => &mut self.bounced,
            DeliveryState::Failed => &mut self.failed,
            DeliveryState::Skipped => &mut self.skipped,
            DeliveryState::Unknown => &mut self.unknown,
        } += by;
    }
}

/// An issue as it is kept.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Its identity.
    pub id: IssueId,
    /// Of which newsletter.
    pub newsletter: NewsletterId,
    /// Its name in the archive.
    pub slug: Slug,
    /// Where it stands.
    pub state: IssueState,
    /// Goes up with every change. The API's If-Match compares it; an ETag says more.
    pub version: i64,
    /// Goes up with every correction after mails have gone out; 1 at first.
    pub revision: i64,
    /// What it says.
    pub content: IssueContent,
    /// The month of which it is the summary; none for one of the issues.
    pub month: Option<Month>,
    /// When it was written down first.
    pub created_at: Timestamp,
    /// When it is to go out.
    pub scheduled_at: Option<Timestamp>,
    /// When its audience was frozen: also the Date of its mails.
    pub started_at: Option<Timestamp>,
    /// When its last delivery ended; while it goes once more to those to whom it failed, when it had ended before.
    pub finished_at: Option<Timestamp>,
    /// When somebody took its page off the web; none while it is there.
    pub hidden_at: Option<Timestamp>,
    /// Why the service stopped it by itself, if it did.
    pub paused_because: Option<PausedBecause>,
    /// Whose readers it corrects; none for one that goes to the readers of the newsletter.
    pub erratum: Option<Erratum>,
    /// How its deliveries stand.
    pub counts: Counts,
    /// Readers who were left out of the audience when it was frozen, by reason.
    pub excluded: BTreeMap<Exclusion, i64>,
}

impl Issue {
    /// Who gets it: those who have chosen this.
    #[must_use]
    pub fn frequency(&self) -> Frequency {
        match self.month {
            None => Frequency::Each,
            Some(_) => Frequency::Monthly,
        }
    }

    /// Who it goes to.
    #[must_use]
    pub fn audience(&self) -> Audience {
        Audience {
            newsletter: self.newsletter,
            frequency: self.frequency(),
            erratum: self.erratum,
        }
    }

    /// Whether it is the summary of a month that waits for its time, which nobody scheduled.
    #[must_use]
    pub fn goes_out_by_itself(&self) -> bool {
        self.month.is_some() && self.state == IssueState::Scheduled
    }

    /// Send at once (`None`), or at a time. Returns false when just that was asked for before and
    /// nothing is to be done; a time that is planned may be moved.
    ///
    /// # Errors
    /// When the issue was cancelled, or another time was asked for than the one at which it is or was
    /// sent: whoever asks for that must not believe to have got it.
    pub fn send(&self, at: Option<Timestamp>) -> Result<bool, RefusedTransition> {
        let refused = |wish| {
            let from = self.state;
            Err(RefusedTransition { from, wish })
        };
        let planned = self.scheduled_at;
        match self.state {
            IssueState::Draft => Ok(true),
            IssueState::Scheduled if at.is_none() && self.goes_out_by_itself() => Ok(true),
            IssueState::Scheduled if at.is_none() => {
                refused("sent at once; take it back first, or name another time")
            }
            IssueState::Scheduled => Ok(at != planned),
            IssueState::Cancelled => refused("sent"),
            IssueState::Sending | IssueState::Paused | IssueState::Sent => {
                if at.is_none() || at == planned {
                    Ok(false)
                } else {
                    refused("sent at another time")
                }
            }
        }
    }

    /// What a change of the content would be.
    ///
    /// # Errors
    /// When what it says is settled.
    pub fn edit(&self) -> Result<Edit, RefusedTransition> {
        self.state.edit()
    }

    /// Everybody who read the newsletter when the audience was frozen: the audience, and who
    /// was left out.
    #[must_use]
    pub fn candidates(&self) -> i64 {
        self.counts.audience + self.excluded.values().sum::<i64>()
    }
}
