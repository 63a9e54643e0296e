//! Prometheus metrics: their values are true, and name nobody.

mod names;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use uuid::Uuid;
use xabar::accounts::token::{self, NewToken};
use xabar::domain::{Actor, LeaseId, Role};
use xabar::instance::hold;
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    after_a_sign_up_and_a_campaign_the_counters_say_what_happened,
    what_waits_is_told_with_its_age,
    only_a_token_for_all_newsletters_reads_the_metrics,
    a_relay_that_cannot_be_used_is_told_to_be_down,
    a_lease_that_ran_out_is_counted,
    a_loop_that_no_longer_turns_makes_the_process_not_live,
    that_all_sending_is_held_is_told,
    a_database_that_takes_no_writes_is_told,
);

async fn a_database_that_takes_no_writes_is_told(db: TestDb) {
    let world = World::start(&db).await;
    let up = [("xabar_database_up", 1.0), ("xabar_database_writable", 1.0)];
    Samples::of(&world).await.assert(&up);
    let full = match db.url.starts_with("sqlite:") {
        true => {
            "CREATE TRIGGER full_disk BEFORE UPDATE ON instance
             BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        }
        false => "ALTER TABLE instance ADD CHECK (one <> 1) NOT VALID",
    };
    db.execute(full).await.unwrap();
    world.service.write_checked.invalidate_all();
    let full = [("xabar_database_up", 1.0), ("xabar_database_writable", 0.0)];
    Samples::of(&world).await.assert(&full);
}

/// A quota, so that there is something left of it.
pub async fn world(db: &TestDb) -> World {
    World::with(db, Options::default(), |settings| {
        settings.smtp.quota = 1_000;
    })
    .await
}

/// The text of a scrape, with figures of the database that are not those of a moment ago.
pub async fn scrape(world: &World) -> String {
    world.service.database_figures.invalidate_all();
    let answer = world.get("/metrics").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    answer.text().await.unwrap()
}

/// The samples of a scrape, by name and labels as they are written.
struct Samples(BTreeMap<String, f64>);

impl Samples {
    async fn of(world: &World) -> Self {
        let text = scrape(world).await;
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let samples = samples.map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        });
        Self(samples.collect())
    }

    #[track_caller]
    fn value(&self, name: &str) -> f64 {
        let found = self.0.get(name);
        *found.unwrap_or_else(|| panic!("no {name} in {:#?}", self.0))
    }

    #[track_caller]
    fn assert(&self, expected: &[(&str, f64)]) {
        let found: Vec<(&str, f64)> = expected
            .iter()
            .map(|(name, _)| (*name, self.value(name)))
            .collect();
        assert_eq!(found, expected);
    }
}

async fn that_all_sending_is_held_is_told(db: TestDb) {
    let world = world(&db).await;
    let (service, by) = (&world.service, &Actor::CommandLine);
    Samples::of(&world)
        .await
        .assert(&[("xabar_sending_held", 0.0)]);
    hold::hold_all(service, "A test.", by).await.unwrap();
    Samples::of(&world)
        .await
        .assert(&[("xabar_sending_held", 1.0)]);
    hold::release(service, by).await.unwrap();
    Samples::of(&world)
        .await
        .assert(&[("xabar_sending_held", 0.0)]);
}

async fn after_a_sign_up_and_a_campaign_the_counters_say_what_happened(db: TestDb) {
    let world = world(&db).await;
    world.join("anna@example.org").await;
    world.join("bakyt@gmx.de").await;
    assert_eq!(world.sign_up("zuhra@example.org").await.status(), 202);
    world.work().await;
    // A mailbox that the server of the tests does not know.
    world.readers(&["gone.mailbox@gmx.de"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2 bounced=1");

    let text = scrape(&world).await;
    for name in [
        "anna",
        "bakyt",
        "zuhra",
        "gone.mailbox",
        "@",
        "example.org",
        "Sommet",
    ] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    let samples = Samples::of(&world).await;
    samples.assert(&[
        ("xabar_signups_total", 3.0),
        ("xabar_confirmations_total", 2.0),
        (
            r#"xabar_outbox_attempts_total{kind="confirmation",result="accepted"}"#,
            3.0,
        ),
        (
            r#"xabar_delivery_attempts_total{relay="main",result="accepted"}"#,
            2.0,
        ),
        (
            r#"xabar_delivery_attempts_total{relay="main",result="recipient_refused"}"#,
            1.0,
        ),
        (
            r#"xabar_provider_attempts_total{provider="gmx",result="accepted"}"#,
            1.0,
        ),
        (
            r#"xabar_provider_attempts_total{provider="other",result="accepted"}"#,
            1.0,
        ),
        (
            r#"xabar_relay_replies_total{class="5xx",relay="main"}"#,
            1.0,
        ),
        (r#"xabar_relay_up{relay="main"}"#, 1.0),
        (r#"xabar_relay_connections{relay="main"}"#, 0.0),
        (r#"xabar_relay_mail_seconds_count{relay="main"}"#, 2.0),
        ("xabar_delivery_leases_held", 0.0),
        ("xabar_delivery_leases_expired_total", 0.0),
        ("xabar_delivery_outcomes_lost_total", 0.0),
        (
            r#"xabar_deliveries{newsletter="asie-centrale",state="queued"}"#,
            0.0,
        ),
        (r#"xabar_outbox_mails{kind="confirmation"}"#, 0.0),
        ("xabar_database_up", 1.0),
    ]);
    // Three confirmations, two welcomes, three of the issue.
    let left = samples.value(r#"xabar_throttle_quota_left{name="main",scope="relay"}"#);
    assert!((990.0..1_000.0).contains(&left), "{left}");
    for name in [
        "xabar_database_commit_seconds_count",
        "xabar_delivery_record_seconds_count",
        "xabar_consent_events",
        "xabar_schema_version",
    ] {
        assert!(samples.value(name) >= 1.0, "{name}");
    }
}

async fn what_waits_is_told_with_its_age(db: TestDb) {
    let world = world(&db).await;
    world.readers(&["a@example.org", "b@example.org"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    assert_eq!(world.sign_up("c@example.org").await.status(), 202);
    let planned = world.draft("Demain").await;
    let at = world.clock.now() + SignedDuration::from_mins(1);
    let body = serde_json::json!({ "at": at.to_string() });
    let request = world.post(&format!("/api/v1/issues/{planned}/send"));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 202);

    world.pass(3);
    let seconds = 180.0;
    Samples::of(&world).await.assert(&[
        (
            r#"xabar_deliveries{newsletter="asie-centrale",state="queued"}"#,
            2.0,
        ),
        (
            r#"xabar_delivery_oldest_due_age_seconds{newsletter="asie-centrale"}"#,
            seconds,
        ),
        (r#"xabar_outbox_mails{kind="confirmation"}"#, 1.0),
        (
            r#"xabar_outbox_oldest_due_age_seconds{kind="confirmation"}"#,
            seconds,
        ),
        (r#"xabar_issues{state="sending"}"#, 1.0),
        (r#"xabar_issues{state="scheduled"}"#, 1.0),
        ("xabar_schedule_lateness_seconds", seconds - 60.0),
    ]);
    assert_eq!(world.act(&id, "pause").await.0, 200);
    Samples::of(&world).await.assert(&[
        (r#"xabar_issues{state="paused"}"#, 1.0),
        (
            r#"xabar_delivery_oldest_due_age_seconds{newsletter="asie-centrale"}"#,
            0.0,
        ),
    ]);
}

async fn only_a_token_for_all_newsletters_reads_the_metrics(db: TestDb) {
    let world = world(&db).await;
    let url = world.url("/metrics");
    let status = async |token: Option<&str>| {
        let mut request = world.http.get(&url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert_eq!(status == 200, text.contains("xabar_"), "{text}");
        status
    };
    assert_eq!(status(None).await, 401);
    assert_eq!(status(Some("guessed")).await, 401);
    assert_eq!(status(Some(&world.token)).await, 200);
    let mut db = world.service.store.read().await.unwrap();
    let newsletters = store::newsletter::list(&mut db).await.unwrap();
    drop(db);
    let new = NewToken {
        name: "of one newsletter".to_owned(),
        role: Role::Owner,
        newsletters: Some(vec![newsletters[0].id]),
        editor: None,
        lasts: None,
    };
    let of_one = token::add(&world.service, new, &Actor::CommandLine).await;
    assert_eq!(status(Some(&of_one.unwrap())).await, 403);
}

async fn a_relay_that_cannot_be_used_is_told_to_be_down(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        // Nobody listens there.
        settings.smtp.url = "smtp://127.0.0.1:1".parse().unwrap();
    })
    .await;
    let up = r#"xabar_relay_up{relay="main"}"#;
    Samples::of(&world).await.assert(&[(up, 1.0)]);
    assert_eq!(world.sign_up("anna@example.org").await.status(), 202);
    world.work().await;
    Samples::of(&world).await.assert(&[
        (up, 0.0),
        (r#"xabar_outbox_mails{kind="confirmation"}"#, 1.0),
        (
            r#"xabar_outbox_attempts_total{kind="confirmation",result="accepted"}"#,
            0.0,
        ),
    ]);
}

async fn a_lease_that_ran_out_is_counted(db: TestDb) {
    let world = world(&db).await;
    world.readers(&["a@example.org", "b@example.org"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    // A worker that is killed now.
    let lease = LeaseId(Uuid::from_u128(1));
    assert_eq!(world.claim(&id, lease, 1).await.len(), 1);
    world.pass(3);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2");
    Samples::of(&world).await.assert(&[
        ("xabar_delivery_leases_expired_total", 1.0),
        ("xabar_delivery_leases_held", 0.0),
    ]);
}

async fn a_loop_that_no_longer_turns_makes_the_process_not_live(db: TestDb) {
    let world = world(&db).await;
    let health = async || {
        let answer = world.http.get(world.url("/healthz")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let hour = std::time::Duration::from_secs(3_600);
    let _turns = world.service.heartbeats.start("schedule", hour);
    assert_eq!(health().await, (200, "ok\n".to_owned()));
    let _stuck = world
        .service
        .heartbeats
        .start("recorder", std::time::Duration::ZERO);
    let (status, said) = health().await;
    assert_eq!(status, 503);
    assert!(
        said.contains("recorder") && !said.contains("schedule"),
        "{said}"
    );
}
