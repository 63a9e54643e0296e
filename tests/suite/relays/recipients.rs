//! Replies about one recipient (bounces, greylisting) count against no other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use xabar::config::Settings;

use super::{Campaign, PATIENCE, ledger};
use crate::deliver::throttles::names;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};
use crate::support::smtp::Options;
use crate::support::world::World;

const GREYLISTED: [&str; 3] = [
    "451 4.7.1 Greylisted, please try again in 300 seconds",
    "450 4.2.0 Greylisted",
    "450 4.7.1 <reader@example.org>: Recipient address rejected: Greylisted",
];

/// All others are reached at once, and those it names when their time has come.
async fn only_the_greylisted_wait(db: &TestDb, said: &str) {
    let script = Script::default().greylists(20, 1, Reply::line(said));
    let readers = names(0..200, "reader", "gmx.de");
    let connections = |settings: &mut Settings| settings.smtp.connections = 5;
    let campaign = Campaign::to_readers(db, readers, script, connections).await;
    for _ in 0..2 {
        // The second time it is not their time yet.
        campaign.work().await;
        let counts = campaign.counts().await;
        let replies = campaign.replies().await;
        assert_eq!(counts, "sent=190 deferred=10", "{said}: {replies}");
        assert_eq!(campaign.world.slowed().await, [""; 0], "{said}");
    }
    campaign.world.pass(5);
    campaign.work().await;
    assert_eq!(campaign.counts().await, "sent=200", "{said}");
    campaign.assert_each_accepted_once(said);
    let ledger = ledger(&campaign.world, &campaign.issue).await;
    let twice = ledger.iter().filter(|line| line["attempts"] == 2);
    assert_eq!(twice.count(), 10, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn greylisting_is_known_by_any_of_its_replies() {
    for said in GREYLISTED {
        only_the_greylisted_wait(&TestDb::sqlite(), said).await;
    }
}

on_both_databases!(
    greylisting_defers_the_readers_it_names_and_slows_nobody_down,
    a_provider_that_puts_off_half_of_its_readers_is_slowed_down_alone,
    a_relay_that_ponders_over_recipients_costs_nobody_an_attempt,
);

async fn a_relay_that_ponders_over_recipients_costs_nobody_an_attempt(db: TestDb) {
    let asked = AtomicUsize::new(0);
    let script = Script::default().on(Stage::Rcpt, move |_| {
        let slow = asked.fetch_add(1, Ordering::SeqCst) < 6;
        slow.then(|| Reply::line("250 2.1.5 ok").after(Duration::from_millis(4500)))
    });
    let connections = |settings: &mut Settings| settings.smtp.connections = 5;
    let readers = names(0..60, "reader", "gmail.com");
    let campaign = Campaign::to_readers(&db, readers, script, connections).await;
    campaign.work().await;
    campaign.assert_everybody_once("a call-out").await;
}

async fn greylisting_defers_the_readers_it_names_and_slows_nobody_down(db: TestDb) {
    only_the_greylisted_wait(&db, GREYLISTED[0]).await;
}

async fn a_provider_that_puts_off_half_of_its_readers_is_slowed_down_alone(db: TestDb) {
    let readers = [
        names(0..60, "reader", "gmx.de"),
        names(0..60, "reader", "example.org"),
    ];
    let script = Script::default().on(Stage::Rcpt, |moment| {
        let put_off =
            moment.recipient.ends_with("gmx.de") && moment.nth_recipient.is_multiple_of(2);
        put_off
            .then(|| Reply::line("451 4.7.650 The mail server has been temporarily rate limited"))
    });
    let campaign = Campaign::to_readers(&db, readers.concat(), script, |settings| {
        settings.smtp.connections = 5;
    })
    .await;
    campaign.work().await;
    assert_eq!(campaign.world.slowed().await, ["provider gmx"]);
    let times = campaign.relay.times_accepted();
    let others = times
        .keys()
        .filter(|to| to.ends_with("@example.org"))
        .count();
    assert_eq!(others, 60, "nobody else waits");
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_goes_on_though_the_others_cannot_be_put_back() {
    let ok = Reply::line("250 2.1.5 ok").after(Duration::from_secs(7));
    let relay = ScriptedSmtp::start(Script::default().always(Stage::Rcpt, ok)).await;
    let db = TestDb::sqlite();
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.url = relay.url().parse().unwrap();
    })
    .await;
    for reader in names(0..2, "reader", "example.org") {
        assert_eq!(world.sign_up(&reader).await.status(), 202);
    }
    let running = world.start_worker(&world.service.settings);
    let until = async |done: &dyn Fn() -> bool| {
        while !done() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let named = timeout(
        PATIENCE,
        until(&|| !relay.commands_named("RCPT").is_empty()),
    )
    .await;
    assert!(named.is_ok(), "nobody was named");
    let tx = world.service.store.write().await.unwrap();
    let sent = timeout(PATIENCE, until(&|| relay.accepted().len() == 1)).await;
    assert!(sent.is_ok(), "it stands still");
    drop(tx);
    running.stop().await;
}
