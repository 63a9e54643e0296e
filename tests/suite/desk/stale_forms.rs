//! Stale forms, without scripts: nothing is overwritten, and nothing goes out too soon.

use reqwest::Response;
use serde_json::json;
use xabar::domain::{IssueId, Language, Role, Roles};
use xabar::store;

use super::unsaved_text::asks;
use super::{click, expect, open, type_into};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

on_both_databases!(
    a_time_within_a_minute_can_be_taken_back,
    what_is_brought_back_overwrites_nothing,
    the_usual_parts_are_replaced_knowingly,
    an_earlier_issue_goes_into_the_chosen_newsletter,
    settings_that_were_sent_signed_out_can_be_sent_again,
);

async fn posted(who: &Person, path: &str, fields: &[(&str, &str)]) -> Response {
    who.post(path, fields).send().await.unwrap()
}

fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn issue(world: &World, id: &str) -> xabar::domain::Issue {
    let mut db = world.service.store.read().await.unwrap();
    let id = IssueId(id.parse().unwrap());
    store::issue::by_id(&mut db, id).await.unwrap().unwrap()
}

async fn a_time_within_a_minute_can_be_taken_back(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let mut read = world.service.store.read().await.unwrap();
    let newsletter = store::newsletter::list(&mut read).await.unwrap().remove(0);
    drop(read);
    let now = world.service.clock.now();
    let now = now.to_zoned_datetime(newsletter.time_zone);
    let at = now.strftime("%Y-%m-%dT%H:%M").to_string();
    let version = world.issue(&id).await["version"].to_string();
    let fields = [("when", "at"), ("version", &*version), ("at", &*at)];
    let sent = posted(&anna, &format!("/desk/issues/{id}/send"), &fields).await;
    assert_eq!(sent.status(), 303);
    assert_eq!(world.issue(&id).await["status"], "scheduled");
    let back = posted(&anna, &format!("/desk/issues/{id}/take-back"), &[]).await;
    assert_eq!(back.status(), 303);
    assert_eq!(world.issue(&id).await["status"], "draft");
}

async fn what_is_brought_back_overwrites_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let begun = [("newsletter", "asie-centrale"), ("start", "blank")];
    let write = location(&posted(&anna, "/desk/issues/new", &begun).await);
    let id = write.split('/').nth(3).unwrap();
    let cards = [
        ("part", "news"),
        ("item", "open"),
        ("item-title", "One"),
        ("item", "open"),
        ("item-title", "Two"),
    ];
    let with = |fields: &[(&'static str, String)], cards: &[(&'static str, &'static str)]| {
        let mut all = fields.to_vec();
        all.extend(
            cards
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        all
    };
    let post = async |who: &Person, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        posted(who, &write, &fields).await
    };
    let version = issue(&world, id).await.version.to_string();
    let removes = [("version", version), ("do", "remove-item:0.0".to_owned())];
    let page = post(&anna, with(&removes, &cards)).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let undo = page.split("value=\"undo:").nth(1).unwrap();
    let undo = format!("undo:{}", undo.split('"').next().unwrap());
    // Ben writes meanwhile.
    let version = issue(&world, id).await.version.to_string();
    let by_ben = [("version", version.clone()), ("intro", "By Ben".to_owned())];
    assert_eq!(
        post(&ben, with(&by_ben, &[cards[0], cards[1], cards[4]]))
            .await
            .status(),
        303
    );
    let undoes = [("version", version), ("do", undo.clone())];
    let refused = post(&anna, with(&undoes, &[cards[0], cards[1], cards[4]])).await;
    assert_eq!(refused.status(), 409);
    assert_eq!(issue(&world, id).await.content.intro, "By Ben");
    // Where the answer takes the place of the cards, they are in it.
    let stale = anna
        .post(
            &write,
            &[("version", "1"), ("part", "news"), ("do", "add-item:0")],
        )
        .header("hx-request", "true")
        .header("hx-target", "parts");
    let stale = stale.send().await.unwrap();
    assert_eq!(stale.status(), 409);
    assert!(stale.text().await.unwrap().contains("class=\"part-card\""));
    let version = issue(&world, id).await.version.to_string();
    let undoes = [
        ("version", version),
        ("intro", "By both".to_owned()),
        ("do", undo),
    ];
    let done = post(&anna, with(&undoes, &[cards[0], cards[1], cards[4]])).await;
    assert_eq!(done.status(), 303);
    let content = issue(&world, id).await.content;
    let titles: Vec<&str> = content.parts[0].items.iter().map(|i| &*i.title).collect();
    assert_eq!(
        (content.intro.as_str(), titles),
        ("By both", vec!["One", "Two"])
    );
}

async fn the_usual_parts_are_replaced_knowingly(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let begun = [("newsletter", "asie-centrale"), ("start", "recipe")];
    let write = location(&posted(&anna, "/desk/issues/new", &begun).await);
    let page = anna.get(&write).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("take the place of those with which every new issue"));
    let fields = [
        ("version", "1"),
        ("newsletter-version", "0"),
        ("part", "news"),
        ("do", "recipe"),
    ];
    let refused = posted(&anna, &write, &fields).await;
    assert_eq!(refused.status(), 422);
    let page = refused.text().await.unwrap();
    assert!(
        page.contains("Somebody has changed this newsletter"),
        "{page}"
    );
    let field = |name: &str| {
        let from = page
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .unwrap();
        from.split('"').next().unwrap().to_owned()
    };
    let (version, newsletter) = (field("version"), field("newsletter-version"));
    let fields = [
        ("version", &*version),
        ("newsletter-version", &*newsletter),
        ("part", "news"),
        ("do", "recipe"),
    ];
    let kept = posted(&anna, &write, &fields).await;
    assert_eq!(kept.status(), 303);
    let kept = anna.get(&location(&kept)).send().await.unwrap();
    let kept = kept.text().await.unwrap();
    assert!(kept.contains("begin with these parts now"), "{kept}");
}

async fn an_earlier_issue_goes_into_the_chosen_newsletter(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let page = async |path: &str| anna.get(path).send().await.unwrap().text().await.unwrap();
    // Nothing is chosen that nobody has chosen.
    assert!(
        page("/desk/issues/new")
            .await
            .contains("Choose a newsletter")
    );
    let chosen = page("/desk/issues/new?newsletter=central-asia").await;
    assert!(!chosen.contains("Choose a newsletter"));
    let nowhere = posted(
        &anna,
        "/desk/issues/new",
        &[("newsletter", ""), ("start", "blank")],
    )
    .await;
    assert_eq!(nowhere.status(), 422);
    assert!(
        nowhere
            .text()
            .await
            .unwrap()
            .contains("choose a newsletter first")
    );
    let id = world.draft("Sommet").await;
    let old = issue(&world, &id).await;
    let fields = [
        ("newsletter", "central-asia"),
        ("start", "earlier"),
        ("earlier", &*id),
    ];
    let begun = location(&posted(&anna, "/desk/issues/new", &fields).await);
    let new = issue(&world, begun.split('/').nth(3).unwrap()).await;
    assert_eq!(new.content, old.content);
    assert_ne!(new.newsletter, old.newsletter);
    // Only what the person may read.
    let mut elsewhere = Roles::default();
    elsewhere.give(Some(new.newsletter), Role::Editor);
    let sven = world.person_with("Sven", elsewhere, Language::En).await;
    let refused = posted(&sven, "/desk/issues/new", &fields).await;
    assert_eq!(refused.status(), 404);
}

async fn settings_that_were_sent_signed_out_can_be_sent_again(db: TestDb) {
    let world = World::start(&db).await;
    let mut anna = world.person("Anna", Role::Owner, Language::En).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &anna).await;
    let path = "/desk/settings/asie-centrale/basics";
    open(&browser, &world, path).await;
    expect(&browser, "#settings").await;
    assert!(!asks(&browser).await);
    type_into(&browser, "#title", "Asie").await;
    assert!(
        asks(&browser).await,
        "who leaves with unsaved settings is asked"
    );
    let mut tx = world.service.store.write().await.unwrap();
    xabar::accounts::session::end_all(&mut tx, anna.editor.id, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    click(&browser, "#settings .settings-foot button").await;
    expect(&browser, "a[href='/desk/sign-in']").await;
    let mut tx = world.service.store.write().await.unwrap();
    let again = xabar::accounts::session::begin(&world.service, &mut tx, anna.editor.id, "test");
    anna.cookie = again.await.unwrap();
    tx.commit().await.unwrap();
    browser.signed_in(&world, &anna).await;
    // As the page advises: reload it, and confirm that it is sent again.
    browser.devtools("Page.reload", json!({})).await;
    expect(&browser, "#saved").await;
    let mut read = world.service.store.read().await.unwrap();
    let newsletter = store::newsletter::list(&mut read).await.unwrap().remove(0);
    assert_eq!(newsletter.title, "Asie");
}
