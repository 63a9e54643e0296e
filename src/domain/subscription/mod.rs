//! A subscription: a subscriber and a newsletter.

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
        /// Requested, not confirmed; gets nothing but confirmation mails.
        Pending = "pending",
        /// Confirmed.
        Active = "active",
        /// Unsubscribed, bounced, complained or erased.
        Ended = "ended",
    }
}

text_enum! {
    /// Why a subscription ended.
    pub enum EndReason as "end reason" {
        /// The subscriber unsubscribed, or an operator suppressed the address; the consent event tells which.
        Unsubscribed = "unsubscribed",
        /// The address does not exist any more.
        Bounced = "bounced",
        /// The subscriber reported a mail as spam.
        Complained = "complained",
        /// The person was erased.
        Erased = "erased",
    }
}

text_enum! {
    /// How often a subscriber gets mails.
    #[derive(Default)]
    pub enum Frequency as "frequency" {
        /// Each issue.
        #[default] Each = "each",
        /// A summary of each month, made from its issues.
        Monthly = "monthly",
    }
}

/// The preferences of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The language of pages and transactional mails.
    pub language: Language,
    /// The countries to follow.
    pub countries: CountrySet,
    /// How often mails come.
    pub frequency: Frequency,
}

/// A subscription as it is stored.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Its identity.
    pub id: SubscriptionId,
    /// The subscriber.
    pub subscriber: SubscriberId,
    /// The newsletter.
    pub newsletter: NewsletterId,
    /// The subscriber's address.
    pub address: EmailAddress,
    /// The state.
    pub state: SubscriptionState,
    /// Why it ended, if it has.
    pub end_reason: Option<EndReason>,
    /// When it ended last; kept while it is pending again.
    pub ended_at: Option<Timestamp>,
    /// The preferences.
    pub chosen: Chosen,
    /// When it was last confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// The end of the pause; may lie in the past.
    pub paused_until: Option<Timestamp>,
}

impl Subscription {
    /// The end of the pause, if it is paused at `now`.
    #[must_use]
    pub fn active_pause(&self, now: Timestamp) -> Option<Timestamp> {
        self.paused_until.filter(|until| *until > now)
    }
}

text_enum! {
    /// Why a subscription is not in the audience of an issue; each frequency and each reason of an end
    /// is one.
    #[derive(PartialOrd, Ord)]
    pub enum Exclusion as "exclusion" {
        /// The subscription is paused.
        Paused = "paused",
        /// The issue is a single one, and the subscriber gets the monthly summary.
        Monthly = "monthly",
        /// The issue is a monthly summary, and the subscriber gets each issue.
        Each = "each",
        /// The sign-up was not confirmed.
        Pending = "pending",
        /// The subscriber unsubscribed.
        Unsubscribed = "unsubscribed",
        /// The address does not exist any more.
        Bounced = "bounced",
        /// The subscriber reported a mail as spam.
        Complained = "complained",
    }
}

impl Exclusion {
    /// Whether it is a reason of somebody who is subscribed all the same.
    #[must_use]
    pub fn is_of_subscribed(self) -> bool {
        matches!(self, Self::Paused | Self::Monthly | Self::Each)
    }

    /// What those readers have chosen, after a number of them.
    #[must_use]
    pub fn described(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Monthly => "get the summary of the month",
            Self::Each => "get each issue",
            Self::Pending => "have not confirmed",
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "cannot be reached",
            Self::Complained => "complained",
        }
    }
}

/// A validated sign-up.
#[derive(Debug, Clone)]
pub struct Signup {
    /// The address.
    pub address: EmailAddress,
    /// The person's name, if given; never put into a confirmation mail.
    pub name: Option<String>,
    /// The preferences; the language is that of the page, or the requested one.
    pub chosen: Chosen,
    /// The answers to the fields of the requested newsletters.
    pub answers: AnswersByNewsletter,
    /// The channel.
    pub method: ConsentMethod,
    /// The page of the form.
    pub page: String,
    /// The client's address.
    pub ip: Option<IpAddr>,
    /// Further newsletters requested at the same time.
    pub others: Vec<Newsletter>,
    /// The wording to which the person agreed.
    pub agreed_to: AgreedTo,
    /// The evidence that it is genuine.
    pub trust: SignupTrust,
}

/// Which wording a sign-up agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgreedTo {
    /// A sentence that names the newsletter.
    OneNamed,
    /// A sentence about the newsletters ticked above it.
    AllTicked,
}
