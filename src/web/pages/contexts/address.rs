//! What is wrong with an address that was typed.

use serde::Serialize;

use crate::domain::AddressError;

/// The text beside an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AddressFault {
    /// The key of the text: the code of an [`AddressError`], or one of the domain.
    pub key: &'static str,
    /// The letter that the text names.
    pub letter: Option<char>,
    /// The alphabet of that letter, as in `cyrillic`.
    pub script: Option<&'static str>,
}

impl AddressFault {
    /// A text that names no letter.
    #[must_use]
    pub const fn of(key: &'static str) -> Self {
        Self {
            key,
            letter: None,
            script: None,
        }
    }
}

impl From<AddressError> for AddressFault {
    fn from(error: AddressError) -> Self {
        let mixed = error.mixed_letter();
        Self {
            key: error.code(),
            letter: mixed.map(|(letter, _)| letter),
            script: mixed.map(|(_, script)| script),
        }
    }
}
