//! Puts the parts together, for `main` and for the tests alike.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::{Dkim, Profile, Settings, SettingsError, SignupLimits};
use crate::deliver::EngineFailed;
use crate::dns::Dns;
use crate::domain::{DisposableDomains, LinkKey, NewsletterId};
use crate::fetch::Fetcher;
use crate::heartbeat::Heartbeats;
use crate::instance::{self, InstanceError};
use crate::links::Links;
use crate::mail::{DkimError, MailDomains, RelayError, Relays, Signer};
use crate::metrics::Metrics;
use crate::publish::{self, PublishError};
use crate::secret::{self, SecretError};
use crate::service::{Checks, Hold, Service};
use crate::store::{self, Store, StoreError};
use crate::web::Listener;
use crate::web::demo::Demo;
use crate::{monitoring, service_manager, web, worker};

/// Why the service did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A command was given where no service is.
    #[error(
        "there is no service here: {0} does not exist; set one up with `xabar migrate` or `xabar serve`, or name its settings with --config"
    )]
    NotSetUp(String),
    /// The key file.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An issue from before cannot be made findable.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The relay's settings.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The keys of DKIM.
    #[error(transparent)]
    Dkim(#[from] DkimError),
    /// The database is another one than before, or its key.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineFailed),
    /// The metrics. No setting can cause this.
    #[error("the metrics cannot be made; please report this: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The network.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: String,
        /// Why not.
        source: std::io::Error,
    },
}

/// Which parts of the service a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ServeRole {
    /// Pages, API and worker.
    All,
    /// Pages and API.
    Web,
    /// The worker.
    Worker,
}

impl ServeRole {
    /// The parts of the service that it runs.
    #[must_use]
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::All => &["web", "worker"],
            Self::Web => &["web"],
            Self::Worker => &["worker"],
        }
    }
}

/// Opens key and database, creates or upgrades the schema, and creates the first newsletter.
///
/// # Errors
/// Says what has to be mended.
pub async fn open(settings: Settings, clock: Clock) -> Result<Service, AppError> {
    let file = settings.secret_file.clone();
    let shown = file.display().to_string();
    let kept = secret::load(&file)?;
    if kept.is_none() && settings.profile == Profile::Production {
        return Err(SecretError::Missing(shown).into());
    }
    let store = Store::open(&settings.database.url, settings.database.connections).await?;
    store.migrate().await?;
    let key = match kept {
        Some(key) => key,
        None => instance::first_key(&store, &file, &clock).await?,
    };
    instance::check_key(&store, &key, &shown).await?;
    let service = assemble(settings, clock, key, store)?;
    begin_consent_chain(&service).await?;
    instance::recognize(&service).await?;
    create_first_newsletter(&service).await?;
    publish::make_all_findable(&service).await?;
    warn_of_foreign_senders(&service).await?;
    Ok(service)
}

/// Opens a service that was set up before, and creates nothing: neither key nor database, schema or
/// newsletter.
///
/// # Errors
/// When one of them is missing, or the schema is not that of this program.
pub async fn open_existing(settings: Settings, clock: Clock) -> Result<Service, AppError> {
    let file = &settings.secret_file;
    let Some(key) = secret::load(file)? else {
        let what = format!("the key {}", file.display());
        return Err(AppError::NotSetUp(what));
    };
    let (url, connections) = (&settings.database.url, settings.database.connections);
    let Some(store) = Store::open_existing(url, connections).await? else {
        return Err(AppError::NotSetUp("the database".to_owned()));
    };
    instance::check_key(&store, &key, &file.display().to_string()).await?;
    assemble(settings, clock, key, store)
}

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
    let checks = checks(&settings)?;
    let metrics = metrics(&settings, &store)?;
    Ok(Service {
        store,
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
        write_checked: Cache::builder()
            .time_to_live(monitoring::readiness::WRITE_COUNTS_FOR)
            .build(),
        hold: Hold::default(),
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
/// How many pictures are decoded at once: each may take a hundred megabytes.
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
    let thorough = Cache::builder().max_capacity(200).time_to_live(CHECKED_FOR);
    Ok(Checks {
        fetcher,
        dns,
        sent_links: Cache::new(100),
        thorough: thorough.build(),
        decoding: Arc::new(Semaphore::new(DECODED_AT_ONCE)),
    })
}

/// The first start after an upgrade takes in what was recorded before there was a chain.
async fn begin_consent_chain(service: &Service) -> Result<(), AppError> {
    let known = store::consent::audit::head(&mut service.store.read().await?).await?;
    if known.is_none() {
        let mut tx = service.store.write().await?;
        let (key, now) = (service.links.key(), service.clock.now());
        if store::consent::audit::begin(&mut tx, key, now).await? {
            tx.commit().await?;
        }
    }
    Ok(())
}

/// DMARC counts a signature only where its domain is the sender's or a parent of it.
async fn warn_of_foreign_senders(service: &Service) -> Result<(), AppError> {
    if service.signer.is_none() {
        return Ok(());
    }
    let domain = service.settings.dkim.domain.to_ascii_lowercase();
    for newsletter in store::newsletter::list(&mut service.store.read().await?).await? {
        let sender = newsletter.sender_address.domain();
        if sender != domain && !sender.ends_with(&format!(".{domain}")) {
            tracing::warn!(newsletter = %newsletter.slug, %domain, "the sender is not under dkim.domain: its signatures do not count for DMARC");
        }
    }
    Ok(())
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

async fn create_first_newsletter(service: &Service) -> Result<(), AppError> {
    let mut tx = service.store.write().await?;
    if store::newsletter::list(&mut tx).await?.is_empty() {
        let id = NewsletterId(service.clock.new_uuid());
        let first = service.settings.newsletter.to_newsletter(id);
        let first = first.map_err(SettingsError::from)?;
        match store::newsletter::insert(&mut tx, &first, service.clock.now()).await {
            Ok(()) => tx.commit().await?,
            // Another process that started at the same time was quicker.
            Err(StoreError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Listens on `address`.
///
/// # Errors
/// When the address is in use or not ours.
pub async fn listen(address: std::net::SocketAddr) -> Result<TcpListener, AppError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| AppError::Listen {
            address: address.to_string(),
            source,
        })
}

/// How long the connections to the database may take to close after the grace time.
const CLOSING: Duration = Duration::from_secs(1);

/// Runs the parts that `role` names until `stop`, then lets them finish for at most
/// `worker.grace_seconds`, whatever the database or a relay does.
///
/// # Errors
/// When the relay's settings make no sense, or a part has failed, which stops the others too.
pub async fn serve(
    service: Service,
    role: ServeRole,
    listener: Option<Listener>,
    demo: Option<Demo>,
    stop: CancellationToken,
) -> Result<(), AppError> {
    let relays = Relays::from_settings(&service.settings)?;
    let grace = Duration::from_secs(service.settings.worker.grace_seconds);
    let for_operators = listen_for_operators(&service).await?;
    let _watched = service_manager::watched(&service.heartbeats, &stop);
    let monitoring = async {
        if let Some(listener) = for_operators {
            let router = web::operators::router(service.clone());
            web::serve(listener, router, &service.settings.http, stop.clone()).await;
        }
    };
    let work = async {
        match role {
            ServeRole::Web => Ok(()),
            _ => worker::run(service.clone(), relays, stop.clone()).await,
        }
    };
    let pages = async {
        if let (ServeRole::All | ServeRole::Web, Some(listener)) = (role, listener) {
            web::serve(
                listener,
                web::router(service.clone(), demo),
                &service.settings.http,
                stop.clone(),
            )
            .await;
        }
    };
    let everything = async {
        let (worked, (), (), ()) = tokio::join!(
            work,
            pages,
            monitoring,
            service.store.forward_notifications(&stop)
        );
        service.store.close().await;
        worked
    };
    let limit = async {
        stop.cancelled().await;
        tokio::time::sleep(grace + CLOSING).await;
    };
    tokio::select! {
        ended = everything => Ok(ended?),
        () = limit => {
            tracing::warn!("the database did not answer within the grace time; ending without it");
            Ok(())
        }
    }
}

/// The listener that `metrics.listen` names.
async fn listen_for_operators(service: &Service) -> Result<Option<Listener>, AppError> {
    let Some(address) = &service.settings.metrics.listen else {
        return Ok(None);
    };
    let opened = Listener::bind(address)
        .await
        .and_then(|listener| Ok((listener.address()?, listener)));
    let (bound, listener) = opened.map_err(|source| AppError::Listen {
        address: address.to_string(),
        source,
    })?;
    tracing::info!(address = %bound, "listening for operators");
    Ok(Some(listener))
}
