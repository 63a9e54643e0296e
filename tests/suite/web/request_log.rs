//! The request log: a request is found by its id, and the log holds no token and no address.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::binary::{Installation, json_lines};
use crate::support::both::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_carries_an_id_under_which_the_log_names_the_route_and_no_token() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url).with_variable("XABAR_LOG", "info,xabar=trace");
    let serving = installation.serve("web").await;
    let mut ids = BTreeSet::new();
    let http = reqwest::Client::new();
    for path in [
        "/confirm/SECRET-TOKEN",
        "/unsubscribe/SECRET-TOKEN",
        "/SECRET-TOKEN",
    ] {
        let request = http.get(format!("{}{path}", serving.base));
        let answer = request
            .header("x-request-id", "forged")
            .send()
            .await
            .unwrap();
        let id = answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_ne!(id, "forged", "nobody else writes into our log");
        ids.insert(id);
    }
    assert_eq!(ids.len(), 3);
    let log = serving.finish().await;
    for id in &ids {
        assert!(log.contains(id), "{log}");
    }
    for said in ["/confirm/{token}", "/unsubscribe/{token}", "\"status\":404"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(
        !log.contains("SECRET-TOKEN") && !log.contains("forged"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_access_log_each_request_is_one_line_without_path_or_address() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url).with("HTTP__ACCESS_LOG", "true");
    let serving = installation.serve("web").await;
    let http = reqwest::Client::new();
    let mut answers = Vec::new();
    for path in ["/confirm/SECRET-TOKEN", "/SECRET-TOKEN", "/healthz"] {
        let request = http.get(format!("{}{path}", serving.base));
        let answer = request.header("user-agent", "SECRET-AGENT").send().await;
        let answer = answer.unwrap();
        let id = answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let status = answer.status().as_u16();
        let length = answer.headers()["content-length"].to_str().unwrap();
        assert_eq!(
            length.parse().ok(),
            Some(answer.content_length().unwrap()),
            "its length is still known"
        );
        answers.push((id, status, answer.bytes().await.unwrap().len()));
    }
    let log = serving.finish().await;
    let lines: Vec<Value> = json_lines(&log)
        .into_iter()
        .filter(|line| line["target"] == "xabar::access")
        .collect();
    assert_eq!(lines.len(), answers.len(), "{log}");
    let routes = ["/confirm/{token}", "none", "/healthz"];
    for ((line, (id, status, octets)), route) in lines.iter().zip(&answers).zip(routes) {
        assert_eq!(line["level"], "INFO");
        let mut fields = line["fields"].as_object().unwrap().clone();
        assert!(fields.remove("milliseconds").unwrap().as_f64() > Some(0.0));
        let expected = json!({
            "message": "request", "id": id, "method": "GET", "route": route, "status": status,
            "octets": octets,
        });
        assert_eq!(Value::Object(fields), expected);
    }
    assert!(!log.contains("SECRET"), "it names no person: {log}");
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let quiet = installation.serve("web").await;
    quiet.get("/healthz").await;
    let log = quiet.finish().await;
    assert!(!log.contains("xabar::access"), "off by default: {log}");
}
