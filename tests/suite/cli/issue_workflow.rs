//! The workflow of an editor on the command line, beside a running service: write, send, watch, pause, schedule.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};

use super::{csv_of, draft, issue_json};
use crate::support::binary::{Installation, json_lines};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::{Options, SmtpServer};

async fn with_readers(url: &str, smtp: &SmtpServer) -> Installation {
    let installation = Installation::new(url).with("SMTP__URL", &smtp.url());
    installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    installation
}

on_both_databases!(
    an_issue_is_written_sent_and_watched,
    a_paused_issue_waits_while_others_go_out,
    a_schedule_can_be_set_and_called_off,
);

async fn an_issue_is_written_sent_and_watched(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = with_readers(&db.url, &smtp).await;
    assert_eq!(installation.ok(&["issue", "list"]).await, "", "nothing yet");
    let _serving = installation.serve("all").await;
    installation.write("issue.json", issue_json("Sommet"));
    let printed = installation
        .ok(&["issue", "new", "--file", "issue.json"])
        .await;
    assert!(
        printed.starts_with("Sommet\nid  ") && printed.contains("\nstatus     draft\n"),
        "{printed}"
    );
    let list = installation.ok(&["issue", "list"]).await;
    let [id, "draft", "Sommet"] = list.trim_end().split('\t').collect::<Vec<_>>()[..] else {
        panic!("{list}")
    };
    assert!(printed.contains(id));
    assert_eq!(installation.json(&["issue", "list"]).await[0]["id"], id);

    let sent = installation.json(&["issue", "send", id]).await;
    assert_eq!(sent["counts"]["audience"], 2, "{sent}");
    let watched = installation.run(&["issue", "watch", id]).await;
    assert_eq!(watched.status, Some(0), "{watched:?}");
    // What is drawn at a terminal stands in a log as a line for each state.
    assert!(watched.stderr.ends_with("xabar: sent\n"), "{watched:?}");
    let end = watched.stdout;
    assert!(
        end.contains("\nstatus     sent\n")
            && end.contains("audience   2: 0 queued, 2 sent, 0 deferred"),
        "{end}"
    );
    assert_eq!(smtp.wait_for(2, Duration::from_secs(30)).await.len(), 2);
    let shown = installation.json(&["issue", "show", id]).await;
    assert_eq!(
        (&shown["status"], &shown["counts"]["sent"]),
        (&"sent".into(), &2.into())
    );
    assert_eq!(
        (&shown["candidates"], &shown["variants"][0]["readers"]),
        (&2.into(), &2.into())
    );
    assert!(end.contains("\nvariant    2: everything in full"), "{end}");
    assert!(shown["started_at"].is_string() && shown["finished_at"].is_string());
    // Asking again changes nothing.
    assert_eq!(installation.json(&["issue", "send", id]).await, shown);
    assert_eq!(
        installation.refused(&["issue", "cancel", id]).await,
        "an issue that is sent cannot be cancelled"
    );
    assert_eq!(
        installation.refused(&["issue", "pause", id]).await,
        "an issue that is sent cannot be paused"
    );
    for _ in 0..2 {
        let hidden = installation.json(&["issue", "hide", id]).await;
        assert!(hidden["hidden_at"].is_string(), "{hidden}");
    }
    let hidden = installation.ok(&["issue", "show", id]).await;
    assert!(hidden.contains("\nhidden     20"), "{hidden}");
    for _ in 0..2 {
        let shown = installation.json(&["issue", "unhide", id]).await;
        assert!(shown["hidden_at"].is_null(), "{shown}");
    }
    assert_eq!(smtp.messages().len(), 2);
}

async fn a_paused_issue_waits_while_others_go_out(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = with_readers(&db.url, &smtp).await;
    let web = installation.serve("web").await;
    let (held, other) = (
        draft(&installation, "Retenu").await,
        draft(&installation, "Autre").await,
    );
    let status = |words: &'static [&'static str], id: &str| {
        let args = [words, &[id]]
            .concat()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>();
        let installation = &installation;
        async move {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            installation.json(&args).await["status"]
                .as_str()
                .unwrap()
                .to_owned()
        }
    };
    assert_eq!(
        installation.refused(&["issue", "resume", &held]).await,
        "an issue that is draft cannot be resumed"
    );
    // Nobody works yet, as is seen by waiting longer than a worker would.
    assert_eq!(status(&["issue", "send"], &held).await, "sending");
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(smtp.messages().len(), 0);
    assert_eq!(status(&["issue", "pause"], &held).await, "paused");
    assert_eq!(status(&["issue", "pause"], &held).await, "paused");
    let worker = installation.serve("worker").await;
    installation.ok(&["issue", "send", &other]).await;
    let events = installation.events(&["issue", "watch", &other]).await;
    assert_eq!(events.last().unwrap()["status"], "sent");
    assert_eq!(smtp.messages().len(), 2);
    let waiting = installation.json(&["issue", "show", &held]).await;
    assert_eq!(
        (&waiting["status"], &waiting["counts"]["queued"]),
        (&"paused".into(), &2.into())
    );

    // Whoever watches a paused issue sees it to its end.
    let mut watching = installation.start(&["issue", "watch", &held, "--json"]);
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    // A line for each change, the first at once.
    let mut watched = lines.next_line().await.unwrap().unwrap();
    assert_eq!(status(&["issue", "resume"], &held).await, "sending");
    while let Some(line) = lines.next_line().await.unwrap() {
        watched = format!("{watched}\n{line}");
    }
    assert!(watching.wait().await.unwrap().success());
    let watched = json_lines(&watched);
    assert!(watched.len() > 1, "{watched:?}");
    assert_eq!(watched[0]["status"], "paused");
    let last = watched.last().unwrap();
    assert_eq!(
        (&last["id"], &last["status"], &last["counts"]["sent"]),
        (&held.clone().into(), &"sent".into(), &2.into())
    );
    assert_eq!(smtp.messages().len(), 4);
    assert_eq!(
        (web.terminate().await, worker.terminate().await),
        (Some(0), Some(0))
    );
}

async fn a_schedule_can_be_set_and_called_off(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = with_readers(&db.url, &smtp).await;
    let ran = installation
        .run_with_input(
            &["issue", "new", "--file", "-", "--json"],
            &issue_json("Plus tard"),
        )
        .await;
    let written: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let id = written["id"].as_str().unwrap();
    let refused = installation
        .run(&["issue", "send", id, "--at", "soon"])
        .await;
    assert_eq!(refused.status, Some(2), "{refused:?}");
    let says = "`soon` is not a time; write 2026-11-30T08:00";
    assert!(refused.stderr.contains(says), "{refused:?}");
    assert_eq!(
        installation.json(&["issue", "show", id]).await["status"],
        "draft"
    );
    for (at, why) in [
        ("2020-01-01T08:00", "2020-01-01 08:00 +01:00 Europe/Paris"),
        ("2199-01-07T08:00", "more than two years ahead"),
    ] {
        let refused = installation
            .refused(&["issue", "send", id, "--at", at])
            .await;
        assert!(refused.contains(why), "{refused}");
    }
    // In the newsletter's time zone, which is that of Paris.
    let year = xabar::clock::Clock::system()
        .now()
        .strftime("%Y")
        .to_string()
        .parse::<i32>()
        .unwrap()
        + 1;
    let at = format!("{year}-01-07T08:00");
    let set = installation.json(&["issue", "send", id, "--at", &at]).await;
    assert_eq!(
        (&set["status"], &set["scheduled_at"]),
        (
            &"scheduled".into(),
            &format!("{year}-01-07T07:00:00Z").into()
        )
    );
    let shown = installation.ok(&["issue", "show", id]).await;
    assert!(
        shown.contains(&format!(
            "\nscheduled  {year}-01-07 08:00 +01:00 Europe/Paris ({year}-01-07 07:00 UTC)\n"
        )),
        "{shown}"
    );
    assert_eq!(
        installation.json(&["issue", "cancel", id]).await["status"],
        "cancelled"
    );
    assert_eq!(
        installation.json(&["issue", "watch", id]).await["status"],
        "cancelled"
    );
    assert_eq!(
        installation.refused(&["issue", "send", id]).await,
        "an issue that is cancelled cannot be sent"
    );

    // What a worker has not begun is ended by a cancel.
    let id = draft(&installation, "Jamais").await;
    installation.ok(&["issue", "send", &id]).await;
    let cancelled = installation.json(&["issue", "cancel", &id]).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["counts"]["skipped"]),
        (&"cancelled".into(), &2.into())
    );
    assert_eq!(smtp.messages().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_in_a_time_is_wrong_usage() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let id = "00000000-0000-4000-8000-000000000000";
    for (at, status) in [("nix", 2), ("2027-01-01", 2), ("2027-01-01T08:00", 1)] {
        let ran = installation.run(&["issue", "send", id, "--at", at]).await;
        assert_eq!(ran.status, Some(status), "{at}: {}", ran.stderr);
    }
}
