//! The one constructor of a consent event.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, ConsentWording, LinkKey, Subscription, SubscriptionId,
};

/// Whose consent an event is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The keyed hash of the subscriber's address at that time.
    pub address_hash: [u8; 32],
}

impl Subject {
    /// The subscription with the address that it has now.
    #[must_use]
    pub fn of(key: &LinkKey, subscription: &Subscription) -> Self {
        Self {
            subscription: subscription.id,
            address_hash: key.address_hash(&subscription.address.key()),
        }
    }
}

/// How and when a person acted, and which words the person saw.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The channel.
    pub method: ConsentMethod,
    /// When, in UTC.
    pub at: Timestamp,
    /// The exact words that were shown or, for an import, quoted.
    pub wording: ConsentWording,
    /// The page or the file; for a mail, its Message-ID.
    pub page: String,
    /// The client's address, when known.
    pub ip: Option<IpAddr>,
}

/// An event that neither activates nor ends a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// A sign-up was requested.
    Requested,
    /// The relay accepted the mail that asks for confirmation.
    Mailed,
    /// The choices were changed.
    Changed,
    /// The name was corrected.
    Corrected,
    /// The address was changed, and the new one confirmed.
    Moved,
}

impl From<NoteKind> for ConsentKind {
    fn from(kind: NoteKind) -> Self {
        match kind {
            NoteKind::Requested => Self::Requested,
            NoteKind::Mailed => Self::Mailed,
            NoteKind::Changed => Self::Changed,
            NoteKind::Corrected => Self::Corrected,
            NoteKind::Moved => Self::Moved,
        }
    }
}

/// The consent event of something that leaves the state of the subscription as it is.
#[must_use]
pub fn note(subject: Subject, kind: NoteKind, evidence: Evidence) -> ConsentEvent {
    event(subject, kind.into(), evidence)
}

/// The event with any kind: only what activates or ends a subscription may choose it.
pub(super) fn event(subject: Subject, kind: ConsentKind, evidence: Evidence) -> ConsentEvent {
    let Evidence {
        method,
        at,
        wording,
        page,
        ip,
    } = evidence;
    ConsentEvent {
        subscription: subject.subscription,
        address_hash: subject.address_hash,
        kind,
        method,
        at,
        wording: wording.wording,
        wording_version: wording.version,
        language: wording.language,
        page,
        ip,
    }
}
