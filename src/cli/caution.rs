//! Asking before a command does what cannot be undone.

use std::io::IsTerminal;

use clap::Args;
use dialoguer::Confirm;

use super::CliError;

/// Whether to ask first, or to do nothing at all.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Caution {
    /// Does not ask on a terminal.
    #[arg(long)]
    yes: bool,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl Caution {
    /// Asks a person at a terminal; a script that runs without one has decided already.
    ///
    /// # Errors
    /// When the answer is no, or cannot be read.
    pub(super) fn ask(self, question: &str) -> Result<(), CliError> {
        if self.yes || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Ok(());
        }
        let asked = Confirm::new().with_prompt(question).default(false);
        match asked.interact() {
            Ok(true) => Ok(()),
            Ok(false) => Err(CliError::Failed("nothing was done".to_owned())),
            Err(error) => Err(CliError::Failed(format!(
                "the answer cannot be read: {error}"
            ))),
        }
    }
}
