//! How a relay's address asks for TLS, and who is believed.

mod trust;

use std::net::IpAddr;

use rustls::{CertificateError, Error as TlsError};
use url::Url;

use trust::SelfSigned;
pub(crate) use trust::client_config;

/// A setting of a relay that makes no sense.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) setting: &'static str,
    pub(crate) why: String,
}

impl Wrong {
    pub(crate) fn in_url(why: &str) -> Self {
        Self {
            setting: "url",
            why: why.to_owned(),
        }
    }
}

/// When a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    None,
    Opportunistic,
    Required,
    Wrapped,
}

impl Tls {
    /// What the settings ask for; STARTTLS unless the relay is this machine.
    pub(crate) fn wanted(url: &Url, loopback: bool) -> Result<Self, Wrong> {
        let wish = url
            .query_pairs()
            .find(|(name, _)| name == "tls")
            .map(|(_, value)| value.into_owned());
        match (url.scheme(), wish.as_deref()) {
            ("smtps", None) => Ok(Self::Wrapped),
            ("smtp", None) if loopback => Ok(Self::None),
            ("smtp", None | Some("required")) => Ok(Self::Required),
            ("smtp", Some("opportunistic")) => Ok(Self::Opportunistic),
            ("smtp", Some("none")) => Ok(Self::None),
            _ => Err(Wrong::in_url(
                "use smtps://…, or smtp://… with tls=required, opportunistic or none",
            )),
        }
    }
}

/// Why TLS did not come about, in words that name the setting at `section`, as in `smtp`.
pub(crate) fn explain(error: &std::io::Error, host: &str, section: &str) -> String {
    let source = error.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(error) = source else {
        return format!("TLS failed: {error}");
    };
    let trust = format!("{section}.trusted_certificates");
    match error {
        TlsError::InvalidCertificate(why) => match why {
            CertificateError::Other(other) if other.0.is::<SelfSigned>() => format!(
                "its certificate is self-signed; if it is the right one, save it as PEM, name the \
                 file in {trust}, and restart, as it is read at the start"
            ),
            CertificateError::UnknownIssuer => format!(
                "its certificate was issued by an authority that this system does not know; name a \
                 file with that authority's certificate in {trust}, and restart"
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired; it needs a new one".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet; is this machine's clock right?".to_owned()
            }
            CertificateError::NotValidForName => format!(
                "its certificate is not for {host}; use the name that it is for in {section}.url"
            ),
            CertificateError::NotValidForNameContext { presented, .. } => format!(
                "its certificate is not for {host} but for {}; use that name in {section}.url",
                presented.join(", ")
            ),
            why => format!("its certificate cannot be believed: {why}"),
        },
        TlsError::InvalidMessage(_) => format!(
            "it does not speak TLS from the start; use smtp:// with its port for STARTTLS, such as \
             587, in {section}.url"
        ),
        error => format!("TLS failed: {error}"),
    }
}

/// Whether the name is that of this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
