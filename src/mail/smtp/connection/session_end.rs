//! A session that the relay ended, and what it said.

use crate::domain::{Reply, Verdict};
use crate::mail::smtp::reply::Step;

/// The relay ended a session, or spoke of it rather than of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEnd {
    /// What it said; its code is 0, and the words are ours, where it said nothing.
    pub reply: Reply,
    /// Where in a mail's transaction.
    pub step: Step,
    /// How many mails it had taken over this connection.
    pub carried: u32,
    /// Whether the same mail should be tried at once over another connection, without counting an
    /// attempt: the connection had served before, or the relay was asked in a way that it does not
    /// take and that is not used again.
    pub retry: bool,
}

impl SessionEnd {
    /// Whether a fresh connection spoke of itself in place of the reader: another one may take the same mail. What that
    /// says too is about the reader.
    #[must_use]
    pub fn is_of_connection(&self) -> bool {
        self.step == Step::Recipient && self.reply.code != 421 && self.reply.is_about_session()
    }

    /// What this means for a mail where a fresh connection says the same.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self.reply.code {
            400.. => self.step.classify(self.reply),
            _ => Verdict::TryLater(self.reply),
        }
    }
}
