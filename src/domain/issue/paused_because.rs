//! Why the service stopped an issue by itself.

use std::fmt;

use crate::domain::text_enum::text_enum;

text_enum! {
    /// The kind of reason for which the service stopped an issue by itself.
    pub enum PauseCode as "reason of a pause" {
        /// A relay refuses it for one reader after the other with the same reply.
        Refused = "refused",
        /// A relay takes the texts of one mail after the other and says of none whether it took it.
        Unanswered = "unanswered",
        /// Its mails cannot be rendered, built or signed.
        CannotBeBuilt = "cannot-be-built",
        /// Its time came, and nobody had approved what it says: it is a draft again.
        NotApproved = "not-approved",
        /// An operator held all sending.
        Held = "held",
        /// The database was restored or copied while it was being sent.
        Copied = "copied",
        /// Its time came while the database was restored or copied: it is a draft again.
        Overdue = "overdue",
        /// A version of the service that knew no codes said why.
        Other = "other",
    }
}

/// Why the service stopped an issue by itself. It shows itself as an English sentence, for the API and the command
/// line; pages have words of their own for each code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PausedBecause {
    /// The kind of reason.
    pub code: PauseCode,
    /// What it adds: a relay's reply, which may quote addresses; what is wrong with the mails; what the operator
    /// said. Empty where the code says all.
    pub said: String,
}

impl PausedBecause {
    /// A reason whose code says all.
    #[must_use]
    pub fn new(code: PauseCode) -> Self {
        Self::saying(code, "")
    }

    /// A reason with what it adds.
    #[must_use]
    pub fn saying(code: PauseCode, said: impl Into<String>) -> Self {
        let said = said.into();
        Self { code, said }
    }
}

impl fmt::Display for PausedBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = &self.said;
        match self.code {
            PauseCode::Refused => write!(
                f,
                "the relay refused this issue for several recipients in a row with the same reply: {said}"
            ),
            PauseCode::Unanswered => write!(
                f,
                "after the text of several mails in a row nobody said whether the relay took them: {said}. They may \
                 have arrived, and each is sent once more when you resume. Look at the log of the relay and at what \
                 is between (a firewall, a virus filter) first"
            ),
            PauseCode::CannotBeBuilt => write!(
                f,
                "the mails of this issue cannot be made: {said}. Nobody was marked as failed; correct that, \
                 and resume the issue"
            ),
            PauseCode::NotApproved => f.write_str(
                "Its time came, but nobody had approved what it says now. Have it approved, and send it again.",
            ),
            PauseCode::Copied => f.write_str(
                "This database was restored or copied: readers who had this issue after the copy was made \
                 would get it twice. Look how far it went, then resume or cancel it.",
            ),
            PauseCode::Overdue => f.write_str(
                "Its time came while this database was restored or copied. Look whether it has gone out \
                 already. If it has not, send it.",
            ),
            PauseCode::Held | PauseCode::Other => f.write_str(said),
        }
    }
}
