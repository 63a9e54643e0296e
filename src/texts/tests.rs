//! Every text exists in every language, with the same values, in good typography.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};
use fluent_syntax::parser;

use super::{consent_wording, sources, text};
use crate::domain::{AddressError, Country, Language, PartKind};

type Messages = BTreeMap<String, BTreeSet<String>>;

fn messages(language: Language) -> Messages {
    let mut all = Messages::new();
    for source in sources(language) {
        let resource: Resource<&str> =
            parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut names = BTreeSet::new();
                let value = message.value.unwrap_or_else(|| panic!("an empty message"));
                variables(&value, &mut names);
                let twice = all.insert(message.id.name.to_owned(), names);
                assert!(twice.is_none(), "{language}: {} twice", message.id.name);
            }
        }
    }
    all
}

fn variables(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        let (Expression::Inline(inline)
        | Expression::Select {
            selector: inline, ..
        }) = expression;
        if let InlineExpression::VariableReference { id } = inline {
            names.insert(id.name.to_owned());
        }
        if let Expression::Select { variants, .. } = expression {
            variants.iter().for_each(|v| variables(&v.value, names));
        }
    }
}

#[test]
fn all_languages_have_the_same_messages_with_the_same_values() {
    let french = messages(Language::French);
    assert!(french.len() > 150);
    for language in Language::ALL {
        assert_eq!(messages(*language), french, "{language}");
    }
}

/// Every file under the folder, with its text.
fn files(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), text));
        }
    }
    found
}

#[test]
fn every_key_in_a_template_exists() {
    let known = messages(Language::English);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut templates = files(&root.join("email_templates"));
    templates.extend(files(&root.join("src/web/templates")));
    let mut seen = 0;
    for (file, source) in templates {
        for rest in source.split("t(\"").skip(1) {
            let (key, after) = rest.split_once('"').unwrap();
            // `t("country-" ~ code)`: the beginning of several keys.
            let found = if after.trim_start().starts_with('~') {
                known.keys().any(|k| k.starts_with(key))
            } else {
                known.contains_key(key)
            };
            assert!(found, "{file} uses {key}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} keys are no full set of templates");
}

#[test]
fn every_code_has_its_text() {
    let mut keys: Vec<String> = Country::ALL
        .iter()
        .map(|c| format!("country-{c}"))
        .collect();
    let headed = PartKind::ALL.iter().filter(|k| **k != PartKind::Text);
    keys.extend(headed.map(|k| format!("part-{k}")));
    keys.extend((1..=7).map(|day| format!("weekday-{day}")));
    keys.extend((1..=12).map(|month| format!("month-{month}")));
    for error in [
        AddressError::Missing,
        AddressError::NoAtSign,
        AddressError::TooLong,
        AddressError::BadLocalPart,
        AddressError::BadDomain,
    ] {
        keys.push(error.code().to_owned());
    }
    let known = messages(Language::German);
    for key in keys {
        assert!(known.contains_key(&key), "{key}");
    }
}

#[test]
fn french_spaces_do_not_break() {
    for source in sources(Language::French) {
        for line in source.lines() {
            let text = line.split_once(" = ").map_or("", |(_, text)| text);
            for loose in [" :", " ;", " ?", " !", " »", "« "] {
                assert!(!text.contains(loose), "{loose:?} in {text}");
            }
        }
    }
    for language in Language::ALL {
        for source in sources(*language) {
            assert!(
                !source.contains('\''),
                "a straight apostrophe in {language}"
            );
        }
    }
}

#[test]
fn values_are_filled_in_and_a_missing_key_is_seen() {
    let wording = consent_wording(Language::German, "Asien & <b>");
    assert!(wording.wording.starts_with("Ich möchte „Asien & <b>“ per"));
    assert_eq!(wording.version, "de-1");
    assert_eq!(text(Language::French, "no-such-key", &[]), "no-such-key");
}
