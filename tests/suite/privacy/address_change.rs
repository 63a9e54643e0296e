//! A change of address: the new owner confirms it, the old address is told.

use std::collections::HashSet;

use xabar::domain::Purpose;
use xabar::subscribe::audit_consents;

use super::my_data;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

on_both_databases!(
    an_address_is_changed_by_its_new_owner_and_told_to_the_old,
    a_change_of_address_that_comes_too_late_changes_nothing,
);

async fn an_address_is_changed_by_its_new_owner_and_told_to_the_old(db: TestDb) {
    let world = World::start(&db).await;
    world.join("old@example.org").await;
    world.join("other@example.org").await;
    let leave = world.link("old@example.org", Purpose::Unsubscribe).await;
    let preferences = world.link("old@example.org", Purpose::Preferences).await;
    assert!(world.page(&preferences).await.1.contains("o…@example.org"));
    let link = my_data(&world, "old@example.org").await;
    let ask = |email: &'static str| {
        let (world, url) = (&world, format!("{link}/address"));
        async move { world.submit(&url, &[("email", email)]).await }
    };
    for (wrong, status) in [("nobody", 422), ("old@example.org", 200)] {
        assert_eq!(ask(wrong).await.status(), status, "{wrong}");
    }
    // Somebody else's address: the same answer, and no mail.
    let taken = ask("Other@example.org").await;
    let taken = (taken.status().as_u16(), taken.text().await.unwrap());
    world.work().await;
    assert_eq!(world.mails_to("other@example.org").len(), 2);
    assert_eq!(world.caught_for("Other@example.org").len(), 0);
    world.pass(1);
    let free = ask("New@Example.org").await;
    assert_eq!((free.status().as_u16(), free.text().await.unwrap()), taken);
    world.work().await;
    let confirm = link_in(&world.mails_to("New@example.org")[0].text, "/new-address/");
    assert_eq!(world.page(&confirm).await.0, 200);
    assert_eq!(
        world.state("old@example.org").await,
        "active",
        "looking changes nothing"
    );
    for _ in 0..2 {
        assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    }
    assert_eq!(world.state("old@example.org").await, "none");
    assert_eq!(world.state("new@example.org").await, "active");
    world.work().await;
    let told = world.mails_to("old@example.org");
    assert!(
        told.last().unwrap().text.contains("redaction@example.org"),
        "where to protest"
    );
    assert!(
        !told.last().unwrap().text.contains("ew@example.org"),
        "the new address is not told"
    );
    assert_eq!(told.len(), 4, "confirmation, welcome, link, notice");
    assert_eq!(
        world.page(&link).await.0,
        410,
        "the old mailbox opens nothing any more"
    );
    assert_eq!(ask("third@example.org").await.status(), 410);

    let issue = world.draft("Après").await;
    world.act(&issue, "send").await;
    world.work().await;
    assert_eq!(world.mails_to("New@example.org").len(), 2);
    assert_eq!(world.mails_to("old@example.org").len(), 4);
    // Links in mails of before work on, and tell nobody there where the reader went.
    for link in [&preferences, &leave] {
        let mut next = vec![link.clone()];
        let mut seen = HashSet::new();
        while let Some(url) = next.pop() {
            let (status, page) = world.page(&url).await;
            assert_eq!(status, 200, "{url}");
            assert!(!page.contains("…@"), "{page}");
            let links = page.split('"').filter(|part| {
                let personal = ["/preferences/", "/unsubscribe/"];
                personal.iter().any(|path| part.contains(path))
            });
            let links = links.map(str::to_owned);
            next.extend(links.filter(|url| seen.insert(url.clone())));
        }
        assert!(seen.iter().any(|url| url.ends_with("/data")), "{seen:?}");
    }
    let asked = world.submit(&format!("{preferences}/data"), &[]).await;
    let asked = asked.text().await.unwrap();
    assert!(!asked.contains("…@"), "{asked}");
    world.pass(1);
    let own = world.link("new@example.org", Purpose::Preferences).await;
    assert!(world.page(&own).await.1.contains("N…@example.org"));
    // One click in a mail of before, by the mailbox provider.
    let left = world
        .submit(&leave, &[("List-Unsubscribe", "One-Click")])
        .await;
    assert_eq!(left.status(), 200);
    assert_eq!(world.state("new@example.org").await, "ended");
    assert_eq!(
        world.consents("new@example.org").await,
        [
            "requested by api",
            "confirmed by page",
            "moved by page",
            "withdrawn by one_click"
        ]
    );
    assert!(audit_consents(&world.service, None).await.unwrap().intact);
    // The old one is free again. Its mailbox gets one request in 15 minutes.
    world.pass(16);
    world.join("old@example.org").await;
}

async fn a_change_of_address_that_comes_too_late_changes_nothing(db: TestDb) {
    let world = World::start(&db).await;
    world.join("old@example.org").await;
    let link = my_data(&world, "old@example.org").await;
    let ask = |email: &'static str| {
        let (world, url) = (&world, format!("{link}/address"));
        async move { world.submit(&url, &[("email", email)]).await }
    };
    ask("first@example.org").await;
    world.work().await;
    let first = link_in(
        &world.mails_to("first@example.org")[0].text,
        "/new-address/",
    );
    let at_once = ask("second@example.org").await;
    assert_eq!(at_once.status(), 200);
    world.pass(1);
    world.work().await;
    assert_eq!(
        world.submit(&first, &[]).await.status(),
        410,
        "another was asked for since"
    );
    let second = link_in(
        &world.mails_to("second@example.org")[0].text,
        "/new-address/",
    );
    world.pass(16);
    world.join("second@example.org").await;
    assert_eq!(
        world.submit(&second, &[]).await.status(),
        410,
        "taken meanwhile"
    );
    world.pass(1);
    ask("third@example.org").await;
    world.pass(1);
    assert_eq!(ask("fourth@example.org").await.status(), 429);
    world.work().await;
    assert_eq!(world.mails_to("fourth@example.org").len(), 0, "three a day");
    let third = link_in(
        &world.mails_to("third@example.org")[0].text,
        "/new-address/",
    );
    world.pass(24 * 60 + 1);
    assert_eq!(world.submit(&third, &[]).await.status(), 410);
    assert_eq!(world.state("old@example.org").await, "active");
}
