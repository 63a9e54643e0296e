//! Renders an issue as a mail, and as a page of the archive.

use jiff::civil::Date;
use serde::Serialize;

use super::digest_view::DigestView;
use super::templates::{Sender, render, render_mail};
use crate::domain::{CountrySet, IssueContent, Language, Newsletter};
use crate::mail::{RenderedMail, TemplateError};

/// The links in a mail, or placeholders for them. Each appears in the text and in the HTML exactly as given.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DigestLinks<'a> {
    /// The unsubscribe page.
    pub unsubscribe: &'a str,
    /// The preferences page.
    pub preferences: &'a str,
    /// The issue in the archive.
    pub web_view: &'a str,
    /// The newsletter's logo, if it has one.
    pub logo: Option<&'a str>,
}

/// What a mail shows about the issue besides its content.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DigestMeta {
    /// The day it is sent, in the newsletter's time zone.
    pub date: Date,
}

#[derive(Serialize)]
struct Context<'a> {
    newsletter: Sender<'a>,
    links: &'a DigestLinks<'a>,
    #[serde(flatten)]
    meta: &'a DigestMeta,
    #[serde(flatten)]
    view: DigestView<'a>,
    /// Gmail may show only its beginning.
    long: bool,
}

/// Octets of HTML behind which Gmail hides the rest of a mail. What it counts is not documented; this is what
/// senders measure.
pub const GMAIL_CLIPS_AT: usize = 102 * 1024;

/// Below the limit, as the values of a reader, such as links, are longer or shorter than their placeholders.
const LONG_HTML: usize = 95 * 1024;

/// Renders an issue as a mail for subscribers who follow these countries; the empty set follows all. One that is
/// so long that Gmail may hide its end has the unsubscribe link at its beginning too.
///
/// # Errors
/// When a built-in template fails.
pub fn render_digest(
    newsletter: &Newsletter,
    content: &IssueContent,
    followed: CountrySet,
    links: &DigestLinks<'_>,
    meta: &DigestMeta,
) -> Result<RenderedMail, TemplateError> {
    let mut context = Context {
        newsletter: Sender::new(newsletter, newsletter.language, links.logo),
        links,
        meta,
        view: DigestView::for_mail(newsletter, content, followed),
        long: false,
    };
    let mail = render_mail(newsletter.language, "digest", &context)?;
    if mail.html.len() < LONG_HTML {
        return Ok(mail);
    }
    context.long = true;
    render_mail(newsletter.language, "digest", &context)
}

/// Renders the parts of an issue for the archive: HTML for inside a page, without anything personal.
///
/// # Errors
/// When a built-in template fails.
pub fn render_digest_web(
    newsletter: &Newsletter,
    content: &IssueContent,
) -> Result<String, TemplateError> {
    let view = DigestView::arrange(newsletter.language, content, CountrySet::default());
    render(newsletter.language, "digest/web.html", &view)
}

/// An issue that is included in another mail.
#[derive(Debug, Clone, Serialize)]
pub struct EnclosedIssue<'a> {
    subject: &'a str,
    language: Language,
    date: Date,
    url: Option<String>,
    view: DigestView<'a>,
}

impl<'a> EnclosedIssue<'a> {
    /// An issue as subscribers get it who follow these countries. It was sent on `date`; `url` is its public
    /// page, if it has one.
    #[must_use]
    pub fn new(
        newsletter: &Newsletter,
        content: &'a IssueContent,
        followed: CountrySet,
        date: Date,
        url: Option<String>,
    ) -> Self {
        Self {
            subject: &content.subject,
            language: newsletter.language,
            date,
            url,
            view: DigestView::for_mail(newsletter, content, followed),
        }
    }
}
