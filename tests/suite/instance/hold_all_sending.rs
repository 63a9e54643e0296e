//! Holding all sending (`xabar pause --all`) while other workers go on.

use xabar::domain::{Actor, AuditAction, AuditEvent, IssueState};
use xabar::instance::{self, hold};
use xabar::store;
use xabar::store::issue::audience::Excluded;

use crate::deliver::issue_id;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(only_what_is_still_scheduled_is_taken_off_the_schedule);

async fn only_what_is_still_scheduled_is_taken_off_the_schedule(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    let started = issue_id(&world.triggered().await);
    let planned = issue_id(&world.draft("Bientôt").await);
    let mut tx = world.service.store.write().await.unwrap();
    store::issue::schedule(&mut tx, planned, world.clock.now(), "a test")
        .await
        .unwrap();
    for (id, is_taken, state) in [
        (started, false, IssueState::Sending),
        (planned, true, IssueState::Draft),
    ] {
        let taken = store::issue::unschedule(&mut tx, id, None).await.unwrap();
        assert_eq!(taken, is_taken, "{state}");
        let now = store::issue::state(&mut tx, id).await.unwrap();
        assert_eq!(now, Some(state));
    }
}

/// How many events of this kind the audit log has.
async fn logged(db: &TestDb, action: AuditAction) -> i64 {
    let action = action.as_str();
    db.number(&format!(
        "SELECT COUNT(*) FROM audit_event WHERE action = '{action}'"
    ))
    .await
}

/// SQLite has one writer.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_worker_starts_while_a_copy_is_held_is_paused() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    let (id, now) = (issue_id(&world.draft("Bientôt").await), world.clock.now());
    let mut tx = world.service.store.write().await.unwrap();
    store::issue::schedule(&mut tx, id, now, "a test")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.execute("UPDATE instance SET identity = 'elsewhere'")
        .await
        .unwrap();

    let mut other = world.service.store.write().await.unwrap();
    store::issue::start(&mut other, id, 0, &Excluded::new(), now)
        .await
        .unwrap();
    let service = world.service.clone();
    let holding = tokio::spawn(async move { instance::recognize(&service).await });
    db.until_a_session_is_blocked().await;
    other.commit().await.unwrap();
    holding.await.unwrap().unwrap();

    let mut reading = world.service.store.read().await.unwrap();
    let issue = store::issue::by_id(&mut reading, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(issue.state, IssueState::Paused, "not a draft again");
    assert_eq!(issue.started_at, Some(now));
    assert_eq!(logged(&db, AuditAction::Paused).await, 1);
    assert_eq!(logged(&db, AuditAction::TakenBack).await, 0);
}

/// SQLite has one writer.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_while_all_is_held_is_not_paused_and_nothing_deadlocks() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    let first = issue_id(&world.triggered().await);
    // They are paused in the order in which they began.
    world.pass(1);
    let second = world.draft("Plus tard").await;
    assert_eq!(world.act(&second, "send").await.0, 202);
    let second = issue_id(&second);

    // As `publish::cancel` does it.
    let mut other = world.service.store.write().await.unwrap();
    store::issue::set_state(&mut other, second, IssueState::Cancelled)
        .await
        .unwrap();
    let service = world.service.clone();
    let holding =
        tokio::spawn(async move { hold::hold_all(&service, "A test.", &Actor::CommandLine).await });
    db.until_a_session_is_blocked().await;
    let by = &Actor::CommandLine;
    let event = AuditEvent::new(by, AuditAction::Cancelled, world.clock.now());
    store::audit::append(&mut other, world.service.links.key(), &event)
        .await
        .expect("no deadlock");
    other.commit().await.unwrap();

    let (is_new, paused) = holding.await.unwrap().expect("no deadlock");
    assert!(is_new);
    let paused: Vec<_> = paused.iter().map(|issue| issue.id).collect();
    assert_eq!(paused, [first]);
    assert_eq!(logged(&db, AuditAction::Paused).await, 1);
    let mut reading = world.service.store.read().await.unwrap();
    let state = store::issue::state(&mut reading, second).await.unwrap();
    assert_eq!(state, Some(IssueState::Cancelled));
}
