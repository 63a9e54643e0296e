//! Access to the API.

pub mod token;
