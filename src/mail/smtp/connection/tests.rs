//! Mails over connections to relays that answer as relays in the field do.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::Verdict;
use crate::mail::smtp::connection::Opened;
use crate::mail::smtp::scripted_relay::{Outcome, ScriptedRelay, mail, polite, say, say_and_close};

use super::session_tests::{lost, slow, used};

pub(super) const SHORT: &str = "Subject: y\r\n\r\nshort\r\n";

fn at_once() -> std::future::Ready<Result<(), ()>> {
    std::future::ready(Ok(()))
}

#[tokio::test]
async fn codes_without_text_and_lines_that_end_in_lf_are_replies() -> Outcome {
    for end in ["\r\n", "\n", " \r\n"] {
        for hello in ["250-relay\r\n250-PIPELINING\n250", "250-relay\n250"] {
            let relay = ScriptedRelay::start(move |heard| {
                let code = match heard.verb() {
                    "" => "220-hello\r\n220",
                    "EHLO" => hello,
                    "DATA" => "354",
                    _ => "250",
                };
                say(format!("{code}{end}"))
            });
            let mut connection = used(&relay.await?).await?;
            assert!(matches!(
                connection.open(&mail(SHORT)?).await,
                Opened::Ready
            ));
            let verdict = connection.finish_now(&mail(SHORT)?).await;
            assert!(
                matches!(&verdict, Verdict::Accepted(reply) if reply.text.is_empty()),
                "{verdict:?}"
            );
            assert_eq!(connection.carried(), 2);
        }
    }
    Ok(())
}

#[tokio::test]
async fn whatever_begins_with_250_after_the_dot_was_taken() -> Outcome {
    let long = [b"250 ".as_slice(), &[b'x'; 70_000], b"\r\n"].concat();
    let endless = b"250-more\r\n".repeat(60_000);
    let replies: Vec<(Vec<u8>, bool)> = vec![
        (b"250 2.0.0 \xcf\xf0\xe8\xed\xff\xf2\xee\r\n".to_vec(), true),
        (b"250 2.0.0 \xb5\xb1\xb5\xc4\r\n".to_vec(), true),
        (b"250-2.0.0 a\n250-\r\n250\r\n".to_vec(), true),
        (long, true),
        (b"250 ok\r\n421 4.4.2 idle\r\n".to_vec(), false),
        (b"250-queued\r\n421 bye\r\n".to_vec(), true),
        (endless, false),
    ];
    for (reply, usable) in replies {
        let shown = String::from_utf8_lossy(&reply[..reply.len().min(40)]).into_owned();
        let relay = ScriptedRelay::start(move |heard| match heard.is_text {
            true => say(&reply),
            false => polite(heard),
        });
        let connection = used(&relay.await?).await?;
        assert_eq!(connection.is_usable(), usable, "{shown}");
        assert_eq!(connection.ended().is_none(), usable, "{shown}");
    }
    for cut in [
        "250 ok\r\n421 closing\r\n",
        "250 ok\r\n",
        "250 ok",
        "250-queued\r\n",
        "250",
    ] {
        let relay =
            ScriptedRelay::start(move |heard| match heard.is_text && heard.connection == 0 {
                true => say_and_close(cut),
                false => polite(heard),
            });
        let relay = relay.await?;
        let mut connection = used(&relay).await?;
        // The next mail needs a fresh connection, and nothing is held against it.
        if connection.is_usable() {
            let end = lost(connection.open(&mail(SHORT)?).await)?;
            assert!(end.retry && end.carried == 1, "{cut}: {end:?}");
        }
        assert!(!connection.is_usable(), "{cut}");
        assert_eq!(connection.ended().map(|end| end.carried), Some(1), "{cut}");
        used(&relay).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_unasked_421_is_no_answer_to_what_was_written_ahead() -> Outcome {
    let relay = ScriptedRelay::start(|heard| match heard.is_text {
        true => say_and_close("250 ok\r\n421 4.4.2 enough\r\n"),
        false => polite(heard),
    });
    let mut connection = relay.await?.connect().await?;
    assert!(matches!(
        connection.open(&mail(SHORT)?).await,
        Opened::Ready
    ));
    let next = mail(SHORT)?;
    let verdict = connection
        .finish(SHORT.to_owned().into(), Some(&next), at_once())
        .await;
    assert!(matches!(&verdict, Ok(Verdict::Accepted(_))), "{verdict:?}");
    let end = lost(
        connection
            .next_opened()
            .await
            .ok_or("nothing was written ahead")?,
    )?;
    assert_eq!((end.reply.code, end.carried, end.retry), (421, 1, true));
    Ok(())
}

#[tokio::test]
async fn what_is_no_reply_is_told_as_the_reason() -> Outcome {
    let relay = ScriptedRelay::start(|heard| match heard.verb() {
        "RCPT" => say("Segmentation fault\r\n"),
        _ => polite(heard),
    });
    let mut connection = relay.await?.connect().await?;
    let end = lost(connection.open(&mail(SHORT)?).await)?;
    assert!(end.reply.text.contains("Segmentation fault"), "{end:?}");
    assert!(!end.retry && !connection.is_usable());
    assert!(matches!(end.verdict(), Verdict::TryLater(_)));
    Ok(())
}

#[tokio::test]
async fn a_refusal_of_the_reader_in_any_charset_bounces() -> Outcome {
    for base in [polite, slow] {
        let relay = ScriptedRelay::start(move |heard| match heard.verb() {
            "RCPT" => say(b"550 5.1.1 \xed\xe5\xf2 \xf2\xe0\xea\xee\xe3\xee\r\n"),
            "DATA" => say("503 5.5.1 need RCPT\r\n"),
            _ => base(heard),
        });
        let relay = relay.await?;
        let mut connection = relay.connect().await?;
        let opened = connection.open(&mail(SHORT)?).await;
        assert!(
            matches!(&opened, Opened::Refused(Verdict::RecipientRefused(r)) if r.code == 550),
            "{opened:?}"
        );
        assert!(connection.is_usable(), "it serves others");
        assert_eq!(
            relay.verbs(0).matches("MAIL").count(),
            1,
            "it is not asked again"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_was_refused_as_it_was_written_ahead_is_said_again_alone_and_no_more_ahead() -> Outcome
{
    // Haraka says so to MAIL, and then either refuses the rest too or takes DATA.
    for (refuses_all, said) in [
        (
            true,
            ". MAIL RCPT DATA RSET MAIL RCPT DATA . MAIL RCPT DATA",
        ),
        (
            false,
            ". MAIL RCPT DATA . RSET MAIL RCPT DATA . MAIL RCPT DATA",
        ),
    ] {
        let refused = AtomicBool::new(false);
        let scripted = ScriptedRelay::start(move |heard| {
            if heard.behind_text && heard.ahead {
                refused.store(true, Ordering::SeqCst);
                return say("503 Bad sequence of commands - pipelined after end of DATA\r\n");
            }
            match heard.verb() {
                "RSET" | "." => refused.store(false, Ordering::SeqCst),
                "RCPT" | "DATA" if refuses_all && refused.load(Ordering::SeqCst) => {
                    return say("503 Use MAIL first\r\n");
                }
                _ => {}
            }
            polite(heard)
        });
        let scripted = scripted.await?;
        let relay = scripted.relay()?;
        let mut connection = relay.connect().await?;
        assert!(matches!(
            connection.open(&mail(SHORT)?).await,
            Opened::Ready
        ));
        for round in 0..3 {
            let next = mail(SHORT)?;
            let next = Some(&next).filter(|_| connection.takes_next());
            assert_eq!(next.is_some(), round == 0, "it is remembered");
            let verdict = connection
                .finish(SHORT.to_owned().into(), next, at_once())
                .await;
            assert!(matches!(&verdict, Ok(Verdict::Accepted(_))), "{verdict:?}");
            let opened = match connection.next_opened().await {
                Some(opened) => opened,
                None => connection.open(&mail(SHORT)?).await,
            };
            assert!(matches!(opened, Opened::Ready), "{opened:?}");
        }
        assert_eq!(connection.carried(), 3);
        assert!(scripted.verbs(0).contains(said), "{}", scripted.verbs(0));
        let other = relay.connect().await?;
        assert!(!other.takes_next(), "other connections know it too");
    }
    Ok(())
}

#[tokio::test]
async fn a_relay_that_hangs_up_on_pipelining_gets_the_mail_over_another_connection() -> Outcome {
    let scripted = ScriptedRelay::start(|heard| match heard.verb() {
        "RCPT" if heard.ahead => say_and_close("503 5.5.0 not so fast\r\n"),
        _ => polite(heard),
    });
    let scripted = scripted.await?;
    let relay = scripted.relay()?;
    let end = lost(relay.connect().await?.open(&mail(SHORT)?).await)?;
    assert!(end.retry, "{end:?}");
    let opened = relay.connect().await?.open(&mail(SHORT)?).await;
    assert!(matches!(opened, Opened::Ready), "{opened:?}");
    Ok(())
}

#[tokio::test]
async fn a_relay_that_takes_no_pipelining_at_all_gets_one_command_at_a_time() -> Outcome {
    let scripted = ScriptedRelay::start(|heard| match heard.verb() {
        "RCPT" | "DATA" if heard.ahead => say("503 5.5.0 not so fast\r\n"),
        _ => polite(heard),
    });
    let scripted = scripted.await?;
    let relay = scripted.relay()?;
    for round in 0..2 {
        let mut connection = relay.connect().await?;
        let opened = connection.open(&mail(SHORT)?).await;
        assert!(matches!(opened, Opened::Ready), "{opened:?}");
        assert!(matches!(
            connection.finish_now(&mail(SHORT)?).await,
            Verdict::Accepted(_)
        ));
        let asked_twice = scripted.verbs(round).contains("RSET");
        assert_eq!(asked_twice, round == 0, "{}", scripted.verbs(round));
    }
    Ok(())
}

#[tokio::test]
async fn a_503_that_stays_is_a_refusal_and_teaches_nothing() -> Outcome {
    let scripted = ScriptedRelay::start(|heard| match heard.verb() {
        "MAIL" => say("503 5.5.1 you have not been introduced\r\n"),
        "RCPT" | "DATA" => say("503 5.5.1 MAIL first\r\n"),
        _ => polite(heard),
    });
    let scripted = scripted.await?;
    let mut connection = scripted.connect().await?;
    let opened = connection.open(&mail(SHORT)?).await;
    assert!(
        matches!(&opened, Opened::Refused(Verdict::Refused(r)) if r.code == 503),
        "{opened:?}"
    );
    assert!(connection.takes_next(), "it was not about pipelining");
    Ok(())
}

#[tokio::test]
async fn the_setting_of_a_refused_sender_is_named() -> Outcome {
    let relay = ScriptedRelay::start(|heard| match heard.unit.contains("bounce") {
        true => say("550 5.7.27 may send as itself only\r\n"),
        false => polite(heard),
    });
    let relay = relay.await?;
    let opened = relay.connect().await?.open(&mail(SHORT)?).await;
    let named = matches!(&opened, Opened::Refused(Verdict::Refused(r)) if r.text.contains("smtp.return_path"));
    assert!(named, "{opened:?}");
    for (setting, sender) in [
        ("news@example.org", "MAIL FROM:<news@example.org>"),
        ("news=TOKEN", "MAIL FROM:<news=7.ab.signature@example.org>"),
    ] {
        let mut smtp = relay.settings()?;
        smtp.return_path = setting.to_owned();
        let mut connection = crate::mail::Relay::new("main", &smtp, true)?
            .connect()
            .await?;
        assert!(matches!(
            connection.open(&mail(SHORT)?).await,
            Opened::Ready
        ));
        let heard = (0..3).flat_map(|connection| relay.heard(connection));
        assert!(heard.collect::<Vec<_>>().contains(&sender.to_owned()));
    }
    Ok(())
}
