//! Lanes: pipelining, and the final dot, which waits until the mail before it is recorded.

use std::time::Duration;

use tokio::time::timeout;
use xabar::domain::{Counts, SubscriptionId};
use xabar::store;

use crate::deliver::issue_id;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail::strict_parse;
use crate::support::smtp::{Options, Tls};
use crate::support::world::World;

on_both_databases!(
    commands_go_together_where_the_relay_says_so_and_one_by_one_elsewhere,
    what_was_taken_is_recorded_while_the_relay_ponders_over_the_next,
    a_mail_has_no_end_before_the_last_one_is_recorded,
    it_has_none_under_tls_either,
);

async fn commands_go_together_where_the_relay_says_so_and_one_by_one_elsewhere(db: TestDb) {
    for (round, without_pipelining) in [false, true].into_iter().enumerate() {
        let options = Options {
            without_pipelining,
            ..Options::default()
        };
        let world = World::with(&db, options, |settings| settings.smtp.connections = 1).await;
        let known = [
            "ok1@example.org",
            "gone@example.org",
            "ok2@example.org",
            "spam@example.org",
            "full@example.org",
            "ok3@example.org",
            "drop@example.org",
            "busy@example.net",
            "ok4@example.org",
        ];
        if round == 0 {
            world.readers(&known).await;
        }
        // Nobody remembers who was too busy the last time.
        world.pass(60 * 24 * i64::try_from(round).unwrap());
        let id = world.triggered().await;
        world.work().await;
        assert_eq!(
            world.counts(&id).await,
            "sent=4 deferred=2 bounced=1 failed=1 unknown=1"
        );
        let caught = world.smtp.messages();
        assert_eq!(caught.len(), 4);
        let together = caught.iter().filter(|mail| mail.pipelined).count();
        assert_eq!(together > 0, !without_pipelining, "{together}");
        for mail in &caught {
            let [to] = mail.recipients.as_slice() else {
                panic!("{:?}", mail.recipients)
            };
            assert_eq!(
                strict_parse(&mail.raw).header("To"),
                Some(to.as_str()),
                "each got their own"
            );
        }
        assert_eq!(world.act(&id, "cancel").await.0, 200);
    }
}

async fn what_was_taken_is_recorded_while_the_relay_ponders_over_the_next(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    world
        .readers(&["ok1@example.org", "slow1@example.org"])
        .await;
    let id = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    world.counts_become(&id, "queued=1 sent=1").await;
    world.smtp.accept().await;
    world.counts_become(&id, "sent=2").await;
    running.stop().await;
}

async fn a_mail_has_no_end_before_the_last_one_is_recorded(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    a_mail_waits_for_the_record_of_the_last(&world).await;
}

async fn it_has_none_under_tls_either(db: TestDb) {
    let options = Options {
        tls: Some(Tls::StartTls),
        ..Options::default()
    };
    let world = World::with(&db, options, |settings| settings.smtp.connections = 1).await;
    a_mail_waits_for_the_record_of_the_last(&world).await;
}

async fn a_mail_waits_for_the_record_of_the_last(world: &World) {
    let seen = timeout(Duration::from_secs(120), see_it_wait(world)).await;
    assert!(seen.is_ok(), "it waits for something else");
}

async fn see_it_wait(world: &World) {
    world
        .readers(&["slow1@example.org", "ok2@example.org"])
        .await;
    let id = world.triggered().await;
    let mut settings = (*world.service.settings).clone();
    settings.smtp.trusted_certificates = world.smtp.certificate();
    let running = world.start_worker(&settings);
    let issue = issue_id(&id);
    let last = world.subscription("ok2@example.org").await.unwrap().id;
    loop {
        let mut db = world.service.store.read().await.unwrap();
        let before = SubscriptionId(last.0 - 1);
        let listed = store::delivery::delivery_log::page(&mut db, issue, None, before, 1);
        if listed.await.unwrap()[0].leased {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Whoever has the counters of the issue keeps everybody from recording.
    let mut tx = world.service.store.write().await.unwrap();
    store::issue::progress::add_counts(&mut tx, issue, Counts::default())
        .await
        .unwrap();
    while world.smtp.messages().is_empty() {
        world.smtp.accept().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(world.smtp.messages().len(), 1, "the second is no mail yet");
    drop(tx);
    world.counts_become(&id, "sent=2").await;
    running.stop().await;
}
