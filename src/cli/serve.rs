//! `xabar serve`

use std::time::Duration;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::CliError;
use super::output::Output;
use crate::app::{self, AppError, Listeners, ServeRole, Upgrade};
use crate::clock::Clock;
use crate::config::Settings;
use crate::doctor;
use crate::domain::Actor;
use crate::instance::{hold, serving};
use crate::{telemetry, traces};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// What this process does.
    #[arg(long, value_enum, default_value = "all")]
    role: ServeRole,
    /// Starts with all sending held, until `xabar resume --all`.
    #[arg(long)]
    paused: bool,
}

/// Why sending is held after `--paused`.
const STARTED_PAUSED: &str = "The service was started with --paused.";

impl Serve {
    pub(super) async fn run(self, settings: Settings, _: Output) -> Result<(), CliError> {
        let clock = Clock::system();
        let (traces, spans) = traces::start(&settings.traces, &clock)?.unzip();
        let _log = telemetry::start_service(&settings.log, settings.log_format, spans)?;
        let grace = Duration::from_secs(settings.worker.grace_seconds);
        let ended = self.serve(settings, clock).await;
        if let Some(traces) = traces {
            traces.finish(grace).await;
        }
        ended?;
        tracing::info!("stopped");
        Ok(())
    }

    async fn serve(self, settings: Settings, clock: Clock) -> Result<(), CliError> {
        let parts = self.role.parts();
        let _serving = serving::claim(&settings.database.url, parts).map_err(AppError::from)?;
        let listeners = Listeners::open(&settings, self.role).await?;
        let upgrade = Upgrade::default();
        let opening = async {
            let opened = app::open_telling(settings.clone(), clock, &upgrade);
            let service = opened.await?;
            doctor::warn_at_start(&service).await?;
            if self.paused {
                hold::hold_all(&service, STARTED_PAUSED, &Actor::CommandLine).await?;
            }
            Ok::<_, CliError>(service)
        };
        let service = listeners
            .answer_during(opening, &settings, &upgrade)
            .await?;
        let stop = CancellationToken::new();
        let (told, after_drain) = (service.draining.clone(), stop.clone());
        let drain = Duration::from_secs(service.settings.http.drain_seconds);
        let stopping = stop_on_signal(told);
        tokio::spawn(async move {
            stopping.await;
            if !drain.is_zero() {
                tracing::info!(
                    seconds = drain.as_secs(),
                    "draining: /readyz says so, and requests are answered"
                );
                tokio::time::sleep(drain).await;
            }
            tracing::info!("stopping: finishing what is in flight");
            after_drain.cancel();
        });
        outlive_sighup();
        Ok(app::serve(service, self.role, listeners, None, stop).await?)
    }
}

/// SIGHUP ends a process that does not wait for it, and many tools send it so that a service reads its
/// settings again.
fn outlive_sighup() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::hangup()) {
            Ok(mut hangups) => {
                tokio::spawn(async move {
                    while hangups.recv().await.is_some() {
                        tracing::info!(
                            "SIGHUP: the log goes to standard error, and settings are read at the start; restart the process to change them"
                        );
                    }
                });
            }
            Err(error) => tracing::error!(%error, "SIGHUP cannot be waited for"),
        }
    }
}

/// Cancels `stop` at SIGTERM or SIGINT. From the call on, and not only once it is polled, neither ends the process
/// by itself.
pub(super) fn stop_on_signal(stop: CancellationToken) -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let asked = {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = signal(SignalKind::terminate());
        let interrupted = signal(SignalKind::interrupt());
        async {
            tokio::select! {
                () = received(terminated) => {}
                () = received(interrupted) => {}
            }
        }
    };
    #[cfg(not(unix))]
    let asked = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    async move {
        asked.await;
        stop.cancel();
    }
}

#[cfg(unix)]
async fn received(registered: std::io::Result<tokio::signal::unix::Signal>) {
    match registered {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "a signal to stop cannot be waited for");
            std::future::pending::<()>().await;
        }
    }
}
