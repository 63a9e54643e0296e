//! Settings: `config/default.toml`, then a file, then the environment.

mod addresses;
mod desk;
mod environment;
mod listen;
mod load;
mod log_levels;
mod numbers;
mod pictures;
mod settings_file;
mod signup;
mod traces;

#[cfg(test)]
mod container_tests;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use jiff::SignedDuration;
use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use url::Url;

pub use desk::{Check, Desk, Fetch, Summary};
pub(crate) use environment::SETTINGS_FILE_VARIABLE;
pub use listen::{ListenAddress, Monitoring};
pub use pictures::Pictures;
pub use signup::{ProofOfWork, SignupLimits};
pub use traces::Traces;

use crate::domain::{FeedbackSender, Limits, NewsletterInput, Quota, WrongField};
use crate::secret;

/// A setting that is missing, unknown or wrong.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The value does not fit, or there is no such setting.
    #[error("setting `{path}`: {why}")]
    Invalid {
        /// Where, as in `http.listen`.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// A file could not be read.
    #[error("the file {path} named by {setting} cannot be read: {source}")]
    File {
        /// The setting that names it.
        setting: String,
        /// Its path.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The settings file is there, and could not be read.
    #[error("the settings file {file} cannot be read: {source}{}", as_who(.source))]
    Unreadable {
        /// Its path.
        file: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The configuration could not be put together.
    #[error(transparent)]
    Other(#[from] config::ConfigError),
}

impl SettingsError {
    /// Whether the settings are wrong as they are. A file that cannot be read may be there a moment later.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Invalid { .. } | Self::Other(_) => true,
            Self::File { source, .. } | Self::Unreadable { source, .. } => {
                secret::needs_a_person(source)
            }
        }
    }
}

fn as_who(why: &std::io::Error) -> &'static str {
    match why.kind() {
        std::io::ErrorKind::PermissionDenied => {
            "; run this as the user of the service, as in `sudo -u xabar xabar …`"
        }
        _ => "",
    }
}

impl From<WrongField> for SettingsError {
    /// A field of the first newsletter.
    fn from(wrong: WrongField) -> Self {
        Self::Invalid {
            path: format!("newsletter.{}", wrong.field),
            why: wrong.why,
        }
    }
}

/// What kind of installation this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Makes up what is missing.
    Development,
    /// Refuses to.
    Production,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Reads a word, so that a wrong one is refused with those that there are.
fn word<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(String::deserialize(deserializer)?.into_deserializer())
}

/// Every setting. `config/default.toml` explains each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Settings {
    #[serde(deserialize_with = "word")]
    pub profile: Profile,
    pub secret_file: PathBuf,
    pub log: String,
    #[serde(deserialize_with = "word")]
    pub log_format: LogFormat,
    pub feedback_sender: FeedbackSender,
    pub database: Database,
    pub http: Http,
    pub metrics: Monitoring,
    pub traces: Traces,
    pub smtp: Smtp,
    pub relays: BTreeMap<String, FurtherRelay>,
    pub providers: BTreeMap<String, Provider>,
    pub dkim: Dkim,
    pub signup: SignupLimits,
    pub summary: Summary,
    pub fetch: Fetch,
    pub check: Check,
    pub worker: Worker,
    pub desk: Desk,
    pub pictures: Pictures,
    pub retention: Retention,
    pub newsletter: NewsletterInput,
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Database {
    pub url: String,
    pub connections: u32,
}

/// `[http]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Http {
    pub listen: ListenAddress,
    pub public_url: Url,
    #[serde(deserialize_with = "nets")]
    pub trusted_proxies: Vec<IpNet>,
    pub request_seconds: u64,
    pub max_connections: usize,
    pub max_connections_per_ip: usize,
    pub drain_seconds: u64,
    pub access_log: bool,
    pub body_limit: usize,
}

/// `[smtp]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Smtp {
    pub url: Url,
    pub connections: usize,
    pub messages_per_connection: u32,
    pub pipelining: bool,
    pub hello_name: String,
    pub trusted_certificates: PathBuf,
    pub oauth_token_file: PathBuf,
    pub oauth_token_command: String,
    pub return_path: String,
    pub weight: u32,
    pub per_second: f64,
    pub quota: i64,
    pub quota_hours: u32,
}

impl Smtp {
    /// What all workers together may send over this relay.
    #[must_use]
    pub fn limits(&self) -> Limits {
        limits(self.per_second, self.quota, self.quota_hours)
    }
}

/// `[relays.NAME]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FurtherRelay {
    pub url: Url,
    pub connections: Option<usize>,
    pub messages_per_connection: Option<u32>,
    pub pipelining: Option<bool>,
    pub hello_name: Option<String>,
    pub trusted_certificates: Option<PathBuf>,
    pub oauth_token_file: Option<PathBuf>,
    pub oauth_token_command: Option<String>,
    pub return_path: Option<String>,
    pub weight: Option<u32>,
    pub per_second: Option<f64>,
    pub quota: Option<i64>,
    pub quota_hours: Option<u32>,
}

/// `[providers.NAME]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Provider {
    pub domains: Vec<String>,
    #[serde(default)]
    pub per_second: f64,
    #[serde(default)]
    pub quota: i64,
    #[serde(default)]
    pub quota_hours: u32,
}

impl Provider {
    /// What all workers together may send to this provider.
    #[must_use]
    pub fn limits(&self) -> Limits {
        limits(self.per_second, self.quota, self.quota_hours)
    }
}

/// 0 means that there is no limit; a window without a length is a day.
fn limits(per_second: f64, quota: i64, quota_hours: u32) -> Limits {
    let hours = if quota_hours == 0 { 24 } else { quota_hours };
    Limits {
        per_second: Some(per_second).filter(|rate| *rate > 0.0),
        quota: Some(quota)
            .filter(|messages| *messages > 0)
            .map(|messages| Quota {
                messages,
                length: SignedDuration::from_hours(hours.into()),
            }),
    }
}

impl Settings {
    /// The name of the provider of each domain that the settings give one, in lower case.
    #[must_use]
    pub fn provider_by_domain(&self) -> HashMap<String, String> {
        let domains = self.providers.iter().flat_map(|(name, provider)| {
            let domains = provider.domains.iter();
            domains.map(|domain| (domain.to_ascii_lowercase(), name.clone()))
        });
        domains.collect()
    }

    /// All relays by name; `[smtp]` is `main`.
    #[must_use]
    pub fn all_relays(&self) -> Vec<(String, Smtp)> {
        let further = self.relays.iter().map(|(name, relay)| {
            let (relay, main) = (relay.clone(), &self.smtp);
            let smtp = Smtp {
                url: relay.url,
                connections: relay.connections.unwrap_or(main.connections),
                messages_per_connection: relay
                    .messages_per_connection
                    .unwrap_or(main.messages_per_connection),
                pipelining: relay.pipelining.unwrap_or(main.pipelining),
                hello_name: relay.hello_name.unwrap_or_else(|| main.hello_name.clone()),
                trusted_certificates: relay
                    .trusted_certificates
                    .unwrap_or_else(|| main.trusted_certificates.clone()),
                // Never given to another host than the one it is for.
                oauth_token_file: relay.oauth_token_file.unwrap_or_default(),
                oauth_token_command: relay.oauth_token_command.unwrap_or_default(),
                return_path: relay
                    .return_path
                    .unwrap_or_else(|| main.return_path.clone()),
                weight: relay.weight.unwrap_or(1),
                per_second: relay.per_second.unwrap_or_default(),
                quota: relay.quota.unwrap_or_default(),
                quota_hours: relay.quota_hours.unwrap_or_default(),
            };
            (name.clone(), smtp)
        });
        std::iter::once(("main".to_owned(), self.smtp.clone()))
            .chain(further)
            .collect()
    }
}

/// `[dkim]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Dkim {
    pub domain: String,
    pub selector: String,
    pub key_file: PathBuf,
    pub second_selector: String,
    pub second_key_file: PathBuf,
}

impl Dkim {
    /// The selectors and the files of their keys; none when nothing is to be signed.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &Path)> {
        let first = (self.selector.as_str(), self.key_file.as_path());
        let second = (
            self.second_selector.as_str(),
            self.second_key_file.as_path(),
        );
        [first, second]
            .into_iter()
            .filter(|(_, file)| !file.as_os_str().is_empty())
    }
}

/// `[worker]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Worker {
    pub batch: u32,
    pub lease_seconds: u32,
    pub grace_seconds: u64,
    pub retry_seconds: Vec<u32>,
    pub give_up_hours: u32,
    pub outbox_retry_seconds: Vec<u32>,
    pub outbox_give_up_hours: u32,
}

/// `[retention]`, in days; 0 keeps for ever.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Retention {
    pub unconfirmed_days: u32,
    pub ip_days: u32,
    pub mail_days: u32,
    pub reply_days: u32,
    pub delivery_days: u32,
    pub proof_days: u32,
    pub history_days: u32,
}

/// Networks; an address alone is the network of itself.
fn nets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    let net = |word: &String| {
        let alone = word.parse::<IpAddr>().map(IpNet::from);
        let net = alone.or_else(|_| word.parse::<IpNet>());
        net.map_err(|_| {
            D::Error::custom(format!(
                "`{word}` is no network; write 10.0.0.0/8 or 10.0.0.1"
            ))
        })
    };
    words.iter().map(net).collect()
}

#[cfg(test)]
mod tests {
    use super::Settings;

    /// The settings with these variables.
    pub(super) fn load(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let variables = variables
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Settings::from_sources(None, variables.collect()).map_err(|e| e.to_string())
    }
}
