//! Branding: colour and logo.

use std::io::Write as _;

use super::{LOGO, logged, owner, stored, until_previewed};
use crate::desk::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;

on_both_databases!(an_owner_changes_the_look_and_sees_it_before,);

async fn an_owner_changes_the_look_and_sees_it_before(db: TestDb) {
    let (world, _anna, browser) = owner(&db, Viewport::DESKTOP).await;
    // One newsletter: straight to it.
    open(&browser, &world, "/desk/settings").await;
    until_said(&browser, "h1", "Basics").await;
    click(&browser, ".settings-nav a[href$=look]").await;
    until_previewed(&browser, "#0b5c68").await;
    type_into(&browser, "#accent", "#7a1f3d").await;
    until_previewed(&browser, "#7a1f3d").await;
    until_said(&browser, "#contrast", "very easy to read").await;
    assert!(
        stored(&world).await.accent.is_none(),
        "a preview saves nothing"
    );
    let picker = "return document.getElementById('accent-picker').value";
    assert_eq!(browser.execute(picker, vec![]).await.unwrap(), "#7a1f3d");
    // What cannot be read is said while one chooses, and refused.
    type_into(&browser, "#accent", "#f5b642").await;
    until_said(&browser, "#contrast", "Too light: a contrast of 1.5").await;
    click(&browser, "#save").await;
    until_said(&browser, "#trouble", "Too light").await;
    assert!(stored(&world).await.accent.is_none());
    type_into(&browser, "#accent", "#7a1f3d").await;
    // The picture that was chosen is in the preview before it is saved.
    let mut file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    file.write_all(LOGO).unwrap();
    let path = file.path().to_str().unwrap();
    expect(&browser, "#logo")
        .await
        .send_keys(path)
        .await
        .unwrap();
    until_previewed(&browser, "data:image/png;base64").await;
    browser
        .execute(
            "document.querySelector('input[name=view][value=page]').click()",
            vec![],
        )
        .await
        .unwrap();
    until_previewed(&browser, "/theme/7a1f3d").await;
    until_previewed(&browser, "data:image/png;base64").await;
    // The browser's history does not fill with previews.
    let length = browser
        .execute("return history.length", vec![])
        .await
        .unwrap();
    assert!(length.as_u64() <= Some(4), "{length}");
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    assert_eq!(
        newsletter
            .accent
            .map(|accent| accent.to_string())
            .as_deref(),
        Some("#7a1f3d")
    );
    let logo = newsletter.logo.unwrap().name;
    inspect(&browser, &world, "settings-look").await;
    let signup = world
        .http
        .get(world.url("/subscribe?newsletter=asie-centrale"));
    let signup = signup.send().await.unwrap().text().await.unwrap();
    assert!(signup.contains(&logo) && signup.contains("/theme/7a1f3d"));
    // And back.
    click(&browser, "#remove-logo").await;
    expect(&browser, "#saved").await;
    click(&browser, "#shipped").await;
    until(&browser, "return !document.getElementById('shipped')").await;
    let newsletter = stored(&world).await;
    assert!(newsletter.logo.is_none() && newsletter.accent.is_none());
    let expected =
        ["accent, logo", "logo", "accent"].map(|what| ("Anna".to_owned(), what.to_owned()));
    assert_eq!(logged(&world).await, expected);
}
