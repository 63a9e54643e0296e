//! `xabar migrate`

use super::output::Output;
use super::{CliError, start_quiet_log};
use crate::app;
use crate::clock::Clock;
use crate::config::Settings;

pub(super) async fn run(settings: Settings, out: Output) -> Result<(), CliError> {
    // Opening does it: `serve` too brings the schema up to date when it starts.
    start_quiet_log(&settings)?;
    let service = app::open(settings, Clock::system()).await?;
    service.store.close().await;
    out.value(&serde_json::json!({ "schema": "current" }), || {
        "The schema is up to date.".to_owned()
    })
}
