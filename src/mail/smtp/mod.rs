//! The connection to a relay: TLS, AUTH, pipelining, and what a reply means.

mod connection;
mod final_dot_gate;
mod relay;
mod relays;
mod reply_class;
mod tls;
pub(super) mod wire;

pub use connection::{Connection, Opened, Outgoing};
pub use relay::{Relay, RelayError};
pub use relays::Relays;
