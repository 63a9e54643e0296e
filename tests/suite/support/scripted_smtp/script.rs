//! What a scripted server announces and answers.

use std::time::Duration;

/// Where in a conversation a reply stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Ehlo,
    Helo,
    /// The AUTH command itself, before any prompt.
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the text.
    Dot,
    Rset,
    Noop,
    Quit,
    /// A command that no other stage stands for.
    Other,
}

/// Where a conversation stands when a reply is chosen.
#[derive(Clone, Debug)]
pub struct Moment {
    pub stage: Stage,
    /// The connection, counted from one in the order of arrival.
    pub connection: usize,
    /// How many connections are open, this one included.
    pub open: usize,
    /// The place of this connection among the open ones: 1 is the oldest.
    pub rank: usize,
    /// How many mails this connection has carried.
    pub mails: usize,
    /// How often EHLO was said on this connection, this one included.
    pub ehlos: usize,
    /// The command; empty for greeting and text.
    pub line: String,
    /// The envelope sender, from MAIL on.
    pub sender: String,
    /// The envelope recipient, from RCPT on.
    pub recipient: String,
    /// The place of this recipient in the order of their first RCPT, counted from one.
    pub nth_recipient: usize,
    /// How often this recipient was named by RCPT, this time included.
    pub attempt: usize,
}

/// What is written, and what follows.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub(super) octets: Vec<u8>,
    pub(super) close: bool,
    pub(super) delay: Duration,
}

impl Reply {
    /// Lines of a reply, given without the last line end.
    pub fn line(text: &str) -> Self {
        Self::octets(format!("{}\r\n", text.replace('\n', "\r\n")))
    }

    /// Exactly these octets, line ends and all.
    pub fn octets(octets: impl Into<Vec<u8>>) -> Self {
        Self {
            octets: octets.into(),
            ..Self::default()
        }
    }

    /// No reply at all.
    pub fn silence() -> Self {
        Self::default()
    }

    /// With another line behind it in the same write, which nobody asked for.
    pub fn and_unasked(mut self, text: &str) -> Self {
        self.octets.extend_from_slice(&Self::line(text).octets);
        self
    }

    /// The server closes the connection behind it.
    pub fn and_close(mut self) -> Self {
        self.close = true;
        self
    }

    /// The server waits so long before it.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Whether the reply begins with these digits.
    pub(super) fn begins(&self, digits: &str) -> bool {
        self.octets
            .trim_ascii_start()
            .starts_with(digits.as_bytes())
    }
}

type Hook = Box<dyn Fn(&Moment) -> Option<Reply> + Send + Sync>;

/// What a server announces and answers; by default a plain, open server with PIPELINING.
pub struct Script {
    hooks: Vec<(Stage, Hook)>,
    pub(super) announced: Vec<String>,
    pub(super) login: Option<(String, String)>,
    pub(super) login_prompts: [String; 2],
    pub(super) ehlo_signs_out: bool,
    pub(super) after_dot: Option<Reply>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            hooks: Vec::new(),
            announced: ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"]
                .map(str::to_owned)
                .into(),
            login: None,
            login_prompts: ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"].map(str::to_owned),
            ehlo_signs_out: false,
            after_dot: None,
        }
    }
}

impl Script {
    /// Answers a stage by what `choose` says; where it says nothing, by the hooks added
    /// after it, and else as any server would. Only commands that are in order get so far.
    pub fn on(
        mut self,
        stage: Stage,
        choose: impl Fn(&Moment) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        self.hooks.push((stage, Box::new(choose)));
        self
    }

    /// Answers a stage always with this.
    pub fn always(self, stage: Stage, reply: Reply) -> Self {
        self.on(stage, move |_| Some(reply.clone()))
    }

    /// Announces these EHLO keywords and no others.
    pub fn announces(mut self, keywords: &[&str]) -> Self {
        self.announced = keywords
            .iter()
            .map(|keyword| (*keyword).to_owned())
            .collect();
        self
    }

    /// Asks for a login before MAIL. The password is also taken as the token of XOAUTH2.
    pub fn asks_for_login(mut self, user: &str, password: &str) -> Self {
        self.login = Some((user.to_owned(), password.to_owned()));
        self
    }

    /// What stands behind 334 in the two prompts of AUTH LOGIN, instead of the usual words.
    pub fn login_prompts(mut self, prompts: [&str; 2]) -> Self {
        self.login_prompts = prompts.map(str::to_owned);
        self
    }

    /// EHLO ends what AUTH began, as with go-smtp.
    pub fn ehlo_signs_out(mut self) -> Self {
        self.ehlo_signs_out = true;
        self
    }

    /// Answers so to every command that came before the reply to the text was written, and
    /// does not carry it out, as Haraka.
    pub fn refuses_behind_dot(mut self, reply: Reply) -> Self {
        self.after_dot = Some(reply);
        self
    }

    /// Once a connection has carried so many mails, it gets this at that stage.
    pub fn mails_per_connection(self, most: usize, stage: Stage, reply: Reply) -> Self {
        self.on(stage, move |moment| {
            (moment.mails >= most).then(|| reply.clone())
        })
    }

    /// Connections beyond so many older ones get this at that stage.
    pub fn connections_at_once(self, most: usize, stage: Stage, reply: Reply) -> Self {
        self.on(stage, move |moment| {
            (moment.rank > most).then(|| reply.clone())
        })
    }

    /// Every `nth` recipient, in the order of their first RCPT, gets this for so many attempts.
    pub fn greylists(self, nth: usize, attempts: usize, reply: Reply) -> Self {
        self.on(Stage::Rcpt, move |moment| {
            let greylisted = moment.nth_recipient.is_multiple_of(nth);
            (greylisted && moment.attempt <= attempts).then(|| reply.clone())
        })
    }

    pub(super) fn choose(&self, moment: &Moment) -> Option<Reply> {
        let hooks = self
            .hooks
            .iter()
            .filter(|(stage, _)| *stage == moment.stage);
        hooks.map(|(_, hook)| hook(moment)).find_map(|reply| reply)
    }
}
