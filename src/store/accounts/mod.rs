//! Access to the API.

pub mod idempotency_key;
pub mod token;
