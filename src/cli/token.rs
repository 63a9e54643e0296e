//! `xabar token add`

use clap::Subcommand;

use super::output::Output;
use super::{CliError, open};
use crate::accounts;
use crate::config::Settings;
use crate::domain::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Tokens {
    /// Makes a token and prints it, once, alone on standard output.
    Add {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// viewer, editor or owner.
        #[arg(long, value_parser = |word: &str| word.parse::<Role>())]
        role: Role,
    },
}

impl Tokens {
    pub(super) async fn run(self, settings: Settings, out: Output) -> Result<(), CliError> {
        let Self::Add { name, role } = self;
        if name.trim().is_empty() {
            return Err(CliError::Failed(
                "a token needs a name that says what it is for".into(),
            ));
        }
        let service = open(settings).await?;
        let token = accounts::add_token(&service, &name, role).await?;
        out.value(
            &serde_json::json!({ "token": token, "name": name, "role": role }),
            || token.clone(),
        )
    }
}
