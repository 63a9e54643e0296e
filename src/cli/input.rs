//! What commands read.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::CliError;
use crate::json_input;

/// A reason that somebody gives for what a command does.
pub(super) fn without_address(text: &str) -> Result<String, &'static str> {
    match text.contains('@') {
        true => Err("must name no address, as it is logged"),
        false => Ok(text.to_owned()),
    }
}

/// Reads a JSON file, or standard input for `-`; what is wrong is said with its place.
pub(super) fn read_json<T: DeserializeOwned>(file: &Path) -> Result<T, CliError> {
    let path = file.display().to_string();
    let failed = |why: String| CliError::File {
        path: path.clone(),
        why,
    };
    let text = if path == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|e| failed(e.to_string()))?;
    json_input::read(text.as_bytes()).map_err(|e| failed(e.to_string()))
}
