//! `xabar import` with more rows than memory is taken for: they are sorted in a temporary file.

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

/// Of 800 octets each.
const ROWS: usize = 12_000;

on_both_databases!(a_large_import_is_sorted_reported_in_order_and_leaves_no_file,);

/// Rows in no order; two that are wrong, two that the database refuses, and two with an address of another one.
fn file() -> String {
    let wording = "mot ".repeat(180);
    let row = |address: &str| format!("{address},2024-07-31,salon,{wording}");
    let mut lines = vec!["email,consent_at,consent_source,consent_wording".to_owned()];
    lines.extend((0..ROWS).map(|n| row(&format!("r{:05}@example.org", n * 7_919 % ROWS))));
    for (line, address) in [
        (2, "nobody"),
        (5, "z@example.org"),
        (40, "r00050@example.org"),
        (11_000, "a@example.org"),
        (11_500, "R00051@example.org"),
        (11_999, "nobody"),
    ] {
        lines[line - 1] = row(address);
    }
    lines.join("\n")
}

async fn a_large_import_is_sorted_reported_in_order_and_leaves_no_file(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", file());
    installation
        .ok(&["suppression", "add", "a@example.org", "z@example.org"])
        .await;
    let import = [
        "import",
        "readers.csv",
        "--newsletter",
        "asie-centrale",
        "--json",
        "--report",
        "refused.csv",
    ];
    let missing = installation.path("missing");
    let installation = installation.with_variable("TMPDIR", missing.to_str().unwrap());
    let ran = installation.run(&import).await;
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("let TMPDIR name a folder"), "{ran:?}");
    let subscribers = "SELECT COUNT(*) FROM subscriber";
    assert_eq!(db.number(subscribers).await, 0, "nothing was written");

    let folder = installation.path("temporary");
    std::fs::create_dir(&folder).unwrap();
    let installation = installation.with_variable("TMPDIR", folder.to_str().unwrap());
    let ran = installation.run(&import).await;
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let sums = ["rows", "imported", "known", "refused"].map(|sum| report[sum].as_u64().unwrap());
    let rows = ROWS as u64;
    assert_eq!(sums[0], rows, "{report}");
    assert_eq!(sums[1] + sums[2] + sums[3], rows, "{report}");
    assert_eq!((sums[2], sums[3]), (2, 4), "{report}");
    let listed = report["refused_rows"].as_array().unwrap();
    let lines: Vec<_> = listed.iter().map(|row| row["line"].as_u64()).collect();
    assert_eq!(lines, [2, 5, 11_000, 11_999].map(Some));
    // First what is wrong in itself, then what the database refuses; both in the order of the file.
    let written = installation.read("refused.csv");
    let numbers = written.lines().skip(1).map(|line| line.split(',').nth(4));
    let numbers: Vec<_> = numbers.map(|number| number.unwrap()).collect();
    assert_eq!(numbers, ["2", "11999", "5", "11000"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let disorder = "SELECT COUNT(*) FROM subscriber a JOIN subscriber b ON b.id = a.id + 1 \
        WHERE b.address_key < a.address_key";
    // On PostgreSQL two transactions at the same time take their numbers in any order.
    if db.url.starts_with("sqlite") {
        let disorder = db.number(disorder).await;
        assert_eq!(disorder, 0, "rows are written as they are sorted");
    }
    assert_eq!(db.number(subscribers).await as u64, sums[1]);
    installation.ok(&["consent", "verify"]).await;
}
