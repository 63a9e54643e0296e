//! The record of consent: nothing in it can be changed without being seen.

use futures_util::future::join_all;
use serde_json::Value;
use xabar::domain::{ConsentKind, Purpose, Role};
use xabar::store;
use xabar::subscribe::{ConsentAuditReport, audit_consents};
use xabar::{accounts, app, worker};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, nothing_chosen};

async fn verify(world: &World) -> ConsentAuditReport {
    audit_consents(&world.service, None).await.unwrap()
}

async fn assert_intact(world: &World) -> ConsentAuditReport {
    let report = verify(world).await;
    assert!(report.intact && report.breaks.is_empty(), "{report:?}");
    report
}

/// What somebody can do who has the database, and what the service says to it.
const TAMPERINGS: &[(&[&str], &str)] = &[
    (
        &["UPDATE consent_event SET at = at - 1 WHERE id = 2"],
        "2: the event was changed",
    ),
    (
        &["UPDATE consent_event SET page = '/subscribe' WHERE id = 3"],
        "3: the event was changed",
    ),
    (
        &["UPDATE consent_event SET subscription_id = 2 WHERE id = 1"],
        "1: the event was changed",
    ),
    (
        &[
            "UPDATE consent_event SET address_hash = (SELECT address_hash FROM consent_event WHERE id = 4) WHERE id = 1",
        ],
        "1: the event was changed",
    ),
    (
        &["UPDATE consent_wording SET wording = 'I agree to everything.' WHERE id = 1"],
        "1: the wording was changed",
    ),
    (
        &["UPDATE consent_event SET wording_id = 2 WHERE id = 1"],
        "1: the event was changed",
    ),
    (
        &["DELETE FROM consent_event WHERE id = 2"],
        "2: the event was taken out",
    ),
    (
        &[
            "DELETE FROM consent_event WHERE id = 2",
            "UPDATE consent_chain SET removed_at = 1, removed_why = 'unconfirmed', removal = hash WHERE event_id = 2",
        ],
        "2: the event was taken out, and not by this service",
    ),
    (
        &[
            "DELETE FROM consent_event WHERE id = 2",
            "DELETE FROM consent_chain WHERE event_id = 2",
        ],
        "3: the event does not follow the one before: something was put in, taken out or moved",
    ),
    // The last events, with an end of the chain as it once was.
    (
        &[
            "DELETE FROM consent_event WHERE id > 3",
            "DELETE FROM consent_chain WHERE event_id > 3",
            "UPDATE consent_head SET event_id = 3, length = 3, \
             hash = (SELECT hash FROM consent_chain WHERE event_id = 3) WHERE one = 1",
        ],
        "3: the end of the chain was moved",
    ),
    (
        &[
            "DELETE FROM consent_event WHERE id > 3",
            "DELETE FROM consent_chain WHERE event_id > 3",
        ],
        "events are missing",
    ),
    (
        &[
            "INSERT INTO consent_event (id, subscription_id, address_hash, wording_id, kind, method, at, page) \
             SELECT 99, subscription_id, address_hash, wording_id, kind, method, at, page FROM consent_event WHERE id = 1",
        ],
        "99: the event was added outside the chain",
    ),
    (
        &["DELETE FROM consent_head"],
        "0: the chain has no end any more",
    ),
];

/// What refers to others stands before them.
const TABLES: [&str; 4] = [
    "consent_event",
    "consent_chain",
    "consent_head",
    "consent_wording",
];

fn triggers(db: &TestDb) -> Vec<String> {
    let is_postgres = db.url.starts_with("postgres");
    let all = [
        ("consent_event_stays", "consent_event"),
        ("consent_event_is_final", "consent_event"),
        ("consent_chain_stays", "consent_chain"),
        ("consent_chain_is_final", "consent_chain"),
    ];
    all.iter()
        .map(|(name, table)| {
            let of = if is_postgres {
                format!(" ON {table}")
            } else {
                String::new()
            };
            format!("DROP TRIGGER {name}{of}")
        })
        .collect()
}

on_both_databases!(
    whatever_readers_do_the_chain_holds,
    every_tampering_is_seen_with_its_place,
    an_end_that_somebody_moved_stays_broken_when_more_is_added,
    several_processes_append_at_once,
    what_was_recorded_before_there_was_a_chain_is_taken_in,
    the_confirmation_mail_is_kept_as_it_was_sent_and_without_its_link,
    an_owner_reads_the_record_on_a_page,
    a_persons_proof_is_one_file,
    only_an_owner_may_ask,
);

async fn whatever_readers_do_the_chain_holds(db: TestDb) {
    let world = World::start(&db).await;
    let together = (0..20)
        .map(|n| format!("r{n}@example.org"))
        .collect::<Vec<_>>();
    join_all(together.iter().map(|a| world.sign_up(a))).await;
    world.work().await;
    for email in &together[..3] {
        let link = world.link(email, Purpose::Confirm).await;
        assert_eq!(world.submit(&link, &[]).await.status(), 200);
    }
    let choices = world.link("r0@example.org", Purpose::Preferences).await;
    world
        .submit(&choices, &[("language", "de"), ("countries", "uz")])
        .await;
    let leave = world.link("r1@example.org", Purpose::Unsubscribe).await;
    world
        .submit(&leave, &[("List-Unsubscribe", "One-Click")])
        .await;
    // Twenty requests, twenty mails, three confirmations, a choice, a farewell.
    let report = assert_intact(&world).await;
    assert_eq!((report.events, report.removed), (45, 0));
    let noted = format!("{}:{}", report.last_event, report.last_hash);

    let decline = format!(
        "{}/decline",
        world.link("r5@example.org", Purpose::Confirm).await
    );
    assert_eq!(world.submit(&decline, &[]).await.status(), 200);
    world.pass(8 * 24 * 60);
    worker::retention::run(&world.service).await.unwrap();
    world.join("late@example.org").await;
    let report = assert_intact(&world).await;
    assert_eq!(
        (report.events, report.removed),
        (14, 34),
        "what nobody confirmed is gone"
    );
    world.pass(40 * 24 * 60);
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(
        db.number("SELECT COUNT(*) FROM consent_event WHERE ip IS NOT NULL")
            .await,
        0
    );
    assert_intact(&world).await;

    let noted = noted.parse().unwrap();
    assert!(
        audit_consents(&world.service, Some(&noted))
            .await
            .unwrap()
            .intact
    );
    let strange = format!("{}:{}", report.last_event, "00".repeat(32))
        .parse()
        .unwrap();
    let report = audit_consents(&world.service, Some(&strange))
        .await
        .unwrap();
    assert_eq!(
        report.breaks[0].what,
        "the end that was noted is not in the chain any more"
    );
}

async fn every_tampering_is_seen_with_its_place(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    world.join("b@example.org").await;
    assert_eq!(assert_intact(&world).await.events, 6);
    for refused in [
        "UPDATE consent_event SET page = '/x' WHERE id = 1",
        "DELETE FROM consent_event WHERE id = 1",
        "DELETE FROM consent_chain WHERE event_id = 1",
        "UPDATE consent_chain SET hash = content WHERE event_id = 1",
    ] {
        let error = db.execute(refused).await.expect_err(refused).to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    for drop in triggers(&db) {
        db.execute(&drop).await.unwrap();
    }
    for table in TABLES {
        db.execute(&format!(
            "CREATE TABLE kept_{table} AS SELECT * FROM {table}"
        ))
        .await
        .unwrap();
    }
    for (statements, seen) in TAMPERINGS {
        for statement in *statements {
            db.execute(statement).await.unwrap();
        }
        let report = verify(&world).await;
        let said: Vec<String> = report
            .breaks
            .iter()
            .map(|b| format!("{}: {}", b.event, b.what))
            .collect();
        assert!(
            !report.intact && said.iter().any(|line| line.contains(seen)),
            "{statements:?}: {said:?}"
        );
        if seen.contains("outside the chain") {
            // A start does not take it in.
            let settings = (*world.service.settings).clone();
            app::open(settings, world.clock.clone()).await.unwrap();
            assert_eq!(verify(&world).await.breaks.len(), said.len());
        }
        for table in TABLES {
            db.execute(&format!("DELETE FROM {table}")).await.unwrap();
        }
        for table in TABLES.iter().rev() {
            db.execute(&format!("INSERT INTO {table} SELECT * FROM kept_{table}"))
                .await
                .unwrap();
        }
        assert_intact(&world).await;
    }
}

async fn an_end_that_somebody_moved_stays_broken_when_more_is_added(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    for statement in triggers(&db) {
        db.execute(&statement).await.unwrap();
    }
    for statement in TAMPERINGS[9].0 {
        db.execute(&statement.replace('3', "2")).await.unwrap();
    }
    assert!(!verify(&world).await.intact);
    world.sign_up("b@example.org").await;
    let report = verify(&world).await;
    assert_eq!(
        report.breaks[0].what, "the end of the chain was moved",
        "{report:?}"
    );
}

async fn several_processes_append_at_once(db: TestDb) {
    let world = World::start(&db).await;
    let settings = (*world.service.settings).clone();
    let other = app::open(settings, world.clock.clone()).await.unwrap();
    world.join("reader@example.org").await;
    let newsletter = store::newsletter::list(&mut other.store.read().await.unwrap())
        .await
        .unwrap()
        .remove(0);
    let choices = world.link("reader@example.org", Purpose::Preferences).await;
    let elsewhere = (0..40).map(|n| {
        let (other, newsletter) = (&other, &newsletter);
        async move {
            let address =
                xabar::domain::EmailAddress::parse(&format!("e{}@example.org", n % 30)).unwrap();
            let signup = xabar::domain::Signup {
                address,
                name: None,
                chosen: nothing_chosen(newsletter.language),
                answers: Default::default(),
                method: xabar::domain::ConsentMethod::Api,
                page: "/".into(),
                ip: None,
                others: Vec::new(),
                agreed_to: xabar::domain::AgreedTo::OneNamed,
                trust: xabar::domain::SignupTrust::None,
            };
            xabar::subscribe::sign_up(other, newsletter, &signup)
                .await
                .unwrap();
        }
    });
    let here = (0..40).map(|n| {
        let (world, choices) = (&world, &choices);
        async move {
            assert_eq!(
                world
                    .sign_up(&format!("e{}@example.org", (n + 15) % 45))
                    .await
                    .status(),
                202
            );
            let country = if n % 2 == 0 { "uz" } else { "kz" };
            let saved = world
                .submit(choices, &[("language", "fr"), ("countries", country)])
                .await;
            assert_eq!(saved.status(), 200);
        }
    });
    tokio::join!(join_all(elsewhere), join_all(here));
    let report = assert_intact(&world).await;
    assert!(report.events >= 3 + 80, "{report:?}");
}

async fn what_was_recorded_before_there_was_a_chain_is_taken_in(db: TestDb) {
    let world = World::start(&db).await;
    let old: Vec<String> = (0..30).map(|n| format!("old{n}@example.org")).collect();
    join_all(old.iter().map(|email| world.sign_up(email))).await;
    world.join("old@example.org").await;
    for statement in triggers(&db) {
        db.execute(&statement).await.unwrap();
    }
    // As it was before the upgrade, with a gap where somebody was erased.
    for statement in [
        "DELETE FROM consent_head",
        "DELETE FROM consent_chain",
        "DELETE FROM consent_event WHERE id = 7",
        "UPDATE consent_event SET address_hash = NULL",
    ] {
        db.execute(statement).await.unwrap();
    }
    // A start that was interrupted after its first transaction.
    let (key, now) = (world.service.links.key(), world.clock.now());
    let mut tx = world.service.store.write().await.unwrap();
    let taken = store::consent::audit::take_in(&mut tx, key, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(!taken.complete && taken.event == taken.last, "{taken:?}");
    let settings = (*world.service.settings).clone();
    let starts = (0..3).map(|_| app::open(settings.clone(), world.clock.clone()));
    for started in join_all(starts).await {
        started.unwrap();
    }
    let report = assert_intact(&world).await;
    assert_eq!(report.events, 30 + 30 + 3 - 1);
    world.join("new@example.org").await;
    assert_eq!(assert_intact(&world).await.events, report.events + 3);
    assert_eq!(
        world.consents("old@example.org").await,
        ["requested by api", "confirmed by page"]
    );
}

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

async fn an_owner_reads_the_record_on_a_page(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let page = world
        .http
        .get(world.url("/consent-record"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(page.text().await.unwrap().contains("type=\"password\""));
    let read = async |token: &str, noted: &str| {
        let form = [("token", token), ("noted", noted), ("lang", "en")];
        let answer = world.submit("/consent-record", &form).await;
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for token in ["", "nothing", world.token.as_str()] {
        let (status, page) = read(token, "").await;
        assert_eq!(status, 422, "only an owner's token reads it");
        assert!(
            page.contains("doesn’t belong to an owner") && !page.contains("intact</h1>"),
            "{page}"
        );
        assert!(
            token.is_empty() || !page.contains(token),
            "a token is not shown again"
        );
    }
    let (status, page) = read(&owner, "").await;
    assert!(
        status == 200 && page.contains("<h1>The record is intact</h1>"),
        "{page}"
    );
    let end = page
        .split("<code>")
        .nth(1)
        .unwrap()
        .split("</code>")
        .next()
        .unwrap()
        .to_owned();
    assert!(
        read(&owner, &end)
            .await
            .1
            .contains("<h1>The record is intact</h1>")
    );
    let (status, page) = read(&owner, "x").await;
    assert!(status == 422 && page.contains("must look like"), "{page}");
    for statement in triggers(&db) {
        db.execute(&statement).await.unwrap();
    }
    db.execute("UPDATE consent_event SET at = at + 1000000 WHERE id = 3")
        .await
        .unwrap();
    let (_, page) = read(&owner, &end).await;
    assert!(
        page.contains("has been changed</h1>")
            && page.contains("<strong>Event 3</strong>: The event was changed."),
        "{page}"
    );
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

async fn only_an_owner_may_ask(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let path = "/api/v1/consent/verify";
    assert_eq!(
        world.get(path).send().await.unwrap().status(),
        403,
        "an editor"
    );
    assert_eq!(
        world
            .http
            .get(world.url(path))
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let ask = |path: String| world.http.get(world.url(&path)).bearer_auth(&owner).send();
    let report: Value = ask(path.to_owned()).await.unwrap().json().await.unwrap();
    assert_eq!(
        (&report["intact"], &report["events"], &report["began_at"]),
        (&true.into(), &3.into(), &"2026-11-23T07:00:00Z".into()),
        "{report}"
    );
    assert_eq!(
        ask(format!("{path}?noted=3:zz")).await.unwrap().status(),
        422
    );
    let noted = format!("{path}?noted=3:{}", report["last_hash"].as_str().unwrap());
    let again: Value = ask(noted).await.unwrap().json().await.unwrap();
    assert_eq!(again, report);
}
