//! Everything a reader reads, in every language of the service.
//!
//! The sentences are Fluent messages in `locales/`, built into the binary.
//! [`text`] looks one up; [`Templates`] gives the same to mails and pages.

mod dates;
mod templates;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::domain::{Country, Language};

pub use dates::{duration, long_date};
pub use fluent_bundle::FluentValue as TextValue;
pub use templates::{TemplateError, Templates};

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<Bundle>> =
    LazyLock::new(|| Language::ALL.iter().map(|l| bundle(*l)).collect());

/// The Fluent sources of a language.
const fn sources(language: Language) -> [&'static str; 4] {
    match language {
        Language::French => [
            include_str!("../../locales/fr/common.ftl"),
            include_str!("../../locales/fr/errors.ftl"),
            include_str!("../../locales/fr/mails.ftl"),
            include_str!("../../locales/fr/pages.ftl"),
        ],
        Language::English => [
            include_str!("../../locales/en/common.ftl"),
            include_str!("../../locales/en/errors.ftl"),
            include_str!("../../locales/en/mails.ftl"),
            include_str!("../../locales/en/pages.ftl"),
        ],
        Language::German => [
            include_str!("../../locales/de/common.ftl"),
            include_str!("../../locales/de/errors.ftl"),
            include_str!("../../locales/de/mails.ftl"),
            include_str!("../../locales/de/pages.ftl"),
        ],
    }
}

/// A source with an error still gives its other messages; the tests see to it that none has.
fn bundle(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // The marks around values are for mixed scripts; in a subject line they are noise.
    bundle.set_use_isolating(false);
    for source in sources(language) {
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
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
    let arguments: FluentArgs<'_> = values.iter().cloned().collect();
    let mut problems = Vec::new();
    bundle
        .format_pattern(pattern, Some(&arguments), &mut problems)
        .into_owned()
}

/// The name of a country.
#[must_use]
pub fn country_name(language: Language, country: Country) -> String {
    text(language, &format!("country-{country}"), &[])
}

/// The words to which a reader says yes, and their version: what a consent event records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentWording {
    /// Exactly as the sign-up page shows them.
    pub wording: String,
    /// Goes up with every change of the words.
    pub version: String,
}

/// The consent asked for at the sign-up to the newsletter called `title`.
#[must_use]
pub fn consent_wording(language: Language, title: &str) -> ConsentWording {
    ConsentWording {
        wording: text(language, "consent-wording", &[("newsletter", title.into())]),
        version: text(language, "consent-wording-version", &[]),
    }
}
