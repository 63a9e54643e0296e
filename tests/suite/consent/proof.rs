//! The proof of consent of one person.

use serde_json::Value;
use xabar::domain::{ConsentKind, Purpose, Role};
use xabar::{accounts, store};

use super::{assert_intact, triggers};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    the_confirmation_mail_is_kept_as_it_was_sent_and_without_its_link,
    a_persons_proof_is_one_file,
);

async fn the_confirmation_mail_is_kept_as_it_was_sent_and_without_its_link(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let subscription = world.subscription("a@example.org").await.unwrap();
    let mut look = world.service.store.read().await.unwrap();
    let events = store::consent::of_subscription(&mut look, subscription.id)
        .await
        .unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            ConsentKind::Requested,
            ConsentKind::Mailed,
            ConsentKind::Confirmed
        ]
    );
    let mail = &world.mails_to("a@example.org")[0];
    let sent = &events[1];
    assert_eq!(
        format!("<{}>", sent.page),
        mail.header("Message-ID").unwrap()
    );
    let link = crate::support::world::link_in(&mail.text, "/confirm/");
    assert!(!sent.wording.contains(&link), "it would still confirm");
    let hidden = format!("{}/confirm/…", world.base);
    let shown = format!(
        "{}\n\n{}",
        mail.header("Subject").unwrap(),
        mail.text.replace(&link, &hidden)
    );
    assert_eq!(sent.wording.trim(), shown.replace("\r\n", "\n").trim());
    assert_eq!(
        events[0].address_hash,
        world.service.links.address_hash(&subscription.address)
    );
    // A mail that nobody took is none.
    drop(look);
    world.sign_up("never@example.org").await;
    assert_eq!(assert_intact(&world).await.events, 4);
}

async fn a_persons_proof_is_one_file(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let choices = world.link("reader@example.org", Purpose::Preferences).await;
    world.pass(1);
    world
        .submit(&choices, &[("language", "en"), ("countries", "uz")])
        .await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let ask = |path: &'static str, address: &'static str, token: &str| {
        let body = serde_json::json!({ "address": address });
        world
            .http
            .post(world.url(path))
            .bearer_auth(token)
            .json(&body)
            .send()
    };
    let path = "/api/v1/consent/proof";
    assert_eq!(
        ask(path, "reader@example.org", &world.token)
            .await
            .unwrap()
            .status(),
        403
    );
    assert_eq!(
        ask(path, "nobody@example.org", &owner)
            .await
            .unwrap()
            .status(),
        404
    );
    assert_eq!(ask(path, "nobody", &owner).await.unwrap().status(), 422);
    let proof: Value = ask(path, "Reader@example.org", &owner)
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let subscription = &proof["subscriptions"][0];
    assert_eq!(
        (&subscription["slug"], &subscription["state"]),
        (&"asie-centrale".into(), &"active".into())
    );
    let events = subscription["consent"].as_array().unwrap();
    let acts: Vec<&str> = events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["requested", "mailed", "confirmed", "changed"]);
    assert!(
        events.iter().all(|event| event["genuine"] == true),
        "{proof}"
    );
    assert_eq!(
        (&events[0]["at"], &events[3]["at"]),
        (
            &"2026-11-23T07:00:00Z".into(),
            &"2026-11-23T07:01:00Z".into()
        )
    );
    assert_eq!(
        (&events[0]["page"], &events[0]["wording_version"]),
        (&"/api/v1/subscriptions".into(), &"fr-2".into())
    );
    assert!(
        events[1]["wording"]
            .as_str()
            .unwrap()
            .contains("/confirm/…"),
        "the mail as it was sent"
    );

    let text = ask(
        "/api/v1/consent/proof?format=text&language=en",
        "reader@example.org",
        &owner,
    )
    .await
    .unwrap();
    let text = text.text().await.unwrap();
    assert!(
        text.starts_with("Proof of consent from reader@example.org\n"),
        "{text}"
    );
    let wording = events[0]["wording"].as_str().unwrap();
    for said in [
        wording,
        "2026-11-23 07:00:00 UTC · Sign-up requested",
        "IP address: 127.0.0.1",
        "(asie-centrale)",
        "Uzbekistan",
    ] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    assert!(!text.contains("no longer says"), "{text}");
    for statement in triggers(&db) {
        db.execute(&statement).await.unwrap();
    }
    db.execute("UPDATE consent_event SET at = at + 1000000 WHERE id = 3")
        .await
        .unwrap();
    let proof: Value = ask(path, "reader@example.org", &owner)
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let genuine: Vec<bool> = proof["subscriptions"][0]["consent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["genuine"].as_bool().unwrap())
        .collect();
    assert_eq!(genuine, [true, true, false, true]);
    let text = ask(
        "/api/v1/consent/proof?format=text",
        "reader@example.org",
        &owner,
    )
    .await
    .unwrap();
    assert!(
        text.text()
            .await
            .unwrap()
            .contains("This event no longer says what was recorded.")
    );
}
