//! The reader's choices.

use std::net::IpAddr;

use super::{LinkError, Membership, membership};
use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, CountrySet, Language, Purpose, SubscriptionState,
};
use crate::service::Service;
use crate::store;
use crate::texts;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// Whose choices.
    pub membership: Membership,
    /// The way out.
    pub unsubscribe_link: String,
}

/// The choices behind the link.
///
/// # Errors
/// When the link is not genuine, or the subscription has ended.
pub async fn look_at_preferences(service: &Service, token: &str) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut db = service.store.read().await?;
    open(service, membership(&mut db, token.subscription).await?)
}

/// Saves language and countries, and records the change.
///
/// # Errors
/// When the link is not genuine, or the subscription has ended.
pub async fn choose(
    service: &Service,
    token: &str,
    language: Language,
    countries: CountrySet,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut tx = service.store.write().await?;
    let mut found = membership(&mut tx, token.subscription).await?;
    let subscription = &mut found.subscription;
    if subscription.state == SubscriptionState::Ended {
        return Err(LinkError::Gone);
    }
    if (subscription.language, subscription.countries) != (language, countries) {
        store::subscription::choose(&mut tx, subscription.id, language, countries).await?;
        let wording = texts::action_wording(language, "preferences-button");
        let event = ConsentEvent {
            subscription: subscription.id,
            address_hash: service.links.address_hash(&subscription.address),
            kind: ConsentKind::Changed,
            method: ConsentMethod::Page,
            at: service.clock.now(),
            wording: wording.wording,
            wording_version: wording.version,
            language,
            page: page.to_owned(),
            ip,
        };
        store::consent::append(&mut tx, service.links.key(), &[event]).await?;
        tx.commit().await?;
        (subscription.language, subscription.countries) = (language, countries);
    }
    open(service, found)
}

fn open(service: &Service, membership: Membership) -> Result<Preferences, LinkError> {
    let subscription = &membership.subscription;
    if subscription.state == SubscriptionState::Ended {
        return Err(LinkError::Gone);
    }
    let unsubscribe_link =
        service
            .links
            .personal(Purpose::Unsubscribe, subscription.id, service.clock.now());
    Ok(Preferences {
        membership,
        unsubscribe_link,
    })
}
