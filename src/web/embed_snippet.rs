//! The sign-up form as HTML for other sites.

use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{self, SnippetView};
use crate::domain::{Language, Newsletter};
use crate::service::Service;
use crate::texts::TemplateError;

/// HTML for the pages of other sites.
#[derive(Debug, Serialize, ToSchema)]
pub struct Snippet {
    /// A plain form for any site, without script and style.
    pub form: String,
    /// The form in a frame, for the sites that the newsletter trusts; none when it trusts no site.
    pub frame: Option<String>,
}

/// The HTML for a newsletter. After the sign-up the visitor is redirected to `return_to`, if that is
/// on a site that the newsletter trusts.
///
/// # Errors
/// When a built-in template is broken.
pub fn snippet(
    service: &Service,
    newsletter: &Newsletter,
    language: Language,
    return_to: &str,
) -> Result<Snippet, TemplateError> {
    let view = SnippetView {
        newsletter: newsletter.slug.as_str(),
        title: &newsletter.title,
        action: &service.links.page("/subscribe"),
        frame: &service
            .links
            .page(&format!("/embed/{}?lang={language}", newsletter.slug)),
        return_to,
    };
    let trusts = !newsletter.sites.is_empty();
    let frame = trusts.then(|| pages::render_snippet(language, "snippet_frame.html", &view));
    Ok(Snippet {
        form: pages::render_snippet(language, "snippet.html", &view)?,
        frame: frame.transpose()?,
    })
}
