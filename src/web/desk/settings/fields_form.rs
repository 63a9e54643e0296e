//! The form with what a newsletter asks: fields in their order, without numbers in their names.
//!
//! A field `field` begins one that is asked, a field `choice` begins a choice of it; what follows belongs to it.

use std::collections::BTreeSet;

use serde::Serialize;
use url::form_urlencoded;

use super::arrange::Move;
use super::one_line;
use crate::domain::{Field, FieldChoice, FieldKind, Fields, Labels, Language, Slug};

/// The most rows that are read; a form has no more by itself.
const MAX_ROWS: usize = 300;
/// The longest key that is made of a label; with a number behind it, it is still one.
const MAX_KEY: usize = 30;

/// A field as it is typed. The key is empty while the field has not been saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Typed {
    pub(super) key: String,
    pub(super) kind: FieldKind,
    pub(super) required: bool,
    pub(super) greets: bool,
    pub(super) labels: Labels,
    pub(super) choices: Vec<FieldChoice>,
}

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) version: Option<i64>,
    pub(super) action: String,
    pub(super) new_kind: Option<FieldKind>,
    pub(super) fields: Vec<Typed>,
}

impl From<&Field> for Typed {
    fn from(field: &Field) -> Self {
        Self {
            key: field.key.clone(),
            kind: field.kind,
            required: field.required,
            greets: field.greets,
            labels: field.labels.clone(),
            choices: field.choices.clone(),
        }
    }
}

impl Typed {
    fn new(kind: FieldKind) -> Self {
        let blank = || FieldChoice {
            value: String::new(),
            labels: Labels::new(),
        };
        let choices = if kind == FieldKind::Choice { 2 } else { 0 };
        Self {
            key: String::new(),
            kind,
            required: false,
            greets: false,
            labels: Labels::new(),
            choices: std::iter::repeat_with(blank).take(choices).collect(),
        }
    }
}

impl Sent {
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut sent = Self::default();
        let mut key = String::new();
        for (rows, (name, value)) in form_urlencoded::parse(body).enumerate() {
            if rows > MAX_ROWS * 8 {
                break;
            }
            match &*name {
                "version" => sent.version = value.parse().ok(),
                "do" => sent.action = value.into_owned(),
                "new-kind" => sent.new_kind = value.parse().ok(),
                "field" => key = value.into_owned(),
                "kind" => {
                    if let Ok(kind) = value.parse() {
                        let mut field = Typed::new(kind);
                        field.choices.clear();
                        field.key = std::mem::take(&mut key);
                        sent.fields.push(field);
                    }
                }
                _ => {
                    if let Some(field) = sent.fields.last_mut() {
                        field.take(&name, &value);
                    }
                }
            }
        }
        sent
    }

    /// Does what a button says, if it is one that arranges; returns where the keyboard goes on.
    pub(super) fn arrange(&mut self) -> Option<String> {
        if let Some(step) = Move::parse(&self.action) {
            return Some(step.apply(&mut self.fields));
        }
        let (verb, place) = self.action.split_once(':').unwrap_or((&self.action, ""));
        let (row, choice) = place.split_once('.').unwrap_or((place, ""));
        let row = row.parse::<usize>().ok();
        let field = row.and_then(|row| self.fields.get_mut(row));
        match (verb, self.new_kind, row.zip(field)) {
            ("add", Some(kind), _) => {
                self.fields.push(Typed::new(kind));
                Some(format!("row-{}-label", self.fields.len() - 1))
            }
            ("add-choice", _, Some((row, field))) => {
                field.choices.push(FieldChoice {
                    value: String::new(),
                    labels: Labels::new(),
                });
                Some(format!("row-{row}-choice-{}", field.choices.len() - 1))
            }
            ("remove-choice", _, Some((row, field))) => {
                let choice = choice.parse().unwrap_or(usize::MAX);
                if choice < field.choices.len() {
                    field.choices.remove(choice);
                }
                Some(format!("row-{row}-add"))
            }
            ("add" | "arranged" | "add-choice" | "remove-choice", _, _) => Some(String::new()),
            _ => None,
        }
    }
}

impl Typed {
    fn take(&mut self, name: &str, value: &str) {
        let line = one_line(value);
        match name {
            "required" => self.required = true,
            "greets" => self.greets = true,
            "choice" => self.choices.push(FieldChoice {
                value: line,
                labels: Labels::new(),
            }),
            name => {
                let label = |tag: &str| Some((tag.parse::<Language>().ok()?, line.clone()));
                let full = !line.is_empty();
                if let Some(label) = name.strip_prefix("label-").and_then(label) {
                    self.labels.extend(Some(label).filter(|_| full));
                } else if let (Some(label), Some(choice)) = (
                    name.strip_prefix("choice-label-").and_then(label),
                    self.choices.last_mut(),
                ) {
                    choice.labels.extend(Some(label).filter(|_| full));
                }
            }
        }
    }
}

/// Why the fields do not fit, and which: counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrongFields {
    /// It has no label in the newsletter's language.
    NoLabel(usize),
    /// A label is too long.
    LongLabel(usize),
    /// A choice has no label in the newsletter's language.
    NoChoiceLabel(usize),
    /// Two choices at least.
    FewChoices(usize),
    /// More than a form should ask.
    TooMany,
    /// Two fields greet.
    TwoGreetings,
    /// Something else.
    Other,
}

/// What was typed as fields. A field and a choice that are new get a name of their label, which they keep.
pub(super) fn read(typed: &[Typed], language: Language) -> Result<Fields, WrongFields> {
    const MAX_LABEL: usize = 150;
    let mut keys: BTreeSet<String> = typed.iter().map(|field| field.key.clone()).collect();
    let mut fields = Vec::new();
    for (row, field) in typed.iter().enumerate() {
        let label = field
            .labels
            .get(&language)
            .ok_or(WrongFields::NoLabel(row))?;
        let all_choices = field
            .choices
            .iter()
            .flat_map(|choice| choice.labels.values());
        let mut all = field.labels.values().chain(all_choices);
        if all.any(|label| label.chars().count() > MAX_LABEL) {
            return Err(WrongFields::LongLabel(row));
        }
        let mut values: BTreeSet<String> = field.choices.iter().map(|c| c.value.clone()).collect();
        let named = |choice: &FieldChoice| {
            let label = choice.labels.get(&language);
            let label = label.ok_or(WrongFields::NoChoiceLabel(row))?;
            Ok(FieldChoice {
                value: name(&choice.value, label, "choice", &mut values),
                labels: choice.labels.clone(),
            })
        };
        let choices = field.choices.iter().map(named);
        let choices: Vec<FieldChoice> = choices.collect::<Result<_, _>>()?;
        if field.kind == FieldKind::Choice && choices.len() < 2 {
            return Err(WrongFields::FewChoices(row));
        }
        fields.push(Field {
            key: name(&field.key, label, "field", &mut keys),
            kind: field.kind,
            required: field.required,
            greets: field.greets && field.kind == FieldKind::Text,
            labels: field.labels.clone(),
            choices,
        });
    }
    if fields.len() > Fields::MAX_FIELDS {
        return Err(WrongFields::TooMany);
    }
    if fields.iter().filter(|field| field.greets).count() > 1 {
        return Err(WrongFields::TwoGreetings);
    }
    Fields::try_from(fields).map_err(|_| WrongFields::Other)
}

/// The name that something has, or one of its label that nothing else has.
fn name(own: &str, label: &str, otherwise: &str, taken: &mut BTreeSet<String>) -> String {
    if !own.is_empty() {
        return own.to_owned();
    }
    let short: String = label.chars().take(60).collect();
    let slug = Slug::parse(otherwise).map(|fallback| Slug::from_text(&short, &fallback));
    let full = slug.map_or_else(|_| otherwise.to_owned(), |slug| slug.as_str().to_owned());
    let begin = full.get(..MAX_KEY).unwrap_or(&full).trim_end_matches('-');
    let numbered = (2..).map(|number| format!("{begin}-{number}"));
    let mut names = std::iter::once(begin.to_owned()).chain(numbered);
    let free = names.find(|name| !taken.contains(name));
    let free = free.unwrap_or_else(|| begin.to_owned());
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::{Sent, WrongFields, read};
    use crate::domain::{FieldKind, Language};

    fn parse(fields: &[(&str, &str)]) -> Sent {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        fields.iter().for_each(|(name, value)| {
            body.append_pair(name, value);
        });
        Sent::parse(body.finish().as_bytes())
    }

    const TRADE: [(&str, &str); 13] = [
        ("field", "trade"),
        ("kind", "choice"),
        ("label-fr", " Métier "),
        ("label-en", "Trade"),
        ("required", "yes"),
        ("choice", "press"),
        ("choice-label-fr", "Presse"),
        ("choice-label-en", ""),
        ("choice", ""),
        ("choice-label-fr", "Autre chose"),
        ("field", ""),
        ("kind", "text"),
        ("label-fr", "Métier"),
    ];

    #[test]
    fn what_is_known_keeps_its_name_and_what_is_new_gets_one() -> Result<(), WrongFields> {
        let sent = parse(&TRADE);
        let fields = read(&sent.fields, Language::Fr)?;
        let fields: Vec<_> = fields.iter().collect();
        let [trade, other] = fields.as_slice() else {
            panic!("{fields:?}");
        };
        assert_eq!(
            (trade.key.as_str(), other.key.as_str()),
            ("trade", "metier")
        );
        assert!(trade.required && !other.required);
        assert_eq!(trade.labels[&Language::En], "Trade");
        let values: Vec<&str> = trade.choices.iter().map(|c| c.value.as_str()).collect();
        assert_eq!(values, ["press", "autre-chose"]);
        assert_eq!(trade.choices[0].labels.len(), 1);
        // Letters that are no Latin ones still make a name, and none is taken twice.
        let twice = [("field", ""), ("kind", "text"), ("label-ru", "Имя")].repeat(2);
        let fields = read(&parse(&twice).fields, Language::Ru)?;
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(keys, ["imia", "imia-2"]);
        Ok(())
    }

    #[test]
    fn buttons_add_and_remove() {
        let after = |action: &str| {
            let kind = ("new-kind", "choice");
            let mut sent = parse(&[&TRADE[..], &[kind, ("do", action)]].concat());
            let focus = sent.arrange().unwrap_or_else(|| panic!("{action}"));
            let choices = sent.fields.iter().map(|field| field.choices.len());
            (choices.collect::<Vec<_>>(), focus)
        };
        assert_eq!(after("add"), (vec![2, 0, 2], "row-2-label".to_owned()));
        assert_eq!(
            after("add-choice:0"),
            (vec![3, 0], "row-0-choice-2".to_owned())
        );
        assert_eq!(
            after("remove-choice:0.1"),
            (vec![1, 0], "row-0-add".to_owned())
        );
        assert_eq!(after("remove:0"), (vec![0], "row-0-remove".to_owned()));
        assert_eq!(after("add-choice:7"), (vec![2, 0], String::new()));
        assert_eq!(parse(&[("do", "save")]).arrange(), None);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let wrong = |change: &dyn Fn(&mut Sent)| {
            let mut sent = parse(&TRADE);
            change(&mut sent);
            read(&sent.fields, Language::Fr).err()
        };
        assert_eq!(
            wrong(&|s| s.fields[1].labels.clear()),
            Some(WrongFields::NoLabel(1))
        );
        assert_eq!(
            wrong(&|s| s.fields[0].choices[1].labels.clear()),
            Some(WrongFields::NoChoiceLabel(0))
        );
        assert_eq!(
            wrong(&|s| s.fields[0].choices.truncate(1)),
            Some(WrongFields::FewChoices(0))
        );
        let long = "x".repeat(151);
        assert_eq!(
            wrong(&|s| s.fields[1]
                .labels
                .insert(Language::En, long.clone())
                .map_or((), |_| ())),
            Some(WrongFields::LongLabel(1))
        );
        let greets = |s: &mut Sent| {
            s.fields[0].kind = FieldKind::Text;
            s.fields[0].choices.clear();
            s.fields.iter_mut().for_each(|field| field.greets = true);
        };
        assert_eq!(wrong(&greets), Some(WrongFields::TwoGreetings));
        let many = |s: &mut Sent| s.fields = vec![s.fields[1].clone(); 13];
        assert_eq!(wrong(&many), Some(WrongFields::TooMany));
    }
}
