//! Makes a service from settings, key and database.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio_util::sync::CancellationToken;

use super::AppError;
use crate::bucket::Bucket;
use crate::clock::Clock;
use crate::config::{Dkim, Settings, SettingsError, SignupLimits};
use crate::dns::Dns;
use crate::domain::{DisposableDomains, LinkKey, WorkerId};
use crate::fetch::Fetcher;
use crate::heartbeat::Heartbeats;
use crate::heavy_work::HeavyWork;
use crate::links::Links;
use crate::mail::{MailDomains, Signer};
use crate::metrics::Metrics;
use crate::service::{Checks, Hold, Service};
use crate::store::Store;
use crate::{monitoring, secret};

/// Puts together what was opened.
///
/// # Errors
/// When the settings name files or servers that cannot be used.
pub(crate) fn assemble(
    settings: Settings,
    clock: Clock,
    key: LinkKey,
    store: Store,
) -> Result<Service, AppError> {
    let links = Links::new(&settings.http.public_url, key);
    let signer = signer(&settings.dkim)?;
    let disposable = disposable(&settings.signup)?;
    let mail_domains = mail_domains(&settings.signup)?;
    let bucket = Bucket::from_settings(&settings.pictures)?;
    let checks = checks(&settings)?;
    let metrics = metrics(&settings, &store)?;
    Ok(Service {
        store,
        worker: WorkerId::new(clock.new_uuid()),
        clock,
        signer,
        links: Arc::new(links),
        settings: Arc::new(settings),
        newsletters: Arc::default(),
        audiences: Arc::default(),
        reader_figures: Arc::default(),
        attack: Arc::default(),
        signups_in_flight: Arc::default(),
        disposable: Arc::new(disposable),
        mail_domains: mail_domains.map(Arc::new),
        signups: Arc::default(),
        draining: CancellationToken::new(),
        stopping: CancellationToken::new(),
        write_checked: Cache::builder()
            .time_to_live(monitoring::readiness::WRITE_COUNTS_FOR)
            .build(),
        hold: Hold::default(),
        bucket: bucket.map(Arc::new),
        checks: Arc::new(checks),
        heartbeats: Heartbeats::default(),
        metrics: Arc::new(metrics),
        database_figures: Cache::builder().time_to_live(monitoring::KEPT_FOR).build(),
    })
}

fn metrics(settings: &Settings, store: &Store) -> Result<Metrics, AppError> {
    let relays = settings.all_relays();
    let relays = relays.iter().map(|(name, _)| name.as_str());
    let providers = settings.providers.keys().map(String::as_str);
    let metrics = Metrics::new(relays, providers)?;
    store.time_commits(metrics.commit_seconds.clone());
    Ok(metrics)
}

/// How long what takes long to check is remembered.
const CHECKED_FOR: Duration = Duration::from_secs(600);
/// How many pictures are decoded at once: each may take half a gigabyte.
const DECODED_AT_ONCE: usize = 2;

fn checks(settings: &Settings) -> Result<Checks, AppError> {
    let dns = Dns::asking(&settings.signup.dns_servers).map_err(|why| {
        let path = "signup.dns_servers".to_owned();
        let why = why.to_string();
        AppError::Settings(SettingsError::Invalid { path, why })
    })?;
    let agent = format!(
        "Xabar/{} (+{})",
        env!("CARGO_PKG_VERSION"),
        settings.http.public_url
    );
    let fetcher = Fetcher::new(&settings.fetch, dns.clone(), agent);
    let asked = Cache::builder().max_capacity(200).time_to_live(CHECKED_FOR);
    Ok(Checks {
        fetcher,
        dns,
        sent: Cache::new(100),
        asked: asked.build(),
        decoding: HeavyWork::new(DECODED_AT_ONCE),
    })
}

fn signer(dkim: &Dkim) -> Result<Option<Signer>, AppError> {
    let read = |(selector, file)| Ok((selector, secret::read(file)?));
    let keys: Result<Vec<_>, AppError> = dkim.keys().map(read).collect();
    let keys = keys?;
    if keys.is_empty() {
        return Ok(None);
    }
    Ok(Some(Signer::new(&dkim.domain, keys)?))
}

fn disposable(signup: &SignupLimits) -> Result<DisposableDomains, AppError> {
    let file = &signup.disposable_domains;
    if file.as_os_str().is_empty() {
        return Ok(DisposableDomains::default());
    }
    match std::fs::read_to_string(file) {
        Ok(list) => Ok(DisposableDomains::parse(&list)),
        Err(why) => Err(AppError::Settings(SettingsError::Invalid {
            path: "signup.disposable_domains".to_owned(),
            why: format!("{} cannot be read: {why}", file.display()),
        })),
    }
}

fn mail_domains(signup: &SignupLimits) -> Result<Option<MailDomains>, AppError> {
    if !signup.check_mx {
        return Ok(None);
    }
    match MailDomains::asking(&signup.dns_servers) {
        Ok(domains) => Ok(Some(domains)),
        Err(why) => Err(AppError::Settings(SettingsError::Invalid {
            path: "signup.check_mx".to_owned(),
            why: format!("the DNS cannot be asked, see also signup.dns_servers: {why}"),
        })),
    }
}
