//! Web sites that a newsletter trusts with its sign-up.

use std::fmt;

use url::{Host, Url};

/// A site by its origin (RFC 6454), as in `https://magazine.example.org`, or any site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(String);

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no site; write it without a path, as in https://magazine.example.org, or * for any"
)]
pub struct SiteError(String);

impl Site {
    const ANY: &'static str = "*";

    /// Reads an origin, or `*`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, SiteError> {
        if text == Self::ANY {
            return Ok(Self(text.to_owned()));
        }
        let refused = || SiteError(text.chars().take(100).collect());
        let url = Url::parse(text).map_err(|_| refused())?;
        let origin = origin_of(&url).ok_or_else(refused)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        (bare && nobody).then_some(Self(origin)).ok_or_else(refused)
    }

    /// Whether this is the site of a page with this origin.
    #[must_use]
    pub fn is_origin(&self, origin: &str) -> bool {
        self.0 == Self::ANY || self.0 == origin
    }

    /// Whether an address lies on this very site. No address lies on any.
    #[must_use]
    pub fn has(&self, address: &Url) -> bool {
        origin_of(address).is_some_and(|origin| self.0 == origin)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn origin_of(url: &Url) -> Option<String> {
    // A URL's host may have more in it, such as `*` and `;`, which a policy would obey.
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._".contains(&c);
    let host = url.host().is_some_and(|host| match host {
        Host::Domain(name) => name.bytes().all(plain),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    });
    (host && matches!(url.scheme(), "http" | "https")).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::Site;
    use url::Url;

    #[test]
    fn is_an_origin_and_nothing_more() {
        for (text, origin) in [
            (
                "https://Magazine.example.org",
                "https://magazine.example.org",
            ),
            (
                "https://magazine.example.org:443/",
                "https://magazine.example.org",
            ),
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://журнал.example", "https://xn--80alqgor.example"),
            ("*", "*"),
        ] {
            assert_eq!(
                Site::parse(text).map(|s| s.to_string()),
                Ok(origin.to_owned())
            );
        }
        for text in [
            "",
            "magazine.example.org",
            "https://",
            "https://a.example/x",
            "https://a.example/?x",
            "https://u@a.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc",
            "https://*.example",
            "null",
            "https://a.example; script-src *",
            "https://a.example;script-src",
            "https://a.example,b.example",
        ] {
            assert!(Site::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_answer_goes_to_the_very_site_or_nowhere() -> Result<(), Box<dyn std::error::Error>> {
        let site = Site::parse("https://a.example")?;
        for (address, on_it) in [
            ("https://a.example/merci?x=1", true),
            ("https://a.example:443/", true),
            ("https://user@a.example/", true),
            ("http://a.example/", false),
            ("https://a.example:8443/", false),
            ("https://a.example.evil.example/", false),
            ("https://evil.example/?https://a.example", false),
            ("https://a.example@evil.example/", false),
            ("javascript://a.example/%0aalert(1)", false),
        ] {
            let address = Url::parse(address)?;
            assert_eq!(site.has(&address), on_it, "{address}");
            assert!(!Site::parse("*")?.has(&address), "anywhere is nowhere");
        }
        Ok(())
    }
}
