//! Tells systemd how the process is (`sd_notify(3)`): ready, stopping, and alive.
//!
//! Without `NOTIFY_SOCKET` in the environment, nobody is told.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::heartbeat::Heartbeats;

/// Pets the watchdog until it is dropped.
#[derive(Debug)]
pub struct Watched(Option<JoinHandle<()>>);

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// Says that the process is ready, and at `stop` that it is stopping. Where the unit has a `WatchdogSec`,
/// says twice in that time that the process is alive, as long as every loop turns.
#[must_use]
pub fn watched(heartbeats: &Heartbeats, stop: &CancellationToken) -> Watched {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return Watched(None);
    }
    say(&[NotifyState::Ready]);
    let limit = sd_notify::watchdog_enabled();
    let task = tell(heartbeats.clone(), limit, stop.clone());
    Watched(Some(tokio::spawn(task)))
}

/// What `systemctl status` shows beside the state; empty for nothing.
pub fn status(status: &str) {
    if std::env::var_os("NOTIFY_SOCKET").is_some() {
        say(&[NotifyState::Status(status)]);
    }
}

async fn tell(heartbeats: Heartbeats, limit: Option<Duration>, stop: CancellationToken) {
    let stopping = async {
        stop.cancelled().await;
        say(&[NotifyState::Stopping]);
    };
    let alive = async {
        let Some(limit) = limit else { return };
        // A zero would never rest.
        let pause = (limit / 2).max(Duration::from_millis(10));
        loop {
            let late = heartbeats.late();
            if late.is_empty() {
                say(&[NotifyState::Watchdog]);
            }
            for last in late {
                tracing::error!(
                    name = last.name,
                    seconds = last.ago.as_secs(),
                    "a loop no longer turns; the watchdog is not told that the process is alive"
                );
            }
            tokio::time::sleep(pause).await;
        }
    };
    tokio::join!(stopping, alive);
}

fn say(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "systemd cannot be told how the process is");
    }
}
