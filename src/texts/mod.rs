//! Everything a reader reads, in every language of the service.
//!
//! The sentences are Fluent messages in `locales/`, built into the binary.
//! [`text`] looks one up; [`Templates`] gives the same to mails and pages.

mod csv_table;
mod dates;
mod numbers;
mod overrides;
mod templates;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::Pattern;
use unic_langid::LanguageIdentifier;

use crate::domain::{ConsentWording, Language, Newsletter};

pub use csv_table::CsvReader;
pub use dates::{duration, local_time, long_date};
pub use fluent_bundle::FluentValue as TextValue;
pub use numbers::{decimal_point, number};
pub use overrides::{EditableText, TextOverride, TextOverrideError, TextOverrides, editable_texts};
pub use templates::{TemplateError, Templates};

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| {
    let all = Language::ALL.iter();
    all.map(|language| bundle(*language, sources(*language)))
        .collect()
});

/// The files of each language's folder in `locales/`, by name, in the order of
/// `Language::ALL`; made by `build.rs`.
static FILES: &[&[(&str, &str)]] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// The Fluent sources of a language.
fn sources(language: Language) -> impl Iterator<Item = &'static str> {
    let files = FILES[language as usize].iter();
    files
        .filter(|(name, _)| name.ends_with(".ftl"))
        .map(|(_, source)| *source)
}

/// A file in the folder of a language, such as `demo/issue.json`.
#[must_use]
pub fn locale_file(language: Language, name: &str) -> Option<&'static str> {
    let mut files = FILES[language as usize].iter();
    files.find(|(file, _)| *file == name).map(|(_, text)| *text)
}

/// Decides which plural form goes with which number.
fn locale(language: Language) -> LanguageIdentifier {
    language.as_str().parse().unwrap_or_default()
}

/// A source with an error still gives its other messages; the tests see to it that none has.
fn resource(source: &str) -> FluentResource {
    FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial)
}

fn bundle<'a>(language: Language, sources: impl Iterator<Item = &'a str>) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![locale(language)]);
    // The marks around values are for mixed scripts; in a subject line they are noise.
    bundle.set_use_isolating(false);
    for source in sources {
        bundle.add_resource_overriding(resource(source));
    }
    bundle
}

/// The message `key` with its values filled in.
///
/// A key that does not exist comes back as it is: seen at once, and never a
/// reason to fail in front of a reader.
#[must_use]
pub fn text(language: Language, key: &str, values: &[(&str, TextValue<'_>)]) -> String {
    let bundle = &BUNDLES[language as usize];
    let pattern = bundle.get_message(key).and_then(|message| message.value());
    let Some(pattern) = pattern else {
        return key.to_owned();
    };
    format(bundle, pattern, values)
}

fn format(bundle: &Bundle, pattern: &Pattern<&str>, values: &[(&str, TextValue<'_>)]) -> String {
    let arguments: FluentArgs<'_> = values.iter().cloned().collect();
    let mut problems = Vec::new();
    bundle
        .format_pattern(pattern, Some(&arguments), &mut problems)
        .into_owned()
}

/// The language's own name for itself.
#[must_use]
pub fn language_name(language: Language) -> String {
    text(language, "language-own-name", &[])
}

/// The consent asked for at the sign-up to the newsletter called `title`.
#[must_use]
pub fn consent_wording(language: Language, title: &str) -> ConsentWording {
    ConsentWording {
        wording: text(language, "consent-wording", &[("newsletter", title.into())]),
        version: text(language, "consent-wording-version", &[]),
        language,
    }
}

/// The consent asked for where several newsletters can be ticked.
#[must_use]
pub fn consent_wording_of_ticked(language: Language) -> ConsentWording {
    action_wording(language, "consent-wording-ticked")
}

/// Words that are about what is ticked, with one of the ticks: as much of the page
/// as is about this newsletter.
#[must_use]
pub fn ticked(wording: ConsentWording, newsletter: &Newsletter) -> ConsentWording {
    let (title, language) = (&newsletter.title, language_name(newsletter.language));
    ConsentWording {
        wording: format!("☑ {title} ({language})\n{}", wording.wording),
        ..wording
    }
}

/// The words on the button by which a reader changes or ends a subscription;
/// they carry the version of the consent they are about.
#[must_use]
pub fn action_wording(language: Language, button: &str) -> ConsentWording {
    ConsentWording {
        wording: text(language, button, &[]),
        version: text(language, "consent-wording-version", &[]),
        language,
    }
}
