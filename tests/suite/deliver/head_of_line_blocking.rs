//! Head-of-line blocking: a provider, relay, issue or mail that hangs or is broken holds no other up.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;
use xabar::store;

use crate::deliver::throttles::{names, second_relay};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::{Options, SmtpServer};
use crate::support::world::World;

/// Far less than a relay may take for one answer, far more than all the rest takes.
const SOON: Duration = Duration::from_secs(45);

on_both_databases!(
    a_provider_that_keeps_the_relay_waiting_holds_no_other_back,
    who_is_tried_again_does_not_wait_behind_everybody,
    an_issue_that_cannot_be_read_stops_no_other,
    an_issue_that_cannot_be_rendered_is_nobodys,
    a_scheduled_issue_that_cannot_be_read_keeps_nothing_back,
    a_mail_that_cannot_be_read_keeps_no_other_back,
    stopping_frees_what_waits_for_lanes_that_hang,
    a_relay_that_greets_and_then_hangs_keeps_no_mail_from_another,
    a_confirmation_waits_for_no_other_recipient_and_for_no_digest,
    what_was_put_back_uses_up_no_quota,
);

async fn a_provider_that_keeps_the_relay_waiting_holds_no_other_back(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 5
    })
    .await;
    // All of one provider.
    let domains = ["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de"];
    let slow = (0..20).map(|n| format!("slow{n}@{}", domains[n % 5]));
    let emails: Vec<String> = slow
        .chain((0..20).map(|n| format!("ok{n}@example.org")))
        .collect();
    world
        .readers(&emails.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let id = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(20, Duration::from_secs(60)).await;
    // One lane goes on waiting; the rest of that provider's readers are not tried meanwhile.
    world.counts_become(&id, "queued=20 sent=20").await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    // An answer comes for those alone who wait for it.
    let accepting = async {
        loop {
            world.smtp.accept().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        () = world.counts_become(&id, "sent=40") => {}
        never = accepting => never,
    }
    running.stop().await;
    let again = db.number("SELECT COUNT(*) FROM delivery WHERE attempts <> 1");
    assert_eq!(again.await, 0);
}

async fn who_is_tried_again_does_not_wait_behind_everybody(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
        settings.worker.batch = 8;
        settings.worker.lease_seconds = 3600;
    })
    .await;
    world.smtp.hold_after(20).await;
    let id = world
        .sending_to(&[
            names(1..2, "defer", "example.org"),
            names(0..200, "ok", "example.org"),
        ])
        .await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(20, SOON).await;
    world.pass(6);
    world.smtp.accept().await;
    world.counts_become(&id, "sent=201").await;
    running.stop().await;
    let caught = world.smtp.messages();
    let turn = caught
        .iter()
        .position(|mail| mail.recipients == ["defer1@example.org"]);
    assert!(turn.is_some_and(|turn| turn < 100), "{turn:?}");
}

async fn an_issue_that_cannot_be_read_stops_no_other(db: TestDb) {
    let world = World::start(&db).await;
    world.sending_to(&[names(0..3, "ok", "example.org")]).await;
    let lost = "INSERT INTO delivery (issue_id, subscription_id, state, attempts, due_at)
         SELECT issue_id, subscription_id, 'lost', 0, 1 FROM untried_delivery";
    for statement in [lost, "DELETE FROM delivery_range"] {
        db.execute(statement).await.unwrap();
    }
    world.pass(1);
    let sound = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    world.counts_become(&sound, "sent=3").await;
    running.stop().await;
}

async fn an_issue_that_cannot_be_rendered_is_nobodys(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.sending_to(&[names(0..3, "ok", "example.org")]).await;
    db.execute("UPDATE issue SET content = '{'").await.unwrap();
    let running = world.start_worker(&world.service.settings);
    let paused = "SELECT COUNT(*) FROM issue WHERE paused_code = 'cannot-be-built'";
    let tried = async {
        while db.number(paused).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let tried = tokio::time::timeout(SOON, tried).await;
    tried.expect("the worker has tried to render it");
    running.stop().await;
    // The clock stands still, so no lease would have passed.
    assert_eq!(
        world
            .claim(&id, xabar::domain::LeaseId(Uuid::from_u128(1)), 10)
            .await
            .len(),
        3
    );
}

async fn a_scheduled_issue_that_cannot_be_read_keeps_nothing_back(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok1@example.org"]).await;
    for (subject, minutes) in [("First", 60), ("Second", 61)] {
        let issue = world.draft(subject).await;
        let at = (world.clock.now() + SignedDuration::from_mins(minutes)).to_string();
        let send = world.post(&format!("/api/v1/issues/{issue}/send"));
        let scheduled = send.json(&json!({ "at": at })).send().await.unwrap();
        assert_eq!(scheduled.status(), 202);
    }
    let broken =
        "UPDATE issue SET content = '{' WHERE scheduled_at = (SELECT MIN(scheduled_at) FROM issue)";
    db.execute(broken).await.unwrap();
    world.pass(62);
    let running = world.start_worker(&world.service.settings);
    // One that has started is also ended, and so on.
    let sent = async {
        while db
            .number("SELECT COUNT(*) FROM issue WHERE state = 'sent'")
            .await
            < 1
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(SOON, sent).await.unwrap();
    running.stop().await;
    let waits = "SELECT COUNT(*) FROM issue WHERE state = 'scheduled'";
    assert_eq!(db.number(waits).await, 1);
}

async fn a_mail_that_cannot_be_read_keeps_no_other_back(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(world.sign_up("ok1@example.org").await.status(), 202);
    db.execute("UPDATE outbox SET kind = 'of-tomorrow', due_at = due_at - 1")
        .await
        .unwrap();
    assert_eq!(world.sign_up("ok2@example.org").await.status(), 202);
    world.work().await;
    assert_eq!(world.mails_to("ok2@example.org").len(), 1);
    assert_eq!(world.mails_to("ok1@example.org").len(), 0);
    // Whoever knows it sends it when the lease has ended.
    db.execute("UPDATE outbox SET kind = 'confirmation' WHERE kind = 'of-tomorrow'")
        .await
        .unwrap();
    world.pass(10);
    world.work().await;
    assert_eq!(world.mails_to("ok1@example.org").len(), 1);
}

async fn stopping_frees_what_waits_for_lanes_that_hang(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
        settings.worker.grace_seconds = 2;
    })
    .await;
    world.smtp.hold_after(5).await;
    let id = world.sending_to(&[names(0..50, "ok", "example.org")]).await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(6, SOON).await;
    running.stop().await;
    // One is in the relay's hands, and another may stand behind it.
    let free = world
        .claim(&id, xabar::domain::LeaseId(Uuid::from_u128(1)), 100)
        .await
        .len();
    assert!(
        (43..=44).contains(&free),
        "{free} of 50 can be sent by others"
    );
}

async fn a_relay_that_greets_and_then_hangs_keeps_no_mail_from_another(db: TestDb) {
    let other = SmtpServer::start(Options::default()).await;
    other.hold_after(0).await;
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
        second_relay(settings, &other);
        settings.relays.get_mut("second").unwrap().connections = Some(1);
    })
    .await;
    let id = world.sending_to(&[names(0..60, "ok", "example.org")]).await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(58, SOON).await;
    other.accept().await;
    world.counts_become(&id, "sent=60").await;
    running.stop().await;
    assert_eq!(
        world.smtp.messages().len() + other.messages().len(),
        60,
        "nobody twice"
    );
}

async fn a_confirmation_waits_for_no_other_recipient_and_for_no_digest(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    world
        .sending_to(&[
            names(0..1, "slow", "digest.example"),
            names(0..20, "ok", "example.org"),
        ])
        .await;
    world.sign_up("slow1@attack.example").await;
    world.sign_up("slow2@attack.example").await;
    world.sign_up("reader@example.org").await;
    let running = world.start_worker(&world.service.settings);
    let caught = world.smtp.wait_for(1, SOON).await;
    assert_eq!(caught[0].recipients, ["reader@example.org"]);
    world.smtp.accept().await;
    running.stop().await;
}

async fn what_was_put_back_uses_up_no_quota(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
        settings.smtp.quota = 100;
    })
    .await;
    world.smtp.hold_after(5).await;
    let id = world.sending_to(&[names(0..40, "ok", "example.org")]).await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(6, SOON).await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    world.smtp.accept().await;
    running.stop().await;
    let sent = world.smtp.messages().len();
    assert_eq!(
        world.counts(&id).await,
        format!("queued={} sent={sent}", 40 - sent)
    );
    let mut db = world.service.store.read().await.unwrap();
    let all = store::delivery::throttle::all(&mut db).await.unwrap();
    assert_eq!(
        all[0].window.map(|(_, used)| used),
        i64::try_from(sent).ok()
    );
}
