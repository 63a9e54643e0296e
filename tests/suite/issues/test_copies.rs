//! Test copies of issues.

use serde_json::{Value, json};
use xabar::domain::{Actor, EmailAddress};
use xabar::subscribe::suppression::{self, Execution};

use super::json_of;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

on_both_databases!(
    test_copies_go_to_editors_and_open_nothing,
    test_copies_are_few_and_none_goes_to_a_suppressed_address,
);

async fn test_copies_go_to_editors_and_open_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.draft("Sommet").await;
    let url = format!("/api/v1/issues/{id}/test");
    let (status, _) = json_of(
        world
            .post(&url)
            .json(&json!({ "to": ["ed@example.org", "ko@example.org", "ko@EXAMPLE.org"] })),
    )
    .await;
    assert_eq!(status, 202);
    world.work().await;
    let mail = &world.mails_to("ed@example.org")[0];
    assert!(mail.header("Subject").unwrap().contains("Sommet"));
    assert!(!mail.html.contains("/unsubscribe/") && !mail.html.contains("/preferences/"));
    // Mail programs treat it like a reader's; its one click is answered, and ends nothing.
    assert_eq!(mail.header("List-Id"), Some("<asie-centrale.example.org>"));
    let feedback = format!("{id}:asie-centrale:digest:exampleorg");
    assert_eq!(mail.header("Feedback-ID"), Some(feedback.as_str()));
    let one_click = "List-Unsubscribe=One-Click";
    assert_eq!(mail.header("List-Unsubscribe-Post"), Some(one_click));
    let link = link_in(mail.header("List-Unsubscribe").unwrap(), "/unsubscribe/");
    let events = "SELECT COUNT(*) FROM consent_event";
    let before = db.number(events).await;
    let answer = world.submit(&link, &[("List-Unsubscribe", "One-Click")]);
    assert_eq!(answer.await.status(), 200);
    let (status, page) = world.page(&link).await;
    assert!(status == 200 && page.contains("copie d’essai"), "{page}");
    assert_eq!(db.number(events).await, before);
    assert_eq!(world.caught_for("ko@example.org").len(), 1);
    assert_eq!(world.issue(&id).await["status"], "draft");
    for (body, field) in [
        (json!({ "to": [] }), "to"),
        (json!({ "to": ["ed@example.org", "nobody"] }), "to[1]"),
        (json!({ "to": vec!["ed@example.org"; 21] }), "to"),
    ] {
        let (status, problem) = json_of(world.post(&url).json(&body)).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!(field)),
            "{problem}"
        );
    }
    world.assert_idle().await;
}

async fn test_copies_are_few_and_none_goes_to_a_suppressed_address(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.draft("Sommet").await;
    let never: EmailAddress = "never@example.org".parse().unwrap();
    let (by, once) = (&Actor::CommandLine, Execution::Real);
    suppression::suppress(
        &world.service,
        std::slice::from_ref(&never),
        "asked",
        by,
        once,
    )
    .await
    .unwrap();
    let send = async |to: &[String]| -> (u16, Value) {
        let path = format!("/api/v1/issues/{id}/test");
        json_of(world.post(&path).json(&json!({ "to": to }))).await
    };
    let twenty = |round: usize| -> Vec<String> {
        let address = |n| format!("ed{round}-{n}@example.org");
        (0..20).map(address).collect()
    };
    let (status, said) = send(&["ed@example.org".to_owned(), never.to_string()]).await;
    assert_eq!((status, &said["copies"]), (202, &json!(1)), "{said}");
    assert_eq!(said["suppressed"], json!([1]));
    let logged = "SELECT COUNT(*) FROM audit_event WHERE action = 'test-copies'";
    assert_eq!(db.number(logged).await, 1);
    for round in 0..2 {
        assert_eq!(send(&twenty(round)).await.0, 202);
    }
    let (status, problem) = send(&twenty(2)).await;
    assert_eq!((status, &problem["type"]), (429, &json!("/docs#too-many")));
    assert_eq!(db.number(logged).await, 3);
    world.work().await;
    assert!(world.mails_to("never@example.org").is_empty());
    assert!(world.mails_to("ed2-0@example.org").is_empty());
    world.pass(60);
    assert_eq!(send(&twenty(2)).await.0, 202);
}
