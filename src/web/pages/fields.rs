//! The fields of newsletters in one form.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::{
    AnswerError, FieldKind, FieldSelection, Labels, Language, Newsletter, Slug, WrongAnswers,
    WrongByNewsletter, label,
};

/// The prefix of their names, which separates them from the form's own fields.
const PREFIX: &str = "field-";

/// Separates the slug of a newsletter from the key of its field; neither contains it. The fields of
/// the form's own newsletter have no slug: forms on other sites name them by their keys alone.
const SEPARATOR: char = '/';

/// The hidden field that names a newsletter whose fields are on the form: an empty field is then an
/// answer.
const NEWSLETTER_MARKER: &str = "asked";

/// What was typed into such fields, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct TypedAnswers {
    newsletters: BTreeSet<String>,
    to_own: BTreeMap<String, String>,
    to_others: BTreeMap<String, BTreeMap<String, String>>,
}

impl TypedAnswers {
    /// Adds a field of the form, if it is one of these.
    pub fn take(&mut self, name: &str, value: String) {
        if name == NEWSLETTER_MARKER {
            self.newsletters.insert(value);
        } else if let Some(field) = name.strip_prefix(PREFIX) {
            let (answers, key) = match field.split_once(SEPARATOR) {
                Some((slug, key)) => (self.to_others.entry(slug.to_owned()).or_default(), key),
                None => (&mut self.to_own, field),
            };
            answers.insert(key.to_owned(), value);
        }
    }

    /// What was typed into the fields of `newsletter` on the form of `own`.
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

    /// Whether the form of `own` had the fields of `newsletter`.
    #[must_use]
    pub fn had_fields_of(&self, newsletter: &Newsletter, own: &Newsletter) -> bool {
        self.newsletters.contains(newsletter.slug.as_str()) || self.to(newsletter, own).is_some()
    }
}

/// A newsletter whose fields are shown on a form.
#[derive(Debug, Clone, Copy)]
pub struct FieldGroupInput<'a> {
    /// The newsletter.
    pub newsletter: &'a Newsletter,
    /// Which of its fields.
    pub selection: FieldSelection<'a>,
    /// The values with which they are filled in.
    pub filled: Option<&'a BTreeMap<String, String>>,
    /// Whether they are shown for the first time after the form was sent.
    pub new: bool,
}

/// The fields of one newsletter on a form.
#[derive(Debug, Clone, Serialize)]
pub struct FieldGroup<'a> {
    slug: &'a Slug,
    title: &'a str,
    language: Language,
    /// Whether the title of the newsletter is shown.
    titled: bool,
    new: bool,
    wrong: bool,
    /// Whether it is shown again for an answer: it is new, or something is wrong.
    waits: bool,
    /// Whether a field must be answered.
    required: bool,
    fields: Vec<FieldView<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct FieldView<'a> {
    name: String,
    kind: FieldKind,
    required: bool,
    label: LocalizedLabel<'a>,
    value: &'a str,
    choices: Vec<ChoiceView<'a>>,
    error: Option<&'static str>,
    /// Whether it gets the focus.
    first: bool,
}

#[derive(Debug, Clone, Serialize)]
struct ChoiceView<'a> {
    value: &'a str,
    label: LocalizedLabel<'a>,
}

#[derive(Debug, Clone, Serialize)]
struct LocalizedLabel<'a> {
    text: &'a str,
    /// The language of the text, when it is not the page's.
    language: Option<Language>,
}

impl<'a> LocalizedLabel<'a> {
    fn of(labels: &'a Labels, language: Language, fallback: Language) -> Self {
        let (found, text) = label(labels, language, fallback);
        Self {
            text,
            language: (found != language).then_some(found),
        }
    }
}

impl<'a> FieldGroup<'a> {
    /// The groups on the form of `own`, without those that have no fields.
    #[must_use]
    pub fn all(
        inputs: impl IntoIterator<Item = FieldGroupInput<'a>>,
        own: &Newsletter,
        language: Language,
        wrong: &WrongByNewsletter,
    ) -> Vec<Self> {
        let none_wrong = WrongAnswers::new();
        let group = |one: FieldGroupInput<'a>| {
            let newsletter = one.newsletter;
            let wrong = wrong.get(&newsletter.id).unwrap_or(&none_wrong);
            let prefix = match newsletter.id == own.id {
                true => PREFIX.to_owned(),
                false => format!("{PREFIX}{}{SEPARATOR}", newsletter.slug),
            };
            Self {
                slug: &newsletter.slug,
                title: &newsletter.title,
                language: newsletter.language,
                titled: newsletter.id != own.id,
                new: one.new,
                wrong: !wrong.is_empty(),
                waits: one.new || !wrong.is_empty(),
                required: newsletter.fields.any_required(),
                fields: FieldView::all(one, &prefix, language, wrong),
            }
        };
        let groups = inputs.into_iter().map(group);
        let mut groups: Vec<Self> = groups.filter(|group| !group.fields.is_empty()).collect();
        if groups.len() > 1 {
            groups.iter_mut().for_each(|group| group.titled = true);
        }
        if let Some(first) = Self::first(&mut groups) {
            first.first = true;
        }
        groups
    }

    /// The field that gets the focus: the first that is wrong, or else the first that is new.
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
    /// The fields of a newsletter; their names begin with `prefix`.
    fn all(
        input: FieldGroupInput<'a>,
        prefix: &str,
        language: Language,
        wrong: &WrongAnswers,
    ) -> Vec<Self> {
        let newsletter = input.newsletter;
        let localized =
            |labels: &'a Labels| LocalizedLabel::of(labels, language, newsletter.language);
        let filled = |key: &String| input.filled.and_then(|filled| filled.get(key));
        let fields = newsletter.fields.iter();
        let fields = fields.filter(|field| input.selection.includes(field));
        let fields = fields.map(|field| Self {
            name: format!("{prefix}{}", field.key),
            kind: field.kind,
            required: field.required,
            label: localized(&field.labels),
            value: filled(&field.key).map_or("", String::as_str),
            choices: field
                .choices
                .iter()
                .map(|choice| ChoiceView {
                    value: &choice.value,
                    label: localized(&choice.labels),
                })
                .collect(),
            error: wrong.get(&field.key).copied().map(AnswerError::code),
            first: false,
        });
        fields.collect()
    }
}
