//! Branding: colour, logo and legal texts of a newsletter, on its pages and in its mails.

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::Role;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const FIRST: &str = "/api/v1/newsletters/asie-centrale";
const PICTURE: &[u8] = include_bytes!("../../../src/web/static/karakoul.png");

struct Owner<'a>(&'a World, String);

impl<'a> Owner<'a> {
    async fn of(world: &'a World) -> Self {
        let token = accounts::add_token(&world.service, "owner", Role::Owner);
        Self(world, token.await.unwrap())
    }

    async fn set(&self, patch: Value) -> (u16, Value) {
        let request = self.0.http.patch(self.0.url(FIRST)).json(&patch);
        let answer = request.bearer_auth(&self.1).send().await.unwrap();
        // What was read a second ago is believed.
        self.0.pass(1);
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn logo(&self, octets: Vec<u8>) -> (u16, Value) {
        let url = self.0.url(&format!("{FIRST}/logo"));
        let request = self.0.http.put(url).bearer_auth(&self.1).body(octets);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

async fn page(world: &World, path: &str) -> String {
    let answer = world.http.get(world.url(path)).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.contains("style-src 'self';") && !policy.contains("unsafe"),
        "{policy}"
    );
    answer.text().await.unwrap()
}

on_both_databases!(
    a_colour_reaches_pages_and_mails,
    a_logo_is_kept_and_served_by_ourselves,
    legal_texts_are_linked_in_the_readers_language,
);

async fn a_colour_reaches_pages_and_mails(db: TestDb) {
    let world = World::start(&db).await;
    let owner = Owner::of(&world).await;
    assert!(!page(&world, "/subscribe").await.contains("/theme/"));
    let (status, _) = owner.set(json!({ "accent": "#7a1f3d" })).await;
    assert_eq!(status, 200);
    let form = page(&world, "/subscribe").await;
    assert!(
        form.contains("<link rel=\"stylesheet\" href=\"/theme/7a1f3d\">")
            && !form.contains("style="),
        "{form}"
    );
    let theme = world
        .http
        .get(world.url("/theme/7a1f3d"))
        .send()
        .await
        .unwrap();
    assert_eq!(theme.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
    let css = theme.text().await.unwrap();
    assert!(
        css.starts_with(":root{--accent:#7a1f3d;") && css.contains("prefers-color-scheme:dark"),
        "{css}"
    );
    for path in [
        "/theme/7a1f3",
        "/theme/ffffff",
        "/theme/red;x",
        "/theme/7a1f3d}",
    ] {
        assert_eq!(
            world
                .http
                .get(world.url(path))
                .send()
                .await
                .unwrap()
                .status(),
            404,
            "{path}"
        );
    }
    world.join("reader@example.org").await;
    let issue = world.draft("Sommet").await;
    world.act(&issue, "send").await;
    world.work().await;
    let mails = world.mails_to("reader@example.org");
    assert_eq!(mails.len(), 3);
    for mail in mails {
        let html = mail.html.to_lowercase();
        assert!(
            html.contains("#7a1f3d") && !html.contains("#0b5c68") && !html.contains("#86cdd4"),
            "{html}"
        );
    }
    for (accent, why) in [
        ("#f5b642", "too light"),
        ("red", "not a colour"),
        ("#12", "not a colour"),
    ] {
        let (status, problem) = owner.set(json!({ "accent": accent })).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!("accent")),
            "{accent}"
        );
        assert!(
            problem["detail"].as_str().unwrap().contains(why),
            "{problem}"
        );
    }
    owner.set(json!({ "accent": "" })).await;
    assert!(!page(&world, "/subscribe").await.contains("/theme/"));
}

async fn a_logo_is_kept_and_served_by_ourselves(db: TestDb) {
    let world = World::start(&db).await;
    let owner = Owner::of(&world).await;
    let (status, after) = owner.logo(PICTURE.to_vec()).await;
    assert_eq!((status, &after["version"]), (200, &json!(2)), "{after}");
    let url = after["logo_url"].as_str().unwrap();
    let served = world.http.get(url).send().await.unwrap();
    assert_eq!(served.headers()[CONTENT_TYPE], "image/png");
    assert_eq!(served.headers()["x-content-type-options"], "nosniff");
    assert!(
        served.headers()[CACHE_CONTROL]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    assert_eq!(served.bytes().await.unwrap(), PICTURE);
    let path = url.strip_prefix(&world.base).unwrap();
    assert!(
        page(&world, "/subscribe")
            .await
            .contains(&format!("<img class=\"logo\" src=\"{path}\" alt=\"\""))
    );
    world.pass(1);
    world.join("reader@example.org").await;
    let mail = &world.mails_to("reader@example.org")[0];
    assert!(mail.html.contains(url), "{}", mail.html);
    // Other words leave it; another picture has another address, and the old one stays.
    let (_, after) = owner.set(json!({ "title": "Steppe" })).await;
    assert_eq!(after["logo_url"], url);
    for wrong in [
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec(),
        b"GIF89a".to_vec(),
        PICTURE[..33].to_vec(),
        vec![0; 150_000],
    ] {
        let (status, problem) = owner.logo(wrong).await;
        assert!([413, 422].contains(&status), "{problem}");
    }
    let (status, problem) = owner.logo(vec![0; 3 * 1024 * 1024]).await;
    assert_eq!(
        (status, &problem["status"]),
        (413, &Value::from(413)),
        "{problem}"
    );
    let removed = world
        .http
        .delete(world.url(&format!("{FIRST}/logo")))
        .bearer_auth(&owner.1)
        .send()
        .await
        .unwrap();
    assert_eq!(
        removed.json::<Value>().await.unwrap()["logo_url"],
        Value::Null
    );
    assert!(!page(&world, "/subscribe").await.contains("/logo/"));
    assert_eq!(
        world.http.get(url).send().await.unwrap().status(),
        200,
        "mails that were sent show it"
    );
    assert_eq!(
        world
            .http
            .get(world.url("/logo/nothing.png"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
    let refused = world
        .http
        .put(world.url(&format!("{FIRST}/logo")))
        .bearer_auth(&world.token)
        .body(PICTURE.to_vec())
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 403, "an editor is no owner");
}

async fn legal_texts_are_linked_in_the_readers_language(db: TestDb) {
    let world = World::start(&db).await;
    let owner = Owner::of(&world).await;
    let legal = json!({ "fr": { "imprint_url": "https://example.org/mentions", "privacy_url": "https://example.org/vie-privee" },
            "de": { "privacy_url": "https://example.org/datenschutz" } });
    let (status, after) = owner.set(json!({ "legal": legal })).await;
    assert_eq!((status, &after["legal"]), (200, &legal));
    let german = page(&world, "/subscribe?newsletter=asie-centrale&lang=de").await;
    // The imprint is there in French alone, and better than none.
    assert!(
        german.contains("href=\"https://example.org/datenschutz\"")
            && german.contains("href=\"https://example.org/mentions\""),
        "{german}"
    );
    assert!(!german.contains("vie-privee"));
    world.join("reader@example.org").await;
    let mail = &world.mails_to("reader@example.org")[0];
    for part in [&mail.text, &mail.html] {
        assert!(
            part.contains("https://example.org/mentions")
                && part.contains("https://example.org/vie-privee"),
            "{part}"
        );
    }
    for wrong in [
        json!({ "fr": { "imprint_url": "javascript:alert(1)" } }),
        json!({ "fr": { "imprint": "x" } }),
        json!({ "xx": {} }),
    ] {
        let (status, problem) = owner.set(json!({ "legal": wrong })).await;
        let field = problem["errors"][0]["field"].as_str().unwrap_or_default();
        assert!(status == 422 && field.starts_with("legal"), "{problem}");
    }
    let wrong = json!({ "fr": { "imprint_url": "nowhere" } });
    let (_, problem) = owner.set(json!({ "legal": wrong })).await;
    assert_eq!(problem["errors"][0]["field"], "legal.fr.imprint_url");
}
