//! Forms, queries and paths that cannot be read: the answer is a page in the visitor's language.

use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};

use crate::support::both::TestDb;
use crate::support::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_answered_by_a_page() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let get = |path: &str| world.http.get(world.url(path));
    let form = |path: &str, kind: &str| {
        let request = world.http.post(world.url(path));
        request.header(CONTENT_TYPE, kind).body("a=b")
    };
    let url_encoded = "application/x-www-form-urlencoded";
    for (request, status) in [
        (form("/declined/undo", url_encoded), 422),
        (form("/declined/undo", "text/plain"), 415),
        (form("/consent-record", "text/plain"), 415),
        (get("/desk/sign-in?next=a&next=b"), 200),
        (get("/archive/%ff"), 404),
        (get("/archive/asie-centrale/%ff"), 404),
        (get("/archive/%ff/feed.xml"), 404),
        (get("/archive/%ff/%ff/card.png"), 404),
        (get("/sitemap/%ff"), 404),
        (get("/picture/%ff"), 404),
        (get("/logo/%ff"), 404),
        (get("/theme/%ff"), 404),
    ] {
        let answer = request.header(ACCEPT_LANGUAGE, "de").send().await.unwrap();
        let path = answer.url().path().to_owned();
        assert_eq!(answer.status(), status, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("<html lang=\"de\""), "{path}: {page}");
    }
    let embedded = get("/embed/%ff")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(embedded.contains("<html lang="), "{embedded}");
}
