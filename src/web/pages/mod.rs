//! The pages: one type for each page, with everything that its template shows.
//!
//! Every page works without JavaScript and under the content security policy of `web/headers.rs`. Only the form that
//! has the browser solve a proof of work and the demo's mailbox load a script; they work without it.

mod contexts;
mod fields;
mod my_data;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Serialize;

use crate::domain::Language;
use crate::texts::{TemplateError, Templates, language_name};

pub use contexts::*;
pub use fields::{FieldGroup, FieldGroupInput, TypedAnswers};
pub use my_data::*;

/// `page!("confirm.html")`: the name and the source.
macro_rules! page {
    ($name:literal) => {
        ($name, include_str!(concat!("../templates/", $name)))
    };
}

static TEMPLATES: LazyLock<Result<Templates, TemplateError>> = LazyLock::new(|| {
    let sources = [
        page!("base.html"),
        page!("_countries.html"),
        page!("_frequency.html"),
        page!("_newsletters.html"),
        page!("_several.html"),
        page!("_decline.html"),
        page!("_guard.html"),
        page!("_personalise.html"),
        page!("_questions.html"),
        page!("_fields.html"),
        page!("subscribe.html"),
        page!("accepted.html"),
        page!("confirm.html"),
        page!("confirmed.html"),
        page!("confirm_superseded.html"),
        page!("not_me.html"),
        page!("not_me_undone.html"),
        page!("link_invalid.html"),
        page!("unsubscribe.html"),
        page!("unsubscribed.html"),
        page!("undone.html"),
        page!("preferences.html"),
        page!("consent_audit.html"),
        page!("my_data_request.html"),
        page!("my_data_expired.html"),
        page!("my_data.html"),
        page!("new_address.html"),
        page!("erased.html"),
        page!("_search.html"),
        page!("_pager.html"),
        page!("archive_home.html"),
        page!("archive_index.html"),
        page!("archive_issue.html"),
        page!("archive_gone.html"),
        page!("search.html"),
        page!("snippet.html"),
        page!("snippet_frame.html"),
        page!("error.html"),
        page!("desk/_error.html"),
        page!("desk/error.html"),
        page!("desk/outside.html"),
        page!("desk/sign_in.html"),
        page!("desk/code.html"),
        page!("desk/forgot.html"),
        page!("desk/new_password.html"),
        page!("desk/link_invalid.html"),
        page!("demo_banner.html"),
        page!("demo_start.html"),
        page!("mailbox.html"),
        page!("mailbox_mail.html"),
    ];
    Templates::new(&sources, crate::web::static_files::add_to)
});

/// The stylesheet, to be served as `/static/site.css`.
pub const SITE_CSS: &str = include_str!("../static/site.css");

/// The mark in the form that browsers ask for by themselves.
pub const FAVICON_ICO: &[u8] = include_bytes!("../static/favicon.ico");
/// The mark for the home screen of a phone, 180 pixels wide.
pub const APPLE_TOUCH_ICON_PNG: &[u8] = include_bytes!("../static/apple-touch-icon.png");
/// The mark, to be served as `/static/mark.svg`.
pub const MARK_SVG: &str = include_str!("../static/mark.svg");

/// The script of a form that has the browser solve a proof of work, to be served as `/static/proof.js`.
pub const PROOF_JS: &str = include_str!("../static/proof.js");

/// The widget that this script loads, to be served as `/static/altcha.js`.
pub const ALTCHA_JS: &str = include_str!("../static/altcha/altcha.min.js");

/// The worker of the widget, to be served as `/static/altcha-worker.js`.
pub const ALTCHA_WORKER_JS: &str = include_str!("../static/altcha/pbkdf2.js");

/// The script that shows the mails of the demo's mailbox as they come.
pub const MAILBOX_JS: &str = include_str!("../static/mailbox.js");

/// The picture of the demo's sample issues.
pub const SAMPLE_PICTURE: &[u8] = include_bytes!("../static/karakoul.png");

/// The frame of every page: head, navigation and foot.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The visitor's language.
    pub language: Language,
    /// The title of the newsletter, or of the service where there is none.
    pub site_name: &'a str,
    /// The legal notice at the foot; may have several lines or none.
    pub imprint: &'a str,
    /// The sign-up page of this newsletter.
    pub subscribe_href: &'a str,
    /// Its archive; empty when it is private.
    pub archive_href: &'a str,
    /// The newsletter's own branding.
    pub branding: Branding<'a>,
    /// Whether it is in a frame on another site's page, without head and foot.
    pub embedded: bool,
    /// Path and query of this page without `lang`, for the language links;
    /// empty when the page is not available in other languages.
    pub here: &'a str,
}

/// The branding of a newsletter's pages. Empty values mean the default.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Branding<'a> {
    /// The stylesheet with its colours.
    pub theme_href: &'a str,
    /// Its logo.
    pub logo_href: &'a str,
    /// The width of the logo at [`LOGO_HEIGHT`], in pixels.
    pub logo_width: u32,
    /// Its imprint.
    pub imprint_url: &'a str,
    /// Its privacy notice.
    pub privacy_url: &'a str,
}

/// The height of a logo in the head of a page, in pixels.
pub const LOGO_HEIGHT: u32 = 40;

#[derive(Serialize)]
struct FrameView<'a> {
    embedded: bool,
    branding: Branding<'a>,
    site_name: &'a str,
    imprint: &'a str,
    subscribe_href: &'a str,
    archive_href: &'a str,
    feed_href: String,
    languages: Vec<LanguageLink>,
}

#[derive(Serialize)]
struct LanguageLink {
    code: &'static str,
    name: String,
    href: String,
    current: bool,
}

impl<'a> From<&Frame<'a>> for FrameView<'a> {
    fn from(frame: &Frame<'a>) -> Self {
        let separator = if frame.here.contains('?') { '&' } else { '?' };
        let link = |language: &Language| LanguageLink {
            code: language.as_str(),
            name: language_name(*language),
            href: format!("{}{separator}lang={language}", frame.here),
            current: *language == frame.language,
        };
        let offered = Language::ALL.iter().filter(|_| !frame.here.is_empty());
        Self {
            embedded: frame.embedded,
            branding: frame.branding,
            site_name: frame.site_name,
            imprint: frame.imprint,
            subscribe_href: frame.subscribe_href,
            archive_href: frame.archive_href,
            // Each newsletter has a feed, the list of newsletters has none.
            feed_href: match frame.archive_href {
                "" | "/archive" => String::new(),
                archive => format!("{archive}/feed.xml"),
            },
            languages: offered.map(link).collect(),
        }
    }
}

/// A page, and the template that shows it.
pub trait Page: Serialize {
    /// The file in `templates/`.
    const TEMPLATE: &'static str;
}

/// Renders a page in its frame.
///
/// # Errors
/// When a built-in template is broken.
pub fn render<P: Page>(frame: &Frame<'_>, page: &P) -> Result<String, TemplateError> {
    #[derive(Serialize)]
    struct Context<'a, P> {
        frame: FrameView<'a>,
        page: &'a P,
    }
    let context = Context {
        frame: FrameView::from(frame),
        page,
    };
    render_alone(frame.language, P::TEMPLATE, context)
}

/// What other sites paste.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SnippetView<'a> {
    /// The newsletter's slug.
    pub newsletter: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The URL to which the form is sent.
    pub action: &'a str,
    /// The page to be framed.
    pub frame: &'a str,
    /// The URL to which visitors return afterwards; may be empty.
    pub return_to: &'a str,
}

/// Renders a piece of HTML for the pages of other sites.
///
/// # Errors
/// When a built-in template is broken.
pub fn render_snippet(
    language: Language,
    template: &str,
    page: &SnippetView<'_>,
) -> Result<String, TemplateError> {
    #[derive(Serialize)]
    struct Context<'a> {
        page: &'a SnippetView<'a>,
    }
    render_alone(language, template, Context { page })
}

/// Renders the banner above the pages of a demo.
///
/// # Errors
/// When a built-in template is broken.
pub fn render_demo_banner(language: Language) -> Result<String, TemplateError> {
    render_alone(language, "demo_banner.html", ())
}

/// Renders an error of the desk as a part of a page.
///
/// # Errors
/// When a built-in template is broken.
pub fn render_desk_error(
    language: Language,
    page: &DeskErrorPage<'_>,
) -> Result<String, TemplateError> {
    #[derive(Serialize)]
    struct Context<'a> {
        page: &'a DeskErrorPage<'a>,
    }
    render_alone(language, "desk/_error.html", Context { page })
}

/// Renders a template that is no page.
fn render_alone(
    language: Language,
    template: &str,
    context: impl Serialize,
) -> Result<String, TemplateError> {
    match &*TEMPLATES {
        Ok(templates) => templates.render(language, template, context),
        Err(broken) => Err(TemplateError::BuiltIn(broken.to_string())),
    }
}

/// Ties page types to their templates.
macro_rules! pages {
    ($($page:ty => $template:literal,)+) => {
        $(impl Page for $page {
            const TEMPLATE: &'static str = $template;
        })+
        #[cfg(test)]
        const ALL_TEMPLATES: &[&str] = &[$($template),+];
    };
}

pages! {
    Subscribe<'_> => "subscribe.html",
    Accepted<'_> => "accepted.html",
    Confirm<'_> => "confirm.html",
    Confirmed<'_> => "confirmed.html",
    ConfirmSuperseded<'_> => "confirm_superseded.html",
    NotMe => "not_me.html",
    NotMeUndone => "not_me_undone.html",
    LinkInvalid => "link_invalid.html",
    Unsubscribe<'_> => "unsubscribe.html",
    Unsubscribed<'_> => "unsubscribed.html",
    Undone<'_> => "undone.html",
    Preferences<'_> => "preferences.html",
    ConsentAudit<'_> => "consent_audit.html",
    DataLinkRequest => "my_data_request.html",
    MyDataExpired => "my_data_expired.html",
    MyData<'_> => "my_data.html",
    NewAddress<'_> => "new_address.html",
    Erased<'_> => "erased.html",
    ArchiveHome<'_> => "archive_home.html",
    ArchiveIndex<'_> => "archive_index.html",
    ArchiveIssue<'_> => "archive_issue.html",
    Search<'_> => "search.html",
    IssueGone<'_> => "archive_gone.html",
    ErrorPage => "error.html",
    DeskErrorPage<'_> => "desk/error.html",
    DeskSignIn<'_> => "desk/sign_in.html",
    DeskCode<'_> => "desk/code.html",
    DeskForgot<'_> => "desk/forgot.html",
    DeskNewPassword<'_> => "desk/new_password.html",
    DeskLinkInvalid => "desk/link_invalid.html",
    DemoStart => "demo_start.html",
    Mailbox<'_> => "mailbox.html",
    MailboxMail<'_> => "mailbox_mail.html",
}
