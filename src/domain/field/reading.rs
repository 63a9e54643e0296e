//! Validating the answers of a form, also of subscribers who have answered before.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Field, FieldKind, Fields};
use crate::domain::{AnswerError, Answers, WrongAnswers, is_one_line};

/// Which fields of a newsletter a form has.
#[derive(Debug, Clone, Copy)]
pub enum FieldSelection<'a> {
    /// All of them, for a new subscriber.
    All,
    /// All of them, for a subscriber with these answers. A required field that was never answered
    /// (by an imported subscriber, for example) may stay empty, so that other changes can be saved.
    Update(&'a Answers),
    /// Those that these answers leave open; the answers stay as they are and are not shown.
    Unanswered(&'a Answers),
}

impl<'a> FieldSelection<'a> {
    /// The stored answers, when the form may show them.
    #[must_use]
    pub fn prefilled(self) -> Option<&'a BTreeMap<String, String>> {
        match self {
            Self::Update(stored) => Some(stored.by_key()),
            Self::All | Self::Unanswered(_) => None,
        }
    }

    const fn stored(self) -> Option<&'a Answers> {
        match self {
            Self::All => None,
            Self::Update(stored) | Self::Unanswered(stored) => Some(stored),
        }
    }

    /// Whether the form has a field.
    #[must_use]
    pub fn includes(self, field: &Field) -> bool {
        match self {
            Self::All | Self::Update(_) => true,
            // An empty optional box is an answer.
            Self::Unanswered(_) if field.kind == FieldKind::YesNo && !field.required => false,
            Self::Unanswered(stored) => field.answered(stored).is_none(),
        }
    }
}

impl Field {
    /// The stored answer, if it is still valid.
    fn answered(&self, stored: &Answers) -> Option<String> {
        self.read(stored.get(&self.key)?, true).ok().flatten()
    }

    /// The answer in its stored form; None when none was given.
    fn read(&self, given: &str, may_be_empty: bool) -> Result<Option<String>, AnswerError> {
        let given = given.trim();
        if given.is_empty() {
            return if self.required && !may_be_empty {
                Err(AnswerError::Missing)
            } else {
                Ok(None)
            };
        }
        if given.chars().count() > 200 || !is_one_line(given) {
            return Err(AnswerError::TooLong);
        }
        match self.kind {
            FieldKind::Text => Ok(given.to_owned()),
            FieldKind::Choice => {
                let found = self.choices.iter().find(|choice| choice.value == given);
                found
                    .map(|choice| choice.value.clone())
                    .ok_or(AnswerError::NoChoice)
            }
            FieldKind::YesNo => Ok("yes".to_owned()),
            FieldKind::Number => {
                let number: Option<f64> = given.replace(',', ".").parse().ok();
                let number = number.filter(|number| number.is_finite());
                number
                    .map(|number| number.to_string())
                    .ok_or(AnswerError::NoNumber)
            }
            FieldKind::Date => {
                let date = given.parse::<Date>().map_err(|_| AnswerError::NoDate)?;
                Ok(date.to_string())
            }
        }
        .map(Some)
    }
}

impl Fields {
    /// Reads the answers to the selected fields; the other fields keep their stored answers, and
    /// what belongs to no field is ignored.
    ///
    /// # Errors
    /// Names every invalid answer and what is wrong with it.
    pub fn read(
        &self,
        selection: FieldSelection<'_>,
        given: Option<&BTreeMap<String, String>>,
    ) -> Result<Answers, WrongAnswers> {
        let (mut answers, mut wrong) = (Answers::default(), WrongAnswers::new());
        for field in &self.0 {
            let before = selection.stored().map(|stored| field.answered(stored));
            let read = if selection.includes(field) {
                let given = given.and_then(|given| given.get(&field.key));
                field.read(given.map_or("", String::as_str), before == Some(None))
            } else {
                Ok(before.flatten())
            };
            match read {
                Ok(Some(answer)) => {
                    answers.0.insert(field.key.clone(), answer);
                }
                Ok(None) => {}
                Err(error) => {
                    wrong.insert(field.key.clone(), error);
                }
            }
        }
        if wrong.is_empty() {
            Ok(answers)
        } else {
            Err(wrong)
        }
    }
}
