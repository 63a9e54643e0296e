//! The fields that a newsletter asks besides the address.

mod answers;
mod reading;

pub use answers::{AnswerError, Answers, AnswersByNewsletter, WrongAnswers, WrongByNewsletter};
pub use reading::FieldSelection;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text_enum::text_enum;
use super::{Language, is_one_line};

text_enum! {
    /// What kind of answer a field takes.
    pub enum FieldKind as "kind of field" {
        /// A line of text.
        Text = "text",
        /// One choice of a field.
        Choice = "choice",
        /// A box to tick.
        YesNo = "yes-no",
        /// A number.
        Number = "number",
        /// A day.
        Date = "date",
    }
}

/// A label by language.
pub type Labels = BTreeMap<Language, String>;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in forms and exports, as in `profession`.
    pub key: String,
    /// What kind of answer it takes.
    pub kind: FieldKind,
    /// Whether a sign-up needs an answer.
    #[serde(default)]
    pub required: bool,
    /// Whether the welcome mail greets with the answer: a name, for example.
    #[serde(default)]
    pub greets: bool,
    /// The label, by language.
    #[schema(value_type = BTreeMap<Language, String>)]
    pub labels: Labels,
    /// The choices; for the kind `choice` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<FieldChoice>,
}

/// One choice of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldChoice {
    /// The stored value, as in `press`.
    pub value: String,
    /// The label, by language.
    #[schema(value_type = BTreeMap<Language, String>)]
    pub labels: Labels,
}

/// The label in a language, or else in `fallback`, or else in any; and the language it is in.
#[must_use]
pub fn label(labels: &Labels, language: Language, fallback: Language) -> (Language, &str) {
    let found = labels.get_key_value(&language);
    found
        .or_else(|| labels.get_key_value(&fallback))
        .or_else(|| labels.first_key_value())
        .map_or((language, ""), |(language, words)| (*language, words))
}

/// The fields of a newsletter, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<Field>")]
pub struct Fields(Vec<Field>);

/// Why a list of fields is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FieldsError(String);

impl TryFrom<Vec<Field>> for Fields {
    type Error = FieldsError;

    fn try_from(fields: Vec<Field>) -> Result<Self, FieldsError> {
        let wrong = |why: String| Err(FieldsError(why));
        if fields.len() > Self::MAX_FIELDS {
            return wrong(format!("there may be at most {} fields", Self::MAX_FIELDS));
        }
        let keys: BTreeSet<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        if keys.len() < fields.len() {
            return wrong("each field needs a key of its own".into());
        }
        if fields.iter().filter(|field| field.greets).count() > 1 {
            return wrong("a mail greets by one field at most".into());
        }
        for field in &fields {
            if let Err(why) = field.check() {
                return wrong(format!("the field `{}` {why}", field.key));
            }
        }
        Ok(Self(fields))
    }
}

impl Field {
    fn check(&self) -> Result<(), &'static str> {
        let values: BTreeSet<&str> = self.choices.iter().map(|c| c.value.as_str()).collect();
        if !is_key(&self.key) {
            Err("needs a key of small letters, digits and hyphens, 40 at most")
        } else if !are_words(&self.labels) {
            Err("needs labels by language, of one line and 150 characters at most")
        } else if self.greets && self.kind != FieldKind::Text {
            Err("is no text that a mail could greet by")
        } else if (self.kind == FieldKind::Choice) != (self.choices.len() > 1) {
            Err("needs two choices or more if it is of the kind `choice`, and none otherwise")
        } else if self.choices.len() > 50 || values.len() < self.choices.len() {
            Err("may have 50 choices, each with a value of its own")
        } else if !self
            .choices
            .iter()
            .all(|c| is_key(&c.value) && are_words(&c.labels))
        {
            Err("needs choices with a value like a key, and labels by language")
        } else {
            Ok(())
        }
    }
}

fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&text.len()) && text.chars().all(fits)
}

fn are_words(labels: &Labels) -> bool {
    let fits = |label: &String| {
        let length = label.trim().chars().count();
        (1..=150).contains(&length) && is_one_line(label)
    };
    !labels.is_empty() && labels.values().all(fits)
}

impl Fields {
    /// How many fields a newsletter may have; people do not fill in longer forms.
    pub const MAX_FIELDS: usize = 12;

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them must be answered.
    #[must_use]
    pub fn any_required(&self) -> bool {
        self.0.iter().any(|field| field.required)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Field> {
        self.0.iter()
    }

    /// Answers in words: each question and its answer in the first language that has labels for it; `yes` is said as
    /// that. An answer whose question is gone stands under its key.
    #[must_use]
    pub fn in_words(
        &self,
        answers: &Answers,
        language: Language,
        fallback: Language,
        yes: &str,
    ) -> Vec<(String, String)> {
        let words = |labels| label(labels, language, fallback).1.to_owned();
        let asked = self.0.iter().filter_map(|field| {
            let answer = answers.get(&field.key)?;
            let choice = field.choices.iter().find(|one| one.value == answer);
            let said = match (choice, field.kind) {
                (Some(choice), _) => words(&choice.labels),
                (None, FieldKind::YesNo) => yes.to_owned(),
                (None, _) => answer.to_owned(),
            };
            Some((words(&field.labels), said))
        });
        let is_gone = |key: &String| self.0.iter().all(|field| field.key != *key);
        let gone = answers.by_key().iter().filter(|(key, _)| is_gone(key));
        asked
            .chain(gone.map(|(key, answer)| (key.clone(), answer.clone())))
            .collect()
    }

    /// The name with which a mail greets a subscriber with these answers. None when it looks like
    /// an address: a stranger may have typed it as an advertisement.
    #[must_use]
    pub fn greeting<'a>(&self, answers: &'a Answers) -> Option<&'a str> {
        let field = self.0.iter().find(|field| field.greets)?;
        let name = answers.get(&field.key)?;
        let lures = ["/", "@", "www."].iter().any(|sign| name.contains(sign));
        // Mail programs make a link of `example.org`, not of `J.K.`
        let letters: Vec<char> = name.chars().collect();
        let is_domain = letters
            .windows(4)
            .any(|at| at[1] == '.' && [0, 2, 3].iter().all(|n| at[*n].is_alphanumeric()));
        (!lures && !is_domain && name.chars().count() <= 60).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, Field, FieldSelection, Fields};
    use crate::domain::{AnswerError, Language};
    use std::collections::BTreeMap;

    const ASKED: &str = r#"[
        { "key": "name", "kind": "text", "greets": true, "labels": { "en": "Name" } },
        { "key": "trade", "kind": "choice", "required": true, "labels": { "en": "Trade" }, "choices": [
            { "value": "press", "labels": { "en": "Press" } }, { "value": "other", "labels": { "en": "Other" } }] },
        { "key": "member", "kind": "yes-no", "labels": { "en": "Member" } },
        { "key": "age", "kind": "number", "labels": { "en": "Age" } },
        { "key": "since", "kind": "date", "labels": { "en": "Since" } }]"#;

    fn fields() -> Fields {
        serde_json::from_str(ASKED).unwrap()
    }

    fn read(given: &[(&str, &str)]) -> Result<Answers, Vec<(String, AnswerError)>> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let given: BTreeMap<String, String> = given.iter().map(owned).collect();
        fields()
            .read(FieldSelection::All, Some(&given))
            .map_err(|wrong| wrong.into_iter().collect())
    }

    #[test]
    fn answers_are_kept_in_one_form_and_only_those_that_were_asked_for() {
        let given = [
            ("name", " Aigerim "),
            ("trade", "press"),
            ("member", "on"),
            ("age", "12,5"),
            ("since", "2024-07-08"),
            ("colour", "red"),
        ];
        let answers = read(&given).unwrap();
        assert_eq!(
            serde_json::to_string(&answers).unwrap(),
            r#"{"age":"12.5","member":"yes","name":"Aigerim","since":"2024-07-08","trade":"press"}"#
        );
        assert!(!read(&[("trade", "other")]).unwrap().is_empty());
    }

    #[test]
    fn answers_are_said_in_words() {
        let stored = r#"{"gone":"blue","member":"yes","name":"Aigerim","trade":"press"}"#;
        let answers: Answers = serde_json::from_str(stored).unwrap();
        let said = fields().in_words(&answers, Language::Fr, Language::En, "oui");
        let said: Vec<_> = said.iter().map(|(q, a)| (q.as_str(), a.as_str())).collect();
        let expected = [
            ("Name", "Aigerim"),
            ("Trade", "Press"),
            ("Member", "oui"),
            ("gone", "blue"),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn each_answer_that_does_not_fit_is_named() {
        let long = "x".repeat(201);
        let wrong = read(&[("name", &long), ("age", "old"), ("since", "yesterday")]).unwrap_err();
        let expected = [
            ("age", AnswerError::NoNumber),
            ("name", AnswerError::TooLong),
            ("since", AnswerError::NoDate),
            ("trade", AnswerError::Missing),
        ];
        assert_eq!(wrong, expected.map(|(key, error)| (key.to_owned(), error)));
        assert_eq!(
            read(&[("trade", "king")]).unwrap_err()[0].1,
            AnswerError::NoChoice
        );
        assert_eq!(
            read(&[("trade", "press"), ("age", "inf")]).unwrap_err()[0].1,
            AnswerError::NoNumber
        );
    }

    #[test]
    fn what_was_answered_before_is_asked_and_kept_as_the_form_says() {
        let before = |json: &str| serde_json::from_str::<Answers>(json).unwrap();
        let read = |selection: FieldSelection<'_>, given: &[(&str, &str)]| {
            let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
            let read = fields().read(selection, Some(&given.iter().map(owned).collect()));
            read.map(|answers| answers.to_json().unwrap_or_default())
        };
        let includes = |selection: FieldSelection<'_>| {
            let fields = fields();
            let asked = fields.iter().filter(|field| selection.includes(field));
            let keys: Vec<String> = asked.map(|field| field.key.clone()).collect();
            keys.join(" ")
        };
        let nothing = before("{}");
        let kept = before(r#"{"age":"12","member":"yes","trade":"press"}"#);
        let unfit = before(r#"{"age":"old","trade":"king"}"#);

        for never in [&nothing, &unfit] {
            assert_eq!(read(FieldSelection::Update(never), &[]).unwrap(), "");
            assert_eq!(read(FieldSelection::Unanswered(never), &[]).unwrap(), "");
            assert_eq!(
                includes(FieldSelection::Unanswered(never)),
                "name trade age since"
            );
        }
        assert!(read(FieldSelection::All, &[]).is_err());
        let missing = read(FieldSelection::Update(&kept), &[]).unwrap_err();
        assert_eq!(missing["trade"], AnswerError::Missing);
        let wrong = read(FieldSelection::Update(&nothing), &[("trade", "king")]).unwrap_err();
        assert_eq!(wrong["trade"], AnswerError::NoChoice);

        assert_eq!(
            includes(FieldSelection::Update(&kept)),
            "name trade member age since"
        );
        assert_eq!(includes(FieldSelection::Unanswered(&kept)), "name since");
        let given = [("name", "Aigerim"), ("trade", "other"), ("age", "")];
        assert_eq!(
            read(FieldSelection::Unanswered(&kept), &given).unwrap(),
            r#"{"age":"12","member":"yes","name":"Aigerim","trade":"press"}"#
        );
        assert_eq!(
            FieldSelection::Update(&kept).prefilled(),
            Some(kept.by_key())
        );
        assert_eq!(FieldSelection::Unanswered(&kept).prefilled(), None);
    }

    #[test]
    fn a_greeting_advertises_nothing() {
        let greeting = |name: &str| {
            let answers = read(&[("trade", "press"), ("name", name)]).unwrap();
            fields().greeting(&answers).map(str::to_owned)
        };
        for name in ["Aigerim", "J. K. Rowling", "Dr. No", "J.-P. Martin"] {
            assert_eq!(greeting(name).as_deref(), Some(name));
        }
        for lure in [
            "win at https://spam.example",
            "www.spam.example",
            "me@spam.example",
            "claim now spam.example",
            "",
        ] {
            assert_eq!(greeting(lure), None, "{lure}");
        }
    }

    #[test]
    fn fields_that_make_no_sense_are_refused() {
        let asked: Vec<Field> = serde_json::from_str(ASKED).unwrap();
        let refused = |change: &dyn Fn(&mut Vec<Field>)| {
            let mut fields = asked.clone();
            change(&mut fields);
            Fields::try_from(fields)
                .map(|_| ())
                .unwrap_err()
                .to_string()
        };
        assert!(refused(&|f| f[1].key = "name".into()).contains("key of its own"));
        assert!(refused(&|f| f[0].key = "Name".into()).contains("small letters"));
        assert!(refused(&|f| f[0].labels.clear()).contains("labels"));
        assert!(refused(&|f| f[3].greets = true).contains("one field"));
        assert!(refused(&|f| f[1].choices.truncate(1)).contains("two choices"));
        let twins = refused(&|f| f[1].choices[1].value = "press".into());
        assert!(twins.contains("of its own"), "{twins}");
    }
}
