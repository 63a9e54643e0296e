//! Being let in by relays that greet, secure and ask as relays in the field do.

use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::BASE64;

use crate::domain::Verdict;
use crate::mail::smtp::connect_error::{ConnectPhase, RelayError};
use crate::mail::smtp::connection::{Connection, Opened};
use crate::mail::smtp::relay::Relay;
use crate::mail::smtp::scripted_relay::{
    Answer, Heard, Outcome, ScriptedRelay, mail, polite, say, say_and_close, self_signed,
};

/// A relay that asks for a login in one of these ways.
fn offers(mechanisms: &'static str) -> impl Fn(&Heard<'_>) -> Answer {
    move |heard| match heard.verb() {
        "EHLO" => say(format!("250-relay\r\n250 {mechanisms}\r\n")),
        _ => polite(heard),
    }
}

fn with_login(relay: &ScriptedRelay, login: &str) -> Outcome<Relay> {
    let mut smtp = relay.settings()?;
    smtp.url = format!("smtp://{login}@127.0.0.1:{}", relay.port()).parse()?;
    Ok(Relay::new("main", &smtp, true)?)
}

/// Why it cannot be used.
async fn refusal(relay: &Relay) -> Outcome<(ConnectPhase, String)> {
    match relay.connect().await {
        Err(error @ RelayError::Unusable { .. }) => {
            assert!(
                matches!(error.verdict(), Verdict::NotTried(_)),
                "nothing was tried"
            );
            let RelayError::Unusable { phase, why, .. } = error else {
                return Err("".into());
            };
            Ok((phase, why))
        }
        Err(other) => Err(other.into()),
        Ok(_) => Err("it let us in".into()),
    }
}

async fn sends(mut connection: Connection) -> Outcome {
    let mail = mail("Subject: y\r\n\r\nshort\r\n")?;
    let opened = connection.open(&mail).await;
    assert!(matches!(opened, Opened::Ready), "{opened:?}");
    let verdict = connection.finish_now(&mail).await;
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}");
    Ok(())
}

#[tokio::test]
async fn ehlo_is_said_once_and_not_after_auth() -> Outcome {
    let relay = ScriptedRelay::start(offers("AUTH PLAIN LOGIN")).await?;
    sends(with_login(&relay, "u:p")?.connect().await?).await?;
    assert_eq!(relay.verbs(0), "EHLO AUTH MAIL RCPT DATA .");
    assert_eq!(relay.heard(0)[0], "EHLO client.example.org");
    Ok(())
}

#[tokio::test]
async fn a_relay_without_ehlo_gets_helo_and_no_extension() -> Outcome {
    for code in ["500", "502 5.5.1 unknown", "504"] {
        let relay = ScriptedRelay::start(move |heard| match heard.verb() {
            "EHLO" => say(format!("{code}\r\n")),
            _ => polite(heard),
        });
        let relay = relay.await?;
        sends(relay.connect().await?).await?;
        assert_eq!(relay.verbs(0), "EHLO HELO MAIL RCPT DATA .", "{code}");
        let mut smtp = relay.settings()?;
        smtp.url.set_query(Some("tls=required"));
        smtp.url.set_host(Some("localhost"))?;
        let (phase, why) = refusal(&Relay::new("main", &smtp, true)?).await?;
        assert!(
            phase == ConnectPhase::Tls && why.contains("STARTTLS") && why.contains("smtp.url"),
            "{why}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn who_turns_us_away_before_mail_has_tried_nothing() -> Outcome {
    for (verb, reply, busy) in [
        ("", "421 4.3.2 too many connections\r\n", true),
        ("", "450 later\r\n", false),
        ("", "554 no service\r\n", false),
        ("EHLO", "421 4.7.0 not now\r\n", true),
        ("", "", false),
    ] {
        let relay = ScriptedRelay::start(move |heard| match heard.verb() == verb {
            true => say_and_close(reply),
            false => polite(heard),
        });
        let error = relay
            .await?
            .relay()?
            .connect()
            .await
            .err()
            .ok_or("it let us in")?;
        assert!(matches!(error.verdict(), Verdict::NotTried(_)), "{error}");
        let said = error.said();
        assert_eq!(said.code > 0, !reply.is_empty(), "{error}");
        assert!(reply.ends_with(&format!("{}\r\n", said.text)) || reply.is_empty());
        assert_eq!(said.asks_for_less(), busy, "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_refused_name_is_told_with_its_setting() -> Outcome {
    for reply in [
        "504 5.5.2 <box>: need fully-qualified hostname",
        "550 Access denied",
        "501 bad name",
    ] {
        let relay = ScriptedRelay::start(move |heard| match heard.verb() {
            "EHLO" | "HELO" => say(format!("{reply}\r\n")),
            _ => polite(heard),
        });
        let relay = relay.await?;
        let (phase, why) = refusal(&relay.relay()?).await?;
        assert_eq!(phase, ConnectPhase::Greeting);
        for words in [reply, "smtp.hello_name", "client.example.org"] {
            assert!(why.contains(words), "{why}");
        }
        let second = Relay::new("second", &relay.settings()?, true)?;
        assert!(
            refusal(&second)
                .await?
                .1
                .contains("relays.second.hello_name")
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_order_of_prompts_decides_whatever_they_say() -> Outcome {
    for prompts in [
        ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"],
        ["", ""],
        ["bm9t", "Kennwort bitte"],
    ] {
        for form in ["AUTH LOGIN", "AUTH=LOGIN", "auth=login DIGEST-MD5"] {
            let asked = AtomicUsize::new(0);
            let relay = ScriptedRelay::start(move |heard| match heard.verb() {
                "EHLO" => say(format!("250-relay\r\n250 {form}\r\n")),
                "AUTH" => say(format!("334 {}\r\n", prompts[0])),
                "dQ==" if asked.fetch_add(1, Ordering::SeqCst) == 0 => {
                    say(format!("334 {}\r\n", prompts[1]))
                }
                "cA==" => say("235 ok\r\n"),
                "MAIL" | "RCPT" | "DATA" | "." | "" => polite(heard),
                _ => say("535 no\r\n"),
            });
            let relay = relay.await?;
            sends(with_login(&relay, "u:p")?.connect().await?).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn another_mechanism_is_tried_where_one_is_turned_down_and_none_for_a_wrong_password()
-> Outcome {
    for (reply, tries_next) in [
        ("504 5.7.4 Unrecognized authentication type", true),
        ("535 5.7.4 no", true),
        ("534 too weak", true),
        ("500 unrecognized command", true),
        ("535 5.7.8 bad credentials", false),
    ] {
        let relay = ScriptedRelay::start(move |heard| match heard.verb() {
            "EHLO" => say("250-relay\r\n250 AUTH LOGIN PLAIN\r\n"),
            "AUTH" if heard.unit.contains("PLAIN") => say(format!("{reply}\r\n")),
            "AUTH" | "dQ==" => say("334\r\n"),
            "cA==" => say("235\r\n"),
            _ => polite(heard),
        });
        let relay = relay.await?;
        let ours = with_login(&relay, "u:p")?;
        if tries_next {
            sends(ours.connect().await?).await?;
            continue;
        }
        let (phase, why) = refusal(&ours).await?;
        assert_eq!(phase, ConnectPhase::Login);
        assert!(
            why.contains("the user or the password in smtp.url") && why.contains(reply),
            "{why}"
        );
        assert_eq!(relay.verbs(0), "EHLO AUTH");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_offered_and_the_setting_are_named_where_nothing_is_common() -> Outcome {
    for (offered, words) in [
        ("AUTH CRAM-MD5", ["CRAM-MD5", "smtp.url"]),
        (
            "AUTH XOAUTH2 CRAM-MD5",
            ["XOAUTH2, CRAM-MD5", "smtp.oauth_token_file"],
        ),
        ("HELP", ["no way to sign in", "smtp.url"]),
    ] {
        let relay = ScriptedRelay::start(offers(offered)).await?;
        let (phase, why) = refusal(&with_login(&relay, "u:p")?).await?;
        assert_eq!(phase, ConnectPhase::Login);
        assert!(words.iter().all(|words| why.contains(words)), "{why}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_is_read_for_each_connection_and_its_refusal_gives_reasons() -> Outcome {
    let file = tempfile::NamedTempFile::new()?;
    for offered in ["AUTH XOAUTH2 PLAIN", "AUTH OAUTHBEARER"] {
        let relay = ScriptedRelay::start(move |heard| {
            let response = heard.unit.trim_end().rsplit(' ').next().unwrap_or_default();
            let said = BASE64.decode(response.as_bytes()).unwrap_or_default();
            match heard.verb() {
                "EHLO" => say(format!("250-relay\r\n250 {offered}\r\n")),
                "AUTH" if said.ends_with(b"auth=Bearer fresh\x01\x01") => say("235 ok\r\n"),
                "AUTH" => say(format!(
                    "334 {}\r\n",
                    BASE64.encode(b"{\"status\":\"401\"}")
                )),
                _ if heard.unit == "\r\n" || heard.unit == "AQ==\r\n" => say("535 5.7.8 no\r\n"),
                _ => polite(heard),
            }
        });
        let relay = relay.await?;
        let mut smtp = relay.settings()?;
        smtp.url = format!("smtp://u@127.0.0.1:{}", relay.port()).parse()?;
        assert!(
            Relay::new("main", &smtp, true).is_err(),
            "a user alone is no login"
        );
        smtp.oauth_token_file = file.path().to_owned();
        let ours = Relay::new("main", &smtp, true)?;
        std::fs::write(file.path(), "stale\n")?;
        let (_, why) = refusal(&ours).await?;
        for words in [
            "smtp.oauth_token_file",
            "\"status\":\"401\"",
            "535 5.7.8 no",
        ] {
            assert!(why.contains(words), "{why}");
        }
        std::fs::write(file.path(), "fresh\n")?;
        sends(ours.connect().await?).await?;
        smtp.oauth_token_command = "echo fresh".to_owned();
        assert!(Relay::new("main", &smtp, true).is_err(), "one of both");
        smtp.oauth_token_file = std::path::PathBuf::new();
        sends(Relay::new("main", &smtp, true)?.connect().await?).await?;
    }
    Ok(())
}

/// A relay under TLS at localhost, and its settings with these certificates named.
async fn secured(
    certificate: &rcgen::CertifiedKey<rcgen::KeyPair>,
    named: &tempfile::NamedTempFile,
    implicit: bool,
) -> Outcome<(ScriptedRelay, crate::config::Smtp)> {
    let behaviour = move |heard: &Heard<'_>| match heard.verb() {
        "EHLO" => say("250-relay\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"),
        "STARTTLS" => Answer::StartTls,
        _ => polite(heard),
    };
    let relay = ScriptedRelay::with_certificate(Some(certificate), implicit, behaviour).await?;
    let mut smtp = relay.settings()?;
    let port = relay.port();
    smtp.url = match implicit {
        true => format!("smtps://u:p@localhost:{port}"),
        false => format!("smtp://u:p@localhost:{port}?tls=required"),
    }
    .parse()?;
    smtp.trusted_certificates = named.path().to_owned();
    Ok((relay, smtp))
}

#[tokio::test]
async fn a_named_certificate_is_believed_itself_for_its_names_and_its_time() -> Outcome {
    let good = self_signed(|_| {})?;
    let common_name_only = self_signed(|params| {
        params.subject_alt_names.clear();
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "localhost");
    })?;
    let expired = self_signed(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 1))?;
    let other_name = rcgen::SanType::DnsName("mail.example.net".try_into()?);
    let elsewhere = self_signed(|params| params.subject_alt_names = vec![other_name])?;
    let file = tempfile::NamedTempFile::new()?;
    for implicit in [false, true] {
        for certificate in [&good, &common_name_only] {
            std::fs::write(file.path(), certificate.cert.pem())?;
            let (relay, smtp) = secured(certificate, &file, implicit).await?;
            sends(Relay::new("main", &smtp, true)?.connect().await?).await?;
            let expected = match implicit {
                true => "EHLO AUTH MAIL RCPT DATA .",
                false => "EHLO STARTTLS EHLO AUTH MAIL RCPT DATA .",
            };
            assert_eq!(relay.verbs(0), expected);
        }
        for (certificate, words) in [(&expired, "expired"), (&elsewhere, "not for localhost")] {
            std::fs::write(file.path(), certificate.cert.pem())?;
            let (_relay, smtp) = secured(certificate, &file, implicit).await?;
            let (phase, why) = refusal(&Relay::new("main", &smtp, true)?).await?;
            assert_eq!(phase, ConnectPhase::Tls);
            assert!(why.contains(words), "{why}");
        }
        // Another certificate is named: this one is not believed, though it has the same name.
        std::fs::write(file.path(), self_signed(|_| {})?.cert.pem())?;
        let (relay, smtp) = secured(&good, &file, implicit).await?;
        let (phase, why) = refusal(&Relay::new("main", &smtp, true)?).await?;
        assert_eq!(phase, ConnectPhase::Tls);
        assert!(
            why.contains("self-signed") && why.contains("smtp.trusted_certificates"),
            "{why}"
        );
        assert!(
            !relay.verbs(0).contains("AUTH"),
            "no password for a stranger"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_was_said_in_the_clear_behind_starttls_is_not_taken_for_tls() -> Outcome {
    let relay = ScriptedRelay::start(|heard| match heard.verb() {
        "EHLO" => say("250-relay\r\n250 STARTTLS\r\n"),
        "STARTTLS" => say("220 go on\r\n250-injected\r\n250 AUTH PLAIN\r\n"),
        _ => polite(heard),
    });
    let relay = relay.await?;
    let mut smtp = relay.settings()?;
    smtp.url = format!("smtp://localhost:{}?tls=required", relay.port()).parse()?;
    let (phase, why) = refusal(&Relay::new("main", &smtp, true)?).await?;
    assert!(
        phase == ConnectPhase::Tls && why.contains("before TLS began"),
        "{why}"
    );
    Ok(())
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_told() -> Outcome {
    let relay = ScriptedRelay::start(polite).await?;
    let mut smtp = relay.settings()?;
    smtp.url = format!("smtps://localhost:{}", relay.port()).parse()?;
    let (phase, why) = refusal(&Relay::new("main", &smtp, true)?).await?;
    assert!(
        phase == ConnectPhase::Tls && why.contains("smtp://") && why.contains("smtp.url"),
        "{why}"
    );
    Ok(())
}

#[tokio::test]
async fn a_port_that_waits_for_tls_is_told() -> Outcome {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let tcp = tokio::net::TcpStream::connect(listener.local_addr()?).await?;
    let handshake = super::Handshake {
        section: "smtp".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: super::TLS_PORT,
        tls: super::Tls::None,
        trust: None,
        login: None,
        hello: "me".to_owned(),
    };
    let ungreeted = crate::mail::smtp::backlog::Backlog::default().enter().await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let Err(error) = handshake.run(tcp, ungreeted).await else {
        return Err("it let us in".into());
    };
    assert!(began.elapsed() < super::COMMAND);
    assert!(error.why.contains("smtps://"), "{error:?}");
    Ok(())
}
