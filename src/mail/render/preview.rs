//! The preview and test copy of an issue for editors.

use jiff::Timestamp;

use crate::domain::{CountrySet, Issue, IssueContent, Newsletter};
use crate::links::Links;
use crate::mail::{DigestLinks, DigestMeta, RenderedMail, TemplateError, render_digest};

/// Renders the issue as for a subscriber who follows `countries`. Its unsubscribe and preferences links lead to
/// the sign-up page: test copies are forwarded, and must open nobody's subscription.
///
/// # Errors
/// When a template fails.
pub fn render_editors_copy(
    links: &Links,
    newsletter: &Newsletter,
    issue: &Issue,
    countries: CountrySet,
    at: Timestamp,
) -> Result<RenderedMail, TemplateError> {
    let page = links.signup(newsletter);
    let web_view = links.issue(newsletter, issue);
    let logo = newsletter.logo.as_ref().map(|logo| links.logo(logo));
    let links = DigestLinks {
        unsubscribe: &page,
        preferences: &page,
        web_view: &web_view,
        logo: logo.as_deref(),
    };
    let date = newsletter.day(at);
    render_digest(
        newsletter,
        &issue.content.presentable(),
        countries,
        &links,
        &DigestMeta { date },
    )
}

/// Renders a content as the newsletter's next issue would look with this picture. All its links lead to the sign-up
/// page.
///
/// # Errors
/// When a template fails.
pub fn render_sample(
    links: &Links,
    newsletter: &Newsletter,
    content: &IssueContent,
    logo: Option<&str>,
    at: Timestamp,
) -> Result<RenderedMail, TemplateError> {
    let page = links.signup(newsletter);
    let links = DigestLinks {
        unsubscribe: &page,
        preferences: &page,
        web_view: &page,
        logo,
    };
    let date = newsletter.day(at);
    let everything = CountrySet::default();
    render_digest(
        newsletter,
        &content.presentable(),
        everything,
        &links,
        &DigestMeta { date },
    )
}
