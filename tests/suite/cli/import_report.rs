//! `xabar import --report`: the file of refused rows can be mended and imported.

use serde_json::json;

use super::csv_of;
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(
    a_report_is_mended_and_imported_as_it_is,
    a_report_takes_no_place_before_it_is_whole,
);

fn import<'a>(file: &'a str, report: &'a str) -> [&'a str; 6] {
    let newsletter = "asie-centrale";
    [
        "import",
        file,
        "--newsletter",
        newsletter,
        "--report",
        report,
    ]
}

async fn a_report_is_mended_and_imported_as_it_is(db: TestDb) {
    let installation = Installation::new(&db.url);
    let huge = "x".repeat(1_000_000);
    let proof = "2024-07-31;salon;Je signe";
    let rows = [
        "Mail;consent_at;consent_source;consent_wording;name;note".to_owned(),
        format!("good@example.org;{proof};;"),
        format!("nobody1;{proof};=1+1;-2"),
        "nobody2;2024-07-31;salon;\"Je ; \"\"signe\"\"\nici\";'=A;'tis".to_owned(),
        format!("huge@example.org;{proof};{huge};"),
        "quote@example.org;2024-07-31;salon;Je \"signe\";Q;".to_owned(),
        format!("more@example.org;{proof};M;;beyond"),
        "few@example.org;2024-07-31".to_owned(),
        format!("suppressed@example.org;{proof};S;"),
    ];
    installation.write("readers.csv", format!("sep=;\n{}\n", rows.join("\n")));
    installation
        .ok(&["suppression", "add", "suppressed@example.org"])
        .await;
    let map = ["--map", "email=Mail"];
    let first = [&import("readers.csv", "refused.csv")[..], &map].concat();
    let ran = installation.run(&first).await;
    let then = "7 of 8 rows were refused; mend them in refused.csv and import refused.csv";
    assert!(
        ran.status == Some(1) && ran.stderr.contains(then),
        "{ran:?}"
    );
    let report = installation.read("refused.csv");
    let header = "\u{feff}Mail;consent_at;consent_source;consent_wording;name;note;line;reason\r\n";
    assert!(report.starts_with(header), "{}", &report[..300]);
    for row in [
        format!("\nnobody1;{proof};'=1+1;'-2;4;email: an e-mail address"),
        "\nnobody2;2024-07-31;salon;\"Je ; \"\"signe\"\"\nici\";''=A;'tis;5;email".to_owned(),
        format!("\nhuge@example.org;{proof};{huge};;7;name is longer"),
        "\n\"quote@example.org;2024-07-31;salon;Je \"\"signe\"\";Q;\";;;;;;8;\"a quotation"
            .to_owned(),
        format!("\nmore@example.org;{proof};M;;9;\"the row has 7 cells"),
        "\nfew@example.org;2024-07-31;;;;;10;consent_source is empty".to_owned(),
        format!("\nsuppressed@example.org;{proof};S;;11;the address is suppressed"),
    ] {
        assert!(report.contains(&row), "{}", &row[..row.len().min(200)]);
    }
    // Nothing mended: the same rows are refused, for the same reasons.
    let again = [&import("refused.csv", "again.csv")[..], &map].concat();
    let said = installation.run(&again).await;
    assert!(said.stdout.starts_with("7 rows: 0 new"), "{}", said.stdout);
    let columns = |text: &str| {
        let note = text.contains("column `note` was not read");
        (note, text.matches("was not read").count())
    };
    assert_eq!(columns(&said.stdout), (true, 1), "line and reason are ours");
    let unmended = installation.read("again.csv");
    assert!(unmended.starts_with(header));
    assert_eq!(unmended.matches(";'=1+1;").count(), 1);
    // The rows are mended where they are.
    let mended = report
        .replace("nobody1;", "mended1@example.org;")
        .replace("nobody2;", "mended2@example.org;")
        .replace(&huge, "Huge");
    installation.write("refused.csv", mended);
    let said = installation.run(&again).await.stdout;
    assert!(
        said.starts_with("7 rows: 3 new subscribers, 0 already known, 4 refused"),
        "{said}"
    );
    let shown = async |address| {
        let shown = installation.json(&["subscriber", "show", address]).await;
        (
            shown["name"].clone(),
            shown["subscriptions"][0]["consent"][0]["wording"].clone(),
        )
    };
    assert_eq!(
        shown("mended1@example.org").await,
        (json!("=1+1"), json!("Je signe"))
    );
    let words = json!("Je ; \"signe\"\nici");
    assert_eq!(shown("mended2@example.org").await, (json!("'=A"), words));
}

async fn a_report_takes_no_place_before_it_is_whole(db: TestDb) {
    let installation = Installation::new(&db.url);
    let readers = csv_of(&["a@example.org", "nobody"]);
    installation.write("readers.csv", &readers);
    installation.write("folder/empty", "");
    std::os::unix::fs::symlink("readers.csv", installation.path("link.csv")).unwrap();
    let same = "is the file that is imported; let --report name another one";
    for report in ["readers.csv", "folder/../readers.csv", "link.csv"] {
        let dry = [&import("readers.csv", report)[..], &["--dry-run"]].concat();
        let refused = installation.refused(&dry).await;
        assert!(refused.contains(same), "{report}: {refused}");
        assert_eq!(installation.read("readers.csv"), readers, "{report}");
    }
    installation
        .run(&import("readers.csv", "refused.csv"))
        .await;
    let whole = installation.read("refused.csv");
    assert!(
        whole.contains("nobody,2024-07-31,salon,Je signe,3,"),
        "{whole}"
    );
    // Neither a file without the right columns nor one that breaks off at once empties it.
    installation.write("other.csv", "x,y\n1,2\n");
    installation
        .refused(&import("other.csv", "refused.csv"))
        .await;
    installation
        .refused(&import("missing.csv", "refused.csv"))
        .await;
    assert_eq!(installation.read("refused.csv"), whole);
    installation.write("good.csv", csv_of(&["b@example.org"]));
    installation.ok(&import("good.csv", "refused.csv")).await;
    assert_eq!(installation.read("refused.csv").lines().count(), 1);
    let refused = installation
        .refused(&import("good.csv", "nowhere/refused.csv"))
        .await;
    assert!(
        refused.contains("cannot write nowhere/refused.csv"),
        "{refused}"
    );
    let left = std::fs::read_dir(installation.path(".")).unwrap();
    let names: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    assert!(
        !names
            .iter()
            .any(|name| name.to_string_lossy().starts_with(".tmp")),
        "{names:?}"
    );
}
