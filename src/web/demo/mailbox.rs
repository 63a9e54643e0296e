//! The mailbox of `xabar demo`, which catches mails instead of sending them.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use mail_parser::MessageParser;
use mailin::{Action, Handler, SessionBuilder};
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::SAMPLE_DOMAIN;

/// How many mails are kept; the oldest are removed.
const MAX_MAILS: usize = 1_000;
/// The longest line that is read.
const MAX_LINE_OCTETS: u64 = 64 * 1024;
/// The largest mail that is kept.
const MAX_MAIL_OCTETS: usize = 32 * 1024 * 1024;

/// A mail as it was received.
#[derive(Debug, Clone)]
pub struct CaughtMail {
    /// Its number, from 1.
    pub id: usize,
    /// The envelope sender.
    pub return_path: String,
    /// The envelope recipients.
    pub recipients: Vec<String>,
    /// Headers and body.
    pub raw: Vec<u8>,
}

impl CaughtMail {
    /// Whether nobody but sample readers got it.
    pub(super) fn is_to_sample_readers(&self) -> bool {
        let is_sample = |address: &String| {
            let domain = address.rsplit('@').next();
            domain.is_some_and(|domain| domain.eq_ignore_ascii_case(SAMPLE_DOMAIN))
        };
        self.recipients.iter().all(is_sample)
    }
}

/// The caught mails. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<Vec<CaughtMail>>>);

/// A caught mail, parsed.
#[derive(Debug, Clone, Serialize)]
pub struct MailView {
    /// Its number.
    pub id: usize,
    /// The From header.
    pub from: String,
    /// The envelope recipients.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The Date header.
    pub date: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    #[serde(skip)]
    pub html: String,
    /// The headers as received.
    pub headers: String,
}

impl Mailbox {
    /// The mails, the newest first.
    #[must_use]
    pub fn list(&self) -> Vec<CaughtMail> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().rev().cloned().collect()
    }

    /// One of them.
    pub(super) fn get(&self, id: usize) -> Option<CaughtMail> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// Removes all of them.
    pub fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn add(&self, return_path: String, recipients: Vec<String>, raw: Vec<u8>) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = mails.last().map_or(1, |mail| mail.id + 1);
        mails.push(CaughtMail {
            id,
            return_path,
            recipients,
            raw,
        });
        let surplus = mails.len().saturating_sub(MAX_MAILS);
        mails.drain(..surplus);
    }

    /// Receives mails over SMTP until the task is dropped.
    pub async fn catch(self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let mailbox = self.clone();
                    tokio::spawn(async move {
                        if let Err(error) = serve_connection(mailbox, stream, peer.ip()).await {
                            tracing::debug!(%error, "an SMTP session ended early");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the mailbox could not accept a connection");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    }
}

/// Collects one mail of an SMTP session; mailin implements the protocol.
struct Collector {
    mailbox: Mailbox,
    return_path: String,
    recipients: Vec<String>,
    raw: Vec<u8>,
}

impl Handler for Collector {
    fn data_start(&mut self, _: &str, from: &str, _: bool, to: &[String]) -> mailin::Response {
        self.return_path = from.to_owned();
        self.recipients = to.to_vec();
        self.raw.clear();
        mailin::response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        if self.raw.len() + line.len() > MAX_MAIL_OCTETS {
            return Err(io::Error::other("a mail is too large"));
        }
        self.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> mailin::Response {
        let recipients = std::mem::take(&mut self.recipients);
        self.mailbox.add(
            self.return_path.clone(),
            recipients,
            std::mem::take(&mut self.raw),
        );
        mailin::response::OK
    }
}

async fn serve_connection(mailbox: Mailbox, stream: TcpStream, peer: IpAddr) -> io::Result<()> {
    let collector = Collector {
        mailbox,
        return_path: String::new(),
        recipients: Vec::new(),
        raw: Vec::new(),
    };
    let mut session = SessionBuilder::new("mailbox.localhost").build(peer, collector);
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let mut response = session.greeting();
    let mut line = Vec::new();
    loop {
        if !matches!(response.action, Action::NoReply) {
            let mut reply = Vec::new();
            response.write_to(&mut reply)?;
            writer.write_all(&reply).await?;
        }
        if matches!(response.action, Action::Close) {
            return Ok(());
        }
        line.clear();
        let mut bounded = (&mut reader).take(MAX_LINE_OCTETS);
        if bounded.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if !line.ends_with(b"\n") && bounded.limit() == 0 {
            return Err(io::Error::other("a line is too long"));
        }
        response = session.process(&line);
    }
}

/// Parses a caught mail.
#[must_use]
pub fn read(mail: &CaughtMail) -> MailView {
    let parsed = MessageParser::default()
        .parse(&mail.raw)
        .unwrap_or_default();
    let address = parsed.from().and_then(|from| from.first());
    let from = address.map(|a| {
        format!(
            "{} <{}>",
            a.name().unwrap_or_default(),
            a.address().unwrap_or_default()
        )
    });
    let source = String::from_utf8_lossy(&mail.raw);
    let headers = source
        .split("\r\n\r\n")
        .next()
        .unwrap_or_default()
        .to_owned();
    MailView {
        id: mail.id,
        from: from.unwrap_or_default(),
        to: mail.recipients.join(", "),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        date: parsed
            .date()
            .map(mail_parser::DateTime::to_rfc3339)
            .unwrap_or_default(),
        text: parsed
            .body_text(0)
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default(),
        html: parsed
            .body_html(0)
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default(),
        headers,
    }
}
