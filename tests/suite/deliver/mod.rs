//! Deliveries: attempts, retries and outcomes, whatever the relay says and whichever worker dies.

mod changed_address;
mod claim_ranges;
mod clock_set_back;
mod failure_causes;
mod head_of_line_blocking;
mod lanes;
mod leases;
mod refusal_breaker;
mod render_failure;
pub mod throttles;
mod work_signals;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use xabar::config::Settings;
use xabar::deliver::EngineFailed;
use xabar::domain::{DeliveryState, IssueId, IssueState, LeaseId, Purpose};
use xabar::mail::Relays;
use xabar::store::delivery::claim::{Due, Turn};
use xabar::store::delivery::record::Record;
use xabar::{publish, store, worker};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::{World, nothing_chosen};

/// What a worker records under a lease of a mail that the relay has taken.
pub fn sent(due: &Due, lease: LeaseId) -> Record {
    Record {
        subscription: due.attempt.subscription,
        lease,
        untried: due.attempt.untried,
        revision: due.attempt.revision,
        before: due.attempt.state_before,
        state: DeliveryState::Sent,
        due_at: None,
        attempt: 1,
        first_attempt_at: None,
        ended_at: Some(1),
        code: Some(250),
        text: None,
    }
}

impl World {
    /// Active readers with these addresses, without a mail.
    pub async fn readers(&self, emails: &[&str]) {
        let mut tx = self.service.store.write().await.unwrap();
        let newsletter = store::newsletter::list(&mut tx).await.unwrap().remove(0);
        for email in emails {
            let now = self.clock.now();
            let address = email.parse().unwrap();
            let person = store::subscriber::find_or_insert(&mut tx, &address, None, now);
            let person = person.await.unwrap().id;
            let chosen = nothing_chosen(newsletter.language);
            let id =
                store::subscription::insert_pending(&mut tx, person, newsletter.id, chosen, now);
            let id = id.await.unwrap();
            assert!(
                store::subscription::activate(&mut tx, id, now, now)
                    .await
                    .unwrap()
            );
        }
        tx.commit().await.unwrap();
    }

    /// Leases what is due for two minutes, as a worker does.
    pub async fn claim(&self, id: &str, lease: LeaseId, limit: i64) -> Vec<Due> {
        let (issue, now) = (IssueId(id.parse().unwrap()), self.clock.now());
        let until = now + SignedDuration::from_secs(120);
        let mut tx = self.service.store.write().await.unwrap();
        let batch = store::delivery::claim::due(&mut tx, issue, "", Turn::First, limit, now)
            .await
            .unwrap();
        batch.lease(&mut tx, issue, lease, until).await.unwrap();
        tx.commit().await.unwrap();
        batch.due
    }

    /// Waits until the counts are these.
    pub async fn counts_become(&self, id: &str, expected: &str) {
        let patience = tokio::time::Instant::now() + Duration::from_secs(60);
        let mut counts = self.counts(id).await;
        while counts != expected {
            assert!(
                tokio::time::Instant::now() < patience,
                "{counts}, not {expected}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
            counts = self.counts(id).await;
        }
    }

    /// Drafts an issue, triggers it, and does not send anything yet.
    pub async fn triggered(&self) -> String {
        let id = self.draft("Sommet").await;
        assert_eq!(self.act(&id, "send").await.0, 202);
        id
    }

    /// A worker beside the test, until [`RunningWorker::stop`].
    pub fn start_worker(&self, settings: &Settings) -> RunningWorker {
        let stop = CancellationToken::new();
        let relays = Relays::from_settings(settings).unwrap();
        let work = worker::run(self.service.clone(), relays, stop.clone());
        let task = tokio::spawn(work);
        RunningWorker { stop, task }
    }
}

pub struct RunningWorker {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), EngineFailed>>,
}

impl RunningWorker {
    /// Lets it end what it has begun.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}

fn sha256(octets: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(octets))
}

pub fn issue_id(id: &str) -> IssueId {
    IssueId(id.parse().unwrap())
}

on_both_databases!(
    a_4xx_is_tried_again_by_the_schedule,
    a_4xx_is_given_up_after_two_days_and_ends_no_subscription,
    a_5xx_touches_only_its_reader,
    a_lost_answer_is_unknown_and_tried_once_more_with_the_same_octets,
    every_attempt_has_the_same_octets,
    who_leaves_after_the_freeze_gets_nothing,
    a_pause_stops_a_running_engine_and_a_cancel_ends_what_it_holds,
    a_confirmation_mail_is_retried_within_a_day,
);

async fn a_4xx_is_tried_again_by_the_schedule(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["defer2@example.org", "ok@example.org"])
        .await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 deferred=1");
    world.pass(4);
    world.work().await;
    assert_eq!(
        world.smtp.refusals().len(),
        1,
        "not before five minutes are over"
    );
    world.pass(1);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 deferred=1");
    assert_eq!(world.issue(&id).await["status"], "sending");
    world.pass(10);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2");
    assert_eq!(world.issue(&id).await["status"], "sent");
    assert_eq!(world.caught_for("defer2@example.org").len(), 1);
}

async fn a_4xx_is_given_up_after_two_days_and_ends_no_subscription(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["full@example.org"]).await;
    let id = world.triggered().await;
    for _ in 0..60 {
        world.work().await;
        world.pass(60);
    }
    assert_eq!(world.counts(&id).await, "failed=1");
    let attempts = world.smtp.refusals().len();
    assert!(
        (45..=53).contains(&attempts),
        "about once an hour: {attempts}"
    );
    assert_eq!(world.state("full@example.org").await, "active");
    let page = world
        .get(&format!("/api/v1/issues/{id}/deliveries"))
        .send()
        .await
        .unwrap();
    assert!(
        page.text().await.unwrap().contains("452"),
        "the server's words are shown"
    );
}

async fn a_5xx_touches_only_its_reader(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&[
            "gone@example.org",
            "ok1@example.org",
            "spam@example.org",
            "ok2@example.org",
        ])
        .await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2 bounced=1 failed=1");
    assert_eq!(world.issue(&id).await["status"], "sent");
    world.pass(60 * 24);
    world.work().await;
    assert_eq!(world.smtp.refusals().len(), 2, "a 5xx is not tried again");
}

async fn a_lost_answer_is_unknown_and_tried_once_more_with_the_same_octets(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&[
            "drop@example.org",
            "dropalways@example.org",
            "ok@example.org",
        ])
        .await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 unknown=2");
    assert_eq!(world.issue(&id).await["status"], "sending");
    world.pass(5);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2 unknown=1");
    for _ in 0..50 {
        world.pass(60);
        world.work().await;
    }
    assert_eq!(
        world.counts(&id).await,
        "sent=2 unknown=1",
        "it stays visible"
    );
    let dropped: Vec<_> = world
        .smtp
        .refusals()
        .into_iter()
        .filter(|r| r.recipient.as_deref() == Some("dropalways@example.org"))
        .collect();
    assert_eq!(dropped.len(), 2, "one more try and no third");
    assert_eq!(dropped[0].message_id, dropped[1].message_id);
    assert!(
        dropped[0]
            .message_id
            .as_deref()
            .is_some_and(|id| id.len() > 20)
    );
    assert_eq!(world.issue(&id).await["status"], "sent");
}

async fn every_attempt_has_the_same_octets(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["drop@example.org", "ok@example.org"]).await;
    let id = world.triggered().await;
    world.work().await;
    // What happens to the newsletter's readers meanwhile changes nothing in the mail.
    world.sign_up("later@example.org").await;
    world.pass(60 * 5);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2");
    let refusals = world.smtp.refusals();
    let dropped = refusals
        .iter()
        .find(|r| r.stage == "DATA")
        .expect("a lost answer");
    let caught = world.caught_for("drop@example.org").remove(0);
    assert_eq!(
        dropped.digest.as_deref(),
        Some(sha256(&caught.raw).as_str())
    );
    let other = world.caught_for("ok@example.org").remove(0);
    assert_ne!(dropped.digest.as_deref(), Some(sha256(&other.raw).as_str()));
    assert_ne!(
        caught.mail_from, other.mail_from,
        "the envelope sender names the delivery"
    );
}

async fn who_leaves_after_the_freeze_gets_nothing(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["stays@example.org", "leaves@example.org"])
        .await;
    let id = world.triggered().await;
    let leave = world.link("leaves@example.org", Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 skipped=1");
    assert_eq!(world.caught_for("leaves@example.org").len(), 0);
    // Who signs up after the freeze is not in the audience.
    world.readers(&["late@example.org"]).await;
    world.work().await;
    assert_eq!(world.issue(&id).await["counts"]["audience"], 2);
    assert_eq!(world.caught_for("late@example.org").len(), 0);
}

async fn a_pause_stops_a_running_engine_and_a_cancel_ends_what_it_holds(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
        settings.worker.batch = 20;
    })
    .await;
    let emails: Vec<String> = (0..300).map(|n| format!("ok{n}@example.org")).collect();
    world
        .readers(&emails.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let id = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(20, Duration::from_secs(30)).await;
    assert_eq!(world.act(&id, "pause").await.1["status"], "paused");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let at_pause = world.smtp.messages().len();
    assert!(at_pause < 300, "the pause came too late to show anything");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(world.smtp.messages().len(), at_pause);
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    running.stop().await;
    publish::settle_stopped(&world.service, issue_id(&id))
        .await
        .unwrap();
    let sent = world.smtp.messages().len();
    assert_eq!(
        world.counts(&id).await,
        format!("sent={sent} skipped={}", 300 - sent)
    );
    let to: BTreeSet<_> = world
        .smtp
        .messages()
        .into_iter()
        .flat_map(|m| m.recipients)
        .collect();
    assert_eq!(to.len(), sent, "nobody twice");
    let state = store::issue::state(
        &mut world.service.store.read().await.unwrap(),
        issue_id(&id),
    )
    .await;
    assert_eq!(state.unwrap(), Some(IssueState::Cancelled));
}

async fn a_confirmation_mail_is_retried_within_a_day(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("defer3@example.org").await;
    for (minutes, refused) in [(0, 1), (1, 2), (5, 3), (15, 3)] {
        world.pass(minutes);
        world.work().await;
        assert_eq!(
            world.smtp.refusals().len(),
            refused,
            "after {minutes} more minutes"
        );
    }
    assert_eq!(world.caught_for("defer3@example.org").len(), 1);
    world.sign_up("full@example.org").await;
    for _ in 0..40 {
        world.work().await;
        world.pass(60);
    }
    world.assert_idle().await;
    assert_eq!(world.state("full@example.org").await, "pending");
    let tries = world
        .smtp
        .refusals()
        .iter()
        .filter(|r| r.recipient.as_deref() == Some("full@example.org"))
        .count();
    assert!((20..=28).contains(&tries), "{tries}");
}
