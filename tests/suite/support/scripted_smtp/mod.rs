//! An SMTP server in the test's process that plays any relay a test describes, however odd.
//!
//! [`Script`] says what it announces and what it answers; [`ScriptedSmtp`] runs it and keeps
//! what it has seen.

mod conversation;
mod script;
mod sign_in;

pub use script::{Moment, Reply, Script, Stage};

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A mail whose text was answered with 250.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Counts from one, in the order of arrival.
    pub connection: usize,
    /// The envelope sender.
    pub sender: String,
    /// The envelope recipient.
    pub recipient: String,
    /// The text without the dots that were put before dots.
    pub raw: Vec<u8>,
}

/// A line that a client wrote outside of a text.
#[derive(Clone, Debug)]
pub struct Command {
    pub connection: usize,
    pub line: String,
}

/// What the server has seen so far.
#[derive(Default)]
struct Seen {
    connections: usize,
    /// Those that are open, the oldest first.
    open: Vec<usize>,
    most_open: usize,
    commands: Vec<Command>,
    accepted: Vec<Accepted>,
    /// In the order of their first RCPT, and how often each was named.
    recipients: Vec<(String, usize)>,
}

struct Shared {
    script: Script,
    seen: Mutex<Seen>,
    /// What open connections are told without having asked.
    unasked: watch::Sender<Option<Reply>>,
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

/// A running server; it ends, with its connections, when this is dropped.
pub struct ScriptedSmtp {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

impl ScriptedSmtp {
    /// Starts a server on a free port of the loopback interface.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script,
            seen: Mutex::default(),
            unasked: watch::Sender::new(None),
        });
        let stop = CancellationToken::new();
        let (serving, stopped) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(stopped.clone().run_until_cancelled_owned(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let conversation = conversation::hold(Arc::clone(&serving), stream);
                tokio::spawn(stopped.clone().run_until_cancelled_owned(conversation));
            }
        }));
        Self {
            address,
            shared,
            _stop: stop.drop_guard(),
        }
    }

    /// What `XABAR_SMTP__URL` would be; with the login that the script asks for.
    pub fn url(&self) -> String {
        let login = self.shared.script.login.as_ref();
        let login = login.map(|(user, password)| format!("{user}:{password}@"));
        format!("smtp://{}{}", login.unwrap_or_default(), self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was accepted so far, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.shared.seen().accepted.clone()
    }

    /// How many mails were accepted for each recipient.
    pub fn times_accepted(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for mail in &self.shared.seen().accepted {
            *times.entry(mail.recipient.clone()).or_default() += 1;
        }
        times
    }

    /// How many mails each connection carried; connections without a mail are left out.
    pub fn mails_by_connection(&self) -> BTreeMap<usize, usize> {
        let mut mails = BTreeMap::new();
        for mail in &self.shared.seen().accepted {
            *mails.entry(mail.connection).or_default() += 1;
        }
        mails
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.shared.seen().connections
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.shared.seen().open.len()
    }

    /// The most connections that were ever open at once.
    pub fn most_open(&self) -> usize {
        self.shared.seen().most_open
    }

    /// Every line that came outside of a text, in order.
    pub fn commands(&self) -> Vec<Command> {
        self.shared.seen().commands.clone()
    }

    /// The lines that begin with a word, whatever its case, such as `EHLO`.
    pub fn commands_named(&self, word: &str) -> Vec<Command> {
        let named = |command: &Command| {
            let first = command.line.split_whitespace().next();
            first.is_some_and(|first| first.eq_ignore_ascii_case(word))
        };
        self.commands().into_iter().filter(named).collect()
    }

    /// How often the word was said on the connection where it was said most.
    pub fn most_on_one_connection(&self, word: &str) -> usize {
        let mut times = BTreeMap::<usize, usize>::new();
        for command in self.commands_named(word) {
            *times.entry(command.connection).or_default() += 1;
        }
        times.into_values().max().unwrap_or_default()
    }

    /// Says this on every connection that is open, without having been asked; connections
    /// that are made later do not hear it.
    pub fn tell_everybody(&self, reply: Reply) {
        self.shared.unasked.send_replace(Some(reply));
    }
}
