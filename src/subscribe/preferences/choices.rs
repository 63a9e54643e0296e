//! What the preferences form says.

use jiff::Timestamp;

use super::NewsletterPreference;
use crate::domain::{AnswersByNewsletter, Chosen, CountrySet, Frequency, Language, Slug};

/// What a person chooses. It applies to every subscription of the person; what is None stays
/// as it is.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The language of pages and transactional mails.
    pub language: Option<Language>,
    /// The countries to follow.
    pub countries: Option<CountrySet>,
    /// How often issues come.
    pub frequency: Option<Frequency>,
    /// The newsletters to be subscribed to.
    pub newsletters: Option<Vec<Slug>>,
    /// Until when nothing is sent.
    pub pause: Option<Pause>,
    /// The answers to the fields of newsletters.
    pub answers: AnswersByNewsletter,
}

/// A change of the pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Send nothing before this time.
    Until(Timestamp),
    /// End the pause now.
    End,
}

impl Choices {
    /// Whether a newsletter is selected; None when the form offered no selection.
    #[must_use]
    pub fn selects(&self, preference: &NewsletterPreference) -> Option<bool> {
        let selected = self.newsletters.as_ref();
        selected.map(|slugs| slugs.contains(&preference.newsletter.slug))
    }

    /// These choices, completed by those `before`.
    pub(super) fn applied_to(&self, before: Chosen) -> Chosen {
        Chosen {
            language: self.language.unwrap_or(before.language),
            countries: self.countries.unwrap_or(before.countries),
            frequency: self.frequency.unwrap_or(before.frequency),
        }
    }

    /// The end of the pause after this change of one that ends at `before`.
    pub(super) fn paused_until(&self, before: Option<Timestamp>) -> Option<Timestamp> {
        match self.pause {
            Some(Pause::Until(until)) => Some(until),
            Some(Pause::End) => None,
            None => before,
        }
    }
}
