//! `xabar suppression`: addresses that must not be mailed, and how a slip is taken back.

use serde_json::{Value, json};
use xabar::domain::{Actor, EmailAddress, Purpose};
use xabar::subscribe::suppression::{self, Execution, RemovalScope};

use super::csv_of;
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    suppressed_addresses_lose_their_subscriptions_and_stay_out,
    a_file_is_read_as_an_import_reads_it,
    what_a_reader_asked_for_outlives_the_operators_suppression,
    many_suppressions_are_taken_back_by_a_file,
    nobody_else_brings_a_suppressed_address_back,
);

const READERS: [&str; 3] = ["a@example.org", "b@example.org", "c@example.org"];

async fn import(installation: &Installation) {
    installation.write("readers.csv", csv_of(&READERS));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
}

fn figures(report: &Value) -> [i64; 4] {
    ["new", "known", "ended", "unconfirmed"].map(|key| report[key].as_i64().unwrap())
}

async fn active(db: &TestDb) -> i64 {
    let count = "SELECT COUNT(*) FROM subscription WHERE state = 'active'";
    db.number(count).await
}

async fn suppressed(db: &TestDb) -> i64 {
    db.number("SELECT COUNT(*) FROM suppression").await
}

async fn suppressed_addresses_lose_their_subscriptions_and_stay_out(db: TestDb) {
    let installation = Installation::new(&db.url);
    import(&installation).await;
    let add = [
        &["suppression", "add", "A@example.org", "b@example.org"][..],
        &["z@example.org", "--because", "Their lawyer wrote."],
    ]
    .concat();
    let dry = [&add[..], &["--dry-run"]].concat();
    let plan = installation.json(&dry).await;
    assert_eq!(
        (figures(&plan), &plan["done"]),
        ([3, 0, 2, 0], &json!(false))
    );
    let said = installation.ok(&dry).await;
    assert!(
        said.starts_with("Nothing was done. It would be: 3 addresses"),
        "{said}"
    );
    assert_eq!((active(&db).await, suppressed(&db).await), (3, 0));
    // At a terminal it asks, and no is no. (The terminal of the test splits words.)
    let (ended, seen) = installation.at_terminal(&add[..5], "n").await;
    assert!(
        ended == Some(1) && seen.contains("end 2 subscriptions"),
        "{seen}"
    );
    assert_eq!((active(&db).await, suppressed(&db).await), (3, 0));

    let said = installation.ok(&add).await;
    let expected = "3 addresses suppressed, 0 were so before; 2 subscriptions ended, 0 unconfirmed sign-ups erased\n";
    assert_eq!(said, expected);
    assert_eq!(figures(&installation.json(&add).await), [0, 3, 0, 0]);
    assert_eq!((active(&db).await, suppressed(&db).await), (1, 3));
    let ended =
        "SELECT COUNT(*) FROM subscription WHERE state = 'ended' AND end_reason = 'unsubscribed'";
    assert_eq!(db.number(ended).await, 2);
    let proof =
        "SELECT COUNT(*) FROM consent_event WHERE kind = 'withdrawn' AND method = 'operator'";
    assert_eq!(db.number(proof).await, 2);
    installation.ok(&["consent", "verify"]).await;
    let logged = installation.ok(&["audit", "list"]).await;
    let times = logged.matches("3 addresses, 2 subscriptions ended: Their lawyer wrote.");
    assert!(times.count() == 1 && !logged.contains('@'), "{logged}");

    let said = installation.ok(&["suppression", "list"]).await;
    assert!(
        said.starts_with("operator\t3 hashes\tthe newest of 2"),
        "{said}"
    );
    let of = async |address| {
        installation
            .ok(&["suppression", "list", "--address", address])
            .await
    };
    assert!(of("a@EXAMPLE.org").await.starts_with("operator, since 2"));
    assert_eq!(of("c@example.org").await, "not suppressed\n");
    let refused = installation
        .run(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    assert_eq!((refused.status, active(&db).await), (Some(1), 1));
    assert!(
        refused.stderr.contains("an operator suppressed it"),
        "{refused:?}"
    );

    // The slip is taken back; the reader's own word is needed to get mails again.
    let said = installation
        .ok(&["suppression", "remove", "z@example.org"])
        .await;
    assert_eq!(said, "no longer suppressed; its reader may sign up again\n");
    assert_eq!((active(&db).await, suppressed(&db).await), (1, 2));
    let refused = installation
        .refused(&["suppression", "remove", "z@example.org"])
        .await;
    assert!(
        refused.contains("the address is not suppressed"),
        "{refused}"
    );
    let removals = "SELECT COUNT(*) FROM audit_event WHERE action = 'suppression-removed'";
    assert_eq!(db.number(removals).await, 1);
}

async fn a_file_is_read_as_an_import_reads_it(db: TestDb) {
    let installation = Installation::new(&db.url);
    import(&installation).await;
    installation.write(
        "bounces.csv",
        "\u{feff}Name;E-Mail\r\n\"A; B\";a@example.org\r\nC;nobody\r\n",
    );
    let add = ["suppression", "add", "--file", "bounces.csv"];
    let ran = installation.run(&add).await;
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert!(ran.stdout.starts_with("1 addresses suppressed"), "{ran:?}");
    assert!(
        ran.stderr.contains("line 3: email") && ran.stderr.contains("1 rows"),
        "{ran:?}"
    );
    // One a line, on standard input, beside an address in words.
    let add = [
        "suppression",
        "add",
        "a@example.org",
        "--file",
        "-",
        "--json",
    ];
    let ran = installation
        .run_with_input(&add, "b@example.org\n\nB@example.org\n")
        .await;
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.status, figures(&report)),
        (Some(0), [1, 1, 1, 0]),
        "{ran:?}"
    );
    assert_eq!((active(&db).await, suppressed(&db).await), (1, 2));

    installation.write("columns.csv", "c@example.org,Carla\n");
    let refused = installation
        .refused(&["suppression", "add", "--file", "columns.csv"])
        .await;
    assert!(
        refused.contains("the first line must name a column `email`"),
        "{refused}"
    );
    let words = [
        "suppression",
        "add",
        "c@example.org",
        "--because",
        "c@example.org asked",
    ];
    let ran = installation.run(&words).await;
    assert!(
        ran.status == Some(2) && ran.stderr.contains("must name no address"),
        "{ran:?}"
    );
    assert_eq!(
        installation.run(&["suppression", "add"]).await.status,
        Some(2)
    );
    assert_eq!((active(&db).await, suppressed(&db).await), (1, 2));
}

async fn what_a_reader_asked_for_outlives_the_operators_suppression(db: TestDb) {
    let installation = Installation::new(&db.url);
    import(&installation).await;
    let (remove, list) = (
        ["suppression", "remove", "a@example.org"],
        ["suppression", "list", "--address", "a@example.org"],
    );
    let remove_b = ["suppression", "remove", "b@example.org"];
    // Erased first, and suppressed then; and the other way round.
    installation
        .ok(&["subscriber", "erase", "a@example.org"])
        .await;
    let add = ["suppression", "add", "a@example.org", "b@example.org"];
    assert_eq!(figures(&installation.json(&add).await), [2, 0, 1, 0]);
    assert_eq!(figures(&installation.json(&add).await), [0, 2, 0, 0]);
    installation
        .ok(&["subscriber", "erase", "b@example.org"])
        .await;
    let said = installation.ok(&list).await;
    assert!(
        said.starts_with("erased, and by an operator, since 2"),
        "{said}"
    );
    let counts = installation.json(&["suppression", "list"]).await;
    assert_eq!(
        (
            &counts[0]["reason"],
            &counts[0]["hashes"],
            &counts[0]["by_operator_too"]
        ),
        (&json!("erased"), &json!(2), &json!(2)),
        "{counts:#}"
    );
    for command in [&remove, &remove_b] {
        let said = installation.ok(command).await;
        assert!(said.contains("another stays (erased, since"), "{said}");
        let refused = installation.refused(command).await;
        assert!(refused.contains("`--reader-asked`"), "{refused}");
    }
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    let refused = installation.run(&import).await.stderr;
    assert_eq!(
        refused.matches("asked to be erased").count(),
        2,
        "{refused}"
    );
    let asked = [&remove[..], &["--reader-asked"]].concat();
    installation.ok(&asked).await;
    assert_eq!(installation.ok(&list).await, "not suppressed\n");
    assert_eq!(suppressed(&db).await, 1, "that of the other address");
}

async fn many_suppressions_are_taken_back_by_a_file(db: TestDb) {
    let installation = Installation::new(&db.url);
    import(&installation).await;
    installation
        .ok(&["suppression", "add", "--file", "readers.csv"])
        .await;
    installation
        .ok(&["subscriber", "erase", "c@example.org"])
        .await;
    installation.write(
        "back.csv",
        csv_of(&["A@example.org", "b@example.org", "z@example.org"]),
    );
    let remove = ["suppression", "remove", "--file", "back.csv"];
    let plan = installation
        .json(&[&remove[..], &["--dry-run"]].concat())
        .await;
    let figures = json!({ "done": false, "removed": 2, "others": 1, "refused": 0 });
    assert_eq!((plan, suppressed(&db).await), (figures, 3));
    let (ended, seen) = installation.at_terminal(&remove, "n").await;
    assert!(
        ended == Some(1) && seen.contains("suppression of 2 addresses"),
        "{seen}"
    );
    let said = installation.ok(&remove).await;
    let expected = "2 addresses may sign up again, 1 had no such suppression\n";
    assert_eq!((said.as_str(), suppressed(&db).await), (expected, 1));
    let logged = installation.ok(&["audit", "list"]).await;
    assert!(
        logged.contains("suppression-removed") && logged.contains("\t2 addresses\n"),
        "{logged}"
    );
}

async fn nobody_else_brings_a_suppressed_address_back(db: TestDb) {
    let world = World::start(&db).await;
    let (service, by) = (&world.service, &Actor::CommandLine);
    let addresses: [EmailAddress; 2] =
        ["dora@example.org", "emma@example.org"].map(|a| a.parse().unwrap());
    // One has not confirmed yet, one has said "this was not me".
    for address in &addresses {
        assert_eq!(world.sign_up(&address.to_string()).await.status(), 202);
    }
    let link = |address| world.link(address, Purpose::Confirm);
    let (dora, emma) = (
        link("dora@example.org").await,
        link("emma@example.org").await,
    );
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    xabar::subscribe::decline(service, &token(&emma))
        .await
        .unwrap();
    let declined =
        "SELECT COUNT(*) FROM suppression WHERE reason = 'declined' AND until IS NOT NULL";
    assert_eq!(db.number(declined).await, 2, "the address and its mailbox");

    let why = "A test.";
    let trial = suppression::suppress(service, &addresses, why, by, Execution::DryRun).await;
    let done = suppression::suppress(service, &addresses, why, by, Execution::Real).await;
    let (trial, done) = (trial.unwrap(), done.unwrap());
    assert_eq!(trial, done);
    assert_eq!(
        (done.new, done.known, done.ended, done.unconfirmed),
        (2, 0, 0, 1)
    );
    assert!(world.subscription("dora@example.org").await.is_none());
    // An old link confirms nothing, a new request is answered alike and does nothing.
    let page = world
        .submit(&format!("/confirm/{}", token(&dora)), &[])
        .await;
    assert!(!page.status().is_success(), "{}", page.status());
    assert_eq!(world.sign_up("dora@example.org").await.status(), 202);
    assert!(world.subscription("dora@example.org").await.is_none());
    world.work().await;
    assert_eq!(world.caught_for("dora@example.org").len(), 0);

    // What was said before holds again until its time.
    let scope = RemovalScope::OfOperators;
    for address in &addresses {
        assert!(
            suppression::remove(service, address, scope, by)
                .await
                .unwrap()
        );
        assert!(
            !suppression::remove(service, address, scope, by)
                .await
                .unwrap()
        );
    }
    assert_eq!(db.number(declined).await, 2);
    world.pass(61);
    world.sign_up("emma@example.org").await;
    world.work().await;
    assert_eq!(world.caught_for("emma@example.org").len(), 0);
    world.join("dora@example.org").await;
    assert_eq!(world.state("dora@example.org").await, "active");
}
