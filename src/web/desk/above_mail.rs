//! A line of the desk above a mail that is shown.

use serde::Serialize;

use super::DeskError;
use super::pages;
use crate::domain::Language;

/// The HTML of a mail with the line of a template above what it shows.
///
/// # Errors
/// When a built-in template is broken.
pub(super) fn line_above(
    language: Language,
    html: &str,
    template: &str,
    context: impl Serialize,
) -> Result<String, DeskError> {
    let line = pages::render(language, template, context);
    let line = line.map_err(|error| DeskError::Internal(error.to_string()))?;
    let body = html.find("<body");
    let body = body.and_then(|at| Some(at + html[at..].find('>')? + 1));
    let (before, after) = html.split_at(body.unwrap_or_default());
    Ok(format!("{before}{line}{after}"))
}
