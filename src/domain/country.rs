//! The countries that articles are about and that readers follow.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text_enum::text_enum;

text_enum! {
    /// One of the five countries, or the region as a whole.
    #[derive(PartialOrd, Ord)]
    pub enum Country as "country" {
        /// Kazakhstan.
        Kazakhstan = "kz",
        /// Kyrgyzstan.
        Kyrgyzstan = "kg",
        /// Uzbekistan.
        Uzbekistan = "uz",
        /// Tajikistan.
        Tajikistan = "tj",
        /// Turkmenistan.
        Turkmenistan = "tm",
        /// The region as a whole.
        Region = "region",
    }
}

/// A code that names no country of the region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a country of the region; use kz, kg, uz, tj, tm or region")]
pub struct UnknownCountry(pub String);

/// A set of countries. The empty set means "no preference", that is, all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CountrySet(u8);

impl CountrySet {
    /// Reads codes separated by commas; case and spaces do not matter.
    ///
    /// # Errors
    /// Names the first code that is not known.
    pub fn parse(text: &str) -> Result<Self, UnknownCountry> {
        Self::from_codes(text.split(','))
    }

    /// Reads a sequence of codes; empty ones are passed over.
    ///
    /// # Errors
    /// Names the first code that is not known.
    pub fn from_codes<'a>(
        codes: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, UnknownCountry> {
        let mut set = Self::default();
        for code in codes {
            let code = code.trim().to_ascii_lowercase();
            if !code.is_empty() {
                let unknown = || UnknownCountry(code.chars().take(40).collect());
                set.insert(code.parse().map_err(|_| unknown())?);
            }
        }
        Ok(set)
    }

    /// Adds a country.
    pub fn insert(&mut self, country: Country) {
        self.0 |= 1 << country as u8;
    }

    /// Whether the country is in the set.
    #[must_use]
    pub fn contains(self, country: Country) -> bool {
        self.0 & (1 << country as u8) != 0
    }

    /// Whether nothing was chosen.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two sets share a country.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The countries, in the order of [`Country::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Country> {
        Country::ALL
            .iter()
            .copied()
            .filter(move |c| self.contains(*c))
    }
}

impl fmt::Display for CountrySet {
    /// The canonical form: codes in a fixed order, separated by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, country) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            f.write_str(country.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for CountrySet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for CountrySet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codes = Vec::<String>::deserialize(deserializer)?;
        Self::from_codes(codes.iter().map(String::as_str)).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::CountrySet;

    #[test]
    fn has_one_canonical_form() {
        let set = CountrySet::parse(" TM, kz,kz,region").map(|s| s.to_string());
        assert_eq!(set.as_deref(), Ok("kz,tm,region"));
    }

    #[test]
    fn names_what_it_does_not_know() {
        let error = CountrySet::parse("kz,fr").map_err(|e| e.0);
        assert_eq!(error, Err("fr".to_owned()));
    }
}
