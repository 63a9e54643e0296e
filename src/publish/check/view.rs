//! The list of checks in words.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::Checked;
use crate::domain::{CountrySet, Finding, FindingCode, Language, PartKind, Severity};
use crate::texts::{TextValue, long_date, text};

/// What is to be looked at before an issue is sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckList {
    /// The version of the issue that was checked.
    pub version: i64,
    /// How many errors: with one, the desk does not send the issue. Where another machine is the cause, such as for a dead link, it asks.
    pub errors: usize,
    /// How many warnings: the desk asks about them before it sends the issue.
    pub warnings: usize,
    /// Errors first, then warnings and notes, each in the order of the issue.
    pub findings: Vec<FindingView>,
    /// When links, DNS and relays were last asked about this issue, if that was lately (RFC 3339).
    pub thorough_at: Option<String>,
    /// How many of its links came in after that, and were not tried.
    pub untried_links: usize,
}

/// One thing to look at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingView {
    /// What it is; never changes.
    pub code: FindingCode,
    /// How serious it is.
    pub severity: Severity,
    /// Where, as in `parts[0].items[2]`; null for what is about the whole issue or about its delivery.
    pub field: Option<String>,
    /// The id of that place on the page where the issue is written.
    pub anchor: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub advice: String,
    /// What the message names.
    pub values: BTreeMap<&'static str, String>,
}

impl FindingView {
    /// Whether the desk does not send an issue that has it.
    #[must_use]
    pub fn keeps_back(&self) -> bool {
        self.severity == Severity::Error && !self.code.is_about_others()
    }
}

impl CheckList {
    /// The list in a language.
    #[must_use]
    pub fn new(language: Language, checked: &Checked) -> Self {
        let all = checked.findings.iter();
        let count = |severity| all.clone().filter(|one| one.severity == severity).count();
        Self {
            version: checked.issue.version,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            findings: all
                .clone()
                .map(|finding| FindingView::new(language, finding))
                .collect(),
            thorough_at: checked.thorough_at.map(|at| at.to_string()),
            untried_links: checked.untried_links,
        }
    }
}

impl FindingView {
    fn new(language: Language, finding: &Finding) -> Self {
        let said: Vec<(&str, TextValue<'_>)> = finding
            .values
            .iter()
            .map(|(name, value)| (*name, in_words(language, name, value, finding).into()))
            .collect();
        let key = format!("desk-check-{}", finding.code);
        Self {
            code: finding.code,
            severity: finding.severity,
            field: finding.place.field(),
            anchor: finding.anchor(),
            message: text(language, &key, &said),
            advice: text(language, &format!("{key}-advice"), &said),
            values: finding.values.clone(),
        }
    }
}

/// A value as people write it.
fn in_words(language: Language, name: &str, value: &str, finding: &Finding) -> String {
    match name {
        "date" => match value.parse() {
            Ok(date) => long_date(language, date),
            Err(_) => value.to_owned(),
        },
        // A part without a heading of its own.
        "part" => match value.parse::<PartKind>() {
            Ok(kind) => text(language, &format!("desk-kind-{kind}"), &[]),
            Err(_) => value.to_owned(),
        },
        "title" | "first" if value.trim().is_empty() => text(language, "desk-check-untitled", &[]),
        "found" => text(language, &format!("desk-language-{value}"), &[]),
        "countries" => {
            let countries = CountrySet::parse(value).unwrap_or_default();
            let name = |country| text(language, &format!("country-{country}"), &[]);
            let names: Vec<String> = countries.iter().map(name).collect();
            names.join(", ")
        }
        "why" => {
            let status = finding.values.get("status");
            let status = status.map(|code| ("status", TextValue::from(code.as_str())));
            let key = format!("desk-check-why-{value}");
            text(language, &key, status.as_slice())
        }
        _ => value.to_owned(),
    }
}
