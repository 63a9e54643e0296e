//! What is wrong with a value from outside, and where.

use serde::Serialize;
use utoipa::ToSchema;
use validator::{ValidationErrors, ValidationErrorsKind};

/// One thing that is wrong, and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvalidField {
    /// The place, as in `parts[0].items[2].url`.
    pub field: String,
    /// What is wrong.
    pub why: String,
}

impl InvalidField {
    /// A wrong field and the reason.
    pub fn new(field: &str, why: impl ToString) -> Self {
        Self {
            field: field.to_owned(),
            why: why.to_string(),
        }
    }
}

/// The validator's tree as a flat list, ordered by place.
#[must_use]
pub fn invalid_fields(errors: &ValidationErrors) -> Vec<InvalidField> {
    let mut fields = Vec::new();
    collect(errors, "", &mut fields);
    fields.sort_by(|a, b| a.field.cmp(&b.field));
    fields
}

fn collect(errors: &ValidationErrors, prefix: &str, fields: &mut Vec<InvalidField>) {
    for (field, kind) in errors.errors() {
        let place = if prefix.is_empty() {
            field.to_string()
        } else {
            format!("{prefix}.{field}")
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &place, fields),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{place}[{index}]"), fields);
                }
            }
            ValidationErrorsKind::Field(list) => {
                fields.extend(list.iter().map(|error| InvalidField {
                    field: place.clone(),
                    why: why(error),
                }));
            }
        }
    }
}

fn why(error: &validator::ValidationError) -> String {
    if let Some(message) = &error.message {
        return message.to_string();
    }
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    let is_list = error.params.get("value").is_some_and(|v| v.is_array());
    let what = if is_list { "entries" } else { "characters" };
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => format!("must have {min} to {max} {what}"),
        ("length", None, Some(max)) => format!("must have at most {max} {what}"),
        ("range", Some(min), Some(max)) => format!("must be {min} to {max}"),
        (code, _, _) => format!("is not valid ({code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::invalid_fields;
    use crate::domain::IssueContent;
    use validator::Validate;

    #[test]
    fn a_wrong_field_is_named_by_its_place() -> Result<(), serde_json::Error> {
        let content: IssueContent = serde_json::from_str(
            r#"{"subject":"","parts":[{"kind":"news"},{"kind":"news","items":[{"title":"ok"},{"title":"t","url":"ftp://x"}]}]}"#,
        )?;
        let errors = content.validate().err().unwrap_or_default();
        let places: Vec<String> = invalid_fields(&errors)
            .into_iter()
            .map(|f| f.field)
            .collect();
        assert_eq!(places, ["parts[1].items[1].url", "subject"]);
        Ok(())
    }

    #[test]
    fn a_subject_is_one_line_that_can_be_seen() -> Result<(), serde_json::Error> {
        for (subject, fits) in [
            ("Sommet", true),
            ("\u{200F}\u{645}\u{631}\u{62D}\u{628}\u{627}", true),
            ("\u{200B}", false),
            (" \u{FEFF}\u{AD}", false),
            ("a\u{2028}b", false),
            ("a\u{202E}b", false),
        ] {
            let content: IssueContent =
                serde_json::from_value(serde_json::json!({ "subject": subject }))?;
            assert_eq!(content.validate().is_ok(), fits, "{subject:?}");
        }
        Ok(())
    }

    #[test]
    fn a_range_is_told_with_both_ends() -> Result<(), serde_json::Error> {
        let item = serde_json::json!({ "title": "t", "image": { "url": "https://e.org/i.jpg", "width": 0 } });
        let part = serde_json::json!({ "kind": "photo", "items": [item] });
        let content = serde_json::json!({ "subject": "s", "parts": [part] });
        let content: IssueContent = serde_json::from_value(content)?;
        let errors = content.validate().err().unwrap_or_default();
        let said: Vec<String> = invalid_fields(&errors).into_iter().map(|f| f.why).collect();
        assert_eq!(said, ["must be 1 to 20000"]);
        Ok(())
    }

    #[test]
    fn a_limit_is_told_in_what_it_counts() -> Result<(), serde_json::Error> {
        let part = serde_json::json!({ "kind": "news" });
        let content = serde_json::json!({ "subject": "", "preheader": "x".repeat(251), "parts": vec![part; 51] });
        let content: IssueContent = serde_json::from_value(content)?;
        let errors = content.validate().err().unwrap_or_default();
        let said: Vec<String> = invalid_fields(&errors).into_iter().map(|f| f.why).collect();
        assert_eq!(
            said,
            [
                "must have at most 50 entries",
                "must have at most 250 characters",
                "must have 1 to 250 characters"
            ]
        );
        Ok(())
    }
}
