//! Logs, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, SettingsError};

/// Starts logging. `directives` as in `info,xabar=debug`.
///
/// # Errors
/// When the directives cannot be read.
pub fn start(directives: &str, format: LogFormat) -> Result<(), SettingsError> {
    let filter = EnvFilter::try_new(directives).map_err(|e| SettingsError::Invalid {
        path: "log".into(),
        why: e.to_string(),
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Colours are for eyes, not for files and journals.
        .with_ansi(std::io::stderr().is_terminal());
    // A second start in one process (tests) keeps the first.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
}
