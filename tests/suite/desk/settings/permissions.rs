//! Who may read or change settings, and how far it works without scripts.

use fantoccini::key::Key;
use xabar::domain::{Language, PartKind, Role, Roles};
use xabar::store;

use super::{LOGO, SETTINGS, owner, page, posted, recipe, stored, uploaded};
use crate::desk::{click, expect, open};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

async fn until_said_without_script(browser: &Browser, words: &str) {
    for _ in 0..50 {
        if browser.source().await.unwrap().contains(words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("never said {words}");
}

on_both_databases!(others_look_or_see_nothing, it_works_without_script,);

async fn others_look_or_see_nothing(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let newsletters = {
        let mut db = world.service.store.read().await.unwrap();
        store::newsletter::list(&mut db).await.unwrap()
    };
    let (own, other) = (&newsletters[0], &newsletters[1]);
    let here = |role| {
        let mut roles = Roles::default();
        roles.give(Some(own.id), role);
        roles
    };
    let vera = world
        .person_with("Vera", here(Role::Viewer), Language::En)
        .await;
    let emil = world
        .person_with("Emil", here(Role::Editor), Language::En)
        .await;
    let olga = world
        .person_with("Olga", here(Role::Owner), Language::En)
        .await;
    let own_path = format!("/desk/settings/{}", own.slug);
    for tab in [
        "basics", "look", "recipe", "fields", "texts", "signup", "safety",
    ] {
        let path = format!("{own_path}/{tab}");
        let (status, said) = page(&vera, &path).await;
        assert!(
            status == 200 && said.contains("You can look at"),
            "{tab}: {said}"
        );
        assert!(
            said.contains("disabled") && !said.contains(r#"id="save""#),
            "{tab}"
        );
        let (status, _) = match tab {
            "look" => uploaded(&vera, &path, &vera.csrf, LOGO.to_vec()).await,
            _ => posted(&vera, &path, &[("title", "Mine")]).await,
        };
        assert_eq!(status, 403, "{tab}");
        // Those who write keep the recipe.
        let (status, _) = match tab {
            "look" => uploaded(&emil, &path, &emil.csrf, LOGO.to_vec()).await,
            _ => posted(&emil, &path, &[("do", "overwrite"), ("part", "news")]).await,
        };
        assert_eq!(status, if tab == "recipe" { 303 } else { 403 }, "{tab}");
        // Another newsletter is as one that does not exist.
        for slug in [other.slug.as_str(), "nowhere", "No%20slug"] {
            let path = format!("/desk/settings/{slug}/{tab}");
            assert_eq!(page(&olga, &path).await.0, 404, "{path}");
            let (status, _) = match tab {
                "look" => uploaded(&olga, &path, &olga.csrf, LOGO.to_vec()).await,
                _ => posted(&olga, &path, &[("title", "Mine")]).await,
            };
            assert_eq!(status, 404, "{path}");
        }
        // A form of nobody, and of another site.
        let forged = [("csrf", "1.x"), ("title", "Mine")];
        let (status, _) = match tab {
            "look" => uploaded(&olga, &path, "1.x", LOGO.to_vec()).await,
            _ => {
                let request = world.http.post(world.url(&path)).form(&forged);
                let cookie = format!("xabar-desk={}", olga.cookie);
                let answer = request.header("cookie", cookie).send().await.unwrap();
                (answer.status().as_u16(), String::new())
            }
        };
        assert_eq!(status, 403, "{tab}");
        let elsewhere = olga.post(&path, &[]).header("sec-fetch-site", "cross-site");
        assert_eq!(elsewhere.send().await.unwrap().status(), 403, "{tab}");
        let signed_out = world.http.get(world.url(&path)).send().await.unwrap();
        assert!(signed_out.url().path().contains("sign-in") || signed_out.status() == 303);
    }
    for preview in [
        "look/preview",
        "fields/preview",
        "texts/preview",
        "safety/preview",
    ] {
        let path = format!("/desk/settings/{}/{preview}", other.slug);
        assert_eq!(page(&olga, &path).await.0, 404, "{path}");
        assert_eq!(page(&vera, &format!("{own_path}/{preview}")).await.0, 200);
    }
    // Files that are none, or too large.
    let look = format!("{own_path}/look");
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let (status, said) = uploaded(&olga, &look, &olga.csrf, svg).await;
    assert!(
        status == 422 && said.contains("no PNG, JPEG or GIF"),
        "{said}"
    );
    let long = [LOGO, &vec![0; 150_000]].concat();
    let (status, said) = uploaded(&olga, &look, &olga.csrf, long).await;
    assert!(status == 422 && said.contains("at most 100 KB"), "{said}");
    let (status, _) = uploaded(&olga, &look, &olga.csrf, vec![0; 2_000_000]).await;
    assert_eq!(status, 413);
    let after = stored(&world).await;
    assert_eq!(
        (after.version, after.title.as_str()),
        (2, own.title.as_str())
    );
    assert!(after.logo.is_none());
    let (status, said) = page(&olga, "/desk/settings").await;
    assert_eq!(status, 303, "straight on: {said}");
    let all = world.person("Uma", Role::Viewer, Language::En).await;
    let (_, said) = page(&all, "/desk/settings").await;
    for newsletter in &newsletters {
        assert!(said.contains(newsletter.slug.as_str()), "{said}");
    }
}

async fn it_works_without_script(db: TestDb) {
    let (world, _anna, browser) = owner(&db, Viewport::PHONE.without_javascript()).await;
    open(&browser, &world, &format!("{SETTINGS}/recipe")).await;
    click(&browser, "#row-0-down").await;
    until_said_without_script(&browser, "Not saved yet").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert_eq!(recipe(&world).await[0], PartKind::Analysis);
    open(&browser, &world, &format!("{SETTINGS}/look")).await;
    let field = expect(&browser, "#accent").await;
    field.clear().await.unwrap();
    field.send_keys("#7a1f3d").await.unwrap();
    click(&browser, "#look").await;
    let frame = expect(&browser, "iframe[name=settings-preview]").await;
    frame.enter_frame().await.unwrap();
    let mut shown = String::new();
    for _ in 0..50 {
        shown = browser.source().await.unwrap();
        if shown.contains("#7a1f3d") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(shown.contains("#7a1f3d"), "{shown}");
    browser.enter_parent_frame().await.unwrap();
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert!(stored(&world).await.accent.is_some());
    open(&browser, &world, &format!("{SETTINGS}/fields")).await;
    click(&browser, "#add").await;
    let field = expect(&browser, "#row-0-label").await;
    // Enter in a field saves, and presses no other button.
    field
        .send_keys(&format!("Nom{}", Key::Enter))
        .await
        .unwrap();
    expect(&browser, "#saved").await;
    assert_eq!(stored(&world).await.fields.iter().count(), 1);
}
