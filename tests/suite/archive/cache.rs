//! The page cache and HTTP caching: nobody gets a page that is out of date or not for them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, VARY,
};
use reqwest::Response;
use serde_json::json;
use xabar::domain::Purpose;

use super::{add, publish, set};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const ISSUE_PARTS: &str = r#"[{ "kind": "text", "body": "Le glacier recule." }]"#;

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = world.http.get(world.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header(answer: &Response, name: impl axum::http::header::AsHeaderName) -> String {
    let values = answer.headers().get_all(name).iter();
    let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
    values.join(", ")
}

async fn with_an_issue(db: &TestDb) -> (World, String, String) {
    let world = World::start(db).await;
    let parts = serde_json::from_str(ISSUE_PARTS).unwrap();
    let (id, path) = publish(&world, "asie-centrale", "Le glacier", parts).await;
    (world, id, path)
}

on_both_databases!(
    a_page_that_the_client_has_is_not_sent_again,
    a_correction_shows_at_once,
    a_change_by_another_process_shows_soon,
    the_language_of_one_visitor_is_not_served_to_another,
    what_is_for_one_person_is_kept_nowhere,
    a_compressed_page_says_the_same,
    each_issue_has_a_picture_for_social_networks,
    a_kept_form_is_for_its_moment_and_for_everybody,
    a_kept_page_has_the_headers_of_a_rendered_one,
);

async fn a_page_that_the_client_has_is_not_sent_again(db: TestDb) {
    let (world, _, issue) = with_an_issue(&db).await;
    let list = "/archive/asie-centrale";
    let feed = "/archive/asie-centrale/feed.xml";
    for path in [list, feed, &issue, "/sitemap.xml", "/search?q=glacier"] {
        let first = get(&world, path, &[]).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        assert_eq!(
            header(&first, CACHE_CONTROL),
            "public, max-age=0, s-maxage=60",
            "{path}"
        );
        let (tag, time) = (header(&first, ETAG), header(&first, LAST_MODIFIED));
        assert!(tag.starts_with("W/\""), "{path}: {tag}");

        for known in [
            (IF_NONE_MATCH, tag.as_str()),
            (IF_NONE_MATCH, &format!("\"another\", {tag}")),
            (IF_NONE_MATCH, "*"),
            (IF_MODIFIED_SINCE, &time),
        ] {
            let again = get(&world, path, &[(known.0.as_str(), known.1)]).await;
            assert_eq!(
                again.status(),
                StatusCode::NOT_MODIFIED,
                "{path}: {known:?}"
            );
            assert_eq!(header(&again, ETAG), tag);
            assert_eq!(again.text().await.unwrap(), "");
        }
        for unknown in [
            (IF_NONE_MATCH, "W/\"another\""),
            (IF_NONE_MATCH, "nonsense"),
            (IF_MODIFIED_SINCE, "Mon, 01 Jan 2001 00:00:00 GMT"),
            (IF_MODIFIED_SINCE, "nonsense"),
        ] {
            let again = get(&world, path, &[(unknown.0.as_str(), unknown.1)]).await;
            assert_eq!(again.status(), StatusCode::OK, "{path}: {unknown:?}");
        }
        // The tag counts, not the time (RFC 9110, section 13.2.2).
        let both = [
            (IF_NONE_MATCH.as_str(), "\"another\""),
            (IF_MODIFIED_SINCE.as_str(), time.as_str()),
        ];
        assert_eq!(get(&world, path, &both).await.status(), StatusCode::OK);

        let head = world.http.head(world.url(path)).send().await.unwrap();
        assert_eq!((head.status(), header(&head, ETAG)), (StatusCode::OK, tag));
    }
}

async fn a_correction_shows_at_once(db: TestDb) {
    let (world, id, path) = with_an_issue(&db).await;
    let before = get(&world, &path, &[]).await;
    let (tag, time) = (header(&before, ETAG), header(&before, LAST_MODIFIED));
    let feed = header(
        &get(&world, "/archive/asie-centrale/feed.xml", &[]).await,
        ETAG,
    );
    assert!(before.text().await.unwrap().contains("Le glacier recule."));

    assert_eq!(world.act(&id, "pause").await.0, 200);
    let body = json!({ "parts": [{ "kind": "text", "body": "Le glacier avance." }] });
    let request = world.patch(&format!("/api/v1/issues/{id}"));
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(
        answer.status(),
        StatusCode::OK,
        "{}",
        answer.text().await.unwrap()
    );

    let after = get(&world, &path, &[(IF_NONE_MATCH.as_str(), &tag)]).await;
    assert_eq!(after.status(), StatusCode::OK);
    assert!(after.text().await.unwrap().contains("Le glacier avance."));
    // Even to one that only knows times, and within the same second.
    let after = get(&world, &path, &[(IF_MODIFIED_SINCE.as_str(), &time)]).await;
    assert_eq!(after.status(), StatusCode::OK);
    let known = [(IF_NONE_MATCH.as_str(), feed.as_str())];
    let after = get(&world, "/archive/asie-centrale/feed.xml", &known).await;
    assert_eq!(after.status(), StatusCode::OK);

    set(
        &world,
        "asie-centrale",
        json!({ "title": "Un autre titre" }),
    )
    .await;
    let renamed = get(&world, &path, &[]).await.text().await.unwrap();
    assert!(renamed.contains("Un autre titre"));
}

async fn a_change_by_another_process_shows_soon(db: TestDb) {
    let (world, _, path) = with_an_issue(&db).await;
    let before = get(&world, &path, &[]).await.text().await.unwrap();
    assert!(!before.contains("Fremder Titel"));
    // As another process would: this one does not see the commit.
    db.execute("UPDATE newsletter SET title = 'Fremder Titel', version = version + 1")
        .await
        .unwrap();
    let mut shown = false;
    for _ in 0..200 {
        let page = get(&world, &path, &[]).await.text().await.unwrap();
        shown = page.contains("Fremder Titel");
        if shown {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(shown);
}

async fn the_language_of_one_visitor_is_not_served_to_another(db: TestDb) {
    let (world, _, issue) = with_an_issue(&db).await;
    add(&world, "zentralasien", "Zentralasien").await;
    let (home, search) = ("/archive", "/search?q=glacier");
    for path in [
        home,
        search,
        "/",
        "/subscribe",
        "/archive/nowhere",
        "/nowhere",
    ] {
        for (accepted, lang) in [("ru", "ru"), ("fr", "fr"), ("ru, fr", "ru")] {
            let answer = get(&world, path, &[(ACCEPT_LANGUAGE.as_str(), accepted)]).await;
            let vary = header(&answer, VARY);
            assert!(vary.contains("accept-language"), "{path}: {vary}");
            let page = answer.text().await.unwrap();
            assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{path}");
        }
    }
    // The language of an issue is that of its newsletter: one copy serves everybody.
    for path in [&*issue, "/archive/asie-centrale"] {
        let answer = get(&world, path, &[(ACCEPT_LANGUAGE.as_str(), "ru")]).await;
        assert!(!header(&answer, VARY).contains("language"), "{path}");
        assert!(answer.text().await.unwrap().contains("<html lang=\"fr\">"));
    }
}

async fn what_is_for_one_person_is_kept_nowhere(db: TestDb) {
    let (world, _, issue) = with_an_issue(&db).await;
    world.join("aigul@example.org").await;
    let preferences = world.link("aigul@example.org", Purpose::Preferences).await;
    let own = world.http.get(preferences).send().await.unwrap();
    assert_eq!(header(&own, CACHE_CONTROL), "no-store");
    for path in ["/", "/subscribe?newsletter=asie-centrale"] {
        let form = get(&world, path, &[]).await;
        assert_eq!(header(&form, CACHE_CONTROL), "no-store", "{path}");
        assert_eq!(header(&form, ETAG), "");
    }
    // Nor is an error kept: what is not there now may come.
    let missing = get(&world, "/archive/asie-centrale/nothing", &[]).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        (header(&missing, ETAG), header(&missing, CACHE_CONTROL)),
        (String::new(), "no-store".to_owned())
    );

    set(&world, "asie-centrale", json!({ "visibility": "private" })).await;
    for path in [&*issue, "/archive/asie-centrale/feed.xml"] {
        assert_eq!(
            get(&world, path, &[]).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

async fn a_compressed_page_says_the_same(db: TestDb) {
    let (world, _, issue) = with_an_issue(&db).await;
    let plain = get(&world, &issue, &[]).await;
    assert_eq!(header(&plain, CONTENT_ENCODING), "");
    assert!(header(&plain, VARY).contains("accept-encoding"));
    let plain = plain.bytes().await.unwrap();
    for (accepted, encoding) in [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("*", "gzip"),
        ("gzip;q=0, *", ""),
        ("gzip; q=0", ""),
        ("identity", ""),
    ] {
        let answer = get(&world, &issue, &[(ACCEPT_ENCODING.as_str(), accepted)]).await;
        assert_eq!(header(&answer, CONTENT_ENCODING), encoding, "{accepted}");
        let mut octets = answer.bytes().await.unwrap().to_vec();
        if encoding == "gzip" {
            let mut unpacked = Vec::new();
            let mut packed = flate2::read::GzDecoder::new(&octets[..]);
            std::io::Read::read_to_end(&mut packed, &mut unpacked).unwrap();
            octets = unpacked;
        }
        assert!(octets == plain, "{accepted}");
    }
}

async fn each_issue_has_a_picture_for_social_networks(db: TestDb) {
    let (world, _, issue) = with_an_issue(&db).await;
    let page = get(&world, &issue, &[]).await.text().await.unwrap();
    let picture = format!("{issue}/card.png");
    let meta = format!(
        "<meta property=\"og:image\" content=\"{}\">",
        world.url(&picture)
    );
    assert!(page.contains(&meta), "{page}");
    assert!(page.contains("<meta name=\"twitter:card\" content=\"summary_large_image\">"));
    let answer = get(&world, &picture, &[]).await;
    assert_eq!(header(&answer, CONTENT_TYPE), "image/png");
    let octets = answer.bytes().await.unwrap();
    let size = imagesize::blob_size(&octets).unwrap();
    assert_eq!((size.width, size.height), (1200, 630));
    for missing in ["/archive/asie-centrale/x/card.png", "/archive/x/y/card.png"] {
        assert_eq!(
            get(&world, missing, &[]).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

/// All headers of an answer but those that each has of its own; its id has been taken out.
fn common_headers(answer: &Response) -> (BTreeSet<(String, String)>, String) {
    let all = answer.headers().iter();
    let all = all.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let own = ["date", "x-request-id"];
    let common = all.filter(|(name, _)| !own.contains(&name.as_str()));
    (common.collect(), header(answer, "x-request-id"))
}

async fn a_kept_page_has_the_headers_of_a_rendered_one(db: TestDb) {
    let (world, _, issue) = with_an_issue(&db).await;
    let sites = json!({ "sites": ["https://friend.example"] });
    set(&world, "asie-centrale", sites).await;
    let pages = [
        ("/", "form-action 'self';"),
        ("/subscribe?newsletter=asie-centrale", "form-action 'self';"),
        (
            "/embed/asie-centrale",
            "frame-ancestors 'self' https://friend.example",
        ),
        ("/archive/asie-centrale", "default-src 'none';"),
        ("/archive/asie-centrale/feed.xml", "default-src 'none';"),
        (&*issue, "default-src 'none';"),
        ("/search?q=glacier", "default-src 'none';"),
        ("/sitemap.xml", "default-src 'none';"),
    ];
    for (path, policy) in pages {
        for accepted in ["gzip", "identity"] {
            let asked = [(ACCEPT_ENCODING.as_str(), accepted)];
            let first = get(&world, path, &asked).await;
            let (rendered, id) = common_headers(&first);
            assert!(
                header(&first, CONTENT_SECURITY_POLICY).contains(policy),
                "{path}: {rendered:?}"
            );
            assert_eq!(
                header(&first, "x-content-type-options"),
                "nosniff",
                "{path}"
            );
            let page = first.bytes().await.unwrap();
            let mut ids = BTreeSet::from([id]);
            for _ in 0..3 {
                let again = get(&world, path, &asked).await;
                let (kept, id) = common_headers(&again);
                assert_eq!(kept, rendered, "{path}");
                assert!(again.bytes().await.unwrap() == page, "{path}");
                ids.insert(id);
            }
            assert_eq!(ids.len(), 4, "{path}: each answer has an id of its own");
            assert!(ids.iter().all(|id| id.len() == 32), "{path}: {ids:?}");
        }
    }
    // What a client claims to be the id is not believed, and a body changes nothing.
    let own = [("x-request-id", "mine")];
    assert_ne!(
        header(&get(&world, "/", &own).await, "x-request-id"),
        "mine"
    );
    let request = world.http.get(world.url("/")).body("a body");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    // A browser that has the page is told so under the same policies.
    let tag = header(&get(&world, &issue, &[]).await, ETAG);
    let known = get(&world, &issue, &[(IF_NONE_MATCH.as_str(), &tag)]).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert!(header(&known, CONTENT_SECURITY_POLICY).starts_with("default-src 'none';"));
    assert_eq!(header(&known, "x-request-id").len(), 32);
}

/// The answer to GET with this language, as a browser sends it.
async fn form(world: &World, path: &str, language: &str) -> String {
    let answer = get(world, path, &[(ACCEPT_LANGUAGE.as_str(), language)]).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    assert_eq!(header(&answer, CACHE_CONTROL), "no-store", "{path}");
    assert!(header(&answer, VARY).contains("accept-language"), "{path}");
    answer.text().await.unwrap()
}

fn stamp(form: &str) -> &str {
    let (_, rest) = form.split_once("name=\"stamp\" value=\"").unwrap();
    rest.split_once('"').unwrap().0
}

async fn a_kept_form_is_for_its_moment_and_for_everybody(db: TestDb) {
    let world = World::start(&db).await;
    let french = form(&world, "/subscribe", "fr").await;
    let german = form(&world, "/subscribe", "de").await;
    assert!(french.contains("lang=\"fr\"") && german.contains("lang=\"de\""));
    assert!(
        form(&world, "/subscribe", "fr")
            .await
            .contains("lang=\"fr\"")
    );

    // What one visitor's link fills in is not shown to the next.
    let filled = form(&world, "/subscribe?email=anna%40example.org", "fr").await;
    assert!(filled.contains("anna@example.org"));
    for path in ["/subscribe", "/subscribe?lang=fr", "/"] {
        let next = form(&world, path, "fr").await;
        assert!(!next.contains("anna@example.org"), "{path}");
    }

    // The stamp says when this form was shown.
    world.pass(1);
    let later = form(&world, "/subscribe", "fr").await;
    assert_ne!(stamp(&later), stamp(&french));

    set(
        &world,
        "asie-centrale",
        json!({ "title": "Un autre titre" }),
    )
    .await;
    let renamed = form(&world, "/subscribe", "fr").await;
    assert!(renamed.contains("Un autre titre"), "a change shows at once");

    // The sites that may frame a form are those of every copy of it.
    set(
        &world,
        "asie-centrale",
        json!({ "sites": ["https://friend.example"] }),
    )
    .await;
    for _ in 0..2 {
        let answer = get(&world, "/embed/asie-centrale", &[]).await;
        let policy = header(&answer, CONTENT_SECURITY_POLICY);
        assert!(policy.contains("frame-ancestors 'self' https://friend.example"));
    }

    let packed = [
        (ACCEPT_ENCODING.as_str(), "gzip"),
        (ACCEPT_LANGUAGE.as_str(), "fr"),
    ];
    let packed = get(&world, "/subscribe", &packed).await;
    assert_eq!(header(&packed, CONTENT_ENCODING), "gzip");
    let octets = packed.bytes().await.unwrap();
    let mut unpacked = String::new();
    let mut reader = flate2::read::GzDecoder::new(&octets[..]);
    std::io::Read::read_to_string(&mut reader, &mut unpacked).unwrap();
    assert!(unpacked.contains("Un autre titre") && !stamp(&unpacked).is_empty());

    let missing = get(&world, "/embed/nothing", &[]).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}
