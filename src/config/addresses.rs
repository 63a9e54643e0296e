//! What the addresses in the settings must be.

use std::fmt::Display;

use url::Url;

use crate::domain::{Language, Visibility};

const HTTP_ADDRESS: &str = "must start with http:// or https:// and a host name";

/// Why an SQLite address is not that of a file: whatever stands behind its scheme is the path.
pub(super) fn unfit_database_url(url: &str) -> Option<&'static str> {
    let path = url.strip_prefix("sqlite:")?;
    match path.strip_prefix("//").unwrap_or(path) {
        "" | ":memory:" => Some("must name a file, as in sqlite:///var/lib/xabar/xabar.db"),
        path if path.contains('?') => Some(
            "has no parameters on SQLite: ? and what follows would be a part of the file's name. Name the path alone",
        ),
        _ => None,
    }
}

/// Why links cannot begin with this address.
pub(super) fn unfit_public_url(url: &Url) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        Some(HTTP_ADDRESS)
    } else if !url.username().is_empty() || url.password().is_some() {
        Some("must name no user: it is printed in every mail")
    } else if url.query().is_some() || url.fragment().is_some() {
        Some("must end with its host and port, without ? and #")
    } else if url.path() != "/" {
        Some("must have no path: give the service a host name of its own, such as news.example.org")
    } else {
        None
    }
}

/// Why a relay's address means something else than was written.
pub(super) fn unfit_relay_url(url: &Url) -> Option<&'static str> {
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Some(
            "must have nothing behind host and port but ?tls=…; in user and password write / as %2F, \
             ? as %3F, # as %23 and @ as %40",
        );
    }
    let mut pairs = url.query_pairs();
    let (first, second) = (pairs.next(), pairs.next());
    let (name, wish) = first?;
    if name != "tls" || second.is_some() {
        return Some("the only parameter behind ? is tls, as in ?tls=required");
    }
    let wishes = ["required", "opportunistic", "none"];
    (url.scheme() != "smtp" || !wishes.contains(&wish.as_ref()))
        .then_some("use smtps://… alone, or smtp://… with tls=required, opportunistic or none")
}

/// Words about a value that say what to write instead, and do not repeat a password.
pub(super) fn in_our_words(path: &str, why: String) -> String {
    match path {
        "http.public_url" => return HTTP_ADDRESS.to_owned(),
        // The library names neither the word nor those that there are.
        "newsletter.language" if why.contains("variant") => return one_of(Language::ALL),
        "newsletter.visibility" if why.contains("variant") => return one_of(Visibility::ALL),
        _ if !path.ends_with("url") => return why,
        _ => {}
    }
    if why.contains("relative URL without a base") {
        return match path == "smtp.url" || path.starts_with("relays.") {
            true => "must be smtp://HOST:PORT or smtps://HOST:PORT".to_owned(),
            false => "must begin with its scheme, as in https://".to_owned(),
        };
    }
    let cause = why.split(['"', '`']).next().unwrap_or_default();
    let cause = cause.trim_end_matches([' ', ':']);
    format!("{cause}; in user and password write / as %2F, ? as %3F, # as %23 and @ as %40")
}

fn one_of(words: &[impl Display]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("must be one of {}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::config::tests::load;

    #[test]
    fn a_wrong_value_is_answered_with_what_to_write() {
        for (name, value, told) in [
            ("HTTP__PUBLIC_URL", "news.example.org", "https://"),
            ("SMTP__URL", "relay.example.org:587", "smtp://HOST:PORT"),
            ("SMTP__URL", "", "smtp://HOST:PORT"),
            ("SMTP__URL", "smtp://a:b@c@d:e/f", "as %2F"),
            ("SMTP__URL", "smtp://relay:587?tls=requierd", "tls=required"),
            ("SMTP__URL", "smtps://relay:465?tls=none", "smtps://"),
            ("SMTP__URL", "smtp://relay:587?tls=none&tls=none", "only"),
            ("SIGNUP__PROOF_OF_WORK", "allways", "`attack`, `always`"),
            ("SIGNUP__DNS_SERVERS", "192.0.2.53", "192.0.2.53:53"),
            ("NEWSLETTER__LANGUAGE", "xx", "fr"),
            ("NEWSLETTER__VISIBILITY", "hidden", "private"),
            ("PROFILE", "prod", "`development` or `production`"),
            ("LOG_FORMAT", "xml", "`text` or `json`"),
        ] {
            let error = load(&[(&format!("XABAR_{name}"), value)]).err();
            let error = error.unwrap_or_default();
            assert!(error.contains(told), "{name}={value}: {error}");
        }
    }

    #[test]
    fn an_sqlite_address_is_a_path() -> Result<(), String> {
        for url in [
            "sqlite:///var/lib/x.db?mode=rwc",
            "sqlite:x.db?cache=shared",
            "sqlite::memory:",
            "sqlite://",
        ] {
            let error = load(&[("XABAR_DATABASE__URL", url)])
                .err()
                .unwrap_or_default();
            assert!(error.contains("database.url"), "{url}: {error}");
        }
        load(&[("XABAR_DATABASE__URL", "sqlite:x.db")])?;
        load(&[("XABAR_DATABASE__URL", "postgres:///x?host=/run")]).map(drop)
    }
}
