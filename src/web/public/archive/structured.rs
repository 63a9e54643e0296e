//! What an issue's page says to programs.

use serde_json::json;
use url::form_urlencoded::byte_serialize;

use crate::domain::Newsletter;
use crate::web::pages::ArchiveIssue;

/// JSON-LD of schema.org's `NewsArticle`. It cannot end the script element that it stands in.
pub(super) fn structured_data(newsletter: &Newsletter, page: &ArchiveIssue<'_>) -> String {
    let modified = page.corrected.map_or(page.published_at, |(at, _)| at);
    let data = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.subject,
        "description": page.preheader,
        "inLanguage": page.language.as_str(),
        "datePublished": page.published_at.to_string(),
        "dateModified": modified.to_string(),
        "image": page.image.as_ref().map(|image| &image.url),
        "mainEntityOfPage": page.canonical_url,
        "publisher": { "@type": "Organization", "name": newsletter.title },
    });
    data.to_string().replace('<', "\\u003c")
}

/// A mail with the subject of an issue and the link to it (RFC 6068).
pub(super) fn share_href(subject: &str, url: &str) -> String {
    // RFC 6068 has no plus sign for a space.
    let encoded = |text: &str| {
        byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    format!("mailto:?subject={}&body={}", encoded(subject), encoded(url))
}

#[cfg(test)]
mod tests {
    use super::share_href;

    #[test]
    fn a_shared_link_is_a_mail_with_subject_and_link() {
        assert_eq!(
            share_href("Été & + eau", "https://x.example/a?b=c"),
            "mailto:?subject=%C3%89t%C3%A9%20%26%20%2B%20eau&body=https%3A%2F%2Fx.example%2Fa%3Fb%3Dc"
        );
    }
}
