//! Safeguards of commands: questions at a terminal, `--dry-run`, file permissions, a closed standard output.

use serde_json::{Value, json};

use super::{csv_of, draft, on_sqlite};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(
    a_command_asks_at_a_terminal_and_a_script_decides,
    a_trial_refuses_what_the_command_refuses,
    an_import_asks_once_it_was_read,
    a_file_on_standard_input_does_not_answer_the_question,
    a_command_where_no_service_is_creates_nothing,
);

async fn a_command_asks_at_a_terminal_and_a_script_decides(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let id = draft(&installation, "Sommet").await;
    let status = async || installation.json(&["issue", "show", &id]).await["status"].clone();
    let send = ["issue", "send", &id];
    let dry = [&send[..], &["--dry-run"]].concat();
    let plan = installation.json(&dry).await;
    assert_eq!((&plan["audience"], &plan["send"]), (&json!(2), &json!(id)));
    let said = installation.ok(&dry).await;
    assert!(
        said.starts_with("Send “Sommet” to 2 readers at 2"),
        "{said}"
    );
    assert_eq!(status().await, "draft");
    let (ended, seen) = installation.at_terminal(&send, "n").await;
    assert!(
        seen.contains("to 2 readers") && seen.contains("nothing was done"),
        "{seen}"
    );
    assert_eq!((ended, status().await), (Some(1), json!("draft")));
    let (ended, _) = installation.at_terminal(&send, "y").await;
    assert_eq!((ended, status().await), (Some(0), json!("sending")));
    // Asked for before: there is nothing to decide.
    let (ended, seen) = installation.at_terminal(&send, "").await;
    assert!(ended == Some(0) && !seen.contains('?'), "{seen}");
    let cancel = ["issue", "cancel", &id];
    let (ended, seen) = installation.at_terminal(&cancel, "n").await;
    assert!(seen.contains("2 readers will not get it"), "{seen}");
    assert_eq!((ended, status().await), (Some(1), json!("sending")));
    let yes = [&cancel[..], &["--yes"]].concat();
    assert_eq!(installation.at_terminal(&yes, "").await.0, Some(0));
    assert_eq!(status().await, "cancelled");

    let erase = ["subscriber", "erase", "a@example.org"];
    let dry = [&erase[..], &["--dry-run"]].concat();
    assert_eq!(installation.json(&dry).await["subscriptions"], 1);
    let (ended, seen) = installation.at_terminal(&erase, "n").await;
    assert!(
        ended == Some(1) && seen.contains("with 1 subscriptions"),
        "{seen}"
    );
    installation
        .ok(&["subscriber", "show", "a@example.org"])
        .await;
    installation.ok(&erase).await;
}

async fn a_trial_refuses_what_the_command_refuses(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org"]));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let id = draft(&installation, "Sommet").await;
    let refusal = async |args: &[&str]| {
        let dry = installation.refused(&[args, &["--dry-run"]].concat()).await;
        assert_eq!(installation.refused(args).await, dry);
    };
    let approval = async |needed| {
        let set = ["newsletter", "set", "asie-centrale", "--needs-approval"];
        installation.ok(&[&set[..], &[needed]].concat()).await;
    };
    approval("true").await;
    refusal(&["issue", "send", &id]).await;
    approval("false").await;
    refusal(&["issue", "retry-failed", &id]).await;
    installation.ok(&["issue", "send", &id]).await;
    let again = ["issue", "send", &id, "--dry-run"];
    assert_eq!(installation.json(&again).await, json!({ "send": null }));
    db.execute("UPDATE issue SET state = 'sent', finished_at = 1")
        .await
        .unwrap();
    refusal(&["issue", "cancel", &id]).await;
}

async fn an_import_asks_once_it_was_read(db: TestDb) {
    let installation = Installation::new(&db.url);
    let proof = "2024-07-31,salon,Je signe";
    installation.write(
        "readers.csv",
        format!(
            "email,consent_at,consent_source,consent_wording,status,notes\n\
             a@example.org,{proof},enabled,x\nb@example.org,{proof},blocklisted,x\nnobody,{proof},enabled,x\n"
        ),
    );
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    let readers = async || {
        let found = installation
            .run(&["subscriber", "show", "a@example.org"])
            .await;
        found.status == Some(0)
    };
    let dry = [&import[..], &["--dry-run"]].concat();
    let said = installation.run(&dry).await;
    let found = "3 rows: 1 could be imported, 2 would be refused; nothing was done";
    assert!(said.stdout.contains(found), "{said:?}");
    assert!(said.stderr.contains("says `blocklisted`"), "{said:?}");
    let to_mend = "the readers of 1 have left or never confirmed; mend the others";
    assert!(said.stderr.contains(to_mend), "{said:?}");
    assert_eq!(said.status, Some(1), "as the import itself");
    assert!(!readers().await);
    let (ended, seen) = installation.at_terminal(&import, "n").await;
    for words in [
        "Import 1 readers into asie-centrale",
        "2 of 3 rows are refused",
        "The column `notes` was not read",
        "says `blocklisted`",
        "nothing was done",
    ] {
        assert!(seen.contains(words), "{words} in {seen}");
    }
    assert_eq!((ended, readers().await), (Some(1), false));
    let (ended, seen) = installation.at_terminal(&import, "y").await;
    assert!(seen.contains("1 new subscribers"), "{seen}");
    // Two rows were refused.
    assert_eq!((ended, readers().await), (Some(1), true));
    for (option, value, imported) in [
        // Clear words refuse a row in any column.
        ("--ignore", "Status", 0),
        ("--accept", "STATUS=Blocklisted", 1),
    ] {
        let all = [&import[..], &[option, value, "--json"]].concat();
        let ran = installation.run(&all).await;
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(
            (&report["imported"], &report["known"]),
            (&json!(imported), &json!(1)),
            "{option}"
        );
    }
    for (option, value) in [("--ignore", "nothing"), ("--accept", "nothing=x")] {
        let ran = installation
            .run(&[&import[..], &[option, value]].concat())
            .await;
        assert!(ran.stderr.contains("has no column `nothing`"), "{ran:?}");
    }
}

async fn a_file_on_standard_input_does_not_answer_the_question(db: TestDb) {
    let installation = Installation::new(&db.url);
    // Its first letter is no answer.
    installation.write("readers.csv", csv_of(&["yes@example.org"]));
    installation.ok(&["newsletter", "list"]).await;
    let import = [
        "import",
        "-",
        "--newsletter",
        "asie-centrale",
        "<readers.csv",
    ];
    let subscriptions = "SELECT COUNT(*) FROM subscription";
    let (ended, seen) = installation.at_terminal(&import, "n").await;
    assert!(
        seen.contains("Import 1 readers") && seen.contains("nothing was done"),
        "{seen}"
    );
    assert_eq!((ended, db.number(subscriptions).await), (Some(1), 0));
    let suppress = ["suppression", "add", "--file", "-", "<readers.csv"];
    let (ended, seen) = installation.at_terminal(&suppress, "n").await;
    assert!(
        ended == Some(1) && seen.contains("nothing was done"),
        "{seen}"
    );
    let (ended, seen) = installation.at_terminal(&import, "y").await;
    assert!(seen.contains("1 new subscribers"), "{seen}");
    assert_eq!((ended, db.number(subscriptions).await), (Some(0), 1));
}

async fn a_command_where_no_service_is_creates_nothing(db: TestDb) {
    let installation = Installation::new(&db.url);
    for args in [
        &["token", "add", "--name", "x", "--role", "owner"][..],
        &["issue", "list"],
        &["newsletter", "list"],
        &["consent", "verify"],
    ] {
        let ran = installation.run_alone(args, "").await;
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.stderr.contains("there is no service here"), "{ran:?}");
        assert!(ran.stderr.contains("xabar migrate"), "{ran:?}");
    }
    assert!(!installation.path("data").exists(), "no key is made");
    installation.run_alone(&["migrate"], "").await;
    let ran = installation.run_alone(&["newsletter", "list"], "").await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_folder_stays_as_it_was() {
    let installation = Installation::new("sqlite://data/xabar.db");
    let ran = installation
        .run_alone(&["token", "add", "--name", "x", "--role", "owner"], "")
        .await;
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""));
    assert!(!installation.path("data").exists());
    // Of a service whose database is lost, only the key is there.
    installation.run_alone(&["migrate"], "").await;
    std::fs::remove_file(installation.path("data/xabar.db")).unwrap();
    let ran = installation.run_alone(&["issue", "list"], "").await;
    assert!(
        ran.stderr.contains("the database does not exist"),
        "{ran:?}"
    );
    assert!(!installation.path("data/xabar.db").exists());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_the_database_are_ours_alone() {
    use std::os::unix::fs::PermissionsExt;
    let installation = Installation::new("sqlite://data/xabar.db");
    let serving = installation.serve("all").await;
    let mut files = 0;
    for file in std::fs::read_dir(installation.path("data")).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        let name = file.file_name().into_string().unwrap();
        if name.starts_with("xabar.db") && !name.ends_with(".lock") {
            files += 1;
            assert_eq!(mode, 0o600, "{name}");
        }
    }
    assert!(files >= 2, "the database and its log of writes");
    drop(serving);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_no_further_has_seen_enough_and_a_program_gets_its_errors_as_json() {
    let (_db, installation) = on_sqlite();
    installation.ok(&["newsletter", "list"]).await;
    let mut process = installation.start(&["openapi"]);
    drop(process.stdout.take());
    let ended = process.wait_with_output().await.unwrap();
    assert!(
        ended.status.success() && ended.stderr.is_empty(),
        "{ended:?}"
    );
    let ran = installation
        .run(&["newsletter", "show", "nowhere", "--json"])
        .await;
    let error: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(ran.status, Some(1));
    assert!(
        error["error"].as_str().unwrap().contains("nowhere"),
        "{error}"
    );
}
