//! `xabar serve`, `migrate` and `token`: starting, stopping, and starting together.

use std::collections::BTreeSet;

use reqwest::Client;

use super::{csv_of, draft, issue_json};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::{Options, SmtpServer};

on_both_databases!(
    migrate_may_be_run_again,
    processes_that_start_together_on_an_empty_database_all_succeed,
    serve_answers_until_sigterm_and_ends_with_status_0,
    a_token_is_printed_alone_and_opens_what_its_role_may,
    a_service_without_its_relay_stays_up_and_stops_at_sigterm,
    a_log_tells_what_became_of_a_mail_and_no_address,
);

async fn migrate_may_be_run_again(db: TestDb) {
    let installation = Installation::new(&db.url);
    assert_eq!(
        installation.ok(&["migrate"]).await,
        "The schema is up to date.\n"
    );
    let token = installation
        .ok(&["token", "add", "--name", "x", "--role", "owner"])
        .await;
    assert_eq!(installation.json(&["migrate"]).await["schema"], "current");
    let serving = installation.serve("web").await;
    let list = Client::new()
        .get(format!("{}/api/v1/issues", serving.base))
        .bearer_auth(token.trim());
    assert_eq!(
        list.send().await.unwrap().status(),
        200,
        "what was there is there still"
    );
}

async fn processes_that_start_together_on_an_empty_database_all_succeed(db: TestDb) {
    let installation = Installation::new(&db.url);
    // On SQLite one process has the pages, and one the worker.
    let role = match db.url.starts_with("sqlite:") {
        true => "worker",
        false => "all",
    };
    let (first, second, all, web) = tokio::join!(
        installation.ok(&["migrate"]),
        installation.ok(&["migrate"]),
        installation.serve(role),
        installation.serve("web"),
    );
    assert_eq!(first, second);
    for serving in [&all, &web] {
        if serving.base.is_empty() {
            continue;
        }
        assert_eq!(
            serving.get("/readyz").await,
            (200, "ready\n".to_owned()),
            "{}",
            serving.log()
        );
    }
    assert_eq!(
        installation
            .json(&["newsletter", "list"])
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        (all.terminate().await, web.terminate().await),
        (Some(0), Some(0))
    );
    let files = std::fs::read_dir(installation.path("data")).unwrap();
    let names: BTreeSet<String> = files
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        names,
        BTreeSet::from(["xabar.key".to_owned()]),
        "one key, and nothing half-made beside it"
    );
}

async fn serve_answers_until_sigterm_and_ends_with_status_0(db: TestDb) {
    let installation = Installation::new(&db.url);
    let serving = installation.serve("all").await;
    assert_eq!(serving.get("/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(serving.get("/readyz").await, (200, "ready\n".to_owned()));
    assert_eq!(serving.get("/subscribe").await.0, 200);
    let base = serving.base.clone();
    assert_eq!(serving.terminate().await, Some(0));
    assert!(
        reqwest::get(format!("{base}/healthz")).await.is_err(),
        "it is gone"
    );
}

async fn a_token_is_printed_alone_and_opens_what_its_role_may(db: TestDb) {
    let installation = Installation::new(&db.url);
    let serving = installation.serve("web").await;
    let id = draft(&installation, "Sommet").await;
    let mut tokens = BTreeSet::new();
    for (role, may_write) in [("viewer", 403), ("editor", 201), ("owner", 201)] {
        let printed = installation
            .ok(&["token", "add", "--name", "a script", "--role", role])
            .await;
        let token = printed.strip_suffix('\n').unwrap();
        assert!(
            token.starts_with("xabar_") && !token.contains(char::is_whitespace),
            "{printed:?}"
        );
        assert!(tokens.insert(token.to_owned()));
        let client = Client::new();
        let url = format!("{}/api/v1/issues", serving.base);
        let look = client
            .get(format!("{url}/{id}"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        assert_eq!(look.status(), 200, "{role}");
        let write = client
            .post(&url)
            .bearer_auth(token)
            .header("content-type", "application/json");
        assert_eq!(
            write
                .body(issue_json("Autre"))
                .send()
                .await
                .unwrap()
                .status(),
            may_write,
            "{role}"
        );
        let wrong = client
            .get(&url)
            .bearer_auth(format!("{token}x"))
            .send()
            .await
            .unwrap();
        assert_eq!(wrong.status(), 401);
    }
    let given = installation
        .json(&["token", "add", "--name", "x", "--role", "viewer"])
        .await;
    assert!(given["token"].as_str().unwrap().starts_with("xabar_"));
    let log = serving.finish().await;
    assert!(
        !tokens.iter().any(|token| log.contains(token)),
        "a log tells no token"
    );
}

async fn a_service_without_its_relay_stays_up_and_stops_at_sigterm(db: TestDb) {
    let installation = Installation::new(&db.url).with("SMTP__URL", "smtp://127.0.0.1:9");
    installation.write("readers.csv", csv_of(&["a@example.org"]));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let id = draft(&installation, "Sommet").await;
    let serving = installation.serve("all").await;
    installation.ok(&["issue", "send", &id]).await;
    serving
        .wait_for("the log says why", |log| {
            log.contains("the relay 127.0.0.1:9 cannot be used")
        })
        .await;
    let counts = installation.json(&["issue", "show", &id]).await["counts"].clone();
    assert_eq!(
        (&counts["queued"], &counts["deferred"]),
        (&1.into(), &0.into()),
        "nothing was tried: {counts}"
    );
    assert_eq!(serving.get("/healthz").await.0, 200);
    let log = serving.finish().await;
    assert!(!log.contains("a@example.org"), "it tells no address: {log}");
}

async fn a_log_tells_what_became_of_a_mail_and_no_address(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &smtp.url());
    let serving = installation.serve("all").await;
    let body = r#"{"email":"gone@example.org"}"#;
    let request = Client::new()
        .post(format!("{}/api/v1/subscriptions", serving.base))
        .body(body);
    let request = request.header("content-type", "application/json");
    assert_eq!(request.send().await.unwrap().status(), 202);
    serving
        .wait_for("it is told", |log| {
            log.contains("transactional mail not accepted")
        })
        .await;
    let log = serving.finish().await;
    assert!(log.contains("550"), "{log}");
    assert!(!log.contains("gone@"), "{log}");
}
