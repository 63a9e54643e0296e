//! How many mails a relay takes over one connection, as it showed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::connection::SessionEnd;
use super::reply::Step;
use crate::domain::Reply;

/// After this time a limit is forgotten, as the relay may have another by then.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// Words of a 4xx that is about the session, whatever its code.
const SESSION_WORDS: [&str; 3] = ["session", "per connection", "this connection"];

/// What the sessions of one relay have shown.
#[derive(Debug, Default)]
pub(crate) struct SessionLimit(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// The limit, and when it was learned.
    limit: Option<(u32, Instant)>,
    /// After how many mails a session ended last by a reply that may have many reasons; twice after the same
    /// number it is a limit.
    ended_after: Option<u32>,
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
        let learned = is_limit_for_sure(&end.reply)
            || seen.ended_after.replace(end.carried) == Some(end.carried);
        if learned {
            seen.limit = Some((end.carried, Instant::now()));
        }
        learned
    }
}

/// Whether it can hardly mean anything else. 421 may have any reason, and so may a 4xx about one mail.
fn is_limit_for_sure(reply: &Reply) -> bool {
    let text = reply.text.to_ascii_lowercase();
    let names_session = SESSION_WORDS.iter().any(|words| text.contains(words));
    reply.code != 421 && (reply.is_about_session() || names_session)
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED, SessionEnd, SessionLimit, Step};
    use crate::domain::Reply;
    use tokio::time::{advance, pause};

    fn end(reply: (u16, &str), step: Step, carried: u32) -> SessionEnd {
        SessionEnd {
            reply: Reply::new(reply.0, reply.1),
            step,
            carried,
            retry: true,
        }
    }

    const CLOSES: (u16, &str) = (421, "4.7.0 try again later");
    const TOO_MANY: (u16, &str) = (452, "4.5.3 too many messages this session");

    #[tokio::test]
    async fn a_limit_is_learned_applied_and_forgotten() {
        pause();
        let limit = SessionLimit::default();
        assert!(!limit.learn(&end(CLOSES, Step::Idle, 3)), "it was idle");
        assert!(
            !limit.learn(&end(TOO_MANY, Step::Recipient, 3)),
            "a reader's"
        );
        let silent = (0, "");
        assert!(
            !limit.learn(&end(silent, Step::MailFrom, 3)),
            "it said nothing"
        );
        assert!(
            !limit.learn(&end(CLOSES, Step::MailFrom, 7)),
            "once may be chance"
        );
        assert_eq!(limit.apply(100), 100);
        assert!(limit.learn(&end(CLOSES, Step::MailFrom, 7)));
        assert_eq!((limit.apply(100), limit.apply(5)), (7, 5));
        assert!(limit.learn(&end(TOO_MANY, Step::Data, 10)));
        assert_eq!(limit.apply(100), 10);
        advance(REMEMBERED).await;
        assert_eq!(limit.apply(100), 100);
    }

    #[test]
    fn only_a_reply_about_the_session_is_a_limit_at_once() {
        let by_itself = [
            (451, "4.3.0 Error: queue file write error"),
            (452, "4.3.1 Insufficient system storage"),
            (451, "4.7.1 Service unavailable"),
            (450, "no status"),
        ];
        for reply in by_itself {
            let limit = SessionLimit::default();
            assert!(limit.learn(&end(TOO_MANY, Step::MailFrom, 10)));
            assert!(!limit.learn(&end(reply, Step::MailFrom, 1)), "{reply:?}");
            assert_eq!(limit.apply(100), 10, "{reply:?}");
            assert!(limit.learn(&end(reply, Step::Data, 1)), "{reply:?}: again");
        }
        let at_once = [
            (452, "4.4.5 Too many messages this session"),
            (432, "4.3.2 Concurrent connections limit exceeded"),
            (451, "4.3.2 Please start a new session"),
            (451, "4.7.1 Too many messages in this session"),
        ];
        for reply in at_once {
            let limit = SessionLimit::default();
            assert!(limit.learn(&end(reply, Step::MailFrom, 1)), "{reply:?}");
        }
    }
}
