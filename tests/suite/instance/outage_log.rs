//! The log of outages: the database or a relay is away, back or slow; storms of failures are summed up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::PATIENCE;
use crate::cli::{csv_of, draft};
use crate::support::binary::{Installation, Serving, events};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::free_port;
use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};
use crate::support::smtp::{Options, SmtpServer};
use crate::web::outages::Outage;

on_both_databases!(
    a_storm_of_failures_is_few_lines_that_count_them_all,
    a_relay_that_is_back_is_told_once_with_what_waits,
    a_relay_that_becomes_slow_is_told_once_and_so_is_its_end,
);

async fn sign_up(serving: &Serving, address: &str) -> u16 {
    let request = reqwest::Client::new().post(format!("{}/api/v1/subscriptions", serving.base));
    let answer = request.json(&json!({ "email": address })).send().await;
    answer.unwrap().status().as_u16()
}

/// How often these lines say that something came, together.
fn times(lines: &[Value]) -> u64 {
    let counts = lines.iter().map(|line| &line["fields"]["times"]);
    counts.map(|times| times.as_u64().unwrap()).sum()
}

async fn a_storm_of_failures_is_few_lines_that_count_them_all(db: TestDb) {
    let installation = Installation::new(&db.url).with("SIGNUP__PER_IP_PER_HOUR", "0");
    let serving = installation.serve("web").await;
    let outage = Outage::of(&db.url).await;
    let many = (0..40).map(|n| {
        let serving = &serving;
        async move { sign_up(serving, &format!("reader{n}@example.org")).await }
    });
    let answers = join_all(many).await;
    assert_eq!(answers, [503; 40]);
    outage.end().await;
    let (back, mut refused) = ("the database is back", 40);
    let found_out = async {
        // A connection from before may break once more.
        while events(&serving.log(), back).is_empty() {
            refused += u64::from(sign_up(&serving, "after@example.org").await == 503);
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(PATIENCE, found_out).await.expect(back);
    assert_eq!(sign_up(&serving, "after@example.org").await, 202);
    let log = serving.finish().await;
    let lines = events(&log, "answered 503");
    assert_eq!(times(&lines), refused, "none is left out: {log}");
    assert!(lines.len() <= 6, "one and the rest of each cause: {log}");
    let away = events(&log, "the database is away");
    assert_eq!(away.len(), 1, "{log}");
    assert!(away[0]["fields"]["error"].is_string(), "{log}");
    let back = events(&log, back);
    assert_eq!(back.len(), 1, "{log}");
    assert!(back[0]["fields"]["failed"].as_u64() >= Some(1), "{log}");
}

async fn a_relay_that_is_back_is_told_once_with_what_waits(db: TestDb) {
    let port = free_port();
    let url = format!("smtp://127.0.0.1:{port}");
    let installation = Installation::new(&db.url).with("SMTP__URL", &url);
    let serving = installation.serve("all").await;
    assert_eq!(sign_up(&serving, "first@example.org").await, 202);
    serving
        .wait_for("a mail waits", |log| {
            !events(log, "transactional mail not accepted").is_empty()
        })
        .await;
    let smtp = SmtpServer::start(Options::default()).await;
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let relay = smtp.port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", relay)).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    assert_eq!(sign_up(&serving, "second@example.org").await, 202);
    smtp.wait_for(2, Duration::from_secs(60)).await;
    let log = serving.finish().await;
    let away = events(&log, "the relay cannot be used");
    assert_eq!(away.len(), 1, "{log}");
    let back = events(&log, "the relay can be used again");
    assert_eq!(back.len(), 1, "{log}");
    let fields = &back[0]["fields"];
    assert_eq!(fields["relay"], "main");
    assert!(fields["tries"].as_u64() >= Some(1), "{fields}");
    assert!(fields["seconds"].is_u64(), "{fields}");
    assert_eq!(
        fields["waiting"], 2,
        "the one that waits and the one that found the relay"
    );
}

async fn a_relay_that_becomes_slow_is_told_once_and_so_is_its_end(db: TestDb) {
    let slow = Arc::new(AtomicBool::new(true));
    let is_slow = Arc::clone(&slow);
    let relay = ScriptedSmtp::start(Script::default().on(Stage::Dot, move |_| {
        let slowly = Reply::line("250 2.0.0 Ok").after(Duration::from_millis(2_300));
        is_slow.load(Ordering::Relaxed).then_some(slowly)
    }))
    .await;
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &relay.url())
        .with("SMTP__CONNECTIONS", "20");
    let readers: Vec<String> = (0..80).map(|n| format!("r{n}@example.org")).collect();
    installation.write("readers.csv", csv_of(&readers));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let serving = installation.serve("worker").await;
    let told = async |what: &str| {
        let lines = |log: &str| !events(log, what).is_empty();
        serving.wait_for(what, lines).await;
    };
    let id = draft(&installation, "Sommet").await;
    installation.ok(&["issue", "send", &id]).await;
    told("the relay has become slow").await;
    told("issue sent").await;
    slow.store(false, Ordering::Relaxed);
    let id = draft(&installation, "Suite").await;
    installation.ok(&["issue", "send", &id]).await;
    told("the relay is no longer slow").await;
    let log = serving.finish().await;
    let began = events(&log, "the relay has become slow");
    assert_eq!(began.len(), 1, "{log}");
    let took = began[0]["fields"]["seconds_a_mail"].as_f64().unwrap();
    assert!(took > 2.0, "{took}");
    assert_eq!(events(&log, "the relay is no longer slow").len(), 1);
}
