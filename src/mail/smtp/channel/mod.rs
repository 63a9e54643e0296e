//! The stream to a relay: replies are read from it, commands and texts written to it.

mod deadline_timer;
mod final_dot_gate;

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::reply::{Progress, ReplyParser, is_line_end};
use crate::domain::Reply;
use deadline_timer::{DeadlineTimer, Elapsed};
pub(crate) use final_dot_gate::TextOutcome;

type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// What is read from the network at a time, in octets: the replies to one mail fit many times.
const READ_OCTETS: usize = 4096;

/// Why no reply came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost(pub(crate) String);

impl From<Lost> for Reply {
    fn from(Lost(why): Lost) -> Self {
        Self::new(0, &why)
    }
}

/// The stream, and what was read from it and not looked at yet.
pub(crate) struct Channel {
    stream: Stream,
    received: Box<[u8; READ_OCTETS]>,
    /// The part of `received` that is still to be looked at.
    unread: std::ops::Range<usize>,
    parser: ReplyParser,
    open: bool,
    /// For whatever is waited for.
    timer: DeadlineTimer,
}

impl Channel {
    /// A channel in the clear.
    pub(crate) fn plain(tcp: TcpStream) -> Self {
        Self::over(Either::Left(tcp))
    }

    fn over(stream: Stream) -> Self {
        Self {
            stream,
            received: Box::new([0; READ_OCTETS]),
            unread: 0..0,
            parser: ReplyParser::default(),
            open: true,
            timer: DeadlineTimer::default(),
        }
    }

    /// The same connection under TLS.
    ///
    /// # Errors
    /// When the handshake fails, or the relay has said something that TLS would not protect.
    pub(crate) async fn secured(
        self,
        trust: Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<Self> {
        if !self.unread.is_empty() {
            // Whoever sits in between could have put it there (CVE-2011-0411).
            let why = "it said more before TLS began than it was asked";
            return Err(io::Error::other(why));
        }
        match self.stream {
            Either::Left(tcp) => {
                let stream = TlsConnector::from(trust).connect(name, tcp).await?;
                Ok(Self::over(Either::Right(Box::new(stream))))
            }
            Either::Right(_) => Err(io::Error::other("TLS was begun twice")),
        }
    }

    /// Whether it is under TLS.
    pub(crate) fn is_encrypted(&self) -> bool {
        matches!(self.stream, Either::Right(_))
    }

    /// When the certificate of the other side ends; none without TLS.
    pub(crate) fn certificate_ends(&self) -> Option<Timestamp> {
        let Either::Right(stream) = &self.stream else {
            return None;
        };
        let chain = stream.get_ref().1.peer_certificates()?;
        let (_, certificate) = X509Certificate::from_der(chain.first()?).ok()?;
        Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
    }

    /// Whether nothing speaks against writing to it and reading from it.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Nothing more is written or read.
    pub(crate) fn give_up(&mut self) {
        self.open = false;
    }

    /// Writes octets in one piece, within `limit`.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(crate) async fn write(&mut self, octets: &[u8], limit: Duration) -> Result<(), Lost> {
        let write = async {
            self.stream.write_all(octets).await?;
            self.stream.flush().await
        };
        let why = match self.timer.timeout(limit, write).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => in_words(&error),
            Err(Elapsed) => NOT_READ.to_owned(),
        };
        self.open = false;
        Err(Lost(why))
    }

    /// Reads the code of the next reply; the whole of it has to come within `limit`. A reply
    /// that is cut off behind its digits counts, and the channel is not open any more.
    ///
    /// # Errors
    /// Says why there is none; the channel is not open any more.
    pub(crate) async fn read_code(&mut self, limit: Duration) -> Result<u16, Lost> {
        if !self.open {
            return Err(Lost("the connection was lost before".to_owned()));
        }
        self.parser.begin();
        // What has come already needs no timer.
        let mut progress = self.parse_unread();
        if progress == Progress::Incomplete {
            let deadline = Instant::now() + limit;
            let read = poll_fn(|context| self.poll_read_on(context, deadline)).await;
            progress = match read {
                Ok(progress) => progress,
                Err(why) => return self.cut_off(why),
            };
        }
        match progress {
            Progress::Complete | Progress::Incomplete => {}
            Progress::TooLong => return self.cut_off("the relay's reply has no end".to_owned()),
            Progress::Malformed => {
                let said = Reply::new(0, self.parser.text().trim()).text;
                return self.cut_off(format!("the relay said what is no SMTP reply: {said}"));
            }
        }
        let no_code = || Lost("the relay's reply has no code".to_owned());
        self.parser.code().ok_or_else(no_code)
    }

    /// The last reply, with its text.
    pub(crate) fn reply(&self) -> Reply {
        let text = self.parser.text();
        Reply::new(self.parser.code().unwrap_or_default(), text.trim_end())
    }

    /// The text of the last reply, its lines parted by LF.
    pub(crate) fn reply_lines(&self) -> String {
        self.parser.text()
    }

    /// What the relay has said, or that it has hung up, while it was not asked anything; does not
    /// wait. The channel is not open any more then.
    pub(crate) async fn unasked(&mut self) -> Option<Reply> {
        while self.only_line_ends_are_unread() {
            match self.receive().now_or_never()? {
                Ok(0) => {
                    self.open = false;
                    return Some(Reply::new(0, HUNG_UP));
                }
                Ok(_) => {}
                Err(error) => {
                    self.open = false;
                    return Some(Reply::new(0, &in_words(&error)));
                }
            }
        }
        let said = self.read_code(Duration::from_secs(1)).await;
        self.open = false;
        Some(match said {
            Ok(_) => self.reply(),
            Err(lost) => lost.into(),
        })
    }

    /// Passes over empty lines, which say nothing; returns whether there is nothing else to be looked at.
    fn only_line_ends_are_unread(&mut self) -> bool {
        let unread = &self.received[self.unread.clone()];
        let empty = unread.iter().take_while(|octet| is_line_end(**octet));
        self.unread.start += empty.count();
        self.unread.is_empty()
    }

    /// Says good-bye to TLS and TCP.
    pub(crate) async fn shut_down(&mut self) {
        // Nothing depends on it.
        let _ = self.stream.shutdown().await;
    }

    fn cut_off(&mut self, why: String) -> Result<u16, Lost> {
        self.open = false;
        self.parser.code().ok_or(Lost(why))
    }

    /// Reads until a reply is complete, or cannot be; not beyond the deadline.
    fn poll_read_on(
        &mut self,
        context: &mut Context<'_>,
        deadline: Instant,
    ) -> Poll<Result<Progress, String>> {
        while let Poll::Ready(received) = self.poll_receive(context) {
            match received {
                Ok(0) => return Poll::Ready(Err(HUNG_UP.to_owned())),
                Ok(_) => {}
                Err(error) => return Poll::Ready(Err(in_words(&error))),
            }
            let progress = self.parse_unread();
            if progress != Progress::Incomplete {
                return Poll::Ready(Ok(progress));
            }
        }
        let late = self.timer.poll_elapsed(deadline, context);
        late.map(|()| Err("the relay did not answer in time".to_owned()))
    }

    fn parse_unread(&mut self) -> Progress {
        if self.unread.is_empty() {
            return Progress::Incomplete;
        }
        let (used, progress) = self.parser.read(&self.received[self.unread.clone()]);
        self.unread.start += used;
        progress
    }

    /// Reads from the network; everything before must have been looked at.
    async fn receive(&mut self) -> io::Result<usize> {
        let octets = self.stream.read(&mut self.received[..]).await?;
        self.unread = 0..octets;
        Ok(octets)
    }

    /// The same, for a future that does more than one thing at a time.
    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(&mut self.received[..]);
        let read = Pin::new(&mut self.stream).poll_read(context, &mut buffer);
        let octets = buffer.filled().len();
        read.map_ok(|()| {
            self.unread = 0..octets;
            octets
        })
    }
}

/// TLS has a word of its own for a connection that ends without one.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => HUNG_UP.to_owned(),
        _ => error.to_string(),
    }
}

const HUNG_UP: &str = "the relay closed the connection";
const NOT_READ: &str = "the relay does not read what is written to it";
