//! Logging to standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, SettingsError};

/// The DNS crates log the domains that they look up, and a domain may belong to one person. They log only if
/// the directives name them.
const SILENT: &str = "hickory_net=off,hickory_proto=off,hickory_resolver=off";

/// Starts logging. `directives` are those of [`EnvFilter`], for example `info,xabar=debug`; empty ones mean
/// `error`.
///
/// # Errors
/// When the directives cannot be read.
pub fn start(directives: &str, format: LogFormat) -> Result<(), SettingsError> {
    let filter = filter(directives)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Colours for a terminal, not for files and journals.
        .with_ansi(std::io::stderr().is_terminal());
    // In tests a process may start logging twice; the first one is kept.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
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
