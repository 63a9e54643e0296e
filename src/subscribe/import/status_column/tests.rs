use proptest::prelude::*;

use super::{Reading, StatusColumn};

fn passes(column: &StatusColumn, cell: &str) -> bool {
    column.check(cell, &mut Reading::default()).is_ok()
}

/// Checks cells of columns with these names; the words of a cell are apart by `|`.
fn assert_all(cases: &[(&str, &str)], expected: bool) {
    for (name, cells) in cases {
        let column = StatusColumn::new(name, 1);
        for cell in cells.split('|') {
            assert_eq!(passes(&column, cell), expected, "{name}: {cell}");
        }
    }
}

#[test]
fn who_has_left_is_told_by_the_columns_of_other_services() {
    assert_all(
        &[
            (
                "Status",
                "blocklisted|disabled|Unsubscribed|Soft bounced|new|foo|0|0",
            ),
            ("subscribed_to_emails", "false|"),
            ("Subscribed", "|no|0|-"),
            ("subscriber_type", "unsubscribed"),
            ("UNSUB_TIME", "2024-07-31 10:00:00"),
            ("Unsubscribed", "Yes|1"),
            ("deleted_at", "2024-07-31"),
            ("email_disabled", "true"),
            ("List status", "bounced"),
            ("CLEAN_TIME", "2024-07-31 10:00:00"),
            ("confirmed", "0"),
            ("Accepts Email Marketing", "no"),
            ("deactivated", "2024-03-02 15:04:05"),
            ("activated", "0|0000-00-00 00:00:00|"),
            ("IsUnsubscribed", "true"),
            ("IsOptInPending", "true"),
            ("Excluded from campaigns", "true"),
            ("UNSUB_REASON", "NORMAL"),
            ("blacklist", "1"),
            ("Date cleaned", "2024-07-31"),
            ("leftAt", "2024-07-31"),
            ("Abgemeldet am", "31.07.2024"),
            ("Date de désinscription", "31/07/2024"),
            ("Дата отписки", "31.07.2024"),
            ("Fecha de baja", "31/07/2024"),
            (
                "type",
                "unactivated|unsubscribed|removed|undeliverable|complained|blocked",
            ),
            ("State", "Deleted|Unconfirmed|Unsubscribed|no"),
            ("Statut global", "unconfirmed|inactive|bounced|unsubscribed"),
            ("Statut de la liste", "unsubscribed|parti"),
            ("DOUBLE_OPT-IN", "2|No|0|false"),
            ("Inscrit", "non|0|"),
            ("Abonnement", "non|NON, merci|résilié"),
            ("Einwilligung", "nein|Nicht erteilt|widerrufen"),
            ("Подписан", "нет|0"),
            ("OPT_IN", "no|False|0"),
            ("Consent", "no"),
            ("Newsletter", "|nein|non|0"),
            ("Iscrizione", "no|No grazie"),
        ],
        false,
    );
    assert_all(
        &[
            (
                "status",
                "enabled||Active|active since 2020-05-01|premium|1|confirmed opt-in|active (confirmed)",
            ),
            ("Email Status", "Opted-In"),
            ("Statut", "actif|Abonnée|inscrit le 03/05/2024"),
            ("Email status", "deliverable|valid"),
            (
                "Status",
                "aktiv|angemeldet|активен|Подписан|iscritto|activo",
            ),
            ("subscribed_to_emails", "true"),
            ("Subscribed", "x|2024-03-05 10:00|oui"),
            ("UNSUB_TIME", ""),
            ("Unsubscribed", "No|0|FALSE|n/a"),
            ("active", "1"),
            ("activated", "2024-03-02 15:04:05|1"),
            ("deactivated", "0000-00-00 00:00:00|0"),
            ("IsOptInPending", "false"),
            ("IsExcludedFromCampaigns", "false"),
            ("EMAIL_BLACKLIST", "Nein"),
            ("Opt-out date", "\\N"),
            ("Suppressed?", "n"),
            ("Date de de\u{301}sinscription", ""),
            ("unsubscribe_url", "https://example.org/unsubscribe/1"),
            ("State", "California|NY|active|"),
            ("Marital status", "single|verheiratet"),
            ("DOUBLE_OPT-IN", "1|Yes|"),
            ("Newsletter", "x|oui|ja|Asie centrale|weekly"),
            ("Abonnement", "oui|mensuel|"),
            ("active_subscription", "false"),
            ("SMS opt-in", "no"),
            ("Newsletters opened", "0"),
            (
                "consent_source",
                "Newsletter form|https://example.org/unsubscribe",
            ),
            ("Subscription type", "no"),
        ],
        true,
    );
}

#[test]
fn who_has_left_is_told_by_a_word_in_a_column_of_any_name() {
    let left = "DESABONNE|Désabonné|désinscrite le 03/05/2024|Désabonnement|Desinscrit|STOP|Non confirmé|s’est désabonnée|\
        n'est plus abonné|ne souhaite plus recevoir la lettre|supprimé|STOP 03/05/2024|a été supprimée|liste noire|en attente|\
        abbestellt|gekündigt|gelöscht|abgemeldet am 3.5.|GELOESCHT|inaktiv|hat sich abgemeldet|wurde gelöscht|Kündigung|\
        nicht bestätigt|ausgetragen|gesperrt|möchte nicht mehr|ausgetreten 2023|\
        unconfirmed|pending|inactive|Unsubscribed (2024-05-03)|unsubscribed by user|Bounce|Hard-Bounced|spam|marked as spam|\
        complaint|deleted|removed|Blacklist|left|left on 3 May|opted out|OptedOut|not confirmed|do not mail|Mail bounced|\
        has been removed|un\u{ad}subscribed|unsub.|Cleaned|\
        отписка|Отписался 03.05.2024|удалён|удалена|неактивен|не подтверждён|отказ|ожидает подтверждения|Ожидает|чёрный список|был удалён|заблокирован|стоп|\
        disiscritto|si è cancellato|cancellata|non confermato|rimosso|inattiva|\
        dado de baja|Baja|se dio de baja|desuscrito|eliminada|cancelado|no confirmado|de baja 2023|inactivo";
    for name in ["Remarques", "column 5", "Liste", "Примечание"] {
        assert_all(&[(name, left)], false);
    }
    let good = "|Kazakhstan|Stop by our office in May|Lefteris|Spam filter at work eats our mail|left-handed|Stopford|out of office \
        till May|Spampinato|partie de Lyon|2024-05-03|x|no|weggezogen nach Bonn|Pendleton|bajada|\
        https://example.org/unsubscribe|unsubscribe@example.org|{\"unsubscribed\": false}|wants the issue on spam|\
        Kündig|removes his hat|met at the bounce festival|бывший коллега|retired|Résilience|refuse de payer|Ожидает визу";
    for name in ["Remarques", "column 5", "Notes"] {
        assert_all(&[(name, good)], true);
    }
    let names = "Left|Stop|Spam|Pending|Bounce|Deleted|No|Removed, Anna|Baja California|Weg";
    for name in [
        "First Name",
        "City",
        "Ville",
        "NACHNAME",
        "Город",
        "Cognome",
        "LastName",
        "Company",
    ] {
        assert_all(&[(name, names)], true);
        assert_all(
            &[(
                name,
                "Anna (abgemeldet)|désabonnée|UNSUBSCRIBED Ben|отписан",
            )],
            false,
        );
    }
}

#[test]
fn what_is_accepted_passes_and_nothing_else() {
    let column = StatusColumn::new("Status", 1).accepting(["Soft bounced", ""].into_iter());
    assert!(passes(&column, "soft-bounced") && passes(&column, ""));
    assert!(!passes(&column, "bounced"));
    let ignored = StatusColumn::ignored("Status", 1);
    assert!(passes(&ignored, "verheiratet") && !passes(&ignored, "unsubscribed"));
    let mapped = |name, ours| StatusColumn::mapped(name, 1, ours);
    let source = mapped("status", "consent_source").unwrap();
    assert!(passes(&source, "Salon du livre") && !passes(&source, "bounced"));
    let wording = mapped("consent_wording", "consent_wording").unwrap();
    assert!(passes(&wording, "Désinscription possible") && passes(&wording, "Abmelden geht immer"));
    assert!(!passes(&wording, "désinscrit"));
    let name = mapped("Leser", "name").unwrap();
    assert!(passes(&name, "Left") && !passes(&name, "abgemeldet"));
    let at = mapped("activated", "consent_at").unwrap();
    assert!(!passes(&at, "") && passes(&at, "2024-03-05"));
    assert_eq!(mapped("Joined", "consent_at"), None);
    assert_eq!(mapped("status", "email"), None);
}

proptest! {
    #[test]
    fn whatever_stands_there_passes_or_is_refused(name in "\\PC{0,20}", cell in "\\PC{0,250}") {
        let mut reading = Reading::default();
        let _ = StatusColumn::new(&name, 1).check(cell.trim(), &mut reading);
        let _ = StatusColumn::new("Status", 2).check(cell.trim(), &mut reading);
    }
}

#[test]
fn a_cell_that_passed_lets_no_other_pass() {
    let column = StatusColumn::new("Notes", 3);
    let mut reading = Reading::default();
    for (cell, passes) in [
        ("press", true),
        ("left", false),
        ("press", true),
        ("left", false),
    ] {
        assert_eq!(column.check(cell, &mut reading).is_ok(), passes);
    }
}

#[test]
fn a_refusal_says_why_and_names_the_narrow_way_out() {
    let why = |name, cell: &str| {
        let column = StatusColumn::new(name, 1);
        column.check(cell, &mut Reading::default()).unwrap_err()
    };
    let left = why("Notes", "abgemeldet");
    assert_eq!(
        left.why,
        "the column `Notes` says `abgemeldet`: who has left is not imported; if it means something else, add --accept \
         \"Notes=abgemeldet\""
    );
    assert!(!left.is_unconfirmed);
    for (name, cell) in [
        ("Status", "new"),
        ("Notes", "Non confirmé"),
        ("IsOptInPending", "true"),
        ("activated", "0"),
        ("Liste", "не подтверждён"),
    ] {
        let refusal = why(name, cell);
        assert!(refusal.is_unconfirmed, "{name}: {cell}");
        assert!(
            refusal.why.contains("who has not confirmed"),
            "{}",
            refusal.why
        );
    }
    assert!(why("Subscribed", "").why.contains("`Subscribed` is empty"));
    assert!(
        why("Status", "foo bar")
            .why
            .ends_with("or --ignore \"Status\" if the column does")
    );
}
