//! What an answer of a mail server means, for people.

use super::{DeliveryState, Reply};
use crate::domain::text_enum::text_enum;

text_enum! {
    /// Why a mail waits or did not arrive, as an editor would say it.
    #[derive(PartialOrd, Ord)]
    pub enum ReplyMeaning as "meaning of a reply" {
        /// The mailbox does not exist.
        NoMailbox = "no_mailbox",
        /// The mailbox has no room.
        Full = "full",
        /// The server wants fewer mails, or fewer connections.
        SlowDown = "slow_down",
        /// The server does not want this mail or this sender.
        Unwanted = "unwanted",
        /// The mail is too large for it.
        TooLarge = "too_large",
        /// The server asks for another attempt later, without a reason that says more.
        Later = "later",
        /// No server answered.
        NoAnswer = "no_answer",
        /// Another reason.
        Other = "other",
    }
}

impl ReplyMeaning {
    /// The meaning of a reply (RFC 5321, RFC 3463) to a delivery in this state.
    #[must_use]
    pub fn of(reply: &Reply, state: DeliveryState) -> Self {
        let is_4xx = (400..500).contains(&reply.code);
        match (reply.code, reply.enhanced_status()) {
            (0, _) => Self::NoAnswer,
            (_, Some((_, 2, 2))) | (452 | 552, None) => Self::Full,
            (_, Some((_, 3, 4) | (_, 2, 3))) => Self::TooLarge,
            _ if reply.is_about_session() || reply.asks_for_less() => Self::SlowDown,
            (_, Some((_, 1, _) | (5, 2, 1))) => Self::NoMailbox,
            _ if state == DeliveryState::Bounced => Self::NoMailbox,
            (_, Some((5, 7, _))) | (554, None) => Self::Unwanted,
            _ if is_4xx => Self::Later,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReplyMeaning;
    use crate::domain::{DeliveryState, Reply};

    #[test]
    fn replies_are_told_in_plain_words() {
        use ReplyMeaning::*;
        for (code, text, meaning) in [
            (550, "5.1.1 no such user", NoMailbox),
            (450, "4.1.1 try again", NoMailbox),
            (552, "5.2.2 quota", Full),
            (452, "mailbox full", Full),
            (421, "too many connections", SlowDown),
            (451, "4.7.1 greylisted", SlowDown),
            (
                454,
                "Throttling failure: Maximum sending rate exceeded.",
                SlowDown,
            ),
            (554, "5.7.1 spam", Unwanted),
            (554, "no", Unwanted),
            (552, "5.3.4 too big", TooLarge),
            (451, "local error", Later),
            (550, "no", Other),
            (0, "connection broke", NoAnswer),
        ] {
            let reply = Reply::new(code, text);
            let found = ReplyMeaning::of(&reply, DeliveryState::Failed);
            assert_eq!(found, meaning, "{code} {text}");
        }
        let refused = Reply::new(550, "no");
        assert_eq!(
            ReplyMeaning::of(&refused, DeliveryState::Bounced),
            NoMailbox
        );
    }
}
