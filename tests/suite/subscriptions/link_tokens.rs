//! Link tokens in mails: a GET changes nothing, a POST does, and only for the purpose of its link.

use xabar::domain::{LinkKey, LinkToken, Purpose, SubscriptionId};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

/// The confirmation link that was mailed last.
fn confirm_link(world: &World, email: &str) -> String {
    let mails = world.mails_to(email);
    let texts = mails.iter().rev().map(|mail| &mail.text);
    let text = texts.into_iter().find(|text| text.contains("/confirm/"));
    link_in(text.expect("a confirmation mail"), "/confirm/")
}

async fn get(world: &World, url: &str) -> (u16, String) {
    let answer = world.http.get(url).send().await.unwrap();
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert!(answer.headers().get("set-cookie").is_none());
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn post(world: &World, url: &str) -> u16 {
    world.submit(url, &[]).await.status().as_u16()
}

on_both_databases!(
    looking_changes_nothing_and_pressing_confirms,
    this_was_not_me_erases_the_sign_up_and_keeps_further_mails_away,
    this_was_not_me_does_not_end_what_was_confirmed,
    this_was_not_me_waits_for_a_sign_up_that_is_being_written,
    fifty_presses_at_once_confirm_once,
    a_link_opens_only_what_it_was_made_for,
    a_confirmation_link_expires_and_another_way_is_shown,
    one_click_leaves_at_once_and_without_a_redirect,
    who_has_left_must_confirm_again,
    a_pending_reader_who_leaves_is_not_mailed,
    choices_are_kept_and_recorded,
);

async fn looking_changes_nothing_and_pressing_confirms(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    world.work().await;
    let link = confirm_link(&world, "a@example.org");
    for _ in 0..2 {
        let (status, page) = get(&world, &link).await;
        assert_eq!(status, 200);
        assert!(
            page.contains("<button") && page.contains("method=\"post\""),
            "{page}"
        );
        assert!(!page.contains("<script"), "no script may press the button");
        assert!(page.contains("noindex"));
    }
    let head = world.http.head(&link).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(world.state("a@example.org").await, "pending");
    assert_eq!(post(&world, &link).await, 200);
    assert_eq!(world.state("a@example.org").await, "active");
    // Again, by whoever: the same page, no second welcome, no second record.
    assert_eq!(post(&world, &link).await, 200);
    let (status, page) = get(&world, &link).await;
    assert_eq!(status, 200);
    assert!(page.contains("/preferences/"), "{page}");
    world.work().await;
    let mails = world.mails_to("a@example.org");
    assert_eq!(mails.len(), 2);
    assert!(mails[1].text.contains("/unsubscribe/") && mails[1].text.contains("/preferences/"));
    assert_eq!(
        world.consents("a@example.org").await,
        ["requested by api", "confirmed by page"]
    );
}

async fn this_was_not_me_erases_the_sign_up_and_keeps_further_mails_away(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("victim@example.org").await;
    world.work().await;
    let link = confirm_link(&world, "victim@example.org");
    let decline = format!("{link}/decline");
    // A scanner that follows every link declines nothing.
    assert_eq!(get(&world, &decline).await.0, 200);
    assert_eq!(world.state("victim@example.org").await, "pending");
    for _ in 0..2 {
        let answer = world.submit(&decline, &[]).await;
        assert_eq!(answer.status(), 200);
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("La demande est effacée")
        );
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM subscriber").await, 0);
    assert_eq!(db.number("SELECT COUNT(*) FROM consent_event").await, 0);
    assert_eq!(post(&world, &link).await, 410);

    world.pass(2 * 24 * 60);
    assert_eq!(
        world.sign_up("Victim@example.org").await.status(),
        202,
        "the answer tells nobody"
    );
    world.work().await;
    assert_eq!(world.smtp.messages().len(), 1, "no further mail");
    world.pass(180 * 24 * 60);
    xabar::worker::retention::run(&world.service).await.unwrap();
    world.join("victim@example.org").await;
    assert_eq!(world.state("victim@example.org").await, "active");
}

async fn this_was_not_me_does_not_end_what_was_confirmed(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let decline = format!("{}/decline", confirm_link(&world, "a@example.org"));
    let answer = world.submit(&decline, &[]).await;
    assert_eq!(answer.status(), 200);
    assert!(
        answer.text().await.unwrap().contains("/preferences/"),
        "the way to leave"
    );
    assert_eq!(world.state("a@example.org").await, "active");
    // Who left and was signed up again by somebody else has left, and the proof stays.
    let leave = world.link("a@example.org", Purpose::Unsubscribe).await;
    assert_eq!(post(&world, &leave).await, 200);
    world.pass(24 * 60);
    world.sign_up("a@example.org").await;
    assert_eq!(world.state("a@example.org").await, "pending");
    assert_eq!(post(&world, &decline).await, 200);
    assert_eq!(world.state("a@example.org").await, "ended");
    assert_eq!(world.consents("a@example.org").await.len(), 4);
    world.work().await;
    assert_eq!(
        world.mails_to("a@example.org").len(),
        2,
        "what waited is not sent"
    );
    let forged = world.url("/confirm/made-up/decline");
    assert_eq!(post(&world, &forged).await, 404);
}

async fn this_was_not_me_waits_for_a_sign_up_that_is_being_written(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    world.work().await;
    let decline = format!("{}/decline", confirm_link(&world, "a@example.org"));
    let mut other = world.service.store.write().await.unwrap();
    let (address, now) = ("a@example.org".parse().unwrap(), world.clock.now());
    xabar::store::subscriber::find_or_insert(&mut other, &address, None, now)
        .await
        .unwrap();
    let (status, ()) = tokio::join!(post(&world, &decline), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        drop(other);
    });
    assert_eq!(status, 200);
    assert_eq!(world.state("a@example.org").await, "none");
}

async fn fifty_presses_at_once_confirm_once(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    let link = world.link("a@example.org", Purpose::Confirm).await;
    let presses = (0..50).map(|_| post(&world, &link));
    let statuses = futures_util::future::join_all(presses).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(world.consents("a@example.org").await.len(), 2);
    world.work().await;
    let welcomes = world.mails_to("a@example.org");
    assert_eq!(
        welcomes.len(),
        1,
        "the confirmation mail was no longer needed"
    );
}

async fn a_link_opens_only_what_it_was_made_for(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    world.work().await;
    let confirm = confirm_link(&world, "a@example.org");
    let leave = world.link("a@example.org", Purpose::Unsubscribe).await;
    let token = LinkToken {
        subscription: SubscriptionId(1),
        issued_at: world.clock.now(),
    };
    let forged = LinkKey::new([9; 32]).sign(Purpose::Confirm, token);
    for bad in [
        leave.replace("/unsubscribe/", "/confirm/"),
        world.url(&format!("/confirm/{forged}")),
        world.url("/confirm/x"),
        world.url("/confirm/%00%ff"),
        format!("{confirm}A"),
        confirm.replace("/confirm/", "/preferences/"),
        confirm.replace("/confirm/", "/unsubscribe/"),
    ] {
        let (status, page) = get(&world, &bad).await;
        assert_eq!(status, 404, "{bad}");
        assert!(page.contains("/subscribe"), "the page leads on: {page}");
        assert_eq!(post(&world, &bad).await, 404, "{bad}");
    }
    assert_eq!(world.state("a@example.org").await, "pending");
    // A link of somebody who is not there.
    let stranger =
        world
            .service
            .links
            .personal(Purpose::Confirm, SubscriptionId(4711), world.clock.now());
    assert_eq!(post(&world, &stranger).await, 410);
}

async fn a_confirmation_link_expires_and_another_way_is_shown(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    world.work().await;
    let link = confirm_link(&world, "a@example.org");
    world.pass(7 * 24 * 60);
    assert_eq!(get(&world, &link).await.0, 200, "the last moment counts");
    world.pass(1);
    let (status, page) = get(&world, &link).await;
    assert_eq!(status, 410);
    assert!(page.contains("/subscribe"), "{page}");
    assert_eq!(post(&world, &link).await, 410);
    assert_eq!(world.state("a@example.org").await, "pending");
    world.sign_up("a@example.org").await;
    world.work().await;
    assert_eq!(
        post(&world, &confirm_link(&world, "a@example.org")).await,
        200
    );
    assert_eq!(world.state("a@example.org").await, "active");
}

async fn one_click_leaves_at_once_and_without_a_redirect(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let mails = world.mails_to("a@example.org");
    let header = mails[1].header("List-Unsubscribe").unwrap();
    assert_eq!(
        mails[1].header("List-Unsubscribe-Post"),
        Some("List-Unsubscribe=One-Click")
    );
    let link = header
        .split(['<', '>'])
        .find(|part| part.starts_with("http"))
        .unwrap();
    let (status, _) = get(&world, link).await;
    assert_eq!(
        (status, world.state("a@example.org").await),
        (200, "active")
    );
    let answer = world
        .submit(link, &[("List-Unsubscribe", "One-Click")])
        .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(world.state("a@example.org").await, "ended");
    assert_eq!(
        world
            .submit(link, &[("List-Unsubscribe", "One-Click")])
            .await
            .status(),
        200
    );
    assert_eq!(
        world.consents("a@example.org").await,
        [
            "requested by api",
            "confirmed by page",
            "withdrawn by one_click"
        ]
    );
    // Years later the link still says the same.
    world.pass(3 * 365 * 24 * 60);
    assert_eq!(post(&world, link).await, 200);
    world.work().await;
    assert_eq!(
        world.caught_for("a@example.org").len(),
        2,
        "no mail after a farewell"
    );
}

async fn who_has_left_must_confirm_again(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let old = confirm_link(&world, "a@example.org");
    let leave = world.link("a@example.org", Purpose::Unsubscribe).await;
    assert_eq!(post(&world, &leave).await, 200);
    assert_eq!(
        post(&world, &old).await,
        410,
        "an old link brings nobody back"
    );
    let choices = world.link("a@example.org", Purpose::Preferences).await;
    for ended in [&old, &choices] {
        let (status, page) = get(&world, ended).await;
        let genuine =
            page.contains("Ce lien ne mène plus nulle part") && !page.contains("incomplet");
        assert!(status == 410 && genuine, "{ended}: {page}");
    }
    assert_eq!(world.state("a@example.org").await, "ended");
    world.pass(60);
    world.sign_up("a@example.org").await;
    assert_eq!(world.state("a@example.org").await, "pending");
    world.work().await;
    assert_eq!(
        post(&world, &confirm_link(&world, "a@example.org")).await,
        200
    );
    assert_eq!(world.state("a@example.org").await, "active");
    // And leaves by the link of long ago.
    assert_eq!(post(&world, &leave).await, 200);
    assert_eq!(world.state("a@example.org").await, "ended");
}

async fn a_pending_reader_who_leaves_is_not_mailed(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    let leave = world.link("a@example.org", Purpose::Unsubscribe).await;
    assert_eq!(post(&world, &leave).await, 200);
    world.work().await;
    assert_eq!(world.caught_for("a@example.org").len(), 0);
    world.assert_idle().await;
}

async fn choices_are_kept_and_recorded(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let link = link_in(&world.mails_to("a@example.org")[1].text, "/preferences/");
    let (status, page) = get(&world, &link).await;
    assert_eq!(status, 200);
    assert!(page.contains("<html lang=\"fr\""));
    let saved = world
        .submit(
            &link,
            &[("language", "de"), ("countries", "uz"), ("countries", "tm")],
        )
        .await;
    assert_eq!(saved.status(), 200);
    let kept = world.subscription("a@example.org").await.unwrap();
    assert_eq!(
        (
            kept.chosen.language.as_str(),
            kept.chosen.countries.to_string().as_str()
        ),
        ("de", "uz,tm")
    );
    let (_, page) = get(&world, &link).await;
    assert!(page.contains("<html lang=\"de\""), "{page}");
    assert_eq!(
        page.matches(" checked").count(),
        5,
        "two countries, how often, a language, no pause: {page}"
    );
    let wrong = world
        .submit(&link, &[("language", "de"), ("countries", "zz")])
        .await;
    assert_eq!(wrong.status(), 422);
    let kept = world.subscription("a@example.org").await.unwrap();
    assert_eq!(kept.chosen.countries.to_string(), "uz,tm");
    assert_eq!(
        world.consents("a@example.org").await.last().unwrap(),
        "changed by page"
    );
}
