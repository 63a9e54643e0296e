//! What each page shows.

mod archive;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use archive::*;

use crate::domain::{CountrySet, Frequency, Language, Newsletter, Slug, WrongByNewsletter};
use crate::subscribe::ConsentAuditReport;
use crate::texts::language_name;

use super::FieldGroup;

/// The sign-up form, fresh or with what is to be mended.
#[derive(Debug, Clone, Serialize)]
pub struct Subscribe<'a> {
    /// The newsletter it signs up for.
    pub newsletter: NewsletterCard<'a>,
    /// Where the form goes.
    pub action: &'a str,
    /// Where a form of another site sends people afterwards; may be empty.
    pub return_to: &'a str,
    /// All the newsletters of the house, to be ticked; empty where there is only one.
    pub letters: Vec<NewsletterOption<'a>>,
    /// What the visitor typed.
    pub email: &'a str,
    /// The countries that are ticked.
    pub countries: CountrySet,
    /// How often letters are to come.
    pub frequency: Frequency,
    /// What the newsletters ask besides.
    pub fields: Vec<FieldGroup<'a>>,
    /// Whether the consent is ticked. Never so on a fresh form.
    pub consent: bool,
    /// What is wrong with it.
    pub errors: SubscribeErrors<'a>,
    /// What it carries against programs.
    pub guard: &'a Guard,
}

/// What a form carries against programs that fill it in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Guard {
    /// When it was shown, signed.
    pub stamp: String,
    /// When its visitor began to wait, signed; empty where nobody does.
    pub wait: String,
    /// For how many more seconds.
    pub seconds: u64,
    /// Whether the browser is to work when the form is sent.
    pub work: bool,
    /// Why the button has to be pressed once more: the key of a text.
    pub again: Option<&'static str>,
}

impl Guard {
    /// With a stamp alone.
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
    /// The heading; also named in the consent.
    pub title: &'a str,
    /// One sentence; the page has one of its own when it is empty.
    pub description: &'a str,
    /// The language it is written in, and the description too.
    pub language: Language,
    /// That language by its own name.
    pub language_name: String,
    /// The full address of its form without a language; none where only those who were told of it
    /// are to find it.
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

/// Keys of the texts that stand beside the fields, such as `address-missing`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SubscribeErrors<'a> {
    /// Beside the address: the code of an `AddressError`.
    pub email: Option<&'a str>,
    /// Beside the newsletters: `letters-missing`.
    pub letters: Option<&'a str>,
    /// Beside the countries: `country-unknown`.
    pub countries: Option<&'a str>,
    /// Beside how often: `frequency-unknown`.
    pub frequency: Option<&'a str>,
    /// Beside the consent: `consent-missing`.
    pub consent: Option<&'a str>,
    /// Beside what the newsletters ask, where [`FieldGroup`] shows it.
    #[serde(skip)]
    pub answers: WrongByNewsletter,
    /// Too many sign-ups: in how many minutes to try again.
    pub limited_minutes: Option<u64>,
}

/// After the form: the same page whatever was known of the address.
#[derive(Debug, Clone, Serialize)]
pub struct Accepted<'a> {
    /// The address as it was typed.
    pub email: &'a str,
}

/// One button that confirms.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm<'a> {
    /// What is about to be confirmed.
    pub newsletter_title: &'a str,
    /// All of it, where it is several newsletters.
    pub several: Vec<NewsletterOption<'a>>,
    /// Where the other button posts to.
    pub decline_href: &'a str,
}

/// After "this was not me".
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NotMe {
    /// Whether nobody can have further requests sent to the address, for a time.
    pub silenced: bool,
}

/// After the button, and after every further press of it.
#[derive(Debug, Clone, Serialize)]
pub struct Confirmed<'a> {
    /// What was confirmed.
    pub newsletter_title: &'a str,
    /// All of it, where it is several newsletters.
    pub several: Vec<NewsletterOption<'a>>,
    /// The reader's own preferences page.
    pub preferences_href: &'a str,
}

/// A link that opens nothing, and the way on.
#[derive(Debug, Clone, Serialize)]
pub struct LinkInvalid {
    /// What is wrong with it.
    pub why: LinkFault,
}

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkFault {
    /// Genuine but too old.
    Expired,
    /// Genuine, but what it was for has ended or was replaced.
    Gone,
    /// Incomplete, or not ours.
    Forged,
}

/// One button that unsubscribes.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribe<'a> {
    /// What is about to end.
    pub newsletter_title: &'a str,
    /// For those who only want something changed.
    pub preferences_href: &'a str,
}

/// Goodbye, and the way back.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribed<'a> {
    /// What has ended.
    pub newsletter_title: &'a str,
    /// The page that mails a link to what is still held; none once that was erased.
    pub data_href: Option<String>,
}

/// A reader's choices. Posts `letters`, `countries`, `frequency`, `language`, `pause` and
/// `pause_date` and what [`FieldGroup`] asks, or `resume` alone, to its own address.
#[derive(Debug, Clone, Serialize)]
pub struct Preferences<'a> {
    /// Of which newsletter.
    pub newsletter_title: &'a str,
    /// For which address.
    pub email: &'a str,
    /// All the newsletters of the house, to be ticked; empty where there is only one.
    pub letters: Vec<NewsletterOption<'a>>,
    /// The countries followed.
    pub countries: CountrySet,
    /// How often letters come.
    pub frequency: Frequency,
    /// What the newsletters ask besides.
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

/// A pause that lasts, and another to choose.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct PauseChoice<'a> {
    /// The day on which letters come again, while it lasts.
    pub until: Option<Date>,
    /// What is chosen: nothing, `2` or `4` weeks, or `date`.
    pub chosen: &'a str,
    /// The day that was typed.
    pub date: &'a str,
    /// The first day that can be chosen.
    pub first: Date,
    /// The last.
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

/// Something that cannot be done.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// The status of the answer.
    pub status: u16,
    /// In words.
    pub problem: Problem,
}

/// What went wrong, as far as a visitor needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
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
        let problem = match status {
            404 | 410 => Problem::NotFound,
            405 => Problem::MethodNotAllowed,
            413 => Problem::PayloadTooLarge,
            415 => Problem::UnsupportedMediaType,
            429 => Problem::TooManyRequests,
            503 => Problem::Unavailable,
            400..=499 => Problem::BadRequest,
            _ => Problem::Internal,
        };
        Self { status, problem }
    }
}

/// The mails that the demo has caught, the latest first.
#[derive(Debug, Clone, Serialize)]
pub struct Mailbox<'a> {
    /// The list.
    pub mails: Vec<CaughtMail<'a>>,
}

/// A caught mail.
#[derive(Debug, Clone, Serialize)]
pub struct CaughtMail<'a> {
    /// Its page, `/mailbox/{id}`.
    pub href: String,
    /// The From header.
    pub from: &'a str,
    /// The To header.
    pub to: &'a str,
    /// The Subject header, decoded.
    pub subject: &'a str,
    /// When it arrived, RFC 3339.
    pub received: &'a str,
}

/// A caught mail, opened. Its HTML is framed from `{href}/html`.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxMail<'a> {
    /// Which.
    pub mail: CaughtMail<'a>,
    /// The views that it has.
    pub views: &'a [MailView],
    /// The one shown: `?view=` in the address.
    pub view: MailView,
    /// The plain part.
    pub text: &'a str,
    /// The header lines as they came.
    pub headers: &'a str,
}

/// A way to look at a caught mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailView {
    /// The HTML part, in a sandboxed frame.
    Html,
    /// The plain part.
    Text,
    /// The header lines.
    Headers,
}

/// Whether the record of consent is intact; without a report, the form that asks.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentAudit<'a> {
    /// What was found.
    pub report: Option<ConsentAuditReport>,
    /// The token does not belong to an owner.
    pub token_wrong: bool,
    /// The noted end is none.
    pub noted_wrong: bool,
    /// The noted end as it was typed.
    pub noted: &'a str,
}
