//! The consent record: a chain in which no change stays unseen.

mod proof;
mod tampering;

use futures_util::future::join_all;
use serde_json::Value;
use xabar::accounts::token;
use xabar::domain::{Actor, Purpose, Role};
use xabar::subscribe::{ConsentAuditReport, audit_consents};
use xabar::{accounts, app, store, worker};

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
    several_processes_append_at_once,
    what_was_recorded_before_there_was_a_chain_is_taken_in,
    an_owner_reads_the_record_on_a_page,
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
    let of_one = token::NewToken {
        name: "of one".to_owned(),
        role: Role::Owner,
        newsletters: Some(vec![
            world
                .subscription("reader@example.org")
                .await
                .unwrap()
                .newsletter,
        ]),
        editor: None,
        lasts: None,
    };
    let by = &Actor::CommandLine;
    let of_one = token::add(&world.service, of_one, by).await.unwrap();
    for token in ["", "nothing", world.token.as_str(), &of_one] {
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
