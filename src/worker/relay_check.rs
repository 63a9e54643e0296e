//! Asks each relay at the start whether it lets us in and takes our envelope senders.

use std::collections::BTreeMap;

use crate::domain::OutboxId;
use crate::links::ReturnPath;
use crate::mail::Relays;
use crate::service::Service;
use crate::store::{self, StoreError};

/// Writes a warning for each relay that cannot be used as it is set up, so that an operator learns
/// it at the start and not from the first issue. No mail is sent.
pub(super) async fn check_relays(service: &Service, relays: &Relays) {
    let paths = match store::with_timeout(return_paths(service)).await {
        Ok(paths) => paths,
        Err(error) => {
            tracing::warn!(%error, "the relays were not checked");
            return;
        }
    };
    for relay in relays.all() {
        match relay.refused_senders(&paths).await {
            Ok(refused) => {
                for (newsletters, reply) in refused {
                    tracing::warn!(
                        relay = relay.name(),
                        newsletters,
                        code = reply.code,
                        said = reply.text,
                        "the relay refuses the envelope sender of our mails"
                    );
                }
            }
            Err(error) => {
                relay.could_not_be_used(&error);
            }
        }
    }
}

/// An envelope sender for each domain that newsletters write from, with their slugs.
async fn return_paths(service: &Service) -> Result<Vec<(String, ReturnPath)>, StoreError> {
    let newsletters = store::newsletter::list(&mut service.store.read().await?).await?;
    let mut by_domain = BTreeMap::<_, (Vec<_>, _)>::new();
    for newsletter in &newsletters {
        let id = OutboxId(service.clock.new_uuid());
        let path = service.links.outbox_return_path(newsletter, id);
        let (slugs, _) = by_domain
            .entry(path.domain.clone())
            .or_insert((Vec::new(), path));
        slugs.push(newsletter.slug.to_string());
    }
    let named = |(slugs, path): (Vec<String>, _)| (slugs.join(", "), path);
    Ok(by_domain.into_values().map(named).collect())
}
