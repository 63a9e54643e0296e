//! Whether the words of a refusal are about us rather than about the reader.

use crate::domain::{Reply, speaks_of_rate, without_addresses};

/// What of ours a relay refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OurFault {
    /// The name that we say in EHLO.
    HelloName,
    /// It asks for a login.
    Login,
    /// The envelope sender, or the sender in the mail, is not this account's.
    Sender,
    /// It takes no mails for other domains from us.
    Relaying,
    /// Our reputation, its policy, our quota, or the mail.
    Unwanted,
}

/// By words that mail servers use, the surer ones first. Texts that name the reader's mailbox have none of them.
const WORDS: [(OurFault, &[&str]); 5] = [
    (OurFault::HelloName, &["helo", "ehlo"]),
    (
        OurFault::Login,
        &[
            "authenticat",
            "log in",
            "logged in",
            "login",
            "auth required",
        ],
    ),
    (
        OurFault::Sender,
        &[
            "sender address",
            "sender verify",
            "sender denied",
            "not owned",
            "to send as",
            "sendas",
        ],
    ),
    (OurFault::Relaying, &["relay", "rcpthosts"]),
    (
        OurFault::Unwanted,
        &[
            "sender",
            "mail from",
            "return path",
            "return-path",
            "storedrv.submission",
            "not permitted",
            "not allowed",
            "not authori",
            "unauthori",
            "denied",
            "prohibit",
            "blocked",
            "blacklist",
            "black list",
            "blocklist",
            "block list",
            "dnsbl",
            "rbl",
            "is listed",
            "listed by",
            "listed at",
            "listed on",
            "spam",
            "junk",
            "unsolicited",
            "reputation",
            "policy",
            "policies",
            "spf",
            "dkim",
            "dmarc",
            "reverse dns",
            "rdns",
            "ptr record",
            "no ptr",
            "ip address",
            "client host",
            "your host",
            "banned",
            "too many",
        ],
    ),
];

impl OurFault {
    /// What the text of a refusal is about; none where it says nothing of us.
    pub(crate) fn told_by(reply: &Reply) -> Option<Self> {
        // Addresses and names in angle brackets may contain any of the words.
        let text = without_addresses(&reply.text).to_ascii_lowercase();
        // Postfix's list of the readers that a relay knows.
        let text = text.replace("relay recipient", "recipient");
        let told = |(_, words): &&(Self, &[&str])| words.iter().any(|word| text.contains(word));
        let fault = WORDS.iter().find(told).map(|(fault, _)| *fault);
        fault.or_else(|| speaks_of_rate(&text).then_some(Self::Unwanted))
    }
}

#[cfg(test)]
mod tests {
    use super::OurFault::{self, HelloName, Login, Relaying, Sender, Unwanted};
    use crate::domain::Reply;

    #[test]
    fn refusals_of_us_are_told_from_those_of_readers() {
        for (text, fault) in [
            ("relay not permitted", Some(Relaying)),
            ("relay not permitted, authentication required", Some(Login)),
            ("Relay access denied", Some(Relaying)),
            ("Sender verify failed", Some(Sender)),
            (
                "Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
                Some(HelloName),
            ),
            (
                "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
                Some(Relaying),
            ),
            ("Administrative prohibition", Some(Unwanted)),
            (
                "Blocked - see https://www.spamcop.net/bl.shtml?192.0.2.1",
                Some(Unwanted),
            ),
            (
                "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
                Some(Sender),
            ),
            (
                "rejected because 192.0.2.1 is in a black list at bl.example.org",
                Some(Unwanted),
            ),
            (
                "Domain example.org has exceeded the max emails per hour (100/100 (100%)) allowed",
                Some(Unwanted),
            ),
            ("Daily sending quota exceeded", Some(Unwanted)),
            (
                "you are not permitted to send to this group",
                Some(Unwanted),
            ),
            ("please resend as plain text", None),
            // Of readers.
            ("User not listed in public Name & Address Book", None),
            ("no such user", None),
            ("Unrouteable address", None),
            ("User unknown in relay recipient table", None),
            ("<relay.sender@example.org>: user unknown", None),
            ("Requested action not taken: mailbox unavailable", None),
            ("sorry, no mailbox here by that name. (#5.1.1)", None),
            ("This user doesn't have a yahoo.com account", None),
            ("Recipient not found", None),
            ("", None),
        ] {
            let told = OurFault::told_by(&Reply::new(550, text));
            assert_eq!(told, fault, "{text}");
        }
    }
}
