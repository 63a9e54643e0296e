//! The stream of an issue's counts, as a browser's `EventSource` reads it.

use std::time::Duration;

use serde_json::Value;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_stream_ends_with_an_event_and_is_not_resumed,
    who_connects_again_gets_what_is_new,
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
