//! What `xabar doctor` examines: whether this installation can do its work, and what mends it.
//!
//! Nothing is created or changed, and no mail is sent. Checks run side by side; each has a time limit,
//! and one that does not answer stops no other.

mod database;
mod greeting;
mod key;
mod pictures;
mod proxy;
mod public_url;
mod relays;
mod sender;
mod time_zones;
mod traces;
mod workers;

use std::fmt::Display;
use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;

use crate::app;
use crate::clock::Clock;
use crate::config::Settings;
use crate::dns::Dns;
use crate::domain::{EmailAddress, Newsletter, OutboxId};
use crate::links::ReturnPath;
use crate::mail::Relays;
use crate::service::Service;
use crate::store::{self, Store, StoreError};

/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// What mends a setting that makes no sense.
const CORRECT_SETTING: &str = "correct it in the file of --config or in the environment; config/default.toml explains each setting";

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Green,
    /// It works, and somebody should look at it; or it could not be examined.
    Yellow,
    /// It must be mended.
    Red,
}

impl Level {
    /// As a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What was examined, as in `spf`; never changes.
    pub check: &'static str,
    /// Which one, as in a domain or the name of a relay.
    pub about: String,
    /// How it is.
    pub level: Level,
    /// What was found.
    pub says: String,
    /// What mends it; none where it is green.
    pub mend: Option<String>,
}

impl Diagnosis {
    fn green(check: &'static str, about: &str, says: impl Display) -> Self {
        Self {
            check,
            about: about.to_owned(),
            level: Level::Green,
            says: says.to_string(),
            mend: None,
        }
    }

    fn yellow(check: &'static str, about: &str, says: impl Display, mend: impl Display) -> Self {
        Self {
            level: Level::Yellow,
            mend: Some(mend.to_string()),
            ..Self::green(check, about, says)
        }
    }

    fn red(check: &'static str, about: &str, says: impl Display, mend: impl Display) -> Self {
        Self {
            level: Level::Red,
            ..Self::yellow(check, about, says, mend)
        }
    }
}

/// Logs at the start of the service what should be mended, as far as the database tells.
///
/// # Errors
/// When the database cannot be used.
pub async fn warn_at_start(service: &Service) -> Result<(), StoreError> {
    let database = database::condition(service).await?;
    let pictures = pictures::without_a_bucket(service).await?;
    for one in database.into_iter().chain(pictures) {
        if one.level != Level::Green {
            let (check, says, mend) = (one.check, one.says, one.mend.unwrap_or_default());
            tracing::warn!(check, says, mend, "somebody should look at this");
        }
    }
    Ok(())
}

/// Settings that cannot be read: nothing else can be examined.
#[must_use]
pub fn unreadable_settings(why: &dyn Display) -> Vec<Diagnosis> {
    vec![Diagnosis::red("settings", "", why, CORRECT_SETTING)]
}

/// Examines everything. The relays are asked whether they take mails to the recipient, if there is one.
pub async fn examine(
    settings: Settings,
    clock: Clock,
    recipient: Option<&EmailAddress>,
) -> Vec<Diagnosis> {
    let (key, mut found) = key::examine(&settings);
    let (store, about_database) = database::examine(&settings, key.as_ref(), &clock).await;
    found.extend(about_database);
    let newsletters = newsletters(store.as_ref()).await;
    let service = match (key, &store) {
        (Some(key), Some(store)) => {
            let assembled = app::assemble(settings.clone(), clock.clone(), key, store.clone());
            assembled.map(Some)
        }
        _ => Ok(None),
    };
    let service = match service {
        Ok(service) => {
            found.insert(0, Diagnosis::green("settings", "", "they can be read"));
            service
        }
        Err(why) => {
            found.splice(0..0, unreadable_settings(&why));
            None
        }
    };
    found.extend(outside(&settings, &clock, service.as_ref(), &newsletters, recipient).await);
    if let Some(store) = store {
        store.close().await;
    }
    found
}

/// What other machines say.
async fn outside(
    settings: &Settings,
    clock: &Clock,
    service: Option<&Service>,
    newsletters: &[Newsletter],
    recipient: Option<&EmailAddress>,
) -> Vec<Diagnosis> {
    let relays = match Relays::from_settings(settings) {
        Ok(relays) => relays,
        Err(why) => return unreadable_settings(&why),
    };
    let dns = match Dns::asking(&settings.signup.dns_servers) {
        Ok(dns) => dns,
        Err(why) => {
            let mend = "correct `signup.dns_servers`";
            return vec![Diagnosis::red("dns", "", why, mend)];
        }
    };
    let paths = service.map_or_else(Vec::new, |service| return_paths(service, newsletters));
    let (relays_say, greeting, sender, public, pictures, traces) = tokio::join!(
        relays::examine(&relays, settings, &paths, recipient, clock.now()),
        within("ehlo", greeting::examine(&relays, settings, &dns)),
        sender::examine(service, newsletters, &relays, &paths),
        within("public-url", public_url::examine(settings, service)),
        within("pictures", pictures::examine(service)),
        within("traces", traces::examine(&settings.traces)),
    );
    let zones = time_zones::examine(newsletters, clock.now());
    [
        relays_say, greeting, sender, public, pictures, traces, zones,
    ]
    .concat()
}

/// One envelope sender for each newsletter.
fn return_paths(service: &Service, newsletters: &[Newsletter]) -> Vec<(String, ReturnPath)> {
    let path = |newsletter: &Newsletter| {
        let id = OutboxId(service.clock.new_uuid());
        let path = service.links.outbox_return_path(newsletter, id);
        (newsletter.slug.to_string(), path)
    };
    newsletters.iter().map(path).collect()
}

/// None where the database cannot be used: that was told.
async fn newsletters(store: Option<&Store>) -> Vec<Newsletter> {
    let Some(store) = store else {
        return Vec::new();
    };
    let read = async { store::newsletter::list(&mut store.read().await?).await };
    match timeout(PATIENCE, read).await {
        Ok(Ok(newsletters)) => newsletters,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the newsletters cannot be read");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}

/// What a check found, or that it did not end in time.
async fn within(check: &'static str, work: impl Future<Output = Vec<Diagnosis>>) -> Vec<Diagnosis> {
    let late = || {
        let says = format!("no answer within {} seconds", PATIENCE.as_secs());
        let mend = "see whether the network lets this machine out, and run it again";
        vec![Diagnosis::red(check, "", says, mend)]
    };
    timeout(PATIENCE, work).await.unwrap_or_else(|_| late())
}
