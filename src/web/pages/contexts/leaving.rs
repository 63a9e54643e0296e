//! The content of the pages about unsubscribing.

use serde::Serialize;

use super::NewsletterOption;

/// The page with the button that unsubscribes.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribe<'a> {
    /// The title of the newsletter.
    pub newsletter_title: &'a str,
    /// What else the reader receives.
    pub several: Vec<NewsletterOption<'a>>,
    /// The preferences page, for those who only want a change.
    pub preferences_href: &'a str,
}

/// The page after unsubscribing.
#[derive(Debug, Clone, Serialize)]
pub struct Unsubscribed<'a> {
    /// The title of the newsletter.
    pub newsletter_title: &'a str,
    /// What the reader left, where it was several by name.
    pub ended: Vec<NewsletterOption<'a>>,
    /// How it ended.
    pub how: LeftHow,
    /// What the reader still receives.
    pub several: Vec<NewsletterOption<'a>>,
    /// Where a button takes it back; empty when there is nothing to take back.
    pub undo_href: &'a str,
    /// The page that mails a link to the data that is still stored; None after an erasure.
    pub data_href: Option<String>,
}

/// How a subscription ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LeftHow {
    /// The reader left it.
    One,
    /// The reader left every newsletter at once.
    All,
    /// Otherwise: erased, suppressed, or its mailbox is gone.
    Ended,
}

/// The page after an unsubscription was taken back.
#[derive(Debug, Clone, Serialize)]
pub struct Undone<'a> {
    /// What the reader receives again.
    pub several: Vec<NewsletterOption<'a>>,
    /// The preferences page.
    pub preferences_href: &'a str,
}
