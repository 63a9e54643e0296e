//! Where the service listens.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::de::{self, IntoDeserializer};
use serde::{Deserialize, Deserializer};

/// An address and port, or a Unix socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenAddress {
    /// As in `127.0.0.1:8080`.
    Tcp(SocketAddr),
    /// As in `unix:/run/xabar/http.sock`.
    Unix(PathBuf),
}

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// `[metrics]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Monitoring {
    #[serde(deserialize_with = "address_if_any")]
    pub listen: Option<ListenAddress>,
}

/// An empty text is no address.
fn address_if_any<'de, D: Deserializer<'de>>(given: D) -> Result<Option<ListenAddress>, D::Error> {
    let text = String::deserialize(given)?;
    match text.as_str() {
        "" => Ok(None),
        _ => ListenAddress::deserialize(text.into_deserializer()).map(Some),
    }
}

impl<'de> Deserialize<'de> for ListenAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some(path) = text.strip_prefix("unix:") {
            return match Path::new(path).is_absolute() {
                true => Ok(Self::Unix(path.into())),
                false => Err(de::Error::custom(
                    "a Unix socket needs its whole path, as in unix:/run/xabar/http.sock",
                )),
            };
        }
        text.parse().map(Self::Tcp).map_err(|_| {
            de::Error::custom(format!(
                "`{text}` is neither an address and port, as in 127.0.0.1:8080 or [::1]:8080, nor a Unix \
                 socket, as in unix:/run/xabar/http.sock"
            ))
        })
    }
}
