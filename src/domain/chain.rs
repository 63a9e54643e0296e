//! Hash chains: the consent record and the audit log.
//!
//! Each event has a hash over its content, and one over that and the hash of the event before. All are keyed:
//! whoever has only the database can break a chain, but cannot forge a valid one.

use jiff::Timestamp;

use super::LinkKey;

/// A hash of a chain.
pub type ChainHash = [u8; 32];

/// The hash that precedes the first event.
pub const BEFORE_THE_FIRST: ChainHash = [0; 32];

/// Which chain; the hashes of one are worth nothing in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainName {
    /// The consent record.
    Consent,
    /// The audit log.
    Audit,
}

impl ChainName {
    /// The hash that links an event to the one before.
    #[must_use]
    pub fn link_hash(self, key: &LinkKey, before: &[u8], content: &[u8]) -> ChainHash {
        let domain = match self {
            Self::Consent => "consent-link",
            Self::Audit => "audit-link",
        };
        key.keyed_hash(domain, &[before, content])
    }
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHead {
    /// Of which chain.
    pub chain: ChainName,
    /// When it was begun.
    pub began_at: Timestamp,
    /// The last event.
    pub event: i64,
    /// How many events there were, including removed ones.
    pub length: i64,
    /// The last event's hash.
    pub hash: Vec<u8>,
}

impl ChainHead {
    /// The end of a chain without events.
    #[must_use]
    pub fn new(chain: ChainName, began_at: Timestamp) -> Self {
        Self {
            chain,
            began_at,
            event: 0,
            length: 0,
            hash: BEFORE_THE_FIRST.to_vec(),
        }
    }

    /// The proof that this service wrote the end: without it, somebody could cut off the last
    /// events.
    #[must_use]
    pub fn seal(&self, key: &LinkKey) -> ChainHash {
        self.sealed(key, "head")
    }

    /// The proof that this service wrote the end of a chain that does not hold all events yet.
    #[must_use]
    pub fn unfinished_seal(&self, key: &LinkKey) -> ChainHash {
        self.sealed(key, "unfinished")
    }

    fn sealed(&self, key: &LinkKey, what: &str) -> ChainHash {
        let began_at = self.began_at.as_microsecond().to_be_bytes();
        let parts: [&[u8]; 4] = [
            &began_at,
            &self.event.to_be_bytes(),
            &self.length.to_be_bytes(),
            &self.hash,
        ];
        let chain = match self.chain {
            ChainName::Consent => "consent",
            ChainName::Audit => "audit",
        };
        key.keyed_hash(&format!("{chain}-{what}"), &parts)
    }

    /// Moves the end behind one more event with this content hash; returns the event's hash.
    pub fn extend(&mut self, key: &LinkKey, event: i64, content: &[u8]) -> ChainHash {
        let hash = self.chain.link_hash(key, &self.hash, content);
        self.event = event;
        self.length += 1;
        self.hash.clear();
        self.hash.extend_from_slice(&hash);
        hash
    }
}
