//! Limits on connections: a relay turns surplus connections away, and no reader is deferred by that.

use std::time::Duration;

use super::Campaign;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::scripted_smtp::{Reply, Script, Stage};

const READERS: usize = 120;

on_both_databases!(how_many_connections_work_can_be_read_with_the_issue);

/// Microsoft allows three, and says so anywhere in a transaction.
const TOO_MANY: &str = "432 4.3.2 Concurrent connections limit exceeded";

async fn reaches_everybody(case: &str, most: usize, stage: Stage, reply: Reply) {
    let script = Script::default().connections_at_once(most, stage, reply);
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 16, script).await;
    campaign.work().await;
    campaign.assert_everybody_once(case).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn surplus_connections_are_refused_at_mail() {
    reaches_everybody("MAIL", 3, Stage::Mail, Reply::line(TOO_MANY)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn surplus_connections_are_refused_at_data() {
    reaches_everybody("DATA", 3, Stage::Data, Reply::line(TOO_MANY)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn surplus_connections_are_refused_after_the_text() {
    reaches_everybody("the dot", 3, Stage::Dot, Reply::line(TOO_MANY)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn surplus_connections_are_refused_in_the_greeting() {
    let refused = |text: &str| Reply::line(text).and_close();
    for reply in [
        refused("421 Too many concurrent SMTP connections from this host"),
        refused("421 4.7.0 Too many connections; please try again later"),
        Reply::silence().and_close(),
    ] {
        let case = format!("{reply:?}");
        reaches_everybody(&case, 10, Stage::Greeting, reply).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn surplus_connections_are_refused_at_ehlo() {
    let reply = Reply::line("421 4.3.2 Too many sessions").and_close();
    reaches_everybody("EHLO", 3, Stage::Ehlo, reply).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relays_words_can_be_read_with_the_issue() {
    let taken = Reply::line("250 2.0.0 taken").after(Duration::from_millis(5));
    let script = Script::default()
        .connections_at_once(3, Stage::Mail, Reply::line(TOO_MANY))
        .always(Stage::Dot, taken);
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 16, script).await;
    let mut told = String::new();
    let told_meanwhile = async {
        while !told.contains(&TOO_MANY[10..]) {
            told = campaign.for_owner().await.to_string();
        }
    };
    // They may be gone when everybody has been reached.
    tokio::select! {
        () = told_meanwhile => return,
        () = campaign.work() => {}
    }
    let told = campaign.for_owner().await.to_string();
    assert!(told.contains(&TOO_MANY[10..]), "{told}");
}

/// The first relay that the issue shows as one that takes fewer connections.
async fn shown_while_sending(campaign: &Campaign) -> serde_json::Value {
    let shown = async {
        loop {
            let shown = campaign.for_owner().await;
            if let Some(relay) = shown["relays"].get(0) {
                return relay.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        relay = shown => relay,
        () = campaign.work() => panic!("it was never shown"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_greeting_are_shown_as_they_were() {
    let taken = Reply::line("250 2.0.0 taken").after(Duration::from_millis(100));
    let refused = Reply::line("421 4.7.0 too many connections").and_close();
    let script = Script::default()
        .connections_at_once(3, Stage::Greeting, refused)
        .always(Stage::Dot, taken);
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 16, script).await;
    let relay = shown_while_sending(&campaign).await;
    assert_eq!(relay["code"], 421, "{relay}");
    assert_eq!(relay["status"], "4.7.0", "{relay}");
    assert_eq!(relay["sample"], "4.7.0 too many connections", "{relay}");
}

async fn how_many_connections_work_can_be_read_with_the_issue(db: TestDb) {
    let taken = Reply::line("250 2.0.0 taken").after(Duration::from_millis(100));
    let script = Script::default()
        .connections_at_once(3, Stage::Mail, Reply::line(TOO_MANY))
        .always(Stage::Dot, taken);
    let campaign = Campaign::to(&db, READERS, 16, script).await;
    let relay = shown_while_sending(&campaign).await;
    assert_eq!(relay["relay"], "main");
    assert_eq!(
        (&relay["configured"], &relay["code"]),
        (&16.into(), &432.into())
    );
    let connections = relay["connections"].as_i64().unwrap();
    assert!((1..=4).contains(&connections), "{relay}");
    assert!(relay["next_try_at"].is_string());
    assert_eq!(relay["sample"], TOO_MANY[4..]);
    let worker = campaign.world.service.worker;
    let own = format!("SELECT COUNT(*) FROM relay_limit WHERE worker = '{worker}'");
    assert_eq!(db.number(&own).await, 1, "under the number of the worker");
    let path = format!("/api/v1/issues/{}", campaign.issue);
    let viewed = campaign.world.get(&path).send().await.unwrap();
    let viewed: serde_json::Value = viewed.json().await.unwrap();
    assert_eq!(viewed["relays"][0].get("sample"), None, "owners alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_while_lanes_rest_and_a_claim_waits_is_no_failure() {
    let taken = Reply::line("250 2.0.0 taken").after(Duration::from_millis(20));
    let script = Script::default()
        .connections_at_once(1, Stage::Mail, Reply::line(TOO_MANY))
        .greylists(READERS, 1, Reply::line("450 4.2.0 Later"))
        .always(Stage::Dot, taken);
    let db = TestDb::sqlite();
    let Campaign { world, issue, .. } = &Campaign::to(&db, READERS, 8, script).await;
    let running = world.start_worker(&world.service.settings);
    let all_but_one = format!("sent={} deferred=1", READERS - 1);
    world.counts_become(issue, &all_but_one).await;
    // Its claim waits for this.
    let tx = world.service.store.write().await.unwrap();
    world.pass(6);
    tokio::time::sleep(Duration::from_millis(800)).await;
    let stopping = tokio::spawn(running.stop());
    tokio::time::sleep(Duration::from_millis(500)).await;
    drop(tx);
    stopping.await.unwrap();
}
