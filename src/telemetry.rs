//! Logging to standard error.
//!
//! The log may lose lines, and must not stop the service: its reader may go away (EPIPE), its disk may
//! be full (ENOSPC), and a pipe that nobody reads would block whoever writes to it.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::config::{LogFormat, SettingsError};
use crate::traces::SpanLayer;

/// The DNS crates log the domains that they look up, and a domain may belong to one person. They log only if
/// the directives name them.
const SILENT: &str = "hickory_net=off,hickory_proto=off,hickory_resolver=off";
/// How many lines wait for a slow reader; further ones are lost.
const MAX_WAITING_LINES: usize = 16_384;

/// Lines that standard error refused.
static FAILED: AtomicU64 = AtomicU64::new(0);
/// Lines for which there was no room among those that wait.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();
/// How many lost lines the log itself has told of.
static TOLD: AtomicU64 = AtomicU64::new(0);

/// Keeps the log of a service going. When it is dropped, the lines that wait are written, for at most a
/// second.
#[must_use]
pub struct LogGuard {
    _writer: WorkerGuard,
}

/// Starts the log of a command: each line is written before the command goes on. `directives` are those
/// of [`EnvFilter`], for example `info,xabar=debug`; empty ones mean `error`.
///
/// # Errors
/// When the directives cannot be read.
pub fn start(directives: &str, format: LogFormat) -> Result<(), SettingsError> {
    start_with(directives, format, move || StandardError { format }, None)
}

/// Starts the log of a service: lines are written by a thread of their own, so that a reader who is slow
/// or gone delays nobody. See [`start`]. `spans` also gets the spans, whatever the log has of them.
///
/// # Errors
/// When the directives cannot be read.
pub(crate) fn start_service(
    directives: &str,
    format: LogFormat,
    spans: Option<SpanLayer>,
) -> Result<LogGuard, SettingsError> {
    let builder = NonBlockingBuilder::default()
        .buffered_lines_limit(MAX_WAITING_LINES)
        .lossy(true)
        .thread_name("log");
    let (writer, guard) = builder.finish(StandardError { format });
    let _ = DROPPED.set(writer.error_counter());
    start_with(directives, format, writer, spans)?;
    Ok(LogGuard { _writer: guard })
}

fn start_with(
    directives: &str,
    format: LogFormat,
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
    spans: Option<SpanLayer>,
) -> Result<(), SettingsError> {
    let filter = filter(directives)?;
    // Colours for a terminal, not for files and journals.
    let colours = io::stderr().is_terminal();
    // A filter of one layer looks up each span again whenever it is entered or left: who sends no spans has none.
    if let Some(spans) = spans {
        let log = fmt::layer().with_writer(writer).with_ansi(colours);
        let with_spans = registry().with(spans);
        let _ = match format {
            LogFormat::Text => with_spans.with(log.with_filter(filter)).try_init(),
            LogFormat::Json => with_spans.with(log.json().with_filter(filter)).try_init(),
        };
        return Ok(());
    }
    let builder = fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(colours);
    // In tests a process may start logging twice; the first one is kept.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
}

/// How many lines of the log this process has lost.
#[must_use]
pub fn lost_lines() -> u64 {
    let dropped = DROPPED.get().map_or(0, ErrorCounter::dropped_lines);
    let dropped = u64::try_from(dropped).unwrap_or(u64::MAX);
    FAILED.load(Ordering::Relaxed).saturating_add(dropped)
}

/// Standard error as a log. Writing never fails: a line that cannot be written is counted, and the next
/// one that can be is preceded by the number of lost ones.
struct StandardError {
    format: LogFormat,
}

impl Write for StandardError {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut out = io::stderr().lock();
        let lost = lost_lines();
        let untold = lost.saturating_sub(TOLD.load(Ordering::Relaxed));
        if untold > 0
            && out
                .write_all(notice(untold, self.format).as_bytes())
                .is_ok()
        {
            TOLD.store(lost, Ordering::Relaxed);
        }
        if out.write_all(line).is_err() {
            FAILED.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn notice(lost: u64, format: LogFormat) -> String {
    let text = format!("{lost} lines of the log could not be written");
    match format {
        LogFormat::Text => format!("{text}\n"),
        LogFormat::Json => {
            let fields = serde_json::json!({ "message": text, "lost": lost });
            let line = serde_json::json!({ "level": "WARN", "target": "xabar::telemetry", "fields": fields });
            format!("{line}\n")
        }
    }
}

fn filter(directives: &str) -> Result<EnvFilter, SettingsError> {
    // Empty directives would leave only the silenced crates.
    let directives = match directives.trim() {
        "" => "error",
        given => given,
    };
    let all = format!("{SILENT},{directives}");
    EnvFilter::try_new(all).map_err(|e| SettingsError::Invalid {
        path: "log".into(),
        why: e.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::filter;
    use std::io::{self, PipeWriter, Read};
    use tracing_subscriber::fmt;

    fn logged(directives: &str) -> io::Result<String> {
        let (mut log, writer) = io::pipe()?;
        let to = move || -> PipeWriter { writer.try_clone().unwrap() };
        let filter = filter(directives).unwrap();
        let subscriber = fmt().with_env_filter(filter).with_writer(to).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "hickory_net::udp", "asked about a.example");
            tracing::debug!(target: "hickory_resolver", "asked about b.example");
            tracing::info!("of ours");
            tracing::error!("went wrong");
        });
        let mut text = String::new();
        log.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn dns_lookups_are_not_logged_unless_named() -> io::Result<()> {
        for directives in ["info", "debug", "trace"] {
            let text = logged(directives)?;
            assert!(
                text.contains("of ours") && !text.contains("asked"),
                "{text}"
            );
        }
        assert!(logged(" ")?.contains("went wrong"));
        let text = logged("info,hickory_net=warn")?;
        assert!(
            text.contains("a.example") && !text.contains("b.example"),
            "{text}"
        );
        Ok(())
    }
}
