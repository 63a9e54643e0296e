//! A subscriber: a person, known by an e-mail address.

mod address;

pub use address::{AddressError, EmailAddress, readable_address};
