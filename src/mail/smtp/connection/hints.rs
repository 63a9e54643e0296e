//! Names the setting that a refusal is about.

use crate::domain::Reply;
use crate::mail::smtp::reply::Step;

/// How much of the relay's words is kept before ours, in characters.
const RELAY_WORDS: usize = 300;

/// A 5xx to MAIL or RCPT, with the setting to look at where one can be told. `place` is where the
/// relay's settings stand, as in `smtp`.
pub(crate) fn with_hint(step: Step, reply: Reply, place: &str) -> Reply {
    if reply.code < 500 || !matches!(step, Step::MailFrom | Step::Recipient) {
        return reply;
    }
    let text = reply.text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let hint = if says(&["helo", "ehlo"]) {
        format!(
            "it refuses the name in {place}.hello_name; set it to this machine's full host name"
        )
    } else if reply.code == 530 || says(&["authenticat", "log in", "not logged in"]) {
        format!("it asks for a login; name user and password in {place}.url")
    } else if says(&["sender address", "not owned", "send as", "sendas"])
        || (step == Step::MailFrom && matches!(reply.code, 550 | 551 | 553 | 554))
    {
        format!(
            "it refuses our envelope sender; if the account may send as itself only, set \
            {place}.return_path to its address"
        )
    } else {
        return reply;
    };
    let said: String = reply.text.chars().take(RELAY_WORDS).collect();
    Reply::new(reply.code, &format!("{said} ({hint})"))
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
            (Step::MailFrom, 552, "5.3.4 too large"),
            (Step::Data, 550, "5.7.1 no"),
        ] {
            let reply = Reply::new(code, text);
            assert_eq!(with_hint(step, reply.clone(), "smtp"), reply);
        }
    }
}
