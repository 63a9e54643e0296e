//! The SMTP server that takes our mails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::auth::{Login, TokenSource};
use super::backlog::{Backlog, Ungreeted};
use super::connect_error::{ConnectError, ConnectPhase, RelayError};
use super::connection::{Connection, Peer, SessionEnd};
use super::handshake::Handshake;
use super::outage::{Outage, OutageOver};
use super::pipelining::PipeliningMemory;
use super::rest::Rest;
use super::return_path::ReturnPathForm;
use super::session_limit::SessionLimit;
use super::tcp::reach;
use super::tls::{Tls, Wrong, client_config, is_loopback};
use crate::config::Smtp;
use crate::domain::Limits;
use crate::links::ReturnPath;

/// From the first look-up to AUTH: the least time of RFC 5321 §4.5.3.2.1 for a greeting.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(300);
/// The same where another relay can take over, as nothing was sent yet.
const SHORT_HANDSHAKE_LIMIT: Duration = Duration::from_secs(30);

/// Where mails are handed in, and how.
pub struct Relay {
    name: String,
    connections: usize,
    weight: u32,
    limits: Limits,
    /// There is no other.
    alone: bool,
    rest: Rest,
    outage: Outage,
    /// Whether an operator lets nothing go over it.
    paused: AtomicBool,
    backlog: Backlog,
    handshake: Handshake,
    peer: Arc<Peer>,
    messages_per_connection: u32,
    pipelining: bool,
    session_limit: SessionLimit,
}

impl Relay {
    /// Reads the settings of one relay.
    pub(crate) fn new(name: &str, smtp: &Smtp, alone: bool) -> Result<Self, RelayError> {
        let section = match name {
            "main" => "smtp".to_owned(),
            _ => format!("relays.{name}"),
        };
        let wrong =
            |Wrong { setting, why }| RelayError::Setting(format!("{section}.{setting}"), why);
        let handshake = handshake(&section, smtp).map_err(wrong)?;
        let return_path = ReturnPathForm::parse(&smtp.return_path).map_err(|why| {
            let setting = "return_path";
            wrong(Wrong { setting, why })
        })?;
        Ok(Self {
            name: name.to_owned(),
            connections: smtp.connections,
            weight: smtp.weight,
            limits: smtp.limits(),
            alone,
            rest: Rest::default(),
            outage: Outage::default(),
            paused: AtomicBool::default(),
            backlog: Backlog::default(),
            peer: Arc::new(Peer {
                section: handshake.section.clone(),
                return_path,
                pipelining: PipeliningMemory::default(),
            }),
            handshake,
            messages_per_connection: smtp.messages_per_connection,
            pipelining: smtp.pipelining,
            session_limit: SessionLimit::default(),
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

    /// Whether it is worth a try. False while it rests after a failure.
    #[must_use]
    pub fn may_be_tried(&self) -> bool {
        self.rest.is_over()
    }

    /// Whether the last attempt to connect succeeded, or there was none.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.rest.is_none()
    }

    /// Whether it gets no mails, as this process saw last.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// Notes whether it gets no mails; returns what was noted before. One that gets mails again is tried at once.
    pub fn set_paused(&self, paused: bool) -> bool {
        let before = self.paused.swap(paused, Ordering::Relaxed);
        if before && !paused {
            self.rest.end();
        }
        before
    }

    /// Connects, secures and authenticates as the settings say. After a refused sign-in nothing is tried for a while.
    ///
    /// # Errors
    /// Says which of these failed; nothing was sent.
    pub async fn connect(&self) -> Result<Connection, RelayError> {
        let limit = if self.alone {
            HANDSHAKE_LIMIT
        } else {
            SHORT_HANDSHAKE_LIMIT
        };
        // That others wait for their greeting is no fault of the relay: it does not count.
        let ungreeted = self.backlog.enter().await;
        self.rest.may_sign_in()?;
        let opened = match timeout(limit, self.open(ungreeted)).await {
            Ok(opened) => opened,
            Err(_) => Err(ConnectError::new(
                ConnectPhase::Greeting,
                "it did not let us in in time",
            )),
        };
        match opened {
            Ok(connection) => {
                self.rest.end();
                self.outage.succeeded();
                Ok(connection)
            }
            Err(ConnectError {
                phase,
                why,
                said,
                refuses_login,
            }) => {
                let error = RelayError::Unusable {
                    relay: format!("{}:{}", self.handshake.host, self.handshake.port),
                    why,
                    phase,
                    said,
                    refuses_login,
                };
                self.rest.begin(&error);
                Err(error)
            }
        }
    }

    /// Logs that no mail can go over it, with what [`Self::connect`] said. Whoever sees that there was only
    /// one connection too many must not call this.
    pub fn could_not_be_used(&self, error: &RelayError) {
        if !matches!(error, RelayError::Resting(_)) {
            self.outage.failed(&self.name, error);
        }
    }

    /// The outage that has just ended, for one caller.
    pub fn usable_again(&self) -> Option<OutageOver> {
        self.outage.take_over()
    }

    pub(super) fn log_remaining(&self) {
        self.outage.log_remaining(&self.name);
    }

    /// Takes in how a session ended, so that the next one ends before the relay says so again.
    pub fn learn_session_limit(&self, end: &SessionEnd) {
        if self.session_limit.learn(end) {
            tracing::info!(
                relay = self.name,
                mails = end.carried,
                code = end.reply.code,
                "the relay takes so many mails over one connection; later ones are closed before"
            );
        }
    }

    /// The domain to which bounces of mails with this envelope sender go.
    #[must_use]
    pub fn bounce_domain(&self, path: &ReturnPath) -> String {
        self.peer.return_path.address(path).domain().to_owned()
    }

    /// The name by which we greet it.
    pub(crate) fn hello(&self) -> &str {
        &self.handshake.hello
    }

    async fn open(&self, ungreeted: Ungreeted) -> Result<Connection, ConnectError> {
        let tcp = self.reach().await?;
        let (channel, mut extensions) = self.handshake.run(tcp, ungreeted).await?;
        extensions.pipelining &= self.pipelining;
        let peer = Arc::clone(&self.peer);
        let messages = self.session_limit.apply(self.messages_per_connection);
        Ok(Connection::new(channel, extensions, peer, messages))
    }

    /// The first of the relay's addresses that answers.
    async fn reach(&self) -> Result<TcpStream, ConnectError> {
        let failed = |why: String| ConnectError::new(ConnectPhase::Network, why);
        let to = (self.handshake.host.as_str(), self.handshake.port);
        let addresses = lookup_host(to).await.map_err(|e| failed(e.to_string()))?;
        reach(addresses).await.map_err(failed)
    }
}

/// What the settings say of how to be let in.
fn handshake(section: &str, smtp: &Smtp) -> Result<Handshake, Wrong> {
    let host = smtp.url.host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']).to_owned();
    let tls = Tls::wanted(&smtp.url, is_loopback(&host))?;
    let default_port = if tls == Tls::Wrapped { 465 } else { 25 };
    let trust = match tls {
        Tls::None => None,
        _ => {
            let name = ServerName::try_from(host.clone());
            let name = name.map_err(|_| Wrong::in_url("its host is no name that TLS can check"))?;
            Some((client_config(&smtp.trusted_certificates)?, name))
        }
    };
    Ok(Handshake {
        section: section.to_owned(),
        port: smtp.url.port().unwrap_or(default_port),
        host,
        tls,
        trust,
        login: login(smtp)?,
        hello: hello(smtp)?,
    })
}

fn hello(smtp: &Smtp) -> Result<String, Wrong> {
    if smtp.hello_name.is_empty() {
        return Ok(ClientId::default().to_string());
    }
    if !smtp.hello_name.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Wrong {
            setting: "hello_name",
            why: "must be a host name, as in mail.example.org".to_owned(),
        });
    }
    Ok(smtp.hello_name.clone())
}

fn login(smtp: &Smtp) -> Result<Option<Login>, Wrong> {
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        let decoded = decoded.map_err(|_| Wrong::in_url("user or password is not UTF-8"))?;
        Ok::<_, Wrong>(decoded.into_owned())
    };
    let file = &smtp.oauth_token_file;
    let token = match (
        file.as_os_str().is_empty(),
        smtp.oauth_token_command.as_str(),
    ) {
        (true, "") => None,
        (true, command) => Some(TokenSource::Command(command.to_owned())),
        (false, "") => Some(TokenSource::File(file.clone())),
        (false, _) => {
            return Err(Wrong {
                setting: "oauth_token_command",
                why: "there is oauth_token_file already; name one of both".to_owned(),
            });
        }
    };
    let password = smtp.url.password().map(decode).transpose()?;
    match (smtp.url.username(), &password, &token) {
        ("", None, None) => Ok(None),
        ("", None, Some(_)) => Err(Wrong::in_url(
            "a token needs a user, as in smtps://USER@HOST",
        )),
        (_, None, None) => Err(Wrong::in_url(
            "there is a user but neither a password nor oauth_token_file or oauth_token_command",
        )),
        (user, ..) => Ok(Some(Login {
            user: decode(user)?,
            password,
            token,
        })),
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
            let handshake = &relay.handshake;
            assert_eq!((handshake.tls, handshake.port), (tls, port), "{url}");
        }
        assert!(relay("smtp://relay.example.org?tls=maybe").is_err());
        assert!(relay("smtp://news:%FF@relay.example.org").is_err());
        assert!(relay("smtp://user@relay.example.org").is_err());
        Ok(())
    }

    #[test]
    fn user_and_password_are_those_of_the_address() -> Result<(), Box<dyn std::error::Error>> {
        for (url, user, password) in [
            ("smtp://news:pa&ss@relay.example.org", "news", "pa&ss"),
            ("smtp://a&b:x=y+z;!$,@relay.example.org", "a&b", "x=y+z;!$,"),
            (
                "smtp://n%40example.org:p%40%3A%2F%25%26@relay.example.org",
                "n@example.org",
                "p@:/%&",
            ),
            ("smtp://news:h%C3%A9@relay.example.org", "news", "hé"),
        ] {
            let login = relay(url)?.handshake.login.ok_or("no login")?;
            let read = (login.user.as_str(), login.password.as_deref());
            assert_eq!(read, (user, Some(password)), "{url}");
        }
        Ok(())
    }
}
