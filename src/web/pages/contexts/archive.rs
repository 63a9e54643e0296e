//! The pages of the archive.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::domain::{ExcerptPart, Language};

/// The public newsletters.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveHome<'a> {
    /// The URL of this page.
    pub canonical_url: &'a str,
    /// The field to search in all of them.
    pub search: SearchField<'a>,
    /// The newsletters, the oldest first.
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
    /// The issue that went out last, if there is one.
    pub latest: Option<ArchiveEntry<'a>>,
}

/// The issues of a newsletter, a page at a time.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveIndex<'a> {
    /// The title of the newsletter.
    pub newsletter_title: &'a str,
    /// The URL of this page.
    pub canonical_url: &'a str,
    /// Its Atom feed.
    pub feed_href: &'a str,
    /// The field to search in it.
    pub search: SearchField<'a>,
    /// The issues, the latest first.
    pub issues: Vec<ArchiveEntry<'a>>,
    /// The number of this page, from 1.
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
    /// Its preheader; may be empty.
    pub preheader: &'a str,
    /// The day it went out, in the newsletter's time zone.
    pub date: Date,
}

/// An issue in the archive.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveIssue<'a> {
    /// The title of the newsletter.
    pub newsletter_title: &'a str,
    /// The language it is written in.
    pub language: Language,
    /// Its subject.
    pub subject: &'a str,
    /// Its preheader; may be empty.
    pub preheader: &'a str,
    /// The day it went out, in the newsletter's time zone.
    pub date: Date,
    /// When it went out.
    pub published_at: Timestamp,
    /// When it was last corrected, and the day.
    pub corrected: Option<(Timestamp, Date)>,
    /// The URL of this page; None when search engines must not index it.
    pub canonical_url: Option<&'a str>,
    /// What search engines read: JSON-LD of schema.org's `NewsArticle`, safe inside a script element.
    pub structured_data: String,
    /// Begins a mail with the link to this page.
    pub share_href: String,
    /// The issue before, if there is a public one.
    pub older: Option<NeighbourIssue>,
    /// The issue after, if there is a public one.
    pub newer: Option<NeighbourIssue>,
    /// For previews in social networks.
    pub image: Option<SocialImage<'a>>,
    /// The HTML from `mail::render_digest_web`, which the template does not escape.
    pub body_html: &'a str,
}

/// An issue whose page the newsletter has taken down.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct IssueGone<'a> {
    /// The title of the newsletter.
    pub newsletter_title: &'a str,
}

/// A picture that social networks show beside a link.
#[derive(Debug, Clone, Serialize)]
pub struct SocialImage<'a> {
    /// Its absolute URL.
    pub url: String,
    /// What it shows.
    pub alt: &'a str,
    /// Width and height in pixels of a picture that the service draws.
    pub drawn: Option<(u32, u32)>,
}

/// The issue before or after another.
#[derive(Debug, Clone, Serialize)]
pub struct NeighbourIssue {
    /// Its page.
    pub href: String,
    /// Its subject.
    pub subject: String,
}

/// The search field.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SearchField<'a> {
    /// The slug of the newsletter to search in; empty for all.
    pub newsletter: &'a str,
    /// What was typed.
    pub typed: &'a str,
}

/// The results of a search, a page at a time.
#[derive(Debug, Clone, Serialize)]
pub struct Search<'a> {
    /// The search field with the query.
    pub search: SearchField<'a>,
    /// Whether there was a query.
    pub searched: bool,
    /// The results, the newest first.
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

/// An issue in the results.
#[derive(Debug, Clone, Serialize)]
pub struct SearchResult<'a> {
    /// Its page.
    pub href: String,
    /// The title of its newsletter, when several were searched.
    pub newsletter_title: Option<&'a str>,
    /// The language it is written in.
    pub language: Language,
    /// The day it went out, in the newsletter's time zone.
    pub date: Date,
    /// Its subject, with the hits.
    pub subject: Vec<ExcerptPart<'a>>,
    /// The text around the first hit.
    pub excerpt: Vec<ExcerptPart<'a>>,
}
