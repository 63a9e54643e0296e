//! How many mails a relay takes over one connection, as it showed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::connection::SessionEnd;
use super::reply::Step;

/// After this time a limit is forgotten, as the relay may have another by then.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// What the sessions of one relay have shown.
#[derive(Debug, Default)]
pub(crate) struct SessionLimit(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// The limit, and when it was learned.
    limit: Option<(u32, Instant)>,
    /// After how many mails a 421 came last. A relay may say that for many reasons; twice after the same
    /// number it is a limit.
    closed_after: Option<u32>,
}

impl SessionLimit {
    /// The lower of the setting and what the relay showed within the last hour.
    pub(crate) fn apply(&self, configured: u32) -> u32 {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.limit {
            Some((limit, at)) if at.elapsed() < REMEMBERED => configured.min(limit),
            _ => configured,
        }
    }

    /// Takes in the end of a session; returns whether a limit was learned from it.
    pub(crate) fn learn(&self, end: &SessionEnd) -> bool {
        let is_limit = matches!(end.step, Step::MailFrom | Step::Data | Step::FinalDot)
            && (400..500).contains(&end.reply.code)
            && end.carried > 0;
        if !is_limit {
            return false;
        }
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let again = seen.closed_after.replace(end.carried) == Some(end.carried);
        let learned = end.reply.code != 421 || again;
        if learned {
            seen.limit = Some((end.carried, Instant::now()));
        }
        learned
    }
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED, SessionEnd, SessionLimit, Step};
    use crate::domain::Reply;
    use tokio::time::{advance, pause};

    fn end(code: u16, step: Step, carried: u32) -> SessionEnd {
        SessionEnd {
            reply: Reply::new(code, "too many"),
            step,
            carried,
            retry: true,
        }
    }

    #[tokio::test]
    async fn a_limit_is_learned_applied_and_forgotten() {
        pause();
        let limit = SessionLimit::default();
        assert!(!limit.learn(&end(421, Step::Idle, 3)), "it was idle");
        assert!(!limit.learn(&end(452, Step::Recipient, 3)), "a reader's");
        assert!(!limit.learn(&end(0, Step::MailFrom, 3)), "it said nothing");
        assert!(
            !limit.learn(&end(421, Step::MailFrom, 7)),
            "once may be chance"
        );
        assert_eq!(limit.apply(100), 100);
        assert!(limit.learn(&end(421, Step::MailFrom, 7)));
        assert_eq!((limit.apply(100), limit.apply(5)), (7, 5));
        assert!(limit.learn(&end(452, Step::Data, 10)));
        assert_eq!(limit.apply(100), 10);
        advance(REMEMBERED).await;
        assert_eq!(limit.apply(100), 100);
    }
}
