//! Mails over one open connection, step by step.
//!
//! The steps of a transaction are taken one by one here, because what a failure means
//! depends on the step: before the final dot nothing was sent, after it nobody knows.

use std::fmt::Display;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use crate::domain::{EmailAddress, Reply, Verdict};

/// The least times of RFC 5321 §4.5.3.2.
const COMMAND: Duration = Duration::from_secs(300);
const DATA_START: Duration = Duration::from_secs(120);
/// Giving up earlier after the final dot would make doubles of our own.
const FINAL_DOT: Duration = Duration::from_secs(600);

/// One mail on its way, complete to the octet.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The envelope sender.
    pub return_path: String,
    /// The envelope recipient.
    pub to: EmailAddress,
    /// Headers and body with CRLF line ends, 7-bit.
    pub message: Vec<u8>,
}

/// An open connection.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    left: u32,
    broken: bool,
}
/// Text that is written to the server in one piece: a second write would wait for
/// the server's delayed acknowledgement of the first (Nagle's algorithm), 40 ms each time.
struct DotStuffed<'a>(&'a [u8]);

impl Display for DotStuffed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = std::str::from_utf8(self.0).map_err(|_| std::fmt::Error)?;
        let mut lines = text.split("\r\n").peekable();
        while let Some(line) = lines.next() {
            if line.is_empty() && lines.peek().is_none() {
                break;
            }
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
            f.write_str("\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

impl Connection {
    /// A connection that is good for `messages` mails.
    pub(super) fn new(smtp: AsyncSmtpConnection, messages: u32) -> Self {
        Self {
            smtp,
            left: messages,
            broken: false,
        }
    }

    /// Whether another mail may be sent over this connection.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !self.broken && self.left > 0
    }

    /// Hands one mail over and says how that ended.
    pub async fn send(&mut self, mail: &Outgoing) -> Verdict {
        self.left = self.left.saturating_sub(1);
        let (from, to) = match (
            mail.return_path.parse::<Address>(),
            mail.to.to_string().parse::<Address>(),
        ) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(error), _) | (_, Err(error)) => {
                return Verdict::Refused(Reply::new(
                    0,
                    &format!("the address cannot stand in an envelope: {error}"),
                ));
            }
        };
        let mut parameters = Vec::new();
        if mail.to.needs_smtputf8() {
            if !self
                .smtp
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Verdict::RecipientRefused(Reply::new(
                    0,
                    "the relay does not take addresses with letters outside ASCII (SMTPUTF8)",
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if let Err(verdict) = self
            .step(COMMAND, Mail::new(Some(from), parameters), Step::Ours)
            .await
        {
            return verdict;
        }
        if let Err(verdict) = self
            .step(COMMAND, Rcpt::new(to, Vec::new()), Step::Recipient)
            .await
        {
            return verdict;
        }
        if let Err(verdict) = self.step(DATA_START, Data, Step::Message).await {
            return verdict;
        }
        match self
            .step(FINAL_DOT, DotStuffed(&mail.message), Step::FinalDot)
            .await
        {
            Ok(response) => Verdict::Accepted(reply(&response)),
            Err(verdict) => verdict,
        }
    }

    /// Takes one step; after a refusal the transaction is reset, so that the
    /// connection serves the next reader.
    async fn step(
        &mut self,
        patience: Duration,
        command: impl Display,
        step: Step,
    ) -> Result<Response, Verdict> {
        match timeout(patience, self.smtp.command(command)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                let verdict = step.judge(&error);
                match error.status() {
                    // 421: the server closes the connection (RFC 5321 §3.8).
                    Some(code) if u16::from(code) == 421 => self.broken = true,
                    Some(_) => {
                        let reset = timeout(DATA_START, self.smtp.command(Rset)).await;
                        self.broken |= !matches!(reset, Ok(Ok(_)));
                    }
                    None => self.broken = true,
                }
                Err(verdict)
            }
            Err(_) => {
                self.broken = true;
                Err(step.lost("the relay did not answer in time"))
            }
        }
    }

    /// Says good-bye.
    pub async fn quit(mut self) {
        if !self.broken {
            // Everything has been said; whether the server hears it changes nothing.
            let _ = timeout(Duration::from_secs(5), self.smtp.quit()).await;
        }
    }
}

fn reply(response: &Response) -> Reply {
    let text: Vec<&str> = response.message().collect();
    Reply::new(u16::from(response.code()), &text.join(" "))
}

/// Where in the transaction we are.
#[derive(Clone, Copy)]
enum Step {
    /// MAIL FROM: whatever is refused here is our fault.
    Ours,
    Recipient,
    Message,
    FinalDot,
}

impl Step {
    fn judge(self, error: &SmtpError) -> Verdict {
        let Some(code) = error.status() else {
            return self.lost(&error.to_string());
        };
        let text = std::error::Error::source(error)
            .map(ToString::to_string)
            .unwrap_or_default();
        let reply = Reply::new(u16::from(code), &text);
        match self {
            _ if error.is_transient() => Verdict::TryLater(reply),
            Self::Ours => Verdict::Refused(reply),
            _ if speaks_of_recipient(&reply, matches!(self, Self::Recipient)) => {
                Verdict::RecipientRefused(reply)
            }
            _ => Verdict::Refused(reply),
        }
    }

    /// No reply came.
    fn lost(self, why: &str) -> Verdict {
        let reply = Reply::new(0, why);
        match self {
            Self::FinalDot => Verdict::Unknown(reply),
            Self::Ours | Self::Recipient | Self::Message => Verdict::TryLater(reply),
        }
    }
}

/// Whether a 5xx is about the mailbox rather than about us or the message
/// (RFC 3463; without an enhanced code, RFC 5321 §4.2.2 where it answers RCPT).
fn speaks_of_recipient(reply: &Reply, at_rcpt: bool) -> bool {
    match reply.enhanced_status() {
        Some((5, 1, 7 | 8)) => false,
        Some((5, 1 | 2, _)) | Some((5, 7, 13 | 17 | 18)) => true,
        Some(_) => false,
        None => at_rcpt && matches!(reply.code, 550 | 551 | 553),
    }
}
#[cfg(test)]
mod tests {
    use super::{DotStuffed, speaks_of_recipient};
    use crate::domain::Reply;

    #[test]
    fn dots_are_doubled_and_the_end_is_marked_once() {
        let stuffed = |text: &str| DotStuffed(text.as_bytes()).to_string();
        assert_eq!(stuffed("a\r\n.b\r\n..\r\n"), "a\r\n..b\r\n...\r\n.\r\n");
        assert_eq!(stuffed("a"), "a\r\n.\r\n");
        assert_eq!(stuffed(".\r\n\r\n"), "..\r\n\r\n.\r\n");
    }

    #[test]
    fn only_the_mailbox_speaks_against_the_reader() {
        let of = |code, text: &str, at_rcpt| speaks_of_recipient(&Reply::new(code, text), at_rcpt);
        assert!(of(550, "5.1.1 no such user", true));
        assert!(of(550, "5.1.1 no such user", false));
        assert!(of(550, "no such user", true));
        assert!(!of(550, "no such user", false));
        assert!(!of(550, "5.7.1 spam", true));
        assert!(!of(550, "5.1.8 bad sender domain", true));
        assert!(!of(554, "no", true));
    }
}
