//! Mails that a worker had claimed when all sending was held go out once it is released.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use xabar::domain::Actor;
use xabar::instance::hold;

use super::PATIENCE;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    an_issue_that_is_resumed_while_all_is_held_waits,
    single_mails_that_were_claimed_wait,
);

async fn hold_all(world: &World) {
    let by = &Actor::CommandLine;
    let held = hold::hold_all(&world.service, "A test.", by).await;
    assert!(held.unwrap().0);
}

/// Until this counts as many rows; the relay answers whom it has kept waiting.
async fn until(world: &World, db: &TestDb, query: &str, rows: i64, answers: bool) {
    let reached = async {
        while db.number(query).await != rows {
            if answers {
                world.smtp.accept().await;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, reached).await.expect(query);
}

async fn an_issue_that_is_resumed_while_all_is_held_waits(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
    })
    .await;
    let emails: Vec<String> = (0..6).map(|n| format!("ok{n}@example.org")).collect();
    let others = emails.iter().map(String::as_str);
    let all: Vec<&str> = std::iter::once("slow@example.org").chain(others).collect();
    world.readers(&all).await;
    let id = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    let leased = "SELECT COUNT(*) FROM delivery_range WHERE lease_id IS NOT NULL";
    until(&world, &db, leased, 1, false).await;
    hold_all(&world).await;
    assert_eq!(world.act(&id, "resume").await.1["status"], "sending");
    let free = "SELECT COUNT(*) FROM delivery WHERE lease_id IS NULL AND due_at IS NOT NULL";
    until(&world, &db, free, 7, true).await;
    assert_eq!(world.counts(&id).await, "queued=7");
    assert!(world.smtp.messages().is_empty(), "all is held");
    hold::release(&world.service, &Actor::CommandLine)
        .await
        .unwrap();
    let sent = "SELECT COUNT(*) FROM delivery WHERE state = 'sent'";
    until(&world, &db, sent, 7, true).await;
    running.stop().await;
    assert_eq!(world.smtp.messages().len(), 7);
}

async fn single_mails_that_were_claimed_wait(db: TestDb) {
    let world = World::start(&db).await;
    for email in ["slow@example.org", "ok1@example.org", "ok2@example.org"] {
        assert_eq!(world.sign_up(email).await.status(), 202);
        world.pass(1);
    }
    let running = world.start_worker(&world.service.settings);
    let leased = "SELECT COUNT(*) FROM outbox WHERE lease_id IS NOT NULL";
    until(&world, &db, leased, 3, false).await;
    hold_all(&world).await;
    until(&world, &db, leased, 0, true).await;
    assert!(world.smtp.messages().is_empty(), "all is held");
    let untried = "SELECT COUNT(*) FROM outbox WHERE due_at IS NOT NULL AND attempts = 0";
    assert_eq!(db.number(untried).await, 3);
    hold::release(&world.service, &Actor::CommandLine)
        .await
        .unwrap();
    let sent = "SELECT COUNT(*) FROM outbox WHERE state = 'sent'";
    until(&world, &db, sent, 3, true).await;
    running.stop().await;
    assert_eq!(world.smtp.messages().len(), 3);
}
