//! What ties the events of consent to each other.
//!
//! Each event has a hash over its content, and one over that and the event before. All are keyed:
//! who has the database alone can break the chain, but cannot make another that holds. Not hashed
//! is the IP address, which is forgotten before the rest is.

use jiff::Timestamp;

use crate::domain::LinkKey;
use crate::domain::text_enum::text_enum;

/// A hash of the chain.
pub type ChainHash = [u8; 32];

/// What the first event has before it.
pub const BEFORE_THE_FIRST: ChainHash = [0; 32];

text_enum! {
    /// Why an event is not kept any more.
    pub enum RemovalReason as "removal reason" {
        /// Nobody confirmed the sign-up in time, or its owner said "this was not me".
        Unconfirmed = "unconfirmed",
        /// The person asked to be forgotten, and had never confirmed.
        Erased = "erased",
        /// The time for which a proof is kept is over.
        Expired = "expired",
    }
}

/// What an event says. Words as they are stored, so that one that was spoilt has a hash too.
#[derive(Debug, Clone, Copy)]
pub struct ChainContent<'a> {
    /// Its number.
    pub event: i64,
    /// Whose subscription.
    pub subscription: i64,
    /// The keyed hash of the address at that time.
    pub address_hash: &'a [u8],
    /// What was done.
    pub kind: &'a str,
    /// By which way.
    pub method: &'a str,
    /// When, in microseconds.
    pub at: i64,
    /// From where.
    pub page: &'a str,
    /// The digest of wording, version and language.
    pub wording: &'a [u8],
}

impl ChainContent<'_> {
    /// The hash over all of it.
    #[must_use]
    pub fn hash(&self, key: &LinkKey) -> ChainHash {
        let parts: [&[u8]; 8] = [
            &self.event.to_be_bytes(),
            &self.subscription.to_be_bytes(),
            self.address_hash,
            self.kind.as_bytes(),
            self.method.as_bytes(),
            &self.at.to_be_bytes(),
            self.page.as_bytes(),
            self.wording,
        ];
        key.keyed_hash("consent-content", &parts)
    }
}

/// The hash that ties an event to the one before.
#[must_use]
pub fn link_hash(key: &LinkKey, before: &[u8], content: &[u8]) -> ChainHash {
    key.keyed_hash("consent-link", &[before, content])
}

/// What shows that it was this service that removed an event.
#[must_use]
pub fn removal_seal(key: &LinkKey, event: i64, hash: &[u8], at: Timestamp, why: &str) -> ChainHash {
    let at = at.as_microsecond().to_be_bytes();
    let parts: [&[u8]; 4] = [&event.to_be_bytes(), hash, &at, why.as_bytes()];
    key.keyed_hash("consent-removal", &parts)
}

/// Where the chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHead {
    /// When it was begun.
    pub began_at: Timestamp,
    /// The last event.
    pub event: i64,
    /// How many events there were, removed ones with them.
    pub length: i64,
    /// The last event's hash.
    pub hash: Vec<u8>,
}

impl ChainHead {
    /// What shows that it was this service that put the end here: without it, the last
    /// events could be cut off.
    #[must_use]
    pub fn seal(&self, key: &LinkKey) -> ChainHash {
        let began_at = self.began_at.as_microsecond().to_be_bytes();
        let parts: [&[u8]; 4] = [
            &began_at,
            &self.event.to_be_bytes(),
            &self.length.to_be_bytes(),
            &self.hash,
        ];
        key.keyed_hash("consent-head", &parts)
    }

    /// The head after one more event with this content; the hash that ties it is the head's.
    #[must_use]
    pub fn then(self, key: &LinkKey, event: i64, content: &[u8]) -> Self {
        Self {
            event,
            length: self.length + 1,
            hash: link_hash(key, &self.hash, content).to_vec(),
            ..self
        }
    }
}

text_enum! {
    /// What is wrong at a place of the record of consent.
    pub enum BreakKind as "kind of break" {
        /// The chain has no end any more.
        NoEnd = "no-end",
        /// The end of the chain was moved.
        EndMoved = "end-moved",
        /// Events are missing at the end.
        CutOff = "cut-off",
        /// The end that was noted is not there.
        NotedMissing = "noted-missing",
        /// An event without a link.
        Stray = "stray",
        /// The words were changed.
        Wording = "wording",
        /// It does not follow the one before.
        Order = "order",
        /// It was changed.
        Changed = "changed",
        /// It is not there, and nobody says why.
        TakenOut = "taken-out",
        /// It was removed, and not by this service.
        FalseRemoval = "false-removal",
        /// It was removed and is back.
        Back = "back",
    }
}

impl BreakKind {
    /// In words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::NoEnd => "the chain has no end any more",
            Self::EndMoved => "the end of the chain was moved",
            Self::CutOff => "the chain does not end as it did: events are missing",
            Self::NotedMissing => "the end that was noted is not in the chain any more",
            Self::Stray => "the event was added outside the chain",
            Self::Wording => "the wording was changed",
            Self::Order => {
                "the event does not follow the one before: something was put in, taken out or moved"
            }
            Self::Changed => "the event was changed",
            Self::TakenOut => "the event was taken out",
            Self::FalseRemoval => "the event was taken out, and not by this service",
            Self::Back => "the event was removed and is back",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BEFORE_THE_FIRST, ChainContent, link_hash};
    use crate::domain::LinkKey;

    const EVENT: ChainContent<'_> = ChainContent {
        event: 1,
        subscription: 2,
        address_hash: b"hash",
        kind: "requested",
        method: "api",
        at: 3,
        page: "/subscribe",
        wording: b"wording",
    };

    #[test]
    fn every_part_of_an_event_counts() {
        let key = LinkKey::new([1; 32]);
        let changed = [
            ChainContent { event: 9, ..EVENT },
            ChainContent {
                subscription: 9,
                ..EVENT
            },
            ChainContent {
                address_hash: b"other",
                ..EVENT
            },
            ChainContent {
                kind: "confirmed",
                ..EVENT
            },
            ChainContent {
                method: "page",
                ..EVENT
            },
            ChainContent { at: 9, ..EVENT },
            ChainContent { page: "/", ..EVENT },
            ChainContent {
                wording: b"other",
                ..EVENT
            },
        ];
        for other in changed {
            assert_ne!(other.hash(&key), EVENT.hash(&key), "{other:?}");
        }
        assert_ne!(EVENT.hash(&LinkKey::new([2; 32])), EVENT.hash(&key));
        // What moves from one part into the next is seen as well.
        let (kind, method) = ("requestedap", "i");
        assert_ne!(
            ChainContent {
                kind,
                method,
                ..EVENT
            }
            .hash(&key),
            EVENT.hash(&key)
        );
    }

    #[test]
    fn an_event_is_tied_to_the_one_before() {
        let key = LinkKey::new([1; 32]);
        let content = EVENT.hash(&key);
        let first = link_hash(&key, &BEFORE_THE_FIRST, &content);
        assert_ne!(first, link_hash(&key, &first, &content));
    }
}
