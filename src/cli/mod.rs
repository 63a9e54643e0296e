//! The command line: one file a command.

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

use std::io::ErrorKind;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::accounts::Refused;
use crate::app::{self, AppError};
use crate::clock::Clock;
use crate::config::{Settings, SettingsError};
use crate::publish::PublishError;
use crate::service::Service;
use crate::store::StoreError;
use crate::telemetry;
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
    #[arg(long, global = true, value_name = "FILE")]
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
    /// Copies the database into a folder, while it is used.
    Backup(backup::Backup),
    /// Restores a backup where no database is; nothing is sent then until `resume --all`.
    Restore(backup::Restore),
    /// Keeps everything from being sent.
    Pause(hold::Pause),
    /// Lets sending go on.
    Resume(hold::Resume),
    /// The key of the links in mails.
    #[command(subcommand)]
    Key(key::Keys),
    /// Examines settings, key, database, relays and DNS records, and says what mends them.
    Doctor(doctor::Doctor),
    /// Newsletters.
    #[command(subcommand)]
    Newsletter(newsletter::Newsletters),
    /// Editors: people who sign in at the desk.
    #[command(subcommand)]
    Editor(editor::Editors),
    /// The audit log: who did what.
    #[command(subcommand)]
    Audit(audit::Audits),
    /// API tokens.
    #[command(subcommand)]
    Token(token::Tokens),
    /// Issues: write, send, stop, watch.
    #[command(subcommand)]
    Issue(issue::Issues),
    /// Pictures of issues: where they are kept.
    #[command(subcommand)]
    Picture(picture::Pictures),
    /// What waits to be sent, by issue and state, and the mails of the outbox.
    Queue,
    /// The processes that send mails, and what each of them holds or has left behind.
    Workers,
    /// The SMTP servers that take our mails.
    #[command(subcommand)]
    Relay(relay::Relays),
    /// Transactional mails that wait or were given up.
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// Rates of relays and providers that asked us to slow down.
    #[command(subcommand)]
    Throttle(throttle::Throttles),
    /// Takes in active subscribers with proof of consent from a CSV file.
    Import(import::Import),
    /// The record of consent.
    #[command(subcommand)]
    Consent(consent::Consents),
    /// Single readers: what is held of them, and erasing it.
    #[command(subcommand)]
    Subscriber(subscriber::Subscribers),
    /// Addresses that must not be mailed.
    #[command(subcommand)]
    Suppression(suppression::Suppressions),
    /// Sign-ups.
    #[command(subcommand)]
    Signups(signups::Signups),
    /// What was removed in its time.
    #[command(subcommand)]
    Retention(retention::Retention),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints what a shell needs to complete commands and options.
    Completions(handbook::Completions),
    /// Writes the man pages into a folder, one for each command.
    Man(handbook::ManPages),
}

/// Why a command failed. One clear line on standard error, exit status 1.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error("cannot read {path}: {why}")]
    File { path: String, why: String },
    #[error("cannot write to standard output: {0}")]
    Output(#[from] std::io::Error),
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

impl From<SettingsError> for CliError {
    fn from(error: SettingsError) -> Self {
        Self::App(error.into())
    }
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
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
        Err(CliError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(out, &error),
    }
}

fn fail(out: Output, error: &CliError) -> ExitCode {
    out.error(&error.to_string());
    ExitCode::FAILURE
}

async fn run(cli: Cli, out: Output) -> Result<(), CliError> {
    // These need no settings.
    match &cli.command {
        Command::Openapi => return out.document(&crate::web::openapi()),
        Command::Completions(completions) => return completions.run(),
        Command::Man(pages) => return pages.run(out),
        _ => {}
    }
    let loaded = Settings::load(cli.config.as_deref());
    // It says itself what is wrong with the settings.
    if let Command::Doctor(doctor) = cli.command {
        return doctor.run(loaded, out).await;
    }
    let mut settings = loaded?;
    match cli.verbose {
        0 => {}
        1 => settings.log = "info,xabar=debug".to_owned(),
        _ => settings.log = "debug,xabar=trace".to_owned(),
    }
    match cli.command {
        Command::Demo(demo) => demo.run(settings, out).await,
        Command::Serve(serve) => serve.run(settings, out).await,
        Command::Migrate => migrate::run(settings, out).await,
        Command::Backup(backup) => backup.run(settings, out).await,
        Command::Restore(restore) => restore.run(settings, out).await,
        Command::Pause(pause) => pause.run(settings, out).await,
        Command::Resume(resume) => resume.run(settings, out).await,
        Command::Key(command) => command.run(settings, out).await,
        Command::Newsletter(command) => command.run(settings, out).await,
        Command::Audit(command) => command.run(settings, out).await,
        Command::Editor(command) => command.run(settings, out).await,
        Command::Token(command) => command.run(settings, out).await,
        Command::Issue(command) => command.run(settings, out).await,
        Command::Picture(command) => command.run(settings, out).await,
        Command::Queue => queue::waiting(settings, out).await,
        Command::Workers => workers::list(settings, out).await,
        Command::Relay(command) => command.run(settings, out).await,
        Command::Outbox(command) => command.run(settings, out).await,
        Command::Throttle(command) => command.run(settings, out).await,
        Command::Import(import) => import.run(settings, out).await,
        Command::Consent(command) => command.run(settings, out).await,
        Command::Subscriber(command) => command.run(settings, out).await,
        Command::Suppression(command) => command.run(settings, out).await,
        Command::Signups(command) => command.run(settings, out).await,
        Command::Retention(command) => command.run(settings, out).await,
        // Answered above.
        Command::Openapi | Command::Completions(_) | Command::Man(_) | Command::Doctor(_) => Ok(()),
    }
}

/// Opens the service for a command that works on it directly. What is not there is not created: a
/// command in a wrong folder must not set up another service.
async fn open(settings: Settings) -> Result<Service, CliError> {
    start_quiet_log(&settings)?;
    Ok(app::open_existing(settings, Clock::system()).await?)
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
