//! Mail servers of other hands, as they are, each with the limits of its own defaults.
//!
//! `tests/run` puts them into the folder `mail-servers` of the target directory: Exim and
//! OpenSMTPD as Debian has them, Haraka and Nodemailer's smtp-server as npm has them. What a
//! server has accepted is read from its own queue or from files that it wrote.

mod debian;
mod node;
mod signatures;

pub use signatures::SigningKey;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::companion::Companion;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 50 mails a connection, 10 connections a host. Needs root: it changes its user.
    Exim,
    /// Announces no PIPELINING, refuses a second EHLO. Needs root: it changes its user.
    OpenSmtpd,
    /// Refuses what was written behind a text before its reply.
    Haraka,
    /// Nodemailer's smtp-server with four clients at once.
    NodemailerServer,
}

/// A mail that a server has accepted.
#[derive(Clone, Debug)]
pub struct StoredMail {
    /// The envelope recipient.
    pub recipient: String,
    /// The mail as the server keeps it, with its trace headers on top; CRLF line ends.
    pub raw: Vec<u8>,
}

/// A running server; it ends when this is dropped or the test process dies.
pub struct RealServer {
    kind: Kind,
    port: u16,
    /// Removed by the companion.
    folder: PathBuf,
    _companion: Companion,
}

impl RealServer {
    /// Starts a server on a free port of the loopback interface, and waits until it greets.
    pub fn start(kind: Kind) -> Self {
        let folder = new_folder();
        let free = free_port();
        let command = match kind {
            Kind::Exim => debian::exim(&folder, free),
            Kind::OpenSmtpd => debian::opensmtpd(&folder, free),
            Kind::Haraka => node::haraka(&folder, free),
            Kind::NodemailerServer => node::nodemailer_server(&folder),
        };
        let companion = Companion::start(&folder, "TERM", &command);
        let port = match kind {
            Kind::NodemailerServer => companion.wait_for("smtp-server did not start", |log| {
                let line = log.lines().find_map(|line| line.strip_prefix("port "))?;
                line.parse().ok()
            }),
            _ => free,
        };
        wait_until_it_greets(kind, port, &companion);
        Self {
            kind,
            port,
            folder,
            _companion: companion,
        }
    }

    /// What `XABAR_SMTP__URL` would be.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was accepted so far, in no order. No mail may be under way.
    pub fn accepted(&self) -> Vec<StoredMail> {
        match self.kind {
            Kind::Exim => debian::exim_queue(&self.folder),
            Kind::OpenSmtpd => debian::opensmtpd_queue(&self.folder),
            Kind::Haraka | Kind::NodemailerServer => node::mails(&self.folder),
        }
    }
}

fn new_folder() -> PathBuf {
    let folder: TempDir = tempfile::Builder::new()
        .prefix("xabar-test-mail-server-")
        .tempdir()
        .expect("a folder for the mail server");
    folder.keep()
}

/// Where `tests/run` has put the servers.
fn installed(path: &str) -> PathBuf {
    super::installed(&format!("mail-servers/{path}"))
}

/// The port that was given away last.
static LAST_PORT: LazyLock<AtomicU16> = LazyLock::new(|| {
    let among = u16::try_from(std::process::id() % 10_000);
    AtomicU16::new(10_000 + among.unwrap_or_default())
});

/// A port that nothing listens on, and that nobody else is given: neither another test, nor, as those
/// that the system gives away are above, a connection to anywhere.
pub fn free_port() -> u16 {
    loop {
        let port = LAST_PORT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn wait_until_it_greets(kind: Kind, port: u16, companion: &Companion) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !greets(port) {
        assert!(
            Instant::now() < deadline,
            "{kind:?} did not start: it said\n{}",
            companion.log()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn greets(port: u16) -> bool {
    use std::io::Read;
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let mut code = [0; 3];
    let patience = Some(Duration::from_secs(10));
    stream.set_read_timeout(patience).unwrap();
    stream.read_exact(&mut code).is_ok() && code == *b"220"
}

/// With CRLF line ends, whatever the file had.
fn with_crlf(text: &[u8]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(text.len() + text.len() / 32);
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        raw.extend_from_slice(bare.strip_suffix(b"\r").unwrap_or(bare));
        if line.ends_with(b"\n") {
            raw.extend_from_slice(b"\r\n");
        }
    }
    raw
}

/// Every file below a folder; none where there is no folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
