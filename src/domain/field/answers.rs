//! The answers of subscribers to the fields of newsletters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{FieldSelection, Newsletter, NewsletterId};

/// Why an answer is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// There is none, and the field is required.
    #[error("is required")]
    Missing,
    /// It is too long, or not one line of text.
    #[error("must be one line of at most 200 characters")]
    TooLong,
    /// It is not one of the choices.
    #[error("is none of the choices")]
    NoChoice,
    /// It is not a number.
    #[error("must be a number")]
    NoNumber,
    /// It is not a date.
    #[error("must be a day as in 2026-03-21")]
    NoDate,
}

impl AnswerError {
    /// The key of the localised text.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "answer-missing",
            Self::TooLong => "answer-too-long",
            Self::NoChoice => "answer-no-choice",
            Self::NoNumber => "answer-no-number",
            Self::NoDate => "answer-no-date",
        }
    }
}

/// The answers of one subscriber to the fields of one newsletter, by the field's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub(crate) BTreeMap<String, String>);

impl Answers {
    /// The answer to a field.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The stored form; None when there is no answer.
    #[must_use]
    pub fn to_json(&self) -> Option<String> {
        let pairs = self
            .0
            .iter()
            .map(|(key, answer)| (key.clone(), answer.as_str().into()));
        let object = serde_json::Value::Object(pairs.collect());
        (!self.is_empty()).then(|| object.to_string())
    }

    /// Each answer by its key.
    #[must_use]
    pub fn by_key(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// Whether there is no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Invalid answers, by the key of their field.
pub type WrongAnswers = BTreeMap<String, AnswerError>;

/// One person's answers to several newsletters. Each answer has been validated against the fields
/// of its newsletter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswersByNewsletter(BTreeMap<NewsletterId, Answers>);

/// Invalid answers, by newsletter.
pub type WrongByNewsletter = BTreeMap<NewsletterId, WrongAnswers>;

impl AnswersByNewsletter {
    /// Reads the answers given to each of these newsletters; what belongs to no field is ignored.
    ///
    /// # Errors
    /// Names every invalid answer and what is wrong with it.
    pub fn read<'n, 'g>(
        newsletters: impl IntoIterator<Item = &'n Newsletter>,
        given: impl Fn(&Newsletter) -> Option<&'g BTreeMap<String, String>>,
    ) -> Result<Self, WrongByNewsletter> {
        let all = newsletters
            .into_iter()
            .map(|one| (one, FieldSelection::All));
        Self::read_selected(all, given)
    }

    /// The same for forms with a selection of each newsletter's fields.
    ///
    /// # Errors
    /// Names every invalid answer and what is wrong with it.
    pub fn read_selected<'n, 'g>(
        forms: impl IntoIterator<Item = (&'n Newsletter, FieldSelection<'n>)>,
        given: impl Fn(&Newsletter) -> Option<&'g BTreeMap<String, String>>,
    ) -> Result<Self, WrongByNewsletter> {
        let (mut all, mut wrong) = (Self::default(), WrongByNewsletter::new());
        for (newsletter, selection) in forms {
            match newsletter.fields.read(selection, given(newsletter)) {
                Ok(answers) => {
                    all.0.insert(newsletter.id, answers);
                }
                Err(why) => {
                    wrong.insert(newsletter.id, why);
                }
            }
        }
        if wrong.is_empty() {
            Ok(all)
        } else {
            Err(wrong)
        }
    }

    /// The answers to a newsletter; None when its fields were not on the form.
    #[must_use]
    pub fn of(&self, newsletter: NewsletterId) -> Option<&Answers> {
        self.0.get(&newsletter)
    }
}
