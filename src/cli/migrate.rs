//! `xabar migrate`

use super::output::Output;
use super::{CliError, open};
use crate::config::Settings;

pub(super) async fn run(settings: Settings, out: Output) -> Result<(), CliError> {
    // Opening does it: every process brings the schema up to date when it starts.
    let service = open(settings).await?;
    service.store.close().await;
    out.value(&serde_json::json!({ "schema": "current" }), || {
        "The schema is up to date.".to_owned()
    })
}
