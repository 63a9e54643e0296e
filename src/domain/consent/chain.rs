//! The hash chain of the consent record.
//!
//! Each event has a hash over its content, and one over that and the hash of the event before. All
//! are keyed: whoever has only the database can break the chain, but cannot forge a valid one. The
//! IP address is not hashed, as it is deleted earlier than the rest.

use jiff::Timestamp;

use crate::domain::LinkKey;
use crate::domain::chain::ChainHash;
use crate::domain::text_enum::text_enum;

text_enum! {
    /// Why an event was removed.
    pub enum RemovalReason as "removal reason" {
        /// Nobody confirmed the sign-up in time, or its owner said "this was not me".
        Unconfirmed = "unconfirmed",
        /// The person was erased, and had never confirmed.
        Erased = "erased",
        /// The retention time of the proof is over.
        Expired = "expired",
        /// It was imported by mistake, and the import was taken back.
        ImportUndone = "import-undone",
    }
}

/// The content of an event. The words are as stored, so that an altered one can be hashed too.
#[derive(Debug, Clone, Copy)]
pub struct ChainContent<'a> {
    /// Its number.
    pub event: i64,
    /// The subscription.
    pub subscription: i64,
    /// The keyed hash of the address at that time.
    pub address_hash: &'a [u8],
    /// What happened.
    pub kind: &'a str,
    /// The channel.
    pub method: &'a str,
    /// When, in microseconds.
    pub at: i64,
    /// The page.
    pub page: &'a str,
    /// The digest of wording, version and language.
    pub wording: &'a [u8],
}

impl ChainContent<'_> {
    /// The hash over all fields.
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

/// The proof that this service removed an event.
#[must_use]
pub fn removal_seal(key: &LinkKey, event: i64, hash: &[u8], at: Timestamp, why: &str) -> ChainHash {
    let at = at.as_microsecond().to_be_bytes();
    let parts: [&[u8]; 4] = [&event.to_be_bytes(), hash, &at, why.as_bytes()];
    key.keyed_hash("consent-removal", &parts)
}

text_enum! {
    /// What is wrong at one place of the consent record.
    pub enum BreakKind as "kind of break" {
        /// The end of the chain is missing.
        NoEnd = "no-end",
        /// The end of the chain was moved.
        EndMoved = "end-moved",
        /// Events are missing at the end.
        CutOff = "cut-off",
        /// The noted end is not in the chain.
        NotedMissing = "noted-missing",
        /// The event is not in the chain.
        Stray = "stray",
        /// The wording was changed.
        Wording = "wording",
        /// The event does not follow the one before.
        Order = "order",
        /// The event was changed.
        Changed = "changed",
        /// The event is missing without a recorded removal.
        TakenOut = "taken-out",
        /// The event was removed, but not by this service.
        FalseRemoval = "false-removal",
        /// The event was removed and is in the record again.
        Back = "back",
    }
}

impl BreakKind {
    /// The same in words.
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
    use super::ChainContent;
    use crate::domain::{BEFORE_THE_FIRST, ChainName, LinkKey};

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
        let link = |before: &[u8]| ChainName::Consent.link_hash(&key, before, &content);
        let first = link(&BEFORE_THE_FIRST);
        assert_ne!(first, link(&first));
        let of_audit = ChainName::Audit.link_hash(&key, &BEFORE_THE_FIRST, &content);
        assert_ne!(first, of_audit);
    }
}
