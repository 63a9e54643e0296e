//! No reply after the final dot: nobody is sent a second copy before somebody has looked.

use super::{Campaign, UntilRepaired};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::scripted_smtp::{Reply, Script, Stage};

on_both_databases!(an_issue_whose_mails_nobody_answers_pauses_before_their_second_copies);

async fn an_issue_whose_mails_nobody_answers_pauses_before_their_second_copies(db: TestDb) {
    let cut = UntilRepaired {
        reply: Reply::silence().and_close(),
        ..UntilRepaired::says("")
    };
    let script = cut.at(Stage::Dot, Script::default());
    let campaign = Campaign::to(&db, 100, 2, script).await;
    campaign.work().await;
    let issue = campaign.for_owner().await;
    assert_eq!(issue["status"], "paused", "{issue}");
    assert_eq!(issue["paused_code"], "unanswered", "{issue}");
    let because = issue["paused_because"].as_str().unwrap();
    assert!(because.contains("may have arrived"), "{because}");
    let unknown = issue["counts"]["unknown"].as_i64().unwrap();
    assert!((7..=12).contains(&unknown), "{issue}");
    let texts = campaign.relay.commands_named("DATA").len();
    campaign.world.pass(60);
    campaign.work().await;
    assert_eq!(campaign.relay.commands_named("DATA").len(), texts);
    cut.repair();
    assert_eq!(campaign.world.act(&campaign.issue, "resume").await.0, 200);
    campaign.world.pass(60);
    campaign.work().await;
    assert_eq!(campaign.counts().await, "sent=100");
    campaign.assert_each_accepted_once("after the firewall was mended");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_break_of_each_connection_pauses_nothing() {
    let script = Script::default().on(Stage::Dot, |moment| {
        (moment.connection <= 5).then(|| Reply::silence().and_close())
    });
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, 60, 5, script).await;
    campaign.work().await;
    assert_eq!(campaign.counts().await, "sent=55 unknown=5");
    campaign.world.pass(60);
    campaign.work().await;
    assert_eq!(campaign.counts().await, "sent=60");
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_lines_around_a_reply_say_nothing() {
    for (stage, answer) in [
        (Stage::Dot, "\r\n250 2.0.0 taken\r\n"),
        (Stage::Dot, "250 2.0.0 taken\r\n\r\n"),
        (Stage::Dot, "\n250-2.0.0 taken\n\n250 ok\n\n"),
        (Stage::Data, "354 go on\r\n\r\n"),
        (Stage::Greeting, "\r\n220 scripted\r\n"),
        (Stage::Rcpt, "\r\n250 2.1.5 ok\r\n"),
    ] {
        let script = Script::default().always(stage, Reply::octets(answer));
        let db = TestDb::sqlite();
        let campaign = Campaign::to(&db, 6, 2, script).await;
        campaign.work().await;
        campaign.assert_everybody_once(&format!("{answer:?}")).await;
    }
}
