//! The SMTP server that takes our mails, through lettre.
//!
//! lettre connects, speaks TLS, authenticates, and parses replies.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;
use url::Url;

use super::connection::Connection;
use crate::config::Smtp;

/// The least times of RFC 5321 §4.5.3.2, but for connecting.
const CONNECT: Duration = Duration::from_secs(30);
const GREETING: Duration = Duration::from_secs(300);

/// A relay that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// The setting makes no sense.
    #[error("setting `smtp.{0}`: {1}")]
    Setting(&'static str, String),
    /// No connection, no TLS, or no admission.
    #[error("the relay {relay} cannot be used: {why}")]
    Unusable {
        /// Host and port.
        relay: String,
        /// What it or the network said.
        why: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    None,
    Opportunistic,
    Required,
    Wrapped,
}

/// Where mails are handed in, and how.
#[derive(Clone)]
pub struct Relay {
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
    /// Reads the settings.
    ///
    /// # Errors
    /// When the address makes no sense, or certificates cannot be read.
    pub fn from_settings(smtp: &Smtp) -> Result<Self, RelayError> {
        let url = &smtp.url;
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned();
        let tls = tls_mode(url, is_loopback(&host))?;
        let port = url
            .port()
            .unwrap_or(if tls == Tls::Wrapped { 465 } else { 25 });
        let decode = |text: &str| {
            percent_decode(text).ok_or_else(|| in_url("user or password is not UTF-8"))
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) => Some(Credentials::new(decode(user)?, decode(password)?)),
            (_, None) => {
                return Err(in_url("there is a user but no password"));
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
        let messages_per_connection = smtp.messages_per_connection;
        Ok(Self {
            host,
            port,
            tls,
            trust,
            credentials,
            hello,
            messages_per_connection,
        })
    }

    /// Connects, secures and authenticates as the settings say.
    ///
    /// # Errors
    /// Says which of these failed; nothing was sent.
    pub async fn connect(&self) -> Result<Connection, RelayError> {
        let unusable = |why: String| RelayError::Unusable {
            relay: format!("{}:{}", self.host, self.port),
            why,
        };
        let work = self.open();
        match timeout(GREETING, work).await {
            Ok(opened) => opened.map_err(unusable),
            Err(_) => Err(unusable("it did not greet us in time".into())),
        }
    }

    async fn open(&self) -> Result<Connection, String> {
        let wrapped = self.trust.clone().filter(|_| self.tls == Tls::Wrapped);
        let address = (self.host.as_str(), self.port);
        let mut smtp =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT), &self.hello, wrapped, None)
                .await
                .map_err(|e| e.to_string())?;
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
            let secured = smtp.starttls(trust, &self.hello).await;
            secured.map_err(|e| e.to_string())?;
        }
        if let Some(credentials) = &self.credentials {
            if !smtp.is_encrypted() && !is_loopback(&self.host) {
                smtp.abort().await;
                return Err("a password is never sent without TLS".into());
            }
            smtp.auth(DEFAULT_MECHANISMS, credentials)
                .await
                .map_err(|e| e.to_string())?;
        }
        let connection = Connection::new(smtp, &self.hello, self.messages_per_connection);
        connection.await.map_err(|e| e.to_string())
    }
}

fn tls_mode(url: &Url, loopback: bool) -> Result<Tls, RelayError> {
    let wish = url
        .query_pairs()
        .find(|(name, _)| name == "tls")
        .map(|(_, value)| value.into_owned());
    match (url.scheme(), wish.as_deref()) {
        ("smtps", None) => Ok(Tls::Wrapped),
        ("smtp", None) if loopback => Ok(Tls::None),
        ("smtp", None | Some("required")) => Ok(Tls::Required),
        ("smtp", Some("opportunistic")) => Ok(Tls::Opportunistic),
        ("smtp", Some("none")) => Ok(Tls::None),
        _ => Err(in_url(
            "use smtps://…, or smtp://… with tls=required, opportunistic or none",
        )),
    }
}

/// Believes the authorities of the system, and those in the file.
fn trust(host: &str, file: &Path) -> Result<TlsParameters, RelayError> {
    let bad =
        |why: &dyn std::fmt::Display| RelayError::Setting("trusted_certificates", why.to_string());
    let mut builder = TlsParameters::builder(host.to_owned());
    if !file.as_os_str().is_empty() {
        let pem = std::fs::read(file).map_err(|e| bad(&format!("{}: {e}", file.display())))?;
        if !pem.windows(10).any(|octets| octets == b"-----BEGIN") {
            return Err(bad(&format!(
                "{} holds no certificate in PEM",
                file.display()
            )));
        }
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|e| bad(&e))?);
    }
    builder.build().map_err(|e| bad(&e))
}

fn in_url(why: &str) -> RelayError {
    RelayError::Setting("url", why.to_owned())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn percent_decode(text: &str) -> Option<String> {
    // The url crate decodes pairs of a query; a password is one such value.
    let query = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
}
#[cfg(test)]
mod tests {
    use super::{Relay, Tls};
    use crate::config::Settings;

    fn relay(url: &str) -> Result<Relay, Box<dyn std::error::Error>> {
        let mut smtp = Settings::defaults()?.smtp;
        smtp.url = url.parse()?;
        Ok(Relay::from_settings(&smtp)?)
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
