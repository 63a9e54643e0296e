//! Crash tests: the real binary is killed, and disk, database or relay fail; no mail is lost, few are repeated.

mod check;
mod scene;
mod sink;

use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::time::sleep;

use crate::support::binary::Serving;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::postgres::Cluster;
use scene::{LANES, Scene};
use sink::Fault;

const NO_PACE: Duration = Duration::ZERO;

/// Kills the worker again and again, each time after so many more messages as chance says.
async fn kill_again_and_again(scene: &Scene, kills: usize) {
    #[allow(clippy::disallowed_methods)] // what breaks when is not the application's chance
    let seed = rand::rng().random();
    println!("seed {seed}");
    let mut chance = StdRng::seed_from_u64(seed);
    let step = scene.readers() / (kills + 1);
    for _ in 0..kills {
        let worker = scene.installation.serve("worker").await;
        let goal = scene.sink.count() + chance.random_range(step / 2..=step);
        scene.wait_until_taken(goal).await;
        sleep(Duration::from_micros(chance.random_range(0..5000))).await;
        worker.kill().await;
    }
}

on_both_databases!(
    a_worker_that_is_killed_again_and_again_loses_nobody,
    a_relay_that_fails_in_every_way_gets_every_mail_in_the_end,
);

async fn a_worker_that_is_killed_again_and_again_loses_nobody(db: TestDb) {
    let scene = Scene::set(&db.url, 1500, NO_PACE, &[("WORKER__BATCH", "60")]).await;
    kill_again_and_again(&scene, 8).await;
    let worker = scene.installation.serve("worker").await;
    scene.wait_for_the_end().await;
    assert_eq!(worker.terminate().await, Some(0));
    let summary = scene.check(|_| true).await;
    assert!(summary.extra <= 8 * LANES, "{summary:?}");
    assert_eq!(summary.messages, 1500 + summary.extra);
    assert_eq!(summary.states["sent"], 1500, "{summary:?}");
}

/// On PostgreSQL alone: an SQLite file has one worker.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_slept_past_its_lease_repeats_one_mail_a_lane_at_most() {
    let db = TestDb::postgres().await;
    let pace = Duration::from_millis(10);
    let scene = Scene::set(&db.url, 1200, pace, &[("WORKER__BATCH", "300")]).await;
    let sleeper = scene.installation.serve("worker").await;
    scene.wait_until_taken(100).await;
    scene.put_to_sleep(&sleeper).await;
    let other = scene.installation.serve("worker").await;
    scene.wait_for_the_end().await;
    let before = scene.sink.count();
    sleeper.signal("CONT").await;
    // It has woken up when it has nothing left to do but to end.
    assert_eq!(sleeper.terminate().await, Some(0));
    assert_eq!(other.terminate().await, Some(0));
    // One lane may have fallen asleep between its look and its text; that several did is not chance.
    let again = scene.sink.count() - before;
    assert!(
        again <= LANES / 4,
        "{again} that others had sent were sent again"
    );
    let summary = scene.check(|_| true).await;
    assert!(summary.extra <= LANES, "{summary:?}");
    assert_eq!(summary.states["sent"], 1200, "{summary:?}");
}

async fn a_relay_that_fails_in_every_way_gets_every_mail_in_the_end(db: TestDb) {
    let pace = Duration::from_millis(8);
    let scene = Scene::set(&db.url, 2000, pace, &[]).await;
    let worker = scene.installation.serve("worker").await;
    for fault in [
        Fault::Refuse,
        Fault::BusyAtMail,
        Fault::BusyAtData,
        Fault::Close,
        Fault::CloseAfterDot,
        Fault::Hang,
        Fault::Drip,
    ] {
        let goal = scene.sink.count() + 60;
        scene.wait_until_taken(goal).await;
        scene.sink.set(fault);
        sleep(Duration::from_millis(600)).await;
        scene.sink.set(Fault::None);
        if fault == Fault::CloseAfterDot {
            // More mails in a row without an answer than there are lanes: somebody has to look.
            scene.resume_what_paused().await;
        }
    }
    scene.wait_for_the_end().await;
    assert_eq!(worker.terminate().await, Some(0));
    let taken = scene.sink.taken();
    let unanswered = taken.iter().filter(|message| message.answer_lost).count();
    assert!(unanswered > 0, "no answer was lost");
    let summary = scene.check(|first| first.answer_lost).await;
    assert_eq!(
        summary.extra, unanswered,
        "what nobody knows is tried once more: {summary:?}"
    );
    assert_eq!(summary.states["sent"], 2000, "{summary:?}");
}

/// Waits until nothing comes out any more, and checks that it was little.
async fn assert_it_stops(scene: &Scene, since: usize) {
    sleep(Duration::from_secs(3)).await;
    let sent = scene.sink.count() - since;
    assert!(sent <= LANES, "{sent} went out that cannot be recorded");
}

async fn assert_it_went_on(scene: &Scene, worker: Serving) {
    scene.wait_for_the_end().await;
    assert_eq!(
        worker.terminate().await,
        Some(0),
        "the same process goes on"
    );
    let summary = scene.check(|_| false).await;
    assert_eq!(summary.extra, 0);
    assert_eq!(summary.states["sent"], scene.readers());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_while_somebody_else_has_locked_the_file() {
    let db = TestDb::sqlite();
    let scene = Scene::set(&db.url, 1200, Duration::from_millis(5), &[]).await;
    let worker = scene.installation.serve("worker").await;
    scene.wait_until_taken(200).await;
    let mut holder = SqliteConnection::connect(&db.url).await.unwrap();
    holder.execute("BEGIN IMMEDIATE").await.unwrap();
    let since = scene.sink.count();
    // Longer than the worker's patience with a lock.
    sleep(Duration::from_secs(8)).await;
    assert_it_stops(&scene, since).await;
    holder.execute("ROLLBACK").await.unwrap();
    assert_it_went_on(&scene, worker).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_while_the_disk_is_full() {
    let db = TestDb::sqlite();
    let scene = Scene::set(&db.url, 1200, Duration::from_millis(5), &[]).await;
    let worker = scene.installation.serve("worker").await;
    scene.wait_until_taken(200).await;
    // Writing beyond the first page of any file fails as it does without space.
    worker.limit_files("4096").await;
    let since = scene.sink.count();
    assert_it_stops(&scene, since).await;
    let told = |log: &str| log.contains("sending waits");
    worker.wait_for("it says that it waits", told).await;
    worker.limit_files("unlimited").await;
    assert_it_went_on(&scene, worker).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_while_postgresql_crashes_and_starts_again() {
    let cluster = Cluster::start();
    let scene = Scene::set(
        &cluster.url("postgres"),
        1200,
        Duration::from_millis(5),
        &[],
    )
    .await;
    let worker = scene.installation.serve("worker").await;
    for goal in [200, 500] {
        scene.wait_until_taken(goal).await;
        cluster.crash();
        let since = scene.sink.count();
        assert_it_stops(&scene, since).await;
        cluster.start_again();
    }
    assert_it_went_on(&scene, worker).await;
}

/// The long run of `tests/crash`.
#[ignore = "takes minutes; tests/crash runs it"]
#[tokio::test(flavor = "multi_thread")]
async fn long_run() {
    let number = |name: &str, otherwise| {
        let given = std::env::var(name).ok();
        given.map_or(otherwise, |given| given.parse().expect(name))
    };
    let readers = number("XABAR_TEST_CRASH_READERS", 100_000);
    let kills = number("XABAR_TEST_CRASH_KILLS", 200);
    let (file, cluster) = (TestDb::sqlite(), Cluster::start());
    for (name, url) in [
        ("SQLite", file.url.clone()),
        ("PostgreSQL", cluster.url("postgres")),
    ] {
        let scene = Scene::set(&url, readers, NO_PACE, &[]).await;
        kill_again_and_again(&scene, kills).await;
        let worker = scene.installation.serve("worker").await;
        scene.wait_for_the_end().await;
        assert_eq!(worker.terminate().await, Some(0));
        let summary = scene.check(|_| true).await;
        println!(
            "{name}: {kills} kills, {LANES} lanes, {} deliveries, {} messages taken, {} of them extra copies, 0 lost",
            summary.audience, summary.messages, summary.extra
        );
        assert_eq!(summary.states["sent"], readers);
        assert!(
            summary.extra <= kills * LANES,
            "more than one a lane and kill"
        );
    }
}
