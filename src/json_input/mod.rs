//! JSON from outside: a body of the API, a file of the command line.

mod objects;

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use self::objects::Objects;
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
/// line breaks of word processors (U+000B, U+000C) are read as line ends. Where a struct is read, only an object is
/// taken.
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
    let value = serde_path_to_error::deserialize(Objects(&mut reader)).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return syntax(&inner);
        }
        wrong_field(&path, &inner.to_string())
    })?;
    reader.end().map_err(|error| syntax(&error))?;
    Ok(value)
}

/// What is wrong where. Of a member that is missing or there twice, serde names only the object that it belongs to.
fn wrong_field(path: &str, said: &str) -> JsonError {
    let member = [
        ("missing field `", "is missing"),
        ("duplicate field `", "is there twice"),
    ];
    let member = member.into_iter().find_map(|(words, why)| {
        let (name, _) = said.strip_prefix(words)?.split_once('`')?;
        Some((name, why))
    });
    let (field, why) = match (path, member) {
        (".", Some((name, why))) => (name.to_owned(), why.to_owned()),
        (_, Some((name, why))) => (format!("{path}.{name}"), why.to_owned()),
        (".", None) => ("body".to_owned(), in_plain_words(said)),
        (_, None) => (path.to_owned(), in_plain_words(said)),
    };
    JsonError::Field { field, why }
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
        assert_eq!(said(b"{}"), "subject: is missing");
        assert_eq!(
            said(br#"{"subject":"s","subject":"t"}"#),
            "subject: is there twice"
        );
        let part = br#"{"subject":"s","parts":[{"kind":"news"},{"title":"t"}]}"#;
        assert_eq!(said(part), "parts[1].kind: is missing");
        let unknown = said(br#"{"subject":"s","sbject":"t"}"#);
        assert!(unknown.contains("unknown field `sbject`"), "{unknown}");
    }

    #[test]
    fn a_list_is_no_object_wherever_it_stands() {
        let no_object = "must be a JSON object";
        for (list, place) in [
            (r#"["s"]"#, "body"),
            (r#"{"subject":"s","parts":[["news"]]}"#, "parts[0]"),
            (
                r#"{"subject":"s","parts":[{"kind":"news","items":[["t","https://e.org"]]}]}"#,
                "parts[0].items[0]",
            ),
        ] {
            assert_eq!(said(list.as_bytes()), format!("{place}: {no_object}"));
        }
        let image = |image: &str| {
            let items = format!(r#"[{{"title":"t","image":{image}}}]"#);
            said(
                format!(r#"{{"subject":"s","parts":[{{"kind":"news","items":{items}}}]}}"#)
                    .as_bytes(),
            )
        };
        for (given, wrong) in [
            (r#""https://e.org/a.png""#, None),
            (r#"{"url":"https://e.org/a.png","alt":"a"}"#, None),
            ("null", None),
            (r#"["https://e.org/a.png"]"#, Some("image: ")),
            ("{}", Some("image.url: is missing")),
        ] {
            let place = wrong.map(|wrong| format!("parts[0].items[0].{wrong}"));
            let said = image(given);
            assert!(
                said.starts_with(&place.clone().unwrap_or_default()),
                "{said}"
            );
            assert_eq!(place.is_none(), said.is_empty(), "{given}: {said}");
        }
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
