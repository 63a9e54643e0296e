//! Limits on SMTP sessions: the same mail goes over a fresh connection, at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Campaign, UntilRepaired, both_ways, ledger};
use crate::support::both::TestDb;
use crate::support::scripted_smtp::{Reply, Script, Stage};

const READERS: usize = 40;

/// Ten mails a session, and what is said then, and where.
const LIMITS: [(Stage, &str, bool); 8] = [
    (
        Stage::Data,
        "452 4.4.5 Too many messages this session",
        false,
    ),
    (
        Stage::Mail,
        "452 4.5.3 Too many messages this session",
        false,
    ),
    (
        Stage::Mail,
        "451 4.7.1 Too many messages in this session",
        false,
    ),
    (
        Stage::Mail,
        "421 4.7.0 Too many messages in this session",
        true,
    ),
    (Stage::Rcpt, "451 4.3.2 Please start a new session", true),
    (Stage::Rcpt, "421 4.3.2 Please start a new session", true),
    (
        Stage::Data,
        "421 4.4.5 Too many messages this session",
        true,
    ),
    (Stage::Dot, "421 4.4.5 Too many messages this session", true),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_mails_a_session_costs_nobody_an_attempt() {
    for (stage, said, closes) in LIMITS {
        let reply = Reply::line(said);
        let reply = if closes { reply.and_close() } else { reply };
        let limited = || Script::default().mails_per_connection(10, stage, reply.clone());
        for (way, script) in both_ways(limited) {
            let case = format!("{said} at {stage:?} {way}");
            let db = TestDb::sqlite();
            let campaign = Campaign::to(&db, READERS, 2, script).await;
            campaign.work().await;
            campaign.assert_everybody_once(&case).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_learned_and_not_met_again() {
    let met = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&met);
    let script = Script::default().on(Stage::Mail, move |moment| {
        (moment.mails >= 10).then(|| {
            count.fetch_add(1, Ordering::SeqCst);
            Reply::line("452 4.5.3 Too many messages this session")
        })
    });
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 1, script).await;
    campaign.work().await;
    campaign.assert_everybody_once("ten a session").await;
    assert_eq!(
        met.load(Ordering::SeqCst),
        1,
        "the first session shows the limit"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_taken_is_sent_though_the_relay_hangs_up_behind_it() {
    for goodbye in ["421 4.4.2 Goodbye", "421 4.7.0 Try again later"] {
        for (way, script) in both_ways(|| {
            let taken = Reply::line("250 2.0.0 taken")
                .and_unasked(goodbye)
                .and_close();
            Script::default().on(Stage::Dot, move |moment| {
                (moment.mails % 3 == 2).then(|| taken.clone())
            })
        }) {
            let db = TestDb::sqlite();
            let campaign = Campaign::to(&db, READERS, 2, script).await;
            campaign.work().await;
            campaign
                .assert_everybody_once(&format!("{goodbye} {way}"))
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_that_was_closed_is_replaced() {
    for goodbye in ["421 4.4.2 Idle for too long", "451 4.4.2 Timeout"] {
        let db = TestDb::sqlite();
        let mut campaign = Campaign::to(&db, READERS, 4, Script::default()).await;
        let running = campaign
            .world
            .start_worker(&campaign.world.service.settings);
        let everybody = format!("sent={READERS}");
        campaign
            .world
            .counts_become(&campaign.issue, &everybody)
            .await;
        campaign.assert_everybody_once("the first issue").await;
        campaign
            .relay
            .tell_everybody(Reply::line(goodbye).and_close());
        campaign.issue = campaign.world.triggered().await;
        campaign
            .world
            .counts_become(&campaign.issue, &everybody)
            .await;
        running.stop().await;
        let accepted = campaign.relay.times_accepted();
        assert!(
            accepted.values().all(|times| *times == 2),
            "{goodbye}: {accepted:?}"
        );
        assert_eq!(campaign.world.slowed().await, [""; 0], "{goodbye}");
        for line in ledger(&campaign.world, &campaign.issue).await {
            assert_eq!(line["attempts"], 1, "{goodbye}: {line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_fresh_connection_says_too_is_no_matter_of_sessions() {
    for stage in [Stage::Mail, Stage::Data] {
        let out_of_order = UntilRepaired::says("452 4.3.1 Insufficient system storage");
        let script = out_of_order.at(stage, Script::default());
        let db = TestDb::sqlite();
        let campaign = Campaign::to(&db, 1, 1, script).await;
        campaign.work().await;
        let counts = campaign.counts().await;
        assert!(
            ["queued=1", "deferred=1"].contains(&counts.as_str()),
            "{counts}"
        );
        let tried = campaign.relay.commands_named("MAIL").len();
        assert!(
            (1..=3).contains(&tried),
            "{stage:?}: tried {tried} times without a pause"
        );
        out_of_order.repair();
        campaign.world.pass(60);
        campaign.work().await;
        assert_eq!(campaign.counts().await, "sent=1");
        campaign.assert_each_accepted_once("after the repair");
    }
}

/// Also at RCPT, and though the relay does not hang up: as postscreen says it to everybody in a client's first sessions,
/// and as relays say that a session has had its mails.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_at_rcpt_is_held_against_no_reader() {
    for (said, first, most) in [
        ("450 4.3.2 Service currently unavailable", 1, usize::MAX),
        ("452 4.5.3 Too many recipients this session", 0, 5),
        ("451 4.4.5 Too many messages in this session", 0, 5),
        ("432 4.3.2 please come again", 0, 5),
    ] {
        let script = || {
            Script::default().on(Stage::Rcpt, move |moment| {
                let over = moment.connection <= first || moment.mails >= most;
                over.then(|| Reply::line(said))
            })
        };
        for (way, script) in both_ways(script) {
            let case = format!("{said} {way}");
            let db = TestDb::sqlite();
            let campaign = Campaign::to(&db, READERS, 2, script).await;
            campaign.work().await;
            campaign.assert_everybody_once(&case).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_fresh_connections_say_of_a_reader_at_rcpt_defers_that_reader_alone() {
    let script = Script::default().on(Stage::Rcpt, |moment| {
        let away = moment.recipient == "reader3@example.org" && moment.attempt <= 3;
        away.then(|| Reply::line("450 4.3.2 the server of this reader is down"))
    });
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 1, script).await;
    campaign.work().await;
    let counts = campaign.counts().await;
    assert_eq!(counts, format!("sent={} deferred=1", READERS - 1));
    campaign.world.pass(5);
    campaign.work().await;
    campaign.assert_each_accepted_once("its server is back");
}
