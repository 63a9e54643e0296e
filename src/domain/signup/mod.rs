//! What a sign-up is judged by before it is taken in.

mod confirmation_rate;
mod disposable_domains;
mod form_timestamp;
mod signup_trust;

pub use confirmation_rate::ConfirmationRate;
pub use disposable_domains::Disposable;
pub use signup_trust::SignupTrust;
