//! `xabar relay pause`: all workers obey, nothing is lost, and nobody forgets it.

use std::time::Duration;

use reqwest::Client;
use tokio::time::{sleep, timeout};
use xabar::domain::{Actor, Language, Role};
use xabar::instance::relay_pause;

use super::{csv_of, draft};
use crate::deliver::throttles::names;
use crate::support::binary::{Installation, Serving};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::free_port;
use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};
use crate::support::world::World;

on_both_databases!(
    a_paused_relay_gets_nothing_until_it_is_resumed,
    another_relay_takes_over_from_a_paused_one,
    a_relay_that_is_paused_in_the_middle_loses_and_repeats_nothing,
    the_desk_says_that_a_relay_is_paused,
);

/// Far longer than anything here takes: a test should fail rather than hang.
const PATIENCE: Duration = Duration::from_secs(60);
/// Many times what a worker needs to send what it may.
const A_WHILE: Duration = Duration::from_millis(1500);
const BECAUSE: &str = "It is being moved.";

async fn import(installation: &Installation, readers: &[String]) {
    installation.write("readers.csv", csv_of(readers));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
}

async fn send(installation: &Installation) -> String {
    let issue = draft(installation, "Sommet").await;
    installation.ok(&["issue", "send", &issue]).await;
    issue
}

async fn until_accepted(relay: &ScriptedSmtp, mails: usize) {
    let waiting = async {
        while relay.accepted().len() < mails {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let there = timeout(PATIENCE, waiting).await;
    assert!(there.is_ok(), "{} of {mails}", relay.accepted().len());
}

async fn until_paused(serving: &Serving) {
    until_it_saw_pauses(serving, 1).await;
}

/// A worker looks every half second, and sends what comes in the meantime.
async fn until_it_saw_pauses(serving: &Serving, times: usize) {
    let saw = |log: &str| {
        let told = log.matches("the relay is paused and gets no mails");
        told.count() == times
    };
    serving.wait_for("the pause", saw).await;
}

async fn attempts(db: &TestDb) -> i64 {
    db.number("SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) FROM delivery")
        .await
}

async fn a_paused_relay_gets_nothing_until_it_is_resumed(db: TestDb) {
    let relay = ScriptedSmtp::start(Script::default()).await;
    let metrics = format!("127.0.0.1:{}", free_port());
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &relay.url())
        .with("METRICS__LISTEN", &metrics);
    import(&installation, &names(0..3, "reader", "example.org")).await;
    let pause = ["relay", "pause", "main", "--because", BECAUSE];
    let said = installation.ok(&pause).await;
    assert!(
        said.contains("no relay is left, and all mails wait"),
        "{said}"
    );
    let again = installation.ok(&["relay", "pause", "main"]).await;
    assert_eq!(again, "main was paused before\n");
    let refused = installation.refused(&["relay", "pause", "nowhere"]).await;
    assert!(refused.contains("the settings have main"), "{refused}");

    // The pause is older than the process.
    let serving = installation.serve("all").await;
    until_paused(&serving).await;
    installation
        .ok(&["subscriber", "erase", "reader0@example.org"])
        .await;
    send(&installation).await;
    sleep(A_WHILE).await;
    assert!(relay.accepted().is_empty());
    assert_eq!(attempts(&db).await, 0);
    let mails = "SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND attempts = 0";
    assert_eq!(db.number(mails).await, 1, "a transactional mail waits too");

    for command in [&["relay", "list"][..], &["queue"]] {
        let said = installation.ok(command).await;
        let paused = |line: &&str| line.contains("\tpaused since 2");
        let line = said.lines().find(paused).unwrap();
        assert!(line.contains("main") && line.ends_with(BECAUSE), "{said}");
    }
    let listed = installation.json(&["relay", "list"]).await;
    assert_eq!(listed[0]["paused_because"], BECAUSE, "{listed:#}");
    let queue = installation.json(&["queue"]).await;
    assert_eq!(queue[0]["due"], 2, "{queue:#}");
    let doctor = installation.run(&["doctor", "--json"]).await;
    let doctor: serde_json::Value = serde_json::from_str(&doctor.stdout).unwrap();
    let mut checks = doctor["checks"].as_array().unwrap().iter();
    let told = checks.find(|one| one["check"] == "relay-paused").unwrap();
    assert_eq!(
        (&told["level"], &told["about"]),
        (&"yellow".into(), &"main".into())
    );
    let scrape = async || {
        let url = format!("http://{metrics}/metrics");
        let answer = Client::new().get(url).send().await.unwrap();
        answer.text().await.unwrap()
    };
    let text = scrape().await;
    assert!(
        text.contains("\nxabar_relay_paused{relay=\"main\"} 1\n"),
        "{text}"
    );

    let said = installation.ok(&["relay", "resume", "main"]).await;
    assert_eq!(said, "main gets mails again\n");
    until_accepted(&relay, 3).await;
    serving
        .wait_for("the end", |log| log.contains("the relay gets mails again"))
        .await;
    assert_eq!(serving.terminate().await, Some(0));
    assert!(relay.times_accepted().values().all(|times| *times == 1));
    assert_eq!(attempts(&db).await, 2);
    let said = installation.ok(&["relay", "resume", "main"]).await;
    assert_eq!(said, "main was not paused\n");
    for action in ["relay-paused", "relay-resumed"] {
        let logged = format!(
            "SELECT COUNT(*) FROM audit_event WHERE action = '{action}' AND object = 'relay:main'"
        );
        assert_eq!(db.number(&logged).await, 1, "{action}");
    }
}

async fn another_relay_takes_over_from_a_paused_one(db: TestDb) {
    let main = ScriptedSmtp::start(Script::default()).await;
    let second = ScriptedSmtp::start(Script::default()).await;
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &main.url())
        .with("RELAYS__SECOND__URL", &second.url());
    import(&installation, &names(0..40, "reader", "example.org")).await;
    let serving = installation.serve("all").await;
    let said = installation.ok(&["relay", "pause", "main"]).await;
    assert!(said.contains("its mails go over the others"), "{said}");
    until_paused(&serving).await;
    installation
        .ok(&["subscriber", "erase", "reader0@example.org"])
        .await;
    send(&installation).await;
    until_accepted(&second, 40).await;
    assert!(main.accepted().is_empty());
    installation.ok(&["relay", "pause", "second"]).await;
    until_it_saw_pauses(&serving, 2).await;
    installation.ok(&["relay", "resume", "main"]).await;
    installation
        .ok(&["subscriber", "erase", "reader1@example.org"])
        .await;
    until_accepted(&main, 1).await;
    assert_eq!(serving.terminate().await, Some(0));
    assert_eq!(second.accepted().len(), 40);
}

async fn a_relay_that_is_paused_in_the_middle_loses_and_repeats_nothing(db: TestDb) {
    let slowly = Reply::line("250 2.0.0 taken").after(Duration::from_millis(100));
    let relay = ScriptedSmtp::start(Script::default().always(Stage::Dot, slowly)).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &relay.url());
    let readers = names(0..300, "reader", "example.org");
    import(&installation, &readers).await;
    let serving = installation.serve("worker").await;
    let issue = send(&installation).await;
    until_accepted(&relay, 5).await;
    installation.ok(&["relay", "pause", "main"]).await;
    until_paused(&serving).await;
    // What the relay was taking has been taken.
    sleep(A_WHILE).await;
    let before = relay.accepted().len();
    sleep(A_WHILE).await;
    assert_eq!(relay.accepted().len(), before);
    assert!(
        before < readers.len(),
        "it was paused too late to tell anything"
    );
    assert_eq!(usize::try_from(attempts(&db).await).unwrap(), before);
    let queue = installation.json(&["queue"]).await;
    let leased: i64 = queue
        .as_array()
        .unwrap()
        .iter()
        .map(|waiting| waiting["leased"].as_i64().unwrap())
        .sum();
    assert_eq!(leased, 0, "nobody holds what nobody may send: {queue:#}");
    let shown = installation.json(&["issue", "show", &issue]).await;
    assert_eq!(shown["status"], "sending");

    installation.ok(&["relay", "resume", "main"]).await;
    until_accepted(&relay, readers.len()).await;
    assert_eq!(serving.terminate().await, Some(0));
    let times = relay.times_accepted();
    assert_eq!(times.len(), readers.len());
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    assert_eq!(usize::try_from(attempts(&db).await).unwrap(), readers.len());
}

async fn the_desk_says_that_a_relay_is_paused(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Viewer, Language::En).await;
    let home = async || {
        anna.get("/desk")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    let says = "The mail service main is paused";
    assert!(!home().await.contains(says));
    let (service, by) = (&world.service, &Actor::CommandLine);
    assert!(
        relay_pause::pause(service, "main", "A test.", by)
            .await
            .unwrap()
    );
    let page = home().await;
    assert!(
        page.contains(says) && page.contains("xabar relay resume main"),
        "{page}"
    );
    assert_eq!(world.sign_up("eva@example.org").await.status(), 202);
    world.work().await;
    assert_eq!(world.smtp.messages().len(), 0);
    assert!(relay_pause::resume(service, "main", by).await.unwrap());
    assert!(!home().await.contains(says));
    world.work().await;
    assert_eq!(world.caught_for("eva@example.org").len(), 1);
}
