//! Mails over one open connection, step by step.
//!
//! The steps of a transaction are taken one by one here, because what a failure means
//! depends on the step: before the final dot nothing was sent, after it nobody knows.
//! Where the relay announces PIPELINING (RFC 2920), the commands of a mail are written
//! together, and those of the next mail behind the text of this one: one round trip a mail.

use std::fmt::Display;
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::final_dot_gate::Hold;
use super::reply_class::{Step, reply};
use super::wire;
use super::wire::Commands;
use crate::domain::{EmailAddress, Reply, Verdict};

/// The least times of RFC 5321 §4.5.3.2, each for a whole answer, however slowly it drips. Together they are the
/// deadline of a mail: 22 minutes, and a minute for the database in between.
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
    /// When it was written; the time of its signature.
    pub date: Timestamp,
    /// Headers and body with CRLF line ends, 7-bit.
    pub message: String,
}

/// How the commands before the text of a mail ended.
#[derive(Debug)]
pub enum Opened {
    /// The relay waits for the text: [`Connection::finish`] comes next.
    Ready,
    /// The relay, or what it cannot take, speaks against this mail.
    Refused(Verdict),
    /// The connection broke before any text was sent; another one may do.
    Lost(Reply),
}

/// An open connection.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    /// Keeps back the end of a text; none where lettre connects by itself.
    hold: Option<Hold>,
    left: u32,
    used: bool,
    broken: bool,
    pipelining: bool,
    /// The largest message the relay takes, in octets (RFC 1870).
    largest: Option<usize>,
    /// What is known of a next mail whose commands went behind a text.
    next: Option<Ahead>,
}

/// The next mail, while the text before it is on its way.
enum Ahead {
    /// Its commands are written; the replies follow that to the text.
    Written,
    /// Nothing was written, as this speaks against it.
    Refused(Verdict),
}

/// Why there is no positive reply.
enum Failure {
    Refused(Verdict),
    Lost(Reply),
}

impl Connection {
    /// A connection that is good for `messages` mails.
    ///
    /// # Errors
    /// When the relay does not greet back. lettre asked it already, but does not tell
    /// about all that it announces.
    pub(crate) async fn new(
        mut smtp: AsyncSmtpConnection,
        hold: Option<Hold>,
        hello: &ClientId,
        messages: u32,
    ) -> Result<Self, SmtpError> {
        let announced = smtp.command(Ehlo::new(hello.clone())).await?;
        let said = |keyword: &str| {
            announced.message().find_map(|line| {
                let mut words = line.split_whitespace();
                let first = words.next()?;
                first
                    .eq_ignore_ascii_case(keyword)
                    .then(|| words.next().unwrap_or_default().to_owned())
            })
        };
        let largest = said("SIZE").and_then(|octets| octets.parse().ok());
        Ok(Self {
            pipelining: said("PIPELINING").is_some(),
            // 0 says that there is no fixed limit.
            largest: largest.filter(|octets| *octets > 0),
            smtp,
            hold,
            left: messages,
            used: false,
            broken: false,
            next: None,
        })
    }

    /// Whether another mail may be sent over this connection.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !self.broken && self.left > 0
    }

    /// Whether it has served before: a relay may have closed it since.
    #[must_use]
    pub fn was_used(&self) -> bool {
        self.used
    }

    /// Whether the commands of a next mail can be written behind a text.
    #[must_use]
    pub fn takes_next(&self) -> bool {
        self.pipelining && self.is_usable()
    }

    /// Sends the message of a mail that was opened, with none behind it.
    pub async fn finish_now(&mut self, mail: &Outgoing) -> Verdict {
        let at_once = std::future::ready(Ok(()));
        let finished = self.finish(mail.message.clone(), None, at_once);
        finished.await.unwrap_or_else(|never| never)
    }

    /// Says who sends and to whom, and asks for the text to be taken.
    pub async fn open(&mut self, mail: &Outgoing) -> Opened {
        let commands = match self.commands(mail) {
            Ok(commands) => commands,
            Err(verdict) => return Opened::Refused(verdict),
        };
        self.left = self.left.saturating_sub(1);
        self.used = true;
        if self.pipelining {
            let first = self.exchange(COMMAND, &commands, Step::Ours).await;
            return self.after_mail(first).await;
        }
        let steps = async {
            self.exchange(COMMAND, commands.mail(), Step::Ours).await?;
            let rcpt = commands.rcpt();
            self.exchange(COMMAND, rcpt, Step::Recipient).await?;
            self.exchange(DATA_START, Data, Step::Message).await
        };
        match steps.await {
            Ok(_) => Opened::Ready,
            Err(failure) => self.after_refusal(failure, false).await,
        }
    }

    /// Sends the message of a mail that was opened and, where [`Connection::takes_next`],
    /// the commands of the next mail: [`Connection::next_opened`] then tells about that one.
    ///
    /// The dot that ends the text waits for `leave`; the text itself does not, where that can be
    /// kept apart.
    ///
    /// # Errors
    /// What `leave` says against it: then the relay has got no mail, and the connection is broken.
    pub async fn finish<E>(
        &mut self,
        message: String,
        next: Option<&Outgoing>,
        leave: impl Future<Output = Result<(), E>>,
    ) -> Result<Verdict, E> {
        let next = next.filter(|_| self.takes_next());
        let next = next.map(|next| self.commands(next));
        // Doubled dots make a text longer, never shorter: its end lies behind this.
        let before_end = message.len();
        let text = wire::text(message, next.as_ref().and_then(|next| next.as_ref().ok()));
        let hold = self.hold.clone();
        let answered = match &hold {
            Some(hold) => {
                hold.after(before_end);
                self.exchange_held(hold, &text, leave).await?
            }
            None => {
                if let Err(against) = leave.await {
                    self.broken = true;
                    return Err(against);
                }
                self.exchange(FINAL_DOT, &text, Step::FinalDot).await
            }
        };
        self.next = next.map(|next| match next {
            Ok(_) => {
                self.left = self.left.saturating_sub(1);
                Ahead::Written
            }
            Err(verdict) => Ahead::Refused(verdict),
        });
        let unended = hold.is_some_and(|hold| !hold.end_has_begun());
        Ok(match answered {
            Ok(response) => Verdict::Accepted(reply(&response)),
            Err(Failure::Refused(verdict)) => verdict,
            Err(Failure::Lost(reply)) if unended => Verdict::TryLater(reply),
            Err(Failure::Lost(reply)) => Verdict::Unknown(reply),
        })
    }

    /// Sends a text at once, and its end when there is leave.
    async fn exchange_held<E>(
        &mut self,
        hold: &Hold,
        text: &str,
        leave: impl Future<Output = Result<(), E>>,
    ) -> Result<Result<Response, Failure>, E> {
        let (left, answered) = {
            let mut leave = pin!(leave);
            let mut answer = pin!(self.smtp.command(text));
            // Leave that is there already saves a write of its own.
            tokio::select! {
                biased;
                left = &mut leave => match left {
                    Ok(()) => {
                        hold.release();
                        (Ok(()), timeout(FINAL_DOT, answer).await.ok())
                    }
                    against => (against, None),
                },
                // It broke, as nobody listens for an answer before all is written.
                failed = &mut answer => (leave.await, Some(failed)),
            }
        };
        // Without leave we stay in the middle of a text.
        self.broken |= left.is_err();
        left.map(|()| self.sort(answered, Step::FinalDot))
    }

    /// What became of the commands of the next mail; `None` if there was none, or if
    /// nothing of it was written. Apart from [`Connection::finish`], as a relay may take
    /// its time to look at a recipient, and what is known already should be recorded.
    pub async fn next_opened(&mut self) -> Option<Opened> {
        match self.next.take()? {
            Ahead::Refused(verdict) => Some(Opened::Refused(verdict)),
            Ahead::Written => {
                let first = self.read(COMMAND, Step::Ours).await;
                Some(self.after_mail(first).await)
            }
        }
    }

    /// Reads the replies to RCPT and DATA, which were written together with MAIL.
    async fn after_mail(&mut self, mail: Result<Response, Failure>) -> Opened {
        let rcpt = self.read(COMMAND, Step::Recipient).await;
        let data = self.read(DATA_START, Step::Message).await;
        let waits_for_text = data.is_ok();
        let refusals = [mail, rcpt, data].into_iter().filter_map(Result::err);
        // The first reason is the one that counts; what broke afterwards follows from it.
        let reason = refusals.reduce(|first, then| match (&first, &then) {
            (Failure::Lost(_), Failure::Refused(_)) => then,
            _ => first,
        });
        match reason {
            None => Opened::Ready,
            Some(failure) => self.after_refusal(failure, waits_for_text).await,
        }
    }

    /// Leaves the connection fit for the next mail, or marks it as broken.
    async fn after_refusal(&mut self, failure: Failure, waits_for_text: bool) -> Opened {
        // RFC 2920 §3.1: a relay may take DATA without a recipient; it then gets an empty text.
        if waits_for_text && !self.broken {
            self.say(wire::END).await;
        }
        if !self.broken {
            self.say(Rset).await;
        }
        match failure {
            Failure::Refused(verdict) => Opened::Refused(verdict),
            Failure::Lost(reply) => Opened::Lost(reply),
        }
    }

    /// Whatever is answered, as long as it is an answer.
    async fn say(&mut self, command: impl Display) {
        match timeout(DATA_START, self.smtp.command(command)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.status().is_some() => {}
            _ => self.broken = true,
        }
    }

    async fn exchange(
        &mut self,
        patience: Duration,
        command: impl Display,
        step: Step,
    ) -> Result<Response, Failure> {
        let answered = timeout(patience, self.smtp.command(command)).await;
        self.sort(answered.ok(), step)
    }

    async fn read(&mut self, patience: Duration, step: Step) -> Result<Response, Failure> {
        if self.broken {
            let why = "the connection was lost before";
            return Err(Failure::Lost(Reply::new(0, why)));
        }
        let answered = timeout(patience, self.smtp.read_response()).await;
        self.sort(answered.ok(), step)
    }

    fn sort(
        &mut self,
        answered: Option<Result<Response, SmtpError>>,
        step: Step,
    ) -> Result<Response, Failure> {
        let lost = |why: &str| Failure::Lost(Reply::new(0, why));
        match answered {
            Some(Ok(response)) => Ok(response),
            Some(Err(error)) => match error.status().map(u16::from) {
                Some(code) => {
                    // 421: the relay closes the connection (RFC 5321 §3.8).
                    self.broken |= code == 421;
                    Err(Failure::Refused(step.judge(&error, code)))
                }
                None => {
                    self.broken = true;
                    Err(lost(&error.to_string()))
                }
            },
            None => {
                self.broken = true;
                Err(lost("the relay did not answer in time"))
            }
        }
    }

    /// The commands of a mail, unless something keeps it from this relay.
    fn commands(&self, mail: &Outgoing) -> Result<Commands, Verdict> {
        let address = |text: &str| {
            text.parse().map_err(|error| {
                let why = format!("the address cannot stand in an envelope: {error}");
                Verdict::Refused(Reply::new(0, &why))
            })
        };
        if let Some(largest) = self.largest.filter(|octets| mail.message.len() > *octets) {
            // As the relay itself would say (RFC 1870 §6.1): what is too large is so for everybody.
            let why = format!("5.3.4 the relay takes messages of at most {largest} octets (SIZE)");
            return Err(Verdict::Refused(Reply::new(552, &why)));
        }
        let mut parameters = Vec::new();
        if mail.to.needs_smtputf8() {
            let info = self.smtp.server_info();
            if !info.supports_feature(Extension::SmtpUtfEight) {
                return Err(Verdict::RecipientRefused(Reply::new(
                    0,
                    "the relay does not take addresses with letters outside ASCII (SMTPUTF8)",
                )));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        Ok(Commands {
            from: address(&mail.return_path)?,
            to: address(&mail.to.to_string())?,
            parameters,
        })
    }

    /// Says good-bye.
    pub async fn quit(mut self) {
        if !self.broken {
            // Everything has been said; whether the server hears it changes nothing.
            let _ = timeout(Duration::from_secs(5), self.smtp.quit()).await;
        }
    }
}
