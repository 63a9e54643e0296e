//! The values by which a sign-up is checked for abuse.

mod confirmation_rate;
mod disposable_domains;
mod form_timestamp;
mod signup_trust;

pub use confirmation_rate::ConfirmationRate;
pub use disposable_domains::DisposableDomains;
pub use signup_trust::SignupTrust;
