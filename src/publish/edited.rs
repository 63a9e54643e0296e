//! What of a newsletter was changed, as the audit log keeps it.

use std::fmt;

use crate::domain::{Language, NewsletterPatch, OtherSetting};

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

    /// What a patch gives other words.
    pub(super) fn by_patch(patch: &NewsletterPatch) -> Self {
        let fields = patch_fields(patch);
        let given = fields.filter(|(_, is_given)| *is_given);
        Self::Settings(given.map(|(name, _)| name).collect())
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
        let words = patch_fields(&NewsletterPatch::default()).map(|(name, _)| name);
        let others = OtherSetting::ALL.iter().map(ToString::to_string);
        words.chain(others).collect()
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

/// The fields of a patch, and whether each is to be different.
fn patch_fields(patch: &NewsletterPatch) -> impl Iterator<Item = (String, bool)> + use<> {
    let fields = match serde_json::to_value(patch) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    fields
        .into_iter()
        .map(|(name, value)| (name, !value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_its_form() {
        let patch = NewsletterPatch {
            accent: Some(String::new()),
            title: Some("Lettre".to_owned()),
            ..NewsletterPatch::default()
        };
        let look = Edited::by_patch(&patch).and(OtherSetting::Logo);
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
    }
}
