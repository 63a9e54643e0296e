//! `xabar relay list|pause|resume`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::input::without_address;
use super::output::Output;
use crate::config::Smtp;
use crate::domain::{Actor, Scope, Throttle};
use crate::instance::relay_pause;
use crate::service::Service;
use crate::store::delivery::relay_pause::RelayPause;
use crate::store::delivery::{relay_pause as pauses, throttle};

#[derive(Debug, Subcommand)]
pub(super) enum Relays {
    /// Lists the relays of the settings, which are paused, and which have asked us to slow down. `xabar
    /// doctor` tries them.
    List,
    /// Lets no mail go over a relay. Others take over, or its mails wait and lose no attempt.
    Pause {
        /// Its name, as `list` shows it.
        name: String,
        /// Why, for those who look later.
        #[arg(long, value_name = "TEXT", default_value = relay_pause::BY_HAND, value_parser = without_address)]
        because: String,
    },
    /// Lets mails go over a relay again.
    Resume {
        /// Its name, as `list` shows it.
        name: String,
    },
}

impl Relays {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let relays = service.settings.all_relays();
        match self {
            Self::List => list(service, out, &relays).await,
            Self::Pause { name, because } => pause(service, out, &relays, &name, &because).await,
            Self::Resume { name } => resume(service, out, &relays, &name).await,
        }
    }
}

async fn list(service: &Service, out: Output, relays: &[(String, Smtp)]) -> Result<(), CliError> {
    let mut db = service.store.read().await?;
    let throttles = throttle::all(&mut db).await?;
    let paused = pauses::all(&mut db).await?;
    let of = |name: &str| {
        let is_it = |one: &&Throttle| one.scope == Scope::Relay && one.name == name;
        let pause = paused.iter().find(|pause| pause.relay == name);
        (throttles.iter().find(is_it), pause)
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

async fn pause(
    service: &Service,
    out: Output,
    relays: &[(String, Smtp)],
    name: &str,
    because: &str,
) -> Result<(), CliError> {
    known(relays, name)?;
    let is_new = relay_pause::pause(service, name, because, &Actor::CommandLine).await?;
    let paused = pauses::all(&mut service.store.read().await?).await?;
    let is_paused = |name: &str| paused.iter().any(|pause| pause.relay == name);
    let others = relays.iter().any(|(other, _)| !is_paused(other));
    let answer = json!({ "relay": name, "paused": true, "changed": is_new, "others": others });
    out.value(&answer, || {
        let what = match (is_new, others) {
            (false, _) => return format!("{name} was paused before"),
            (true, true) => "its mails go over the others",
            (true, false) => "no relay is left, and all mails wait",
        };
        format!("{name} is paused until `xabar relay resume {name}`: {what}. Mails that it is taking now still go out.")
    })
}

async fn resume(
    service: &Service,
    out: Output,
    relays: &[(String, Smtp)],
    name: &str,
) -> Result<(), CliError> {
    let was_paused = relay_pause::resume(service, name, &Actor::CommandLine).await?;
    if !was_paused {
        // It may have been paused before it was taken out of the settings.
        known(relays, name)?;
    }
    let answer = json!({ "relay": name, "paused": false, "changed": was_paused });
    out.value(&answer, || match was_paused {
        true => format!("{name} gets mails again"),
        false => format!("{name} was not paused"),
    })
}

fn known(relays: &[(String, Smtp)], name: &str) -> Result<(), CliError> {
    if relays.iter().any(|(other, _)| other == name) {
        return Ok(());
    }
    let names: Vec<&str> = relays.iter().map(|(name, _)| name.as_str()).collect();
    Err(CliError::Failed(format!(
        "there is no relay {name}; the settings have {}",
        names.join(", ")
    )))
}

/// Without user and password.
fn address(smtp: &Smtp) -> String {
    let host = smtp.url.host_str().unwrap_or_default();
    let port = smtp.url.port().map(|port| format!(":{port}"));
    format!("{}://{host}{}", smtp.url.scheme(), port.unwrap_or_default())
}

fn value(
    name: &str,
    smtp: &Smtp,
    (throttle, pause): (Option<&Throttle>, Option<&RelayPause>),
) -> Value {
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
        "paused_since": pause.map(|pause| pause.since),
        "paused_because": pause.map(|pause| &pause.because),
    })
}

fn line(
    name: &str,
    smtp: &Smtp,
    (throttle, pause): (Option<&Throttle>, Option<&RelayPause>),
) -> String {
    let slowed = throttle.and_then(|one| one.slowed.as_ref()).map_or_else(
        || "not slowed down".to_owned(),
        |slowed| format!("slowed to {} a second at {}", slowed.rate, slowed.at),
    );
    let paused = pause.map_or_else(String::new, |pause| {
        format!("\tpaused since {}: {}", pause.since, pause.because)
    });
    let (weight, connections) = (smtp.weight, smtp.connections);
    format!(
        "{name}\t{}\tweight {weight}, {connections} connections\t{slowed}{paused}",
        address(smtp)
    )
}
