//! Commands on a service that was set up, whether its processes run or not.

use clap::Subcommand;

use super::output::Output;
use super::{
    CliError, audit, backup, consent, editor, hold, import, issue, newsletter, outbox, picture,
    queue, relay, retention, signups, start_quiet_log, subscriber, suppression, throttle, token,
    workers,
};
use crate::app;
use crate::clock::Clock;
use crate::config::Settings;
use crate::service::Service;

#[derive(Debug, Subcommand)]
pub(super) enum OnService {
    /// Copies the database into a folder, while it is used.
    Backup(backup::Backup),
    /// Keeps everything from being sent.
    Pause(hold::Pause),
    /// Lets sending go on.
    Resume(hold::Resume),
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
    Import(Box<import::Import>),
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
}

impl OnService {
    /// Opens the service, runs the command and closes the database: then SQLite's file holds everything.
    /// What is not there is not created: a command in a wrong folder must not set up another service.
    pub(super) async fn open_and_run(
        self,
        settings: Settings,
        out: Output,
    ) -> Result<(), CliError> {
        start_quiet_log(&settings)?;
        let service = app::open_existing(settings, Clock::system()).await?;
        let outcome = self.run(&service, out).await;
        service.store.close().await;
        outcome
    }

    async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Backup(backup) => backup.run(service, out).await,
            Self::Pause(pause) => pause.run(service, out).await,
            Self::Resume(resume) => resume.run(service, out).await,
            Self::Newsletter(command) => command.run(service, out).await,
            Self::Editor(command) => command.run(service, out).await,
            Self::Audit(command) => command.run(service, out).await,
            Self::Token(command) => command.run(service, out).await,
            Self::Issue(command) => command.run(service, out).await,
            Self::Picture(command) => command.run(service, out).await,
            Self::Queue => queue::waiting(service, out).await,
            Self::Workers => workers::list(service, out).await,
            Self::Relay(command) => command.run(service, out).await,
            Self::Outbox(command) => command.run(service, out).await,
            Self::Throttle(command) => command.run(service, out).await,
            Self::Import(import) => import.run(service, out).await,
            Self::Consent(command) => command.run(service, out).await,
            Self::Subscriber(command) => command.run(service, out).await,
            Self::Suppression(command) => command.run(service, out).await,
            Self::Signups(command) => command.run(service, out).await,
            Self::Retention(command) => command.run(service, out).await,
        }
    }
}
