//! `xabar key new`

use clap::Subcommand;

use super::output::Output;
use super::{CliError, start_quiet_log};
use crate::app::AppError;
use crate::clock::Clock;
use crate::config::Settings;
use crate::secret;
use crate::store::Store;

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Makes the key of a new installation, in the file that the setting secret_file names. It
    /// replaces no key, and makes none for a database that is in use.
    New,
}

impl Keys {
    pub(super) async fn run(self, settings: Settings, out: Output) -> Result<(), CliError> {
        start_quiet_log(&settings)?;
        let Self::New = self;
        let path = &settings.secret_file;
        let shown = path.display().to_string();
        if secret::load(path).map_err(AppError::from)?.is_some() {
            return Err(CliError::Failed(format!(
                "{shown} is a key already; the links in sent mails need it"
            )));
        }
        let (url, connections) = (&settings.database.url, settings.database.connections);
        if let Some(store) = Store::open_existing(url, connections).await? {
            store.close().await;
            return Err(CliError::Failed(format!(
                "the database is in use with another key; restore that key to {shown} from your backup"
            )));
        }
        secret::load_or_create(path, &Clock::system()).map_err(AppError::from)?;
        out.value(&serde_json::json!({ "secret_file": shown }), || {
            format!("The key is in {shown}. Back it up, apart from the database.")
        })
    }
}
