//! Asks each relay at the start whether it lets us in and takes our envelope senders.

use std::collections::BTreeMap;

use crate::domain::{OutboxId, Reply};
use crate::links::ReturnPath;
use crate::mail::{Relay, RelayError, Relays};
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
        match check(relay, &paths).await {
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
                tracing::warn!(relay = relay.name(), %error, "the relay cannot be used");
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

/// The envelope senders that a relay refuses for good; a 4xx may be over by the first mail.
async fn check(
    relay: &Relay,
    paths: &[(String, ReturnPath)],
) -> Result<Vec<(String, Reply)>, RelayError> {
    let mut connection = relay.connect().await?;
    let mut refused = Vec::new();
    for (newsletters, path) in paths {
        match connection.check_sender(path).await {
            Err(reply) if reply.code >= 500 => refused.push((newsletters.clone(), reply)),
            Err(reply) => tracing::debug!(
                relay = relay.name(),
                code = reply.code,
                "the relay does not take our envelope sender for now"
            ),
            Ok(()) => {}
        }
        if !connection.is_usable() {
            break;
        }
    }
    connection.quit().await;
    Ok(refused)
}
