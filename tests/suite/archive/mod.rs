//! The public archive: pages, feed, sitemap, private newsletters.

mod cache;
mod hidden;
mod search;
mod unlisted;

use atom_syndication::Feed;
use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::{NewsletterId, NewsletterInput, Role};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

/// What a page answers.
async fn open(world: &World, path: &str) -> (u16, String) {
    let answer = world.http.get(world.url(path)).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Publishes an issue with this subject and these parts; returns its id and its path.
async fn publish(world: &World, newsletter: &str, subject: &str, parts: Value) -> (String, String) {
    let body = json!({ "newsletter": newsletter, "subject": subject, "parts": parts });
    let issue = world.publish(&body).await;
    let id = issue["id"].as_str().unwrap().to_owned();
    let path = format!("/archive/{newsletter}/{}", issue["slug"].as_str().unwrap());
    (id, path)
}

/// Adds a newsletter.
async fn add(world: &World, slug: &str, title: &str) {
    let service = &world.service;
    let wish = NewsletterInput {
        slug: slug.to_owned(),
        title: title.to_owned(),
        ..service.settings.newsletter.clone()
    };
    let newsletter = wish
        .to_newsletter(NewsletterId(service.clock.new_uuid()))
        .unwrap();
    let mut tx = service.store.write().await.unwrap();
    store::newsletter::insert(&mut tx, &newsletter, service.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // What was read a second ago is believed.
    world.pass(1);
}

/// Changes a newsletter as its owner.
async fn set(world: &World, slug: &str, patch: Value) {
    let token = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let request = world
        .http
        .patch(world.url(&format!("/api/v1/newsletters/{slug}")));
    let answer = request
        .bearer_auth(token)
        .json(&patch)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    world.pass(1);
}

on_both_databases!(
    the_list_comes_in_pages,
    an_issue_leads_to_the_one_before_and_the_one_after,
    an_issue_says_what_it_is_and_when_it_was_corrected,
    the_feed_is_one_that_readers_programs_understand,
    search_engines_are_told_what_there_is,
    a_private_newsletter_is_found_by_nobody_and_read_by_its_readers,
    the_web_copy_has_nothing_of_any_reader,
    several_newsletters_share_an_archive,
);

async fn the_list_comes_in_pages(db: TestDb) {
    let world = World::start(&db).await;
    for number in 1..=21 {
        publish(
            &world,
            "asie-centrale",
            &format!("Numéro {number}."),
            json!([]),
        )
        .await;
        world.pass(60);
    }
    let (status, first) = open(&world, "/archive/asie-centrale").await;
    assert_eq!((status, first.matches("<time").count()), (200, 20));
    assert!(
        first.contains("Numéro 21.") && first.contains("Numéro 2.") && !first.contains("Numéro 1.")
    );
    assert!(
        first.contains("rel=\"next\" href=\"/archive/asie-centrale?page=2\"")
            && !first.contains("rel=\"prev\"")
    );
    let (status, second) = open(&world, "/archive/asie-centrale?page=2").await;
    assert_eq!((status, second.matches("<time").count()), (200, 1));
    assert!(
        second.contains("rel=\"prev\" href=\"/archive/asie-centrale\"")
            && !second.contains("rel=\"next\"")
    );
    let canonical = format!(
        "rel=\"canonical\" href=\"{}\"",
        world.url("/archive/asie-centrale?page=2")
    );
    assert!(second.contains(&canonical), "{second}");
    for page in ["0", "3", "-1", "x", "99999999999999"] {
        assert_eq!(
            open(&world, &format!("/archive/asie-centrale?page={page}"))
                .await
                .0,
            404,
            "{page}"
        );
    }
}

/// The JSON-LD of a page.
fn structured_data(page: &str) -> Value {
    let begin = "<script type=\"application/ld+json\">";
    let (_, rest) = page.split_once(begin).expect("structured data");
    let (data, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}

async fn an_issue_leads_to_the_one_before_and_the_one_after(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let mut paths = Vec::new();
    for subject in ["Avril", "Mai </script>", "Juin"] {
        let parts = json!([{ "kind": "photo", "items": [{ "title": "Le lac" }] }]);
        paths.push(publish(&world, "asie-centrale", subject, parts).await);
        world.pass(60);
    }
    let (cancelled, _) = publish(
        &world,
        "asie-centrale",
        "Juillet",
        json!([{ "kind": "photo", "items": [{ "title": "Le lac" }] }]),
    )
    .await;
    assert_eq!(world.act(&cancelled, "cancel").await.0, 200);
    let links = async |number: usize| {
        let (_, page) = open(&world, &paths[number].1).await;
        let link = |rel: &str| {
            let (_, rest) = page.split_once(&format!("<link rel=\"{rel}\" href=\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        (link("prev"), link("next"), page.clone())
    };
    let path = |number: usize| Some(paths[number].1.clone());
    let (before, after, first) = links(0).await;
    assert_eq!((before, after), (None, path(1)));
    assert!(first.contains("Numéro suivant") && first.contains("Mai &lt;/script&gt;"));
    let (before, after, middle) = links(1).await;
    assert_eq!((before, after), (path(0), path(2)));
    assert_eq!(structured_data(&middle)["headline"], "Mai </script>");
    let (before, after, last) = links(2).await;
    assert_eq!(
        (before, after),
        (path(1), None),
        "one that was cancelled is not shown"
    );
    assert!(
        last.contains("href=\"mailto:?subject=Juin&amp;body=http"),
        "{last}"
    );
}

async fn an_issue_says_what_it_is_and_when_it_was_corrected(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let parts = json!([{ "kind": "photo", "items": [{ "title": "Le lac", "image": { "url": "https://example.org/lac.jpg", "alt": "Un lac \"bleu\"" } }] }]);
    let (id, path) = publish(&world, "asie-centrale", "L’été <b>", parts).await;
    let (_, page) = open(&world, &path).await;
    for expected in [
        "<html lang=\"fr\">",
        "property=\"og:title\" content=\"L’été &lt;b&gt;\"",
        "property=\"og:image\" content=\"https://example.org/lac.jpg\"",
        "property=\"og:image:alt\" content=\"Un lac &quot;bleu&quot;\"",
        "property=\"article:published_time\" content=\"2026-11-23T07:00:00Z\"",
        "name=\"twitter:card\" content=\"summary_large_image\"",
        "rel=\"alternate\" type=\"application/atom+xml\" title=\"Asie centrale\"",
        &format!("rel=\"canonical\" href=\"{}\"", world.url(&path)),
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(!page.contains("modified_time"));
    let data = structured_data(&page);
    assert_eq!(data["@type"], "NewsArticle");
    assert_eq!(data["headline"], "L’été <b>");
    assert_eq!(data["inLanguage"], "fr");
    assert_eq!(data["datePublished"], "2026-11-23T07:00:00Z");
    assert_eq!(data["image"], "https://example.org/lac.jpg");
    assert_eq!(data["mainEntityOfPage"], world.url(&path));
    world.pass(24 * 60);
    world.act(&id, "pause").await;
    let corrected = world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&json!({ "subject": "L’hiver" }))
        .send()
        .await;
    assert_eq!(corrected.unwrap().status(), 200);
    let (_, page) = open(&world, &path).await;
    assert!(
        page.contains("property=\"article:modified_time\" content=\"2026-11-24T07:00:00Z\""),
        "{page}"
    );
    assert!(
        page.contains("a été corrigé le mardi 24 novembre 2026")
            && page.contains("<h1>L’hiver</h1>"),
        "{page}"
    );
    let (_, sitemap) = open(&world, "/sitemap.xml").await;
    assert!(
        sitemap.contains("<lastmod>2026-11-24T07:00:00Z</lastmod>"),
        "{sitemap}"
    );
    let feed: Feed = open(&world, "/archive/asie-centrale/feed.xml")
        .await
        .1
        .parse()
        .unwrap();
    let entry = &feed.entries()[0];
    assert_eq!(entry.title().as_str(), "L’hiver");
    assert_eq!(entry.updated().to_rfc3339(), "2026-11-24T07:00:00+00:00");
    assert_eq!(
        entry.published().unwrap().to_rfc3339(),
        "2026-11-23T07:00:00+00:00"
    );
    assert_eq!(feed.updated(), entry.updated());
}

async fn the_feed_is_one_that_readers_programs_understand(db: TestDb) {
    let world = World::start(&db).await;
    let read = async || {
        open(&world, "/archive/asie-centrale/feed.xml")
            .await
            .1
            .parse::<Feed>()
            .unwrap()
    };
    let empty = read().await;
    assert_eq!(
        empty.updated().to_rfc3339(),
        "2026-11-23T07:00:00+00:00",
        "no older than its newsletter"
    );
    let parts =
        json!([{ "kind": "text", "title": "Mot", "body": "Du *gras* & <script>x</script>" }]);
    let (id, path) = publish(&world, "asie-centrale", "A & B", parts).await;
    let feed = read().await;
    assert_eq!(feed.id(), empty.id());
    assert_eq!(feed.lang(), Some("fr"));
    assert_eq!(feed.authors()[0].name(), "Asie centrale");
    let links: Vec<_> = feed
        .links()
        .iter()
        .map(|link| (link.rel(), link.href().to_owned()))
        .collect();
    assert_eq!(
        links,
        [
            ("self", world.url("/archive/asie-centrale/feed.xml")),
            ("alternate", world.url("/archive/asie-centrale"))
        ]
    );
    let entry = &feed.entries()[0];
    assert_eq!(
        (entry.id(), entry.title().as_str()),
        (format!("urn:uuid:{id}").as_str(), "A & B")
    );
    assert_eq!(entry.links()[0].href(), world.url(&path));
    let content = entry.content().unwrap();
    assert_eq!(content.content_type(), Some("html"));
    let html = content.value().unwrap();
    assert!(
        html.contains("<em>gras</em> &amp; &lt;script&gt;") && !html.contains("<script"),
        "{html}"
    );
}

async fn search_engines_are_told_what_there_is(db: TestDb) {
    let world = World::start(&db).await;
    add(&world, "secret", "Secret").await;
    set(&world, "secret", json!({ "visibility": "private" })).await;
    let (_, shown) = publish(&world, "asie-centrale", "Sommet", json!([])).await;
    publish(&world, "secret", "Caché", json!([])).await;
    let draft = world.draft("Brouillon").await;
    let (status, robots) = open(&world, "/robots.txt").await;
    assert_eq!(status, 200);
    assert!(
        robots.contains(&format!("Sitemap: {}\n", world.url("/sitemap.xml")))
            && robots.contains("Disallow: /confirm/\n"),
        "{robots}"
    );
    let (status, sitemap) = open(&world, "/sitemap.xml").await;
    assert_eq!(status, 200);
    let places: Vec<&str> = sitemap
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split("</loc>").next())
        .collect();
    assert_eq!(
        places,
        [
            world.url("/subscribe?newsletter=asie-centrale&amp;lang=fr"),
            world.url("/archive/asie-centrale"),
            world.url(&shown),
        ],
        "{draft}"
    );
    assert_eq!(open(&world, "/sitemap/0").await, (200, sitemap));
    assert_eq!(open(&world, "/sitemap/1").await.0, 404);
}

async fn a_private_newsletter_is_found_by_nobody_and_read_by_its_readers(db: TestDb) {
    let world = World::start(&db).await;
    add(&world, "secret", "Lettre secrète").await;
    set(&world, "secret", json!({ "visibility": "private" })).await;
    // Who was told of it may sign up; nobody else is offered it.
    let (status, form) = open(&world, "/subscribe?newsletter=secret").await;
    assert_eq!(status, 200);
    assert!(
        form.contains("Lettre secrète")
            && form.contains("content=\"noindex\"")
            && !form.contains("/archive"),
        "{form}"
    );
    let body = json!({ "email": "reader@example.org", "newsletter": "secret" });
    assert_eq!(
        world
            .post("/api/v1/subscriptions")
            .json(&body)
            .send()
            .await
            .unwrap()
            .status(),
        202
    );
    world.work().await;
    let confirm = link_in(&world.mails_to("reader@example.org")[0].text, "/confirm/");
    let confirmed = world
        .http
        .post(confirm)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!confirmed.contains("/archive"), "{confirmed}");
    world.work().await;
    assert!(
        !world.mails_to("reader@example.org")[1]
            .text
            .contains("/archive"),
        "the welcome mail"
    );

    let (_, path) = publish(
        &world,
        "secret",
        "Confidentiel",
        json!([{ "kind": "text", "body": "Xylophone" }]),
    )
    .await;
    world.work().await;
    for hidden in [
        path.as_str(),
        "/archive/secret",
        "/archive/secret/feed.xml",
        "/search?q=xylophone&newsletter=secret",
        &format!("{path}?key="),
        &format!("{path}?key=aaaaaaaaaaaaaaaaaaaaaaaa"),
    ] {
        assert_eq!(open(&world, hidden).await.0, 404, "{hidden}");
    }
    for page in [
        "/",
        "/subscribe?newsletter=asie-centrale",
        "/search?q=xylophone",
        "/sitemap.xml",
        "/archive/asie-centrale",
        "/nothing",
    ] {
        let (_, page_text) = open(&world, page).await;
        assert!(
            !page_text.contains("secr") && !page_text.contains("Confidentiel"),
            "{page}: {page_text}"
        );
    }
    // There is one public newsletter left, so its archive is the archive.
    let home = world.http.get(world.url("/archive")).send().await.unwrap();
    assert_eq!(home.headers()["location"], "/archive/asie-centrale");

    let mails = world.mails_to("reader@example.org");
    let link = link_in(&mails.last().unwrap().text, "/archive/secret/");
    let answer = world.http.get(&link).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["x-robots-tag"]),
        (200, &"noindex".parse().unwrap())
    );
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("Xylophone")
            && page.contains("content=\"noindex\"")
            && !page.contains("canonical"),
        "{page}"
    );
    // The key of one issue opens no other.
    let (_, other) = publish(&world, "secret", "Autre", json!([])).await;
    let key = link.split_once('?').unwrap().1;
    assert_eq!(open(&world, &format!("{other}?{key}")).await.0, 404);
    set(&world, "secret", json!({ "visibility": "public" })).await;
    assert_eq!(open(&world, &path).await.0, 200);
}

async fn the_web_copy_has_nothing_of_any_reader(db: TestDb) {
    let world = World::start(&db).await;
    world.join("anna.lectrice@example.org").await;
    let (_, path) = publish(
        &world,
        "asie-centrale",
        "Sommet",
        json!([{ "kind": "text", "body": "Bonjour" }]),
    )
    .await;
    world.work().await;
    let mail = &world.mails_to("anna.lectrice@example.org")[2];
    let mut personal = vec!["anna".to_owned(), "lectrice".to_owned()];
    for link in ["/unsubscribe/", "/preferences/"] {
        let link = link_in(&mail.text, link);
        personal.push(link.rsplit('/').next().unwrap().to_owned());
    }
    assert!(
        mail.text.contains(&world.url(&path)),
        "the mail leads to the page"
    );
    for public in [
        path.as_str(),
        "/archive/asie-centrale",
        "/archive/asie-centrale/feed.xml",
        "/search?q=bonjour",
        "/sitemap.xml",
    ] {
        let (status, page) = open(&world, public).await;
        assert_eq!(status, 200, "{public}");
        for value in &personal {
            assert!(!page.contains(value), "{public} has {value}");
        }
        assert!(
            !page.contains("/unsubscribe/") && !page.contains("/preferences/"),
            "{public}"
        );
    }
}

async fn several_newsletters_share_an_archive(db: TestDb) {
    let world = World::start(&db).await;
    add(&world, "central-asia", "Central Asia").await;
    let (status, home) = open(&world, "/archive").await;
    assert_eq!(status, 200);
    assert!(
        home.contains("href=\"/archive/asie-centrale\"")
            && home.contains("href=\"/archive/central-asia\""),
        "{home}"
    );
    assert!(home.contains(&format!(
        "rel=\"canonical\" href=\"{}\"",
        world.url("/archive")
    )));
}
