//! The recipe and the questions: rows that are sorted by keyboard.

use fantoccini::key::Key;
use xabar::domain::{Language, PartKind};
use xabar::store;

use super::{SETTINGS, focused, owner, posted, recipe, stored, until_previewed};
use crate::desk::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};

async fn press(browser: &Browser, css: &str, key: Key) {
    let button = expect(browser, css).await;
    button.send_keys(&key.to_string()).await.unwrap();
}

on_both_databases!(recipe_and_questions_are_arranged_by_keyboard,);

async fn recipe_and_questions_are_arranged_by_keyboard(db: TestDb) {
    use PartKind::{Agenda, Analysis, Articles, News, Photo, Press, Support, Text};
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    open(&browser, &world, &format!("{SETTINGS}/recipe")).await;
    press(&browser, "#row-0-down", Key::Enter).await;
    focused(&browser, "row-1-down").await;
    press(&browser, "#row-1-down", Key::Enter).await;
    focused(&browser, "row-2-down").await;
    press(&browser, "#row-6-remove", Key::Enter).await;
    focused(&browser, "row-5-remove").await;
    until_said(&browser, "#arranged [role=status]", "Not saved yet").await;
    browser
        .execute("document.getElementById('new-kind').value = 'text'", vec![])
        .await
        .unwrap();
    press(&browser, "#add", Key::Enter).await;
    focused(&browser, "row-6-title").await;
    let title = expect(&browser, "#row-6-title").await;
    title.send_keys("Merci").await.unwrap();
    inspect(&browser, &world, "settings-recipe").await;
    // By drag, the last one first.
    let drag = "
        const rows = document.getElementById('rows');
        rows.prepend(rows.lastElementChild);
        Sortable.get(rows).options.onEnd();
        return true";
    browser.execute(drag, vec![]).await.unwrap();
    until(
        &browser,
        "return document.getElementById('row-0-title').value === 'Merci'",
    )
    .await;
    assert_eq!(recipe(&world).await[0], News, "nothing is saved by itself");
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert_eq!(
        recipe(&world).await,
        [Text, Analysis, Articles, News, Photo, Agenda, Press]
    );
    let start = [("newsletter", "asie-centrale"), ("start", "recipe")];
    assert_eq!(posted(&anna, "/desk/issues/new", &start).await.0, 303);
    let mut read = world.service.store.read().await.unwrap();
    let issues = store::issue::list(&mut read, Default::default(), None, 1).await;
    let (issue, _) = issues.unwrap().remove(0);
    assert_eq!(issue.content.parts[0].title.as_deref(), Some("Merci"));
    drop(read);
    // A button means its row where that stands now, also if nobody has told the service.
    let drag = "const rows = document.getElementById('rows'); rows.prepend(rows.lastElementChild)";
    browser.execute(drag, vec![]).await.unwrap();
    press(&browser, "#row-6-remove", Key::Enter).await;
    until(
        &browser,
        "return !document.getElementById('row-6') && document.getElementById('row-0-title').value === 'Merci'",
    )
    .await;
    click(&browser, "#shipped").await;
    until(&browser, "return !document.getElementById('shipped')").await;
    assert_eq!(
        recipe(&world).await,
        [News, Analysis, Articles, Photo, Agenda, Press, Support]
    );

    // Questions: one of each of two kinds, seen on the form before it is saved.
    click(&browser, ".settings-nav a[href$=fields]").await;
    press(&browser, "#add", Key::Enter).await;
    focused(&browser, "row-0-label").await;
    let label = expect(&browser, "#row-0-label").await;
    label.send_keys("Prénom").await.unwrap();
    until_previewed(&browser, "Prénom").await;
    browser
        .execute(
            "document.getElementById('new-kind').value = 'choice'",
            vec![],
        )
        .await
        .unwrap();
    press(&browser, "#add", Key::Enter).await;
    focused(&browser, "row-1-label").await;
    let label = expect(&browser, "#row-1-label").await;
    label.send_keys("Métier").await.unwrap();
    // A question without its answers is refused, and stays.
    click(&browser, "#save").await;
    until_said(
        &browser,
        "#trouble",
        "Question 2 has an answer without words",
    )
    .await;
    type_into(&browser, "#row-1-choice-0", "Presse").await;
    type_into(&browser, "#row-1-choice-1", "Recherche").await;
    until_previewed(&browser, ">Recherche<").await;
    press(&browser, "#row-1-up", Key::Enter).await;
    focused(&browser, "row-0-up").await;
    inspect(&browser, &world, "settings-questions").await;
    assert!(stored(&world).await.fields.is_empty());
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    let keys: Vec<&str> = newsletter.fields.iter().map(|f| f.key.as_str()).collect();
    assert_eq!(keys, ["metier", "prenom"]);
    let signup = world
        .http
        .get(world.url("/subscribe?newsletter=asie-centrale&lang=fr"));
    let signup = signup.send().await.unwrap().text().await.unwrap();
    assert!(signup.contains("Métier") && signup.contains("Recherche"));
    // A new label keeps the name under which answers are kept.
    type_into(&browser, "#row-1-label", "Votre prénom").await;
    click(&browser, "#row-0-remove").await;
    until(&browser, "return !document.getElementById('row-1')").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    let fields: Vec<_> = newsletter.fields.iter().collect();
    assert_eq!(fields.len(), 1);
    assert_eq!(
        (
            fields[0].key.as_str(),
            fields[0].labels[&Language::Fr].as_str()
        ),
        ("prenom", "Votre prénom")
    );
}
