//! The layout of each page: newsletter, language, navigation.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::{assets, errors};
use crate::domain::{Language, LegalLinks, Newsletter, Purpose, Subscription};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::web::pages::{self, Branding, Frame, Page};

/// In the extensions of an answer: it is a page with a head, in this language.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct HeadedPage(pub(in crate::web) Language);

/// The layout of a page about one newsletter.
pub(in crate::web) struct PageLayout {
    newsletter_title: String,
    imprint: String,
    subscribe_href: String,
    archive_href: String,
    theme_href: String,
    logo: Option<(String, u32)>,
    legal: LegalLinks,
    language: Language,
    here: String,
    embedded: bool,
}

impl PageLayout {
    pub(crate) fn of(newsletter: &Newsletter, language: Language) -> Self {
        Self {
            newsletter_title: newsletter.title.clone(),
            imprint: newsletter.postal_address.clone(),
            subscribe_href: format!("/subscribe?newsletter={}&lang={language}", newsletter.slug),
            archive_href: if newsletter.is_public() {
                format!("/archive/{}", newsletter.slug)
            } else {
                String::new()
            },
            theme_href: newsletter
                .accent
                .map_or_else(String::new, assets::theme_href),
            logo: newsletter.logo.as_ref().map(|logo| {
                let width = logo.width_at(pages::LOGO_HEIGHT);
                (format!("/logo/{}", logo.name), width)
            }),
            legal: newsletter.legal.links(language, newsletter.language),
            language,
            here: String::new(),
            embedded: false,
        }
    }

    /// The layout of the oldest public newsletter, for pages that are about none.
    pub(crate) async fn of_first(
        service: &Service,
        language: Option<Language>,
    ) -> Result<Self, StoreError> {
        let first = store::newsletter::list(&mut service.store.read().await?)
            .await?
            .into_iter()
            .find(Newsletter::is_public);
        Ok(match first {
            Some(first) => Self::of(&first, language.unwrap_or(first.language)),
            None => Self::bare(language.unwrap_or(service.settings.newsletter.language)),
        })
    }

    /// The layout of the newsletter of a subscription; where it is unknown, that of [`Self::of_first`].
    pub(crate) async fn of_subscription(
        service: &Service,
        subscription: Option<&Subscription>,
        language: Option<Language>,
    ) -> Result<Self, StoreError> {
        let Some(subscription) = subscription else {
            return Self::of_first(service, language).await;
        };
        let mut db = service.store.read().await?;
        let newsletter = store::newsletter::by_id(&mut db, subscription.newsletter).await?;
        let language = language.unwrap_or(subscription.chosen.language);
        Ok(Self::of(&newsletter, language))
    }

    /// A layout without a newsletter, which needs no database.
    pub(in crate::web) fn bare(language: Language) -> Self {
        Self {
            newsletter_title: "Xabar".to_owned(),
            imprint: String::new(),
            subscribe_href: format!("/subscribe?lang={language}"),
            archive_href: "/archive".to_owned(),
            theme_href: String::new(),
            logo: None,
            legal: LegalLinks::default(),
            language,
            here: String::new(),
            embedded: false,
        }
    }

    /// With another picture, as a newsletter that is not saved would have it.
    pub(in crate::web) fn with_logo(mut self, newsletter: &Newsletter, href: Option<&str>) -> Self {
        let logo = newsletter.logo.as_ref().zip(href);
        self.logo = logo.map(|(logo, href)| (href.to_owned(), logo.width_at(pages::LOGO_HEIGHT)));
        self
    }

    /// Adds links to this path and query in the other languages.
    pub(in crate::web) fn here(mut self, path_and_query: String) -> Self {
        self.here = path_and_query;
        self
    }

    /// Without head and foot, for a frame on another site's page.
    pub(crate) fn embedded(mut self, href: String) -> Self {
        self.embedded = true;
        self.subscribe_href = href;
        self
    }

    /// The page as an answer.
    pub(in crate::web) fn answer(&self, status: StatusCode, page: &impl Page) -> Response {
        let (logo_href, logo_width) = match &self.logo {
            Some((href, width)) => (href.as_str(), *width),
            None => ("", 0),
        };
        let branding = Branding {
            theme_href: &self.theme_href,
            logo_href,
            logo_width,
            imprint_url: self.legal.imprint_url.as_deref().unwrap_or_default(),
            privacy_url: self.legal.privacy_url.as_deref().unwrap_or_default(),
        };
        let frame = Frame {
            branding,
            embedded: self.embedded,
            language: self.language,
            site_name: &self.newsletter_title,
            imprint: &self.imprint,
            subscribe_href: &self.subscribe_href,
            archive_href: &self.archive_href,
            here: &self.here,
        };
        match pages::render(&frame, page) {
            Ok(page) => {
                let mut answer = (status, Html(page)).into_response();
                if !self.embedded {
                    answer.extensions_mut().insert(HeadedPage(self.language));
                }
                answer
            }
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                errors::plain()
            }
        }
    }
}

/// What mail programs add to the end of a link: the mark that ended its sentence, the bracket around
/// it, a space or a character that is not seen.
fn is_of_mail_program(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// A slug or key of a link without what mail programs and writers add to its end.
pub(crate) fn without_marks(text: &str) -> &str {
    text.trim_end_matches(is_of_mail_program)
}

/// The token in the path of a mailed link: without what mail programs add to its end or make of `=`, and without what
/// a folded line left in it.
fn token_in(path: &str) -> String {
    let unfolded = path.replace("=\r\n", "").replace("=\n", "");
    let is_seen =
        |c: &char| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}');
    let unfolded: String = unfolded.chars().filter(is_seen).collect();
    let token = unfolded.trim_start_matches(is_of_mail_program);
    // No token begins like that: its first octets are those of a positive number.
    let token = token.strip_prefix("3D").unwrap_or(token);
    let end = token.find(is_of_mail_program).unwrap_or(token.len());
    token[..end].to_owned()
}

/// The token of a mailed link, without what mail programs do to it; empty, and so not genuine, when the path is not UTF-8.
pub(crate) struct TokenInPath(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for TokenInPath {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let found = Path::<String>::from_request_parts(parts, state).await;
        let token = found.map(|Path(token)| token).unwrap_or_default();
        Ok(Self(token_in(&token)))
    }
}

/// The names in a path. What is no UTF-8 stands for a name that nothing has, so that the page says so.
pub(crate) struct NamesInPath<const N: usize>(pub(crate) [String; N]);

impl<const N: usize, S: Send + Sync> FromRequestParts<S> for NamesInPath<N>
where
    [String; N]: DeserializeOwned + Send,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let found = Path::<[String; N]>::from_request_parts(parts, state).await;
        let nobodys = || std::array::from_fn(|_| char::REPLACEMENT_CHARACTER.to_string());
        Ok(Self(found.map_or_else(|_| nobodys(), |Path(names)| names)))
    }
}

/// When the link of a page was issued. The page's own links are as old as that: whoever reads a mailbox that the reader
/// has left comes to no page that shows more.
pub(crate) fn issued_at(service: &Service, purpose: Purpose, token: &str) -> Timestamp {
    let opened = service.links.key().verify_with(purpose, token);
    opened.map_or(Timestamp::UNIX_EPOCH, |(token, _)| token.issued_at)
}

/// A query with the first of parameters that are repeated: some sites add their own to every link.
fn first_of_each(query: &str) -> String {
    let mut seen = std::collections::HashSet::new();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let first = pairs.filter(|(name, _)| seen.insert(name.clone()));
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    kept.extend_pairs(first).finish()
}

/// A page's query; the default when it cannot be parsed.
pub(crate) struct PageQuery<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for PageQuery<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = first_of_each(parts.uri.query().unwrap_or_default());
        let uri = format!("/?{query}").parse::<Uri>().unwrap_or_default();
        let found = Query::<T>::try_from_uri(&uri);
        Ok(Self(found.map(|Query(query)| query).unwrap_or_default()))
    }
}

/// Marks an answer as personal: no cache stores it, no search engine indexes it.
pub(crate) fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    response
}

/// Adds Retry-After.
pub(crate) fn retry_after(mut response: Response, seconds: i64) -> Response {
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
mod tests {
    use super::{first_of_each, token_in};

    #[test]
    fn a_token_survives_what_is_done_to_links() {
        for path in [
            "AAAA-b_C",
            "AAAA-b_C.",
            "AAAA-b_C>)",
            "AAAA-b_C\u{200b}",
            "AAAA-b_C&utm_source=x",
            "AAAA-b_C?utm_source=x",
            "AAAA-b_C;x",
            "AAAA-\r\n b_C",
            "AAAA-=\r\nb_C",
            "AAAA=\n-b_C",
            "=3DAAAA-b_C",
            "3DAAAA-b_C",
            "<AAAA-b_C",
        ] {
            assert_eq!(token_in(path), "AAAA-b_C", "{path:?}");
        }
        assert_eq!(token_in("…"), "");
    }

    #[test]
    fn the_first_of_repeated_parameters_counts() {
        let query = "newsletter=one&lang=de&lang=fr&email=a%2Bb%40example.org";
        let kept = "newsletter=one&lang=de&email=a%2Bb%40example.org";
        assert_eq!(first_of_each(query), kept);
    }
}
