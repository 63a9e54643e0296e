//! Who agreed or withdrew, when, how, and to which wording.

mod chain;
mod erasure_certificate;
mod suppression;

pub use chain::{
    BEFORE_THE_FIRST, BreakKind, ChainContent, ChainHash, ChainHead, RemovalReason, link_hash,
    removal_seal,
};
pub use erasure_certificate::Certificate;
pub use suppression::SuppressionReason;

use std::net::IpAddr;

use jiff::Timestamp;

use super::text_enum::text_enum;
use super::{Language, SubscriptionId};

text_enum! {
    /// What a person did.
    pub enum ConsentKind as "consent event" {
        /// Asked to be signed up.
        Requested = "requested",
        /// Was sent the mail that asks to confirm, and the relay took it. Its text is the wording.
        Mailed = "mailed",
        /// Confirmed by the link in the mail.
        Confirmed = "confirmed",
        /// Was brought in from elsewhere, with proof of an earlier consent.
        Imported = "imported",
        /// Changed language or countries.
        Changed = "changed",
        /// Corrected the name.
        Corrected = "corrected",
        /// Came to another address, and confirmed it there.
        Moved = "moved",
        /// Left.
        Withdrawn = "withdrawn",
        /// Asked to be forgotten. What was recorded before is kept, locked, for its time.
        Erased = "erased",
    }
}

text_enum! {
    /// By which way.
    pub enum ConsentMethod as "consent method" {
        /// A page of this service.
        Page = "page",
        /// The public API.
        Api = "api",
        /// The page behind a signed link that was mailed to a confirmed address.
        SignedLink = "signed_link",
        /// A mailbox provider's one-click POST (RFC 8058).
        OneClick = "one_click",
        /// A file given to `xabar import`.
        Import = "import",
        /// A mail of this service.
        Mail = "mail",
        /// An owner of the service, asked by the person.
        Owner = "owner",
    }
}

/// One line of the append-only record.
#[derive(Debug, Clone)]
pub struct ConsentEvent {
    /// Whose.
    pub subscription: SubscriptionId,
    /// The keyed hash of the address at that time.
    pub address_hash: [u8; 32],
    /// What.
    pub kind: ConsentKind,
    /// How.
    pub method: ConsentMethod,
    /// When, in UTC.
    pub at: Timestamp,
    /// The exact words that were shown or, for an import, quoted.
    pub wording: String,
    /// The version of those words; for an import, the source.
    pub wording_version: String,
    /// The language of those words.
    pub language: Language,
    /// The page or the file it came from; for a mail, its Message-ID.
    pub page: String,
    /// From which address, when known; forgotten after a configured time.
    pub ip: Option<IpAddr>,
}
