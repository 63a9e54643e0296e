//! Names the setting that a refusal is about.

use crate::domain::{Reply, speaks_of_rate};
use crate::mail::smtp::reply::{OurFault, Step};

/// How much of the relay's words is kept before ours, in characters.
const RELAY_WORDS: usize = 300;

/// A 5xx to MAIL, RCPT or the final dot, with the setting to look at where one can be told. `section` is where the
/// relay's settings stand, as in `smtp`.
pub(crate) fn with_hint(step: Step, reply: Reply, section: &str) -> Reply {
    if reply.code < 500 {
        return reply;
    }
    let fault = OurFault::told_by(&reply);
    // What a mailbox lacks (x.2.x) is no quota of ours.
    let of_mailbox = matches!(reply.enhanced_status(), Some((_, 2, _)));
    let hint = match (step, fault) {
        _ if !of_mailbox && speaks_of_rate(&reply.text) => format!(
            "the quota of our account is used up; set {section}.quota and {section}.quota_hours to it, and resume when \
             it counts anew"
        ),
        (Step::MailFrom | Step::Recipient, Some(OurFault::HelloName)) => format!(
            "it refuses the name in {section}.hello_name; set it to this machine's full host name"
        ),
        (Step::MailFrom | Step::Recipient, login)
            if reply.code == 530 || login == Some(OurFault::Login) =>
        {
            format!("it asks for a login; name user and password in {section}.url")
        }
        // After the text, what a filter says of logins and names is about the mail.
        (Step::MailFrom | Step::Recipient | Step::FinalDot, Some(OurFault::Sender)) => {
            of_sender(section)
        }
        (Step::MailFrom, _) if matches!(reply.code, 550 | 551 | 553 | 554) => of_sender(section),
        (Step::Recipient, Some(OurFault::Relaying)) => format!(
            "it takes no mails for other domains from us; allow this machine at the relay, or name user and \
             password in {section}.url"
        ),
        _ => return reply,
    };
    let said: String = reply.text.chars().take(RELAY_WORDS).collect();
    Reply::new(reply.code, &format!("{said} ({hint})"))
}

fn of_sender(section: &str) -> String {
    format!(
        "it refuses our envelope sender; if the account may send as itself only, set {section}.return_path to its \
         address"
    )
}

#[cfg(test)]
mod tests {
    use super::with_hint;
    use crate::domain::Reply;
    use crate::mail::smtp::reply::Step;

    #[test]
    fn a_refusal_names_the_setting_it_is_about() {
        for (step, code, text, setting) in [
            (
                Step::MailFrom,
                550,
                "5.7.27 not allowed",
                "smtp.return_path",
            ),
            (
                Step::MailFrom,
                553,
                "5.7.1 Sender address rejected: not owned by user",
                "smtp.return_path",
            ),
            (
                Step::Recipient,
                553,
                "5.7.1 <b@x.y>: Sender address rejected: not owned by user",
                "smtp.return_path",
            ),
            (
                Step::Recipient,
                504,
                "5.5.2 <box>: Helo command rejected: need fully-qualified hostname",
                "smtp.hello_name",
            ),
            (Step::MailFrom, 550, "5.7.1 invalid HELO", "smtp.hello_name"),
            (
                Step::MailFrom,
                530,
                "5.7.0 Authentication required",
                "smtp.url",
            ),
            (
                Step::MailFrom,
                502,
                "5.7.0 Please authenticate first",
                "smtp.url",
            ),
            (Step::Recipient, 550, "relay not permitted", "smtp.url"),
            (
                Step::FinalDot,
                554,
                "5.2.252 SendAsDenied; a not allowed to send as b",
                "smtp.return_path",
            ),
            (
                Step::MailFrom,
                550,
                "5.4.5 Daily user sending limit exceeded",
                "smtp.quota",
            ),
            (
                Step::FinalDot,
                554,
                "Daily message quota exceeded",
                "smtp.quota",
            ),
        ] {
            let reply = with_hint(step, Reply::new(code, text), "smtp");
            assert_eq!(reply.code, code);
            assert!(
                reply.text.starts_with(text) && reply.text.contains(setting),
                "{reply:?}"
            );
        }
        for (step, code, text) in [
            (Step::Recipient, 550, "5.1.1 no such user"),
            (Step::Recipient, 550, "5.7.1 spam"),
            (Step::Recipient, 552, "5.2.2 its daily quota is used up"),
            (Step::MailFrom, 552, "5.3.4 too large"),
            (Step::Data, 550, "5.7.1 no"),
            (
                Step::FinalDot,
                550,
                "5.7.26 Unauthenticated email from example.org",
            ),
        ] {
            let reply = Reply::new(code, text);
            assert_eq!(with_hint(step, reply.clone(), "smtp"), reply);
        }
    }
}
