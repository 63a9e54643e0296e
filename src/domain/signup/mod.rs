//! A sign-up on its way, and the values by which it is checked for abuse.

mod client_network;
mod confirmation_rate;
mod disposable_domains;
mod form_timestamp;
mod protection_count;
mod request;
mod signup_trust;

pub use client_network::ClientNetwork;
pub use confirmation_rate::ConfirmationRate;
pub use disposable_domains::DisposableDomains;
pub use protection_count::{ProtectionCause, ProtectionCount};
pub use request::{MailRequest, RateLimited, SignupRequest};
pub use signup_trust::SignupTrust;
