//! `xabar import undo` and `xabar import --left`: a wrong import, and people who have left elsewhere.

use serde_json::json;

use super::csv_of;
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(
    an_import_says_how_it_is_taken_back,
    those_who_have_left_elsewhere_are_asked_about,
);

async fn an_import_says_how_it_is_taken_back(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    let said = installation.ok(&import).await;
    let number = said.split("`xabar import undo ").nth(1).unwrap();
    let number = number.split('`').next().unwrap();
    assert!(
        said.contains(&format!("This was import {number}: ")),
        "{said}"
    );
    let again = installation.ok(&import).await;
    assert!(!again.contains("undo"), "nothing began: {again}");
    let undo = ["import", "undo", number];
    let plan = installation
        .json(&[&undo[..], &["--dry-run"]].concat())
        .await;
    assert_eq!(
        (&plan["done"], &plan["removed"]),
        (&json!(false), &json!(2))
    );
    let (ended, seen) = installation.at_terminal(&undo, "n").await;
    let question = format!("Remove 2 subscriptions to asie-centrale that import {number} began");
    assert!(ended == Some(1) && seen.contains(&question), "{seen}");
    let subscriptions = "SELECT COUNT(*) FROM subscription";
    assert_eq!(db.number(subscriptions).await, 2);
    let said = installation.ok(&undo).await;
    assert!(
        said.starts_with("2 subscriptions removed; 0 stay"),
        "{said}"
    );
    assert_eq!(db.number(subscriptions).await, 0);
    installation.ok(&["consent", "verify"]).await;
    installation.ok(&["audit", "verify"]).await;
    let logged = installation.json(&["audit", "list"]).await;
    let said = format!("import {number}, 2 subscriptions removed");
    let newest = (&logged[0]["action"], &logged[0]["detail"]);
    assert_eq!(newest, (&json!("import-undone"), &json!(said)));
    let refused = installation.refused(&["import", "undo", "4711"]).await;
    assert!(
        refused.contains("is not the begin of an import"),
        "{refused}"
    );
    for wrong in [&["import"][..], &["import", "undo"]] {
        assert_eq!(installation.run(wrong).await.status, Some(2));
    }
}

async fn those_who_have_left_elsewhere_are_asked_about(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    installation.write(
        "left.csv",
        "Email Address,UNSUB_TIME\na@example.org,2026-11-01 10:00:00\nb@example.org,\nz@example.org,2024-01-01\n",
    );
    let left = [
        "import",
        "left.csv",
        "--newsletter",
        "asie-centrale",
        "--left",
    ];
    let ended = "SELECT COUNT(*) FROM subscription WHERE state = 'ended'";
    let said = installation.ok(&[&left[..], &["--dry-run"]].concat()).await;
    assert!(said.starts_with("3 rows: 2 people have left"), "{said}");
    let (status, seen) = installation.at_terminal(&left, "n").await;
    assert!(
        seen.contains("Note 2 people as having left asie-centrale"),
        "{seen}"
    );
    assert_eq!((status, db.number(ended).await), (Some(1), 0));
    let said = installation.ok(&left).await;
    assert!(
        said.contains("1 people noted who have left, 1 subscriptions ended"),
        "{said}"
    );
    assert!(said.contains("1 rows do not say in `UNSUB_TIME`"), "{said}");
    assert_eq!(db.number(ended).await, 2);
    let logged = installation.json(&["audit", "list"]).await;
    assert_eq!(logged[0]["detail"], "2 who have left");
    let consent = [&left[..], &["--consent-at", "2024-01-01"]].concat();
    assert_eq!(installation.run(&consent).await.status, Some(2));
    for (wrong, why) in [
        (
            vec!["--left", "--left-at", "2999-01-01"],
            "--left-at lies in the future",
        ),
        (vec!["--map", "left_at=UNSUB_TIME"], "needs --left"),
    ] {
        let refused = installation.refused(&[&left[..4], &wrong].concat()).await;
        assert!(refused.contains(why), "{refused}");
    }
}
