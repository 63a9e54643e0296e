//! Errors of the desk.

use serde::Serialize;

/// What does not work at the desk; part of the keys of its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeskFault {
    /// Nobody is signed in any more.
    SignedOut,
    /// The role is not enough.
    NotAllowed,
    /// There is no such thing.
    NotFound,
    /// It came from another site, or from a page that was open for too long.
    Forged,
    /// The request makes no sense.
    Unreadable,
    /// It is too large.
    TooLarge,
    /// Somebody else was faster.
    Conflict,
    /// Something that was typed does not fit.
    Invalid,
    /// The database takes nothing at the moment.
    Unavailable,
    /// The schema is being upgraded.
    Upgrading,
    /// A fault of ours.
    Internal,
}

/// The page for an error of the desk.
#[derive(Debug, Clone, Serialize)]
pub struct DeskErrorPage<'a> {
    /// The status of the answer.
    pub status: u16,
    /// Which texts it shows.
    pub fault: DeskFault,
    /// What is to be said about this case; may be empty.
    pub detail: &'a str,
}
