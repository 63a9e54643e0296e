//! Drafts: writing, validation, preview, roles.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, LOCATION};
use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::Role;

use super::json_of;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

async fn create(world: &World, body: Value) -> (u16, Value) {
    json_of(world.post("/api/v1/issues").json(&body)).await
}

on_both_databases!(
    a_draft_is_written_changed_and_looked_at,
    wrong_content_is_refused_with_its_place,
    an_issue_that_gmail_clips_says_so,
    only_editors_may_write_and_only_insiders_may_look,
);

async fn a_draft_is_written_changed_and_looked_at(db: TestDb) {
    let world = World::start(&db).await;
    let body = json!({ "newsletter": "asie-centrale", "subject": "Été", "intro": "*Bonjour*" });
    let answer = world
        .post("/api/v1/issues")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let (place, etag) = (
        answer.headers()[LOCATION].clone(),
        answer.headers()[ETAG].clone(),
    );
    let place = place.to_str().unwrap().to_owned();
    let made: Value = answer.json().await.unwrap();
    assert_eq!(
        (&made["status"], &made["slug"]),
        (&json!("draft"), &json!("2026-11-23-ete"))
    );
    assert_eq!(
        place,
        format!("/api/v1/issues/{}", made["id"].as_str().unwrap())
    );

    let patch = json!({ "subject": "Hiver", "parts": [
            { "kind": "text", "title": "Mot", "body": "Un [lien](https://example.org/a), <script>alert(1)</script> et <b onclick=x()>gras</b>." }] });
    let (status, changed) = json_of(
        world
            .http
            .patch(world.url(&place))
            .header(IF_MATCH, &etag)
            .header(AUTHORIZATION, format!("Bearer {}", world.token))
            .json(&patch),
    )
    .await;
    assert_eq!(
        (status, &changed["subject"], &changed["intro"]),
        (200, &json!("Hiver"), &json!("*Bonjour*"))
    );
    // Whoever edits from an older page is told so, and overwrites nothing.
    let (status, problem) = json_of(
        world
            .http
            .patch(world.url(&place))
            .header(IF_MATCH, &etag)
            .bearer_auth(&world.token)
            .json(&json!({ "subject": "Printemps" })),
    )
    .await;
    assert_eq!(status, 412, "{problem}");
    let (_, shown) = json_of(world.get(&place)).await;
    assert_eq!(shown["subject"], "Hiver");

    let html = world
        .get(&format!("{place}/preview?format=html"))
        .send()
        .await
        .unwrap();
    let policy = html.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("script-src"),
        "{policy}"
    );
    let html = html.text().await.unwrap();
    assert!(
        html.contains(">Bonjour</em>") && html.contains("https://example.org/a"),
        "{html}"
    );
    assert!(
        !html.contains("<script") && !html.contains("<b onclick"),
        "{html}"
    );
    let text = world
        .get(&format!("{place}/preview?format=text"))
        .send()
        .await
        .unwrap();
    assert_eq!(text.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    let text = text.text().await.unwrap();
    assert!(
        text.contains("https://example.org/a") && !text.contains("<em>"),
        "{text}"
    );
    let (status, _) = json_of(world.get(&format!("{place}/preview?format=pdf"))).await;
    assert_eq!(status, 422);
}

async fn wrong_content_is_refused_with_its_place(db: TestDb) {
    let world = World::start(&db).await;
    let part =
        |part: Value| json!({ "newsletter": "asie-centrale", "subject": "S", "parts": [part] });
    for (body, field) in [
        (
            json!({ "newsletter": "asie-centrale", "subject": "" }),
            "subject",
        ),
        (
            json!({ "newsletter": "nothing", "subject": "S" }),
            "newsletter",
        ),
        (
            json!({ "newsletter": "asie-centrale", "subject": "a\nb" }),
            "subject",
        ),
        (
            json!({ "newsletter": "asie-centrale", "subject": "a".repeat(1000) }),
            "subject",
        ),
        (part(json!({ "kind": "poem" })), "parts[0].kind"),
        (
            json!({ "newsletter": "asie-centrale", "subject": "S", "intro": "[là](#x)" }),
            "intro",
        ),
        (
            part(json!({ "kind": "text", "body": "| a | b |\n| - | - |\n| 1 | 2 |" })),
            "parts[0].body",
        ),
        (
            part(
                json!({ "kind": "news", "items": [{ "title": "t", "summary": "![](https://example.org/a.png)" }] }),
            ),
            "parts[0].items[0].summary",
        ),
        (
            part(
                json!({ "kind": "news", "items": [{ "title": "t", "url": "javascript:alert(1)" }] }),
            ),
            "parts[0].items[0].url",
        ),
        (
            part(
                json!({ "kind": "news", "items": [{ "title": "t", "url": "https://example.org", "countries": ["xx"] }] }),
            ),
            "parts[0].items[0].countries",
        ),
    ] {
        let (status, problem) = create(&world, body.clone()).await;
        assert_eq!(status, 422, "{body}: {problem}");
        let named = problem["errors"][0]["field"].as_str().unwrap_or_default();
        assert!(named.starts_with(field), "{field}: {problem}");
    }
    let (_, page) = json_of(world.get("/api/v1/issues")).await;
    assert_eq!(page["items"], json!([]), "nothing was written");
}

async fn an_issue_that_gmail_clips_says_so(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let id = world.draft("Court").await;
    let long = "Une phrase sur le Kazakhstan. ".repeat(600);
    let parts = vec![json!({ "kind": "text", "body": long }); 7];
    let place = format!("/api/v1/issues/{id}");
    let request = world.http.patch(world.url(&place));
    let request = request.bearer_auth(&world.token);
    let (status, _) = json_of(request.json(&json!({ "parts": parts }))).await;
    assert_eq!(status, 200);
    let (_, found) = json_of(world.get(&format!("{place}/variants"))).await;
    let variant = &found["variants"][0];
    assert_eq!(variant["clipped"], true, "{found}");
    let preview = world.get(&format!("{place}/preview"));
    let preview = preview.send().await.unwrap();
    let headers = preview.headers().clone();
    assert_eq!(
        headers["xabar-html-bytes"],
        variant["html_bytes"].to_string()
    );
    assert!(headers["xabar-warning"].to_str().unwrap().contains("Gmail"));
    // What is shown also says where links open.
    let size = preview.text().await.unwrap().len();
    let of_mail = variant["html_bytes"].as_u64().unwrap();
    assert!(
        (102 * 1024..=size as u64).contains(&of_mail),
        "{of_mail} of {size}"
    );
}

async fn only_editors_may_write_and_only_insiders_may_look(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.draft("Sommet").await;
    let viewer = accounts::add_token(&world.service, "guest", Role::Viewer)
        .await
        .unwrap();
    let url = world.url(&format!("/api/v1/issues/{id}"));
    for bad in ["", "Bearer ", "Bearer xabar_x", "Basic eDp4"] {
        let request = world.http.get(&url).header(AUTHORIZATION, bad);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401, "{bad}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    }
    assert_eq!(
        world
            .http
            .get(&url)
            .bearer_auth(&viewer)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    for action in ["send", "pause", "resume", "cancel", "test"] {
        let request = world
            .http
            .post(format!("{url}/{action}"))
            .bearer_auth(&viewer);
        let answer = request.json(&json!({})).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{action}");
    }
    let edit = world
        .http
        .patch(&url)
        .bearer_auth(&viewer)
        .json(&json!({ "subject": "X" }));
    assert_eq!(edit.send().await.unwrap().status(), 403);
    assert_eq!(world.issue(&id).await["status"], "draft");
}
