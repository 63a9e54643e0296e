//! Tampering with the consent record: what somebody who has the database cannot hide.

use xabar::app;

use super::{assert_intact, triggers, verify};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// What somebody can do who has the database, and what the service says to it.
const TAMPERINGS: &[(&[&str], &str)] = &[
    (
        &["UPDATE consent_event SET at = at - 1 WHERE id = 2"],
        "2: the event was changed",
    ),
    (
        &["UPDATE consent_event SET page = '/subscribe' WHERE id = 3"],
        "3: the event was changed",
    ),
    (
        &["UPDATE consent_event SET subscription_id = 2 WHERE id = 1"],
        "1: the event was changed",
    ),
    (
        &[
            "UPDATE consent_event SET address_hash = (SELECT address_hash FROM consent_event WHERE id = 4) WHERE id = 1",
        ],
        "1: the event was changed",
    ),
    (
        &["UPDATE consent_wording SET wording = 'I agree to everything.' WHERE id = 1"],
        "1: the wording was changed",
    ),
    (
        &["UPDATE consent_event SET wording_id = 2 WHERE id = 1"],
        "1: the event was changed",
    ),
    (
        &["DELETE FROM consent_event WHERE id = 2"],
        "2: the event was taken out",
    ),
    (
        &[
            "DELETE FROM consent_event WHERE id = 2",
            "UPDATE consent_chain SET removed_at = 1, removed_why = 'unconfirmed', removal = hash WHERE event_id = 2",
        ],
        "2: the event was taken out, and not by this service",
    ),
    (
        &[
            "DELETE FROM consent_event WHERE id = 2",
            "DELETE FROM consent_chain WHERE event_id = 2",
        ],
        "3: the event does not follow the one before: something was put in, taken out or moved",
    ),
    // The last events, with an end of the chain as it once was.
    (
        &[
            "DELETE FROM consent_event WHERE id > 3",
            "DELETE FROM consent_chain WHERE event_id > 3",
            "UPDATE consent_head SET event_id = 3, length = 3, \
             hash = (SELECT hash FROM consent_chain WHERE event_id = 3) WHERE one = 1",
        ],
        "3: the end of the chain was moved",
    ),
    (
        &[
            "DELETE FROM consent_event WHERE id > 3",
            "DELETE FROM consent_chain WHERE event_id > 3",
        ],
        "events are missing",
    ),
    (
        &[
            "INSERT INTO consent_event (id, subscription_id, address_hash, wording_id, kind, method, at, page) \
             SELECT 99, subscription_id, address_hash, wording_id, kind, method, at, page FROM consent_event WHERE id = 1",
        ],
        "99: the event was added outside the chain",
    ),
    (
        &["DELETE FROM consent_head"],
        "0: the chain has no end any more",
    ),
];

/// What refers to others stands before them.
const TABLES: [&str; 4] = [
    "consent_event",
    "consent_chain",
    "consent_head",
    "consent_wording",
];

on_both_databases!(
    every_tampering_is_seen_with_its_place,
    an_end_that_somebody_moved_stays_broken_when_more_is_added,
);

async fn every_tampering_is_seen_with_its_place(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    world.join("b@example.org").await;
    assert_eq!(assert_intact(&world).await.events, 6);
    for refused in [
        "UPDATE consent_event SET page = '/x' WHERE id = 1",
        "DELETE FROM consent_event WHERE id = 1",
        "DELETE FROM consent_chain WHERE event_id = 1",
        "UPDATE consent_chain SET hash = content WHERE event_id = 1",
    ] {
        let error = db.execute(refused).await.expect_err(refused).to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    for drop in triggers(&db) {
        db.execute(&drop).await.unwrap();
    }
    for table in TABLES {
        db.execute(&format!(
            "CREATE TABLE kept_{table} AS SELECT * FROM {table}"
        ))
        .await
        .unwrap();
    }
    for (statements, seen) in TAMPERINGS {
        for statement in *statements {
            db.execute(statement).await.unwrap();
        }
        let report = verify(&world).await;
        let said: Vec<String> = report
            .breaks
            .iter()
            .map(|b| format!("{}: {}", b.event, b.what))
            .collect();
        assert!(
            !report.intact && said.iter().any(|line| line.contains(seen)),
            "{statements:?}: {said:?}"
        );
        if seen.contains("outside the chain") {
            // A start does not take it in.
            let settings = (*world.service.settings).clone();
            app::open(settings, world.clock.clone()).await.unwrap();
            assert_eq!(verify(&world).await.breaks.len(), said.len());
        }
        for table in TABLES {
            db.execute(&format!("DELETE FROM {table}")).await.unwrap();
        }
        for table in TABLES.iter().rev() {
            db.execute(&format!("INSERT INTO {table} SELECT * FROM kept_{table}"))
                .await
                .unwrap();
        }
        assert_intact(&world).await;
    }
}

async fn an_end_that_somebody_moved_stays_broken_when_more_is_added(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    for statement in triggers(&db) {
        db.execute(&statement).await.unwrap();
    }
    for statement in TAMPERINGS[9].0 {
        db.execute(&statement.replace('3', "2")).await.unwrap();
    }
    assert!(!verify(&world).await.intact);
    world.sign_up("b@example.org").await;
    let report = verify(&world).await;
    assert_eq!(
        report.breaks[0].what, "the end of the chain was moved",
        "{report:?}"
    );
}
