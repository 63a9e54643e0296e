//! `xabar subscriber unsubscribe`: a reader who asked the publisher.

use serde_json::json;

use super::csv_of;
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(a_reader_who_asks_the_publisher_is_unsubscribed_with_proof);

async fn a_reader_who_asks_the_publisher_is_unsubscribed_with_proof(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    let of = "SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id
              WHERE p.address = 'a@example.org'";
    let number = db.number(of).await;
    let shown = installation
        .ok(&["subscriber", "show", "a@example.org", "--language", "en"])
        .await;
    assert!(
        shown.contains(&format!("(asie-centrale), No. {number}\n")),
        "{shown}"
    );

    let command = |address| {
        [
            "subscriber",
            "unsubscribe",
            address,
            "--newsletter",
            "asie-centrale",
        ]
    };
    let dry = [&command("A@example.org")[..], &["--dry-run"]].concat();
    let expected = json!({ "done": false, "newsletter": "asie-centrale", "number": number });
    assert_eq!(installation.json(&dry).await, expected);
    let active = "SELECT COUNT(*) FROM subscription WHERE state = 'active'";
    assert_eq!(db.number(active).await, 2);
    let done = installation.json(&command("A@example.org")).await;
    assert_eq!((&done["done"], db.number(active).await), (&json!(true), 1));
    for proof in [
        "SELECT COUNT(*) FROM consent_event WHERE kind = 'withdrawn' AND method = 'owner'",
        "SELECT COUNT(*) FROM audit_event WHERE action = 'reader-unsubscribed' AND detail = 'one reader'",
    ] {
        assert_eq!(db.number(proof).await, 1, "{proof}");
    }
    installation.ok(&["consent", "verify"]).await;
    for (address, slug) in [
        ("a@example.org", "asie-centrale"),
        ("z@example.org", "asie-centrale"),
        ("b@example.org", "nowhere"),
    ] {
        let ran = installation
            .run(&["subscriber", "unsubscribe", address, "--newsletter", slug])
            .await;
        assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    }
    assert_eq!(db.number(active).await, 1);
}
