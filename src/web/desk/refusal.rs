//! Why the desk did not do something, in the person's language.

use super::DeskError;
use crate::domain::Language;
use crate::publish::{ApprovalRefused, PublishError};
use crate::texts::{TextValue, text};

/// What the person reads when a step of publishing was refused.
pub(in crate::web) fn refusal(language: Language, error: PublishError) -> DeskError {
    let say = |key: &str, values: &[(&str, TextValue)]| text(language, key, values);
    match error {
        PublishError::NoNewsletter(_) | PublishError::NoIssue(_) => DeskError::NotFound,
        PublishError::Invalid(fields) => {
            let mut places: Vec<String> = fields
                .iter()
                .map(|field| place(language, &field.field))
                .collect();
            places.dedup();
            let places = places.join(", ");
            DeskError::Invalid(say("desk-refused-invalid", &[("places", places.into())]))
        }
        PublishError::Refused(refused) => {
            let state = say(&format!("desk-state-{}", refused.from), &[]);
            DeskError::Conflict(say("desk-refused-state", &[("state", state.into())]))
        }
        PublishError::Changed { .. } => DeskError::Conflict(say("desk-refused-changed", &[])),
        PublishError::Empty => DeskError::Invalid(say("desk-refused-empty", &[])),
        PublishError::NoAudience(_) => DeskError::Invalid(say("desk-refused-no-audience", &[])),
        PublishError::Schedule(_) => DeskError::Invalid(say("desk-refused-time", &[])),
        PublishError::Approval(refused) => DeskError::Conflict(approval(language, &refused)),
        PublishError::NothingWrong => DeskError::Conflict(say("desk-sending-nothing-wrong", &[])),
        PublishError::LedgerRemoved => DeskError::Conflict(say("desk-sending-ledger-removed", &[])),
        PublishError::NoPage(_) => DeskError::Conflict(say("desk-sending-no-page", &[])),
        PublishError::Text(error) => DeskError::Invalid(error.to_string()),
        PublishError::StillUnderWay => DeskError::Conflict(say("desk-refused-under-way", &[])),
        PublishError::TooManyCopies(limited) => DeskError::Invalid(say(
            "desk-test-too-many",
            &[("minutes", limited.minutes().into())],
        )),
        PublishError::Template(error) => DeskError::Internal(error.to_string()),
        PublishError::Store(error) => DeskError::Store(error),
        error => DeskError::Invalid(error.to_string()),
    }
}

fn approval(language: Language, refused: &ApprovalRefused) -> String {
    let (key, name) = match refused {
        ApprovalRefused::Missing => ("missing", ""),
        ApprovalRefused::Changed(name) => ("changed", name.as_str()),
        ApprovalRefused::Own => ("own", ""),
        ApprovalRefused::Given(name) => ("given", name.as_str()),
        ApprovalRefused::OwnSchedule => ("own-schedule", ""),
    };
    let key = format!("desk-sending-approval-{key}");
    text(language, &key, &[("name", name.into())])
}

/// A field such as `parts[1].items[0].title` as people call it.
pub(super) fn place(language: Language, field: &str) -> String {
    let number = |of: &str| {
        let begin = field.find(of)? + of.len();
        let digits = field[begin..].split(']').next()?;
        digits.parse::<i64>().ok().map(|n| n + 1)
    };
    if let Some(part) = field.strip_prefix("parts") {
        if part.is_empty() {
            return text(language, "desk-place-parts", &[]);
        }
        if !part.contains('.') {
            let values = [("part", number("parts[").unwrap_or_default().into())];
            return text(language, "desk-place-whole-part", &values);
        }
    }
    let last = field.rsplit('.').next().unwrap_or(field);
    let last = last.split('[').next().unwrap_or(last);
    let key = match last {
        "subject" => "desk-subject",
        "preheader" => "desk-preheader",
        "intro" => "desk-intro",
        "body" => "desk-text",
        "url" if field.contains("image") => "desk-picture-address",
        "url" => "desk-item-link",
        "alt" => "desk-picture-alt",
        "credit" => "desk-picture-credit",
        "summary" => "desk-summary",
        _ => "desk-headline",
    };
    let name = text(language, key, &[]);
    let values = |part: i64, item: i64| {
        [
            ("part", TextValue::from(part)),
            ("item", TextValue::from(item)),
            ("name", name.clone().into()),
        ]
    };
    match (number("parts["), number("items[")) {
        (Some(part), Some(item)) => text(language, "desk-place-item", &values(part, item)),
        (Some(part), None) => text(language, "desk-place-part", &values(part, 0)),
        _ => name,
    }
}
