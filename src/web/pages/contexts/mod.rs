//! The content of each page.

mod address;
mod archive;
mod confirm;
mod dead_link;
mod desk_error;
mod desk_sign_in;
mod leaving;
mod mailbox;

use jiff::civil::Date;
use serde::Serialize;

pub use address::*;
pub use archive::*;
pub use confirm::*;
pub use dead_link::*;
pub use desk_error::*;
pub use desk_sign_in::*;
pub use leaving::*;
pub use mailbox::*;

use crate::config::SignupLimits;
use crate::domain::{CountrySet, Frequency, Language, Newsletter, Slug, WrongByNewsletter};
use crate::subscribe::ConsentAuditReport;
use crate::texts::language_name;

use super::FieldGroup;

/// The sign-up form, empty or with errors.
#[derive(Debug, Clone, Serialize)]
pub struct Subscribe<'a> {
    /// The newsletter it signs up for.
    pub newsletter: NewsletterCard<'a>,
    /// The URL to which the form is sent.
    pub action: &'a str,
    /// The URL to which a form on another site returns afterwards; may be empty.
    pub return_to: &'a str,
    /// The newsletters that can be ticked; empty on the form of one newsletter.
    pub newsletters: Vec<NewsletterOption<'a>>,
    /// The form on which further newsletters can be ticked; empty when there is none.
    pub others_href: String,
    /// Whether only the newsletters' fields are asked, as everything else is right.
    pub questions: bool,
    /// The address that the visitor typed.
    pub email: &'a str,
    /// The countries that are ticked; None where they are not asked, as in safety mode everybody gets everything.
    pub countries: Option<CountrySet>,
    /// How often mails come.
    pub frequency: Frequency,
    /// The fields of the newsletters.
    pub fields: Vec<FieldGroup<'a>>,
    /// Whether the consent box is ticked; never on an empty form.
    pub consent: bool,
    /// The errors beside its fields.
    pub errors: SubscribeErrors<'a>,
    /// Its protection against programs.
    pub guard: &'a FormGuard,
}

/// The hidden fields of a form that protect it against programs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FormGuard {
    /// When it was shown, signed.
    pub stamp: String,
    /// When its visitor began to wait, signed; empty when nobody has to.
    pub wait: String,
    /// How many more seconds to wait.
    pub seconds: u64,
    /// Whether the browser solves a proof of work when the form is sent.
    pub work: bool,
    /// Why the button has to be pressed again: the key of a text.
    pub again: Option<&'static str>,
}

impl FormGuard {
    /// One with a stamp only.
    #[must_use]
    pub fn stamped(stamp: String) -> Self {
        Self {
            stamp,
            ..Self::default()
        }
    }
}

/// A newsletter as the sign-up page presents it.
#[derive(Debug, Clone, Serialize)]
pub struct NewsletterCard<'a> {
    /// Sent along with the form.
    pub slug: &'a Slug,
    /// The heading; also part of the consent wording.
    pub title: &'a str,
    /// One sentence; when it is empty, the page shows a general one.
    pub description: &'a str,
    /// The language it is written in, and the description too.
    pub language: Language,
    /// That language by its own name.
    pub language_name: String,
    /// The URL of its form without a language; None for a private newsletter.
    pub public_url: Option<&'a str>,
}

/// A newsletter that can be ticked.
#[derive(Debug, Clone, Serialize)]
pub struct NewsletterOption<'a> {
    /// Sent along with the form.
    pub slug: &'a Slug,
    /// Its title.
    pub title: &'a str,
    /// The language it is written in.
    pub language: Language,
    /// That language by its own name.
    pub language_name: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

impl<'a> NewsletterOption<'a> {
    /// The choice of a newsletter.
    #[must_use]
    pub fn new(newsletter: &'a Newsletter, chosen: bool) -> Self {
        Self {
            slug: &newsletter.slug,
            title: &newsletter.title,
            language: newsletter.language,
            language_name: language_name(newsletter.language),
            chosen,
        }
    }
}

/// The keys of the error texts beside the fields, such as `address-missing`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscribeErrors<'a> {
    /// Beside the address.
    pub email: Option<AddressFault>,
    /// Beside the newsletters: `letters-missing`.
    pub newsletters: Option<&'a str>,
    /// Beside the countries: `country-unknown`.
    pub countries: Option<&'a str>,
    /// Beside the frequency: `frequency-unknown`.
    pub frequency: Option<&'a str>,
    /// Beside the consent: `consent-missing`.
    pub consent: Option<&'a str>,
    /// Beside the newsletters' fields, where [`FieldGroup`] shows them.
    #[serde(skip)]
    pub answers: WrongByNewsletter,
    /// Too many sign-ups: in how many minutes to try again.
    pub limited_minutes: Option<u64>,
    /// A newsletter has fields that were not on the form yet.
    #[serde(skip)]
    pub fields_missing: bool,
}

impl SubscribeErrors<'_> {
    /// Whether nothing is wrong or missing but answers to the newsletters' fields.
    #[must_use]
    pub fn asks_questions_alone(&self) -> bool {
        let others = [
            self.newsletters,
            self.countries,
            self.frequency,
            self.consent,
        ];
        let asks = self.fields_missing || !self.answers.is_empty();
        asks && self.email.is_none() && others.iter().all(Option::is_none)
    }
}

/// How many confirmation mails one address gets; 0 is no limit.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct AddressLimits {
    /// In 15 minutes.
    pub in_15_minutes: i64,
    /// In 24 hours.
    pub a_day: i64,
}

impl AddressLimits {
    /// Those of the settings.
    #[must_use]
    pub const fn of(limits: &SignupLimits) -> Self {
        Self {
            in_15_minutes: limits.mails_per_15_minutes,
            a_day: limits.mails_per_day,
        }
    }
}

/// The page after the form: the same whatever is known of the address.
#[derive(Debug, Clone, Serialize)]
pub struct Accepted<'a> {
    /// The address as typed.
    pub email: &'a str,
    /// The name of the mail's sender.
    pub sender: &'a str,
    /// The sender's address.
    pub sender_address: String,
    /// The subject of the mail.
    pub subject: String,
    /// The URL to which the form was sent, and is sent again.
    pub action: &'a str,
    /// The fields of the form: their names and values.
    pub typed: &'a [(String, String)],
    /// The protection of the form that is sent again.
    pub guard: &'a FormGuard,
    /// Whether the mails are in the demo's mailbox.
    pub mailbox: bool,
    /// How many such mails the address gets.
    pub limits: AddressLimits,
}

/// The preferences. Posts `letters`, `countries`, `frequency`, `language`, `pause` and
/// `pause_date` and the fields of each [`FieldGroup`], or `resume` alone, to its own address.
#[derive(Debug, Clone, Serialize)]
pub struct Preferences<'a> {
    /// The title of the link's newsletter.
    pub newsletter_title: &'a str,
    /// The address, masked; None behind a link that was mailed to an earlier one.
    pub email: Option<String>,
    /// The newsletters that can be ticked; empty when there is only one.
    pub newsletters: Vec<NewsletterOption<'a>>,
    /// The countries followed; None where they are not asked.
    pub countries: Option<CountrySet>,
    /// How often mails come.
    pub frequency: Frequency,
    /// The fields of the newsletters.
    pub fields: Vec<FieldGroup<'a>>,
    /// The language chosen.
    pub language: Language,
    /// The languages to choose from.
    pub languages: Vec<LanguageChoice>,
    /// The pause.
    pub pause: PauseChoice<'a>,
    /// Whether changes were just saved.
    pub saved: bool,
    /// The page with the unsubscribe button.
    pub unsubscribe_href: &'a str,
    /// The page that mails a link to the reader's own data.
    pub data_href: &'a str,
}

/// The current pause, and the choice of another.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PauseChoice<'a> {
    /// The day on which mails come again; None without a pause.
    pub until: Option<Date>,
    /// The choice: empty, `2` or `4` weeks, or `date`.
    pub chosen: &'a str,
    /// The day that was typed.
    pub date: &'a str,
    /// The first day that can be chosen.
    pub first: Date,
    /// The last day that can be chosen.
    pub last: Date,
    /// What is wrong with the day: the key of a text.
    pub error: Option<&'a str>,
}

/// A language by its own name.
#[derive(Debug, Clone, Serialize)]
pub struct LanguageChoice {
    code: Language,
    name: String,
}

impl LanguageChoice {
    /// All of them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let choice = |language: &Language| Self {
            code: *language,
            name: language_name(*language),
        };
        Language::ALL.iter().map(choice).collect()
    }
}

/// The page for an error.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// The status of the answer.
    pub status: u16,
    /// Which texts it shows.
    pub notice: PageNotice,
    /// For what was not found: the field to search in the archive.
    pub search: SearchField<'static>,
}

/// The kind of error that is explained to the visitor; part of the keys of its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageNotice {
    /// 400 and 422.
    BadRequest,
    /// 404 and 410.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 413.
    PayloadTooLarge,
    /// 415.
    UnsupportedMediaType,
    /// 429.
    TooManyRequests,
    /// 503.
    Unavailable,
    /// Everything else.
    Internal,
}

impl ErrorPage {
    /// The page for a status.
    #[must_use]
    pub const fn of(status: u16) -> Self {
        let notice = match status {
            404 | 410 => PageNotice::NotFound,
            405 => PageNotice::MethodNotAllowed,
            413 => PageNotice::PayloadTooLarge,
            415 => PageNotice::UnsupportedMediaType,
            429 => PageNotice::TooManyRequests,
            503 => PageNotice::Unavailable,
            400..=499 => PageNotice::BadRequest,
            _ => PageNotice::Internal,
        };
        let search = SearchField {
            newsletter: "",
            typed: "",
        };
        Self {
            status,
            notice,
            search,
        }
    }
}

/// The consent audit; without a report, its form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentAudit<'a> {
    /// The result.
    pub report: Option<ConsentAuditReport>,
    /// The token is not an owner's.
    pub token_wrong: bool,
    /// The noted end is not valid.
    pub noted_wrong: bool,
    /// The noted end as typed.
    pub noted: &'a str,
}
