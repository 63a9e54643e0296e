//! Server-sent events: the stream of an issue's counts, as a browser's `EventSource` reads it.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;
use xabar::domain::{Language, LeaseId, Role};
use xabar::publish;
use xabar::store::delivery::record::write;

use crate::deliver::{issue_id, sent};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_stream_ends_with_an_event_and_is_not_resumed,
    who_connects_again_gets_what_is_new,
    a_stream_ends_after_five_minutes,
    a_stream_ends_with_the_last_mail_of_a_stopped_issue,
    who_watches_does_not_keep_a_process_from_ending,
);

/// An event of a stream.
#[derive(Debug, Default)]
struct Seen {
    event: String,
    id: String,
    data: String,
}

/// The status, and the events up to the end of the stream.
async fn watch(world: &World, issue: &str, last: &str) -> (u16, Vec<Seen>) {
    let mut request = world.get(&format!("/api/v1/issues/{issue}/events"));
    if !last.is_empty() {
        request = request.header("Last-Event-ID", last);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let patience = Duration::from_secs(60);
    let text = tokio::time::timeout(patience, answer.text()).await;
    let text = text.expect("the stream ends").unwrap();
    let events = text.split("\n\n").filter(|block| !block.is_empty());
    (status, events.map(seen).collect())
}

fn seen(block: &str) -> Seen {
    let mut seen = Seen::default();
    for line in block.lines() {
        let (name, value) = line.split_once(':').unwrap();
        let value = value.trim_start().to_owned();
        match name {
            "event" => seen.event = value,
            "id" => seen.id = value,
            "data" => seen.data = value,
            _ => {}
        }
    }
    seen
}

async fn a_sent_issue(world: &World) -> String {
    world.join("a@example.org").await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    id
}

async fn a_stream_ends_with_an_event_and_is_not_resumed(db: TestDb) {
    let world = World::start(&db).await;
    let id = a_sent_issue(&world).await;
    let (status, events) = watch(&world, &id, "").await;
    let names: Vec<&str> = events.iter().map(|seen| seen.event.as_str()).collect();
    assert_eq!((status, names), (200, vec!["counts", "end"]));
    let end: Value = serde_json::from_str(&events[1].data).unwrap();
    assert_eq!(
        (&end["status"], &end["counts"]["sent"]),
        (&"sent".into(), &1.into())
    );
    assert!(events.iter().all(|seen| !seen.id.is_empty()), "{events:?}");
    // 204 is what tells a browser to stop (WHATWG HTML §9.2.3).
    let (status, none) = watch(&world, &id, &events[1].id).await;
    assert_eq!((status, none.len()), (204, 0));
}

async fn who_connects_again_gets_what_is_new(db: TestDb) {
    let world = World::start(&db).await;
    let id = a_sent_issue(&world).await;
    let (_, events) = watch(&world, &id, "").await;
    // The connection broke before the end came.
    let (status, rest) = watch(&world, &id, &events[0].id).await;
    let names: Vec<&str> = rest.iter().map(|seen| seen.event.as_str()).collect();
    assert_eq!((status, names), (200, vec!["end"]));
    assert_eq!(rest[0].id, events[1].id);
    // It broke earlier still.
    let (_, all) = watch(&world, &id, "0123456789abcdef").await;
    assert_eq!(all.len(), 2);
    // The end of another issue ends nothing here.
    let draft = world.draft("Autre").await;
    assert_eq!(world.act(&draft, "cancel").await.0, 200);
    let (status, _) = watch(&world, &draft, &events[1].id).await;
    assert_eq!(status, 200);
}

async fn a_stream_ends_with_the_last_mail_of_a_stopped_issue(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok1@example.org", "ok2@example.org"]).await;
    let id = world.triggered().await;
    let lease = LeaseId(world.clock.new_uuid());
    let claimed = world.claim(&id, lease, 1).await;
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    let mut stream = world.get(&format!("/api/v1/issues/{id}/events"));
    stream = stream.timeout(Duration::from_secs(60));
    let mut stream = stream.send().await.unwrap();
    let first = stream.chunk().await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&first).contains("event: end"));
    let more = timeout(Duration::from_secs(2), stream.chunk()).await;
    assert!(more.is_err(), "one is under way: {more:?}");
    let (store, issue) = (&world.service.store, issue_id(&id));
    let records = [sent(&claimed[0], lease)];
    write(store, issue, &records).await.unwrap();
    publish::settle_stopped(&world.service, issue)
        .await
        .unwrap();
    let rest = stream.text().await.unwrap();
    let events: Vec<Seen> = rest.split_terminator("\n\n").map(seen).collect();
    let end = events.last().unwrap();
    let told: Value = serde_json::from_str(&end.data).unwrap();
    assert_eq!(end.event, "end");
    assert_eq!(told["counts"]["queued"], 0, "{told}");
    assert_eq!(
        (&told["counts"]["sent"], &told["counts"]["skipped"]),
        (&1.into(), &1.into())
    );
}

async fn who_watches_does_not_keep_a_process_from_ending(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.draft("Sommet").await;
    let vera = world.person("Vera", Role::Editor, Language::En).await;
    let mut api = world.get(&format!("/api/v1/issues/{id}/events"));
    api = api.timeout(Duration::from_secs(60));
    let desk = vera.get(&format!("/desk/issues/{id}/events"));
    let desk = desk.timeout(Duration::from_secs(60));
    let mut streams = Vec::new();
    for watching in [api, desk] {
        let mut stream = watching.send().await.unwrap();
        assert_eq!(stream.status(), 200);
        assert!(stream.chunk().await.unwrap().is_some());
        streams.push(stream);
    }
    world.service.stopping.cancel();
    for mut stream in streams {
        while stream.chunk().await.expect("the stream ends").is_some() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stops_ends_its_streams() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let serving = installation.serve("all").await;
    let token = ["token", "add", "--name", "x", "--role", "editor"];
    let token = installation.ok(&token).await;
    let issue = serde_json::json!({
        "newsletter": "asie-centrale", "subject": "Sommet", "intro": "Bonjour.",
    });
    let client = reqwest::Client::new();
    let issues = format!("{}/api/v1/issues", serving.base);
    let made = client.post(&issues).bearer_auth(token.trim()).json(&issue);
    let made: Value = made.send().await.unwrap().json().await.unwrap();
    let id = made["id"].as_str().unwrap();
    let watching = client.get(format!("{issues}/{id}/events"));
    let watching = watching.bearer_auth(token.trim()).send().await;
    let mut stream = watching.unwrap();
    assert!(stream.chunk().await.unwrap().is_some());
    let log = serving.finish().await;
    assert!(!log.contains("still in progress"), "{log}");
    assert!(!log.contains("grace time"), "{log}");
}

async fn a_stream_ends_after_five_minutes(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.draft("Sommet").await;
    let watching = watch(&world, &id, "");
    let later = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.pass(5);
    };
    let ((status, events), ()) = tokio::join!(watching, later);
    let names: Vec<&str> = events.iter().map(|one| one.event.as_str()).collect();
    assert_eq!((status, &names[..]), (200, &["counts"][..]));
}
