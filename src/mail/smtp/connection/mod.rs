//! Mails over one open connection, step by step.
//!
//! The steps of a transaction are taken one by one here, because what a failure means
//! depends on the step: before the final dot nothing was sent, after it nobody knows.
//! Where the relay announces PIPELINING (RFC 2920), the commands of a mail are written
//! together, and those of the next mail behind the text of this one: one round trip a mail.

mod commands;
#[cfg(test)]
mod final_dot_tests;
mod hints;
#[cfg(test)]
mod lossy_tests;
mod session_end;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lettre::transport::smtp::commands::{Data, Quit};
use tokio::time::timeout;

use super::channel::{Channel, Lost, TextOutcome};
use super::extensions::Extensions;
use super::pipelining::{Pace, PipeliningMemory};
use super::reply::Step;
use super::return_path::ReturnPathForm;
use super::wire::{Commands, Text};
use crate::domain::{EmailAddress, Reply, Verdict};
use crate::links::ReturnPath;
use crate::mail::MessageOctets;
use hints::with_hint;
pub use session_end::SessionEnd;

/// The least times of RFC 5321 §4.5.3.2, each for a whole answer, however slowly it drips. Together they are the
/// deadline of a mail: 25 minutes, and a minute for the database in between.
pub(crate) const COMMAND: Duration = Duration::from_secs(300);
const DATA_START: Duration = Duration::from_secs(120);
/// For a whole text, which is shorter than what RFC 5321 calls a block.
const TEXT: Duration = Duration::from_secs(180);
/// Giving up earlier after the final dot would make doubles of our own.
const FINAL_DOT: Duration = Duration::from_secs(600);
/// For the answer to QUIT, which changes nothing.
const QUIT: Duration = Duration::from_secs(5);

/// One mail on its way, complete to the octet.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The envelope sender, which each relay gets in its own form (setting `return_path`).
    pub return_path: ReturnPath,
    /// The envelope recipient.
    pub to: EmailAddress,
    /// When it was written; the time of its signature.
    pub date: Timestamp,
    /// Headers and body.
    pub message: MessageOctets,
}

/// How the commands before the text of a mail ended.
#[derive(Debug)]
pub enum Opened {
    /// The relay waits for the text: [`Connection::finish`] comes next.
    Ready,
    /// The relay, or what it cannot take, speaks against this mail or this reader.
    Refused(Verdict),
    /// What the relay said or did is about this connection, not about the reader: a 4xx to MAIL
    /// or DATA, a 421, or it hung up. No text was sent.
    Lost(SessionEnd),
}

/// What all connections to a relay share.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Where its settings stand, as in `smtp` or `relays.second`.
    pub(crate) section: String,
    pub(crate) return_path: ReturnPathForm,
    pub(crate) pipelining: PipeliningMemory,
}

/// An open connection.
pub struct Connection {
    channel: Channel,
    extensions: Extensions,
    peer: Arc<Peer>,
    /// How many more mails it may begin.
    left: u32,
    carried: u32,
    used: bool,
    ended: Option<SessionEnd>,
    /// What is known of a next mail whose commands went behind a text.
    next: Option<Ahead>,
}

/// The next mail, while the text before it is on its way.
enum Ahead {
    /// Its commands are written; the replies follow that to the text.
    Written(Commands),
    /// Nothing was written, as this speaks against it.
    Refused(Verdict),
}

impl Connection {
    /// A connection that has been greeted and let in, good for `messages` mails.
    pub(crate) fn new(
        channel: Channel,
        extensions: Extensions,
        peer: Arc<Peer>,
        messages: u32,
    ) -> Self {
        Self {
            channel,
            extensions,
            peer,
            left: messages,
            carried: 0,
            used: false,
            ended: None,
            next: None,
        }
    }

    /// Whether another mail may be sent over this connection.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.channel.is_open() && self.ended.is_none() && self.left > 0
    }

    /// Whether it is under TLS.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.channel.is_encrypted()
    }

    /// When the relay's certificate ends; none without TLS.
    pub(crate) fn certificate_ends(&self) -> Option<Timestamp> {
        self.channel.certificate_ends()
    }

    /// How many mails the relay has taken over this connection (2xx after the final dot).
    #[must_use]
    pub fn carried(&self) -> u32 {
        self.carried
    }

    /// How the relay ended the session, if it did: also where a mail was taken just before, or
    /// refused by the same reply.
    #[must_use]
    pub fn ended(&self) -> Option<&SessionEnd> {
        self.ended.as_ref()
    }

    /// Whether the commands of a next mail can be written behind a text.
    #[must_use]
    pub fn takes_next(&self) -> bool {
        self.extensions.pipelining
            && self.peer.pipelining.allows(Pace::BehindText)
            && self.is_usable()
    }

    /// Says who sends and to whom, and asks for the text to be taken.
    pub async fn open(&mut self, mail: &Outgoing) -> Opened {
        let commands = match self.commands(mail) {
            Ok(commands) => commands,
            Err(verdict) => return Opened::Refused(verdict),
        };
        let used_before = self.used;
        (self.used, self.left) = (true, self.left.saturating_sub(1));
        if let Some(said) = self.channel.unasked().await {
            return self.lost(Step::Idle, said, used_before);
        }
        let together = self.extensions.pipelining && self.peer.pipelining.allows(Pace::Together);
        let pace = if together {
            Pace::Together
        } else {
            Pace::OneByOne
        };
        self.ask(&commands, pace, used_before).await
    }

    /// Sends the message of a mail that was opened, with none behind it.
    #[cfg(test)]
    pub(crate) async fn finish_now(&mut self, mail: &Outgoing) -> Verdict {
        let at_once = std::future::ready(Ok(()));
        let finished = self.finish(mail.message.clone(), None, at_once);
        finished.await.unwrap_or_else(|never| never)
    }

    /// Sends the message of a mail that was opened and, where [`Connection::takes_next`],
    /// the commands of the next mail: [`Connection::next_opened`] then tells about that one.
    ///
    /// The dot that ends the text waits for `permission`; the text itself does not. A connection
    /// that breaks before the dot gives [`Verdict::TryLater`], and [`SessionEnd::step`] is then
    /// [`Step::Text`].
    ///
    /// # Errors
    /// What `permission` says against it: then the relay has got no mail, and the connection is
    /// not usable any more.
    pub async fn finish<E>(
        &mut self,
        message: MessageOctets,
        next: Option<&Outgoing>,
        permission: impl Future<Output = Result<(), E>>,
    ) -> Result<Verdict, E> {
        if let Err(verdict) = self.fits(&message) {
            // It has grown by its signatures since it was opened, and the relay waits for a text.
            self.channel.give_up();
            return Ok(verdict);
        }
        let next = next.filter(|_| self.takes_next());
        let next = next.map(|next| self.commands(next));
        let text = Text::new(message, next.as_ref().and_then(|next| next.as_ref().ok()));
        // Without permission we stay in the middle of a text, and the channel is not open any more.
        let outcome = self.channel.write_text(&text, TEXT, permission).await?;
        drop(text);
        self.next = next.map(|next| match next {
            Ok(commands) => {
                self.left = self.left.saturating_sub(1);
                Ahead::Written(commands)
            }
            Err(verdict) => Ahead::Refused(verdict),
        });
        Ok(match outcome {
            TextOutcome::Written => self.answer_to_dot().await,
            TextOutcome::LostAtDot => self.answer_to_dot().await,
            TextOutcome::SpokeBeforeDot => self.answer_before_dot().await,
            TextOutcome::LostBeforeDot(lost) => self.not_sent(lost.into()),
        })
    }

    /// What became of the commands of the next mail; `None` if there was none. Apart from
    /// [`Connection::finish`], as a relay may take its time to look at a recipient, and what is
    /// known already should be recorded.
    pub async fn next_opened(&mut self) -> Option<Opened> {
        Some(match self.next.take()? {
            Ahead::Refused(verdict) => Opened::Refused(verdict),
            Ahead::Written(commands) => self.ask(&commands, Pace::BehindText, true).await,
        })
    }

    /// Reads the answer to the final dot: its digits decide, whatever follows them.
    async fn answer_to_dot(&mut self) -> Verdict {
        let verdict = match self.channel.read_code(FINAL_DOT).await {
            Ok(200..=299) => {
                self.carried = self.carried.saturating_add(1);
                Verdict::Accepted(self.channel.reply())
            }
            Ok(code) => {
                let reply = self.channel.reply();
                if code == 421 || code < 400 {
                    self.end(Step::FinalDot, reply.clone());
                }
                match code {
                    400.. => Step::FinalDot.classify(with_hint(
                        Step::FinalDot,
                        reply,
                        &self.peer.section,
                    )),
                    _ => Verdict::Unknown(reply),
                }
            }
            Err(lost) => {
                let reply = Reply::from(lost);
                self.end(Step::FinalDot, reply.clone());
                Verdict::Unknown(reply)
            }
        };
        // What was written ahead has replies of its own.
        let replies_follow = matches!(self.next, Some(Ahead::Written(_)));
        if !replies_follow
            && self.ended.is_none()
            && let Some(said) = self.channel.unasked().await
        {
            self.end(Step::Idle, said);
        }
        verdict
    }

    /// Reads what the relay said in the middle of a text. Without its dot that is no mail.
    async fn answer_before_dot(&mut self) -> Verdict {
        let said = self.channel.unasked().await;
        let reply = said.unwrap_or_else(|| Reply::new(0, "the relay spoke before the final dot"));
        match reply.code {
            500.. => {
                self.end(Step::Text, reply.clone());
                Step::FinalDot.classify(reply)
            }
            _ => self.not_sent(reply),
        }
    }

    fn not_sent(&mut self, reply: Reply) -> Verdict {
        self.end(Step::Text, reply.clone());
        Verdict::TryLater(reply)
    }

    /// Nothing more is sent over this connection.
    fn end(&mut self, step: Step, reply: Reply) {
        self.channel.give_up();
        self.note_end(step, reply, false);
    }

    fn note_end(&mut self, step: Step, reply: Reply, retry: bool) -> SessionEnd {
        let end = SessionEnd {
            reply,
            step,
            carried: self.carried,
            retry,
        };
        self.ended = Some(end.clone());
        end
    }

    /// Says good-bye.
    pub async fn quit(mut self) {
        if self.channel.is_open() {
            let quit = async {
                self.channel
                    .write(Quit.to_string().as_bytes(), QUIT)
                    .await?;
                self.channel.read_code(QUIT).await?;
                self.channel.shut_down().await;
                Ok::<_, Lost>(())
            };
            // Everything has been said; whether the server hears it changes nothing.
            let _ = timeout(QUIT, quit).await;
        }
    }
}

/// The answer that lets the next command follow.
fn is_positive(step: Step, code: u16) -> bool {
    match step {
        Step::Data => (300..400).contains(&code),
        _ => (200..300).contains(&code),
    }
}

/// The time for the answer to a command.
fn limit(step: Step) -> Duration {
    match step {
        Step::Data => DATA_START,
        _ => COMMAND,
    }
}

/// One command of a mail.
fn command(commands: &Commands, step: Step) -> String {
    match step {
        Step::MailFrom => commands.mail().to_string(),
        Step::Recipient => commands.rcpt().to_string(),
        _ => Data.to_string(),
    }
}
