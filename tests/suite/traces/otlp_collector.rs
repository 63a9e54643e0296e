//! OTLP, decoded by the OpenTelemetry packages for Python.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::*;
use crate::cli::doctor::{Around, document, told};
use crate::support::otlp::OtlpCollector;
use crate::support::scripted_smtp::Script;

on_both_databases!(
    another_collector_reads_what_we_mean,
    the_doctor_knows_what_another_collector_wants,
);

/// Waits for a span that is as asked.
async fn span(collector: &OtlpCollector, what: &str, is_it: impl Fn(&Json) -> bool) -> Json {
    let waiting = async {
        loop {
            let spans = collector.requests().await.into_iter().flatten();
            if let Some(found) = { spans }.find(&is_it) {
                return found;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let found = timeout(PATIENCE, waiting).await;
    found.unwrap_or_else(|_| panic!("{what} did not come"))
}

async fn another_collector_reads_what_we_mean(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let before = Clock::system().now();
    let collector = OtlpCollector::start("SECRET-HEADER");
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &smtp.url())
        .with("HTTP__TRUSTED_PROXIES", "127.0.0.0/8")
        .with("TRACES__ENDPOINT", &collector.endpoint)
        .with("TRACES__HEADERS", "authorization=Bearer SECRET-HEADER")
        .with("TRACES__SAMPLE_RATIO", "1");
    let serving = installation.serve("all").await;
    installation.write("readers.csv", csv_of(&["berta@example.org"]));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    let issue = draft(&installation, "Sommet").await;
    installation.ok(&["issue", "send", &issue]).await;
    ask_in_a_trace(&serving, Client::builder()).await;

    let delivery = span(&collector, "the delivery", |one| one["name"] == "delivery").await;
    let attributes = json!({
        "xabar.issue": ["string_value", issue],
        "xabar.relay": ["string_value", "main"],
        "xabar.result": ["string_value", "accepted"],
    });
    assert_eq!(delivery["attributes"], attributes);
    assert_eq!(delivery["kind"], "SPAN_KIND_INTERNAL");
    assert_eq!(delivery["status"], "STATUS_CODE_UNSET");
    assert_eq!(delivery["parent"], "");
    assert!(delivery["nanoseconds"].as_u64() > Some(0), "{delivery:#}");
    let began = delivery["began"].as_i64().unwrap();
    let began = Timestamp::from_nanosecond(began.into()).unwrap();
    assert!((before..=Clock::system().now()).contains(&began), "{began}");

    let record = span(&collector, "the commit", |one| one["name"] == "record").await;
    assert_eq!(
        record["attributes"]["xabar.deliveries"],
        json!(["int_value", 1])
    );
    assert_ne!(record["trace"], delivery["trace"]);

    let request = span(&collector, "the request", |one| one["trace"] == TRACE).await;
    assert_eq!(request["name"], "GET /confirm/{token}");
    assert_eq!(request["parent"], PARENT);
    assert_eq!(request["kind"], "SPAN_KIND_SERVER");
    assert_eq!(
        request["attributes"]["http.request.method"],
        json!(["string_value", "GET"])
    );
    assert_eq!(
        request["attributes"]["http.route"],
        json!(["string_value", "/confirm/{token}"])
    );
    let status = &request["attributes"]["http.response.status_code"];
    assert_eq!(status[0], "int_value", "{request:#}");

    let resource = &request["resource"];
    assert_eq!(resource["service.name"], json!(["string_value", "xabar"]));
    let version = json!(["string_value", env!("CARGO_PKG_VERSION")]);
    assert_eq!(resource["service.version"], version);
    assert_eq!(resource, &delivery["resource"], "one process, one instance");
    serving.finish().await;
}

async fn the_doctor_knows_what_another_collector_wants(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let collector = OtlpCollector::start("SECRET-HEADER");
    let installation = around
        .installation(&db)
        .with("TRACES__ENDPOINT", &collector.endpoint)
        .with("TRACES__HEADERS", "authorization=Bearer SECRET-HEADER");
    let (_, found) = document(&installation).await;
    assert_eq!(told(&found, "traces", "green").len(), 1, "{found:#}");
    let nothing: Vec<Json> = Vec::new();
    assert_eq!(collector.requests().await, [nothing], "it took no span");

    let elsewhere = format!("{}/elsewhere", collector.endpoint);
    let installation = installation.with("TRACES__ENDPOINT", &elsewhere);
    let (says, _) = doctor::red(&installation).await;
    assert!(says.contains("404"), "{says}");
    let installation = installation
        .with("TRACES__ENDPOINT", &collector.endpoint)
        .with("TRACES__HEADERS", "authorization=Bearer WRONG");
    let (says, mend) = doctor::red(&installation).await;
    assert!(says.contains("401"), "{says}");
    assert!(mend.contains("`traces.headers`"), "{mend}");
    assert_eq!(collector.requests().await.len(), 1);
}
