//! The fields that a newsletter asks for, in its forms.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{AnswerError, FieldKind, Language, Newsletter, WrongAnswers, label};

/// What the names of such fields begin with, so that none is taken for one of the form's own.
const PREFIX: &str = "field-";

/// The key of the field with this name in a form.
#[must_use]
pub fn field_key(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)
}

/// A field of a newsletter, ready to be filled in.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView<'a> {
    name: String,
    kind: FieldKind,
    required: bool,
    label: &'a str,
    value: &'a str,
    choices: Vec<ChoiceView<'a>>,
    error: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
struct ChoiceView<'a> {
    value: &'a str,
    label: &'a str,
}

impl<'a> FieldView<'a> {
    /// The fields of a newsletter with what was answered, and what is wrong with it.
    #[must_use]
    pub fn all(
        newsletter: &'a Newsletter,
        language: Language,
        given: &'a BTreeMap<String, String>,
        wrong: &WrongAnswers,
    ) -> Vec<Self> {
        let said = |labels: &'a _| label(labels, language, newsletter.language);
        let fields = newsletter.fields.iter().map(|field| Self {
            name: format!("{PREFIX}{}", field.key),
            kind: field.kind,
            required: field.required,
            label: said(&field.labels),
            value: given.get(&field.key).map_or("", String::as_str),
            choices: field
                .choices
                .iter()
                .map(|choice| ChoiceView {
                    value: &choice.value,
                    label: said(&choice.labels),
                })
                .collect(),
            error: wrong.get(&field.key).copied().map(AnswerError::code),
        });
        fields.collect()
    }
}
