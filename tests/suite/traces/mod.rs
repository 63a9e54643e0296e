//! OpenTelemetry traces: what a collector is told, that nobody is named, and that nothing waits for it.

mod doctor;
mod otlp_collector;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use jiff::SignedDuration;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message;
use reqwest::{Client, ClientBuilder};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use xabar::clock::Clock;

use crate::cli::{csv_of, draft};
use crate::support::binary::{Installation, Serving, json_lines};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::free_port;
use crate::support::smtp::{Options, SmtpServer};

/// Far longer than anything here takes: a test should fail rather than hang.
const PATIENCE: Duration = Duration::from_secs(60);
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

on_both_databases!(
    a_sign_up_and_an_issue_are_told_and_nobody_is_named,
    a_collector_that_is_no_help_holds_up_nothing,
);

/// What a collector does with a request.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Mood {
    Answers(StatusCode),
    /// With a web page.
    ShowsPage,
    Hangs,
}

/// A collector that keeps what it gets, as it came.
#[derive(Clone)]
struct Collector {
    endpoint: String,
    mood: Mood,
    received: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

impl Collector {
    async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let collector = Self {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            mood,
            received: Arc::default(),
        };
        let router = Router::new()
            .route("/v1/traces", post(take))
            .with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        collector
    }

    fn requests(&self) -> Vec<(HeaderMap, Bytes)> {
        self.received.lock().unwrap().clone()
    }

    fn spans(&self) -> Vec<Span> {
        let decoded = self.requests().into_iter().flat_map(|(_, body)| {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            request.resource_spans
        });
        let scopes = decoded.flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// Waits for a span that is as asked.
    async fn span(&self, what: &str, is_it: impl Fn(&Span) -> bool) -> Span {
        let waiting = async {
            loop {
                if let Some(found) = self.spans().into_iter().find(&is_it) {
                    return found;
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        let found = timeout(PATIENCE, waiting).await;
        found.unwrap_or_else(|_| panic!("{what}: {:#?}", self.spans()))
    }
}

async fn take(State(to): State<Collector>, headers: HeaderMap, body: Bytes) -> Response {
    to.received.lock().unwrap().push((headers, body));
    match to.mood {
        Mood::Answers(status) => status.into_response(),
        Mood::ShowsPage => Html("<p>A dashboard").into_response(),
        Mood::Hangs => std::future::pending().await,
    }
}

/// Attributes as they are written in a test.
fn attributes(written: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |one: &KeyValue| match one.value.clone().and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let pairs = written.iter().map(|one| (one.key.clone(), text(one)));
    pairs.collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

async fn sign_up(serving: &Serving, email: &str) {
    let request = Client::new()
        .post(format!("{}/api/v1/subscriptions", serving.base))
        .header("content-type", "application/json")
        .body(format!(r#"{{"email":"{email}"}}"#));
    assert_eq!(request.send().await.unwrap().status(), 202);
}

/// Asks for a page with a token in its path, in a trace that the caller names.
async fn ask_in_a_trace(serving: &Serving, client: ClientBuilder) {
    let request = client
        .build()
        .unwrap()
        .get(format!("{}/confirm/SECRET-TOKEN", serving.base));
    let request = request
        .header("traceparent", format!("00-{TRACE}-{PARENT}-01"))
        .header("tracestate", "vendor=SECRET-STATE");
    request.send().await.unwrap();
}

async fn a_sign_up_and_an_issue_are_told_and_nobody_is_named(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let collector = Collector::start(Mood::Answers(StatusCode::OK)).await;
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &smtp.url())
        .with("HTTP__TRUSTED_PROXIES", "127.0.0.2")
        .with("HTTP__ACCESS_LOG", "true")
        .with("TRACES__ENDPOINT", &collector.endpoint)
        .with("TRACES__HEADERS", "authorization=Bearer SECRET-HEADER")
        .with("TRACES__SAMPLE_RATIO", "1");
    let serving = installation.serve("all").await;
    sign_up(&serving, "secret-anna@example.org").await;
    installation.write(
        "readers.csv",
        csv_of(&["secret-berta@example.org", "gone@example.org"]),
    );
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    let issue = draft(&installation, "SECRET-SUBJECT").await;
    installation.ok(&["issue", "send", &issue]).await;
    ask_in_a_trace(&serving, Client::builder()).await;
    let proxy = Client::builder().local_address("127.0.0.2".parse::<std::net::IpAddr>().unwrap());
    ask_in_a_trace(&serving, proxy).await;

    let request = collector
        .span("the sign-up", |span| {
            span.name == "POST /api/v1/subscriptions"
        })
        .await;
    assert_eq!(request.kind(), SpanKind::Server);
    let mut told = attributes(&request.attributes);
    let id = told.remove("xabar.request.id").unwrap();
    let expected = [
        ("http.request.method", "POST"),
        ("http.response.status_code", "202"),
        ("http.route", "/api/v1/subscriptions"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(told, BTreeMap::from(expected));
    let mail = collector
        .span("the confirmation", |span| span.name == "mail")
        .await;
    let told = attributes(&mail.attributes);
    assert_eq!(told["xabar.mail.kind"], "confirmation");
    assert_eq!(told["xabar.result"], "accepted");
    assert_eq!(told["xabar.relay"], "main");
    for result in ["accepted", "recipient_refused"] {
        let delivery = collector
            .span(result, |span| {
                let told = attributes(&span.attributes);
                span.name == "delivery" && told.get("xabar.result").is_some_and(|it| it == result)
            })
            .await;
        let told = attributes(&delivery.attributes);
        assert_eq!(told["xabar.issue"], issue);
        assert_eq!(told["xabar.relay"], "main");
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(hex(&delivery.parent_span_id), "", "a trace of its own");
    }
    for name in ["claim", "record"] {
        let span = collector
            .span(name, |span| {
                span.name == name && attributes(&span.attributes).contains_key("xabar.deliveries")
            })
            .await;
        assert_eq!(attributes(&span.attributes)["xabar.issue"], issue);
    }
    collector
        .span("the migration", |span| span.name == "migrate")
        .await;
    let later = draft(&installation, "SECRET-LATER").await;
    let at = (Clock::system().now() + SignedDuration::from_secs(2)).to_string();
    installation
        .ok(&["issue", "send", &later, "--at", &at])
        .await;
    let schedule = collector
        .span("the schedule", |span| span.name == "schedule")
        .await;
    let started = [("xabar.issue", later.as_str()), ("xabar.result", "started")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(attributes(&schedule.attributes), BTreeMap::from(started));
    assert_eq!(hex(&schedule.parent_span_id), "", "a trace of its own");
    let log = serving.finish().await;

    let asked: Vec<Span> = collector
        .spans()
        .into_iter()
        .filter(|span| span.name == "GET /confirm/{token}")
        .collect();
    assert_eq!(asked.len(), 2, "the last spans are sent at the end");
    let (ours, continued): (Vec<_>, Vec<_>) =
        asked.iter().partition(|span| hex(&span.trace_id) != TRACE);
    assert_eq!((ours.len(), continued.len()), (1, 1));
    assert_eq!(hex(&continued[0].parent_span_id), PARENT);
    assert!(ours[0].parent_span_id.is_empty());

    let lines = json_lines(&log);
    let line = lines
        .iter()
        .find(|line| line["target"] == "xabar::access" && line["fields"]["id"] == id.as_str());
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert_eq!(line["fields"]["trace"], hex(&request.trace_id), "{line}");

    let requests = collector.requests();
    for (headers, body) in &requests {
        assert_eq!(headers["authorization"], "Bearer SECRET-HEADER");
        let text = String::from_utf8_lossy(body);
        for secret in ["SECRET", "secret-", "gone@", "example.org", "127.0.0"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    let first = ExportTraceServiceRequest::decode(requests[0].1.clone()).unwrap();
    let resource = first.resource_spans[0].resource.clone().unwrap();
    let resource = attributes(&resource.attributes);
    assert_eq!(resource["service.name"], "xabar");
    assert_eq!(resource["service.version"], env!("CARGO_PKG_VERSION"));
    assert!(resource.contains_key("service.instance.id"));
    assert!(!log.contains("SECRET") && !log.contains("secret-"), "{log}");
}

async fn a_collector_that_is_no_help_holds_up_nothing(db: TestDb) {
    let away = format!("http://127.0.0.1:{}", free_port());
    let refuses = Collector::start(Mood::Answers(StatusCode::SERVICE_UNAVAILABLE)).await;
    let hangs = Collector::start(Mood::Hangs).await;
    let smtp = SmtpServer::start(Options::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("metrics.sock");
    let mut installation = Installation::new(&db.url)
        .with("SMTP__URL", &smtp.url())
        .with("METRICS__LISTEN", &format!("unix:{}", socket.display()))
        .with("TRACES__SAMPLE_RATIO", "1");
    let endpoints = [away, refuses.endpoint.clone(), hangs.endpoint.clone()];
    for (before, endpoint) in endpoints.iter().enumerate() {
        installation = installation.with("TRACES__ENDPOINT", endpoint);
        let serving = installation.serve("all").await;
        assert_eq!(serving.get("/subscribe").await.0, 200);
        sign_up(&serving, &format!("reader-{before}@example.org")).await;
        let mails = smtp.wait_for(before + 1, PATIENCE).await;
        assert_eq!(mails.len(), before + 1, "{endpoint}");
        let client = Client::builder()
            .unix_socket(socket.clone())
            .build()
            .unwrap();
        let counted = async {
            loop {
                let metrics = client.get("http://localhost/metrics").send().await.unwrap();
                let text = metrics.text().await.unwrap();
                let lost = ["dropped_spans", "failed_exports"].iter().all(|name| {
                    let zero = format!("\nxabar_traces_{name}_total 0\n");
                    !text.contains(&zero) && text.contains(&format!("\nxabar_traces_{name}_total "))
                });
                if lost {
                    return;
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        let counted = timeout(PATIENCE, counted).await;
        assert!(counted.is_ok(), "{endpoint}: what is lost is counted");
        let log = timeout(PATIENCE, serving.finish()).await;
        let log = log.expect("it ends");
        assert!(log.contains("spans are lost"), "{log}");
    }
    assert!(!refuses.requests().is_empty() && !hangs.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_endpoint_nobody_is_told_whatever_the_environment_says() {
    let collector = Collector::start(Mood::Answers(StatusCode::OK)).await;
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url)
        .with("TRACES__SAMPLE_RATIO", "1")
        .with_variable("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint);
    let serving = installation.serve("web").await;
    assert_eq!(serving.get("/subscribe").await.0, 200);
    serving.finish().await;
    assert_eq!(collector.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_do_not_fit_are_named_without_their_secret() {
    let db = TestDb::sqlite();
    for (setting, value, named) in [
        (
            "TRACES__ENDPOINT",
            "http://user:SECRET@host",
            "traces.endpoint",
        ),
        ("TRACES__SAMPLE_RATIO", "1.5", "traces.sample_ratio"),
        ("TRACES__HEADERS", "authorization SECRET", "traces.headers"),
    ] {
        let installation = Installation::new(&db.url)
            .with("TRACES__ENDPOINT", "http://127.0.0.1:9")
            .with(setting, value);
        let ran = installation.run(&["serve"]).await;
        assert_eq!(ran.status, Some(78), "{ran:?}");
        assert!(ran.stderr.contains(named), "{ran:?}");
        assert!(!ran.stderr.contains("SECRET"), "{ran:?}");
    }
}
