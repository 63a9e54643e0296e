//! The check of relays at the start of a worker, before any mail is due.

use serde_json::Value;

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};

/// The warnings about relays so far.
fn warnings(log: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .filter(|line| line["level"] == "WARN" && line["fields"]["relay"].is_string())
        .collect()
}

on_both_databases!(a_refused_envelope_sender_is_told_at_the_start);

async fn a_refused_envelope_sender_is_told_at_the_start(db: TestDb) {
    let refusal = Reply::line("553 5.7.1 Sender address rejected: not owned by user");
    let script = Script::default().always(Stage::Mail, refusal);
    let relay = ScriptedSmtp::start(script).await;
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &relay.url())
        .with("SMTP__HELLO_NAME", "mail.example.org");
    let serving = installation.serve("all").await;
    let warned = |log: &str| !warnings(log).is_empty();
    serving.wait_for("a warning", warned).await;
    let fields = &warnings(&serving.log())[0]["fields"];
    assert_eq!(fields["newsletters"], "asie-centrale", "{fields}");
    assert_eq!(fields["code"], 553);
    let said = fields["said"].as_str().unwrap();
    assert!(
        said.contains("not owned by user") && said.contains("smtp.return_path"),
        "{said}"
    );
    let quit = |_: &str| relay.open_connections() == 0;
    serving.wait_for("the connection is closed", quit).await;
    let verbs: Vec<String> = relay
        .commands()
        .iter()
        .map(|said| verb(&said.line))
        .collect();
    assert_eq!(verbs, ["EHLO", "MAIL", "RSET", "QUIT"], "no mail is begun");
}

fn verb(line: &str) -> String {
    line.split([' ', ':']).next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_takes_our_mails_is_not_warned_of() {
    let db = TestDb::sqlite();
    let relay = ScriptedSmtp::start(Script::default()).await;
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &relay.url())
        .with("SMTP__HELLO_NAME", "mail.example.org");
    let serving = installation.serve("worker").await;
    let asked = |_: &str| !relay.commands_named("QUIT").is_empty();
    serving.wait_for("the relay is asked", asked).await;
    assert_eq!(relay.commands_named("MAIL").len(), 1);
    assert_eq!(warnings(&serving.finish().await), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_does_not_let_us_in_is_told_at_the_start() {
    let db = TestDb::sqlite();
    let script = Script::default()
        .announces(&["AUTH PLAIN"])
        .asks_for_login("news", "right");
    let relay = ScriptedSmtp::start(script).await;
    let url = relay.url().replace("://", "://news:wrong@");
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &url)
        .with("SMTP__HELLO_NAME", "mail.example.org");
    let serving = installation.serve("worker").await;
    let warned = |log: &str| !warnings(log).is_empty();
    serving.wait_for("a warning", warned).await;
    let error = warnings(&serving.log())[0]["fields"]["error"].to_string();
    assert!(error.contains("535"), "{error}");
    let log = serving.finish().await;
    assert!(!log.contains("wrong@"), "no password in the log");
}
