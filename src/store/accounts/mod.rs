//! Access to the API.

pub mod browser;
pub mod editor;
pub mod idempotency_key;
pub mod recovery_code;
pub mod session;
pub mod token;
