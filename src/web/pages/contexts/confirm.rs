//! The pages behind the link of a confirmation mail.

use serde::Serialize;

use super::NewsletterOption;
use crate::domain::{CountrySet, Frequency, Language};
use crate::subscribe::DeclineUndo;

/// The page with the button that confirms.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm<'a> {
    /// The title of the newsletter to be confirmed.
    pub newsletter_title: &'a str,
    /// All newsletters, when there are several.
    pub several: Vec<NewsletterOption<'a>>,
    /// The URL of the button that confirms: the page is at that of the other button too.
    pub confirm_href: &'a str,
    /// The URL of the decline button.
    pub decline_href: &'a str,
}

/// The page of a link for which a later mail has another one.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ConfirmSuperseded<'a> {
    /// The URL of the decline button.
    pub decline_href: &'a str,
}

/// The page after "this was not me".
#[derive(Debug, Clone, Default, Serialize)]
pub struct NotMe {
    /// Whether further sign-ups send no mail to the address for a time.
    pub silenced: bool,
    /// What takes that back, where it may have been a slip.
    pub undo: Option<DeclineUndo>,
    /// The slug of the newsletter whose form comes after that.
    pub newsletter: String,
    /// Whether it was about a change of address: after that comes no form.
    pub of_change: bool,
}

/// The page after it was taken back, where it was about a change of address.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NotMeUndone {}

/// The page after the confirmation, however often it is confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct Confirmed<'a> {
    /// The title of the confirmed newsletter.
    pub newsletter_title: &'a str,
    /// All newsletters, when there are several.
    pub several: Vec<NewsletterOption<'a>>,
    /// The latest issue of each of them that has one.
    pub latest: Vec<LatestIssue>,
    /// The countries followed; None where they are not asked.
    pub countries: Option<CountrySet>,
    /// How often mails come.
    pub frequency: Frequency,
    /// The reader's own preferences page, to which the form posts.
    pub preferences_href: &'a str,
}

/// An issue to read at once.
#[derive(Debug, Clone, Serialize)]
pub struct LatestIssue {
    /// Its page.
    pub href: String,
    /// Its subject.
    pub subject: String,
    /// The language it is written in.
    pub language: Language,
}
