//! What the addresses in the settings must be.

use url::Url;

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
        Some("must start with http:// or https:// and a host name")
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
    let mut names = url.query_pairs().map(|(name, _)| name);
    let known = names.next().is_none_or(|name| name == "tls") && names.next().is_none();
    (!known).then_some("the only parameter behind ? is tls, as in ?tls=required")
}

/// The words about a setting that may hold a password do not repeat it.
pub(super) fn without_secret(path: &str, why: String) -> String {
    if !path.ends_with("url") {
        return why;
    }
    let cause = why.split(['"', '`']).next().unwrap_or_default();
    let cause = cause.trim_end_matches([' ', ':']);
    if cause.contains("relative URL") {
        return "must be a whole address, as in smtp://HOST:PORT or https://HOST".to_owned();
    }
    format!("{cause}; in user and password write / as %2F, ? as %3F, # as %23 and @ as %40")
}

#[cfg(test)]
mod tests {
    use crate::config::tests::load;

    #[test]
    fn a_wrong_value_is_told_with_what_there_is() {
        for (name, value, said) in [
            ("XABAR_LOG_FORMAT", "xml", "expected `text` or `json`"),
            ("XABAR_PROFILE", "prod", "`development` or `production`"),
            ("XABAR_SMTP__URL", "", "smtp.url"),
            ("XABAR_SMTP__URL", "", "must be a whole address"),
        ] {
            let error = load(&[(name, value)]).err().unwrap_or_default();
            assert!(error.contains(said), "{name}={value}: {error}");
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
