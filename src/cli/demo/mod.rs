//! `xabar demo`: everything in one process, nothing leaves the machine.

mod past;
mod sample;
mod tour;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::output::Output;
use super::{CliError, serve};
use crate::app::{self, AppError, Listeners, ServeRole};
use crate::clock::Clock;
use crate::config::{ListenAddress, Profile, ProofOfWork, Settings, SignupLimits};
use crate::domain::{IssueId, Role};
use crate::web::demo::{self, Mailbox};
use crate::{accounts, telemetry};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Plays the whole main job, prints what it saw at each step, and ends.
    #[arg(long)]
    tour: bool,
    /// Where to listen; a free port for the tour, otherwise what the setting http.listen says or,
    /// when that is taken, the next free port.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where to keep the data; a temporary folder when left out.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A running demo.
struct Running {
    base: String,
    token: String,
}

impl Demo {
    /// Where `--listen` says and nowhere else; or where the settings say or, when that is taken, at
    /// the next free port. The tour takes any free one.
    async fn listen(&self, configured: &ListenAddress) -> Result<TcpListener, AppError> {
        let configured = match configured {
            ListenAddress::Tcp(address) => *address,
            // A browser opens no Unix socket.
            ListenAddress::Unix(_) => SocketAddr::from(([127, 0, 0, 1], 8080)),
        };
        match self.listen {
            Some(address) => app::listen(address).await,
            None if self.tour => app::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await,
            None => listen_near(configured).await,
        }
    }

    pub(super) async fn run(self, mut settings: Settings, out: Output) -> Result<(), CliError> {
        let quiet = if self.tour && settings.log == "info" {
            "error"
        } else {
            &settings.log
        };
        let _log = telemetry::start_service(quiet, settings.log_format, None)?;
        let clock = Clock::system();
        let (folder, temporary) = match self.data.clone() {
            Some(folder) => (folder, false),
            None => (
                std::env::temp_dir().join(format!("xabar-demo-{}", clock.new_uuid())),
                true,
            ),
        };
        let pages = self.listen(&settings.http.listen).await?;
        let smtp = app::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        adapt(&mut settings, &folder, &pages, &smtp)?;
        let stop = CancellationToken::new();
        let mailbox = Mailbox::default();
        let catching = tokio::spawn(mailbox.clone().catch(smtp));
        let operators = Listeners::for_operators(&settings).await?;
        let service = app::open(settings, clock).await?;
        // The tour counts its readers.
        let samples = sample::fill(&service, !self.tour).await?;
        mailbox.clear();
        let editor = sample::editor(&service).await?;
        let token = accounts::add_token(&service, "demo", Role::Owner).await?;
        let base = service.links.page("");
        let running = Running { base, token };
        let serving = tokio::spawn(app::serve(
            service,
            ServeRole::All,
            Listeners {
                pages: Some(pages.into()),
                operators,
            },
            Some(demo::Demo {
                mailbox,
                samples: samples.clone(),
                editor: Some(editor),
            }),
            stop.clone(),
        ));
        let outcome = if self.tour {
            tour::play(&running, out).await
        } else {
            let stopping = serve::stop_on_signal(stop.clone());
            greet(&running, &samples, out)?;
            stopping.await;
            Ok(())
        };
        stop.cancel();
        let served = serving.await.map_err(|e| CliError::Failed(e.to_string()))?;
        catching.abort();
        if temporary {
            std::fs::remove_dir_all(&folder)?;
        }
        outcome?;
        Ok(served?)
    }
}

/// How many ports after the chosen one are tried.
const PORTS_TO_TRY: u16 = 20;

/// A listener at this address, or at the next port that is free.
async fn listen_near(address: SocketAddr) -> Result<TcpListener, AppError> {
    let mut tried = address;
    loop {
        match app::listen(tried).await {
            Err(AppError::Listen { source, .. })
                if source.kind() == ErrorKind::AddrInUse
                    && tried.port() < address.port().saturating_add(PORTS_TO_TRY) =>
            {
                tried.set_port(tried.port() + 1);
            }
            outcome => return outcome,
        }
    }
}

/// Nothing of the settings may lead out of the demo: neither its database nor its mails.
fn adapt(
    settings: &mut Settings,
    folder: &std::path::Path,
    pages: &TcpListener,
    smtp: &TcpListener,
) -> Result<(), CliError> {
    let invalid = |e: url::ParseError| CliError::Failed(e.to_string());
    settings.profile = Profile::Development;
    settings.database.url = format!("sqlite://{}", folder.join("xabar.db").display());
    settings.secret_file = folder.join("xabar.key");
    settings.http.listen = pages.local_addr()?.into();
    settings.http.public_url = format!("http://{}", pages.local_addr()?)
        .parse()
        .map_err(invalid)?;
    settings.smtp.url = format!("smtp://{}", smtp.local_addr()?)
        .parse()
        .map_err(invalid)?;
    settings.smtp.connections = settings.smtp.connections.min(4);
    settings.relays.clear();
    settings.dkim = Settings::defaults()
        .map_err(|e| CliError::Failed(e.to_string()))?
        .dkim;
    settings.signup.check_mx = false;
    settings.signup.min_fill_seconds = 0;
    // The tour signs up as a browser without scripts does.
    settings.signup.proof_of_work = ProofOfWork::Off;
    lift_limits(&mut settings.signup);
    Ok(())
}

/// Who tries it out signs up more often in an hour than a visitor does in a year.
fn lift_limits(limits: &mut SignupLimits) {
    for limit in [
        &mut limits.mails_per_15_minutes,
        &mut limits.mails_per_day,
        &mut limits.mails_per_30_days,
        &mut limits.mails_per_domain_per_hour,
        &mut limits.mails_per_hour,
        &mut limits.per_ip_per_10_minutes,
        &mut limits.per_ip_per_hour,
        &mut limits.per_ip_per_day,
    ] {
        *limit = 0;
    }
}

fn greet(running: &Running, samples: &[IssueId], out: Output) -> Result<(), CliError> {
    let Running { base, token } = running;
    let issue = samples.first().map(IssueId::to_string);
    let issue = issue.ok_or_else(|| CliError::Failed("the folder has no newsletter".into()))?;
    let greeting = serde_json::json!({
        "start": format!("{base}/demo"), "desk": format!("{base}/desk"), "pages": base, "mailbox": format!("{base}/mailbox"),
        "api": format!("{base}/docs"), "issue": issue, "token": token,
    });
    out.value(&greeting, || {
        format!(
            "Open first:   {base}/desk\n\nas a reader   {base}/demo\nsign up       {base}/\nmailbox       {base}/mailbox\narchive       {base}/archive\nAPI           {base}/docs\n\
             API token     {token}\nsample issue  {issue}\n\nControl-C ends the demo."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{adapt, listen_near};
    use crate::app;
    use crate::config::{ProofOfWork, Settings};
    use std::net::SocketAddr;

    #[tokio::test]
    async fn a_taken_port_is_passed_over() -> Result<(), Box<dyn std::error::Error>> {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let taken = app::listen(free).await?.local_addr()?;
        let holder = app::listen(taken).await?;
        let next = listen_near(taken).await?.local_addr()?;
        assert!(next.port() > taken.port() && next.ip() == taken.ip());
        drop(holder);
        assert_eq!(listen_near(taken).await?.local_addr()?, taken);
        Ok(())
    }

    #[tokio::test]
    async fn whatever_the_settings_say_nothing_leads_out() -> Result<(), Box<dyn std::error::Error>>
    {
        let mut settings = Settings::defaults()?;
        settings.dkim.selector = "key".to_owned();
        settings.signup.check_mx = true;
        settings.signup.proof_of_work = ProofOfWork::Always;
        let further = serde_json::json!({ "url": "smtp://relay.example.org" });
        settings
            .relays
            .insert("far".to_owned(), serde_json::from_value(further)?);
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let (pages, smtp) = (app::listen(free).await?, app::listen(free).await?);
        adapt(&mut settings, std::path::Path::new("demo"), &pages, &smtp)?;
        assert!(settings.relays.is_empty() && !settings.signup.check_mx);
        assert_eq!(settings.signup.mails_per_15_minutes, 0, "no limits");
        assert_eq!(settings.signup.proof_of_work, ProofOfWork::Off);
        assert_eq!(settings.dkim.keys().count(), 0);
        assert_eq!(settings.smtp.url.host_str(), Some("127.0.0.1"));
        Ok(())
    }
}
