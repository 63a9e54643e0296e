//! The final dot waits for permission: against a relay that notes every octet it gets.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::config::Settings;
use crate::domain::Verdict;
use crate::mail::smtp::connection::{Connection, Opened, Outgoing};
use crate::mail::smtp::relays::Relays;
use crate::mail::smtp::reply::Step;
use crate::mail::smtp::scripted_relay::{Outcome, Stream, acceptor, mail, self_signed};

const GREETING: &str = "220 relay\r\n";
const HELLO: &str = "250-relay\r\n250-SIZE 30000\r\n250 PIPELINING\r\n";
const TAKEN: &str = "250 sender\r\n250 recipient\r\n354 go on\r\n";

/// What the relay does after the commands of the first mail.
enum Then {
    /// Says this after every final dot.
    Answers(&'static str),
    /// Says this as soon as there is a text, and goes.
    Breaks(&'static str),
}

/// The relay: what it heard since it was last asked.
struct Relay {
    heard: mpsc::UnboundedReceiver<Vec<u8>>,
    task: JoinHandle<()>,
}

impl Relay {
    /// What has come within a moment.
    async fn heard(&mut self) -> String {
        let mut all = Vec::new();
        while let Ok(Some(octets)) = timeout(Duration::from_millis(200), self.heard.recv()).await {
            all.extend(octets);
        }
        String::from_utf8_lossy(&all).into_owned()
    }
}

async fn relay(then: Then) -> Outcome<(Relay, Connection)> {
    relay_over(then, false).await
}

async fn relay_over(then: Then, tls: bool) -> Outcome<(Relay, Connection)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let mut settings = Settings::defaults()?;
    let port = listener.local_addr()?.port();
    let (certificate, file) = (self_signed(|_| {})?, tempfile::NamedTempFile::new()?);
    std::fs::write(file.path(), certificate.cert.pem())?;
    settings.smtp.url = match tls {
        true => format!("smtps://localhost:{port}").parse()?,
        false => format!("smtp://127.0.0.1:{port}").parse()?,
    };
    settings.smtp.trusted_certificates = file.path().to_owned();
    let acceptor = acceptor(&certificate)?;
    let (tell, heard) = mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        let Ok((tcp, _)) = listener.accept().await else {
            return;
        };
        // A connection that breaks is what some tests are about.
        if tls {
            if let Ok(mut secured) = acceptor.accept(tcp).await {
                let _ = serve(&mut secured, &then, &tell).await;
            }
        } else {
            let mut tcp = tcp;
            let _ = serve(&mut tcp, &then, &tell).await;
        }
    });
    let (_, connection) = Relays::from_settings(&settings)?.connect().await?;
    Ok((Relay { heard, task }, connection))
}

async fn serve(
    stream: &mut impl Stream,
    then: &Then,
    tell: &mpsc::UnboundedSender<Vec<u8>>,
) -> std::io::Result<()> {
    stream.write_all(GREETING.as_bytes()).await?;
    stream.flush().await?;
    let (mut since, mut buffer) = (Vec::new(), vec![0; 1024]);
    loop {
        let octets = stream.read(&mut buffer).await?;
        if octets == 0 {
            return Ok(());
        }
        since.extend_from_slice(&buffer[..octets]);
        let said = String::from_utf8_lossy(&since).into_owned();
        let mut answer = String::new();
        if said.starts_with("EHLO") {
            answer.push_str(HELLO);
        } else {
            let _ = tell.send(buffer[..octets].to_vec());
            if let (Then::Breaks(words), false) = (then, said.ends_with("DATA\r\n")) {
                stream.write_all(words.as_bytes()).await?;
                return stream.shutdown().await;
            }
            if let (Then::Answers(words), true) = (then, said.contains("\r\n.\r\n")) {
                answer.push_str(words);
            }
            if said.ends_with("DATA\r\n") {
                answer.push_str(TAKEN);
            }
        }
        if !answer.is_empty() {
            since.clear();
            stream.write_all(answer.as_bytes()).await?;
            stream.flush().await?;
        }
    }
}

/// Larger than what any buffer on the way takes at once, with a dot at the head of a line.
fn long_text() -> String {
    format!("Subject: x\r\n\r\n.{}\r\n", "long line\r\n".repeat(2_000))
}

async fn opened(connection: &mut Connection, mail: &Outgoing) {
    let opened = connection.open(mail).await;
    assert!(matches!(opened, Opened::Ready), "{opened:?}");
}

#[tokio::test]
async fn a_text_travels_before_its_dot_is_permitted() -> Outcome<()> {
    for tls in [false, true] {
        let answers = Then::Answers("250 accepted\r\n");
        let (relay, connection) = relay_over(answers, tls).await?;
        the_dot_waits(relay, connection).await?;
    }
    Ok(())
}

async fn the_dot_waits(mut relay: Relay, mut connection: Connection) -> Outcome<()> {
    let (first, next) = (mail(&long_text())?, mail("Subject: y\r\n\r\nshort\r\n")?);
    opened(&mut connection, &first).await;
    relay.heard().await;
    let (permit, permission) = oneshot::channel();
    let going = tokio::spawn(async move {
        let verdict = connection
            .finish(first.message.clone(), Some(&next), permission)
            .await;
        (verdict, connection.next_opened().await, connection)
    });
    let before = relay.heard().await;
    let text = long_text().replacen("\r\n.", "\r\n..", 1);
    assert_eq!(before.len(), text.len(), "all of it but the dot");
    permit
        .send(())
        .map_err(|()| "nobody waits for permission")?;
    let (verdict, then, mut connection) = going.await?;
    assert!(matches!(&verdict, Ok(Verdict::Accepted(_))), "{verdict:?}");
    assert!(matches!(then, Some(Opened::Ready)), "{then:?}");
    let after = relay.heard().await;
    let commands = after
        .strip_prefix(".\r\n")
        .ok_or("something else than the dot was kept back")?;
    assert_eq!(before, text);
    assert!(
        commands.starts_with("MAIL FROM:") && commands.ends_with("DATA\r\n"),
        "{commands}"
    );
    // The next mail of the connection is held in its turn.
    let at_once = std::future::ready(Ok::<(), ()>(()));
    let next = mail("Subject: y\r\n\r\nshort\r\n")?;
    let verdict = connection.finish(next.message.clone(), None, at_once).await;
    assert!(matches!(&verdict, Ok(Verdict::Accepted(_))), "{verdict:?}");
    assert_eq!(relay.heard().await, "Subject: y\r\n\r\nshort\r\n.\r\n");
    Ok(())
}

#[tokio::test]
async fn without_permission_a_text_never_ends_and_the_connection_is_done_with() -> Outcome<()> {
    let (mut relay, mut connection) = relay(Then::Answers("250 accepted\r\n")).await?;
    let (first, next) = (mail(&long_text())?, mail("Subject: y\r\n\r\nshort\r\n")?);
    opened(&mut connection, &first).await;
    let no = async {
        sleep(Duration::from_millis(100)).await;
        Err("the issue was paused")
    };
    let verdict = connection
        .finish(first.message.clone(), Some(&next), no)
        .await;
    assert_eq!(verdict.err(), Some("the issue was paused"));
    assert!(!connection.is_usable());
    drop(connection);
    (&mut relay.task).await?;
    let all = relay.heard().await;
    assert!(
        all.contains("long line") && !all.contains("\r\n.\r\n"),
        "{}",
        all.len()
    );
    assert_eq!(all.matches("MAIL FROM").count(), 1);
    Ok(())
}

#[tokio::test]
async fn what_breaks_before_the_dot_is_permitted_was_not_sent_and_what_breaks_after_is_unknown()
-> Outcome<()> {
    let slowly = || async {
        sleep(Duration::from_millis(300)).await;
        Ok::<(), ()>(())
    };
    let first = mail(&long_text())?;
    let short = mail("Subject: y\r\n\r\nshort\r\n")?;
    let (gone, early) = ("421 4.4.2 timeout\r\n", "250 accepted, it seems\r\n");
    for (mail, words) in [
        (&first, ""),
        (&first, early),
        (&short, ""),
        (&short, gone),
        (&short, early),
    ] {
        let (_relay, mut connection) = relay(Then::Breaks(words)).await?;
        opened(&mut connection, mail).await;
        let verdict = connection
            .finish(mail.message.clone(), None, slowly())
            .await;
        assert!(matches!(&verdict, Ok(Verdict::TryLater(_))), "{verdict:?}");
        assert!(!connection.is_usable());
        assert_eq!(connection.ended().map(|end| end.step), Some(Step::Text));
    }
    let (_relay, mut connection) = relay(Then::Breaks("552 5.3.4 too large\r\n")).await?;
    opened(&mut connection, &first).await;
    let verdict = connection
        .finish(first.message.clone(), None, slowly())
        .await;
    assert!(
        matches!(&verdict, Ok(Verdict::Refused(r)) if r.code == 552),
        "{verdict:?}"
    );
    let (_relay, mut connection) = relay(Then::Breaks("")).await?;
    opened(&mut connection, &short).await;
    let at_once = std::future::ready(Ok::<(), ()>(()));
    let verdict = connection
        .finish(short.message.clone(), None, at_once)
        .await;
    assert!(matches!(&verdict, Ok(Verdict::Unknown(_))), "{verdict:?}");
    Ok(())
}

/// As by its signatures, which are made while the relay is asked.
#[tokio::test]
async fn a_mail_that_has_become_too_large_is_not_written() -> Outcome {
    let (mut relay, mut connection) = relay(Then::Answers("250 taken\r\n")).await?;
    let (short, next) = (mail("short\r\n")?, mail("next\r\n")?);
    opened(&mut connection, &short).await;
    relay.heard().await;
    let large = mail(&"long line\r\n".repeat(3_000))?.message;
    let at_once = std::future::ready(Ok::<(), ()>(()));
    let verdict = connection.finish(large, Some(&next), at_once).await;
    let refused = matches!(&verdict, Ok(Verdict::Refused(reply)) if reply.code == 552);
    assert!(refused, "{verdict:?}");
    assert!(!connection.is_usable() && connection.next_opened().await.is_none());
    assert_eq!(relay.heard().await, "");
    relay.task.abort();
    Ok(())
}
