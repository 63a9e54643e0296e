//! How a relay's address asks for TLS, and who is believed.

use std::net::IpAddr;
use std::path::Path;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use url::Url;

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

/// Believes the authorities of the system, and those in the file.
pub(crate) fn trust(host: &str, file: &Path) -> Result<TlsParameters, Wrong> {
    let bad = |why: &dyn std::fmt::Display| Wrong {
        setting: "trusted_certificates",
        why: why.to_string(),
    };
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

/// Whether the name is that of this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The text behind its escapes, if it is UTF-8.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    // The url crate decodes pairs of a query; a password is one such value.
    let query = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
}
