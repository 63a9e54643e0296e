//! The command line: one file a command. [`on_service`] opens and closes the service for most of them.

mod audit;
mod backup;
mod caution;
mod consent;
mod demo;
mod doctor;
mod editor;
mod handbook;
mod hold;
mod import;
mod input;
mod issue;
mod key;
mod migrate;
mod newsletter;
mod on_service;
mod outbox;
mod output;
mod picture;
mod queue;
mod relay;
mod retention;
mod serve;
mod signups;
mod subscriber;
mod suppression;
mod text;
mod throttle;
mod token;
mod workers;

use std::io;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::accounts::Refused;
use crate::app::AppError;
use crate::config::{SETTINGS_FILE_VARIABLE, Settings, SettingsError};
use crate::deliver::ByHandError;
use crate::publish::PublishError;
use crate::store::StoreError;
use crate::telemetry;
use on_service::OnService;
use output::Output;

/// A self-hosted newsletter service.
#[derive(Debug, Parser)]
#[command(
    name = "xabar",
    version,
    propagate_version = true,
    about,
    arg_required_else_help = true
)]
struct Cli {
    /// A settings file, read after the defaults and before the environment.
    #[arg(long, global = true, value_name = "FILE", env = SETTINGS_FILE_VARIABLE)]
    config: Option<PathBuf>,
    /// Print JSON where a program may read the output.
    #[arg(long, global = true)]
    json: bool,
    /// Log more: -v for debug, -vv for trace.
    #[arg(short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything in one process on an embedded database; mails are caught and shown at /mailbox.
    Demo(demo::Demo),
    /// The service.
    Serve(serve::Serve),
    /// Creates or upgrades the schema.
    Migrate,
    /// Restores a backup where no database is; nothing is sent then until `resume --all`.
    Restore(backup::Restore),
    /// The key of the links in mails.
    #[command(subcommand)]
    Key(key::Keys),
    /// Examines settings, key, database, relays and DNS records, and says what mends them.
    Doctor(doctor::Doctor),
    #[command(flatten)]
    OnService(OnService),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints what a shell needs to complete commands and options.
    Completions(handbook::Completions),
    /// Writes the man pages into a folder, one for each command.
    Man(handbook::ManPages),
}

/// As clap has it.
const WRONG_USAGE: u8 = 2;
/// EX_CONFIG of sysexits.h: the units do not start the service again.
const NEEDS_A_PERSON: u8 = 78;

/// Why a command failed. One clear line on standard error, exit status 1, or 78 where the same command fails again
/// until settings, secrets or `database.url` are mended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("cannot read {path}: {why}")]
    File { path: String, why: String },
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<Refused> for CliError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Store(error) => error.into(),
            refused => Self::Failed(refused.to_string()),
        }
    }
}

impl From<ByHandError> for CliError {
    fn from(error: ByHandError) -> Self {
        match error {
            ByHandError::Store(error) => error.into(),
            refused => Self::Failed(refused.to_string()),
        }
    }
}

impl From<SettingsError> for CliError {
    fn from(error: SettingsError) -> Self {
        Self::App(error.into())
    }
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let out = Output { json: cli.json };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all();
    // One core is left to who works for us: SQLite's thread, PostgreSQL, the relay. To wake one another costs
    // threads more than a second one gains on a small machine (docs/MEASUREMENTS.md).
    if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        builder.worker_threads(cores.saturating_sub(1).max(1));
    }
    let runtime = match builder.build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(out, &error.into()),
    };
    let outcome = runtime.block_on(run(cli, out));
    // A thread that waits for a silent disk or host must not keep the process alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => fail(out, &error),
    }
}

/// Says what is wrong with the command line as clap does, or as JSON where that was asked for. Help and version, which
/// clap also takes for errors, are printed as they are.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|arg| arg == "--json");
    if !json || !error.use_stderr() {
        error.exit();
    }
    let said = match error.kind() {
        // The text would be the whole help, or a list of all commands.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "a command is missing; try '--help'".to_owned()
        }
        _ => {
            let said = error.render().to_string();
            let words: Vec<&str> = said
                .split_whitespace()
                .skip_while(|w| *w == "error:")
                .collect();
            words.join(" ")
        }
    };
    Output { json }.error(&said);
    ExitCode::from(WRONG_USAGE)
}

fn fail(out: Output, error: &CliError) -> ExitCode {
    out.error(&error.to_string());
    match error {
        CliError::App(error) if error.needs_a_person() => ExitCode::from(NEEDS_A_PERSON),
        _ => ExitCode::FAILURE,
    }
}

async fn run(cli: Cli, out: Output) -> Result<(), CliError> {
    let load = || -> Result<Settings, SettingsError> {
        let mut settings = Settings::load(cli.config.as_deref())?;
        match cli.verbose {
            0 => {}
            1 => settings.log = "info,xabar=debug".to_owned(),
            _ => settings.log = "debug,xabar=trace".to_owned(),
        }
        Ok(settings)
    };
    match cli.command {
        Command::Openapi => out.document(&crate::web::openapi()),
        Command::Completions(completions) => completions.run(),
        Command::Man(pages) => pages.run(out),
        // It says itself what is wrong with the settings.
        Command::Doctor(doctor) => doctor.run(Settings::load(cli.config.as_deref()), out).await,
        Command::Demo(demo) => demo.run(load()?, out).await,
        Command::Serve(serve) => serve.run(load()?, out).await,
        Command::Migrate => migrate::run(load()?, out).await,
        Command::Restore(restore) => restore.run(load()?, out).await,
        Command::Key(command) => command.run(load()?, out).await,
        Command::OnService(command) => command.open_and_run(load()?, out).await,
    }
}

/// A command's output is for its caller; only trouble is logged beside it.
fn start_quiet_log(settings: &Settings) -> Result<(), CliError> {
    start_log(settings, "warn")
}

/// Starts the log with another default.
fn start_log(settings: &Settings, default: &str) -> Result<(), CliError> {
    let level = match settings.log.as_str() {
        "info" => default,
        chosen => chosen,
    };
    Ok(telemetry::start(level, settings.log_format)?)
}
