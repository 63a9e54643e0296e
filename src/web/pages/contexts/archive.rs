//! What the pages of the archive show.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::domain::{ExcerptPart, Language};

/// The newsletters that everybody may read.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveHome<'a> {
    /// The full address of this page.
    pub canonical_url: &'a str,
    /// The field to search in all of them.
    pub search: SearchField<'a>,
    /// The oldest first.
    pub newsletters: Vec<ArchivedNewsletter<'a>>,
}

/// A newsletter in the list of them.
#[derive(Debug, Clone, Serialize)]
pub struct ArchivedNewsletter<'a> {
    /// Its title.
    pub title: &'a str,
    /// One sentence; may be empty.
    pub description: &'a str,
    /// The language it is written in.
    pub language: Language,
    /// That language by its own name.
    pub language_name: String,
    /// Its archive.
    pub href: String,
    /// Its Atom feed.
    pub feed_href: String,
}

/// The issues of a newsletter, a page at a time.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveIndex<'a> {
    /// Whose.
    pub newsletter_title: &'a str,
    /// The full address of this page.
    pub canonical_url: &'a str,
    /// Its Atom feed.
    pub feed_href: &'a str,
    /// The field to search in it.
    pub search: SearchField<'a>,
    /// The latest first.
    pub issues: Vec<ArchiveEntry<'a>>,
    /// Which page this is, from 1.
    pub number: i64,
    /// The page before, if there is one.
    pub newer_href: Option<String>,
    /// The page after, if there is one.
    pub older_href: Option<String>,
    /// The list of all newsletters, if there are several.
    pub home_href: Option<&'static str>,
}

/// One line of the archive.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveEntry<'a> {
    /// The issue's page.
    pub href: String,
    /// Its subject.
    pub subject: &'a str,
    /// The words beside it; may be empty.
    pub preheader: &'a str,
    /// The day it went out, in the newsletter's time zone.
    pub date: Date,
}

/// An issue in the archive.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveIssue<'a> {
    /// Of which newsletter.
    pub newsletter_title: &'a str,
    /// The language it is written in.
    pub language: Language,
    /// Its subject.
    pub subject: &'a str,
    /// The words beside it; may be empty.
    pub preheader: &'a str,
    /// The day it went out, in the newsletter's time zone.
    pub date: Date,
    /// When it went out.
    pub published_at: Timestamp,
    /// When it was corrected last, and the day of that.
    pub corrected: Option<(Timestamp, Date)>,
    /// The full address of this page; none where only readers of the newsletter are to find it.
    pub canonical_url: Option<&'a str>,
    /// The newsletter's Atom feed.
    pub feed_href: &'a str,
    /// A picture for those who share it, and what it shows.
    pub image: Option<(&'a str, &'a str)>,
    /// What `mail::render_digest_web` made of the issue: put in as it is.
    pub letter: &'a str,
}

/// Where to type what one looks for.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SearchField<'a> {
    /// The slug of the newsletter to search in; empty for all.
    pub newsletter: &'a str,
    /// What was typed.
    pub typed: &'a str,
}

/// What was found, a page at a time.
#[derive(Debug, Clone, Serialize)]
pub struct Search<'a> {
    /// What was looked for, and in which newsletter.
    pub search: SearchField<'a>,
    /// Whether there was anything to look for.
    pub asked: bool,
    /// The newest first.
    pub results: Vec<SearchResult<'a>>,
    /// The page before, if there is one.
    pub newer_href: Option<String>,
    /// The page after, if there is one.
    pub older_href: Option<String>,
    /// The same search in all newsletters, where it was in one of several.
    pub everywhere_href: Option<String>,
    /// Back to the archive.
    pub archive_href: String,
}

/// An issue that was found.
#[derive(Debug, Clone, Serialize)]
pub struct SearchResult<'a> {
    /// Its page.
    pub href: String,
    /// The title of its newsletter, where several were searched.
    pub newsletter_title: Option<&'a str>,
    /// The language it is written in.
    pub language: Language,
    /// The day it went out, in the newsletter's time zone.
    pub date: Date,
    /// Its subject, with the hits.
    pub subject: Vec<ExcerptPart<'a>>,
    /// The surroundings of the first hit.
    pub excerpt: Vec<ExcerptPart<'a>>,
}
