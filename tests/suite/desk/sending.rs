//! Sending an issue from the desk: take it back, watch it, stop it, read its report.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use xabar::accounts::session;
use xabar::domain::{Language, Role, Roles, Slug};
use xabar::mail::Relays;
use xabar::{store, worker};

use super::{ask_for_approval, click, expect, inspect, open, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    an_issue_is_sent_taken_back_watched_stopped_and_reported,
    sending_twice_at_once_sends_once,
    the_second_person_approves_at_the_desk,
    it_is_sent_and_watched_without_script,
    the_list_of_who_did_not_get_it_opens_where_somebody_stands,
    others_may_look_or_not_even_that,
);

/// A worker of its own process, until the token is cancelled.
fn start_worker(world: &World) -> CancellationToken {
    let stop = CancellationToken::new();
    let relays = Relays::from_settings(&world.service.settings).unwrap();
    tokio::spawn(worker::run(world.service.clone(), relays, stop.clone()));
    stop
}

pub(super) async fn editor(world: &World, name: &str) -> Person {
    world.person(name, Role::Editor, Language::En).await
}

pub(super) async fn browser_of(world: &World, person: &Person, viewport: Viewport) -> Browser {
    let browser = Browser::open(viewport).await;
    browser.signed_in(world, person).await;
    browser
}

async fn an_issue_is_sent_taken_back_watched_stopped_and_reported(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.worker.retry_seconds = vec![300];
        settings.worker.give_up_hours = 1;
    })
    .await;
    let mut anna = editor(&world, "Anna").await;
    let readers = [
        "ok@example.org",
        "ok2@mail.example",
        "gone@example.org",
        "defer@example.org",
        "full@mail.example",
        "spam@mail.example",
    ];
    world.readers(&readers).await;
    assert_eq!(world.sign_up("pending@example.org").await.status(), 202);
    let id = world.draft("Sommet").await;
    let desk = format!("/desk/issues/{id}");
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&browser, &world, &format!("{desk}/send")).await;
    until_said(&browser, ".lead", "6 readers get it").await;
    until_said(&browser, ".sums", "have not confirmed yet").await;
    until_said(&browser, ".send-form button", "Send to 6 readers").await;
    until_said(
        &browser,
        ".send-form",
        "Europe/Paris, where it is 08:00 now",
    )
    .await;
    inspect(&browser, &world, "send").await;
    // A minute to take it back.
    click(&browser, ".send-form button").await;
    until_said(&browser, ".countdown", "It goes out in").await;
    // The back button does not lead to a draft.
    browser.back().await.unwrap();
    until_said(&browser, ".kicker", "Scheduled").await;
    open(&browser, &world, &format!("{desk}/watch")).await;
    until_said(&browser, ".countdown", "It goes out in").await;
    until(
        &browser,
        "return /in 5\\d s/.test(document.querySelector('.countdown').textContent)",
    )
    .await;
    inspect(&browser, &world, "countdown").await;
    assert_eq!(world.issue(&id).await["status"], "scheduled");
    click(&browser, ".watch-actions button").await;
    until_said(&browser, ".send-form button", "Send to 6 readers").await;
    assert_eq!(world.issue(&id).await["status"], "draft");
    // And again; the page of the minute becomes that of the sending by itself.
    click(&browser, ".send-form button").await;
    expect(&browser, ".countdown").await;
    world.smtp.hold_after(1).await;
    let stop = start_worker(&world);
    world.clock.advance(SignedDuration::from_secs(60));
    until_said(&browser, ".kicker", "Being sent").await;
    until_said(&browser, ".figures", "Refused").await;
    // Another window stops it; this one sees that.
    let pause = anna
        .post(&format!("{desk}/pause"), &[])
        .send()
        .await
        .unwrap();
    assert_eq!(pause.status(), 303);
    until_said(&browser, ".kicker", "Paused").await;
    world.smtp.accept().await;
    inspect(&browser, &world, "paused").await;
    // Stopping for good asks first.
    let ask = "return document.querySelector('.ask button').checkVisibility()";
    assert_eq!(browser.execute(ask, vec![]).await.unwrap(), json!(false));
    click(&browser, ".watch-actions form button").await;
    until_said(&browser, ".kicker", "Being sent").await;
    until_said(&browser, ".notes", "mailbox is full").await;
    inspect(&browser, &world, "watch").await;
    // The worker goes away and another one comes; nobody has to reload.
    stop.cancel();
    let stop = start_worker(&world);
    for _ in 0..40 {
        world.pass(6);
        tokio::time::sleep(Duration::from_millis(300)).await;
        if world.issue(&id).await["status"] == "sent" {
            break;
        }
    }
    stop.cancel();
    world.counts_become(&id, "sent=3 bounced=1 failed=2").await;
    until_said(&browser, ".kicker", "Sent").await;
    until_said(&browser, "main", "By mailbox provider").await;
    until_said(&browser, "main", "The mailbox is full").await;
    inspect(&browser, &world, "report").await;
    click(&browser, "main a[href$='/failed']").await;
    until_said(&browser, "table", "554").await;
    until_said(&browser, "select[name=state]", "no such mailbox (1)").await;
    inspect(&browser, &world, "failed").await;
    // Who has just signed in need not give the password again.
    let mut tx = world.service.store.write().await.unwrap();
    let cookie = session::begin(&world.service, &mut tx, anna.editor.id, "test").await;
    tx.commit().await.unwrap();
    anna.cookie = cookie.unwrap();
    browser.signed_in(&world, &anna).await;
    open(&browser, &world, &format!("{desk}/report")).await;
    click(&browser, "form[action$='/retry'] button").await;
    until_said(&browser, ".kicker", "Being sent").await;
}

async fn sending_twice_at_once_sends_once(db: TestDb) {
    let world = World::start(&db).await;
    let (anna, bruno) = (editor(&world, "Anna").await, editor(&world, "Bruno").await);
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let send = format!("/desk/issues/{id}/send");
    let version = world.issue(&id).await["version"].to_string();
    let fields = [("when", "soon"), ("version", version.as_str())];
    let click = |person: &Person| person.post(&send, &fields).send();
    let (one, two, three) = tokio::join!(click(&anna), click(&bruno), click(&anna));
    let landed: Vec<String> = [one, two, three]
        .into_iter()
        .map(|answer| {
            let answer = answer.unwrap();
            assert!(
                matches!(answer.status().as_u16(), 303 | 409),
                "{}",
                answer.status()
            );
            answer.status().to_string()
        })
        .collect();
    assert!(
        landed.iter().any(|status| status.starts_with("303")),
        "{landed:?}"
    );
    world.pass(2);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1");
    // The back button, and once more.
    let browser = browser_of(&world, &anna, Viewport::PHONE).await;
    let answer = anna.post(&send, &fields).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    open(&browser, &world, &send).await;
    until_said(&browser, ".kicker", "Sent").await;
    world.work().await;
    assert_eq!(world.mails_to("ok@example.org").len(), 1);
    // A page that is older than the text sends nothing.
    let other = world.draft("Suite").await;
    let stale = [("when", "soon"), ("version", "0")];
    let answer = anna
        .post(&format!("/desk/issues/{other}/send"), &stale)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 409);
    assert_eq!(world.issue(&other).await["status"], "draft");
}

async fn the_second_person_approves_at_the_desk(db: TestDb) {
    let world = World::start(&db).await;
    let (anna, bruno) = (editor(&world, "Anna").await, editor(&world, "Bruno").await);
    world.readers(&["ok@example.org"]).await;
    ask_for_approval(&world).await;
    let id = world.draft("Sommet").await;
    let send = format!("/desk/issues/{id}/send");
    let hers = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&hers, &world, &send).await;
    until_said(&hers, "main", "needs two people").await;
    inspect(&hers, &world, "approval").await;
    let his = browser_of(&world, &bruno, Viewport::PHONE).await;
    open(&his, &world, &send).await;
    click(&his, "form[action$='/approve'] button").await;
    until_said(&his, "main", "another person must send it").await;
    open(&hers, &world, &send).await;
    until_said(&hers, ".notice.good", "Bruno approved this text").await;
    click(&hers, ".send-form button").await;
    expect(&hers, ".countdown").await;
    assert_eq!(world.issue(&id).await["status"], "scheduled");
}

async fn it_is_sent_and_watched_without_script(db: TestDb) {
    let world = World::start(&db).await;
    let anna = editor(&world, "Anna").await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let browser = browser_of(&world, &anna, Viewport::PHONE.without_javascript()).await;
    open(&browser, &world, &format!("/desk/issues/{id}/send")).await;
    // A time that has passed is told on the page, with what was typed.
    let at = [("when", "at"), ("version", "1"), ("at", "2020-01-01T08:00")];
    let refused = anna
        .post(&format!("/desk/issues/{id}/send"), &at)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 422);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("value=\"2020-01-01T08:00\"")
    );
    click_plain(&browser, ".send-form button").await;
    expect(&browser, ".countdown").await;
    world.clock.advance(SignedDuration::from_secs(60));
    // The page reloads itself once the minute is over, and then seldom; else nobody could read it by keyboard.
    let source = browser.source().await.unwrap();
    let refresh = source.split("http-equiv=\"refresh\" content=\"").nth(1);
    let seconds = refresh.and_then(|rest| rest.split_once('"')?.0.parse().ok());
    assert!(seconds >= Some(30), "{source}");
    world.work().await;
    open(&browser, &world, &format!("/desk/issues/{id}/watch")).await;
    let kicker = "//p[@class='kicker'][contains(., 'Sent')]";
    let found = browser.wait().at_most(Duration::from_secs(30));
    found
        .for_element(fantoccini::Locator::XPath(kicker))
        .await
        .unwrap();
}

/// A click where no script may run.
async fn click_plain(browser: &Browser, css: &str) {
    let found = expect(browser, css).await;
    browser.press(&found).await;
}

async fn others_may_look_or_not_even_that(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    world.readers(&["ok@example.org"]).await;
    let viewer = world.person("Vera", Role::Viewer, Language::En).await;
    let mut tx = world.service.store.write().await.unwrap();
    let slug = Slug::parse("zentralasien").unwrap();
    let other = store::newsletter::by_slug(&mut tx, &slug)
        .await
        .unwrap()
        .unwrap();
    drop(tx);
    let mut roles = Roles::default();
    roles.give(Some(other.id), Role::Owner);
    let stranger = world.person_with("Otto", roles, Language::De).await;
    let id = world.draft("Sommet").await;
    let path = |page: &str| format!("/desk/issues/{id}/{page}");
    let status =
        async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    let version = world.issue(&id).await["version"].to_string();
    let send = [("when", "soon"), ("version", version.as_str())];
    assert_eq!(status(viewer.get(&path("send"))).await, 200);
    assert_eq!(status(viewer.post(&path("send"), &send)).await, 403);
    assert_eq!(status(stranger.get(&path("send"))).await, 404);
    assert_eq!(status(stranger.post(&path("send"), &send)).await, 404);
    assert_eq!(world.issue(&id).await["status"], "draft");
    assert_eq!(world.act(&id, "send").await.0, 202);
    let buttons = ["pause", "resume", "cancel", "retry", "erratum", "take-back"];
    for button in buttons {
        assert_eq!(
            status(viewer.post(&path(button), &[])).await,
            403,
            "{button}"
        );
        assert_eq!(
            status(stranger.post(&path(button), &[])).await,
            404,
            "{button}"
        );
    }
    for page in ["watch", "report", "report.csv", "failed"] {
        assert_eq!(status(viewer.get(&path(page))).await, 200, "{page}");
        assert_eq!(status(stranger.get(&path(page))).await, 404, "{page}");
    }
    assert_eq!(status(stranger.get(&path("events"))).await, 404);
    assert_eq!(world.issue(&id).await["status"], "sending");
    // Without the token of our own pages nothing happens, whoever it is.
    let forged = world
        .http
        .post(world.url(&path("pause")))
        .header("cookie", format!("xabar-desk={}", viewer.cookie));
    assert_eq!(status(forged).await, 403);
    // Who gave the password long ago gives it again before a send.
    world.pass(6);
    let anna = editor(&world, "Anna").await;
    let draft = world.draft("Suite").await;
    world.pass(6);
    let late = anna.post(
        &format!("/desk/issues/{draft}/send"),
        &[("when", "soon"), ("version", "1")],
    );
    let late = late.send().await.unwrap();
    assert_eq!(late.status(), 422);
    let page = late.text().await.unwrap();
    assert!(
        page.contains("name=\"proof\"") && page.contains("Send to one reader"),
        "{page}"
    );
    assert_eq!(world.issue(&draft).await["status"], "draft");
}

async fn the_list_of_who_did_not_get_it_opens_where_somebody_stands(db: TestDb) {
    let world = World::start(&db).await;
    let anna = editor(&world, "Anna").await;
    world.readers(&["full@mail.example"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    let stop = start_worker(&world);
    world.counts_become(&id, "deferred=1").await;
    stop.cancel();
    let list = anna.get(&format!("/desk/issues/{id}/failed"));
    let list = list.send().await.unwrap().text().await.unwrap();
    assert!(list.contains("The mailbox is full"), "{list}");
    assert!(list.contains("selected>tried again later (1)"), "{list}");
    assert!(list.contains("failed (0)"), "{list}");
    // Who it is only owners see.
    assert!(
        list.contains("No. ") && !list.contains("full@mail.example"),
        "{list}"
    );
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    let hers = olga.get(&format!("/desk/issues/{id}/failed"));
    let hers = hers.send().await.unwrap().text().await.unwrap();
    assert!(hers.contains(">full@mail.example<"), "{hers}");
    // The time is that of the next try, in the zone of the newsletter.
    assert!(
        list.contains("Next try") && list.contains("Europe/Paris"),
        "{list}"
    );
}
