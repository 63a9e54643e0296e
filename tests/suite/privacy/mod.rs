//! A person's rights to their data (GDPR): access, export, correction, erasure; a forwarded mail opens none of it.

mod address_change;
mod address_change_limits;
mod erasure;

use serde_json::Value;
use xabar::accounts;
use xabar::domain::{EmailAddress, Purpose, Role};
use xabar::subscribe::audit_consents;
use xabar::subscribe::privacy::{self, Dossier, Extent};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

/// Asks for a fresh link as a reader does, by the link in a mail, and takes it out of the mailbox.
pub async fn my_data(world: &World, email: &str) -> String {
    let ask = format!("{}/data", world.link(email, Purpose::Preferences).await);
    assert_eq!(world.submit(&ask, &[]).await.status(), 200);
    world.work().await;
    let mails = world.mails_to(email);
    link_in(&mails.last().expect("a mail").text, "/my-data/")
}

async fn dossier(world: &World, email: &str, extent: Extent) -> Option<Dossier> {
    let address = EmailAddress::parse(email).unwrap();
    privacy::dossier_of_address(&world.service, &address, extent)
        .await
        .unwrap()
}

/// In how many places of the database this text stands: every column of every table is searched.
async fn traces(db: &TestDb, text: &str) -> i64 {
    let places = db.text_columns().await;
    assert!(places.len() > 60, "the list of columns looks cut");
    let mut found = 0;
    for (table, column) in places {
        found += db.occurrences(&table, &column, text).await;
    }
    found
}

on_both_databases!(
    a_forwarded_mail_opens_no_data,
    what_is_held_is_shown_and_taken_along,
    every_newsletter_and_choice_is_taken_along_and_erased,
    an_owner_may_prove_show_and_erase_and_nobody_else,
);

async fn a_forwarded_mail_opens_no_data(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let choices = world.link("reader@example.org", Purpose::Preferences).await;
    let (status, shown) = world.page(&choices).await;
    assert!(status == 200 && shown.contains("/data\""), "{shown}");
    assert!(!shown.contains("reader@"), "the address is masked");
    let (status, shown) = world.page(&format!("{choices}/data")).await;
    assert!(
        status == 200 && shown.contains("r…@example.org") && !shown.contains("reader@"),
        "{shown}"
    );
    world.work().await;
    assert_eq!(
        world.mails_to("reader@example.org").len(),
        2,
        "looking mails nothing"
    );
    let elsewhere = choices.replace("/preferences/", "/my-data/");
    assert_eq!(world.page(&elsewhere).await.0, 404);

    let link = my_data(&world, "reader@example.org").await;
    let (status, shown) = world.page(&link).await;
    assert!(
        status == 200 && shown.contains("reader@example.org"),
        "{shown}"
    );
    for purpose in ["/preferences/", "/unsubscribe/", "/confirm/"] {
        assert_eq!(
            world.page(&link.replace("/my-data/", purpose)).await.0,
            404,
            "{purpose}"
        );
    }
    world.pass(60);
    assert_eq!(world.page(&link).await.0, 200, "the last moment counts");
    world.pass(1);
    for path in ["", "/my-data.json", "/my-data.txt"] {
        let (status, shown) = world.page(&format!("{link}{path}")).await;
        assert!(
            status == 410 && !shown.contains("reader@example.org"),
            "{path}: {shown}"
        );
    }
    for (path, field) in [("name", "name"), ("address", "email"), ("erase", "x")] {
        let answer = world
            .submit(&format!("{link}/{path}"), &[(field, "new@example.org")])
            .await;
        assert_eq!(answer.status(), 410, "{path}");
    }
    assert_eq!(world.state("reader@example.org").await, "active");
    // At most a few links a day.
    for _ in 0..20 {
        world.submit(&format!("{choices}/data"), &[]).await;
    }
    world.work().await;
    let before = world.mails_to("reader@example.org").len();
    assert_eq!(before, 2 + 1 + 2, "two an hour");
    // Who has not confirmed gets none.
    world.sign_up("pending@example.org").await;
    let pending = world
        .link("pending@example.org", Purpose::Preferences)
        .await;
    assert_eq!(
        world.submit(&format!("{pending}/data"), &[]).await.status(),
        410
    );
}

async fn what_is_held_is_shown_and_taken_along(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let issue = world.draft("Le numéro de lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    let link = my_data(&world, "reader@example.org").await;
    let saved = world
        .submit(&format!("{link}/name"), &[("name", " Aïgerim <b> ")])
        .await;
    assert_eq!(saved.status(), 200);
    let shown = saved.text().await.unwrap();
    assert!(
        shown.contains("Aïgerim &lt;b&gt;") && !shown.contains("<b>"),
        "{shown}"
    );
    let wrong = world
        .submit(&format!("{link}/name"), &[("name", "two\nlines")])
        .await;
    assert_eq!(wrong.status(), 422);

    let (_, json) = world.page(&format!("{link}/my-data.json")).await;
    let held: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&held["address"], &held["name"]),
        (&"reader@example.org".into(), &"Aïgerim <b>".into())
    );
    let subscription = &held["subscriptions"][0];
    assert_eq!(
        subscription["deliveries"][0]["subject"],
        "Le numéro de lundi"
    );
    assert_eq!(subscription["deliveries"][0]["state"], "sent");
    assert_eq!(subscription["deliveries"][0]["reply"], "250 2.0.0 Kept");
    assert_eq!(subscription["mails"][0]["reply"], "250 2.0.0 Kept");
    let mut kinds: Vec<&str> = subscription["mails"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["confirmation", "data_link", "welcome"]);
    let acts: Vec<&str> = subscription["consent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["kind"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["requested", "mailed", "confirmed", "corrected"]);
    assert_eq!(subscription["consent"][0]["at"], "2026-11-23T07:00:00Z");
    let file = world
        .http
        .get(format!("{link}/my-data.txt"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        file.headers()["content-disposition"],
        "attachment; filename=\"my-data.txt\""
    );
    assert_eq!(file.headers()["cache-control"], "no-store");
    let text = file.text().await.unwrap();
    for said in [
        "reader@example.org",
        "Aïgerim <b>",
        "2026-11-23 07:00:00 UTC",
        "Le numéro de lundi",
        "fr-2",
        "/subscriptions",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(audit_consents(&world.service, None).await.unwrap().intact);
    // And forgotten again.
    world.submit(&format!("{link}/name"), &[("name", "")]).await;
    assert_eq!(
        dossier(&world, "reader@example.org", Extent::All)
            .await
            .unwrap()
            .name,
        None
    );
}

async fn every_newsletter_and_choice_is_taken_along_and_erased(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    world.join("reader@example.org").await;
    let choices = world.link("reader@example.org", Purpose::Preferences).await;
    let both = [("letters", "asie-centrale"), ("letters", "zentralasien")];
    let fields = [
        &[("language", "fr"), ("letters", "")][..],
        &both[..],
        &[("countries", "kz"), ("pause", "2")],
    ]
    .concat();
    assert_eq!(world.submit(&choices, &fields).await.status(), 200);
    world.work().await;
    let link = my_data(&world, "reader@example.org").await;
    let (_, json) = world.page(&format!("{link}/my-data.json")).await;
    let held: Value = serde_json::from_str(&json).unwrap();
    let (_, text) = world.page(&format!("{link}/my-data.txt")).await;
    for (nth, (slug, title, act)) in [
        ("asie-centrale", "Asie centrale", "requested"),
        ("zentralasien", "Zentralasien", "confirmed"),
    ]
    .into_iter()
    .enumerate()
    {
        let one = &held["subscriptions"][nth];
        assert_eq!(
            (
                &one["slug"],
                &one["countries"][0],
                &one["consent"][0]["kind"]
            ),
            (&slug.into(), &"kz".into(), &act.into())
        );
        assert_eq!(one["paused_until"], "2026-12-06T23:00:00Z", "{slug}");
        assert!(text.contains(&format!("{title} ({slug})")), "{text}");
    }
    assert_eq!(text.matches("En pause jusqu’au").count(), 2, "{text}");

    assert_eq!(
        world
            .submit(&format!("{link}/erase"), &[("sure", "yes")])
            .await
            .status(),
        200
    );
    world.work().await;
    assert_eq!(traces(&db, "reader@").await, 0);
    assert_eq!(world.states("reader@example.org").await, "none none none");
    let proof = dossier(&world, "reader@example.org", Extent::Consent)
        .await
        .unwrap();
    assert_eq!(proof.subscriptions.len(), 2);
    assert!(
        proof
            .subscriptions
            .iter()
            .all(|one| one.paused_until.is_none() && one.countries.is_empty())
    );
    assert!(audit_consents(&world.service, None).await.unwrap().intact);
}

async fn an_owner_may_prove_show_and_erase_and_nobody_else(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    world.sign_up("pending@example.org").await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let ask = |path: &'static str, address: &'static str, token: String| {
        let body = serde_json::json!({ "address": address });
        world
            .http
            .post(world.url(path))
            .bearer_auth(token)
            .json(&body)
            .send()
    };
    for path in [
        "/api/v1/consent/proof",
        "/api/v1/subscribers/show",
        "/api/v1/subscribers/erase",
    ] {
        assert_eq!(
            ask(path, "reader@example.org", world.token.clone())
                .await
                .unwrap()
                .status(),
            403,
            "{path}"
        );
        assert_eq!(
            ask(path, "nobody@example.org", owner.clone())
                .await
                .unwrap()
                .status(),
            404,
            "{path}"
        );
        assert_eq!(
            ask(path, "nobody", owner.clone()).await.unwrap().status(),
            422,
            "{path}"
        );
    }
    let proof: Value = ask("/api/v1/consent/proof", "reader@example.org", owner.clone())
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(proof["subscriptions"][0]["consent"][2]["kind"], "confirmed");
    assert!(proof["subscriptions"][0].get("mails").is_none());
    let text = ask(
        "/api/v1/consent/proof?format=text&language=en",
        "reader@example.org",
        owner.clone(),
    )
    .await
    .unwrap();
    assert!(
        text.text()
            .await
            .unwrap()
            .starts_with("Proof of consent from reader@example.org\n")
    );
    let certificate: Value = ask(
        "/api/v1/subscribers/erase",
        "reader@example.org",
        owner.clone(),
    )
    .await
    .unwrap()
    .json()
    .await
    .unwrap();
    assert_eq!(
        (&certificate["subscriptions"], &certificate["proof_until"]),
        (&1.into(), &"2029-11-22".into())
    );
    let certificate: Value = ask(
        "/api/v1/subscribers/erase",
        "pending@example.org",
        owner.clone(),
    )
    .await
    .unwrap()
    .json()
    .await
    .unwrap();
    assert_eq!(
        (&certificate["subscriptions"], &certificate["proof_remains"]),
        (&1.into(), &false.into())
    );
    world.work().await;
    assert_eq!(
        world.mails_to("pending@example.org").len(),
        0,
        "who never confirmed is not written to"
    );
    assert_eq!(world.mails_to("reader@example.org").len(), 3);
    assert_eq!(
        db.number("SELECT COUNT(*) FROM subscriber").await,
        1,
        "nobody's, of the reader's proof"
    );
    for trace in ["reader@", "pending@"] {
        assert_eq!(traces(&db, trace).await, 0, "{trace}");
    }
}
