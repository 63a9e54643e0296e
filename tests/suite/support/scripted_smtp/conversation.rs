//! One connection to a scripted server.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::script::{Moment, Reply, Stage};
use super::{Accepted, Command, Shared};

/// How long a server that refuses what came behind a text looks for it.
const BEHIND_DOT: Duration = Duration::from_millis(10);

/// How long what a client still writes is read after the connection was closed.
const LINGER: Duration = Duration::from_secs(1);

/// The connection ends here.
pub(super) struct Ended;

pub(super) struct Conversation {
    pub(super) shared: Arc<Shared>,
    number: usize,
    stream: BufReader<TcpStream>,
    unasked: watch::Receiver<Option<Reply>>,
    mails: usize,
    ehlos: usize,
    pub(super) signed_in: bool,
    sender: Option<String>,
    recipient: Option<String>,
    /// How much of what was read lay there before the last text was answered.
    behind_dot: usize,
}

/// Talks until either side closes the connection.
pub(super) async fn hold(shared: Arc<Shared>, stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let number = {
        let mut seen = shared.seen();
        seen.connections += 1;
        let number = seen.connections;
        seen.open.push(number);
        seen.most_open = seen.most_open.max(seen.open.len());
        number
    };
    let unasked = shared.unasked.subscribe();
    let mut conversation = Conversation {
        number,
        stream: BufReader::with_capacity(64 * 1024, stream),
        unasked,
        mails: 0,
        ehlos: 0,
        signed_in: shared.script.login.is_none(),
        sender: None,
        recipient: None,
        behind_dot: 0,
        shared,
    };
    let Err(Ended) = conversation.run().await;
    let still_open = |open: &usize| *open != number;
    conversation.shared.seen().open.retain(still_open);
    // Closing with something unread resets the connection, and the last reply may be lost.
    let mut stream = conversation.stream;
    let _ = stream.shutdown().await;
    let _ = timeout(LINGER, tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
}

impl Conversation {
    async fn run(&mut self) -> Result<std::convert::Infallible, Ended> {
        self.answer(Stage::Greeting, "", "220 scripted.example.org ESMTP")
            .await?;
        loop {
            let line = self.command_or_unasked().await?;
            let behind_dot = std::mem::take(&mut self.behind_dot);
            if behind_dot > 0 {
                self.behind_dot = behind_dot.saturating_sub(line.len());
                if let Some(reply) = self.shared.script.after_dot.clone() {
                    self.write(&reply).await?;
                    continue;
                }
            }
            self.carry_out(String::from_utf8_lossy(&line).trim_end())
                .await?;
        }
    }

    async fn carry_out(&mut self, line: &str) -> Result<(), Ended> {
        let word = line.split([' ', ':']).next().unwrap_or_default();
        match word.to_ascii_uppercase().as_str() {
            "EHLO" => self.ehlo(line).await,
            "HELO" => self.answer(Stage::Helo, line, "250 scripted").await,
            "AUTH" => self.auth(line).await,
            "MAIL" => self.mail(line).await,
            "RCPT" => self.rcpt(line).await,
            "DATA" => self.data(line).await,
            "RSET" => {
                (self.sender, self.recipient) = (None, None);
                self.answer(Stage::Rset, line, "250 2.0.0 reset").await
            }
            "NOOP" => self.answer(Stage::Noop, line, "250 2.0.0 ok").await,
            "QUIT" => {
                self.answer(Stage::Quit, line, "221 2.0.0 bye").await?;
                Err(Ended)
            }
            _ => self.answer(Stage::Other, line, "500 5.5.2 unknown").await,
        }
    }

    async fn ehlo(&mut self, line: &str) -> Result<(), Ended> {
        self.ehlos += 1;
        let script = &self.shared.script;
        self.signed_in &= !script.ehlo_signs_out || script.login.is_none();
        let mut lines = vec!["scripted.example.org".to_owned()];
        lines.extend(script.announced.iter().cloned());
        let last = lines.len() - 1;
        let separator = |at| if at == last { ' ' } else { '-' };
        let lines = lines.iter().enumerate();
        let lines: Vec<_> = lines
            .map(|(at, line)| format!("250{}{line}", separator(at)))
            .collect();
        self.answer(Stage::Ehlo, line, &lines.join("\n")).await
    }

    async fn mail(&mut self, line: &str) -> Result<(), Ended> {
        (self.sender, self.recipient) = (None, None);
        if !self.signed_in {
            return self.say("530 5.7.0 Authentication required").await;
        }
        let sender = address(line);
        let moment = Moment {
            sender: sender.clone(),
            ..self.moment(Stage::Mail, line)
        };
        let reply = self.chosen(&moment, "250 2.1.0 ok");
        self.sender = reply.begins("2").then_some(sender);
        self.write(&reply).await
    }

    async fn rcpt(&mut self, line: &str) -> Result<(), Ended> {
        if self.sender.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        let recipient = address(line);
        {
            let mut seen = self.shared.seen();
            let known = seen.recipients.iter().position(|(to, _)| *to == recipient);
            let at = known.unwrap_or(seen.recipients.len());
            if known.is_none() {
                seen.recipients.push((recipient.clone(), 0));
            }
            seen.recipients[at].1 += 1;
        }
        let before = self.recipient.replace(recipient);
        let moment = self.moment(Stage::Rcpt, line);
        let reply = self.chosen(&moment, "250 2.1.5 ok");
        if !reply.begins("2") {
            self.recipient = before;
        }
        self.write(&reply).await
    }

    async fn data(&mut self, line: &str) -> Result<(), Ended> {
        if self.recipient.is_none() {
            return self.say("503 5.5.1 RCPT first").await;
        }
        let reply = self.chosen(&self.moment(Stage::Data, line), "354 go on");
        self.write(&reply).await?;
        if !reply.begins("354") {
            return Ok(());
        }
        let raw = self.text().await?;
        let reply = self.chosen(&self.moment(Stage::Dot, ""), "250 2.0.0 taken");
        let (sender, recipient) = (self.sender.take(), self.recipient.take());
        if reply.begins("250") {
            self.mails += 1;
            self.shared.seen().accepted.push(Accepted {
                connection: self.number,
                sender: sender.unwrap_or_default(),
                recipient: recipient.unwrap_or_default(),
                raw,
            });
        }
        if self.shared.script.after_dot.is_some() {
            self.look_behind_dot().await?;
        }
        self.write(&reply).await
    }

    /// The lines up to the dot, without the dots that were put before dots (RFC 5321 §4.5.2).
    async fn text(&mut self) -> Result<Vec<u8>, Ended> {
        let mut text = Vec::new();
        loop {
            let line = self.line().await?;
            if line == b".\r\n" {
                return Ok(text);
            }
            text.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    async fn look_behind_dot(&mut self) -> Result<(), Ended> {
        sleep(BEHIND_DOT).await;
        let there = match timeout(Duration::ZERO, self.stream.fill_buf()).await {
            Ok(Ok(there)) => there,
            Ok(Err(_)) => return Err(Ended),
            Err(_) => &[],
        };
        self.behind_dot = there.len();
        Ok(())
    }

    /// The next command; what everybody is told meanwhile is written first.
    async fn command_or_unasked(&mut self) -> Result<Vec<u8>, Ended> {
        let unasked = tokio::select! {
            biased;
            Ok(()) = self.unasked.changed() => self.unasked.borrow_and_update().clone(),
            there = self.stream.fill_buf() => match there {
                Ok(there) if !there.is_empty() => None,
                _ => return Err(Ended),
            },
        };
        if let Some(reply) = unasked {
            self.write(&reply).await?;
        }
        let line = self.line().await?;
        let command = Command {
            connection: self.number,
            line: String::from_utf8_lossy(&line).trim_end().to_owned(),
        };
        self.shared.seen().commands.push(command);
        Ok(line)
    }

    pub(super) async fn line(&mut self) -> Result<Vec<u8>, Ended> {
        let mut line = Vec::new();
        match self.stream.read_until(b'\n', &mut line).await {
            Ok(_) if line.ends_with(b"\r\n") => Ok(line),
            _ => Err(Ended),
        }
    }

    pub(super) fn moment(&self, stage: Stage, line: &str) -> Moment {
        let seen = self.shared.seen();
        let recipient = self.recipient.clone().unwrap_or_default();
        let known = seen.recipients.iter().position(|(to, _)| *to == recipient);
        Moment {
            stage,
            connection: self.number,
            open: seen.open.len(),
            rank: 1 + seen.open.iter().filter(|open| **open < self.number).count(),
            mails: self.mails,
            ehlos: self.ehlos,
            line: line.to_owned(),
            sender: self.sender.clone().unwrap_or_default(),
            recipient,
            nth_recipient: known.map_or(0, |at| at + 1),
            attempt: known.map_or(0, |at| seen.recipients[at].1),
        }
    }

    pub(super) fn chosen(&self, moment: &Moment, otherwise: &str) -> Reply {
        let chosen = self.shared.script.choose(moment);
        chosen.unwrap_or_else(|| Reply::line(otherwise))
    }

    async fn answer(&mut self, stage: Stage, line: &str, otherwise: &str) -> Result<(), Ended> {
        let reply = self.chosen(&self.moment(stage, line), otherwise);
        self.write(&reply).await
    }

    pub(super) async fn say(&mut self, text: &str) -> Result<(), Ended> {
        self.write(&Reply::line(text)).await
    }

    pub(super) async fn write(&mut self, reply: &Reply) -> Result<(), Ended> {
        if !reply.delay.is_zero() {
            sleep(reply.delay).await;
        }
        let written = self.stream.write_all(&reply.octets).await;
        match written {
            Ok(()) if !reply.close => Ok(()),
            _ => Err(Ended),
        }
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| {
        let (inner, _) = rest.split_once('>')?;
        Some(inner.to_owned())
    });
    inner.unwrap_or_default()
}
