//! Opens key and database.

use tracing::{Instrument, debug_span};

use super::{AppError, Upgrade, assemble};
use crate::clock::Clock;
use crate::config::{Profile, Settings, SettingsError};
use crate::domain::NewsletterId;
use crate::instance;
use crate::publish;
use crate::secret::{self, SecretError};
use crate::service::Service;
use crate::store::{self, Store, StoreError};

/// Opens key and database, creates or upgrades the schema, and creates the first newsletter.
///
/// # Errors
/// Says what has to be mended.
pub async fn open(settings: Settings, clock: Clock) -> Result<Service, AppError> {
    open_telling(settings, clock, &Upgrade::default()).await
}

/// Like [`open`]; `upgrade` tells meanwhile what is being upgraded.
///
/// # Errors
/// Those of [`open`].
pub async fn open_telling(
    settings: Settings,
    clock: Clock,
    upgrade: &Upgrade,
) -> Result<Service, AppError> {
    let file = settings.secret_file.clone();
    let shown = file.display().to_string();
    let kept = secret::load(&file)?;
    if kept.is_none() && settings.profile == Profile::Production {
        return Err(SecretError::Missing(shown).into());
    }
    let store = Store::open(&settings.database.url, settings.database.connections).await?;
    let migrating = store.migrate(|step| upgrade.migrates(&step));
    migrating.instrument(debug_span!("migrate")).await?;
    warn_of_newer_schema(&store).await?;
    let key = match kept {
        Some(key) => key,
        None => instance::first_key(&store, &file, &clock).await?,
    };
    instance::check_key(&store, &key, &shown).await?;
    let service = assemble(settings, clock, key, store)?;
    instance::recognize(&service).await?;
    // The key is known from here on, also when this is interrupted.
    complete_consent_chain(&service, upgrade).await?;
    create_first_newsletter(&service).await?;
    publish::make_all_findable(&service, |done| {
        upgrade.does(format!(
            "issues become findable in the archive: {done} done"
        ));
    })
    .await?;
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
    let shown = file.display().to_string();
    let opened = async {
        instance::check_key(&store, &key, &shown).await?;
        assemble(settings, clock, key, store.clone())
    }
    .await;
    if opened.is_err() {
        store.close().await;
    }
    opened
}

/// The first start after an upgrade takes in what was recorded before there was a chain.
async fn complete_consent_chain(service: &Service, upgrade: &Upgrade) -> Result<(), AppError> {
    let key = service.links.key();
    if store::consent::audit::is_complete(&mut service.store.read().await?, key).await? {
        return Ok(());
    }
    loop {
        let mut tx = service.store.write().await?;
        let taken = store::consent::audit::take_in(&mut tx, key, service.clock.now()).await?;
        tx.commit().await?;
        if taken.complete {
            return Ok(());
        }
        upgrade.does(format!(
            "the record of consent becomes a chain: event {} of {}",
            taken.event, taken.last
        ));
    }
}

/// A newer program has upgraded the schema, which bears this one.
async fn warn_of_newer_schema(store: &Store) -> Result<(), AppError> {
    let (found, known) = (
        store::schema_version(&mut store.read().await?).await?,
        store::newest_schema_version(),
    );
    if found > known {
        tracing::warn!(
            found,
            known,
            "a newer xabar has upgraded the database; this one works beside it until you upgrade it too"
        );
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
