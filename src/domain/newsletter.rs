//! A publication that readers sign up for.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{EmailAddress, Language, NewsletterId, Slug};

/// A newsletter as it is kept.
#[derive(Debug, Clone)]
pub struct Newsletter {
    /// Its identity.
    pub id: NewsletterId,
    /// Its name in addresses of pages and in the API.
    pub slug: Slug,
    /// Its name for people.
    pub title: String,
    /// One sentence for the sign-up page; may be empty.
    pub description: String,
    /// The language of its issues, and of its mails unless a reader chose another.
    pub language: Language,
    /// The name in the From header.
    pub sender_name: String,
    /// The address in the From header; its domain also receives bounces.
    pub sender_address: EmailAddress,
    /// Where answers go.
    pub reply_to: EmailAddress,
    /// Who sends this, from where: the legal notice at the foot of each mail.
    pub postal_address: String,
    /// The time zone in which schedules without an offset are meant.
    pub time_zone: TimeZone,
}

impl Newsletter {
    /// The day it is then, where the newsletter is made.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        self.time_zone.to_datetime(at).date()
    }

    /// The identifier of RFC 2919, without angle brackets.
    #[must_use]
    pub fn list_id(&self) -> String {
        format!("{}.{}", self.slug, self.sender_address.domain())
    }
}
