//! A relay that keeps a ledger: what it takes is on disk before it says so.
//!
//! It can be told to fail in the ways that relays do, while it runs.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;

/// What goes wrong at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// No service at the greeting.
    Refuse,
    /// 421 to MAIL, and the connection closed.
    BusyAtMail,
    /// 421 to DATA, and the connection closed.
    BusyAtData,
    /// No answer to a greeting, MAIL or final dot until the fault is over.
    Hang,
    /// A byte at a time.
    Drip,
    /// The connection closed at MAIL without a word.
    Close,
    /// The message taken, the connection closed before the answer.
    CloseAfterDot,
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The number of the connection.
    pub connection: u64,
    pub recipient: String,
    pub message_id: String,
    /// SHA-256 of its octets.
    pub digest: [u8; 32],
    /// Whether the answer was kept back.
    pub answer_lost: bool,
}

/// A running relay.
pub struct Sink {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    taken: Mutex<Vec<Taken>>,
    fault: watch::Sender<Fault>,
    /// How long each message takes.
    pace: Duration,
    ledger: mpsc::Sender<(Taken, oneshot::Sender<()>)>,
    connections: AtomicU64,
}

impl Sink {
    /// Keeps its ledger in the file at `path`.
    pub async fn start(path: &Path, pace: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (ledger, entries) = mpsc::channel(1024);
        let shared = Arc::new(Shared {
            taken: Mutex::default(),
            fault: watch::Sender::new(Fault::None),
            pace,
            ledger,
            connections: AtomicU64::new(0),
        });
        let file = File::create(path).await.unwrap();
        tokio::spawn(keep_ledger(file, entries, Arc::downgrade(&shared)));
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&serving).serve(stream));
            }
        });
        Self { port, shared }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn set(&self, fault: Fault) {
        self.shared.fault.send_replace(fault);
    }

    pub fn count(&self) -> usize {
        self.shared.taken.lock().unwrap().len()
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().unwrap().clone()
    }
}

/// Writes what has come in, makes it durable, and only then lets it be answered.
async fn keep_ledger(
    mut file: File,
    mut entries: mpsc::Receiver<(Taken, oneshot::Sender<()>)>,
    shared: std::sync::Weak<Shared>,
) {
    let mut group = Vec::new();
    while entries.recv_many(&mut group, 1024).await > 0 {
        let lines: String = group
            .iter()
            .map(|(taken, _)| format!("{taken:?}\n"))
            .collect();
        file.write_all(lines.as_bytes()).await.unwrap();
        file.flush().await.unwrap();
        file.sync_data().await.unwrap();
        let Some(shared) = shared.upgrade() else {
            return;
        };
        for (taken, durable) in group.drain(..) {
            shared.taken.lock().unwrap().push(taken);
            // The connection may be gone; the message is taken all the same.
            let _ = durable.send(());
        }
    }
}

/// One conversation.
struct Talk {
    shared: Arc<Shared>,
    number: u64,
    stream: BufReader<TcpStream>,
    answers: Vec<u8>,
    recipient: Option<String>,
}

/// The connection ends here.
struct Over;

impl Shared {
    async fn serve(self: Arc<Self>, stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let mut talk = Talk {
            number: self.connections.fetch_add(1, Ordering::Relaxed),
            stream: BufReader::with_capacity(64 * 1024, stream),
            answers: Vec::new(),
            recipient: None,
            shared: self,
        };
        let _ = talk.hold().await;
    }
}

impl Talk {
    fn fault(&self) -> Fault {
        *self.shared.fault.borrow()
    }

    async fn outlast_hanging(&self) {
        let mut fault = self.shared.fault.subscribe();
        let _ = fault.wait_for(|fault| *fault != Fault::Hang).await;
    }

    async fn hold(&mut self) -> Result<(), Over> {
        self.outlast_hanging().await;
        if self.fault() == Fault::Refuse {
            self.say("554 5.3.2 no service");
            return self.flush().await;
        }
        self.say("220 sink.example.org ESMTP");
        loop {
            // Answers to what came together go out together.
            if self.stream.buffer().is_empty() {
                self.flush().await?;
            }
            let line = self.line().await?;
            let line = String::from_utf8_lossy(&line).into_owned();
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.say(
                    "250-sink.example.org\r\n250-PIPELINING\r\n250-SIZE 20000000\r\n\
                     250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES",
                ),
                "MAIL" => self.mail().await?,
                "RCPT" => {
                    self.recipient = address(&line);
                    self.say("250 2.1.5 ok");
                }
                "DATA" => self.data().await?,
                "RSET" | "NOOP" => self.say("250 2.0.0 ok"),
                "QUIT" => {
                    self.say("221 2.0.0 bye");
                    return self.flush().await;
                }
                _ => self.say("500 5.5.2 what?"),
            }
        }
    }

    async fn mail(&mut self) -> Result<(), Over> {
        // What was said of the message before is not lost with this one.
        if self.fault() != Fault::None {
            self.flush().await?;
        }
        self.outlast_hanging().await;
        self.recipient = None;
        match self.fault() {
            Fault::Close => return Err(Over),
            Fault::BusyAtMail => return self.busy().await,
            _ => self.say("250 2.1.0 ok"),
        }
        Ok(())
    }

    async fn busy(&mut self) -> Result<(), Over> {
        self.say("421 4.3.2 too busy");
        self.flush().await?;
        Err(Over)
    }

    async fn data(&mut self) -> Result<(), Over> {
        let Some(recipient) = self.recipient.take() else {
            self.say("503 5.5.1 no recipient");
            return Ok(());
        };
        if self.fault() == Fault::BusyAtData {
            return self.busy().await;
        }
        self.say("354 go on");
        self.flush().await?;
        let text = self.text().await?;
        sleep(self.shared.pace).await;
        self.outlast_hanging().await;
        let answer_lost = self.fault() == Fault::CloseAfterDot;
        let taken = Taken {
            connection: self.number,
            recipient,
            message_id: message_id(&text),
            digest: Sha256::digest(&text).into(),
            answer_lost,
        };
        let (durable, is_durable) = oneshot::channel();
        self.shared.ledger.send((taken, durable)).await.unwrap();
        is_durable.await.unwrap();
        if answer_lost {
            return Err(Over);
        }
        self.say("250 2.0.0 taken");
        Ok(())
    }

    /// The lines up to the dot, without the dots that were put before dots (RFC 5321 §4.5.2).
    async fn text(&mut self) -> Result<Vec<u8>, Over> {
        let mut text = Vec::new();
        loop {
            let line = self.line().await?;
            if line == b".\r\n" {
                return Ok(text);
            }
            text.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    async fn line(&mut self) -> Result<Vec<u8>, Over> {
        let mut line = Vec::new();
        match self.stream.read_until(b'\n', &mut line).await {
            Ok(_) if line.ends_with(b"\r\n") => Ok(line),
            _ => Err(Over),
        }
    }

    fn say(&mut self, answer: &str) {
        self.answers.extend_from_slice(answer.as_bytes());
        self.answers.extend_from_slice(b"\r\n");
    }

    async fn flush(&mut self) -> Result<(), Over> {
        let answers = std::mem::take(&mut self.answers);
        if self.fault() != Fault::Drip {
            return self.stream.write_all(&answers).await.map_err(|_| Over);
        }
        for octet in answers {
            self.stream.write_all(&[octet]).await.map_err(|_| Over)?;
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

fn address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once('<')?;
    Some(rest.split_once('>')?.0.to_owned())
}

fn message_id(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().find(|line| line.starts_with("Message-ID:"));
    line.expect("a Message-ID").to_owned()
}
