//! A relay for tests that answers as a test wants, octet for octet.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::connection::{Connection, Outgoing};
use super::relay::Relay;
use crate::config::{Settings, Smtp};
use crate::links::ReturnPath;

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What was heard: a command, or a text with its final dot; empty when the connection opens.
pub(crate) struct Heard<'a> {
    pub(crate) unit: &'a str,
    /// Counts from 0.
    pub(crate) connection: usize,
    /// How many texts this connection has brought, with this one.
    pub(crate) texts: usize,
    pub(crate) is_text: bool,
    /// It was there before the unit before it was answered.
    pub(crate) ahead: bool,
    /// That came directly behind a text.
    pub(crate) behind_text: bool,
}

impl Heard<'_> {
    /// The command's first word.
    pub(crate) fn verb(&self) -> &str {
        match self.is_text {
            true => ".",
            false => self.unit.split([' ', ':', '\r']).next().unwrap_or_default(),
        }
    }
}

pub(crate) enum Answer {
    Say(Vec<u8>),
    SayAndClose(Vec<u8>),
    StartTls,
}

/// Says these octets.
pub(crate) fn say(octets: impl AsRef<[u8]>) -> Answer {
    Answer::Say(octets.as_ref().to_vec())
}

/// Says these octets and hangs up.
pub(crate) fn say_and_close(octets: impl AsRef<[u8]>) -> Answer {
    Answer::SayAndClose(octets.as_ref().to_vec())
}

/// As a relay without faults, with PIPELINING, answers.
pub(crate) fn polite(heard: &Heard<'_>) -> Answer {
    say(match heard.verb() {
        "" => "220 relay\r\n",
        "EHLO" => "250-relay\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n",
        "DATA" => "354 go on\r\n",
        "AUTH" => "235 welcome\r\n",
        "QUIT" => "221 bye\r\n",
        _ => "250 ok\r\n",
    })
}

type Behaviour = dyn Fn(&Heard<'_>) -> Answer + Send + Sync;

pub(crate) struct ScriptedRelay {
    port: u16,
    heard: Arc<Mutex<Vec<(usize, String)>>>,
}

impl ScriptedRelay {
    pub(crate) async fn start(
        behaviour: impl Fn(&Heard<'_>) -> Answer + Send + Sync + 'static,
    ) -> Outcome<Self> {
        Self::with_certificate(None, false, behaviour).await
    }

    /// With TLS after STARTTLS, or from the start.
    pub(crate) async fn with_certificate(
        certificate: Option<&rcgen::CertifiedKey<rcgen::KeyPair>>,
        implicit: bool,
        behaviour: impl Fn(&Heard<'_>) -> Answer + Send + Sync + 'static,
    ) -> Outcome<Self> {
        let acceptor = certificate.map(acceptor).transpose()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (behaviour, log): (Arc<Behaviour>, _) = (Arc::new(behaviour), Arc::clone(&heard));
        tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((tcp, _)) = listener.accept().await {
                let session = Session {
                    connection,
                    behaviour: Arc::clone(&behaviour),
                    log: Arc::clone(&log),
                };
                // A connection that breaks is what some tests are about.
                tokio::spawn(session.run(tcp, acceptor.clone(), implicit));
                connection += 1;
            }
        });
        Ok(Self { port, heard })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The settings of a relay that is this one.
    pub(crate) fn settings(&self) -> Outcome<Smtp> {
        let mut smtp = Settings::defaults()?.smtp;
        smtp.url = format!("smtp://127.0.0.1:{}", self.port).parse()?;
        smtp.hello_name = "client.example.org".to_owned();
        Ok(smtp)
    }

    pub(crate) fn relay(&self) -> Outcome<Relay> {
        Ok(Relay::new("main", &self.settings()?, true)?)
    }

    pub(crate) async fn connect(&self) -> Outcome<Connection> {
        Ok(self.relay()?.connect().await?)
    }

    /// The commands of a connection without their line ends, and texts as they came.
    pub(crate) fn heard(&self, connection: usize) -> Vec<String> {
        let all = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let of = all.iter().filter(|(number, _)| *number == connection);
        of.map(|(_, unit)| unit.trim_end_matches("\r\n").to_owned())
            .collect()
    }

    /// The first words of what a connection brought.
    pub(crate) fn verbs(&self, connection: usize) -> String {
        let heard = self.heard(connection);
        let verbs = heard
            .iter()
            .map(|unit| match unit.ends_with("\r\n.") || unit == "." {
                true => ".",
                false => unit.split([' ', ':']).next().unwrap_or_default(),
            });
        verbs.collect::<Vec<_>>().join(" ")
    }
}

struct Session {
    connection: usize,
    behaviour: Arc<Behaviour>,
    log: Arc<Mutex<Vec<(usize, String)>>>,
}

pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl Session {
    async fn run(
        self,
        tcp: TcpStream,
        tls: Option<TlsAcceptor>,
        implicit: bool,
    ) -> std::io::Result<()> {
        let mut stream: Box<dyn Stream> = Box::new(tcp);
        if let Some(acceptor) = tls.as_ref().filter(|_| implicit) {
            stream = Box::new(acceptor.accept(stream).await?);
        }
        let mut reader = BufReader::with_capacity(1 << 20, stream);
        let (mut unit, mut texts, mut in_text, mut behind_text) = (String::new(), 0, false, false);
        let mut ahead = false;
        loop {
            let is_text = std::mem::take(&mut in_text);
            texts += usize::from(is_text);
            let heard = Heard {
                unit: &unit,
                connection: self.connection,
                texts,
                is_text,
                ahead,
                behind_text,
            };
            match (self.behaviour)(&heard) {
                Answer::Say(octets) => {
                    in_text = heard.verb() == "DATA" && octets.starts_with(b"3");
                    reader.write_all(&octets).await?;
                    reader.flush().await?;
                }
                Answer::SayAndClose(octets) => {
                    reader.write_all(&octets).await?;
                    reader.flush().await?;
                    return reader.shutdown().await;
                }
                Answer::StartTls => {
                    reader.write_all(b"220 go on\r\n").await?;
                    reader.flush().await?;
                    let Some(acceptor) = &tls else { return Ok(()) };
                    let secured = acceptor.accept(reader.into_inner()).await?;
                    let secured: Box<dyn Stream> = Box::new(secured);
                    reader = BufReader::with_capacity(1 << 20, secured);
                }
            }
            behind_text = is_text;
            ahead = !reader.buffer().is_empty();
            unit = read_unit(&mut reader, in_text).await?;
            if unit.is_empty() {
                return Ok(());
            }
            let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push((self.connection, unit.clone()));
        }
    }
}

async fn read_unit(
    reader: &mut BufReader<Box<dyn Stream>>,
    in_text: bool,
) -> std::io::Result<String> {
    let mut octets = Vec::new();
    loop {
        let start = octets.len();
        let read = reader.read_until(b'\n', &mut octets).await?;
        if read == 0 || !in_text || &octets[start..] == b".\r\n" {
            return Ok(String::from_utf8_lossy(&octets).into_owned());
        }
    }
}

pub(crate) fn acceptor(certificate: &rcgen::CertifiedKey<rcgen::KeyPair>) -> Outcome<TlsAcceptor> {
    let chain = vec![certificate.cert.der().clone()];
    let key = PrivateKeyDer::try_from(certificate.signing_key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// A self-signed certificate as `openssl req -x509` makes it: an authority (CA:TRUE).
pub(crate) fn self_signed(
    change: impl FnOnce(&mut rcgen::CertificateParams),
) -> Outcome<rcgen::CertifiedKey<rcgen::KeyPair>> {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()])?;
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    change(&mut params);
    let signing_key = rcgen::KeyPair::generate()?;
    let cert = params.self_signed(&signing_key)?;
    Ok(rcgen::CertifiedKey { cert, signing_key })
}

pub(crate) fn mail(message: &str) -> Outcome<Outgoing> {
    Ok(Outgoing {
        return_path: ReturnPath {
            token: "7.ab.signature".to_owned(),
            domain: "example.org".to_owned(),
        },
        to: crate::domain::EmailAddress::parse("reader@example.org")?,
        date: Timestamp::UNIX_EPOCH,
        message: message.to_owned().into(),
    })
}
