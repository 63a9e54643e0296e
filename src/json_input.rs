//! JSON from outside: a body of the API, a file of the command line.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::xml_text;

/// Why JSON could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It is not JSON; the reason names line and column.
    #[error("it is not JSON: {0}")]
    Syntax(String),
    /// It is JSON, and a field has a wrong value or name.
    #[error("{field}: {why}")]
    Field {
        /// The place, as in `parts[0].items[2].url`; `body` for the whole.
        field: String,
        /// What is wrong, in words that people know.
        why: String,
    },
}

/// Reads one JSON value and nothing behind it. Its texts hold only what XML 1.0 allows; the soft
/// line breaks of word processors (U+000B, U+000C) are read as line ends.
///
/// # Errors
/// [`JsonError`], with the place.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    let value = read_as_it_is(json)?;
    if !may_hold_forbidden_chars(json) {
        return Ok(value);
    }
    let mut checked: Value = read_as_it_is(json)?;
    check_texts(&mut checked, &mut String::new())?;
    serde_json::from_value(checked).map_err(|error| JsonError::Syntax(error.to_string()))
}

/// Control characters stand in JSON only behind a backslash (RFC 8259 §7); U+FFFE and U+FFFF may
/// stand there themselves.
fn may_hold_forbidden_chars(json: &[u8]) -> bool {
    let holds = |octets: &[u8]| memchr::memmem::find(json, octets).is_some();
    [
        &b"\\u"[..],
        b"\\b",
        b"\\f",
        b"\xEF\xBF\xBE",
        b"\xEF\xBF\xBF",
    ]
    .into_iter()
    .any(holds)
}

/// Checks every text of a value; `place` is where the value stands.
fn check_texts(value: &mut Value, place: &mut String) -> Result<(), JsonError> {
    let length = place.len();
    match value {
        Value::String(text) => match xml_text(text) {
            Ok(Cow::Borrowed(_)) => {}
            Ok(Cow::Owned(changed)) => *text = changed,
            Err(forbidden) => {
                return Err(JsonError::Field {
                    field: place.clone(),
                    why: forbidden.to_string(),
                });
            }
        },
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                place.push_str(&format!("[{index}]"));
                check_texts(item, place)?;
                place.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if length > 0 {
                    place.push('.');
                }
                place.push_str(name);
                check_texts(field, place)?;
                place.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

fn read_as_it_is<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    let syntax = |error: &serde_json::Error| JsonError::Syntax(error.to_string());
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return syntax(&inner);
        }
        JsonError::Field {
            field: if path == "." { "body".to_owned() } else { path },
            why: in_plain_words(&inner.to_string()),
        }
    })?;
    reader.end().map_err(|error| syntax(&error))?;
    Ok(value)
}

/// What is wrong with a value, without Rust's names and without line and column: the field is
/// named beside it.
fn in_plain_words(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    match said.split_once("expected ") {
        Some((_, kind)) if kind.starts_with("struct ") => "must be a JSON object".to_owned(),
        Some((_, "a sequence")) => "must be a JSON array".to_owned(),
        Some((_, kind)) if said.starts_with("invalid type") => format!("must be {kind}"),
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonError, read};
    use crate::domain::IssueContent;

    fn said(json: &[u8]) -> String {
        read::<IssueContent>(json).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn a_wrong_value_is_named_without_rusts_words() {
        assert_eq!(said(b"[]"), "body: must be a JSON object");
        assert_eq!(said(br#"{"subject":1}"#), "subject: must be a string");
        let part = br#"{"subject":"s","parts":[[]]}"#;
        assert_eq!(said(part), "parts[0]: must be a JSON object");
        let parts = br#"{"subject":"s","parts":{}}"#;
        assert_eq!(said(parts), "parts: must be a JSON array");
        let unknown = said(br#"{"subject":"s","sbject":"t"}"#);
        assert!(unknown.contains("unknown field `sbject`"), "{unknown}");
    }

    #[test]
    fn what_xml_does_not_allow_is_refused_with_its_place() -> Result<(), JsonError> {
        for bad in [
            "\\u0001", "\\b", "\\u001b", "\\u0000", "\\uFFFF", "\u{FFFE}",
        ] {
            let part = format!(
                r#"{{"subject":"s","parts":[{{"kind":"text","body":"a"}},{{"kind":"text","body":"a{bad}b"}}]}}"#
            );
            let why = said(part.as_bytes());
            assert!(
                why.starts_with("parts[1].body: ") && why.contains("U+"),
                "{bad}: {why}"
            );
        }
        let content: IssueContent =
            read(br#"{"subject":"s","intro":"a\u000bb\fc \u00e9 \\u0001"}"#)?;
        assert_eq!(content.intro, "a\nb\nc é \\u0001");
        let lone = said(br#"{"subject":"a\ud800 b"}"#);
        assert!(!lone.is_empty(), "a lone surrogate is no character");
        Ok(())
    }

    #[test]
    fn broken_json_and_wrong_fields_are_told_apart() {
        let is_syntax = |json: &[u8]| matches!(read::<IssueContent>(json), Err(JsonError::Syntax(why)) if why.contains("line 1 column"));
        assert!(is_syntax(br#"{"subject":"s""#));
        assert!(is_syntax(br#"{"subject":"s"} x"#));
        assert!(is_syntax(b"\xff\xfe"));
        assert!(!is_syntax(br#"{"subject":1}"#));
        assert!(read::<IssueContent>(br#"{"subject":"s"}"#).is_ok());
    }
}
