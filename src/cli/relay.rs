//! `xabar relay list`

use clap::Subcommand;
use serde_json::{Value, json};

use super::output::Output;
use super::{CliError, open};
use crate::config::{Settings, Smtp};
use crate::domain::{Scope, Throttle};
use crate::store::delivery::throttle;

#[derive(Debug, Subcommand)]
pub(super) enum Relays {
    /// Lists the relays of the settings, and which have asked us to slow down. `xabar doctor` tries them.
    List,
}

impl Relays {
    pub(super) async fn run(self, settings: Settings, out: Output) -> Result<(), CliError> {
        let relays = settings.all_relays();
        let service = open(settings).await?;
        let Self::List = self;
        let throttles = throttle::all(&mut service.store.read().await?).await?;
        let of = |name: &str| {
            let is_it = |one: &&Throttle| one.scope == Scope::Relay && one.name == name;
            throttles.iter().find(is_it)
        };
        let all: Vec<Value> = relays
            .iter()
            .map(|(name, smtp)| value(name, smtp, of(name)))
            .collect();
        out.value(&all, || {
            let lines = relays.iter().map(|(name, smtp)| line(name, smtp, of(name)));
            lines.collect::<Vec<_>>().join("\n")
        })
    }
}

/// Without user and password.
fn address(smtp: &Smtp) -> String {
    let host = smtp.url.host_str().unwrap_or_default();
    let port = smtp.url.port().map(|port| format!(":{port}"));
    format!("{}://{host}{}", smtp.url.scheme(), port.unwrap_or_default())
}

fn value(name: &str, smtp: &Smtp, throttle: Option<&Throttle>) -> Value {
    let slowed = throttle.and_then(|one| one.slowed.as_ref());
    json!({
        "name": name,
        "address": address(smtp),
        "weight": smtp.weight,
        "connections": smtp.connections,
        "per_second": smtp.limits().per_second,
        "quota": smtp.limits().quota.map(|quota| quota.messages),
        "quota_used": throttle.and_then(|one| one.window).map(|(_, used)| used),
        "slowed_to_per_second": slowed.map(|slowed| slowed.rate),
        "slowed_at": slowed.map(|slowed| slowed.at),
    })
}

fn line(name: &str, smtp: &Smtp, throttle: Option<&Throttle>) -> String {
    let slowed = throttle.and_then(|one| one.slowed.as_ref()).map_or_else(
        || "not slowed down".to_owned(),
        |slowed| format!("slowed to {} a second at {}", slowed.rate, slowed.at),
    );
    let (weight, connections) = (smtp.weight, smtp.connections);
    format!(
        "{name}\t{}\tweight {weight}, {connections} connections\t{slowed}",
        address(smtp)
    )
}
