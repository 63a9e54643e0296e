use std::time::Duration;

use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};

use crate::support::mail_servers::{Kind, RealServer, SigningKey, StoredMail};

/// lettre ends the last line itself.
const TEXT: &str = "Bonjour\r\n.\r\n..deux points\r\n\r\nFin";

/// Sends a mail by a client that is not ours; returns its octets.
async fn send(server: &RealServer, to: &str) -> Vec<u8> {
    let message = Message::builder()
        .from("news@example.org".parse().unwrap())
        .to(to.parse().unwrap())
        .message_id(Some(format!("<{to}>")))
        .subject("A test")
        .body(TEXT.to_owned())
        .unwrap();
    let client = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(server.port())
        .build();
    let octets = [message.formatted().as_slice(), b"\r\n"].concat();
    client.send(message).await.unwrap();
    octets
}

async fn keeps_what_it_takes(kind: Kind) {
    let server = RealServer::start(kind);
    assert_eq!(server.accepted().len(), 0);
    let sent = [
        send(&server, "reader1@example.net").await,
        send(&server, "reader2@example.net").await,
    ];
    let mut stored = server.accepted();
    stored.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    let to: Vec<_> = stored.iter().map(|mail| mail.recipient.as_str()).collect();
    assert_eq!(
        to,
        ["reader1@example.net", "reader2@example.net"],
        "{kind:?}"
    );
    for (mail, sent) in stored.iter().zip(&sent) {
        assert!(
            mail.raw.ends_with(sent),
            "{kind:?} keeps\n{}\nof\n{}",
            String::from_utf8_lossy(&mail.raw),
            String::from_utf8_lossy(sent)
        );
    }
    let port = server.port();
    drop(server);
    let mut left = 100;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
        left -= 1;
        assert!(left > 0, "{kind:?} goes on after the test");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn exim_keeps_what_it_takes() {
    keeps_what_it_takes(Kind::Exim).await;
}

#[tokio::test]
async fn opensmtpd_keeps_what_it_takes() {
    keeps_what_it_takes(Kind::OpenSmtpd).await;
}

#[tokio::test]
async fn haraka_keeps_what_it_takes() {
    keeps_what_it_takes(Kind::Haraka).await;
}

#[tokio::test]
async fn nodemailers_server_keeps_what_it_takes() {
    keeps_what_it_takes(Kind::NodemailerServer).await;
}

#[test]
fn a_mail_without_a_valid_signature_counts_as_altered() {
    let mail = StoredMail {
        recipient: "reader@example.net".to_owned(),
        raw: b"From: news@example.org\r\n\r\nBonjour\r\n".to_vec(),
    };
    assert_eq!(SigningKey::make().altered(&[mail]), ["reader@example.net"]);
}
