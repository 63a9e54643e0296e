//! A request can be found in the log by its id, and the log holds none of its secrets.

use std::collections::BTreeSet;

use crate::support::binary::Installation;
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
