//! Pauses an issue whose mails a relay takes without ever saying so: each of them is sent twice.

use std::collections::HashMap;

use crate::domain::{IssueId, Reply, Verdict};

/// How many unknown outcomes in a row pause an issue, besides one for each lane: a relay that is restarted breaks them
/// all off at once.
const IN_A_ROW: usize = 5;

/// Counts the mails of each issue and relay since one was last accepted whose outcome nobody knows.
#[derive(Debug)]
pub(crate) struct SilenceBreakers {
    limit: usize,
    in_a_row: HashMap<(IssueId, String), usize>,
}

impl SilenceBreakers {
    /// Those of a worker with so many lanes.
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            limit: lanes.saturating_add(IN_A_ROW),
            in_a_row: HashMap::new(),
        }
    }

    /// Counts a verdict; returns why the issue has to be paused, if it has to.
    pub(crate) fn observe(
        &mut self,
        (issue, relay): (IssueId, &str),
        verdict: &Verdict,
    ) -> Option<Reply> {
        match verdict {
            Verdict::Unknown(reply) => {
                let in_a_row = self.in_a_row.entry((issue, relay.to_owned())).or_default();
                *in_a_row += 1;
                // Also for each after that: mails that were being sent, or an issue resumed too early.
                (*in_a_row >= self.limit).then(|| reply.clone())
            }
            Verdict::Accepted(_) if !self.in_a_row.is_empty() => {
                self.in_a_row.remove(&(issue, relay.to_owned()));
                None
            }
            // These say nothing of what becomes of a text.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IN_A_ROW, SilenceBreakers};
    use crate::domain::{IssueId, Reply, Verdict};
    use uuid::Uuid;

    #[test]
    fn only_what_nobody_answers_in_a_row_pauses_and_an_early_resume_pauses_again() {
        let (issue, other) = (IssueId(Uuid::from_u128(1)), IssueId(Uuid::from_u128(2)));
        let mut breakers = SilenceBreakers::new(2);
        let unknown = Verdict::Unknown(Reply::new(0, "the relay closed the connection"));
        let later = Verdict::TryLater(Reply::new(450, "4.2.0 later"));
        let accepted = Verdict::Accepted(Reply::new(250, "ok"));
        let mut pauses = |issue, verdict| breakers.observe((issue, "main"), verdict).is_some();
        for _ in 0..2 {
            for n in 1..IN_A_ROW + 2 {
                assert!(!pauses(issue, &unknown), "{n}");
                assert!(!pauses(issue, &later) && !pauses(other, &accepted));
            }
            assert!(!pauses(issue, &accepted));
        }
        for _ in 1..IN_A_ROW + 2 {
            assert!(!pauses(issue, &unknown));
        }
        assert!(pauses(issue, &unknown) && pauses(issue, &unknown));
        assert!(!pauses(other, &unknown), "of another issue");
    }
}
