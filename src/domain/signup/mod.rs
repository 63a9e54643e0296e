//! A sign-up on its way, and the values by which it is checked for abuse.

mod confirmation_rate;
mod disposable_domains;
mod form_timestamp;
mod request;
mod signup_trust;

pub use confirmation_rate::ConfirmationRate;
pub use disposable_domains::DisposableDomains;
pub use request::{RateLimited, SignupRequest};
pub use signup_trust::SignupTrust;
