//! From an open TCP connection to one that takes mails: greeting, EHLO, TLS, AUTH.
//!
//! EHLO is said once in the clear and once under TLS: some servers refuse a repeated one, and
//! others sign us out by it.

use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::commands::Starttls;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;

use super::auth::Login;
use super::backlog::Ungreeted;
use super::channel::Channel;
use super::connect_error::{ConnectError, ConnectPhase};
use super::connection::COMMAND;
use super::extensions::Extensions;
use super::tls::{Tls, explain, is_loopback};
use crate::domain::Reply;

/// The port where TLS begins at once (RFC 8314 §7.3).
const TLS_PORT: u16 = 465;
/// For a greeting there without TLS, which hardly comes; less than the doctor waits.
const TLS_PORT_GREETING: Duration = Duration::from_secs(10);

/// What is needed to be let in.
pub(crate) struct Handshake {
    /// Where the relay's settings stand, as in `smtp`.
    pub(crate) section: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: Tls,
    /// How its certificate is checked, and for which name; none without TLS.
    pub(crate) trust: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    pub(crate) login: Option<Login>,
    /// The name in EHLO.
    pub(crate) hello: String,
}

impl Handshake {
    /// Does all of it. The caller sets the deadline.
    pub(crate) async fn run(
        &self,
        tcp: TcpStream,
        ungreeted: Ungreeted,
    ) -> Result<(Channel, Extensions), ConnectError> {
        let mut channel = Channel::plain(tcp);
        if self.tls == Tls::Wrapped {
            channel = self.secure(channel).await?;
        }
        self.read_greeting(&mut channel).await?;
        drop(ungreeted);
        let mut extensions = self.say_hello(&mut channel).await?;
        let starttls = match self.tls {
            Tls::Required if !extensions.starttls => {
                let why = format!(
                    "it does not offer STARTTLS; nothing is sent in the clear ({}.url with \
                     ?tls=none would allow it)",
                    self.section
                );
                return Err(ConnectError::new(ConnectPhase::Tls, why));
            }
            Tls::Required => true,
            Tls::Opportunistic => extensions.starttls,
            Tls::None | Tls::Wrapped => false,
        };
        if starttls {
            channel = self.start_tls(channel).await?;
            extensions = self.say_hello(&mut channel).await?;
        }
        if let Some(login) = &self.login {
            self.sign_in(login, &mut channel, &extensions).await?;
        }
        tracing::debug!(
            relay = self.section,
            encrypted = channel.is_encrypted(),
            pipelining = extensions.pipelining,
            chunking = extensions.chunking,
            "connected"
        );
        Ok((channel, extensions))
    }

    async fn read_greeting(&self, channel: &mut Channel) -> Result<(), ConnectError> {
        let phase = ConnectPhase::Greeting;
        // There the relay waits for TLS while we wait for its greeting.
        let wants_tls = self.port == TLS_PORT && self.tls != Tls::Wrapped;
        let limit = if wants_tls {
            TLS_PORT_GREETING
        } else {
            COMMAND
        };
        let code = channel.read_code(limit).await;
        let code = code.map_err(|lost| match wants_tls {
            true => ConnectError::new(
                phase,
                format!(
                    "{}; port {TLS_PORT} speaks TLS from the start: use smtps:// in {}.url",
                    lost.0, self.section
                ),
            ),
            false => ConnectError::lost(phase, lost),
        });
        match code? {
            200..=299 => Ok(()),
            _ => Err(ConnectError::refused(
                phase,
                "it turns us away",
                &channel.reply(),
            )),
        }
    }

    /// EHLO and, where that is refused for good, HELO, after which there are no extensions.
    async fn say_hello(&self, channel: &mut Channel) -> Result<Extensions, ConnectError> {
        let phase = ConnectPhase::Greeting;
        let lost = |lost| ConnectError::lost(phase, lost);
        let code = self.say(channel, &format!("EHLO {}", self.hello)).await;
        let reply = match code.map_err(lost)? {
            200..=299 => return Ok(Extensions::parse(&channel.reply_lines())),
            500.. if channel.is_open() => {
                let ehlo = channel.reply();
                match self.say(channel, &format!("HELO {}", self.hello)).await {
                    Ok(200..=299) => return Ok(Extensions::default()),
                    Ok(_) => channel.reply(),
                    Err(_) => ehlo,
                }
            }
            _ => channel.reply(),
        };
        Err(self.hello_refused(&reply))
    }

    fn hello_refused(&self, reply: &Reply) -> ConnectError {
        let what = if reply.code < 500 {
            "it does not take us at the moment".to_owned()
        } else {
            format!(
                "it refuses our name {} in EHLO; set {}.hello_name to this machine's full host name",
                self.hello, self.section
            )
        };
        ConnectError::refused(ConnectPhase::Greeting, &what, reply)
    }

    async fn say(&self, channel: &mut Channel, command: &str) -> Result<u16, super::channel::Lost> {
        let line = format!("{command}\r\n");
        channel.write(line.as_bytes(), COMMAND).await?;
        channel.read_code(COMMAND).await
    }

    async fn start_tls(&self, mut channel: Channel) -> Result<Channel, ConnectError> {
        let phase = ConnectPhase::Tls;
        let lost = |lost| ConnectError::lost(phase, lost);
        let command = Starttls.to_string();
        let written = channel.write(command.as_bytes(), COMMAND).await;
        written.map_err(lost)?;
        match channel.read_code(COMMAND).await.map_err(lost)? {
            200..=299 => self.secure(channel).await,
            _ => Err(ConnectError::refused(
                phase,
                "it refuses STARTTLS, and nothing is sent in the clear",
                &channel.reply(),
            )),
        }
    }

    async fn secure(&self, channel: Channel) -> Result<Channel, ConnectError> {
        let Some((config, name)) = self.trust.clone() else {
            return Ok(channel);
        };
        let secured = channel.secured(config, name).await;
        secured.map_err(|error| {
            let why = explain(&error, &self.host, &self.section);
            ConnectError::new(ConnectPhase::Tls, why)
        })
    }

    async fn sign_in(
        &self,
        login: &Login,
        channel: &mut Channel,
        extensions: &Extensions,
    ) -> Result<(), ConnectError> {
        let in_the_clear = !channel.is_encrypted();
        if in_the_clear && self.tls != Tls::None && !is_loopback(&self.host) {
            let why = format!(
                "it offers no STARTTLS, and a password is never sent without TLS; use smtps://, or \
                 take the user out of {}.url",
                self.section
            );
            return Err(ConnectError::new(ConnectPhase::Tls, why));
        }
        let relay = (self.host.as_str(), self.port);
        let signed_in = login.sign_in(channel, &extensions.auth, &self.section, relay);
        signed_in.await
    }
}

#[cfg(test)]
mod tests;
