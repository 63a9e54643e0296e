//! Who an issue goes to.

use crate::domain::{Frequency, IssueId, NewsletterId};

/// Which subscriptions are the audience of an issue, at the moment it is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience {
    /// The newsletter.
    pub newsletter: NewsletterId,
    /// How often its readers want mails; does not matter for an erratum.
    pub frequency: Frequency,
    /// For an erratum: who got the wrong text, and nobody else.
    pub erratum: Option<Erratum>,
}

/// Those to whom a wrong revision of an issue went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erratum {
    /// The issue.
    pub of: IssueId,
    /// Revisions below this one were wrong.
    pub below: i64,
}
