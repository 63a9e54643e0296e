//! Who may use the API.

pub mod token;
