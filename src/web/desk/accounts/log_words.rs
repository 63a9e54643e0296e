//! What the log says besides who did what, in the person's language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::accounts::audit_log;
use crate::domain::{AuditAction, AuditEvent, Language, MailKind, Role};
use crate::instance::{hold, relay_pause};
use crate::publish::Edited;
use crate::subscribe::suppression::{self, SuppressedInBatch};
use crate::subscribe::{LoggedImport, UndoneImport};
use crate::texts::{editable_texts, language_name, text};
use crate::web::desk::settings::{mail_label, text_label};

/// The keys of the texts that can be worded, with the mail each stands in. They are the same in every language.
static TEXTS: LazyLock<BTreeMap<String, Option<MailKind>>> = LazyLock::new(|| {
    let all = editable_texts(Language::En).into_iter();
    all.map(|text| (text.key, text.mail)).collect()
});

/// What else the event says, in words of the desk where there are some. What nobody knows any more stays as it was
/// written.
pub(super) fn detail(language: Language, event: &AuditEvent) -> String {
    let key = match event.detail.as_str() {
        "" => return String::new(),
        said if event.action == AuditAction::NewsletterEdited => return edited(language, said),
        said if event.action == AuditAction::AddressesSuppressed => {
            return suppressed(language, said);
        }
        said if event.action == AuditAction::SignInFailed && event.object.is_empty() => {
            let values = [("count", said.to_owned().into())];
            return text(language, "desk-log-no-account", &values);
        }
        said if event.action == AuditAction::Imported => return imported(language, said),
        said if event.action == AuditAction::ImportUndone => return undone(language, said),
        "password" => "desk-log-with-password",
        "password and code" => "desk-log-with-code",
        "fresh proof" => "desk-log-fresh-proof",
        "everywhere" => "desk-log-everywhere",
        AuditEvent::ONE_READER => "desk-log-one-reader",
        audit_log::EXPORTED => "desk-log-exported",
        hold::BY_HAND => "desk-log-held-by-hand",
        relay_pause::BY_HAND => "desk-log-paused-by-hand",
        suppression::ONE_ADDRESS => "desk-log-one-address",
        suppression::ONE_READERS_ADDRESS => "desk-log-one-address-asked",
        other => {
            if let Some((count, asked)) = suppression::removed_together(other) {
                let key = match asked {
                    true => "desk-log-addresses-asked",
                    false => "desk-log-addresses",
                };
                return text(language, key, &[("count", count.to_string().into())]);
            }
            let role = other.parse::<Role>();
            let role = role.map(|role| text(language, &format!("desk-role-{role}"), &[]));
            return role.unwrap_or_else(|_| other.to_owned());
        }
    };
    text(language, key, &[])
}

/// What of a newsletter was changed.
fn edited(language: Language, said: &str) -> String {
    match Edited::parse(said) {
        Edited::Settings(names) => {
            let words = names.iter().map(|name| setting(language, name));
            words.collect::<Vec<_>>().join(", ")
        }
        Edited::Texts(of, keys) => {
            let texts = texts_by_mail(language, &keys);
            let values = [
                ("language", language_name(of).into()),
                ("texts", texts.into()),
            ];
            text(language, "desk-log-texts", &values)
        }
    }
}

/// How many addresses, and why if whoever did it gave no other reason.
fn suppressed(language: Language, said: &str) -> String {
    let Some(batch) = SuppressedInBatch::parse(said) else {
        return said.to_owned();
    };
    let because = match batch.because.as_str() {
        suppression::BY_HAND => text(language, "desk-log-suppressed-by-hand", &[]),
        _ => batch.because,
    };
    let values = [
        ("addresses", batch.addresses.to_string().into()),
        ("subscriptions", batch.subscriptions.to_string().into()),
        ("because", because.into()),
    ];
    text(language, "desk-log-suppressed", &values)
}

/// How far an import came, and how many rows or readers that were.
fn imported(language: Language, said: &str) -> String {
    let (key, count) = match LoggedImport::parse(said) {
        Some(LoggedImport::Begun(rows)) => ("begun", rows),
        Some(LoggedImport::Done(readers)) => ("done", readers),
        Some(LoggedImport::Failed(rows)) => ("failed", rows),
        Some(LoggedImport::Interrupted(rows)) => ("interrupted", rows),
        Some(LoggedImport::BegunLeft(rows)) => ("begun-left", rows),
        Some(LoggedImport::Left(people)) => ("left", people),
        None => return said.to_owned(),
    };
    let values = [("count", count.to_string().into())];
    text(language, &format!("desk-log-import-{key}"), &values)
}

/// Which import was taken back, and how many subscriptions that removed.
fn undone(language: Language, said: &str) -> String {
    let Some(UndoneImport { number, removed }) = UndoneImport::parse(said) else {
        return said.to_owned();
    };
    let number = ("import", number.to_string().into());
    match removed {
        None => text(language, "desk-log-import-undoing", &[number]),
        Some(removed) => {
            let values = [number, ("count", removed.to_string().into())];
            text(language, "desk-log-import-undone", &values)
        }
    }
}

fn setting(language: Language, name: &str) -> String {
    let key = format!("desk-log-setting-{}", name.replace('_', "-"));
    let words = text(language, &key, &[]);
    if words == key { name.to_owned() } else { words }
}

/// As in `Welcome (Heading, Button); Please confirm (Subject)`.
fn texts_by_mail(language: Language, keys: &[String]) -> String {
    let mut mails: Vec<(String, Vec<String>)> = Vec::new();
    let mut unknown = Vec::new();
    for key in keys {
        let Some(mail) = TEXTS.get(key) else {
            unknown.push(key.clone());
            continue;
        };
        let (mail, name) = (
            text(language, &mail_label(*mail), &[]),
            text_name(language, key),
        );
        match mails.iter_mut().find(|(known, _)| *known == mail) {
            Some((_, texts)) => texts.push(name),
            None => mails.push((mail, vec![name])),
        }
    }
    let mails = mails.iter();
    let mails = mails.map(|(mail, texts)| format!("{mail} ({})", texts.join(", ")));
    mails.chain(unknown).collect::<Vec<_>>().join("; ")
}

fn text_name(language: Language, key: &str) -> String {
    let (label, several) = text_label(key);
    let label = text(language, &label, &[]);
    if several {
        let when = text(language, "desk-set-text-several", &[]);
        return format!("{label} {when}");
    }
    label
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn shown(language: Language, said: &str) -> String {
        let event = AuditEvent::by_nobody(AuditAction::NewsletterEdited, Timestamp::UNIX_EPOCH);
        detail(language, &event.saying(said))
    }

    #[test]
    fn every_setting_that_can_be_changed_has_words_in_every_language() {
        let all = Edited::all_settings();
        for known in ["title", "needs_approval", "logo", "fields", "recipe"] {
            assert!(all.iter().any(|name| name == known), "{known} in {all:?}");
        }
        for language in Language::ALL {
            for name in &all {
                let key = format!("desk-log-setting-{}", name.replace('_', "-"));
                assert_ne!(text(*language, &key, &[]), key, "{language}");
                assert!(
                    !shown(*language, name).contains('_'),
                    "{name} in {language}"
                );
            }
        }
    }

    #[test]
    fn every_text_of_a_mail_that_can_be_changed_has_words_in_every_language() {
        for language in Language::ALL {
            for text in editable_texts(*language) {
                let said = Edited::Texts(Language::Fr, vec![text.key.clone()]).to_string();
                let shown = shown(*language, &said);
                assert!(shown.contains("Français"), "{shown}");
                assert!(!shown.contains(&text.key), "{shown}");
                assert!(!shown.contains("desk-"), "{shown}");
            }
        }
    }

    #[test]
    fn reasons_that_nobody_wrote_are_in_the_persons_language() {
        let said = |action, said: &str| {
            let event = AuditEvent::by_nobody(action, Timestamp::UNIX_EPOCH);
            detail(Language::Fr, &event.saying(said))
        };
        let batch = SuppressedInBatch {
            addresses: 2,
            subscriptions: 1,
            because: suppression::BY_HAND.to_owned(),
        };
        assert_eq!(
            batch.to_string(),
            "2 addresses, 1 subscriptions ended: An operator suppressed the address."
        );
        for (action, reason, words) in [
            (
                AuditAction::SendingHeld,
                hold::BY_HAND,
                "suspension en ligne de commande",
            ),
            (
                AuditAction::Paused,
                hold::BY_HAND,
                "suspension en ligne de commande",
            ),
            (
                AuditAction::RelayPaused,
                relay_pause::BY_HAND,
                "pause en ligne de commande",
            ),
            (
                AuditAction::AddressesSuppressed,
                &batch.to_string(),
                "adresses\u{a0}: 2, abonnements terminés\u{a0}: 1, motif\u{a0}: blocage par l’exploitant",
            ),
            (
                AuditAction::AddressesSuppressed,
                "1 addresses, 0 subscriptions ended: It bounced: twice",
                "adresses\u{a0}: 1, abonnements terminés\u{a0}: 0, motif\u{a0}: It bounced: twice",
            ),
            (
                AuditAction::AddressesSuppressed,
                "as it once was",
                "as it once was",
            ),
            (
                AuditAction::SuppressionRemoved,
                suppression::ONE_ADDRESS,
                "une adresse",
            ),
            (
                AuditAction::RelayPaused,
                "The disk is full",
                "The disk is full",
            ),
        ] {
            assert_eq!(said(action, reason), words);
        }
    }

    #[test]
    fn an_import_is_told_in_the_persons_language() {
        for (import, words) in [
            (LoggedImport::Begun(5), "commencé, lignes\u{a0}: 5"),
            (LoggedImport::Done(5), "nouveaux lecteurs\u{a0}: 5"),
            (
                LoggedImport::BegunLeft(5),
                "début de la liste des désabonnés, lignes\u{a0}: 5",
            ),
            (LoggedImport::Left(5), "désabonnés\u{a0}: 5"),
            (LoggedImport::Failed(5), "échec, lignes traitées\u{a0}: 5"),
            (
                LoggedImport::Interrupted(5),
                "interrompu, lignes traitées\u{a0}: 5",
            ),
        ] {
            let event = AuditEvent::by_nobody(AuditAction::Imported, Timestamp::UNIX_EPOCH);
            let event = event.saying(import.to_string());
            assert_eq!(detail(Language::Fr, &event), words);
        }
        for (removed, words) in [
            (None, "import 7"),
            (Some(5), "import 7, abonnements supprimés\u{a0}: 5"),
        ] {
            let event = AuditEvent::by_nobody(AuditAction::ImportUndone, Timestamp::UNIX_EPOCH);
            let event = event.saying(UndoneImport { number: 7, removed }.to_string());
            assert_eq!(detail(Language::Fr, &event), words);
        }
        let removed = AuditAction::SuppressionRemoved;
        let event = AuditEvent::by_nobody(removed, Timestamp::UNIX_EPOCH).saying("5 addresses");
        assert_eq!(detail(Language::Fr, &event), "adresses\u{a0}: 5");
    }

    #[test]
    fn a_change_is_told_in_the_words_of_the_pages() {
        assert_eq!(shown(Language::En, "accent, logo"), "colour, logo");
        let said = "texts (fr): mail-hello, welcome-title, welcome-archive-button";
        assert_eq!(
            shown(Language::En, said),
            "wording of the mails (Français): Greeting of all mails (Greeting); Welcome (Heading, Button to the latest issue)"
        );
        let old = "accent, was_once, texts";
        assert_eq!(shown(Language::En, old), "colour, was_once, texts");
        let old = "texts (fr): was-once-a-text";
        assert!(shown(Language::En, old).ends_with(": was-once-a-text"));
    }
}
