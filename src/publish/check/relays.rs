//! Whether the relays can be used.

use std::time::Duration;

use tokio::time::timeout;

use crate::domain::{Finding, FindingCode, FindingPlace, Newsletter, OutboxId, without_addresses};
use crate::mail::Relays;
use crate::service::Service;

/// How long an editor waits for a relay. A mail waits longer.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn check(service: &Service, newsletter: &Newsletter) -> Vec<Finding> {
    let place = FindingPlace::Delivery;
    let down = |relay: &str, why: &dyn std::fmt::Display| {
        let finding = Finding::warning(FindingCode::RelayDown, place).with("relay", relay);
        finding.with("said", without_addresses(&why.to_string()))
    };
    let relays = match Relays::from_settings(&service.settings) {
        Ok(relays) => relays,
        Err(error) => return vec![down("smtp", &error)],
    };
    let id = OutboxId(service.clock.new_uuid());
    let path = service.links.outbox_return_path(newsletter, id);
    let path = [(newsletter.slug.to_string(), path)];
    let mut found = Vec::new();
    for relay in relays.all() {
        match timeout(PATIENCE, relay.refused_senders(&path)).await {
            Err(_) => found.push(down(relay.name(), &"no answer in time")),
            Ok(Ok(refused)) => found.extend(refused.into_iter().map(|(_, reply)| {
                let finding = Finding::warning(FindingCode::RelayRefuses, place);
                let finding = finding.with("relay", relay.name());
                let said = format!("{} {}", reply.code, without_addresses(&reply.text));
                finding.with("said", said)
            })),
            Ok(Err(error)) => found.push(down(relay.name(), &error)),
        }
    }
    found
}
