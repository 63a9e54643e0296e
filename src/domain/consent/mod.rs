//! Consent: who agreed or withdrew, when, how, and to which wording.

mod chain;
mod erasure_certificate;
mod suppression;

pub use chain::{BreakKind, ChainContent, RemovalReason, removal_seal};
pub use erasure_certificate::Certificate;
pub use suppression::{SuppressionKeys, SuppressionReason};

use std::net::IpAddr;

use jiff::Timestamp;

use super::text_enum::text_enum;
use super::{Language, SubscriptionId};

text_enum! {
    /// What happened.
    pub enum ConsentKind as "consent event" {
        /// Requested a subscription.
        Requested = "requested",
        /// Was sent the confirmation mail, and the relay accepted it. Its text is the wording.
        Mailed = "mailed",
        /// Confirmed by the link in the mail.
        Confirmed = "confirmed",
        /// Was imported, with proof of an earlier consent.
        Imported = "imported",
        /// Changed preferences or answers.
        Changed = "changed",
        /// Corrected the name.
        Corrected = "corrected",
        /// Changed the address, and confirmed the new one.
        Moved = "moved",
        /// Unsubscribed.
        Withdrawn = "withdrawn",
        /// Had the data erased. Earlier events are kept, locked, for the retention time.
        Erased = "erased",
    }
}

text_enum! {
    /// The channel.
    pub enum ConsentMethod as "consent method" {
        /// A page of this service.
        Page = "page",
        /// The public API.
        Api = "api",
        /// The page behind a signed link that was mailed to a confirmed address.
        SignedLink = "signed_link",
        /// The one-click POST of a mailbox provider (RFC 8058).
        OneClick = "one_click",
        /// A file given to `xabar import`.
        Import = "import",
        /// A mail of this service.
        Mail = "mail",
        /// An owner of the service, on the person's request.
        Owner = "owner",
        /// An operator, on the command line.
        Operator = "operator",
    }
}

/// The words to which a person agrees, or by which a person acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentWording {
    /// Exactly as they are shown.
    pub wording: String,
    /// Changes with every change of the words; for an import, the source.
    pub version: String,
    /// The language they are in.
    pub language: Language,
}

/// One event of the append-only consent record. `membership` constructs it.
#[derive(Debug, Clone)]
pub struct ConsentEvent {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The keyed hash of the address at that time.
    pub address_hash: [u8; 32],
    /// What happened.
    pub kind: ConsentKind,
    /// The channel.
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
    /// The client's address, when known; deleted after a configured time.
    pub ip: Option<IpAddr>,
}
