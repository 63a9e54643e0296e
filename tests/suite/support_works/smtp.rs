use std::time::Duration;

use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls as LettreTls, TlsParameters};
use lettre::{AsyncTransport, Message, Tokio1Executor};

use crate::support::smtp::{Options, SmtpServer, Tls};

fn message(to: &str) -> Message {
    Message::builder()
        .from("news@example.org".parse().unwrap())
        .to(to.parse().unwrap())
        .message_id(Some(format!("<{to}>")))
        .subject("A test")
        .body("A dot\n.\nand more\n".to_owned())
        .unwrap()
}

/// What the client reports for the reply's code: zero where there was no reply before the
/// connection closed, None where there was none within two seconds.
///
/// lettre's own time-out covers connecting only, so silence is measured from outside.
async fn send(server: &SmtpServer, to: &str) -> Option<u16> {
    let client = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(server.port())
        .build();
    let sent = tokio::time::timeout(Duration::from_secs(2), client.send(message(to)));
    Some(match sent.await.ok()? {
        Ok(_) => 250,
        Err(error) => error.status().map_or(0, u16::from),
    })
}

#[tokio::test]
async fn what_was_accepted_is_kept() {
    let server = SmtpServer::start(Options::default()).await;
    assert_eq!(server.url(), format!("smtp://127.0.0.1:{}", server.port()));
    assert_eq!(send(&server, "ok1@example.org").await, Some(250));
    assert_eq!(send(&server, "ok2@example.org").await, Some(250));
    let messages = server.wait_for(2, Duration::from_secs(5)).await;
    assert_eq!(messages[0].mail_from, "news@example.org");
    assert_eq!(messages[0].recipients, ["ok1@example.org"]);
    assert_ne!(messages[0].connection, messages[1].connection);
    assert!(messages[0].time <= messages[1].time);
    let raw = String::from_utf8(messages[1].raw.clone()).unwrap();
    assert!(raw.contains("Subject: A test\r\n"), "{raw}");
    assert!(raw.contains("\r\n.\r\n"), "dots are unstuffed: {raw}");
    assert!(server.refusals().is_empty());
}

#[tokio::test]
async fn each_scripted_fault_happens() {
    let server = SmtpServer::start(Options::default()).await;
    for (to, codes) in [
        ("defer@example.org", [450, 250, 250]),
        ("defer2.x@example.org", [450, 450, 250]),
        ("gone@example.org", [550, 550, 550]),
        ("full@example.org", [452, 452, 452]),
        ("busy@example.org", [421, 421, 421]),
        ("spam@example.org", [554, 554, 554]),
        ("drop@example.org", [0, 250, 250]),
        ("dropalways@example.org", [0, 0, 0]),
    ] {
        for expected in codes {
            assert_eq!(send(&server, to).await, Some(expected), "{to}");
        }
    }
    assert_eq!(server.messages().len(), 5);
    let refusals = server.refusals();
    assert_eq!(refusals.len(), 19);
    let dropped = refusals
        .iter()
        .find(|refused| refused.reply.is_empty())
        .unwrap();
    assert_eq!(dropped.stage, "DATA");
    assert_eq!(dropped.message_id.as_deref(), Some("<drop@example.org>"));
    assert_eq!(dropped.recipient.as_deref(), Some("drop@example.org"));
    assert_eq!(dropped.mail_from.as_deref(), Some("news@example.org"));
    assert!(dropped.connection > 0 && dropped.time > 0.0);
}

#[tokio::test]
async fn the_switch_refuses_hangs_and_accepts() {
    let server = SmtpServer::start(Options::default()).await;
    server.refuse_everything().await;
    assert_eq!(send(&server, "ok@example.org").await, Some(421));
    assert_eq!(server.refusals()[0].stage, "CONNECT");
    server.hang().await;
    assert_eq!(send(&server, "ok@example.org").await, None);
    server.accept().await;
    assert_eq!(send(&server, "ok@example.org").await, Some(250));
}

#[tokio::test]
async fn what_is_held_was_kept() {
    let server = SmtpServer::start(Options::default()).await;
    server.hold_after(1).await;
    assert_eq!(send(&server, "ok1@example.org").await, Some(250));
    assert_eq!(send(&server, "ok2@example.org").await, None);
    assert_eq!(server.messages().len(), 2);
    server.accept().await;
    assert_eq!(send(&server, "ok3@example.org").await, Some(250));
}

#[tokio::test]
#[should_panic(expected = "0 of 1 messages came")]
async fn waiting_in_vain_fails_the_test() {
    let server = SmtpServer::start(Options::default()).await;
    server.wait_for(1, Duration::from_millis(50)).await;
}

#[tokio::test]
async fn smtputf8_can_be_switched_off() {
    for (without_smtputf8, announced) in [(false, true), (true, false)] {
        let options = Options {
            without_smtputf8,
            ..Options::default()
        };
        let server = SmtpServer::start(options).await;
        let sent = send(&server, "ok-é@example.org").await;
        assert_eq!(sent == Some(250), announced, "{sent:?}");
    }
}

#[tokio::test]
async fn tls_and_login_are_asked_for() {
    for tls in [Tls::StartTls, Tls::Implicit] {
        let server = SmtpServer::start(Options {
            tls: Some(tls),
            auth: Some(("xabar", "secret")),
            ..Options::default()
        })
        .await;
        assert!(server.url().contains("xabar:secret@localhost"));
        let in_the_clear = send(&server, "ok@example.org").await;
        assert_ne!(in_the_clear, Some(250));
        let pem = std::fs::read(server.certificate()).unwrap();
        let trusting = TlsParameters::builder("localhost".to_owned())
            .add_root_certificate(Certificate::from_pem(&pem).unwrap())
            .build()
            .unwrap();
        let tls = match tls {
            Tls::StartTls => LettreTls::Required(trusting),
            Tls::Implicit => LettreTls::Wrapper(trusting),
        };
        for (password, accepted) in [("secret", true), ("wrong", false)] {
            let sent = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("localhost")
                .port(server.port())
                .tls(tls.clone())
                .credentials(Credentials::new("xabar".to_owned(), password.to_owned()))
                .build()
                .send(message("ok@example.org"))
                .await;
            assert_eq!(sent.is_ok(), accepted, "{sent:?}");
        }
        assert_eq!(server.messages().len(), 1);
    }
}
