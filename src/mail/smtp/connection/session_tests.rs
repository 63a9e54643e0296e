//! What relays say of a session rather than of a mail.

use crate::domain::Verdict;
use crate::mail::smtp::connection::{Connection, Opened, SessionEnd};
use crate::mail::smtp::reply::Step;
use crate::mail::smtp::scripted_relay::{
    Answer, Heard, Outcome, ScriptedRelay, mail, polite, say, say_and_close,
};

use super::tests::SHORT;

/// Without PIPELINING.
pub(super) fn slow(heard: &Heard<'_>) -> Answer {
    match heard.verb() {
        "EHLO" => say("250 relay\r\n"),
        _ => polite(heard),
    }
}

/// A connection over which one mail was sent.
pub(super) async fn used(relay: &ScriptedRelay) -> Outcome<Connection> {
    let mut connection = relay.connect().await?;
    assert!(matches!(
        connection.open(&mail(SHORT)?).await,
        Opened::Ready
    ));
    let verdict = connection.finish_now(&mail(SHORT)?).await;
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}");
    Ok(connection)
}

pub(super) fn lost(opened: Opened) -> Outcome<SessionEnd> {
    match opened {
        Opened::Lost(end) => Ok(end),
        other => Err(format!("{other:?}").into()),
    }
}

#[tokio::test]
async fn a_4xx_to_mail_or_data_and_a_421_are_about_the_session() -> Outcome {
    for (verb, reply, step) in [
        ("MAIL", "452 4.5.3 too many messages\r\n", Step::MailFrom),
        (
            "DATA",
            "452 4.4.5 Too many messages this session\r\n",
            Step::Data,
        ),
        (
            "DATA",
            "432 4.3.2 Concurrent connections limit exceeded\r\n",
            Step::Data,
        ),
        ("MAIL", "421 4.7.0 enough\r\n", Step::MailFrom),
        ("RCPT", "421 4.7.0 enough\r\n", Step::Recipient),
    ] {
        for base in [polite, slow] {
            for carried in [0, 1] {
                let relay = ScriptedRelay::start(move |heard| {
                    match heard.texts == carried && heard.verb() == verb {
                        true => say(reply),
                        false => base(heard),
                    }
                });
                let relay = relay.await?;
                let mut connection = match carried {
                    0 => relay.connect().await?,
                    _ => used(&relay).await?,
                };
                let end = lost(connection.open(&mail(SHORT)?).await)?;
                assert_eq!(
                    (end.step, end.carried as usize, end.retry),
                    (step, carried, carried > 0),
                    "{reply}"
                );
                assert!(reply.starts_with(&end.reply.code.to_string()));
                assert!(
                    carried == 0 || !connection.is_usable(),
                    "a fresh connection is needed"
                );
                assert!(matches!(
                    end.verdict(),
                    Verdict::SlowDown(..) | Verdict::TryLater(_)
                ));
                connection.quit().await;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_4xx_to_rcpt_is_about_the_reader_unless_the_relay_hangs_up() -> Outcome {
    for (closes, reply) in [
        (false, "451 4.7.1 Greylisted\r\n"),
        (true, "451 4.3.0 bye\r\n"),
    ] {
        let relay = ScriptedRelay::start(move |heard| match (heard.verb(), heard.texts) {
            ("RCPT", 1) if closes => say_and_close(reply),
            ("RCPT", 1) => say(reply),
            ("DATA", 1) => say("503 5.5.1 no recipient\r\n"),
            _ => polite(heard),
        });
        let mut connection = used(&relay.await?).await?;
        match (closes, connection.open(&mail(SHORT)?).await) {
            (true, Opened::Lost(end)) => assert!(end.retry && end.carried == 1, "{end:?}"),
            (false, Opened::Refused(_)) => assert!(connection.is_usable()),
            (_, other) => return Err(format!("{reply}: {other:?}").into()),
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_idle_connection_that_was_ended_is_seen_before_anything_is_written() -> Outcome {
    for words in ["421 4.4.2 timeout\r\n", "451 4.3.2 going down\r\n", ""] {
        let relay = ScriptedRelay::start(move |heard| match heard.is_text {
            true => say_and_close(format!("250 ok\r\n{words}")),
            false => slow(heard),
        });
        let relay = relay.await?;
        let mut connection = used(&relay).await?;
        // What is not there yet is there by now.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let end = match connection.ended().cloned() {
            Some(end) => end,
            None => lost(connection.open(&mail(SHORT)?).await)?,
        };
        assert_eq!((end.step, end.carried), (Step::Idle, 1), "{words}");
        assert!(words.starts_with(&end.reply.code.to_string()) || words.is_empty());
        assert_eq!(relay.verbs(0).matches("MAIL").count(), 1);
    }
    Ok(())
}
