//! Limits on changes of address: each mails somebody who is not known yet, and so counts like a sign-up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use reqwest::Response;
use reqwest::header::RETRY_AFTER;
use xabar::domain::{Purpose, SuppressionReason};
use xabar::store::consent::suppression;

use crate::signup::proof_of_work::world;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const DAY: i64 = 24 * 60;
const STRANGER: &str = "stranger@example.com";

/// A reader, and the path of the page with the reader's data.
async fn reader(world: &World, email: &str) -> String {
    world.join(email).await;
    my_data(world, email).await
}

async fn my_data(world: &World, email: &str) -> String {
    let ask = format!("{}/data", world.link(email, Purpose::Preferences).await);
    assert_eq!(world.submit(&ask, &[]).await.status(), 200);
    world.work().await;
    link_in(&world.mails_to(email).pop().unwrap().text, "/my-data/")
}

async fn ask(world: &World, my_data: &str, email: &str) -> Response {
    let url = format!("{my_data}/address");
    world.submit(&url, &[("email", email)]).await
}

/// Asks, and lets what is due come.
async fn asked(world: &World, my_data: &str, email: &str) -> (u16, String) {
    let answer = ask(world, my_data, email).await;
    let status = answer.status().as_u16();
    world.work().await;
    (status, answer.text().await.unwrap())
}

fn new_address_link(world: &World, email: &str) -> String {
    link_in(&world.mails_to(email).pop().unwrap().text, "/new-address/")
}

on_both_databases!(
    many_readers_cannot_flood_a_stranger,
    sign_ups_and_changes_share_the_limits_of_a_mailbox,
    the_page_is_the_same_whatever_is_known_of_the_address,
    a_network_over_its_limits_is_told,
    who_waits_in_the_line_of_a_domain_is_told_until_when,
    a_clock_that_goes_on_postpones_nothing,
    a_repeated_request_leaves_the_link_in_the_mailbox_working,
    this_was_not_me_stops_changes_and_sign_ups,
    this_was_not_me_works_when_the_reader_has_asked_for_another_since,
    this_was_not_me_does_not_undo_a_confirmed_change,
    what_the_form_would_refuse_is_refused,
);

async fn many_readers_cannot_flood_a_stranger(db: TestDb) {
    let world = World::start(&db).await;
    let mut readers = Vec::new();
    for n in 0..8 {
        readers.push(reader(&world, &format!("reader{n}@example.org")).await);
    }
    for (n, my_data) in readers.iter().enumerate() {
        let email = format!("stranger+{n}@example.com");
        assert_eq!(asked(&world, my_data, &email).await.0, 200);
    }
    let mails = || {
        let all = world.smtp.messages().into_iter();
        all.filter(|mail| mail.recipients[0].starts_with("stranger"))
            .count()
    };
    let mut seen = vec![mails()];
    for _ in 0..4 {
        world.pass(15);
        world.work().await;
        seen.push(mails());
    }
    assert_eq!(seen, [1, 2, 3, 3, 3], "one in 15 minutes, three a day");
    world.assert_idle().await;
}

async fn sign_ups_and_changes_share_the_limits_of_a_mailbox(db: TestDb) {
    let world = World::start(&db).await;
    let my_data = reader(&world, "reader@example.org").await;
    world.sign_up("s.tranger@gmail.com").await;
    world.work().await;
    asked(&world, &my_data, "stranger+x@gmail.com").await;
    world.sign_up("stranger@googlemail.com").await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        world.work().await;
        let all = world.smtp.messages();
        seen.push(
            all.iter()
                .filter(|mail| mail.recipients[0].contains("tranger"))
                .count(),
        );
        world.pass(15);
    }
    assert_eq!(seen, [1, 2, 3, 3]);
    world.sign_up("stranger+y@gmail.com").await;
    asked(&world, &my_data, "stranger+z@gmail.com").await;
    world.pass(16);
    world.work().await;
    for none in ["stranger+y@gmail.com", "stranger+z@gmail.com"] {
        assert_eq!(world.caught_for(none).len(), 0, "three a day");
    }
}

async fn the_page_is_the_same_whatever_is_known_of_the_address(db: TestDb) {
    let world = World::start(&db).await;
    world.join("taken@example.com").await;
    for n in 0..3 {
        world.sign_up(&format!("capped+{n}@example.com")).await;
        world.pass(16);
        world.work().await;
    }
    world.sign_up("just-now@example.com").await;
    world.work().await;
    let suppressed = "suppressed@example.com".parse().unwrap();
    let hash = world.service.links.address_hash(&suppressed);
    let mut tx = world.service.store.write().await.unwrap();
    let (reason, now) = (SuppressionReason::Complained, world.clock.now());
    suppression::insert(&mut tx, &hash, reason, now, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut seen = Vec::new();
    for kinds in [
        &["new", "taken", "capped"],
        &["just-now", "suppressed", "new2"],
    ] {
        let name = format!("reader{}@example.org", seen.len());
        let my_data = reader(&world, &name).await;
        for kind in kinds {
            let (status, page) = asked(&world, &my_data, &format!("{kind}@example.com")).await;
            let said = page.split("<section").next().unwrap().replace(&my_data, "");
            let said = said.split("<main").nth(1).unwrap().to_owned();
            assert!(
                said.contains("15 minutes") || said.contains("quart d’heure"),
                "{said}"
            );
            seen.push((status, said));
        }
        // The fourth of a day is refused, whatever became of the others.
        let (status, _) = asked(&world, &my_data, "fourth@example.com").await;
        assert_eq!(status, 429, "{kinds:?}");
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
    for (kind, mails) in [
        ("new", 1),
        ("taken", 2),
        ("capped", 0),
        ("just-now", 1),
        ("suppressed", 0),
        ("fourth", 0),
    ] {
        assert_eq!(
            world.caught_for(&format!("{kind}@example.com")).len(),
            mails,
            "{kind}"
        );
    }
}

async fn a_network_over_its_limits_is_told(db: TestDb) {
    let world = world(&db, |limits| {
        limits.per_ip_per_hour = 100;
        limits.per_ip_per_10_minutes = 3;
        limits.per_ip_per_day = 0;
    })
    .await;
    let my_data = reader(&world, "reader@example.org").await;
    for n in 0..2 {
        let (status, _) = asked(&world, &my_data, &format!("new{n}@example.com")).await;
        assert_eq!(status, 200);
    }
    let refused = ask(&world, &my_data, STRANGER).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key(RETRY_AFTER));
    let page = refused.text().await.unwrap();
    assert!(
        page.contains("id=\"address-error\"") && page.contains("minutes"),
        "{page}"
    );
    assert_eq!(
        world.sign_up(STRANGER).await.status(),
        429,
        "the limit is one"
    );
    world.work().await;
    assert_eq!(world.caught_for(STRANGER).len(), 0);
    world.pass(10);
    assert_eq!(asked(&world, &my_data, STRANGER).await.0, 200);
    assert_eq!(world.caught_for(STRANGER).len(), 1);
}

async fn who_waits_in_the_line_of_a_domain_is_told_until_when(db: TestDb) {
    let world = world(&db, |limits| limits.mails_per_domain_per_hour = 2).await;
    let my_data = reader(&world, "reader@example.org").await;
    for n in 0..2 {
        world.sign_up(&format!("filler{n}@example.com")).await;
    }
    // It is Monday, 7:00 in UTC, and the newsletter is written in Paris.
    let (status, page) = asked(&world, &my_data, STRANGER).await;
    assert_eq!(status, 200);
    assert!(page.contains("23 novembre 2026, 09:00"), "{page}");
    assert_eq!(world.caught_for(STRANGER).len(), 0);
    world.pass(60);
    world.work().await;
    let link = new_address_link(&world, STRANGER);
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    assert_eq!(world.state(STRANGER).await, "active");
    // Changes take their place too.
    assert_eq!(world.page("/subscribe").await.0, 200);
    let my_data = my_data_of(&world, "other@example.org").await;
    for n in 0..2 {
        let email = format!("n{n}@example.net");
        assert_eq!(asked(&world, &my_data, &email).await.0, 200);
    }
    let form = [
        ("email", "new@example.net"),
        ("lang", "en"),
        ("consent", "yes"),
    ];
    let page = world
        .submit("/subscribe", &form)
        .await
        .text()
        .await
        .unwrap();
    assert!(!page.contains("Check your inbox"), "work is asked for");
}

async fn a_clock_that_goes_on_postpones_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let my_data = reader(&world, "reader@example.org").await;
    let (clock, goes_on) = (world.clock.clone(), Arc::new(AtomicBool::new(true)));
    let stop = Arc::clone(&goes_on);
    let ticking = std::thread::spawn(move || {
        while stop.load(Ordering::Relaxed) {
            clock.advance(SignedDuration::from_micros(1));
            std::thread::sleep(Duration::from_micros(10));
        }
    });
    for mails in 1..=2 {
        let (status, page) = asked(&world, &my_data, STRANGER).await;
        assert_eq!(status, 200);
        assert!(page.contains("class=\"notice good\""), "{page}");
        world.pass(1);
        world.work().await;
        assert_eq!(world.caught_for(STRANGER).len(), mails);
        world.pass(16);
    }
    goes_on.store(false, Ordering::Relaxed);
    ticking.join().unwrap();
}

async fn my_data_of(world: &World, email: &str) -> String {
    reader(world, email).await
}

async fn a_repeated_request_leaves_the_link_in_the_mailbox_working(db: TestDb) {
    let world = World::start(&db).await;
    let my_data = reader(&world, "reader@example.org").await;
    asked(&world, &my_data, STRANGER).await;
    let first = new_address_link(&world, STRANGER);
    world.pass(1);
    assert_eq!(asked(&world, &my_data, STRANGER).await.0, 200);
    world.pass(20);
    world.work().await;
    assert_eq!(
        world.caught_for(STRANGER).len(),
        1,
        "the mail is there already"
    );
    assert_eq!(world.page(&first).await.0, 200);
    // Later it may have been lost: a new mail, and only its link works.
    assert_eq!(asked(&world, &my_data, STRANGER).await.0, 200);
    let second = new_address_link(&world, STRANGER);
    assert_eq!(world.page(&first).await.0, 410);
    assert_eq!(world.submit(&second, &[]).await.status(), 200);
    assert_eq!(world.state(STRANGER).await, "active");
}

async fn this_was_not_me_stops_changes_and_sign_ups(db: TestDb) {
    let world = World::start(&db).await;
    let my_data = reader(&world, "reader@example.org").await;
    asked(&world, &my_data, STRANGER).await;
    let mail = world.mails_to(STRANGER).pop().unwrap();
    assert!(mail.text.contains("Ce n’était pas moi"), "{}", mail.text);
    let link = link_in(&mail.text, "/new-address/");
    let (status, page) = world.page(&link).await;
    assert!(status == 200 && page.contains("/decline\""), "{page}");
    let decline = format!("{link}/decline");
    assert_eq!(
        world.page(&decline).await.0,
        200,
        "a scanner declines nothing"
    );
    assert_eq!(world.page(&link).await.0, 200);
    for _ in 0..2 {
        assert_eq!(world.submit(&decline, &[]).await.status(), 200);
    }
    assert_eq!(world.submit(&link, &[]).await.status(), 410);
    assert_eq!(world.state("reader@example.org").await, "active");
    world.pass(DAY);
    let other = reader(&world, "other@example.org").await;
    asked(&world, &other, "Stranger+x@example.com").await;
    asked(&world, &other, STRANGER).await;
    world.sign_up("stranger+y@example.com").await;
    world.pass(60);
    world.work().await;
    let all = world.smtp.messages();
    let mails = all
        .iter()
        .filter(|mail| mail.recipients[0].to_lowercase().starts_with("stranger"));
    assert_eq!(mails.count(), 1);
    world.assert_idle().await;
    let forged = world.submit("/new-address/made-up/decline", &[]).await;
    assert_eq!(forged.status(), 404);
}

async fn this_was_not_me_works_when_the_reader_has_asked_for_another_since(db: TestDb) {
    let world = World::start(&db).await;
    let my_data = reader(&world, "reader@example.org").await;
    asked(&world, &my_data, STRANGER).await;
    let decline = format!("{}/decline", new_address_link(&world, STRANGER));
    // In the same second.
    assert_eq!(asked(&world, &my_data, "mine@example.net").await.0, 200);
    world.pass(1);
    world.work().await;
    assert_eq!(world.submit(&decline, &[]).await.status(), 200);
    world.pass(16);
    world.sign_up(STRANGER).await;
    world.work().await;
    assert_eq!(world.caught_for(STRANGER).len(), 1);
    // The reader's own change goes on.
    let link = new_address_link(&world, "mine@example.net");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    assert_eq!(world.state("mine@example.net").await, "active");
}

async fn this_was_not_me_does_not_undo_a_confirmed_change(db: TestDb) {
    let world = World::start(&db).await;
    let my_data = reader(&world, "reader@example.org").await;
    asked(&world, &my_data, "mine@example.com").await;
    let link = new_address_link(&world, "mine@example.com");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    let answer = world.submit(&format!("{link}/decline"), &[]).await;
    assert_eq!(answer.status(), 200);
    assert!(
        !answer
            .text()
            .await
            .unwrap()
            .contains("La demande est effacée")
    );
    assert_eq!(world.state("mine@example.com").await, "active");
    assert_eq!(db.number("SELECT COUNT(*) FROM suppression").await, 0);
}

async fn what_the_form_would_refuse_is_refused(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("disposable");
    std::fs::write(&list, "thrown.example\n").unwrap();
    let world = world(&db, |limits| limits.disposable_domains = list.clone()).await;
    let my_data = reader(&world, "reader@example.org").await;
    for wrong in ["a@thrown.example", "nobody", "a@gmail.\u{441}om"] {
        let (status, page) = asked(&world, &my_data, wrong).await;
        assert_eq!(status, 422, "{wrong}");
        assert!(page.contains("id=\"address-error\""), "{page}");
        assert!(page.contains("role=\"alert\""), "{page}");
        let kept = format!("value=\"{wrong}\"");
        assert!(page.contains(&kept), "{page}");
        assert_eq!(
            page.contains("cyrillique"),
            wrong.contains('\u{441}'),
            "{page}"
        );
    }
}
