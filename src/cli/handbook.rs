//! `xabar completions SHELL` and `xabar man FOLDER`: made from the same definitions as the commands.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::Output;
use super::{Cli, CliError};

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<(), CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "xabar", &mut script);
        Ok(std::io::Write::write_all(&mut std::io::stdout(), &script)?)
    }
}

#[derive(Debug, Args)]
pub(super) struct ManPages {
    /// The folder, such as /usr/local/share/man/man1; made if it is missing.
    folder: PathBuf,
}

impl ManPages {
    pub(super) fn run(&self, out: Output) -> Result<(), CliError> {
        let failed = |e: std::io::Error| {
            CliError::Failed(format!("cannot write to {}: {e}", self.folder.display()))
        };
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        clap_mangen::generate_to(Cli::command(), &self.folder).map_err(failed)?;
        let folder = self.folder.display().to_string();
        out.value(&serde_json::json!({ "folder": folder }), || {
            format!("The man pages are in {folder}.")
        })
    }
}
