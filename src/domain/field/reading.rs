//! How answers are read, of who begins to read and of who has answered before.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Field, FieldKind, Fields};
use crate::domain::{AnswerError, Answers, WrongAnswers};

/// What a form asks of one person, of all that a newsletter wants to know.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// Everything, of who begins to read.
    All,
    /// Everything once more, of who answered so before. What is required and never was answered
    /// (of who was imported, for example) may stay so: nothing else must depend on it.
    Again(&'a Answers),
    /// What is still open after these answers, which stay as they are and are not shown.
    Open(&'a Answers),
}

impl<'a> Asked<'a> {
    /// The answers before, where the form may show them.
    #[must_use]
    pub fn shown(self) -> Option<&'a BTreeMap<String, String>> {
        match self {
            Self::Again(kept) => Some(kept.by_key()),
            Self::All | Self::Open(_) => None,
        }
    }

    const fn kept(self) -> Option<&'a Answers> {
        match self {
            Self::All => None,
            Self::Again(kept) | Self::Open(kept) => Some(kept),
        }
    }

    /// Whether it asks a field.
    #[must_use]
    pub fn asks(self, field: &Field) -> bool {
        match self {
            Self::All | Self::Again(_) => true,
            // A box that may stay empty is answered so, too.
            Self::Open(_) if field.kind == FieldKind::YesNo && !field.required => false,
            Self::Open(kept) => field.answered(kept).is_none(),
        }
    }
}

impl Field {
    /// What was answered to it, if that still fits.
    fn answered(&self, kept: &Answers) -> Option<String> {
        self.read(kept.get(&self.key)?, true).ok().flatten()
    }

    /// The answer in the form that is kept; None where none was given.
    fn read(&self, given: &str, may_lack: bool) -> Result<Option<String>, AnswerError> {
        let given = given.trim();
        if given.is_empty() {
            return if self.required && !may_lack {
                Err(AnswerError::Missing)
            } else {
                Ok(None)
            };
        }
        if given.chars().count() > 200 || given.chars().any(char::is_control) {
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
    /// Reads the answers to what was asked; what was not keeps the answer that it had, and what
    /// answers no field is passed over.
    ///
    /// # Errors
    /// Says of each answer that does not fit what is wrong with it.
    pub fn read(
        &self,
        asked: Asked<'_>,
        given: Option<&BTreeMap<String, String>>,
    ) -> Result<Answers, WrongAnswers> {
        let (mut answers, mut wrong) = (Answers::default(), WrongAnswers::new());
        for field in &self.0 {
            let before = asked.kept().map(|kept| field.answered(kept));
            let read = if asked.asks(field) {
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
