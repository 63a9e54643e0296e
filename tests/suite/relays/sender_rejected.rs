//! Our host, sender or rate is rejected, and not a reader: the issue pauses, and the setting is named.

use std::time::Duration;

use super::{Campaign, PATIENCE, UntilRepaired};
use crate::support::both::TestDb;
use crate::support::scripted_smtp::{Reply, Script, Stage};

const READERS: usize = 40;

/// Who refuses us has nothing against a reader; once it is repaired, everybody is reached.
async fn pauses(said: &str, stage: Stage, words: &[&str]) {
    let case = format!("{said} at {stage:?}");
    let refusal = UntilRepaired::says(said);
    let db = TestDb::sqlite();
    let script = refusal.at(stage, Script::default());
    let campaign = Campaign::to(&db, READERS, 2, script).await;
    campaign.work().await;
    let counts = campaign.counts().await;
    for state in ["sent", "bounced", "failed", "unknown"] {
        assert!(!counts.contains(state), "{case}: {counts}");
    }
    let issue = campaign.for_owner().await;
    assert_eq!(issue["status"], "paused", "{case}: {issue}");
    for word in words {
        let because = issue["paused_because"].as_str().unwrap_or_default();
        assert!(because.contains(word), "{case}: no {word} in {because}");
    }
    // Relays quote addresses, which owners alone see: in lists too.
    let list = campaign.world.get("/api/v1/issues").send().await.unwrap();
    let list: serde_json::Value = list.json().await.unwrap();
    let seen = list["items"][0]["paused_because"].as_str().unwrap();
    assert!(!seen.contains(['<', '@']), "{case}: {seen}");
    refusal.repair();
    assert_eq!(campaign.world.act(&campaign.issue, "resume").await.0, 200);
    campaign.world.pass(60);
    campaign.work().await;
    assert_eq!(campaign.counts().await, format!("sent={READERS}"), "{case}");
    campaign.assert_each_accepted_once(&case);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hello_name_that_is_refused_is_named_with_its_setting() {
    for (said, stage) in [
        (
            "504 5.5.2 <me>: Helo command rejected: need fully-qualified hostname",
            Stage::Rcpt,
        ),
        (
            "550 5.7.1 <me>: Helo command rejected: Host not found",
            Stage::Rcpt,
        ),
        (
            "550 5.7.1 Bad HELO: your host name is not valid",
            Stage::Mail,
        ),
    ] {
        pauses(said, stage, &[&said[..3], "smtp.hello_name"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hello_name_that_is_refused_before_any_mail_defers_nobody() {
    for said in [
        "504 5.5.2 <me>: Helo command rejected: need fully-qualified hostname",
        "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
    ] {
        let refusal = UntilRepaired::says(said);
        let db = TestDb::sqlite();
        let script = refusal.at(Stage::Ehlo, Script::default());
        let script = refusal.at(Stage::Helo, script);
        let campaign = Campaign::to(&db, 3, 1, script).await;
        campaign.work().await;
        assert_eq!(campaign.counts().await, "queued=3", "{said}");
        let causes = campaign.for_owner().await["causes"].to_string();
        assert!(causes.contains("smtp.hello_name"), "{said}: {causes}");
        refusal.repair();
        campaign.world.pass(60);
        campaign.work().await;
        assert_eq!(campaign.counts().await, "sent=3", "{said}");
        campaign.assert_each_accepted_once(said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_sender_that_is_refused_is_named_with_its_setting() {
    for (said, stage) in [
        (
            "550 5.7.27 Sender address is not allowed for this account",
            Stage::Mail,
        ),
        (
            "553 5.7.1 Sender address rejected: not owned by user xabar",
            Stage::Mail,
        ),
        (
            "553 5.7.1 <bounce@example.org>: Sender address rejected: not owned by user xabar",
            Stage::Rcpt,
        ),
    ] {
        pauses(said, stage, &[&said[..3], "return_path"]).await;
    }
}

/// Relays without enhanced codes, and those that blame the reader's mailbox for the sender.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_refuses_everybody_for_our_fault_bounces_nobody() {
    for (said, stage, words) in [
        (
            "550 relay not permitted",
            Stage::Rcpt,
            &["550", "smtp.url"][..],
        ),
        ("550 Sender verify failed", Stage::Rcpt, &["return_path"]),
        (
            "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
            Stage::Rcpt,
            &["smtp.hello_name"],
        ),
        (
            "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            Stage::Rcpt,
            &["553", "smtp.url"],
        ),
        (
            "554 5.2.252 SendAsDenied; me@example.org not allowed to send as you@example.org",
            Stage::Dot,
            &["return_path"],
        ),
        (
            "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
            Stage::Dot,
            &["return_path"],
        ),
        // It says nothing, but says it to everybody.
        ("550 No", Stage::Rcpt, &["550 No"]),
        ("550 5.1.1 User unknown", Stage::Rcpt, &["550 5.1.1"]),
    ] {
        pauses(said, stage, words).await;
    }
}

/// As Amazon SES says it, without an enhanced code, to what comes too fast.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_speaks_of_its_rate_is_slowed_down() {
    for said in [
        "454 Throttling failure: Maximum sending rate exceeded.",
        "451 4.3.0 Daily sending quota exceeded",
    ] {
        let db = TestDb::sqlite();
        let script = Script::default().always(Stage::Dot, Reply::line(said));
        let campaign = Campaign::to(&db, 3, 1, script).await;
        campaign.work().await;
        assert_eq!(campaign.world.slowed().await, ["relay main"], "{said}");
    }
}

/// What a worker has under way when another pauses the issue waits again too.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_workers_that_are_refused_everything_none_bounces_anybody() {
    let refusal = UntilRepaired::says("550 No");
    let db = TestDb::postgres().await;
    let script = refusal.at(Stage::Rcpt, Script::default());
    let campaign = Campaign::to(&db, 200, 8, script).await;
    let settings = &campaign.world.service.settings;
    let workers = [
        campaign.world.start_worker(settings),
        campaign.world.start_worker(settings),
    ];
    let paused = async {
        while campaign.world.issue(&campaign.issue).await["status"] != "paused" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, paused).await.unwrap();
    for worker in workers {
        worker.stop().await;
    }
    let counts = campaign.counts().await;
    assert!(!counts.contains("bounced"), "{counts}");
    refusal.repair();
    assert_eq!(campaign.world.act(&campaign.issue, "resume").await.0, 200);
    campaign.world.pass(60);
    campaign.work().await;
    assert_eq!(campaign.counts().await, "sent=200");
    campaign.assert_each_accepted_once("two workers");
}

/// Whoever resumes an issue whose last readers have really lost their mailboxes gets to its end.
#[tokio::test(flavor = "multi_thread")]
async fn readers_who_are_really_gone_do_not_keep_an_issue_from_its_end() {
    let refusal = UntilRepaired::says("550 5.1.1 User unknown");
    let db = TestDb::sqlite();
    let script = refusal.at(Stage::Rcpt, Script::default());
    let campaign = Campaign::to(&db, 30, 2, script).await;
    campaign.work().await;
    let issue = campaign.for_owner().await;
    assert_eq!(issue["status"], "paused");
    assert_eq!(campaign.world.act(&campaign.issue, "resume").await.0, 200);
    campaign.world.pass(60);
    campaign.work().await;
    assert_eq!(campaign.counts().await, "bounced=30");
    assert_eq!(campaign.for_owner().await["status"], "sent");
    // It was the relay after all.
    refusal.repair();
    let again = campaign
        .world
        .act(&campaign.issue, "retry-failed?bounced=true");
    assert_eq!(again.await.0, 200);
    campaign.work().await;
    assert_eq!(campaign.counts().await, "sent=30");
    campaign.assert_each_accepted_once("after all");
}
