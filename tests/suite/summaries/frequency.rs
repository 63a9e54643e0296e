//! The frequency that readers choose: each issue, or the summary of each month.

use serde_json::json;
use xabar::domain::{Language, Purpose};

use super::{article, join_monthly, november, send};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

on_both_databases!(
    letters_may_come_at_different_paces,
    a_choice_is_changed_on_the_page_and_holds_from_then_on,
    the_form_and_the_api_ask_how_often,
);

async fn letters_may_come_at_different_paces(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    join_monthly(&world, "month@example.org", &[]).await;
    world.pass(20);
    let body = json!({ "email": "month@example.org", "newsletter": "zentralasien" });
    world
        .http
        .post(world.url("/api/v1/subscriptions"))
        .json(&body)
        .send()
        .await
        .unwrap();
    world.work().await;
    let mail = world.mails_to("month@example.org").pop().unwrap();
    assert_eq!(
        world
            .submit(&link_in(&mail.text, "/confirm/"), &[])
            .await
            .status(),
        200
    );
    let paces = || async {
        let of = |slug| world.subscription_to("month@example.org", slug);
        let (first, other) = (
            of("asie-centrale").await.unwrap(),
            of("zentralasien").await.unwrap(),
        );
        format!("{} {}", first.chosen.frequency, other.chosen.frequency)
    };
    assert_eq!(paces().await, "monthly each");
    let link = world.link("month@example.org", Purpose::Preferences).await;
    world
        .submit(
            &link,
            &[
                ("language", "fr"),
                ("frequency", "monthly"),
                ("countries", "kz"),
            ],
        )
        .await;
    assert_eq!(
        paces().await,
        "monthly each",
        "what was not changed is not meant"
    );
    let other = || world.subscription_to("month@example.org", "zentralasien");
    let chosen = other().await.unwrap().chosen;
    assert_eq!(chosen.countries.to_string(), "kz", "this was changed");
    // By the link of the other newsletter, whose language is another one.
    let again = [
        ("language", "fr"),
        ("frequency", "monthly"),
        ("countries", "kz"),
    ];
    world.submit(&link, &again).await;
    let chosen = other().await.unwrap().chosen;
    assert_eq!(chosen.language, Language::De, "this was not");
    world
        .submit(&link, &[("language", "fr"), ("frequency", "each")])
        .await;
    world
        .submit(&link, &[("language", "fr"), ("frequency", "monthly")])
        .await;
    assert_eq!(paces().await, "monthly monthly");
    // An erasure leaves no choice behind.
    assert_eq!(
        db.number("SELECT COUNT(*) FROM subscription WHERE frequency = 'monthly'")
            .await,
        2
    );
    let address = "month@example.org".parse().unwrap();
    xabar::subscribe::privacy::erase_by_owner(
        &world.service,
        &address,
        &xabar::domain::Actor::CommandLine,
    )
    .await
    .unwrap()
    .unwrap();
    assert_eq!(
        db.number("SELECT COUNT(*) FROM subscription WHERE frequency = 'monthly'")
            .await,
        0
    );
}

async fn a_choice_is_changed_on_the_page_and_holds_from_then_on(db: TestDb) {
    let world = november(&db).await;
    let link = world.link("month@example.org", Purpose::Preferences).await;
    let page = world.page(&link).await.1;
    assert!(
        page.contains("name=\"frequency\" value=\"monthly\" checked"),
        "{page}"
    );
    assert_eq!(
        world
            .submit(&link, &[("language", "fr"), ("frequency", "each")])
            .await
            .status(),
        200
    );
    assert_eq!(
        world.consents("month@example.org").await.last().unwrap(),
        "changed by page"
    );
    // A form that does not say leaves it; one that says nonsense is none of ours.
    world
        .submit(&link, &[("language", "fr"), ("countries", "uz")])
        .await;
    assert_eq!(
        world
            .submit(&link, &[("language", "fr"), ("frequency", "daily")])
            .await
            .status(),
        422
    );
    assert_eq!(
        world
            .subscription("month@example.org")
            .await
            .unwrap()
            .chosen
            .frequency
            .as_str(),
        "each"
    );
    let link = world.link("each@example.org", Purpose::Preferences).await;
    assert_eq!(
        world
            .submit(&link, &[("language", "fr"), ("frequency", "monthly")])
            .await
            .status(),
        200
    );
    send(&world, "Troisième", json!([article("Almaty", "kz")])).await;
    assert_eq!(
        world
            .mails_to("month@example.org")
            .last()
            .unwrap()
            .header("Subject"),
        Some("Troisième")
    );
    assert_eq!(
        world
            .mails_to("each@example.org")
            .last()
            .unwrap()
            .header("Subject"),
        Some("Deuxième")
    );
}

async fn the_form_and_the_api_ask_how_often(db: TestDb) {
    let world = World::start(&db).await;
    let fields = |email: &'static str, often: &'static str| {
        [
            ("email", email),
            ("newsletter", "asie-centrale"),
            ("lang", "fr"),
            ("consent", "yes"),
            ("frequency", often),
        ]
    };
    let page = world
        .submit("/subscribe", &fields("a@example.org", "daily"))
        .await;
    assert_eq!(page.status(), 422);
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("id=\"frequency-error\"")
    );
    assert_eq!(world.state("a@example.org").await, "none");
    assert_eq!(
        world
            .submit("/subscribe", &fields("a@example.org", "monthly"))
            .await
            .status(),
        200
    );
    let often = world
        .subscription("a@example.org")
        .await
        .unwrap()
        .chosen
        .frequency;
    assert_eq!(often.as_str(), "monthly");
    let body = json!({ "email": "b@example.org", "frequency": "daily" });
    let answer = world
        .http
        .post(world.url("/api/v1/subscriptions"))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_client_error());
    assert!(answer.text().await.unwrap().contains("frequency"));
}
