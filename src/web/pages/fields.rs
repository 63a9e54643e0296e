//! The fields that newsletters ask for, in one form.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::{
    AnswerError, Asked, FieldKind, Labels, Language, Newsletter, Slug, WrongAnswers,
    WrongByNewsletter, label,
};

/// What the names of such fields begin with, so that none is taken for one of the form's own.
const PREFIX: &str = "field-";

/// What stands between a newsletter and its field; neither slugs nor keys have it. The form's own
/// newsletter is not named: pasted forms know its fields by their keys alone.
const OF: char = '/';

/// Says which newsletters' fields stand on the form: what is left empty is then an answer, too.
const ASKED: &str = "asked";

/// What was typed into such fields, as it came.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    asked: BTreeSet<String>,
    to_own: BTreeMap<String, String>,
    to_others: BTreeMap<String, BTreeMap<String, String>>,
}

impl Typed {
    /// Takes a field of the form in, if it is one of these.
    pub fn take(&mut self, name: &str, value: String) {
        if name == ASKED {
            self.asked.insert(value);
        } else if let Some(field) = name.strip_prefix(PREFIX) {
            let (answers, key) = match field.split_once(OF) {
                Some((slug, key)) => (self.to_others.entry(slug.to_owned()).or_default(), key),
                None => (&mut self.to_own, field),
            };
            answers.insert(key.to_owned(), value);
        }
    }

    /// What was typed for a newsletter into the form of its own or of another.
    #[must_use]
    pub fn to(
        &self,
        newsletter: &Newsletter,
        own: &Newsletter,
    ) -> Option<&BTreeMap<String, String>> {
        if newsletter.id == own.id {
            (!self.to_own.is_empty()).then_some(&self.to_own)
        } else {
            self.to_others.get(newsletter.slug.as_str())
        }
    }

    /// Whether the form asked what a newsletter wants to know.
    #[must_use]
    pub fn was_asked(&self, newsletter: &Newsletter, own: &Newsletter) -> bool {
        self.asked.contains(newsletter.slug.as_str()) || self.to(newsletter, own).is_some()
    }
}

/// A newsletter whose fields a form shows.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Which.
    pub newsletter: &'a Newsletter,
    /// How much of them.
    pub asked: Asked<'a>,
    /// What is filled in already.
    pub filled: Option<&'a BTreeMap<String, String>>,
    /// Whether the visitor has not seen them yet, though something was sent.
    pub new: bool,
}

/// What one newsletter asks, ready to be filled in.
#[derive(Debug, Clone, Serialize)]
pub struct FieldGroup<'a> {
    slug: &'a Slug,
    title: &'a str,
    language: Language,
    /// Whether it has to be said whose fields these are.
    titled: bool,
    new: bool,
    wrong: bool,
    fields: Vec<FieldView<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct FieldView<'a> {
    name: String,
    kind: FieldKind,
    required: bool,
    label: Words<'a>,
    value: &'a str,
    choices: Vec<ChoiceView<'a>>,
    error: Option<&'static str>,
    /// Whether it is the one to go on with.
    first: bool,
}

#[derive(Debug, Clone, Serialize)]
struct ChoiceView<'a> {
    value: &'a str,
    label: Words<'a>,
}

#[derive(Debug, Clone, Serialize)]
struct Words<'a> {
    text: &'a str,
    /// The language they are in, where it is not the page's.
    language: Option<Language>,
}

impl<'a> Words<'a> {
    fn of(labels: &'a Labels, language: Language, otherwise: Language) -> Self {
        let (found, text) = label(labels, language, otherwise);
        Self {
            text,
            language: (found != language).then_some(found),
        }
    }
}

impl<'a> FieldGroup<'a> {
    /// Those of all that ask anything, on the form of a newsletter, with what is wrong.
    #[must_use]
    pub fn all(
        asking: impl IntoIterator<Item = Asking<'a>>,
        own: &Newsletter,
        language: Language,
        wrong: &WrongByNewsletter,
    ) -> Vec<Self> {
        let right = WrongAnswers::new();
        let group = |one: Asking<'a>| {
            let newsletter = one.newsletter;
            let wrong = wrong.get(&newsletter.id).unwrap_or(&right);
            let begin = match newsletter.id == own.id {
                true => PREFIX.to_owned(),
                false => format!("{PREFIX}{}{OF}", newsletter.slug),
            };
            Self {
                slug: &newsletter.slug,
                title: &newsletter.title,
                language: newsletter.language,
                titled: newsletter.id != own.id,
                new: one.new,
                wrong: !wrong.is_empty(),
                fields: FieldView::all(one, &begin, language, wrong),
            }
        };
        let groups = asking.into_iter().map(group);
        let mut groups: Vec<Self> = groups.filter(|group| !group.fields.is_empty()).collect();
        if groups.len() > 1 {
            groups.iter_mut().for_each(|group| group.titled = true);
        }
        if let Some(first) = Self::first(&mut groups) {
            first.first = true;
        }
        groups
    }

    /// The field to go on with: the first that is wrong, or else the first that is new.
    fn first<'g>(groups: &'g mut [Self]) -> Option<&'g mut FieldView<'a>> {
        let is_wrong = groups.iter().any(|group| group.wrong);
        let group = groups.iter_mut().find(|group| match is_wrong {
            true => group.wrong,
            false => group.new,
        })?;
        let mut fields = group.fields.iter_mut();
        fields.find(|field| !is_wrong || field.error.is_some())
    }
}

impl<'a> FieldView<'a> {
    /// Those of a newsletter, with names that begin so.
    fn all(asking: Asking<'a>, begin: &str, language: Language, wrong: &WrongAnswers) -> Vec<Self> {
        let newsletter = asking.newsletter;
        let said = |labels: &'a Labels| Words::of(labels, language, newsletter.language);
        let filled = |key: &String| asking.filled.and_then(|filled| filled.get(key));
        let fields = newsletter.fields.iter();
        let fields = fields.filter(|field| asking.asked.asks(field));
        let fields = fields.map(|field| Self {
            name: format!("{begin}{}", field.key),
            kind: field.kind,
            required: field.required,
            label: said(&field.labels),
            value: filled(&field.key).map_or("", String::as_str),
            choices: field
                .choices
                .iter()
                .map(|choice| ChoiceView {
                    value: &choice.value,
                    label: said(&choice.labels),
                })
                .collect(),
            error: wrong.get(&field.key).copied().map(AnswerError::code),
            first: false,
        });
        fields.collect()
    }
}
