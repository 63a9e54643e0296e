//! SMTP commands that a relay does not take: EHLO, a second EHLO, pipelined commands.

use super::{Campaign, both_ways};
use crate::support::both::TestDb;
use crate::support::scripted_smtp::{Reply, Script, Stage};

const READERS: usize = 60;

async fn sent(connections: usize, script: Script, case: &str) -> Campaign {
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, connections, script).await;
    campaign.work().await;
    campaign.assert_everybody_once(case).await;
    campaign
}

#[tokio::test(flavor = "multi_thread")]
async fn ehlo_is_said_once_on_a_connection() {
    for (way, script) in both_ways(Script::default) {
        let campaign = sent(4, script, way).await;
        assert_eq!(campaign.relay.most_on_one_connection("EHLO"), 1, "{way}");
        assert_eq!(campaign.relay.commands_named("HELO").len(), 0, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_refuses_a_second_ehlo_is_used() {
    let identified = Reply::line("503 5.5.1 Invalid command: Already identified");
    let script = Script::default().on(Stage::Ehlo, move |moment| {
        (moment.ehlos > 1).then(|| identified.clone())
    });
    sent(4, script, "a second EHLO").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn helo_is_said_where_ehlo_is_unknown() {
    for reply in [
        "502 Command not implemented",
        "500 5.5.1 Command unrecognized: EHLO",
        "502 5.5.2 Error: command not recognized",
    ] {
        let script = Script::default().always(Stage::Ehlo, Reply::line(reply));
        let campaign = sent(2, script, reply).await;
        assert!(!campaign.relay.commands_named("HELO").is_empty(), "{reply}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_because_it_was_written_ahead_is_said_again() {
    let haraka = "503 Bad sequence of commands - pipelined after end of DATA";
    for (reply, connections) in [
        (haraka, 1),
        (haraka, 5),
        (haraka, 16),
        ("503 5.5.1 Bad sequence of commands", 5),
        ("554 5.5.0 Error: SMTP protocol synchronization", 5),
    ] {
        let script = Script::default().refuses_behind_dot(Reply::line(reply));
        let case = format!("{reply} on {connections} connections");
        let campaign = sent(connections, script, &case).await;
        let said = campaign.relay.commands_named("MAIL").len();
        let most = READERS + connections;
        assert!(
            said <= most,
            "{case}: {said} times MAIL, so it was not remembered"
        );
    }
}
