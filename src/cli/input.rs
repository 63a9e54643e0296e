//! What commands read.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::CliError;

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
    let mut reader = serde_json::Deserializer::from_str(&text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| failed(e.to_string()))?;
    reader.end().map_err(|e| failed(e.to_string()))?;
    Ok(value)
}
