//! The connection to a relay: TLS, AUTH, pipelining, and what a reply means.
//!
//! From the socket upwards: [`channel`] reads [`reply`]s and writes, [`handshake`] is let in by
//! [`tls`] and [`auth`], and a [`Connection`] carries mails.

mod auth;
mod backlog;
mod channel;
mod connect_error;
mod connection;
pub(super) mod dots;
mod extensions;
mod handshake;
mod outage;
mod pipelining;
mod relay;
mod relays;
mod reply;
mod rest;
mod return_path;
#[cfg(test)]
mod scripted_relay;
mod sender_check;
mod session_limit;
mod tcp;
mod tls;
mod wire;

pub use connect_error::{ConnectPhase, RelayError};
pub use connection::{Connection, Opened, Outgoing, SessionEnd};
pub use outage::OutageOver;
pub use relay::Relay;
pub use relays::Relays;
pub use reply::Step;
pub use sender_check::Examined;
pub(crate) use tls::is_loopback;
