//! `xabar throttle list|reset`: rates of relays and providers after a request to slow down.

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::output::Output;
use crate::deliver;
use crate::domain::{Actor, Scope, Throttle};
use crate::service::Service;
use crate::store::delivery::throttle;

#[derive(Debug, Subcommand)]
pub(super) enum Throttles {
    /// Lists relays and providers that have a rate or a quota at the moment.
    List,
    /// Forgets that one has asked us to slow down. Limits of the settings and what was used of a quota stay.
    Reset {
        /// relay or provider.
        #[arg(value_parser = str::parse::<Scope>)]
        scope: Scope,
        /// Its name, as `list` shows it.
        name: String,
    },
}

impl Throttles {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::List => {
                let mut all = throttle::all(&mut service.store.read().await?).await?;
                all.sort_by(|a, b| (a.scope, &a.name).cmp(&(b.scope, &b.name)));
                let values: Vec<Value> = all.iter().map(value).collect();
                out.value(&values, || {
                    all.iter().map(line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::Reset { scope, name } => {
                deliver::reset_throttle(service, scope, &name, &Actor::CommandLine).await?;
                out.value(
                    &json!({ "reset": { "scope": scope, "name": name } }),
                    || format!("the {scope} {name} is no longer slowed down"),
                )
            }
        }
    }
}

fn value(one: &Throttle) -> Value {
    json!({
        "scope": one.scope,
        "name": one.name,
        "slowed_to_per_second": one.slowed.as_ref().map(|slowed| slowed.rate),
        "slowed_at": one.slowed.as_ref().map(|slowed| slowed.at),
        "quota_window_began_at": one.window.map(|(at, _)| at),
        "quota_used": one.window.map(|(_, used)| used),
    })
}

fn line(one: &Throttle) -> String {
    let slowed = one.slowed.as_ref().map_or_else(
        || "not slowed down".to_owned(),
        |slowed| format!("slowed to {} a second at {}", slowed.rate, slowed.at),
    );
    let quota = one.window.map_or_else(
        || "no quota in use".to_owned(),
        |(at, used)| format!("{used} of its quota since {at}"),
    );
    format!("{}\t{}\t{slowed}\t{quota}", one.scope, one.name)
}
