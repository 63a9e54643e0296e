//! An SMTP server nobody here wrote (aiosmtpd), and what it received.
//!
//! The verdict on a mail is chosen by the recipient's local part: see `smtp_server.py`.

use std::path::{Path, PathBuf};
use std::process::{Command as BlockingCommand, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

/// The system's own interpreter: it is the one Debian's modules are installed for.
pub const PYTHON: &str = "/usr/bin/python3";

/// How the server secures the line, with a certificate for `localhost` made on the spot.
#[derive(Clone, Copy, PartialEq)]
pub enum Tls {
    StartTls,
    Implicit,
}

/// What the server announces and asks for. The default is plain and open.
#[derive(Clone, Copy, Default)]
pub struct Options {
    pub without_smtputf8: bool,
    pub without_pipelining: bool,
    /// The largest message it says that it takes, in octets.
    pub size: Option<usize>,
    pub tls: Option<Tls>,
    /// User and password; needs TLS.
    pub auth: Option<(&'static str, &'static str)>,
}

/// A message that the server answered with 250.
#[derive(Clone, Debug, Deserialize)]
pub struct Caught {
    /// Seconds since 1970.
    pub time: f64,
    /// Counts from one; equal numbers travelled over one connection.
    pub connection: u64,
    /// Whether RCPT was there before MAIL was answered.
    pub pipelined: bool,
    pub mail_from: String,
    pub recipients: Vec<String>,
    #[serde(deserialize_with = "from_base64")]
    pub raw: Vec<u8>,
}

/// Something that the server turned away.
#[derive(Clone, Debug, Deserialize)]
pub struct Refused {
    pub time: f64,
    pub connection: u64,
    /// CONNECT, EHLO, MAIL, RCPT or DATA.
    pub stage: String,
    /// Empty where the connection was closed without a word.
    pub reply: String,
    pub mail_from: Option<String>,
    pub recipient: Option<String>,
    pub message_id: Option<String>,
    /// SHA-256 of the message, in hexadecimal, where there was one.
    pub digest: Option<String>,
}

/// A running server; it ends when this is dropped or the test process dies.
pub struct SmtpServer {
    port: u16,
    options: Options,
    control: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    dir: TempDir,
    _process: Child,
}

impl SmtpServer {
    /// Starts a server on a free port of the loopback interface.
    pub async fn start(options: Options) -> Self {
        let dir = tempfile::Builder::new()
            .prefix("xabar-test-smtp-")
            .tempdir()
            .expect("a folder for the SMTP server");
        let mut command = Command::new(PYTHON);
        command
            .arg(super::mail::script("smtp_server.py"))
            .arg(dir.path());
        if options.without_smtputf8 {
            command.arg("--no-smtputf8");
        }
        if options.without_pipelining {
            command.arg("--no-pipelining");
        }
        if let Some(octets) = options.size {
            command.arg("--size").arg(octets.to_string());
        }
        if let Some(tls) = options.tls {
            let (certificate, key) = make_certificate(dir.path());
            command.args([
                "--tls",
                match tls {
                    Tls::StartTls => "starttls",
                    Tls::Implicit => "implicit",
                },
            ]);
            command.arg("--certificate").arg(certificate);
            command.arg("--key").arg(key);
        }
        if let Some((user, password)) = options.auth {
            command.args(["--user", user, "--password", password]);
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python3 is not installed");
        let stdin = process.stdin.take().expect("piped");
        let mut stdout = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port = stdout
            .next_line()
            .await
            .expect("a pipe")
            .and_then(|line| line.parse().ok())
            .expect(
                "the SMTP server did not start (Debian: python3-aiosmtpd); tests/run installs it",
            );
        Self {
            port,
            options,
            control: Mutex::new((stdin, stdout)),
            dir,
            _process: process,
        }
    }

    /// What `XABAR_SMTP__URL` would be.
    pub fn url(&self) -> String {
        let login = self
            .options
            .auth
            .map(|(user, password)| format!("{user}:{password}@"))
            .unwrap_or_default();
        let port = self.port;
        match self.options.tls {
            None => format!("smtp://{login}127.0.0.1:{port}"),
            Some(Tls::StartTls) => format!("smtp://{login}localhost:{port}?tls=required"),
            Some(Tls::Implicit) => format!("smtps://{login}localhost:{port}"),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's certificate in PEM, to be trusted by the client.
    pub fn certificate(&self) -> PathBuf {
        self.dir.path().join("certificate.pem")
    }

    /// Answers everything with 421, on connections that are open too.
    pub async fn refuse_everything(&self) {
        self.say("refuse").await;
    }

    /// Accepts connections and then says nothing at all, until the next switch.
    pub async fn hang(&self) {
        self.say("hang").await;
    }

    /// Answers `count` more messages; later ones are kept, but not answered until the next switch.
    pub async fn hold_after(&self, count: usize) {
        self.say(&format!("hold {count}")).await;
    }

    /// Back to work.
    pub async fn accept(&self) {
        self.say("accept").await;
    }

    async fn say(&self, mode: &str) {
        let mut control = self.control.lock().await;
        let (stdin, stdout) = &mut *control;
        stdin
            .write_all(format!("{mode}\n").as_bytes())
            .await
            .expect("the SMTP server is gone");
        let answer = stdout.next_line().await.expect("a pipe");
        assert_eq!(answer.as_deref(), Some("done"), "the SMTP server is gone");
    }

    /// What was accepted so far, in order.
    pub fn messages(&self) -> Vec<Caught> {
        read_lines(&self.dir.path().join("messages"))
    }

    /// What was turned away so far, in order.
    pub fn refusals(&self) -> Vec<Refused> {
        read_lines(&self.dir.path().join("attempts"))
    }

    /// Waits until `count` messages were accepted, and returns all there are.
    pub async fn wait_for(&self, count: usize, limit: Duration) -> Vec<Caught> {
        let deadline = tokio::time::Instant::now() + limit;
        loop {
            let messages = self.messages();
            if messages.len() >= count {
                return messages;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{} of {count} messages came within {limit:?}; refused: {:#?}",
                messages.len(),
                self.refusals(),
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn read_lines<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let log = std::fs::read_to_string(path).expect("the SMTP server's log");
    // A line without its end is still being written.
    log.split_inclusive('\n')
        .filter(|line| line.ends_with('\n'))
        .map(|line| serde_json::from_str(line).expect("a line of the SMTP server's log"))
        .collect()
}

fn from_base64<'de, D: serde::Deserializer<'de>>(text: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(text)?;
    data_encoding::BASE64
        .decode(text.as_bytes())
        .map_err(serde::de::Error::custom)
}

/// A self-signed leaf: rustls refuses an authority's certificate as a server's own.
fn make_certificate(dir: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (dir.join("certificate.pem"), dir.join("key.pem"));
    let output = BlockingCommand::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
        .args(["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext"])
        .args(["subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext"])
        .args(["basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("openssl is not installed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (certificate, key)
}
