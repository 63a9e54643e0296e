//! The log with `-v` and `-vv`: what it shows of sending, and that nothing in it identifies a person.

use std::time::Duration;

use reqwest::Client;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{csv_of, draft};
use crate::support::binary::{Installation, Serving, events};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail::strict_parse;
use crate::support::smtp::{Options, SmtpServer};

/// Nothing of these may be in a log. Each is told what became of it by the relay, which quotes it.
const ADDRESSES: [&str; 4] = [
    "ok.aliya@verdicts.example",
    "gone.bolat@verdicts.example",
    "defer.dana@verdicts.example",
    "gone.signup@verdicts.example",
];
const NAME: &str = "Aliya Nurgaliyeva";

/// The tokens of the links in a mail.
fn tokens(text: &str) -> Vec<String> {
    let urls = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
    let of_token = |url: &str| {
        url.rsplit('/')
            .next()
            .filter(|last| last.len() > 30)
            .map(str::to_owned)
    };
    urls.filter(|word| word.starts_with("http"))
        .filter_map(of_token)
        .collect()
}

/// An issue to three subscribers and a sign-up; returns what must not be in the log.
async fn send(
    installation: &Installation,
    serving: &Serving,
    smtp: &SmtpServer,
) -> (String, Vec<String>) {
    let proof = "2024-07-31,salon,Je signe";
    let rows = ADDRESSES[..3]
        .iter()
        .map(|address| format!("{address},{proof},{NAME}\n"));
    let header = "email,consent_at,consent_source,consent_wording,name\n".to_owned();
    installation.write("readers.csv", rows.fold(header, |file, row| file + &row));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let sign_up = json!({ "email": ADDRESSES[3], "name": NAME });
    let url = format!("{}/api/v1/subscriptions", serving.base);
    assert_eq!(
        Client::new()
            .post(url)
            .json(&sign_up)
            .send()
            .await
            .unwrap()
            .status(),
        202
    );
    let id = draft(installation, "Sommet").await;
    let api_token = installation
        .ok(&["token", "add", "--name", "x", "--role", "editor"])
        .await;
    let api_token = api_token.trim().to_owned();
    let url = format!("{}/api/v1/issues/{id}/send", serving.base);
    let sent = Client::new()
        .post(url)
        .bearer_auth(&api_token)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 202);
    serving
        .wait_for("the issue is sent to all three", |log| {
            let ended = events(log, "attempt ended");
            ended
                .iter()
                .filter(|event| event["span"]["name"] == "delivery")
                .count()
                >= 3
        })
        .await;
    serving
        .wait_for("the confirmation is refused", |log| {
            log.contains("transactional mail not accepted")
        })
        .await;
    let mut secrets = vec![api_token];
    for caught in smtp.messages() {
        secrets.extend(tokens(&strict_parse(&caught.raw).text));
    }
    assert!(secrets.len() > 2, "the digest has links with tokens");
    // The links are followed, as a log of requests may have their paths.
    for token in &secrets[1..] {
        for path in ["preferences", "unsubscribe"] {
            serving.get(&format!("/{path}/{token}")).await;
        }
    }
    (id, secrets)
}

fn assert_names_nobody(log: &str, secrets: &[String]) {
    for address in ADDRESSES {
        let (local, _) = address.split_once('@').unwrap();
        assert!(!log.contains(local), "{local} is in the log: {log}");
    }
    assert!(!log.contains("@verdicts"), "{log}");
    for part in NAME.split(' ') {
        assert!(!log.contains(part), "{part} is in the log: {log}");
    }
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

on_both_databases!(
    verbose_logs_show_sending_and_name_nobody,
    the_relays_text_is_not_logged_at_level_debug,
    many_deliveries_with_one_cause_make_few_lines,
);

async fn verbose_logs_show_sending_and_name_nobody(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &smtp.url());
    let serving = installation.serve_with(&["-vv"], "all").await;
    let (id, secrets) = send(&installation, &serving, &smtp).await;
    serving
        .wait_for("the retry is told", |log| {
            !events(log, "will be tried again").is_empty()
        })
        .await;
    serving
        .wait_for("it is recorded", |log| !events(log, "recorded").is_empty())
        .await;
    let log = serving.finish().await;
    assert_names_nobody(&log, &secrets);

    let claimed = events(&log, "claimed");
    assert!(
        claimed
            .iter()
            .any(|e| e["span"]["issue"] == id.as_str() && e["fields"]["lease"].is_string()),
        "{log}"
    );
    assert!(
        events(&log, "connection opened")
            .iter()
            .any(|e| e["span"]["name"] == "delivery"),
        "{log}"
    );
    let ended = events(&log, "attempt ended");
    let gone = ended
        .iter()
        .find(|e| e["fields"]["status"] == "5.1.1" && e["span"]["name"] == "delivery");
    let gone = gone.unwrap_or_else(|| panic!("{log}"));
    assert_eq!(
        (&gone["fields"]["code"], &gone["span"]["issue"]),
        (&json!(550), &json!(id))
    );
    assert_eq!(gone["spans"][0]["relay"], "main");
    assert!(
        gone["span"]["subscription"].is_string() && gone["span"]["lease"].is_string(),
        "{gone}"
    );
    let texts = events(&log, "the relay's text");
    assert!(
        texts
            .iter()
            .any(|e| e["fields"]["reply"] == "5.1.1 […] No such user here"),
        "{texts:?}"
    );
    let retry = &events(&log, "will be tried again")[0]["fields"];
    assert_eq!(
        (&retry["issue"], &retry["retry_in_seconds"]),
        (&json!(id), &json!(300))
    );
    assert!(
        !events(&log, "transactional mails claimed").is_empty(),
        "{log}"
    );
}

async fn the_relays_text_is_not_logged_at_level_debug(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &smtp.url());
    let serving = installation.serve_with(&["-v"], "all").await;
    let (_, secrets) = send(&installation, &serving, &smtp).await;
    let log = serving.finish().await;
    assert_names_nobody(&log, &secrets);
    assert!(!events(&log, "attempt ended").is_empty(), "{log}");
    assert!(!log.contains("No such user here"), "{log}");
}

/// A cause that many deliveries share is a line a minute with their number, and none is left out.
async fn many_deliveries_with_one_cause_make_few_lines(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &smtp.url());
    let readers: Vec<String> = (0..30)
        .map(|n| format!("defer.{n}@example.org"))
        .chain((0..10).map(|n| format!("gone.{n}@example.org")))
        .collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    installation.write("readers.csv", csv_of(&readers));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let serving = installation.serve("all").await;
    let id = draft(&installation, "Sommet").await;
    installation.ok(&["issue", "send", &id]).await;
    let counts = async || installation.json(&["issue", "show", &id]).await["counts"].clone();
    let end = Instant::now() + Duration::from_secs(60);
    while counts().await["queued"] != 0 {
        assert!(Instant::now() < end, "{}", counts().await);
        sleep(Duration::from_millis(50)).await;
    }
    // What is not logged yet is logged at the end.
    serving.signal("TERM").await;
    for (message, mails) in [
        (
            "mails were not accepted; `xabar issue show` has the relay's words",
            30,
        ),
        ("mailboxes refused mails", 10),
    ] {
        let counted = |log: &str| -> u64 {
            let lines = events(log, message).into_iter();
            lines
                .filter_map(|line| line["fields"]["mails"].as_u64())
                .sum()
        };
        serving.wait_for(message, |log| counted(log) == mails).await;
        let lines = events(&serving.log(), message);
        assert!((1..=3).contains(&lines.len()), "{message}: {lines:?}");
        assert!(lines.iter().all(|line| line["fields"]["relay"] == "main"));
    }
    let log = serving.log();
    assert!(!log.contains("@example.org"), "{log}");
}
