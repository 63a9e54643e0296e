//! Safety mode, for readers whom a newsletter could bring into trouble: neutral subjects, nothing asked that tells.

use serde_json::json;
use xabar::accounts;
use xabar::domain::{Purpose, Role};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    the_page_after_the_form_names_the_neutral_subject,
    countries_are_not_asked_and_stay_as_they_are,
);

const EMAIL: &str = "reader@example.org";

async fn house(db: &TestDb) -> World {
    let world = World::start(db).await;
    let token = accounts::add_token(&world.service, "owner", Role::Owner);
    let request = world
        .http
        .patch(world.url("/api/v1/newsletters/asie-centrale"))
        .bearer_auth(token.await.unwrap())
        .json(&json!({ "safety_mode": true }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    world
}

async fn the_page_after_the_form_names_the_neutral_subject(db: TestDb) {
    let world = house(&db).await;
    let form = [("email", EMAIL), ("lang", "en"), ("consent", "yes")];
    let page = world.submit("/subscribe", &form).await;
    let page = page.text().await.unwrap();
    world.work().await;
    let mail = world.mails_to(EMAIL).pop().expect("a mail");
    let subject = mail.header("Subject").expect("a subject");
    assert_eq!(subject, "Please confirm your subscription");
    assert!(page.contains(&format!("<dd>{subject}</dd>")), "{page}");
}

async fn countries_are_not_asked_and_stay_as_they_are(db: TestDb) {
    let world = house(&db).await;
    let (_, form) = world.page("/subscribe?newsletter=asie-centrale").await;
    assert!(!form.contains("name=\"countries\""), "{form}");
    let body = json!({ "email": EMAIL, "countries": ["kz"] });
    let asked = world.post("/api/v1/subscriptions").json(&body).send();
    assert_eq!(asked.await.unwrap().status(), 202);
    let confirm = world.link(EMAIL, Purpose::Confirm).await;
    let confirmed = world.submit(&confirm, &[]).await.text().await.unwrap();
    let preferences = world.link(EMAIL, Purpose::Preferences).await;
    let (_, page) = world.page(&preferences).await;
    for page in [confirmed, page] {
        assert!(!page.contains("name=\"countries\""), "{page}");
        assert!(page.contains("name=\"countries_kept\""), "{page}");
    }
    let form = [
        ("language", "fr"),
        ("countries_kept", "yes"),
        ("frequency", "monthly"),
    ];
    assert_eq!(world.submit(&preferences, &form).await.status(), 200);
    let chosen = world.subscription(EMAIL).await.unwrap().chosen;
    assert_eq!(chosen.countries.to_string(), "kz");
    assert_eq!(chosen.frequency.as_str(), "monthly");
}
