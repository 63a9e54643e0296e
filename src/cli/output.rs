//! What commands print.

use std::io::Write;

use serde::Serialize;

use super::CliError;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    pub(super) json: bool,
}

impl Output {
    /// A line for people.
    pub(super) fn line(self, text: impl std::fmt::Display) -> Result<(), CliError> {
        Ok(writeln!(std::io::stdout(), "{text}")?)
    }

    /// A JSON document, whatever was asked for.
    pub(super) fn document(self, value: &serde_json::Value) -> Result<(), CliError> {
        self.line(format_args!("{value:#}"))
    }

    /// One of several JSON values, on a line of its own (JSON Lines).
    pub(super) fn json_line(self, value: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string(value).map_err(|e| CliError::Failed(e.to_string()))?;
        self.line(text)
    }

    /// A value as JSON, or as lines for people.
    pub(super) fn value(
        self,
        value: &impl Serialize,
        lines: impl FnOnce() -> String,
    ) -> Result<(), CliError> {
        if self.json {
            let value = serde_json::to_value(value).map_err(|e| CliError::Failed(e.to_string()))?;
            return self.document(&value);
        }
        match lines() {
            // An empty list.
            none if none.is_empty() => Ok(()),
            lines => self.line(lines),
        }
    }

    /// What people at a pipe should know meanwhile, on standard error.
    pub(super) fn note(self, text: &str) {
        let _ = writeln!(std::io::stderr(), "xabar: {text}");
    }

    /// One line on standard error: words, or JSON with the key `error`. If even that fails there is
    /// nobody left to tell.
    pub(super) fn error(self, text: &str) {
        let text = text.replace('\n', " ");
        let line = match self.json {
            true => serde_json::json!({ "error": text }).to_string(),
            false => format!("xabar: {text}"),
        };
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
