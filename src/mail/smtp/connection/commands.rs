//! The commands before the text of a mail, and what is said to them.

use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::commands::{Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::MailParameter;

use super::hints::with_hint;
use super::{Connection, DATA_START, Opened, Outgoing, SessionEnd, command, is_positive, limit};
use crate::domain::{EmailAddress, Reply, Verdict};
use crate::links::ReturnPath;
use crate::mail::MessageOctets;
use crate::mail::message::envelope_address;
use crate::mail::smtp::channel::Lost;
use crate::mail::smtp::pipelining::Pace;
use crate::mail::smtp::reply::{Step, refuses_sequence};
use crate::mail::smtp::wire::{Commands, END};

/// The commands of a mail in their order.
const STEPS: [Step; 3] = [Step::MailFrom, Step::Recipient, Step::Data];
/// For the replies to commands behind one that came in a wrong order: some servers send none.
const AFTER_WRONG_ORDER: Duration = Duration::from_secs(10);

/// For the first reply to commands behind a text that was answered: where they are lost, nothing more comes. The mail goes
/// over another connection at once.
const BEHIND_TEXT: Duration = Duration::from_secs(60);

/// Why there is no positive reply.
enum Failure {
    Refused(Reply),
    Lost(Reply),
}

/// What was said to the commands of a mail.
#[derive(Default)]
struct Answers {
    /// The first reason is the one that counts; what is refused afterwards follows from it.
    first_failure: Option<(Step, Failure)>,
    /// DATA was answered with 354.
    waits_for_text: bool,
}

impl Connection {
    /// Asks for a mail to be taken. What is refused only because of when it was written is said
    /// again in a slower way.
    pub(super) async fn ask(
        &mut self,
        commands: &Commands,
        first_pace: Pace,
        used_before: bool,
    ) -> Opened {
        let (mut pace, mut refused_pace) = (first_pace, None);
        loop {
            let answers = self.answers(commands, pace).await;
            let Some((step, failure)) = answers.first_failure else {
                self.remember(refused_pace);
                return Opened::Ready;
            };
            let wrong_order =
                matches!(&failure, Failure::Refused(reply) if refuses_sequence(reply));
            let slower = pace.slower().filter(|_| wrong_order);
            if let (Some(slower), Failure::Refused(reply)) = (slower, &failure) {
                if self.reset(answers.waits_for_text).await {
                    (pace, refused_pace) = (slower, Some(pace));
                    continue;
                }
                // It cannot be asked again here; the next connection will not write ahead.
                self.remember(Some(pace));
                return self.lost(step, reply.clone(), true);
            }
            if !wrong_order {
                self.remember(refused_pace);
            }
            // Lost on the way, as it was written ahead: that is no fault of this mail.
            if !self.channel.is_open() && !self.peer.pipelining.allows(pace) {
                let (Failure::Lost(reply) | Failure::Refused(reply)) = failure;
                return self.lost(step, reply, true);
            }
            return self
                .refused(step, failure, answers.waits_for_text, used_before)
                .await;
        }
    }

    /// No connection to this relay writes so for a while.
    fn remember(&self, refused: Option<Pace>) {
        if let Some(pace) = refused {
            tracing::info!(
                relay = self.peer.section,
                ?pace,
                "the relay takes commands more slowly than it announces"
            );
            self.peer.pipelining.refuse(pace);
        }
    }

    async fn answers(&mut self, commands: &Commands, pace: Pace) -> Answers {
        let mut answers = Answers::default();
        if pace == Pace::Together
            && let Err(lost) = self.write(&commands.to_string()).await
        {
            let failure = Failure::Lost(lost.into());
            answers.first_failure = Some((Step::MailFrom, failure));
            return answers;
        }
        for step in STEPS {
            let answer = match pace {
                Pace::OneByOne => match self.write(&command(commands, step)).await {
                    Ok(()) => self.read(step, limit(step)).await,
                    Err(lost) => Err(Failure::Lost(lost.into())),
                },
                _ => {
                    let limit = match &answers.first_failure {
                        Some((_, Failure::Refused(r))) if refuses_sequence(r) => AFTER_WRONG_ORDER,
                        None if (pace, step) == (Pace::BehindText, Step::MailFrom) => BEHIND_TEXT,
                        _ => limit(step),
                    };
                    self.read_ahead(pace, step, limit).await
                }
            };
            match answer {
                Ok(()) => answers.waits_for_text = step == Step::Data,
                Err(failure) => {
                    answers.first_failure.get_or_insert((step, failure));
                    if pace == Pace::OneByOne {
                        break;
                    }
                }
            }
        }
        answers
    }

    async fn write(&mut self, commands: &str) -> Result<(), Lost> {
        self.channel.write(commands.as_bytes(), DATA_START).await
    }

    /// Reads the answer to a command that was written ahead, and remembers where it was lost.
    async fn read_ahead(&mut self, pace: Pace, step: Step, limit: Duration) -> Result<(), Failure> {
        let lost = match step {
            Step::MailFrom => pace,
            // What the relay loses behind a command it loses wherever that stands.
            _ => Pace::Together,
        };
        let peer = Arc::clone(&self.peer);
        let wait = peer.pipelining.wait(lost, &peer.section);
        let answer = self.read(step, limit).await;
        // A relay that waits for what it lost says 421 in the end.
        if !matches!(&answer, Err(Failure::Lost(_))) && self.channel.is_open() {
            wait.answered();
        }
        answer
    }

    async fn read(&mut self, step: Step, limit: Duration) -> Result<(), Failure> {
        match self.channel.read_code(limit).await {
            Ok(code) if is_positive(step, code) && self.channel.is_open() => Ok(()),
            Ok(code) => {
                if code == 421 || code < 400 {
                    // It closes the connection (RFC 5321 §3.8), or answers something else.
                    self.channel.give_up();
                }
                let reply = self.channel.reply();
                Err(match code {
                    400.. => Failure::Refused(reply),
                    _ => Failure::Lost(reply),
                })
            }
            Err(lost) => Err(Failure::Lost(lost.into())),
        }
    }

    /// Says what a refusal is about, and leaves the connection fit for the next mail or ended.
    async fn refused(
        &mut self,
        step: Step,
        failure: Failure,
        waits_for_text: bool,
        used_before: bool,
    ) -> Opened {
        let reply = match failure {
            Failure::Lost(reply) => return self.lost(step, reply, used_before),
            Failure::Refused(reply) => reply,
        };
        let transient = (400..500).contains(&reply.code);
        // Also at RCPT: postscreen refuses everybody until the client has come again.
        let about_session = step != Step::Recipient || reply.is_about_session();
        if transient && used_before && about_session {
            if waits_for_text {
                self.channel.give_up();
            }
            return self.lost(step, reply, used_before);
        }
        let still_open = self.reset(waits_for_text).await;
        if transient && about_session && step == Step::Recipient && still_open {
            return Opened::Lost(self.note_end(step, reply, used_before));
        }
        if transient && (about_session || !still_open) {
            return self.lost(step, reply, used_before);
        }
        Opened::Refused(step.classify(with_hint(step, reply, &self.peer.section)))
    }

    /// What was said is about the session.
    pub(super) fn lost(&mut self, step: Step, reply: Reply, retry: bool) -> Opened {
        if retry || !self.channel.is_open() {
            return Opened::Lost(self.note_end(step, reply, retry));
        }
        Opened::Lost(SessionEnd {
            reply,
            step,
            carried: self.carried,
            retry,
        })
    }

    /// Makes the relay forget a mail that was begun; returns whether the connection is still open.
    async fn reset(&mut self, waits_for_text: bool) -> bool {
        // RFC 2920 §3.1: a relay may take DATA without a recipient; it then gets an empty text.
        if waits_for_text {
            self.say(END).await;
        }
        self.say(&Rset.to_string()).await;
        self.channel.is_open()
    }

    /// Whatever is answered, as long as it is an answer.
    async fn say(&mut self, command: &str) {
        if self.channel.is_open()
            && self.write(command).await.is_ok()
            && let Ok(421) = self.channel.read_code(DATA_START).await
        {
            self.channel.give_up();
        }
    }

    /// Asks whether the relay takes mails from us with this envelope sender, and sends none.
    ///
    /// # Errors
    /// The relay's refusal, with the setting it is about where that can be told.
    pub async fn check_sender(&mut self, path: &ReturnPath) -> Result<(), Reply> {
        let answer = self.name_sender(path).await;
        self.reset(false).await;
        answer
    }

    /// The same for a mail to this recipient.
    ///
    /// # Errors
    /// The relay's refusal of either.
    pub async fn check_recipient(
        &mut self,
        path: &ReturnPath,
        to: &EmailAddress,
    ) -> Result<(), Reply> {
        let mut answer = self.name_sender(path).await;
        if answer.is_ok() {
            let command = Rcpt::new(envelope_address(to), Vec::new()).to_string();
            answer = self.answer_to(Step::Recipient, &command).await;
        }
        self.reset(false).await;
        answer
    }

    async fn name_sender(&mut self, path: &ReturnPath) -> Result<(), Reply> {
        let from = self.peer.return_path.address(path);
        let command = Mail::new(Some(from), Vec::new()).to_string();
        self.answer_to(Step::MailFrom, &command).await
    }

    async fn answer_to(&mut self, step: Step, command: &str) -> Result<(), Reply> {
        let answer = match self.write(command).await {
            Ok(()) => self.read(step, limit(step)).await,
            Err(lost) => Err(Failure::Lost(lost.into())),
        };
        answer.map_err(|failure| match failure {
            Failure::Refused(reply) => with_hint(step, reply, &self.peer.section),
            Failure::Lost(reply) => reply,
        })
    }

    /// Whether the relay takes messages of this size. As it would say itself (RFC 1870 §6.1): what is too large is so
    /// for everybody.
    pub(super) fn fits(&self, message: &MessageOctets) -> Result<(), Verdict> {
        let too_large = |octets: &usize| message.octets() > *octets;
        match self.extensions.size.filter(too_large) {
            None => Ok(()),
            Some(largest) => {
                let why =
                    format!("5.3.4 the relay takes messages of at most {largest} octets (SIZE)");
                Err(Verdict::Refused(Reply::new(552, &why)))
            }
        }
    }

    /// The commands of a mail, unless something keeps it from this relay.
    pub(super) fn commands(&self, mail: &Outgoing) -> Result<Commands, Verdict> {
        self.fits(&mail.message)?;
        let mut parameters = Vec::new();
        if mail.to.needs_smtputf8() {
            if !self.extensions.smtputf8 {
                return Err(Verdict::RecipientRefused(Reply::new(
                    0,
                    "the relay does not take addresses with letters outside ASCII (SMTPUTF8)",
                )));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        Ok(Commands {
            from: self.peer.return_path.address(&mail.return_path),
            to: envelope_address(&mail.to),
            parameters,
        })
    }
}
