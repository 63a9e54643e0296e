//! The preferences page: newsletters, a pause, countries.

use serde_json::{Value, json};
use xabar::domain::{EmailAddress, Purpose, SuppressionReason};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const EMAIL: &str = "a@example.org";

async fn house(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.add_newsletters().await;
    world
}

/// Saves the form with these newsletters ticked and these further fields.
async fn save(world: &World, link: &str, letters: &[&str], more: &[(&str, &str)]) -> (u16, String) {
    let mut fields = vec![("language", "fr"), ("letters", "")];
    fields.extend(letters.iter().map(|slug| ("letters", *slug)));
    fields.extend(more);
    let answer = world.submit(link, &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn pause(world: &World, email: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let link = world.link(email, Purpose::Preferences).await;
    let fields = [&[("language", "fr")], fields].concat();
    let answer = world.submit(&link, &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn send(world: &World, subject: &str) -> String {
    let id = world.draft(subject).await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    id
}

on_both_databases!(
    a_form_that_is_not_understood_is_answered_in_the_readers_language,
    newsletters_are_turned_on_and_off_on_one_page,
    a_link_sends_few_welcome_mails,
    only_a_confirmed_address_turns_newsletters_on,
    who_pauses_is_left_out_and_comes_back_by_itself,
    a_pause_between_freeze_and_sending_is_kept,
    a_pause_has_a_sensible_end_and_can_be_ended_early,
    readers_who_get_the_same_letter_share_a_variant,
);

async fn a_link_sends_few_welcome_mails(db: TestDb) {
    let world = house(&db).await;
    world.join(EMAIL).await;
    let link = world.link(EMAIL, Purpose::Preferences).await;
    for _ in 0..5 {
        for letters in [&["asie-centrale", "zentralasien"][..], &["asie-centrale"]] {
            assert_eq!(save(&world, &link, letters, &[]).await.0, 200);
        }
    }
    let both = ["asie-centrale", "zentralasien"];
    assert_eq!(save(&world, &link, &both, &[]).await.0, 200);
    assert_eq!(world.states(EMAIL).await.matches("active").count(), 2);
    world.work().await;
    assert_eq!(world.mails_to(EMAIL).len(), 1 + 3, "and the confirmation");
}

async fn newsletters_are_turned_on_and_off_on_one_page(db: TestDb) {
    let world = house(&db).await;
    world.join(EMAIL).await;
    let link = world.link(EMAIL, Purpose::Preferences).await;
    let page = world.page(&link).await.1;
    assert!(
        page.contains("value=\"asie-centrale\" checked")
            && page.contains("value=\"zentralasien\">"),
        "{page}"
    );
    assert!(!page.contains(EMAIL), "the link may have been forwarded");

    let (status, page) = save(
        &world,
        &link,
        &["asie-centrale", "zentralasien"],
        &[("countries", "kz")],
    )
    .await;
    assert_eq!(status, 200);
    assert!(page.contains("value=\"zentralasien\" checked"), "{page}");
    assert_eq!(world.states(EMAIL).await, "active none active");
    let new = world.subscription_to(EMAIL, "zentralasien").await.unwrap();
    assert_eq!(new.chosen.countries.to_string(), "kz");
    let proof = world.proof(&new).await;
    let said: Vec<String> = proof
        .iter()
        .map(|e| format!("{} by {}", e.kind, e.method))
        .collect();
    assert_eq!(said, ["confirmed by signed_link"]);
    let (tick, hint) = proof[0].wording.split_once('\n').unwrap();
    assert!(
        tick.contains("Zentralasien") && page.contains(hint),
        "{tick} {hint}"
    );
    // The owner of the address hears of it.
    world.work().await;
    assert!(
        world
            .mails_to(EMAIL)
            .pop()
            .unwrap()
            .text
            .contains("Zentralasien")
    );

    save(&world, &link, &["zentralasien"], &[]).await;
    assert_eq!(world.states(EMAIL).await, "ended none active");
    assert_eq!(
        world.consents(EMAIL).await.last().unwrap(),
        "withdrawn by page"
    );
    // The link is still good for who reads anything, and for coming back.
    save(&world, &link, &["asie-centrale", "zentralasien"], &[]).await;
    assert_eq!(world.states(EMAIL).await, "active none active");
    assert_eq!(
        world.consents(EMAIL).await.last().unwrap(),
        "confirmed by signed_link"
    );

    let (status, page) = save(&world, &link, &[], &[]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Au revoir"), "{page}");
    assert_eq!(world.states(EMAIL).await, "ended none ended");
    // Who has left everything comes back by a sign-up alone.
    let (status, _) = save(&world, &link, &["asie-centrale"], &[]).await;
    assert_eq!(
        (status, &*world.states(EMAIL).await),
        (410, "ended none ended")
    );
}

async fn only_a_confirmed_address_turns_newsletters_on(db: TestDb) {
    let world = house(&db).await;
    world.sign_up(EMAIL).await;
    let link = world.link(EMAIL, Purpose::Preferences).await;
    save(&world, &link, &["asie-centrale", "zentralasien"], &[]).await;
    assert_eq!(world.states(EMAIL).await, "pending none none");
    // Nor one that must not be mailed.
    world.join("b@example.org").await;
    let hash = world
        .service
        .links
        .address_hash(&EmailAddress::parse("b@example.org").unwrap());
    let mut tx = world.service.store.write().await.unwrap();
    let reason = SuppressionReason::Complained;
    store::consent::suppression::insert(&mut tx, &hash, reason, world.clock.now(), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let link = world.link("b@example.org", Purpose::Preferences).await;
    save(&world, &link, &["asie-centrale", "zentralasien"], &[]).await;
    assert_eq!(world.states("b@example.org").await, "active none none");
}

async fn who_pauses_is_left_out_and_comes_back_by_itself(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reads@example.org").await;
    world.join("rests@example.org").await;
    let (status, page) = pause(&world, "rests@example.org", &[("pause", "2")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("lundi 7 décembre 2026"), "{page}");
    let first = send(&world, "Premier").await;
    world.work().await;
    assert_eq!(world.counts(&first).await, "sent=1");
    let issue = world.issue(&first).await;
    assert_eq!(
        (&issue["candidates"], &issue["excluded"]),
        (&json!(2), &json!({ "paused": 1 }))
    );
    assert_eq!(world.state("rests@example.org").await, "active");
    assert_eq!(world.caught_for("rests@example.org").len(), 2);
    // The last minute of the pause, in Paris, and the first after it.
    world.pass(14 * 24 * 60 - 8 * 60 - 1);
    let second = send(&world, "Deuxième").await;
    world.pass(1);
    let third = send(&world, "Troisième").await;
    world.work().await;
    assert_eq!(world.counts(&second).await, "sent=1");
    assert_eq!(world.counts(&third).await, "sent=2");
    assert_eq!(world.issue(&third).await["excluded"], json!({}));
    let page = pause(&world, "rests@example.org", &[]).await.1;
    assert!(!page.contains("name=\"resume\""), "it is over: {page}");
}

async fn a_pause_between_freeze_and_sending_is_kept(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reads@example.org").await;
    world.join("rests@example.org").await;
    let id = send(&world, "Sommet").await;
    pause(&world, "rests@example.org", &[("pause", "4")]).await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 skipped=1");
    assert_eq!(world.caught_for("rests@example.org").len(), 2);
    assert_eq!(world.state("rests@example.org").await, "active");
}

async fn a_pause_has_a_sensible_end_and_can_be_ended_early(db: TestDb) {
    let world = World::start(&db).await;
    world.join(EMAIL).await;
    for day in [
        "",
        "soon",
        "2026-11-23",
        "2020-01-01",
        "2027-11-25",
        "2026-13-01",
    ] {
        let (status, page) = pause(
            &world,
            EMAIL,
            &[("pause", "date"), ("pause_date", day), ("countries", "kz")],
        )
        .await;
        assert_eq!(status, 422, "{day}");
        assert!(
            page.contains("id=\"pause-error\"") && page.contains("value=\"kz\" checked"),
            "{page}"
        );
        let kept = world.subscription(EMAIL).await.unwrap();
        assert_eq!(
            (
                kept.paused_until,
                kept.chosen.countries.to_string().as_str()
            ),
            (None, ""),
            "{day}"
        );
    }
    let (status, _) = pause(
        &world,
        EMAIL,
        &[("pause", "date"), ("pause_date", "2026-12-24")],
    )
    .await;
    assert_eq!(status, 200);
    let kept = world.subscription(EMAIL).await.unwrap();
    assert_eq!(
        kept.paused_until.unwrap().to_string(),
        "2026-12-23T23:00:00Z"
    );
    // Saving other choices does not end it.
    pause(&world, EMAIL, &[("pause", ""), ("countries", "uz")]).await;
    let link = world.link(EMAIL, Purpose::Preferences).await;
    let page = world.page(&link).await.1;
    assert!(
        page.contains("24 décembre") && page.contains("name=\"resume\""),
        "{page}"
    );
    assert_eq!(
        world.submit(&link, &[("resume", "yes")]).await.status(),
        200
    );
    let kept = world.subscription(EMAIL).await.unwrap();
    assert_eq!(
        (
            kept.paused_until,
            kept.chosen.countries.to_string().as_str()
        ),
        (None, "uz")
    );
    assert_eq!(world.consents(EMAIL).await[2..], ["changed by page"; 3]);
    let id = send(&world, "Sommet").await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1");
}

async fn readers_who_get_the_same_letter_share_a_variant(db: TestDb) {
    let world = World::start(&db).await;
    // The articles of the draft are about kg and uz.
    let follow = [
        ("none", ""),
        ("kg", "kg"),
        ("kg2", "kg,kz"),
        ("both", "kg,uz,tm"),
        ("tj", "tj"),
    ];
    for (name, countries) in follow {
        let email = format!("{name}@example.org");
        let body = json!({ "email": email, "countries": countries.split(',').collect::<Vec<_>>() });
        world
            .http
            .post(world.url("/api/v1/subscriptions"))
            .json(&body)
            .send()
            .await
            .unwrap();
        let confirm = world.link(&email, Purpose::Confirm).await;
        assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    }
    world.work().await;
    let id = world.draft("Sommet").await;
    let path = format!("/api/v1/issues/{id}/variants");
    let found: Value = world.get(&path).send().await.unwrap().json().await.unwrap();
    let size = |variant: usize| found["variants"][variant]["html_bytes"].as_u64().unwrap();
    assert!(size(0) > size(1) && size(1) > 5_000, "{found}");
    let variants = json!([
        { "countries": [], "readers": 3, "named_only": 0, "html_bytes": size(0), "clipped": false },
        { "countries": ["kg"], "readers": 2, "named_only": 1, "html_bytes": size(1), "clipped": false },
    ]);
    assert_eq!(found["variants"], variants);
    let preview = format!("/api/v1/issues/{id}/preview?format=text&countries=kg");
    let preview = world.get(&preview).send().await.unwrap();
    assert_eq!(preview.headers()["xabar-html-bytes"], size(1).to_string());
    assert!(!preview.headers().contains_key("xabar-warning"));
    let preview = preview.text().await.unwrap();
    assert!(preview.contains("Également dans ce numéro"), "{preview}");
    world.act(&id, "send").await;
    world.work().await;
    let found: Value = world.get(&path).send().await.unwrap().json().await.unwrap();
    assert_eq!(found["variants"], variants);
    for (name, _) in follow {
        let mail = world
            .mails_to(&format!("{name}@example.org"))
            .pop()
            .unwrap();
        assert_eq!(
            mail.text.contains("Également dans ce numéro"),
            name.starts_with("kg"),
            "{name}"
        );
    }
    assert_eq!(
        world
            .get("/api/v1/issues/00000000-0000-0000-0000-000000000000/variants")
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

async fn a_form_that_is_not_understood_is_answered_in_the_readers_language(db: TestDb) {
    let world = house(&db).await;
    world.join(EMAIL).await;
    let link = world.link(EMAIL, Purpose::Preferences).await;
    let german = [("language", "de"), ("frequency", "each")];
    assert_eq!(world.submit(&link, &german).await.status(), 200);
    let wrong = [("language", "de"), ("frequency", "nix")];
    let answer = world.submit(&link, &wrong).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let page = answer.text().await.unwrap();
    assert!(page.contains("lang=\"de\""), "{page}");
}
