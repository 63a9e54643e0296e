//! The content of the page of a link that does not work.

use serde::Serialize;

/// The page for a link that does not work.
#[derive(Debug, Clone, Serialize)]
pub struct LinkInvalid {
    /// Why it does not work.
    pub why: LinkFault,
    /// What helps.
    pub advice: LinkAdvice,
    /// The page that mails a link to the data that is still stored; None where the link does not lead there.
    pub data_href: Option<String>,
}

/// What helps whose link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkAdvice {
    /// Signing up again.
    SignUp,
    /// The same link in another mail, or a reply to one.
    OtherMail,
    /// Asking for the change of address again.
    NewAddress,
    /// There is nothing to do.
    Nothing,
}

/// Why a link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkFault {
    /// Genuine but too old.
    Expired,
    /// The same, to confirm a new address.
    ExpiredAddress,
    /// The same, to take an unsubscription back.
    ExpiredUndo,
    /// Too old, and not needed any more: the subscription is confirmed.
    Confirmed,
    /// Genuine, but its subscription has ended or its request was replaced.
    Gone,
    /// Incomplete, or not signed by this service.
    Forged,
    /// In a copy for editors, where it does nothing.
    Copy,
}
