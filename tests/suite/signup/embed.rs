//! Sign-up on other sites: a pasted form, a frame, and CORS for scripts.

use reqwest::header::{HeaderMap, LOCATION, ORIGIN};
use serde_json::{Value, json};
use xabar::accounts;
use xabar::config::ProofOfWork;
use xabar::domain::Role;

use crate::signup::proof_of_work;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const SITE: &str = "https://magazine.example.org";
const API: &str = "/api/v1/subscriptions";
const FORM: [(&str, &str); 3] = [
    ("email", "reader@example.org"),
    ("newsletter", "asie-centrale"),
    ("consent", "yes"),
];

/// Trusts these sites.
async fn trust(world: &World, sites: &[&str]) -> u16 {
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let request = world
        .http
        .patch(world.url("/api/v1/newsletters/asie-centrale"));
    let answer = request
        .bearer_auth(owner)
        .json(&json!({ "sites": sites }))
        .send()
        .await
        .unwrap();
    // What was read a second ago is believed.
    world.pass(1);
    answer.status().as_u16()
}

async fn preflight(world: &World, path: &str, origin: &str) -> HeaderMap {
    let request = world
        .http
        .request(reqwest::Method::OPTIONS, world.url(path))
        .header(ORIGIN, origin);
    let request = request
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    request.send().await.unwrap().headers().clone()
}

fn allowed(headers: &HeaderMap) -> Option<&str> {
    headers
        .get("access-control-allow-origin")
        .map(|value| value.to_str().unwrap())
}

fn policy(headers: &HeaderMap) -> &str {
    headers["content-security-policy"].to_str().unwrap()
}

on_both_databases!(
    a_pasted_form_gets_in_and_people_come_back_to_the_magazine,
    nobody_is_sent_anywhere_else,
    only_trusted_sites_may_frame_the_form,
    only_trusted_sites_may_sign_up_by_script,
    a_script_of_a_trusted_site_gets_the_challenge_it_needs,
    a_form_that_must_wait_keeps_what_its_site_said,
    what_is_no_site_is_refused,
    editors_are_shown_what_to_paste,
);

async fn a_pasted_form_gets_in_and_people_come_back_to_the_magazine(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(trust(&world, &[SITE]).await, 200);
    let back = format!("{SITE}/merci?x=1");
    let mut form = FORM.to_vec();
    form.push(("return", &back));
    let request = world
        .http
        .post(world.url("/subscribe"))
        .header(ORIGIN, SITE)
        .form(&form);
    let answer = request.send().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()[LOCATION].to_str().unwrap()
        ),
        (303, back.as_str())
    );
    assert_eq!(world.state("reader@example.org").await, "pending");
    let subscription = world.subscription("reader@example.org").await.unwrap();
    let mut db = world.service.store.read().await.unwrap();
    let events = xabar::store::consent::of_subscription(&mut db, subscription.id)
        .await
        .unwrap();
    assert!(
        events[0].page.starts_with(SITE),
        "the record says where: {}",
        events[0].page
    );
}

async fn nobody_is_sent_anywhere_else(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(trust(&world, &[SITE, "*"]).await, 200);
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https://magazine.example.org.evil.example/",
        "https://magazine.example.org@evil.example/",
        "http://magazine.example.org/",
        "javascript:alert(1)",
        "",
    ] {
        let mut form = FORM.to_vec();
        form.push(("return", elsewhere));
        let answer = world.submit("/subscribe", &form).await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers().get(LOCATION)),
            (200, None),
            "{elsewhere}"
        );
        assert!(!answer.text().await.unwrap().contains("evil"));
    }
    // A form that has to be mended remembers where to, and may end there.
    let back = format!("{SITE}/merci");
    let answer = world
        .submit(
            "/subscribe",
            &[
                ("email", "x"),
                ("newsletter", "asie-centrale"),
                ("return", &back),
            ],
        )
        .await;
    assert_eq!(answer.status(), 422);
    assert!(
        policy(answer.headers()).contains(&format!("form-action 'self' {SITE};")),
        "{}",
        policy(answer.headers())
    );
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains(&format!("name=\"return\" value=\"{back}\""))
    );
}

async fn only_trusted_sites_may_frame_the_form(db: TestDb) {
    let world = World::start(&db).await;
    let framed = async || {
        world
            .http
            .get(world.url("/embed/asie-centrale?lang=de"))
            .send()
            .await
            .unwrap()
    };
    assert!(policy(framed().await.headers()).ends_with("frame-ancestors 'self'"));
    assert_eq!(trust(&world, &[SITE]).await, 200);
    let answer = framed().await;
    let said = policy(answer.headers()).to_owned();
    assert!(
        said.contains(&format!("frame-ancestors 'self' {SITE}"))
            && said.contains("form-action 'self';"),
        "{said}"
    );
    assert!(!answer.headers().contains_key("x-frame-options"));
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("<html lang=\"de\">")
            && page.contains("action=\"/embed/asie-centrale\"")
            && !page.contains("site-head"),
        "{page}"
    );
    let taken = world
        .submit(
            "/embed/asie-centrale",
            &[("email", "reader@example.org"), ("consent", "yes")],
        )
        .await;
    assert_eq!(taken.status(), 200);
    assert!(
        policy(taken.headers()).contains(SITE) && !taken.headers().contains_key("x-frame-options")
    );
    assert_eq!(world.state("reader@example.org").await, "pending");
    for path in [
        "/",
        "/subscribe",
        "/archive/asie-centrale",
        "/nothing",
        "/docs",
    ] {
        let answer = world.http.get(world.url(path)).send().await.unwrap();
        assert_eq!(answer.headers()["x-frame-options"], "SAMEORIGIN", "{path}");
        assert!(!policy(answer.headers()).contains(SITE), "{path}");
    }
    assert_eq!(
        world
            .http
            .get(world.url("/embed/nothing"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

async fn only_trusted_sites_may_sign_up_by_script(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(allowed(&preflight(&world, API, SITE).await), None);
    assert_eq!(trust(&world, &[SITE]).await, 200);
    let headers = preflight(&world, API, SITE).await;
    assert_eq!(allowed(&headers), Some(SITE));
    assert_eq!(headers["access-control-allow-methods"], "POST");
    assert!(!headers.contains_key("access-control-allow-credentials"));
    for other in [
        "https://evil.example",
        "null",
        "http://magazine.example.org",
        "https://magazine.example.org.evil.example",
    ] {
        assert_eq!(
            allowed(&preflight(&world, API, other).await),
            None,
            "{other}"
        );
    }
    let body = json!({ "email": "reader@example.org" });
    let answer = world
        .http
        .post(world.url(API))
        .header(ORIGIN, SITE)
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), allowed(answer.headers())),
        (202, Some(SITE))
    );
    // Nothing else can be asked for from there.
    for path in [
        "/api/v1/issues",
        "/api/v1/newsletters",
        "/subscribe",
        "/archive",
    ] {
        assert_eq!(
            allowed(&preflight(&world, path, SITE).await),
            None,
            "{path}"
        );
    }
    assert_eq!(trust(&world, &["*"]).await, 200);
    assert_eq!(
        allowed(&preflight(&world, API, "https://anybody.example").await),
        Some("https://anybody.example")
    );
}

async fn a_script_of_a_trusted_site_gets_the_challenge_it_needs(db: TestDb) {
    let world =
        proof_of_work::world(&db, |limits| limits.proof_of_work = ProofOfWork::Always).await;
    assert_eq!(trust(&world, &[SITE]).await, 200);
    let asked = async |origin| {
        let request = world
            .http
            .get(world.url("/api/v1/challenge"))
            .header(ORIGIN, origin);
        request.send().await.unwrap().headers().clone()
    };
    assert_eq!(allowed(&asked(SITE).await), Some(SITE));
    assert_eq!(allowed(&asked("https://evil.example").await), None);
    for (altcha, status) in [(None, 422), (Some(proof_of_work::proof(&world).await), 202)] {
        let body = json!({ "email": "reader@example.org", "altcha": altcha });
        let answer = world
            .http
            .post(world.url(API))
            .header(ORIGIN, SITE)
            .json(&body)
            .send()
            .await
            .unwrap();
        // What is missing is told to the script, too.
        assert_eq!(
            (answer.status().as_u16(), allowed(answer.headers())),
            (status, Some(SITE))
        );
    }
    assert_eq!(world.state("reader@example.org").await, "pending");
}

async fn a_form_that_must_wait_keeps_what_its_site_said(db: TestDb) {
    let world = proof_of_work::world(&db, |limits| {
        limits.proof_of_work = ProofOfWork::Always;
        limits.slow_seconds = 30;
    })
    .await;
    assert_eq!(trust(&world, &[SITE]).await, 200);
    let back = format!("{SITE}/merci");
    for (path, rule) in [
        ("/subscribe", "form-action"),
        ("/embed/asie-centrale", "frame-ancestors"),
    ] {
        let email = format!("{rule}@example.org");
        let mut form = vec![
            ("email", email.as_str()),
            ("newsletter", "asie-centrale"),
            ("consent", "yes"),
            ("return", &back),
        ];
        let answer = world.submit(path, &form).await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers().get(LOCATION)),
            (200, None)
        );
        let said = policy(answer.headers()).to_owned();
        assert!(
            said.contains(&format!("{rule} 'self' {SITE}")) && said.contains("worker-src 'self'"),
            "{said}"
        );
        let page = answer.text().await.unwrap();
        assert!(page.contains(&format!("action=\"{path}\"")), "{page}");
        assert_eq!(world.state(&email).await, "none", "it has to wait");
        let (stamp, wait) = (
            proof_of_work::hidden(&page, "stamp"),
            proof_of_work::hidden(&page, "wait"),
        );
        form.extend([("stamp", stamp), ("wait", wait)]);
        world.clock.advance(jiff::SignedDuration::from_secs(30));
        let answer = world.submit(path, &form).await;
        let location = answer
            .headers()
            .get(LOCATION)
            .map(|to| to.to_str().unwrap());
        assert_eq!(location, (rule == "form-action").then_some(back.as_str()));
        assert_eq!(world.state(&email).await, "pending");
    }
}

async fn what_is_no_site_is_refused(db: TestDb) {
    let world = World::start(&db).await;
    for wrong in [
        "magazine.example.org",
        "https://magazine.example.org/path",
        "https://*.example.org",
        "javascript:x",
        "https://a.example; script-src *",
        "https://a.example;script-src",
    ] {
        assert_eq!(trust(&world, &[wrong]).await, 422, "{wrong}");
    }
}

async fn editors_are_shown_what_to_paste(db: TestDb) {
    let world = World::start(&db).await;
    let snippet = "/api/v1/newsletters/asie-centrale/snippet";
    let shown: Value = world
        .get(snippet)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let form = shown["form"].as_str().unwrap();
    assert!(
        form.contains(&format!("action=\"{}\"", world.url("/subscribe")))
            && form.contains("J’accepte de recevoir"),
        "{form}"
    );
    assert!(!form.contains("<script") && !form.contains("style") && shown["frame"].is_null());
    let refused = world
        .get(&format!("{snippet}?return={SITE}/merci"))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 422);
    assert_eq!(trust(&world, &[SITE]).await, 200);
    let shown: Value = world
        .get(&format!("{snippet}?lang=de&return={SITE}/danke"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(
        shown["form"]
            .as_str()
            .unwrap()
            .contains(&format!("name=\"return\" value=\"{SITE}/danke\""))
    );
    assert!(
        shown["frame"]
            .as_str()
            .unwrap()
            .contains(&world.url("/embed/asie-centrale?lang=de"))
    );
}
