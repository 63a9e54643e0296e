//! A newsletter's own words in place of the shipped ones, where owners may choose them.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use serde::Serialize;

use super::{TextValue, bundle, format, resource, sources, text};
use crate::domain::{Language, MailKind, is_xml_char};

/// The greetings that the mails about a subscription share.
const GREETINGS: [&str; 2] = ["mail-hello", "mail-hello-name"];
/// The mails that owners may word. What those about a reader's data say, the law asks for.
const WORDED: [MailKind; 3] = [
    MailKind::Confirmation,
    MailKind::AlreadySubscribed,
    MailKind::Welcome,
];
/// The longest wording; a mail is no place for more, and a subject line for much less.
const MAX_TEXT_CHARS: usize = 1_000;
const MAX_SUBJECT_CHARS: usize = 150;

/// Why a wording was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextOverrideError {
    /// It is no text of a mail about a subscription.
    #[error("there is no text `{0}` that can be changed; the list of texts shows those that can")]
    NotEditable(String),
    /// It says nothing.
    #[error("must say something; to get the shipped wording back, reset the text")]
    Empty,
    /// It is too long.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// It has line breaks or the like.
    #[error("must be one line, without control characters")]
    NotOneLine,
    /// It does not parse, or does more than fill values in.
    #[error("cannot be read: {0}; write plain text, with values as in {{ $newsletter }}")]
    Unreadable(String),
    /// It uses a value that this text does not have.
    #[error("must not use {{ ${name} }}: this text has {known}")]
    UnknownValue {
        /// The value's name.
        name: String,
        /// The values that there are, in words.
        known: String,
    },
    /// It leaves out a value that readers need.
    #[error("must say {{ ${0} }}, as the shipped text does")]
    MissingValue(String),
    /// A confirmation has one link, its own.
    #[error("must not name an address of the web: a confirmation mail has no link but its own")]
    Link,
}

/// A text that owners may word themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditableText {
    /// Its key in `locales/`.
    pub key: String,
    /// The mail it stands in; none for the greetings, which several share.
    pub mail: Option<MailKind>,
    /// The wording as it is shipped.
    pub shipped: String,
    /// The values that it says.
    pub values: BTreeSet<String>,
}

/// The texts that owners may word themselves, in the order of the mails: the greetings,
/// and those whose key begins with the name of a mail, as `welcome-title` does.
#[must_use]
pub fn editable_texts(language: Language) -> Vec<EditableText> {
    sources(language).flat_map(editable_in).collect()
}

fn editable_in(source: &str) -> Vec<EditableText> {
    let resource = resource(source);
    let editable = resource.entries().filter_map(|entry| {
        let Entry::Message(message) = entry else {
            return None;
        };
        let mail = mail_of(message.id.name);
        (mail.is_some() || GREETINGS.contains(&message.id.name)).then_some(())?;
        let (shipped, values) = simple(message.value.as_ref()?)?;
        let key = message.id.name.to_owned();
        Some(EditableText {
            key,
            mail,
            shipped,
            values,
        })
    });
    editable.collect()
}

fn mail_of(key: &str) -> Option<MailKind> {
    let begins = |kind: &&MailKind| {
        let name = kind.as_str().replace('_', "-");
        key.strip_prefix(&name)
            .is_some_and(|rest| rest.starts_with('-'))
    };
    WORDED.iter().find(begins).copied()
}

/// A pattern of plain text and values, as it is written; None if it is more than that.
fn simple(pattern: &Pattern<&str>) -> Option<(String, BTreeSet<String>)> {
    let (mut wording, mut values) = (String::new(), BTreeSet::new());
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => wording.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                wording.push_str(&format!("{{ ${} }}", id.name));
                values.insert(id.name.to_owned());
            }
            PatternElement::Placeable { .. } => return None,
        }
    }
    Some((wording, values))
}

/// Own words for one text: they parse, and say the values of the shipped ones and no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextOverride {
    shipped: EditableText,
    wording: String,
}

impl TextOverride {
    /// Checks a wording.
    ///
    /// # Errors
    /// When the text cannot be changed, or not to this.
    pub fn new(language: Language, key: &str, wording: &str) -> Result<Self, TextOverrideError> {
        let shipped = editable_texts(language).into_iter().find(|t| t.key == key);
        let shipped = shipped
            .ok_or_else(|| TextOverrideError::NotEditable(key.chars().take(60).collect()))?;
        let wording = wording.trim();
        let most = if key.ends_with("-subject") {
            MAX_SUBJECT_CHARS
        } else {
            MAX_TEXT_CHARS
        };
        if wording.is_empty() {
            return Err(TextOverrideError::Empty);
        }
        if wording.chars().count() > most {
            return Err(TextOverrideError::TooLong(most));
        }
        if wording
            .chars()
            .any(|c| c.is_control() || !is_xml_char(c) || matches!(c, '\u{2028}' | '\u{2029}'))
        {
            return Err(TextOverrideError::NotOneLine);
        }
        let (wording, values) = read(wording)?;
        if let Some(name) = values.difference(&shipped.values).next() {
            let (name, known) = (name.clone(), in_words(&shipped.values));
            return Err(TextOverrideError::UnknownValue { name, known });
        }
        if let Some(name) = shipped.values.difference(&values).next() {
            return Err(TextOverrideError::MissingValue(name.clone()));
        }
        if shipped.mail == Some(MailKind::Confirmation) && names_a_page(&wording) {
            return Err(TextOverrideError::Link);
        }
        Ok(Self { shipped, wording })
    }

    /// The text that these words replace.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.shipped.key
    }

    /// The words.
    #[must_use]
    pub fn wording(&self) -> &str {
        &self.wording
    }
}

fn read(wording: &str) -> Result<(String, BTreeSet<String>), TextOverrideError> {
    let unreadable = |why: &str| TextOverrideError::Unreadable(why.to_owned());
    let resource = FluentResource::try_new(as_message(wording)).map_err(|(_, errors)| {
        let first = errors.first().map(ToString::to_string);
        unreadable(&first.unwrap_or_default())
    })?;
    let mut entries = resource.entries();
    let (Some(Entry::Message(message)), None) = (entries.next(), entries.next()) else {
        return Err(unreadable("it is more than one text"));
    };
    let pattern = message.value.as_ref();
    pattern
        .and_then(simple)
        .ok_or_else(|| unreadable("only values may stand between braces"))
}

fn as_message(wording: &str) -> String {
    format!("own = {wording}\n")
}

fn in_words(values: &BTreeSet<String>) -> String {
    let named: Vec<String> = values.iter().map(|name| format!("{{ ${name} }}")).collect();
    match named.as_slice() {
        [] => "no values".to_owned(),
        named => named.join(", "),
    }
}

fn names_a_page(wording: &str) -> bool {
    let small = wording.to_lowercase();
    ["://", "www.", "mailto:"]
        .iter()
        .any(|sign| small.contains(sign))
}

/// The own words that a mail is rendered with, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TextOverrides(BTreeMap<String, String>);

impl TextOverrides {
    /// Those of these keys and wordings that still fit the shipped texts: after an upgrade a text
    /// may say another value, and then the shipped one is right.
    #[must_use]
    pub fn of(language: Language, kept: &[(String, String)]) -> Self {
        let fit =
            |(key, wording): &(String, String)| TextOverride::new(language, key, wording).ok();
        kept.iter().filter_map(fit).collect()
    }

    /// The text with this key: the newsletter's own words, or else the shipped ones.
    #[must_use]
    pub fn say(&self, language: Language, key: &str, values: &[(&str, TextValue<'_>)]) -> String {
        match self.0.get(key) {
            Some(own) => say(language, own, values),
            None => text(language, key, values),
        }
    }

    /// The same with one text worded differently.
    #[must_use]
    pub fn with(mut self, text: TextOverride) -> Self {
        self.0.insert(text.shipped.key, text.wording);
        self
    }
}

impl FromIterator<TextOverride> for TextOverrides {
    fn from_iter<T: IntoIterator<Item = TextOverride>>(texts: T) -> Self {
        texts.into_iter().fold(Self::default(), Self::with)
    }
}

/// A wording with its values filled in.
pub(super) fn say(language: Language, wording: &str, values: &[(&str, TextValue<'_>)]) -> String {
    let bundle = bundle(language, std::iter::once(as_message(wording).as_str()));
    let message = bundle
        .get_message("own")
        .and_then(|message| message.value());
    message.map_or_else(
        || wording.to_owned(),
        |pattern| format(&bundle, pattern, values),
    )
}
