//! Asking before a command does what cannot be undone.

use std::fs::File;
use std::io::IsTerminal;
use std::path::Path;

use clap::Args;
use dialoguer::Confirm;

use super::CliError;

/// The terminal of the process, whatever standard input is; where answers come from then.
const TERMINAL: &str = "/dev/tty";

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
        self.ask_if(std::io::stdin().is_terminal(), question)
    }

    /// The same for a command that has read a file: where that was standard input, the terminal is asked directly.
    ///
    /// # Errors
    /// When the answer is no, or cannot be read.
    pub(super) fn ask_about_file(self, file: &Path, question: &str) -> Result<(), CliError> {
        let terminal = match file.as_os_str() == "-" {
            true => File::options()
                .read(true)
                .write(true)
                .open(TERMINAL)
                .is_ok(),
            false => std::io::stdin().is_terminal(),
        };
        self.ask_if(terminal, question)
    }

    fn ask_if(self, terminal: bool, question: &str) -> Result<(), CliError> {
        if self.yes || !terminal || !std::io::stderr().is_terminal() {
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
