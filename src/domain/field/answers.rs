//! What readers answer to what newsletters ask.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{Asked, Newsletter, NewsletterId};

/// Why an answer does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// There is none, and it is needed.
    #[error("is required")]
    Missing,
    /// It is too long, or no line of text.
    #[error("must be one line of at most 200 characters")]
    TooLong,
    /// It is none of the choices.
    #[error("is none of the choices")]
    NoChoice,
    /// It is no number.
    #[error("must be a number")]
    NoNumber,
    /// It is no day.
    #[error("must be a day as in 2026-03-21")]
    NoDate,
}

impl AnswerError {
    /// The key of the text for readers.
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

/// What one reader answered to the fields of one newsletter, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub(crate) BTreeMap<String, String>);

impl Answers {
    /// The answer to a field.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// As it is kept; None where there is nothing to keep.
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

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Answers that do not fit, by the key of their field.
pub type WrongAnswers = BTreeMap<String, AnswerError>;

/// What one person answered to each of several newsletters. It is read against the fields of that
/// newsletter, so that none can be kept for another, and none that it would refuse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswersByNewsletter(BTreeMap<NewsletterId, Answers>);

/// Answers that do not fit, by newsletter.
pub type WrongByNewsletter = BTreeMap<NewsletterId, WrongAnswers>;

impl AnswersByNewsletter {
    /// Reads what was given to each of these newsletters; what answers no field is passed over.
    ///
    /// # Errors
    /// Says of each answer that does not fit what is wrong with it.
    pub fn read<'n, 'g>(
        newsletters: impl IntoIterator<Item = &'n Newsletter>,
        given: impl Fn(&Newsletter) -> Option<&'g BTreeMap<String, String>>,
    ) -> Result<Self, WrongByNewsletter> {
        let asked = newsletters.into_iter().map(|one| (one, Asked::All));
        Self::read_as(asked, given)
    }

    /// Reads what was given to each of these newsletters, of which so much was asked.
    ///
    /// # Errors
    /// Says of each answer that does not fit what is wrong with it.
    pub fn read_as<'n, 'g>(
        asked: impl IntoIterator<Item = (&'n Newsletter, Asked<'n>)>,
        given: impl Fn(&Newsletter) -> Option<&'g BTreeMap<String, String>>,
    ) -> Result<Self, WrongByNewsletter> {
        let (mut all, mut wrong) = (Self::default(), WrongByNewsletter::new());
        for (newsletter, asked) in asked {
            match newsletter.fields.read(asked, given(newsletter)) {
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

    /// What a newsletter was answered; none where it was not answered at all.
    #[must_use]
    pub fn of(&self, newsletter: NewsletterId) -> Option<&Answers> {
        self.0.get(&newsletter)
    }
}
