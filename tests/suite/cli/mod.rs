//! The real binary: what it prints, its exit status, and that it does what it says.

mod accounts;
mod clean_exit;
mod consent;
mod crash;
mod demo;
pub mod doctor;
mod erasure_in_flight;
mod error_messages;
mod examples;
mod import_interrupted;
mod import_large;
mod import_report;
mod import_services;
mod import_undo;
mod issue_workflow;
mod man_and_completions;
mod monitoring;
mod newsletters;
mod queue;
mod relay_pause;
mod safeguards;
mod schema_upgrade;
mod serve;
mod sockets;
mod suppression;
mod unsubscribe;
mod verbose_log;
mod workers;

use serde_json::{Value, json};

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

/// Every command that there is, as words.
const COMMANDS: &[&str] = &[
    "demo",
    "doctor",
    "serve",
    "migrate",
    "newsletter add",
    "newsletter set",
    "newsletter snippet",
    "newsletter list",
    "newsletter show",
    "token add",
    "issue new",
    "issue list",
    "issue show",
    "issue send",
    "issue pause",
    "issue resume",
    "issue cancel",
    "issue hide",
    "issue unhide",
    "issue watch",
    "queue",
    "workers",
    "relay list",
    "relay pause",
    "relay resume",
    "suppression add",
    "suppression list",
    "suppression remove",
    "issue retry-failed",
    "token list",
    "token revoke",
    "outbox list",
    "outbox retry",
    "throttle list",
    "throttle reset",
    "import",
    "import undo",
    "openapi",
    "completions",
    "man",
];

/// A file to import, with these addresses and good proof.
pub(crate) fn csv_of(emails: &[impl AsRef<str>]) -> String {
    let rows = emails
        .iter()
        .map(|email| format!("{},2024-07-31,salon,Je signe\n", email.as_ref()));
    let header = "email,consent_at,consent_source,consent_wording\n".to_owned();
    rows.fold(header, |file, row| file + &row)
}

fn issue_json(subject: &str) -> String {
    json!({
        "newsletter": "asie-centrale", "subject": subject, "intro": "Bonjour !",
        "parts": [{ "kind": "news", "items": [{ "title": "Le sommet", "url": "https://example.org/sommet" }] }]
    })
    .to_string()
}

/// Writes an issue down; returns its id.
pub(crate) async fn draft(installation: &Installation, subject: &str) -> String {
    installation.write("issue.json", issue_json(subject));
    let written = installation
        .json(&["issue", "new", "--file", "issue.json"])
        .await;
    assert_eq!(written["status"], "draft");
    written["id"].as_str().unwrap().to_owned()
}

fn on_sqlite() -> (TestDb, Installation) {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    (db, installation)
}

#[tokio::test]
async fn help_and_version_are_everywhere() {
    let (_db, installation) = on_sqlite();
    let ok = async |args: &[&str]| {
        let ran = installation.run_alone(args, "").await;
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        ran.stdout
    };
    let version = ok(&["--version"]).await;
    assert_eq!(version, format!("xabar {}\n", env!("CARGO_PKG_VERSION")));
    let help = ok(&["--help"]).await;
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').collect();
        assert!(help.contains(&format!("\n  {} ", words[0])), "{help}");
        let help = ok(&[&words[..], &["--help"]].concat()).await;
        let usage = format!("Usage: xabar {command}");
        assert!(
            help.contains(&usage) && help.contains("--config"),
            "{command}: {help}"
        );
        let version = ok(&[&words[..], &["--version"]].concat()).await;
        assert!(
            version.contains(env!("CARGO_PKG_VERSION")),
            "{command}: {version}"
        );
    }
    assert!(
        !installation.path("data").exists(),
        "asking for help makes nothing"
    );
}

#[tokio::test]
async fn openapi_is_json() {
    let installation = Installation::new("sqlite:///dev/null/not-needed.db");
    let document: Value = serde_json::from_str(&installation.ok(&["openapi"]).await).unwrap();
    let version = document["openapi"].as_str().unwrap();
    assert!(version.starts_with("3."), "{version}");
    let paths = document["paths"].as_object().unwrap();
    let calls = paths.values().map(|path| path.as_object().unwrap().len());
    assert!(calls.sum::<usize>() >= 32, "the document looks cut");
}

on_both_databases!(
    the_words_of_mails_are_changed_looked_at_and_reset,
    what_a_newsletter_asks_is_set_from_a_file,
    an_import_says_what_it_did_and_writes_down_what_it_refused,
);

async fn the_words_of_mails_are_changed_looked_at_and_reset(db: TestDb) {
    let installation = Installation::new(&db.url);
    let text = |rest: &[&'static str]| [&["newsletter", "text"][..], rest].concat();
    let listed = installation.ok(&text(&["list", "asie-centrale"])).await;
    assert!(
        listed.contains("  welcome-title\tBienvenue\u{202f}!\n"),
        "{listed}"
    );
    let set = installation
        .ok(&text(&[
            "set",
            "asie-centrale",
            "welcome-title",
            "Enfin là !",
        ]))
        .await;
    assert!(set.contains("* welcome-title\tEnfin là !\n"), "{set}");
    let looked = installation
        .json(&text(&[
            "preview",
            "asie-centrale",
            "welcome",
            "--language",
            "fr",
        ]))
        .await;
    assert!(looked["html"].as_str().unwrap().contains("Enfin là !"));
    let refused = installation
        .refused(&text(&["set", "asie-centrale", "welcome-what", "Merci"]))
        .await;
    assert!(refused.contains("must say { $newsletter }"), "{refused}");
    let reset = installation
        .ok(&text(&["reset", "asie-centrale", "welcome-title"]))
        .await;
    assert_eq!(reset, listed);
    let preview = installation
        .ok(&text(&[
            "preview",
            "asie-centrale",
            "welcome",
            "--language",
            "ru",
        ]))
        .await;
    assert!(
        preview.starts_with(
            "Добро пожаловать! Вы подписаны на рассылку «Asie centrale»\n\nЗдравствуйте!"
        ),
        "{preview}"
    );
}

async fn what_a_newsletter_asks_is_set_from_a_file(db: TestDb) {
    let installation = Installation::new(&db.url);
    assert_eq!(
        installation
            .ok(&["newsletter", "fields", "asie-centrale"])
            .await,
        ""
    );
    installation.write(
        "fields.json",
        r#"[{ "key": "name", "kind": "text", "greets": true, "labels": { "fr": "Prénom" } }]"#,
    );
    let set = installation
        .ok(&[
            "newsletter",
            "fields",
            "asie-centrale",
            "--set",
            "fields.json",
        ])
        .await;
    assert_eq!(set, "name\ttext\toptional\tPrénom\n");
    let shown = installation
        .json(&["newsletter", "fields", "asie-centrale"])
        .await;
    assert_eq!(
        (shown[0]["key"].as_str(), shown[0]["greets"].as_bool()),
        (Some("name"), Some(true))
    );
    installation.write(
        "fields.json",
        r#"[{ "key": "Name", "kind": "text", "labels": { "fr": "Prénom" } }]"#,
    );
    let refused = installation
        .refused(&[
            "newsletter",
            "fields",
            "asie-centrale",
            "--set",
            "fields.json",
        ])
        .await;
    assert!(
        refused.contains("fields.json") && refused.contains("small letters"),
        "{refused}"
    );
}

async fn an_import_says_what_it_did_and_writes_down_what_it_refused(db: TestDb) {
    let installation = Installation::new(&db.url);
    let emails: Vec<String> = (0..30)
        .flat_map(|n| [format!("r{n}@example.org"), format!("nobody{n}")])
        .collect();
    installation.write("readers.csv", csv_of(&emails));
    let args = [
        "import",
        "readers.csv",
        "--newsletter",
        "asie-centrale",
        "--report",
        "refused.csv",
    ];
    let ran = installation.run(&args).await;
    assert_eq!(
        (ran.status, ran.stdout.lines().next().unwrap()),
        (
            Some(1),
            "60 rows: 30 new subscribers, 0 already known, 30 refused"
        )
    );
    let said: Vec<&str> = ran.stderr.lines().collect();
    assert!(
        said[0].starts_with("xabar: line 3: email: an e-mail address has"),
        "{said:?}"
    );
    assert!(said.len() < 30, "a long list is left to the report");
    assert!(
        said.last().unwrap().contains("30 of 60 rows were refused"),
        "{said:?}"
    );
    let report = installation.read("refused.csv");
    let lines: Vec<&str> = report.lines().collect();
    let columns = "\u{feff}email,consent_at,consent_source,consent_wording,line,reason";
    assert_eq!((lines.len(), lines[0]), (31, columns));
    let row = "nobody0,2024-07-31,salon,Je signe,3,\"email: an e-mail address";
    assert!(
        lines[1].starts_with(row) && lines[30].contains(",61,"),
        "{report}"
    );
    let ran = installation.run(&[&args[..], &["--json"]].concat()).await;
    let mut again: Value = serde_json::from_str(&ran.stdout).unwrap();
    let listed = again["refused_rows"].take();
    assert!(again["number"].take().is_number());
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["line"]),
        (30, &json!(3))
    );
    assert_eq!(
        (ran.status, again),
        (
            Some(1),
            json!({ "rows": 60, "imported": 0, "known": 30, "refused": 30, "leavers": 0, "refused_rows": null,
                "ended": 0, "not_left": 0, "active_here": 0, "number": null, "told_by": [], "ignored_columns": [],
                "notes": [], "stopped": null })
        )
    );
    // The same from standard input.
    let piped = ["import", "-", "--newsletter", "asie-centrale", "--json"];
    let ran = installation
        .run_with_input(&piped, &csv_of(&["r0@example.org"]))
        .await;
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.status, &report["known"]),
        (Some(0), &json!(1)),
        "{ran:?}"
    );
    assert_eq!(
        installation
            .json(&["newsletter", "show", "asie-centrale"])
            .await["active"],
        30
    );

    installation.write(
        "open.csv",
        csv_of(&["x@example.org", "\"y@example.org", "z@example.org"]),
    );
    let ran = installation
        .run(&["import", "open.csv", "--newsletter", "asie-centrale"])
        .await;
    assert_eq!(
        (ran.status, ran.stdout.lines().next().unwrap()),
        (
            Some(1),
            "1 rows: 1 new subscribers, 0 already known, 0 refused"
        )
    );
    assert_eq!(
        ran.stderr,
        "xabar: reading stopped at line 3: a quotation mark is left open\n"
    );
}
