//! The pages about a person's own data.

use serde::Serialize;

use super::{AddressFault, AddressLimits};
use crate::domain::Certificate;
use crate::subscribe::privacy::Dossier;

/// The button that mails a fresh link.
#[derive(Debug, Clone, Serialize)]
pub struct DataLinkRequest {
    /// The address to which it is mailed, masked; None behind a link that was mailed to an earlier one.
    pub email: Option<String>,
    /// How many hours it works.
    pub hours: u32,
    /// Whether it has just been mailed.
    pub sent: bool,
}

/// An expired link.
#[derive(Debug, Clone, Serialize)]
pub struct MyDataExpired {
    /// The URL to which the button is sent.
    pub request_href: String,
}

/// Everything that is stored of a person.
#[derive(Debug, Clone, Serialize)]
pub struct MyData<'a> {
    /// The data.
    pub dossier: &'a Dossier,
    /// What was typed into the field that the notice is about.
    pub typed: &'a str,
    /// The result of the form that was just sent.
    pub notice: Option<MyDataNotice>,
    /// Until when the proof of consent would remain after an erasure: a date; None without end.
    pub proof_until: Option<String>,
    /// How many mails the new address gets.
    pub limits: AddressLimits,
    /// The time zone of its times: an IANA name.
    pub time_zone: &'a str,
    /// The path of this page.
    pub here: String,
}

/// The result of a form on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "why")]
pub enum MyDataNotice {
    /// The name is saved.
    Saved,
    /// The name is not valid.
    NameWrong,
    /// A mail goes to the new address, if it is free.
    AddressRequested,
    /// The new address is the current one.
    AddressSame,
    /// A change was requested too often.
    AddressTooOften,
    /// The address is not valid.
    AddressWrong(AddressFault),
    /// Many mails wait: the mail does not go before this time, in UTC.
    AddressPostponed(String),
    /// Too many requests from this network: in how many minutes to try again.
    AddressLimited(u64),
    /// The box beside the button that erases was not ticked.
    EraseUnticked,
}

/// The page after an erasure.
#[derive(Debug, Clone, Serialize)]
pub struct Erased<'a> {
    /// What was deleted, and what remains.
    pub certificate: &'a Certificate,
}

/// The button that confirms a new address, and the page afterwards.
#[derive(Debug, Clone, Serialize)]
pub struct NewAddress<'a> {
    /// The title of the newsletter.
    pub newsletter_title: &'a str,
    /// Whether the address is changed.
    pub done: bool,
    /// The URL of the button that confirms: the page is at that of the other button too.
    pub confirm_href: &'a str,
    /// The URL of the decline button.
    pub decline_href: &'a str,
}
