//! `xabar doctor` and the collector of traces.

use tokio::io::AsyncWriteExt;

use super::*;
use crate::cli::doctor::{Around, document, told};
use crate::support::scripted_smtp::Script;

on_both_databases!(
    the_doctor_asks_a_collector_and_stores_nothing,
    a_collector_that_takes_no_spans_is_red,
);

/// What a server of gRPC says first: the frame SETTINGS of HTTP/2.
const SETTINGS_OF_HTTP_2: &[u8] = b"\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0";

/// The one red result, what it says and what mends it; nothing printed has the secret.
pub(super) async fn red(installation: &Installation) -> (String, String) {
    let (ran, document) = document(installation).await;
    assert_eq!(ran.status, Some(1), "{document:#}");
    assert!(!format!("{ran:?}").contains("SECRET"), "{ran:?}");
    let red = told(&document, "traces", "red");
    assert_eq!(red.len(), 1, "{document:#}");
    let text = |name: &str| red[0][name].as_str().unwrap().to_owned();
    (text("says"), text("mend"))
}

async fn the_doctor_asks_a_collector_and_stores_nothing(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let installation = around.installation(&db);
    let (_, without) = document(&installation).await;
    let checks = without["checks"].as_array().unwrap();
    assert!(checks.iter().all(|one| one["check"] != "traces"));

    for status in [StatusCode::OK, StatusCode::NO_CONTENT] {
        let collector = Collector::start(Mood::Answers(status)).await;
        let installation = around
            .installation(&db)
            .with("TRACES__ENDPOINT", &collector.endpoint)
            .with("TRACES__HEADERS", "authorization=Bearer SECRET-HEADER");
        let (ran, found) = document(&installation).await;
        let green = told(&found, "traces", "green");
        assert_eq!(green.len(), 1, "{found:#}");
        let asked = format!("{}/v1/traces", collector.endpoint);
        assert_eq!(green[0]["about"], asked);
        assert!(!format!("{ran:?}").contains("SECRET"), "{ran:?}");
        let requests = collector.requests();
        assert_eq!(requests.len(), 1);
        let (headers, body) = &requests[0];
        assert_eq!(headers["content-type"], "application/x-protobuf");
        assert_eq!(headers["content-length"], "0");
        assert_eq!(headers["authorization"], "Bearer SECRET-HEADER");
        let request = ExportTraceServiceRequest::decode(body.clone()).unwrap();
        assert_eq!(request.resource_spans, [], "nothing to store");
    }
}

async fn a_collector_that_takes_no_spans_is_red(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let at = |endpoint: &str| {
        let installation = around.installation(&db);
        installation
            .with("TRACES__ENDPOINT", endpoint)
            .with("TRACES__HEADERS", "authorization=Bearer SECRET-HEADER")
    };
    let status = |code: u16| Mood::Answers(StatusCode::from_u16(code).unwrap());
    for (mood, finds, mends) in [
        (status(401), "answers 401", "`traces.headers`"),
        (status(403), "answers 403", "`traces.headers`"),
        (status(404), "answers 404", "port 4318"),
        (status(405), "answers 405", "port 4318"),
        (status(307), "answers 307", "redirects are not followed"),
        (status(503), "answers 503", "the log of the collector"),
        (Mood::ShowsPage, "a web page", "port 4318"),
        (Mood::Hangs, "timed out", "start the collector"),
    ] {
        let collector = Collector::start(mood).await;
        let (says, mend) = red(&at(&collector.endpoint)).await;
        assert!(says.contains(finds), "{mood:?}: {says}");
        assert!(mend.contains(mends), "{mood:?}: {mend}");
        assert_eq!(collector.requests().len(), 1, "{mood:?}");
    }

    let grpc = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = grpc.local_addr().unwrap();
    let greeting = tokio::spawn(async move {
        let (mut stream, _) = grpc.accept().await.unwrap();
        stream.write_all(SETTINGS_OF_HTTP_2).await.unwrap();
        // It listens no more, and the next one is refused.
        drop(grpc);
        sleep(PATIENCE).await;
    });
    let endpoint = format!("http://{address}");
    let (says, mend) = red(&at(&endpoint)).await;
    // Which cause comes first depends on whose octets do.
    assert!(says.contains("cannot be reached"), "{says}");
    assert!(mend.contains("4317 is gRPC"), "{mend}");
    let (says, mend) = red(&at(&endpoint)).await;
    assert!(says.contains("refused"), "{says}");
    assert!(mend.contains("start the collector"), "{mend}");
    greeting.abort();

    let plain = Collector::start(status(200)).await;
    let encrypted = plain.endpoint.replace("http:", "https:");
    let (says, _) = red(&at(&encrypted)).await;
    assert!(says.contains("cannot be reached"), "{says}");

    let malformed = at(&plain.endpoint).with("TRACES__HEADERS", "authorization SECRET-HEADER");
    let (says, mend) = red(&malformed).await;
    assert!(says.contains("traces.headers"), "{says}");
    assert!(mend.contains("the environment"), "{mend}");
    assert_eq!(plain.requests().len(), 0);
}
