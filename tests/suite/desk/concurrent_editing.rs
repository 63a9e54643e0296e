//! Two people edit one issue at once, in different places: their changes are merged.

use xabar::domain::{IssueContent, Language, Role};
use xabar::publish::{self, Base, Step};

use super::unsaved_text::value;
use super::writing::{begin, saved, stored, writer};
use super::{click, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;

on_both_databases!(what_two_people_write_in_different_fields_is_kept,);

async fn what_two_people_write_in_different_fields_is_kept(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let issue = begin(&browser, &world).await;
    type_into(&browser, "#subject-text", "By Anna").await;
    saved(&browser).await;
    let (id, _) = stored(&world).await;
    let of_ben = async |change: fn(&mut IssueContent)| {
        let mut content = stored(&world).await.1;
        change(&mut content);
        let step = (Base::Anything, Step::Typed);
        let ben = ben.editor.actor();
        publish::save(&world.service, id, &content, step, &ben)
            .await
            .unwrap();
    };
    of_ben(|content| "By Ben".clone_into(&mut content.intro)).await;
    let nobody_is_asked = "return !document.querySelector('#conflict .notice')";
    for (preheader, title) in [("One", "First"), ("Two", "Second")] {
        type_into(&browser, "#preheader-text", preheader).await;
        type_into(&browser, "#part-0-item-0-title", title).await;
        let changed = "Somebody else has changed: Greeting";
        until_said(&browser, "#save-state", changed).await;
        let shown = format!(
            "return document.getElementById('preview').contentDocument.body.textContent.includes('{title}')"
        );
        until(&browser, &shown).await;
        let content = stored(&world).await.1;
        assert_eq!(
            (&*content.intro, &*content.preheader),
            ("By Ben", preheader)
        );
        assert_eq!(content.parts[0].items[0].title, title);
        until(&browser, nobody_is_asked).await;
    }
    // A card is added to what both have written.
    click(&browser, "#part-0 > button").await;
    until(
        &browser,
        "return document.activeElement.id === 'part-0-item-1-title'",
    )
    .await;
    let content = stored(&world).await.1;
    assert_eq!(
        (&*content.intro, content.parts[0].items.len()),
        ("By Ben", 2)
    );
    // The same field is a matter for a person; everything else stays as the other one wrote it.
    type_into(&browser, "#intro-text", "By Anna").await;
    until_said(&browser, "#conflict", "Ben has changed this issue").await;
    until_said(&browser, "#conflict", "Both of you have changed: Greeting").await;
    assert_eq!(stored(&world).await.1.intro, "By Ben");
    of_ben(|content| "Also by Ben".clone_into(&mut content.subject)).await;
    click(&browser, "#conflict button").await;
    until(&browser, nobody_is_asked).await;
    let content = stored(&world).await.1;
    assert_eq!(
        (&*content.intro, &*content.subject),
        ("By Anna", "Also by Ben")
    );
    // A form without script is put together in the same way.
    let (base, version) = (
        value(&browser, "base").await,
        value(&browser, "version").await,
    );
    of_ben(|content| "Again by Ben".clone_into(&mut content.intro)).await;
    let fields = [
        ("base", base.as_str().unwrap()),
        ("version", version.as_str().unwrap()),
        ("subject", "Without script"),
        ("preheader", "Two"),
        ("intro", "By Anna"),
        ("do", "save"),
    ];
    let answer = anna.post(&format!("{issue}/write"), &fields);
    assert_eq!(answer.send().await.unwrap().status(), 303);
    let content = stored(&world).await.1;
    assert_eq!(
        (&*content.intro, &*content.subject),
        ("Again by Ben", "Without script")
    );
}
