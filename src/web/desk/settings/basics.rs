//! Title, language, sender, legal texts.

use std::collections::BTreeMap;

use serde::Serialize;
use url::form_urlencoded;

use super::page::{SentWords, SettingsForm, WordsForm};
use super::{Tab, lines, one_line};
use crate::domain::{Language, Legal, LegalLinks, Newsletter, NewsletterInput, NewsletterPatch};

/// Time zones that are offered; any other can be typed.
const ZONES: [&str; 16] = [
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/London",
    "Europe/Zurich",
    "Europe/Vienna",
    "Europe/Warsaw",
    "Europe/Istanbul",
    "Asia/Tbilisi",
    "Asia/Almaty",
    "Asia/Ashgabat",
    "Asia/Bishkek",
    "Asia/Dushanbe",
    "Asia/Tashkent",
    "Asia/Kabul",
    "UTC",
];

#[derive(Debug, Serialize)]
pub(super) struct Basics {
    #[serde(flatten)]
    words: NewsletterInput,
    languages: &'static [Language],
    zones: [&'static str; 16],
    legal_links: Vec<LegalOf>,
}

#[derive(Debug, Serialize)]
struct LegalOf {
    language: Language,
    imprint: String,
    privacy: String,
}

impl SettingsForm for Basics {
    const TAB: Tab = Tab::Basics;
    const TEMPLATE: &'static str = "desk/settings/basics.html";
}

impl WordsForm for Basics {
    fn new(newsletter: &Newsletter, patch: NewsletterPatch) -> Self {
        let words = NewsletterInput::from(newsletter).with(patch);
        let legal_of = |language: &Language| {
            let links = words.legal.0.get(language).cloned().unwrap_or_default();
            LegalOf {
                language: *language,
                imprint: links.imprint_url.unwrap_or_default(),
                privacy: links.privacy_url.unwrap_or_default(),
            }
        };
        Self {
            languages: Language::ALL,
            zones: ZONES,
            legal_links: Language::ALL.iter().map(legal_of).collect(),
            words,
        }
    }

    fn parse(body: &[u8]) -> SentWords {
        let mut sent = SentWords::default();
        // A box that is not ticked is not sent.
        sent.patch.needs_approval = Some(false);
        let mut legal: BTreeMap<Language, LegalLinks> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            let line = one_line(&value);
            let patch = &mut sent.patch;
            match &*name {
                "version" => sent.version = value.parse().ok(),
                "do" => sent.action = value.into_owned(),
                "title" => patch.title = Some(line),
                "description" => patch.description = Some(line),
                "language" => {
                    patch.language = line.parse().ok();
                    sent.unknown |= patch.language.is_none();
                }
                "sender_name" => patch.sender_name = Some(line),
                "sender_address" => patch.sender_address = Some(line),
                "reply_to" => patch.reply_to = Some(line),
                "time_zone" => patch.time_zone = Some(line),
                "postal_address" => patch.postal_address = Some(lines(&value)),
                "needs_approval" => patch.needs_approval = Some(true),
                name => {
                    let field = name.split_once('-');
                    let of = field.and_then(|(field, tag)| Some((field, tag.parse().ok()?)));
                    if let Some((field, language)) = of {
                        let links: &mut LegalLinks = legal.entry(language).or_default();
                        let address = Some(line).filter(|line| !line.is_empty());
                        match field {
                            "imprint" => links.imprint_url = address,
                            "privacy" => links.privacy_url = address,
                            _ => {}
                        }
                    }
                }
            }
        }
        legal.retain(|_, links| *links != LegalLinks::default());
        sent.patch.legal = Some(Legal(legal));
        sent
    }
}
