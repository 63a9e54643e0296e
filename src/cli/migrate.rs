//! `xabar migrate`

use super::output::Output;
use super::{CliError, start_log};
use crate::app::{self, Upgrade};
use crate::clock::Clock;
use crate::config::Settings;

pub(super) async fn run(settings: Settings, out: Output) -> Result<(), CliError> {
    // Its log is how far an upgrade is.
    start_log(&settings, "warn,xabar::app=info")?;
    let upgrade = Upgrade::default();
    // Opening does it: `serve` too brings the schema up to date when it starts.
    let service = tokio::select! {
        opened = app::open_telling(settings, Clock::system(), &upgrade) => opened?,
        never = upgrade.tell() => match never {},
    };
    service.store.close().await;
    out.value(&serde_json::json!({ "schema": "current" }), || {
        "The schema is up to date.".to_owned()
    })
}
