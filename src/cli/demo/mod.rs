//! `xabar demo`: everything in one process, nothing leaves the machine.

mod sample;
mod tour;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::output::Output;
use super::{CliError, serve};
use crate::app::{self, ServeRole};
use crate::clock::Clock;
use crate::config::{Profile, Settings};
use crate::domain::Role;
use crate::web::mailbox::Mailbox;
use crate::{accounts, telemetry};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Plays the whole main job, prints what it saw at each step, and ends.
    #[arg(long)]
    tour: bool,
    /// Where to listen; a free port for the tour, 127.0.0.1:8080 otherwise.
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
    pub(super) async fn run(self, mut settings: Settings, out: Output) -> Result<(), CliError> {
        let quiet = if self.tour && settings.log == "info" {
            "error"
        } else {
            &settings.log
        };
        telemetry::start(quiet, settings.log_format)?;
        let clock = Clock::system();
        let (folder, temporary) = match self.data {
            Some(folder) => (folder, false),
            None => (
                std::env::temp_dir().join(format!("xabar-demo-{}", clock.new_uuid())),
                true,
            ),
        };
        let default_port = if self.tour { 0 } else { 8080 };
        let listen = self
            .listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], default_port)));
        let pages = app::listen(listen).await?;
        let smtp = app::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        adapt(&mut settings, &folder, &pages, &smtp)?;
        let stop = CancellationToken::new();
        let mailbox = Mailbox::default();
        let catching = tokio::spawn(mailbox.clone().catch(smtp));
        let service = app::open(settings, clock).await?;
        let sample = sample::fill(&service).await?;
        let token = accounts::add_token(&service, "demo", Role::Owner).await?;
        let base = service.links.page("");
        let running = Running { base, token };
        let serving = tokio::spawn(app::serve(
            service,
            ServeRole::All,
            Some(pages),
            Some(mailbox),
            stop.clone(),
        ));
        let outcome = if self.tour {
            tour::play(&running, out).await
        } else {
            greet(&running, &sample, out)?;
            serve::stop_on_signal(stop.clone()).await;
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
    settings.http.listen = pages.local_addr()?;
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
    Ok(())
}

fn greet(running: &Running, sample: &sample::Sample, out: Output) -> Result<(), CliError> {
    let Running { base, token, .. } = running;
    let greeting = serde_json::json!({
        "pages": base, "mailbox": format!("{base}/mailbox"), "api": format!("{base}/docs"),
        "issue": sample.issue.to_string(), "token": token,
    });
    out.value(&greeting, || {
        format!(
            "sign up       {base}/\nmailbox       {base}/mailbox\narchive       {base}/archive\nAPI           {base}/docs\n\
             API token     {token}\nsample issue  {issue}\n\nSend the sample issue to whoever has signed up:\n  \
             curl -X POST -H 'Authorization: Bearer {token}' {base}/api/v1/issues/{issue}/send\n\nControl-C ends the demo.",
            issue = sample.issue
        )
    })
}

#[cfg(test)]
mod tests {
    use super::adapt;
    use crate::app;
    use crate::config::Settings;
    use std::net::SocketAddr;

    #[tokio::test]
    async fn whatever_the_settings_say_nothing_leads_out() -> Result<(), Box<dyn std::error::Error>>
    {
        let mut settings = Settings::defaults()?;
        settings.dkim.selector = "key".to_owned();
        settings.signup.check_mx = true;
        let further = serde_json::json!({ "url": "smtp://relay.example.org" });
        settings
            .relays
            .insert("far".to_owned(), serde_json::from_value(further)?);
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let (pages, smtp) = (app::listen(free).await?, app::listen(free).await?);
        adapt(&mut settings, std::path::Path::new("demo"), &pages, &smtp)?;
        assert!(settings.relays.is_empty() && !settings.signup.check_mx);
        assert_eq!(settings.dkim.keys().count(), 0);
        assert_eq!(settings.smtp.url.host_str(), Some("127.0.0.1"));
        Ok(())
    }
}
