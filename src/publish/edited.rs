//! What of a newsletter was changed, as the audit log keeps it.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::{Language, NewsletterInput, NewsletterPatch, OtherSetting};

/// What of a newsletter was changed; never what it says since.
///
/// The log is a chain, so the written form never changes: `accent, logo` or `texts (fr): welcome-title`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// Settings, by their names.
    Settings(Vec<String>),
    /// Texts of its mails in one language, by their keys.
    Texts(Language, Vec<String>),
}

impl Edited {
    /// One setting.
    pub(super) fn other(setting: OtherSetting) -> Self {
        Self::Settings(vec![setting.to_string()])
    }

    /// The words that one has and the other has not.
    pub(super) fn between(before: &NewsletterInput, after: &NewsletterInput) -> Self {
        let (before, after) = (fields(before), fields(after));
        let differs = |name: &String| before.get(name) != after.get(name);
        Self::Settings(word_names().filter(differs).collect())
    }

    /// Whether nothing was changed.
    pub(super) fn is_nothing(&self) -> bool {
        let (Self::Settings(names) | Self::Texts(_, names)) = self;
        names.is_empty()
    }

    /// The same and one setting more.
    pub(super) fn and(self, setting: OtherSetting) -> Self {
        match self {
            Self::Settings(mut names) => {
                names.push(setting.to_string());
                Self::Settings(names)
            }
            texts @ Self::Texts(..) => texts,
        }
    }

    /// Reads what the log has. Names that are not known any more are kept.
    #[must_use]
    pub fn parse(detail: &str) -> Self {
        let names = |list: &str| list.split(", ").map(str::to_owned).collect();
        let texts = detail.strip_prefix("texts (").and_then(|rest| {
            let (language, keys) = rest.split_once("): ")?;
            Some(Self::Texts(language.parse().ok()?, names(keys)))
        });
        texts.unwrap_or_else(|| Self::Settings(names(detail)))
    }

    /// Every setting that a change may name.
    #[must_use]
    pub fn all_settings() -> Vec<String> {
        let others = OtherSetting::ALL.iter().map(ToString::to_string);
        word_names().chain(others).collect()
    }
}

impl fmt::Display for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(names) => f.write_str(&names.join(", ")),
            Self::Texts(language, keys) => write!(f, "texts ({language}): {}", keys.join(", ")),
        }
    }
}

/// The names of the words that a patch may change.
fn word_names() -> impl Iterator<Item = String> {
    let fields = fields(&NewsletterPatch::default()).into_iter();
    fields.map(|(name, _)| name)
}

/// What it has, by name.
fn fields(words: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(words) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn the_log_keeps_its_form() -> Result<(), Box<dyn std::error::Error>> {
        let before = Settings::defaults()?.newsletter;
        let patch = NewsletterPatch {
            accent: Some("#0b5c68".to_owned()),
            title: Some("Lettre".to_owned()),
            reply_to: Some(before.reply_to.clone()),
            ..NewsletterPatch::default()
        };
        assert!(Edited::between(&before, &before).is_nothing());
        let after = before.clone().with(patch);
        let look = Edited::between(&before, &after).and(OtherSetting::Logo);
        assert_eq!(look.to_string(), "accent, title, logo");
        let texts = ["welcome-title", "welcome-button"].map(str::to_owned);
        let texts = Edited::Texts(Language::Fr, texts.into());
        assert_eq!(
            texts.to_string(),
            "texts (fr): welcome-title, welcome-button"
        );
        for edited in [look, texts, Edited::other(OtherSetting::Recipe)] {
            assert_eq!(Edited::parse(&edited.to_string()), edited);
        }
        Ok(())
    }
}
