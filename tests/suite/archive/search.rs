//! Search over published issues: the same on both databases.

use serde_json::json;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use super::{add, open, publish};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// The subjects that a search finds, in their order, without marks.
async fn found(world: &World, query: &str) -> Vec<String> {
    let (status, page) = open(world, &format!("/search?{query}")).await;
    assert_eq!(status, 200, "{query}: {page}");
    let titles = page
        .split("<h2")
        .skip(1)
        .filter_map(|rest| rest.split("</h2>").next());
    let plain = |title: &str| {
        let (_, link) = title.split_once("<a").unwrap();
        let (_, words) = link.split_once('>').unwrap();
        words
            .replace("<mark>", "")
            .replace("</mark>", "")
            .replace("</a>", "")
    };
    titles.map(plain).collect()
}

fn q(words: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", words)
        .finish()
}

fn text(body: &str) -> serde_json::Value {
    json!([{ "kind": "text", "body": body }])
}

on_both_databases!(
    accents_case_and_script_do_not_count,
    nothing_that_can_be_typed_is_an_error,
    hits_are_marked_and_everything_is_escaped,
    only_what_is_public_now_is_found_as_it_reads_now,
    results_come_in_pages_the_newest_first,
    issues_from_before_there_was_a_search_are_found_after_an_upgrade,
    a_letter_as_long_as_can_be_is_published_and_found,
);

async fn accents_case_and_script_do_not_count(db: TestDb) {
    let world = World::start(&db).await;
    publish(
        &world,
        "asie-centrale",
        "Sécheresse",
        text("L’été à Бишкек : œuvre de Straße, ёлки."),
    )
    .await;
    publish(&world, "asie-centrale", "Sommet", text("Rien.")).await;
    for words in [
        "secheresse",
        "SÉCHERESSE",
        "séche",
        "ete",
        "бишкек",
        "БИШК",
        "bishkek",
        "oeuvre",
        "œuv",
        "strasse",
        "елки",
        "été бишкек séch",
        "secheresse, œuvre",
    ] {
        assert_eq!(found(&world, &q(words)).await, ["Sécheresse"], "{words}");
    }
    for words in ["seche oeuvre", "secheresse rien", "zzz", "eche"] {
        assert_eq!(
            found(&world, &q(words)).await,
            Vec::<String>::new(),
            "{words}"
        );
    }
}

async fn nothing_that_can_be_typed_is_an_error(db: TestDb) {
    let world = World::start(&db).await;
    publish(
        &world,
        "asie-centrale",
        "Sommet",
        text("Un mot NEAR and or not."),
    )
    .await;
    for words in [
        "",
        " ",
        "\"",
        "\"sommet",
        "sommet\" OR \"",
        "sommet*",
        "* sommet",
        "-sommet",
        "sommet:mot",
        "(sommet",
        "sommet AND",
        "NOT sommet",
        "NEAR(sommet mot)",
        "sommet & | ! <-> mot",
        "'; DROP TABLE issue; --",
        "\0sommet",
        "^sommet",
        "{sommet}",
        "\\",
        "%",
        "🙂",
    ] {
        found(&world, &q(words)).await;
    }
    assert_eq!(
        found(&world, &q("NOT sommet AND NEAR or")).await,
        ["Sommet"],
        "operators are words"
    );
    assert_eq!(found(&world, &q("\"sommet\" -mot")).await, ["Sommet"]);
    assert_eq!(found(&world, &q(&"mot ".repeat(2_000))).await, ["Sommet"]);
    assert_eq!(
        found(&world, &q(&"a".repeat(20_000))).await,
        Vec::<String>::new()
    );
    assert_eq!(found(&world, "q=%ff%fe").await, Vec::<String>::new());
    for query in [
        "q=sommet&page=0",
        "q=sommet&page=x",
        "q=sommet&newsletter=nothing",
        "q=sommet&newsletter=%00",
    ] {
        assert_eq!(
            open(&world, &format!("/search?{query}")).await.0,
            404,
            "{query}"
        );
    }
}

async fn hits_are_marked_and_everything_is_escaped(db: TestDb) {
    let world = World::start(&db).await;
    publish(
        &world,
        "asie-centrale",
        "Le <i>sommet</i>",
        text("Avant le **sommet** & <script>alert(1)</script>, après."),
    )
    .await;
    let (_, page) = open(&world, "/search?q=somm").await;
    assert!(
        page.contains("Le &lt;i&gt;<mark>sommet</mark>&lt;/i&gt;</a>"),
        "{page}"
    );
    assert!(
        page.contains(
            "Avant le <mark>sommet</mark> &amp; &lt;script&gt;alert(1)&lt;/script&gt;, après."
        ),
        "{page}"
    );
    let (_, page) = open(&world, "/search?q=%22%3E%3Cscript%3Ealert(1)").await;
    assert!(
        page.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)\"") && !page.contains("<script"),
        "{page}"
    );
}

async fn only_what_is_public_now_is_found_as_it_reads_now(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    world.draft("Brouillon").await;
    assert_eq!(found(&world, &q("brouillon")).await, Vec::<String>::new());
    let (id, _) = publish(&world, "asie-centrale", "Première", text("Erreur")).await;
    assert_eq!(found(&world, &q("erreur")).await, ["Première"]);
    world.act(&id, "pause").await;
    let patch = json!({ "subject": "Seconde", "parts": text("Vérité") });
    assert_eq!(
        world
            .patch(&format!("/api/v1/issues/{id}"))
            .json(&patch)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    assert_eq!(found(&world, &q("erreur")).await, Vec::<String>::new());
    assert_eq!(found(&world, &q("verite")).await, ["Seconde"]);
    world.act(&id, "cancel").await;
    assert_eq!(found(&world, &q("verite")).await, Vec::<String>::new());
}

async fn results_come_in_pages_the_newest_first(db: TestDb) {
    let world = World::start(&db).await;
    add(&world, "central-asia", "Central Asia").await;
    for number in 1..=21 {
        publish(
            &world,
            "asie-centrale",
            &format!("Sommet {number}"),
            json!([]),
        )
        .await;
        world.pass(1);
    }
    publish(&world, "central-asia", "Sommet of all", json!([])).await;
    let all = found(&world, "q=sommet").await;
    assert_eq!(
        (all.len(), all[0].as_str(), all[1].as_str()),
        (20, "Sommet of all", "Sommet 21")
    );
    assert_eq!(
        found(&world, "q=sommet&page=2").await,
        ["Sommet 2", "Sommet 1"]
    );
    let (_, page) = open(&world, "/search?q=sommet&newsletter=asie-centrale").await;
    assert!(
        page.contains("href=\"/search?q=sommet&amp;newsletter=asie-centrale&amp;page=2\""),
        "{page}"
    );
    assert!(
        page.contains("href=\"/search?q=sommet\"") && !page.contains("of all"),
        "the way to all newsletters"
    );
}

async fn issues_from_before_there_was_a_search_are_found_after_an_upgrade(db: TestDb) {
    {
        let world = World::start(&db).await;
        for number in 1..=3 {
            publish(
                &world,
                "asie-centrale",
                &format!("Sommet {number}"),
                json!([]),
            )
            .await;
        }
        let before = "DELETE FROM issue_text";
        if db.url.starts_with("postgres") {
            PgConnection::connect(&db.url)
                .await
                .unwrap()
                .execute(before)
                .await
                .unwrap();
        } else {
            SqliteConnection::connect(&db.url)
                .await
                .unwrap()
                .execute(before)
                .await
                .unwrap();
        }
        assert_eq!(found(&world, "q=sommet").await, Vec::<String>::new());
    }
    let world = World::start(&db).await;
    assert_eq!(found(&world, "q=sommet").await.len(), 3);
}

async fn a_letter_as_long_as_can_be_is_published_and_found(db: TestDb) {
    let world = World::with(&db, Default::default(), |settings| {
        settings.http.body_limit = 20_000_000
    })
    .await;
    let body = |at: u32| {
        (0..9_000)
            .map(|n| format!("mot{at}x{n} "))
            .collect::<String>()
    };
    let parts: Vec<_> = (0..6)
        .map(|at| json!({ "kind": "text", "body": body(at) }))
        .collect();
    publish(&world, "asie-centrale", "Immense", json!(parts)).await;
    assert_eq!(found(&world, "q=mot0x8999").await, ["Immense"]);
}
