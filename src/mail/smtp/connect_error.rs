//! A relay that cannot be used, and what to do about it.

use super::channel::Lost;
use crate::domain::{Reply, Verdict};

/// A relay that cannot be used, and why.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RelayError {
    /// The setting makes no sense.
    #[error("setting `{0}`: {1}")]
    Setting(String, String),
    /// An operator has paused every relay: nothing was tried.
    #[error("every relay is paused; `xabar relay resume` ends that")]
    Paused,
    /// No connection, no TLS, or no admission: no mail was begun.
    #[error("the relay {relay} cannot be used: {why}")]
    Unusable {
        /// Host and port.
        relay: String,
        /// What it or the network said, and what can be done.
        why: String,
        /// How far the connection came.
        phase: ConnectPhase,
        /// The reply with which it refused, if one came.
        said: Option<Reply>,
        /// Whether it refuses user or password, and may lock out who comes with them again and again.
        refuses_login: bool,
    },
    /// It has refused user or password a short time ago: nothing was tried.
    #[error("{0}; it is tried again after some minutes")]
    Resting(Box<RelayError>),
}

impl RelayError {
    /// What this means for a mail that was to go over the relay: it was not tried.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Paused => Verdict::PutBack,
            _ => Verdict::NotTried(self.reply()),
        }
    }
}

impl RelayError {
    /// Whether the relay may have enough connections of ours, rather than being out of order.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            // A greeting that does not come is how some servers refuse a surplus connection.
            Self::Unusable { said, phase, .. } => {
                said.as_ref().is_some_and(Reply::asks_for_less) || *phase == ConnectPhase::Greeting
            }
            Self::Setting(..) | Self::Paused | Self::Resting(_) => false,
        }
    }

    /// Whether the relay was asked, and refuses user or password.
    #[must_use]
    pub fn is_refused_sign_in(&self) -> bool {
        matches!(self, Self::Unusable { refuses_login, .. } if *refuses_login)
    }

    /// Our words in place of a reply.
    #[must_use]
    pub fn reply(&self) -> Reply {
        Reply::new(0, &self.to_string())
    }

    /// What the relay said; our words if it said nothing.
    #[must_use]
    pub fn said(&self) -> Reply {
        match self {
            Self::Unusable {
                said: Some(reply), ..
            } => reply.clone(),
            _ => self.reply(),
        }
    }
}

/// How far a connection came before it could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectPhase {
    /// Its name, or TCP.
    Network,
    /// The greeting, EHLO or HELO.
    Greeting,
    /// STARTTLS, TLS, or its certificate.
    Tls,
    /// AUTH.
    Login,
}

/// Why there is no connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ConnectError {
    pub(crate) phase: ConnectPhase,
    pub(crate) why: String,
    pub(crate) said: Option<Reply>,
    pub(crate) refuses_login: bool,
}

impl ConnectError {
    /// In our own words.
    pub(crate) fn new(phase: ConnectPhase, why: impl Into<String>) -> Self {
        Self {
            phase,
            why: why.into(),
            said: None,
            refuses_login: false,
        }
    }

    /// The relay refused something with this reply.
    pub(crate) fn refused(phase: ConnectPhase, what: &str, reply: &Reply) -> Self {
        Self {
            phase,
            why: format!("{what}: {}", in_words(reply)),
            said: Some(reply.clone()),
            refuses_login: false,
        }
    }

    /// No reply came.
    pub(crate) fn lost(phase: ConnectPhase, Lost(why): Lost) -> Self {
        Self::new(phase, why)
    }
}

/// A reply as the relay said it.
pub(crate) fn in_words(reply: &Reply) -> String {
    format!("{} {}", reply.code, reply.text)
        .trim_end()
        .to_owned()
}
