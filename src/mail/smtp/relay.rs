//! The SMTP server that takes our mails, through lettre.
//!
//! lettre connects, speaks TLS, authenticates, and parses replies.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};

use super::connection::Connection;
use super::final_dot_gate::{HeldStream, Hold};
use super::reply_class::asks_for_less;
use super::tls::{Tls, Wrong, is_loopback, percent_decode, trust};
use crate::config::Smtp;
use crate::domain::{Limits, Reply, Scope, Verdict};

/// The least times of RFC 5321 §4.5.3.2, but for connecting.
const CONNECT: Duration = Duration::from_secs(30);
const GREETING: Duration = Duration::from_secs(300);
/// Where another relay can take over, as nothing was sent yet.
const SHORT_GREETING: Duration = Duration::from_secs(30);
/// How long a relay that cannot be used is left out: at first, and at most.
const REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);

/// A relay that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The setting makes no sense.
    #[error("setting `{0}`: {1}")]
    Setting(String, String),
    /// No connection, no TLS, or no admission.
    #[error("the relay {relay} cannot be used: {why}")]
    Unusable {
        /// Host and port.
        relay: String,
        /// What it or the network said.
        why: String,
        /// Whether it asks for less rather than being out of order.
        busy: bool,
    },
}

impl RelayError {
    /// What this means for a mail that was to go over the relay.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let reply = Reply::new(0, &self.to_string());
        match self {
            Self::Unusable { busy: true, .. } => Verdict::SlowDown(reply, Scope::Relay),
            _ => Verdict::TryLater(reply),
        }
    }
}

/// Why there is no connection.
struct Problem {
    why: String,
    busy: bool,
}

impl From<&str> for Problem {
    fn from(why: &str) -> Self {
        Self {
            why: why.to_owned(),
            busy: false,
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        error.to_string().as_str().into()
    }
}

impl From<SmtpError> for Problem {
    fn from(error: SmtpError) -> Self {
        let reply = error.status().map(|code| {
            let text = std::error::Error::source(&error).map(ToString::to_string);
            Reply::new(code.into(), &text.unwrap_or_default())
        });
        Self {
            why: error.to_string(),
            busy: reply.is_some_and(|reply| asks_for_less(&reply)),
        }
    }
}

/// Until when a relay is left out, and for how long that was.
#[derive(Debug, Clone, Copy, Default)]
struct Down {
    until: Option<Instant>,
    rest: Duration,
}

/// Where mails are handed in, and how.
pub struct Relay {
    name: String,
    connections: usize,
    weight: u32,
    limits: Limits,
    /// There is no other.
    alone: bool,
    down: Mutex<Down>,
    host: String,
    port: u16,
    tls: Tls,
    /// Which certificates are believed; read once, as that takes milliseconds.
    trust: Option<TlsParameters>,
    credentials: Option<Credentials>,
    hello: ClientId,
    messages_per_connection: u32,
}

impl Relay {
    /// Reads the settings of one relay.
    pub(crate) fn new(name: &str, smtp: &Smtp, alone: bool) -> Result<Self, RelayError> {
        Self::read(name, smtp, alone).map_err(|Wrong { setting, why }| {
            let place = match name {
                "main" => format!("smtp.{setting}"),
                _ => format!("relays.{name}.{setting}"),
            };
            RelayError::Setting(place, why)
        })
    }

    fn read(name: &str, smtp: &Smtp, alone: bool) -> Result<Self, Wrong> {
        let url = &smtp.url;
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned();
        let tls = Tls::wanted(url, is_loopback(&host))?;
        let port = url
            .port()
            .unwrap_or(if tls == Tls::Wrapped { 465 } else { 25 });
        let decode = |text: &str| {
            percent_decode(text).ok_or_else(|| Wrong::in_url("user or password is not UTF-8"))
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) => Some(Credentials::new(decode(user)?, decode(password)?)),
            (_, None) => {
                return Err(Wrong::in_url("there is a user but no password"));
            }
        };
        let hello = if smtp.hello_name.is_empty() {
            ClientId::default()
        } else {
            ClientId::Domain(smtp.hello_name.clone())
        };
        let trust = match tls {
            Tls::None => None,
            _ => Some(trust(&host, &smtp.trusted_certificates)?),
        };
        Ok(Self {
            name: name.to_owned(),
            connections: smtp.connections,
            weight: smtp.weight,
            limits: smtp.limits(),
            alone,
            down: Mutex::default(),
            host,
            port,
            tls,
            trust,
            credentials,
            hello,
            messages_per_connection: smtp.messages_per_connection,
        })
    }

    /// As it is called in the settings.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many connections a process may have open for digests.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections
    }

    /// Its share of the digests, relative to that of others.
    #[must_use]
    pub fn weight(&self) -> u32 {
        self.weight
    }

    /// What all workers together may send over it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Whether it is worth a try: it could be used the last time, or some time ago could not.
    #[must_use]
    pub fn is_up(&self) -> bool {
        let until = self.down().until;
        until.is_none_or(|until| until <= Instant::now())
    }

    fn down(&self) -> MutexGuard<'_, Down> {
        self.down.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves it out for twice as long as the last time, unless that has just been decided.
    fn take_down(&self) {
        if self.is_up() {
            let mut down = self.down();
            down.rest = (down.rest * 2).clamp(REST, LONGEST_REST);
            down.until = Some(Instant::now() + down.rest);
        }
    }

    /// Connects, secures and authenticates as the settings say.
    ///
    /// # Errors
    /// Says which of these failed; nothing was sent.
    pub async fn connect(&self) -> Result<Connection, RelayError> {
        let patience = if self.alone { GREETING } else { SHORT_GREETING };
        let opened = match timeout(patience, self.open()).await {
            Ok(opened) => opened,
            Err(_) => Err("it did not greet us in time".into()),
        };
        match opened {
            Ok(connection) => {
                *self.down() = Down::default();
                Ok(connection)
            }
            Err(Problem { why, busy }) => {
                self.take_down();
                let relay = format!("{}:{}", self.host, self.port);
                Err(RelayError::Unusable { relay, why, busy })
            }
        }
    }

    async fn open(&self) -> Result<Connection, Problem> {
        let wrapped = self.trust.clone().filter(|_| self.tls == Tls::Wrapped);
        let (mut smtp, hold) = if wrapped.is_some() {
            // lettre speaks TLS from the start over nothing but its own connection.
            let (to, patience) = ((self.host.as_str(), self.port), Some(CONNECT));
            let smtp =
                AsyncSmtpConnection::connect_tokio1(to, patience, &self.hello, wrapped, None);
            (smtp.await?, None)
        } else {
            let hold = Hold::default();
            let stream = HeldStream {
                tcp: self.reach().await?,
                hold: hold.clone(),
            };
            let stream = Box::new(stream);
            let smtp = AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await?;
            (smtp, Some(hold))
        };
        let upgrade = match self.tls {
            Tls::Required if !smtp.can_starttls() => {
                smtp.abort().await;
                return Err("it does not offer STARTTLS; nothing is sent in the clear \
                    (smtp.url with ?tls=none would allow it)"
                    .into());
            }
            Tls::Required => true,
            Tls::Opportunistic => smtp.can_starttls(),
            Tls::None | Tls::Wrapped => false,
        };
        if let Some(trust) = self.trust.clone().filter(|_| upgrade) {
            smtp.starttls(trust, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            if !smtp.is_encrypted() && !is_loopback(&self.host) {
                smtp.abort().await;
                return Err("a password is never sent without TLS".into());
            }
            smtp.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(Connection::new(smtp, hold, &self.hello, self.messages_per_connection).await?)
    }

    /// The first of the relay's addresses that answers.
    async fn reach(&self) -> Result<TcpStream, Problem> {
        let mut why = "its name has no address".to_owned();
        for address in lookup_host((self.host.as_str(), self.port)).await? {
            match timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(tcp)) => {
                    // The end of a text must not wait until the relay acknowledges its beginning.
                    tcp.set_nodelay(true)?;
                    return Ok(tcp);
                }
                Ok(Err(error)) => why = error.to_string(),
                Err(_) => "it cannot be reached in time".clone_into(&mut why),
            }
        }
        Err(Problem { why, busy: false })
    }
}

#[cfg(test)]
mod tests {
    use super::{Relay, Tls};
    use crate::config::Settings;

    fn relay(url: &str) -> Result<Relay, Box<dyn std::error::Error>> {
        let mut smtp = Settings::defaults()?.smtp;
        smtp.url = url.parse()?;
        Ok(Relay::new("main", &smtp, true)?)
    }

    #[test]
    fn tls_is_required_unless_loopback_or_configured() -> Result<(), Box<dyn std::error::Error>> {
        for (url, tls, port) in [
            ("smtp://127.0.0.1:2525", Tls::None, 2525),
            ("smtp://[::1]", Tls::None, 25),
            ("smtp://relay.example.org", Tls::Required, 25),
            (
                "smtp://relay.example.org:587?tls=required",
                Tls::Required,
                587,
            ),
            ("smtp://127.0.0.1?tls=required", Tls::Required, 25),
            ("smtp://relay.example.org?tls=none", Tls::None, 25),
            ("smtps://user:p%40ss@relay.example.org", Tls::Wrapped, 465),
        ] {
            let relay = relay(url)?;
            assert_eq!((relay.tls, relay.port), (tls, port), "{url}");
        }
        assert!(relay("smtp://relay.example.org?tls=maybe").is_err());
        assert!(relay("smtp://user@relay.example.org").is_err());
        Ok(())
    }
}
