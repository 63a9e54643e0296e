//! A restored or cloned database: all sending is held.

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio_util::sync::CancellationToken;
use xabar::domain::{Actor, IssueState};
use xabar::instance::{self, hold};
use xabar::service::Service;
use xabar::{app, store, worker};

use crate::deliver::issue_id;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_copied_database_sends_nothing_until_a_person_has_looked,
    while_sending_is_held_nothing_goes_out_and_then_everything_does,
    the_same_database_is_not_taken_for_a_copy,
);

/// A copy of the database as it is, as by a backup that is restored beside it.
async fn copied(db: &TestDb) -> TestDb {
    if db.url.starts_with("sqlite:") {
        let copy = TestDb::sqlite();
        let path = copy.url.strip_prefix("sqlite://").unwrap();
        db.execute(&format!("VACUUM INTO '{path}'")).await.unwrap();
        return copy;
    }
    // The test's service has connections open, which a template must not have.
    let (server, name) = db.url.split_at(db.url.rfind("/xabar_test_").unwrap() + 1);
    let (name, options) = match name.split_once('?') {
        Some((name, options)) => (name, format!("?{options}")),
        None => (name, String::new()),
    };
    let copy = format!("{name}_copy");
    let admin = format!("{server}postgres{options}");
    let mut admin = PgConnection::connect(&admin).await.unwrap();
    for statement in [
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
        format!("CREATE DATABASE {copy} TEMPLATE {name}"),
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"),
    ] {
        let statement = sqlx::raw_sql(AssertSqlSafe(statement));
        statement.execute(&mut admin).await.unwrap();
    }
    // A connection that was used a moment ago is not tested before use.
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    TestDb::at(format!("{server}{copy}{options}"))
}

/// The service on another database, with the same key and clock.
async fn opened(world: &World, db: &TestDb) -> Service {
    let mut settings = world.service.settings.as_ref().clone();
    settings.database.url.clone_from(&db.url);
    app::open(settings, world.clock.clone()).await.unwrap()
}

async fn states(service: &Service, ids: &[&str]) -> Vec<IssueState> {
    let mut db = service.store.read().await.unwrap();
    let mut states = Vec::new();
    for id in ids {
        let state = store::issue::state(&mut db, issue_id(id)).await.unwrap();
        states.push(state.unwrap());
    }
    states
}

async fn a_copied_database_sends_nothing_until_a_person_has_looked(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org", "b@example.org"]).await;
    let sending = world.triggered().await;
    let (overdue, later) = (world.draft("Bientôt").await, world.draft("Plus tard").await);
    for (id, at) in [
        (&overdue, "2026-11-23T08:00:00Z"),
        (&later, "2026-11-25T08:00:00Z"),
    ] {
        let scheduled = world.post(&format!("/api/v1/issues/{id}/send"));
        let scheduled = scheduled.json(&json!({ "at": at })).send().await.unwrap();
        assert_eq!(scheduled.status(), 202, "{:?}", scheduled.text().await);
    }
    assert_eq!(world.sign_up("c@example.org").await.status(), 202);
    let copy = copied(&db).await;

    // The original goes on.
    world.work().await;
    let sent = world.smtp.messages().len();
    assert!(sent >= 3, "two readers and a confirmation: {sent}");

    world.pass(90);
    let restored = opened(&world, &copy).await;
    worker::run_until_idle(&restored, &world.relays)
        .await
        .unwrap();
    assert_eq!(world.smtp.messages().len(), sent, "the copy has sent");
    let ids = [sending.as_str(), &overdue, &later];
    use IssueState::{Draft, Paused, Scheduled, Sent};
    assert_eq!(states(&restored, &ids).await, [Paused, Draft, Scheduled]);
    let held = hold::look(&restored).await.unwrap().unwrap();
    assert!(held.why.contains("is a copy"), "{held:?}");
    let mut reading = restored.store.read().await.unwrap();
    let paused = store::issue::by_id(&mut reading, issue_id(&sending)).await;
    let why = paused.unwrap().unwrap().paused_because.unwrap().to_string();
    assert!(why.contains("would get it twice"), "{why}");
    drop(reading);

    // It stays held at the next start, and goes on when a person says so.
    restored.store.close().await;
    let restored = opened(&world, &copy).await;
    worker::run_until_idle(&restored, &world.relays)
        .await
        .unwrap();
    assert_eq!(world.smtp.messages().len(), sent);
    assert!(hold::release(&restored, &Actor::CommandLine).await.unwrap());
    worker::run_until_idle(&restored, &world.relays)
        .await
        .unwrap();
    assert_eq!(
        states(&restored, &ids).await,
        [Paused, Draft, Scheduled],
        "what was paused or taken off waits for its own word"
    );
    assert_eq!(states(&world.service, &ids[..1]).await, [Sent]);
    // The outbox is free again: the pending confirmation of the copy goes out.
    assert_eq!(world.smtp.messages().len(), sent + 1);
}

async fn while_sending_is_held_nothing_goes_out_and_then_everything_does(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    let sending = world.triggered().await;
    let held = hold::hold_all(&world.service, "A test.", &Actor::CommandLine).await;
    let (is_new, paused) = held.unwrap();
    assert!(is_new);
    assert_eq!(paused.len(), 1);
    assert_eq!(world.sign_up("b@example.org").await.status(), 202);
    // As the service runs, and not only as tests work things off.
    let stop = CancellationToken::new();
    let relays = xabar::mail::Relays::from_settings(&world.service.settings).unwrap();
    let running = tokio::spawn(worker::run(world.service.clone(), relays, stop.clone()));
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(world.smtp.messages().len(), 0);
    assert!(
        hold::release(&world.service, &Actor::CommandLine)
            .await
            .unwrap()
    );
    assert!(
        !hold::release(&world.service, &Actor::CommandLine)
            .await
            .unwrap()
    );
    assert_eq!(world.act(&sending, "resume").await.0, 200);
    world.counts_become(&sending, "sent=1").await;
    let confirmed = async {
        while world.mails_to("b@example.org").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), confirmed)
        .await
        .expect("the confirmation goes out after the release");
    stop.cancel();
    running.await.unwrap().unwrap();
    let events = db
        .number(
            "SELECT COUNT(*) FROM audit_event WHERE action IN ('sending-held', 'sending-released')",
        )
        .await;
    assert_eq!(events, 2, "both are in the audit log, once");
}

async fn the_same_database_is_not_taken_for_a_copy(db: TestDb) {
    let world = World::start(&db).await;
    let before = instance::advance(&world.service, 0).await.unwrap();
    world.ensure_reader("asie-centrale").await;
    instance::advance(&world.service, before).await.unwrap();
    world.service.store.close().await;
    let again = opened(&world, &db).await;
    assert_eq!(hold::look(&again).await.unwrap(), None);
    if !db.url.starts_with("sqlite:") {
        return;
    }
    // The same file, with the content of an earlier day.
    let earlier = db.number("SELECT epoch FROM instance").await - 1;
    db.execute(&format!("UPDATE instance SET epoch = {earlier}"))
        .await
        .unwrap();
    let restored = opened(&world, &db).await;
    let held = hold::look(&restored).await.unwrap().unwrap();
    assert!(held.why.contains("a backup was restored"), "{held:?}");
}

/// Removes the database, and leaves the file that tells how far it was used.
fn remove(path: &str) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{end}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_copied_to_where_the_database_was_is_held_once() {
    let db = TestDb::sqlite();
    let path = db.url.strip_prefix("sqlite://").unwrap();
    let world = World::start(&db).await;
    world.ensure_reader("asie-centrale").await;
    instance::advance(&world.service, 0).await.unwrap();
    world.service.store.close().await;
    std::fs::copy(path, format!("{path}.backup")).unwrap();

    remove(path);
    std::fs::copy(format!("{path}.backup"), path).unwrap();
    // As file systems do that give the number of a removed file to the next one.
    let number = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap());
    let set = format!("UPDATE instance SET identity = 'file {number} made 2026-01-01T00:00:00Z'");
    db.execute(&set).await.unwrap();
    let restored = opened(&world, &db).await;
    let held = hold::look(&restored).await.unwrap().unwrap();
    assert!(held.why.contains("is a copy"), "{held:?}");
    assert!(hold::release(&restored, &Actor::CommandLine).await.unwrap());
    restored.store.close().await;

    let again = opened(&world, &db).await;
    assert_eq!(hold::look(&again).await.unwrap(), None, "it was told once");
    again.store.close().await;
    let set = format!("UPDATE instance SET identity = 'file {number}'");
    db.execute(&set).await.unwrap();
    let upgraded = opened(&world, &db).await;
    assert_eq!(hold::look(&upgraded).await.unwrap(), None);
    let known = store::instance::read(&mut upgraded.store.read().await.unwrap()).await;
    let identity = known.unwrap().unwrap().identity;
    assert!(identity.contains(" made "), "{identity}");
    upgraded.store.close().await;

    // Where a file system does not tell when a file was made.
    std::fs::remove_file(format!("{path}.epoch")).unwrap();
    let restored = opened(&world, &db).await;
    let held = hold::look(&restored).await.unwrap().unwrap();
    assert!(held.why.contains(".epoch"), "{held:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_a_file_that_was_replaced() {
    let db = TestDb::sqlite();
    let path = db.url.strip_prefix("sqlite://").unwrap();
    let world = World::start(&db).await;
    world.ensure_reader("asie-centrale").await;
    let away = format!("{path}.away");
    std::fs::rename(path, &away).unwrap();
    for replaced in [false, true] {
        if replaced {
            std::fs::copy(&away, path).unwrap();
        }
        let error = world.service.store.write().await.map(drop).unwrap_err();
        let why = error.to_string();
        assert!(why.contains("moved or replaced"), "{why}");
        let sent = world.sign_up("aigul@example.org").await;
        assert_eq!(sent.status(), 503, "replaced: {replaced}");
    }
    std::fs::rename(&away, path).unwrap();
    assert!(world.service.store.write().await.is_ok());
}
