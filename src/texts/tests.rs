//! Every text exists in every language, with the same values, in good typography.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};
use fluent_syntax::parser;
use intl_pluralrules::{PluralRuleType, PluralRules};

use super::{consent_wording, locale, sources, text};
use crate::domain::{
    AddressError, AuditAction, BreakKind, ConsentKind, ConsentMethod, Country, DeliveryState,
    EndReason, Exclusion, FindingCode, Language, MailKind, PartKind, PauseCode, ReplyMeaning, Role,
    SubscriptionState,
};

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
    let english = messages(Language::En);
    assert!(english.len() > 150);
    for language in Language::ALL {
        let theirs = messages(*language);
        let missing: Vec<_> = english
            .keys()
            .filter(|k| !theirs.contains_key(*k))
            .collect();
        let surplus: Vec<_> = theirs
            .keys()
            .filter(|k| !english.contains_key(*k))
            .collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{language}: without {missing:?}, with {surplus:?}"
        );
        assert_eq!(theirs, english, "{language} uses other values");
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
    let known = messages(Language::En);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut templates = files(&root.join("email_templates"));
    templates.extend(files(&root.join("src/web/templates")));
    templates.extend(files(&root.join("src/subscribe/privacy/templates")));
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

fn words<T: std::fmt::Display>(all: &'static [T]) -> std::vec::IntoIter<String> {
    all.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .into_iter()
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
        AddressError::Unseen(' '),
        AddressError::Decorated,
        AddressError::MixedScripts('с'),
        AddressError::BadLocalPart,
        AddressError::BadDomain,
    ] {
        keys.push(error.code().to_owned());
    }
    keys.extend(BreakKind::ALL.iter().map(|k| format!("break-{k}")));
    keys.extend(AuditAction::ALL.iter().map(|a| format!("desk-did-{a}")));
    keys.extend(Role::ALL.iter().map(|r| format!("desk-role-{r}-may")));
    keys.extend(ConsentKind::ALL.iter().map(|k| format!("consent-{k}")));
    keys.extend(ConsentMethod::ALL.iter().map(|m| format!("way-{m}")));
    keys.extend(
        PauseCode::ALL
            .iter()
            .map(|code| format!("desk-sending-because-{code}")),
    );
    keys.extend(MailKind::ALL.iter().map(|k| format!("mail-kind-{k}")));
    keys.extend(DeliveryState::ALL.iter().map(|s| format!("delivery-{s}")));
    keys.extend(
        SubscriptionState::ALL
            .iter()
            .map(|s| format!("subscription-{s}")),
    );
    keys.extend(EndReason::ALL.iter().map(|r| format!("ended-{r}")));
    for code in FindingCode::ALL {
        keys.push(format!("desk-check-{code}"));
        keys.push(format!("desk-check-{code}-advice"));
    }
    for (begin, words) in [
        ("meaning", words(ReplyMeaning::ALL)),
        ("waits", words(ReplyMeaning::ALL)),
        ("state", words(DeliveryState::ALL)),
        ("left-out", words(Exclusion::ALL)),
    ] {
        keys.extend(words.map(|word| format!("desk-sending-{begin}-{word}")));
    }
    let known = messages(Language::De);
    for key in keys {
        assert!(known.contains_key(&key), "{key}");
    }
}

/// The text of each message of a language, line by line.
fn lines(language: Language) -> impl Iterator<Item = &'static str> {
    let all = sources(language).flat_map(str::lines);
    let said = all.filter(|line| !line.starts_with('#'));
    said.map(|line| line.split_once(" = ").map_or(line, |(_, text)| text))
}

#[test]
fn french_spaces_do_not_break() {
    for text in lines(Language::Fr) {
        for loose in [" :", " ;", " ?", " !", " »", "« "] {
            assert!(!text.contains(loose), "{loose:?} in {text}");
        }
        let bare = |(before, mark): (char, char)| {
            matches!(mark, ':' | ';' | '?' | '!' | '»') && !"\u{a0}\u{202f}".contains(before)
        };
        let pairs = text.chars().zip(text.chars().skip(1));
        assert!(
            !pairs.into_iter().any(bare),
            "a mark without a space in {text}"
        );
    }
}

#[test]
fn russian_dashes_stay_with_their_word() {
    for text in lines(Language::Ru) {
        assert!(!text.contains(" —"), "a dash may begin a line in {text}");
        assert!(!text.contains('–') && !text.contains(" - "), "{text}");
    }
}

#[test]
fn every_language_has_its_own_quotation_marks() {
    let all = ['„', '“', '”', '«', '»', '‚', '‘', '"'];
    for (language, opening, closing) in [
        (Language::De, '„', '“'),
        (Language::En, '“', '”'),
        (Language::Fr, '«', '»'),
        (Language::Ru, '«', '»'),
    ] {
        let mut quoted = 0;
        for text in lines(language) {
            let marks: Vec<char> = text.chars().filter(|c| all.contains(c)).collect();
            let paired = |pair: &[char]| pair == [opening, closing];
            assert!(marks.chunks(2).all(paired), "{marks:?} in {text}");
            quoted += marks.len();
        }
        assert!(quoted > 20, "{language} quotes the newsletter's title");
    }
}

#[test]
fn no_apostrophe_is_straight() {
    for language in Language::ALL {
        for text in lines(*language) {
            assert!(!text.contains('\''), "{language}: {text}");
        }
    }
}

/// Different numbers never read the same (as they do where the form for 1, 21, 31 says "one"),
/// and each form that the language has for whole numbers is there.
#[test]
fn numbers_follow_the_rules_of_the_language() {
    let counted = [
        ("duration-hours", "count"),
        ("duration-days", "count"),
        ("signup-limited", "minutes"),
    ];
    for language in Language::ALL {
        let rules = PluralRules::create(locale(*language), PluralRuleType::CARDINAL);
        let rules = rules.unwrap();
        for (key, variable) in counted {
            let said = |n: u32| text(*language, key, &[(variable, n.into())]);
            let different: BTreeSet<String> = (1..=200).map(said).collect();
            assert_eq!(different.len(), 200, "{language}: {key}");
            let forms: BTreeSet<String> = (1..=200_u32)
                .map(|n| format!("{:?}", rules.select(n).unwrap()).to_lowercase())
                .collect();
            let has = variants(*language, key);
            assert!(
                forms.is_subset(&has),
                "{language}: {key} has {has:?}, not {forms:?}"
            );
        }
    }
}

/// The names of the variants in a message.
fn variants(language: Language, key: &str) -> BTreeSet<String> {
    let start = format!("{key} = ");
    let source = sources(language).find(|source| source.contains(&start));
    let (_, message) = source.unwrap().split_once(&start).unwrap();
    let message = message.split("\n }").next().unwrap();
    let names = message.split('[').skip(1);
    names
        .map(|name| name.split(']').next().unwrap().to_owned())
        .collect()
}

#[test]
fn values_are_filled_in_and_a_missing_key_is_seen() {
    let wording = consent_wording(Language::De, "Asien & <b>");
    assert!(wording.wording.starts_with("Ich möchte „Asien & <b>“ per"));
    assert_eq!(wording.version, "de-2");
    assert_eq!(text(Language::Fr, "no-such-key", &[]), "no-such-key");
}
