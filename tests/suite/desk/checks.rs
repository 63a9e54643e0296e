//! The panel of checks beside the text, and uploads of pictures.

use fantoccini::Locator;
use serde_json::{Value, json};
use xabar::domain::{Language, Role, Roles};

use super::{click, expect, inspect, open, type_into, until, until_said};
use crate::pictures::bucket::{Answer, ScriptedBucket, world_with};
use crate::pictures::picture;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

on_both_databases!(
    a_finding_leads_to_its_place_and_goes_when_it_is_mended,
    the_checks_work_without_script,
    uploads_are_refused_in_the_persons_words,
    a_picture_that_cannot_be_stored_costs_no_text,
);

/// An issue with a placeholder, and without a preheader.
async fn half_written(world: &World) -> String {
    let body = json!({ "newsletter": "asie-centrale", "subject": "Sommet", "parts": [
        { "kind": "articles", "items": [{ "title": "Untitled", "url": "https://magazine.net/a" }] }] });
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    let issue: Value = answer.unwrap().json().await.unwrap();
    issue["id"].as_str().unwrap().to_owned()
}

async fn a_finding_leads_to_its_place_and_goes_when_it_is_mended(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let issue = half_written(&world).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &anna).await;
    open(&browser, &world, &format!("/desk/issues/{issue}/write")).await;
    until_said(&browser, "#checks", "To mend before sending (1)").await;
    until_said(&browser, "#checks", "Please look at these (1)").await;
    inspect(&browser, &world, "checks").await;
    click(&browser, ".finding-error a").await;
    until(
        &browser,
        "return document.activeElement.closest('#part-0-item-0') !== null",
    )
    .await;
    type_into(&browser, "#part-0-item-0-title", "Bichkek en fleurs").await;
    type_into(&browser, "#preheader-text", "Ce qui fleurit").await;
    until_said(&browser, "#checks", "Nothing to mend.").await;
    click(&browser, ".checks-ask button").await;
    until_said(&browser, "#checks", "Links and sending were tried on").await;
    // A picture: chosen, kept, shown.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vue.png");
    std::fs::write(&file, picture(1500, 500)).unwrap();
    click(&browser, "#part-0-item-0 .more-fields > summary").await;
    let field = browser
        .find(Locator::Css("#part-0-item-0-file"))
        .await
        .unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
    until(
        &browser,
        "return document.getElementById('part-0-item-0-image').value.endsWith('.jpg')",
    )
    .await;
    until_said(&browser, "#checks", "has no description").await;
    std::fs::write(&file, "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    let field = browser
        .find(Locator::Css("#part-0-item-0-file"))
        .await
        .unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
    until_said(&browser, "[data-upload-error]", "This is an SVG drawing").await;
    expect(&browser, "#checks").await;
    let choose = async |octets: &[u8]| {
        std::fs::write(&file, octets).unwrap();
        let field = browser.find(Locator::Css("#part-0-item-0-file")).await;
        field
            .unwrap()
            .send_keys(file.to_str().unwrap())
            .await
            .unwrap();
    };
    choose(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").await;
    until_said(&browser, "[data-upload-error]", "HEIC photo, as iPhones").await;
    // What is too large a file is made smaller by the browser.
    let before = "return document.getElementById('part-0-item-0-image').value";
    let before = until(&browser, before).await;
    let large = [picture(1600, 500), vec![0; 11_000_000]].concat();
    choose(&large).await;
    let after = format!("return document.getElementById('part-0-item-0-image').value !== {before}");
    until(&browser, &after).await;
}

async fn the_checks_work_without_script(db: TestDb) {
    let world = World::start(&db).await;
    let issue = half_written(&world).await;
    let path = format!("/desk/issues/{issue}/checks");
    let vera = world.person("Vera", Role::Viewer, Language::Fr).await;
    let page = vera.get(&path).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(
        page.contains(&format!(
            "href=\"/desk/issues/{issue}/write#part-0-item-0\""
        )),
        "{page}"
    );
    assert!(page.contains("À corriger avant l’envoi (1)"), "{page}");
    assert!(!page.contains("checks-ask"), "a viewer asks nobody");
    assert_eq!(vera.post(&path, &[]).send().await.unwrap().status(), 403);
    let anna = world.person("Anna", Role::Editor, Language::De).await;
    let asked = anna.post(&path, &[]).send().await.unwrap();
    assert_eq!(asked.status(), 303);
    let page = anna.get(&path).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Links und Versand geprüft"), "{page}");
    // Whoever has no part in the newsletter learns nothing of it.
    let nobody = world
        .person_with("Otto", Roles::default(), Language::En)
        .await;
    assert_eq!(nobody.get(&path).send().await.unwrap().status(), 404);
}

async fn send(world: &World, person: &Person, csrf: &str, file: Vec<u8>) -> (u16, String) {
    let mark = "part-of-a-form";
    let field = |more: &str| format!("--{mark}\r\nContent-Disposition: form-data; name={more}\r\n");
    let head = format!(
        "{}\r\n{csrf}\r\n{}Content-Type: image/jpeg\r\n\r\n",
        field("\"csrf\""),
        field("\"file\"; filename=\"vue.jpg\"")
    );
    let end = format!("\r\n--{mark}--\r\n");
    let body = [head.as_bytes(), &file, end.as_bytes()].concat();
    let request = world.http.post(world.url("/desk/pictures")).body(body);
    let request = request.header("cookie", format!("xabar-desk={}", person.cookie));
    let kind = format!("multipart/form-data; boundary={mark}");
    let request = request.header("content-type", kind);
    let answer = request.header("accept", "application/json").send().await;
    let answer = answer.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn uploads_are_refused_in_the_persons_words(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::De).await;
    let (status, said) = send(&world, &anna, &anna.csrf, picture(30, 20)).await;
    assert_eq!(status, 201, "{said}");
    let kept: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&kept["width"], &kept["height"]), (&json!(30), &json!(20)));
    let (status, said) = send(&world, &anna, &anna.csrf, b"%PDF-1.4".to_vec()).await;
    assert_eq!(status, 422);
    assert!(said.contains("Das ist ein PDF"), "{said}");
    let (status, said) = send(&world, &anna, &anna.csrf, vec![7; 50 << 20]).await;
    assert_eq!(status, 413);
    assert!(said.contains("mehr als 10 MB"), "{said}");
    let (status, _) = send(&world, &anna, "forged", picture(30, 21)).await;
    assert_eq!(status, 403);
    let vera = world.person("Vera", Role::Viewer, Language::De).await;
    let (status, _) = send(&world, &vera, &vera.csrf, picture(30, 22)).await;
    assert_eq!(status, 403);
    assert_eq!(db.number("SELECT COUNT(*) FROM picture").await, 1);
}

async fn a_picture_that_cannot_be_stored_costs_no_text(db: TestDb) {
    let bucket = ScriptedBucket::default();
    bucket.will(&[Answer::Status(500, "InternalError")]);
    let world = world_with(&db, &bucket.start().await).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let issue = half_written(&world).await;
    let browser = Browser::open(Viewport::PHONE).await;
    browser.signed_in(&world, &anna).await;
    open(&browser, &world, &format!("/desk/issues/{issue}/write")).await;
    type_into(&browser, "#part-0-item-0-title", "Bichkek en fleurs").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vue.png");
    std::fs::write(&file, picture(90, 60)).unwrap();
    click(&browser, "#part-0-item-0 .more-fields > summary").await;
    let choose = async || {
        let field = Locator::Css("#part-0-item-0-file");
        let field = browser.find(field).await.unwrap();
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    };
    choose().await;
    until_said(&browser, "[data-upload-error]", "could not be stored").await;
    let title = "return document.getElementById('part-0-item-0-title').value";
    assert_eq!(until(&browser, title).await, "Bichkek en fleurs");
    bucket.will(&[Answer::Fine]);
    choose().await;
    until(
        &browser,
        "return document.getElementById('part-0-item-0-image').value.endsWith('.jpg')",
    )
    .await;
}
