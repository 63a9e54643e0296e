//! The sign-up form as another site pastes it under an article.

use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{self, SnippetView};
use crate::domain::{Language, Newsletter};
use crate::service::Service;
use crate::texts::TemplateError;

/// HTML for the pages of other sites.
#[derive(Debug, Serialize, ToSchema)]
pub struct Snippet {
    /// A plain form, which any site may paste; it needs no script and no style.
    pub form: String,
    /// The form in a frame, for the sites that the newsletter trusts; none where it trusts no one.
    pub frame: Option<String>,
}

/// What to paste for a newsletter. After the sign-up people come to `return_to`, if that
/// lies on a site that the newsletter trusts.
///
/// # Errors
/// When a built-in template is at fault.
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
