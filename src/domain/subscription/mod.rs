//! The tie between a subscriber and a newsletter.

mod pause;

pub use pause::{BadPause, PauseRequest};

use std::net::IpAddr;

use jiff::Timestamp;

use super::text_enum::text_enum;
use super::{
    AnswersByNewsletter, ConsentMethod, CountrySet, EmailAddress, Language, Newsletter,
    NewsletterId, SignupTrust, SubscriberId, SubscriptionId,
};

text_enum! {
    /// pending → active → ended; only a fresh confirmation leads back.
    pub enum SubscriptionState as "subscription state" {
        /// Asked for, not confirmed; gets nothing but confirmation mails.
        Pending = "pending",
        /// Confirmed.
        Active = "active",
        /// Over.
        Ended = "ended",
    }
}

text_enum! {
    /// Why a subscription ended.
    pub enum EndReason as "end reason" {
        /// The reader left.
        Unsubscribed = "unsubscribed",
        /// The address does not exist any more.
        Bounced = "bounced",
        /// The reader called a mail spam.
        Complained = "complained",
        /// The reader asked to be forgotten.
        Erased = "erased",
    }
}

text_enum! {
    /// How often a reader gets letters.
    #[derive(Default)]
    pub enum Frequency as "frequency" {
        /// Each issue.
        #[default] Each = "each",
        /// A summary of each month, made from its issues.
        Monthly = "monthly",
    }
}

/// What a reader has chosen of a newsletter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The language of pages and transactional mails.
    pub language: Language,
    /// The countries to follow.
    pub countries: CountrySet,
    /// How often.
    pub frequency: Frequency,
}

/// A subscription as it is kept.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Its identity.
    pub id: SubscriptionId,
    /// Who.
    pub subscriber: SubscriberId,
    /// To what.
    pub newsletter: NewsletterId,
    /// At which address.
    pub address: EmailAddress,
    /// Where it stands.
    pub state: SubscriptionState,
    /// Why it ended, if it has.
    pub end_reason: Option<EndReason>,
    /// What the reader has chosen.
    pub chosen: Chosen,
    /// When it was last confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Until when the reader wants nothing; may lie in the past.
    pub paused_until: Option<Timestamp>,
}

impl Subscription {
    /// Until when it rests, if it does so now.
    #[must_use]
    pub fn resting_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.paused_until.filter(|until| *until > now)
    }
}

text_enum! {
    /// Why a reader is not in the audience of an issue; each frequency is one, too.
    #[derive(PartialOrd, Ord)]
    pub enum Exclusion as "exclusion" {
        /// The reader has paused.
        Paused = "paused",
        /// It is one of the issues, and the reader gets the summary of the month.
        Monthly = "monthly",
        /// It is the summary of a month, and the reader gets each issue.
        Each = "each",
    }
}

/// A request to be signed up, already validated.
#[derive(Debug, Clone)]
pub struct Signup {
    /// Who.
    pub address: EmailAddress,
    /// The person's name, if given; never put into a confirmation mail.
    pub name: Option<String>,
    /// What is chosen; the language is that of the page or the one asked for.
    pub chosen: Chosen,
    /// What was answered to the newsletters that are asked for.
    pub answers: AnswersByNewsletter,
    /// By which way it came.
    pub method: ConsentMethod,
    /// The page it came from.
    pub page: String,
    /// From which address.
    pub ip: Option<IpAddr>,
    /// Further newsletters that the person asked for at the same time.
    pub others: Vec<Newsletter>,
    /// Which words the person agreed to.
    pub agreed_to: AgreedTo,
    /// What speaks for it.
    pub voucher: SignupTrust,
}

/// The words that a sign-up agreed to; the texts have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgreedTo {
    /// A sentence that names the newsletter.
    OneNamed,
    /// A sentence about the newsletters ticked above it.
    AllTicked,
}
