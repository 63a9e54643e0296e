//! Where settings come from, and what they must be.

use std::collections::HashMap;
use std::path::Path;

use config::{Config, File, FileFormat};

use super::addresses::{in_our_words, unfit_database_url, unfit_public_url, unfit_relay_url};
use super::environment::{from_environment, our_variables};
use super::settings_file::SettingsFile;
use super::{Dkim, Settings, SettingsError, log_levels};

/// The shipped defaults; also the place where each setting is explained.
const DEFAULTS: &str = include_str!("../../config/default.toml");
/// More would only wait for the connections to the database.
const MAX_RELAY_CONNECTIONS: usize = 1_000;

impl Settings {
    /// Reads the settings of this process.
    ///
    /// # Errors
    /// Names the setting that is unknown or does not fit.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        Self::from_sources(file, our_variables(std::env::vars_os())?)
    }

    /// The defaults alone.
    ///
    /// # Errors
    /// Never, as the tests load them.
    pub fn defaults() -> Result<Self, SettingsError> {
        Self::from_sources(None, HashMap::new())
    }

    pub(super) fn from_sources(
        file: Option<&Path>,
        environment: HashMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let mut builder = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(file) = file {
            builder = builder.add_source(SettingsFile::read(file)?);
        }
        for (setting, value) in from_environment(environment)? {
            builder = builder.set_override(setting, value)?;
        }
        let merged = builder.build()?;
        let settings: Self = serde_path_to_error::deserialize(merged).map_err(|e| {
            let path = e.path().to_string();
            let why = in_our_words(&path, e.into_inner().to_string());
            SettingsError::Invalid { path, why }
        })?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let wrong = |path: &str, why: &str| {
            Err(SettingsError::Invalid {
                path: path.to_owned(),
                why: why.to_owned(),
            })
        };
        if let Some(why) = unfit_public_url(&self.http.public_url) {
            return wrong("http.public_url", why);
        }
        if let Some(why) = unfit_database_url(&self.database.url) {
            return wrong("database.url", why);
        }
        log_levels::check(&self.log)?;
        self.check_relays()?;
        self.dkim.check()?;
        self.traces.check()?;
        self.pictures.check()?;
        self.check_numbers()
    }
}

impl Settings {
    fn check_relays(&self) -> Result<(), SettingsError> {
        let wrong = |path: String, why: &str| {
            let why = why.to_owned();
            Err(SettingsError::Invalid { path, why })
        };
        if self.relays.contains_key("main") {
            return wrong("relays.main".into(), "is the name of [smtp]; take another");
        }
        for (name, relay) in self.all_relays() {
            let place = match name.as_str() {
                "main" => "smtp".to_owned(),
                _ => format!("relays.{name}"),
            };
            if !matches!(relay.url.scheme(), "smtp" | "smtps") || !relay.url.has_host() {
                let why = "must be smtp://HOST:PORT or smtps://HOST:PORT";
                return wrong(format!("{place}.url"), why);
            }
            if let Some(why) = unfit_relay_url(&relay.url) {
                return wrong(format!("{place}.url"), why);
            }
            if relay.connections > MAX_RELAY_CONNECTIONS {
                let why = "must be at most 1000: no relay takes more from one process";
                return wrong(format!("{place}.connections"), why);
            }
            if relay.connections == 0 || relay.messages_per_connection == 0 || relay.weight == 0 {
                let why = "must be at least 1, as must messages_per_connection and weight";
                return wrong(format!("{place}.connections"), why);
            }
            if let Some(setting) = unlimited_by_mistake(relay.per_second, relay.quota) {
                let why = "must not be negative; 0 sets no limit";
                return wrong(format!("{place}.{setting}"), why);
            }
        }
        let mut known = HashMap::new();
        for (name, provider) in &self.providers {
            let place = format!("providers.{name}");
            if name.contains('.') {
                return wrong(place, "its name must not look like a domain");
            }
            if let Some(setting) = unlimited_by_mistake(provider.per_second, provider.quota) {
                let why = "must not be negative; 0 sets no limit";
                return wrong(format!("{place}.{setting}"), why);
            }
            for domain in &provider.domains {
                if let Some(other) = known.insert(domain.to_ascii_lowercase(), name) {
                    let why = format!("{domain} is there twice, also in providers.{other}");
                    return wrong(format!("{place}.domains"), &why);
                }
            }
        }
        Ok(())
    }
}

/// A limit that no number of messages could keep.
fn unlimited_by_mistake(per_second: f64, quota: i64) -> Option<&'static str> {
    match (per_second.is_finite() && per_second >= 0.0, quota >= 0) {
        (false, _) => Some("per_second"),
        (_, false) => Some("quota"),
        _ => None,
    }
}

impl Dkim {
    /// A key needs its selector and the domain; a second one needs a first.
    fn check(&self) -> Result<(), SettingsError> {
        let given = |file: &Path| !file.as_os_str().is_empty();
        let (first, second) = (given(&self.key_file), given(&self.second_key_file));
        let name = |name: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            name.split('.')
                .all(|l| !l.is_empty() && l.chars().all(allowed))
        };
        let missing = [
            (
                "key_file",
                !first && (second || !self.selector.is_empty() || !self.domain.is_empty()),
            ),
            ("domain", first && !name(&self.domain)),
            ("selector", first && !name(&self.selector)),
            ("second_selector", second && !name(&self.second_selector)),
            (
                "second_key_file",
                !second && !self.second_selector.is_empty(),
            ),
        ];
        match missing.into_iter().find(|(_, missing)| *missing) {
            None => Ok(()),
            Some((setting, _)) => Err(SettingsError::Invalid {
                path: format!("dkim.{setting}"),
                why:
                    "is missing or no name of the DNS; signing takes domain, selector and key_file"
                        .to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Profile;
    use crate::config::tests::load;

    #[test]
    fn defaults_describe_a_newsletter() -> Result<(), String> {
        let settings = load(&[])?;
        assert_eq!(settings.profile, Profile::Development);
        let id = crate::domain::NewsletterId(uuid::Uuid::nil());
        let newsletter = settings.newsletter.to_newsletter(id).map_err(|e| e.why)?;
        assert_eq!(newsletter.slug.as_str(), "asie-centrale");
        Ok(())
    }

    #[test]
    fn the_environment_wins() -> Result<(), String> {
        let settings = load(&[
            ("XABAR_HTTP__LISTEN", "0.0.0.0:0"),
            ("XABAR_HTTP__TRUSTED_PROXIES", "10.0.0.0/8,::1/128"),
            ("XABAR_SIGNUP__PER_IP_PER_HOUR", "0"),
            ("XABAR_SIGNUP__DNS_SERVERS", "192.0.2.53:53,[::1]:5353"),
            ("XABAR_LOG", "debug"),
            ("XABAR_SECRET_FILE", "/tmp/key"),
            ("XABAR_TEST_POSTGRES_URL", "postgres://x"),
            ("HOME", "/root"),
        ])?;
        assert_eq!(settings.http.listen.to_string(), "0.0.0.0:0");
        assert_eq!(settings.http.trusted_proxies.len(), 2);
        assert_eq!(settings.signup.per_ip_per_hour, 0);
        assert_eq!(settings.signup.dns_servers.len(), 2);
        assert_eq!(settings.log, "debug");
        Ok(())
    }

    #[test]
    fn errors_name_the_setting() {
        for (variable, value, named) in [
            ("XABAR_HTTP__LISTN", "x", "listn"),
            ("XABAR_FOO", "x", "foo"),
            ("XABAR_HTTP__LISTEN", "nowhere", "http.listen"),
            ("XABAR_SMTP__URL", "http://x", "smtp.url"),
            ("XABAR_SMTP__URL", "smtp://h?tsl=none", "smtp.url"),
            (
                "XABAR_SMTP__URL",
                "smtp://h?tls=none&tls=required",
                "smtp.url",
            ),
            ("XABAR_SMTP__URL", "smtp://user:123/x@h", "%2F"),
            ("XABAR_HTTP__PUBLIC_URL", "https://h/?a", "http.public_url"),
            ("XABAR_HTTP__PUBLIC_URL", "https://h/#a", "http.public_url"),
            ("XABAR_HTTP__PUBLIC_URL", "https://u@h/", "http.public_url"),
            (
                "XABAR_HTTP__PUBLIC_URL",
                "https://h/letters/",
                "http.public_url",
            ),
            (
                "XABAR_SMTP__URL_FILE",
                "/does/not/exist",
                "XABAR_SMTP__URL_FILE",
            ),
            ("XABAR_NEWSLETTER__LANGUAGE", "xx", "newsletter.language"),
            ("XABAR_SMTP__CONNECTIONS", "0", "smtp.connections"),
            ("XABAR_SMTP__QUOTA", "-1", "smtp.quota"),
            ("XABAR_RELAYS__SECOND__URL", "http://x", "relays.second.url"),
            ("XABAR_RELAYS__SECOND__WEIGHT", "2", "relays.second"),
            ("XABAR_SUMMARY__DAY", "21", "summary"),
            ("XABAR_RELAYS__MAIN__URL", "smtp://x", "relays.main"),
            (
                "XABAR_PROVIDERS__GMAIL__PER_SECOND",
                "-2",
                "providers.gmail.per_second",
            ),
            ("XABAR_SIGNUP__CHECK_MX", "perhaps", "signup.check_mx"),
            ("XABAR_SIGNUP__DNS_SERVERS", "::1", "signup.dns_servers"),
            ("XABAR_SIGNUP__DNS_SERVERS", "[::1]:0", "signup.dns_servers"),
            ("XABAR_DKIM__KEY_FILE", "key.pem", "dkim.domain"),
            ("XABAR_DKIM__DOMAIN", "example.org", "dkim.key_file"),
            ("XABAR_DKIM__SECOND_KEY_FILE", "key.pem", "dkim.key_file"),
        ] {
            let error = load(&[(variable, value)]).err().unwrap_or_default();
            assert!(error.contains(named), "{variable}: {error}");
        }
    }

    #[test]
    fn a_further_relay_is_as_the_first_but_for_its_limits() -> Result<(), String> {
        let settings = load(&[
            ("XABAR_SMTP__HELLO_NAME", "news.example.org"),
            ("XABAR_SMTP__PER_SECOND", "14"),
            ("XABAR_RELAYS__SECOND__URL", "smtps://relay.example.org"),
            ("XABAR_RELAYS__SECOND__QUOTA", "50000"),
            ("XABAR_SMTP__OAUTH_TOKEN_FILE", "/run/token"),
            ("XABAR_SMTP__RETURN_PATH", "bounce-TOKEN"),
            ("XABAR_PROVIDERS__ORANGE__PER_SECOND", "0.5"),
        ])?;
        let relays = settings.all_relays();
        let names: Vec<_> = relays.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["main", "second"]);
        let (main, second) = (&relays[0].1, &relays[1].1);
        assert_eq!(main.limits().per_second, Some(14.0));
        assert_eq!(main.limits().quota, None);
        assert_eq!(second.hello_name, "news.example.org");
        assert_eq!(main.oauth_token_file, Path::new("/run/token"));
        assert_eq!(
            second.oauth_token_file,
            Path::new(""),
            "that of another host"
        );
        assert_eq!(second.return_path, "bounce-TOKEN");
        assert_eq!(second.limits().per_second, None);
        let quota = second
            .limits()
            .quota
            .map(|q| (q.messages, q.length.as_hours()));
        assert_eq!(quota, Some((50_000, 24)));
        let orange = &settings.providers["orange"];
        assert_eq!(orange.limits().per_second, Some(0.5));
        assert!(orange.domains.contains(&"wanadoo.fr".to_owned()));
        Ok(())
    }

    #[test]
    fn a_list_of_one_is_a_list() -> Result<(), String> {
        let settings = load(&[
            ("XABAR_WORKER__RETRY_SECONDS", "60"),
            ("XABAR_WORKER__OUTBOX_RETRY_SECONDS", "1,2"),
        ])?;
        assert_eq!(settings.worker.retry_seconds, [60]);
        assert_eq!(settings.worker.outbox_retry_seconds, [1, 2]);
        Ok(())
    }

    #[test]
    fn secrets_can_live_in_files() -> Result<(), Box<dyn std::error::Error>> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), "smtps://user:secret@relay.example.org:465\n")?;
        let path = file.path().to_string_lossy().into_owned();
        let settings = load(&[("XABAR_SMTP__URL_FILE", &path)])?;
        assert_eq!(settings.smtp.url.password(), Some("secret"));
        Ok(())
    }
}
