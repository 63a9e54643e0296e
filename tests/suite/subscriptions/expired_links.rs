//! Links that are expired, used or cut off: their pages belong to the newsletter, and say what helps.

use serde_json::json;
use xabar::domain::Purpose;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

on_both_databases!(
    who_has_left_is_at_the_newsletter_of_the_link,
    who_wants_to_leave_is_not_asked_to_sign_up,
    an_old_confirmation_of_a_reader_asks_for_nothing,
    an_old_link_to_a_new_address_opens_no_subscription,
    the_page_of_a_decline_confirms_with_its_first_button,
    this_was_not_me_at_a_new_address_is_taken_back,
    public_links_survive_what_is_done_to_them,
);

const EMAIL: &str = "reader@example.org";
const NEW: &str = "new@example.com";

/// The links of a page that invite to sign up.
fn invites(page: &str) -> bool {
    page.contains("class=\"button\"")
}

async fn who_has_left_is_at_the_newsletter_of_the_link(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let body = json!({ "email": EMAIL, "newsletter": "zentralasien", "language": "de" });
    let asked = world.post("/api/v1/subscriptions").json(&body).send();
    assert_eq!(asked.await.unwrap().status(), 202);
    let id = world.subscription_to(EMAIL, "zentralasien").await;
    let id = id.expect("a subscription").id;
    let (links, now) = (&world.service.links, world.clock.now());
    let made = |purpose| links.personal(purpose, id, now);
    for purpose in [Purpose::Confirm, Purpose::Unsubscribe] {
        assert_eq!(world.submit(&made(purpose), &[]).await.status(), 200);
    }
    let (status, page) = world.page(&made(Purpose::Preferences)).await;
    assert_eq!(status, 410);
    assert!(page.contains("<html lang=\"de\">"), "{page}");
    assert!(page.contains("newsletter=zentralasien"), "{page}");
    assert!(!page.contains("newsletter=asie-centrale"), "{page}");
    let data = link_in(&page, "/preferences/");
    assert!(data.ends_with("/data"), "{data}");
    assert_eq!(world.page(&data).await.0, 200);
    world.pass(61);
    let undo = links.undo(id, false, now);
    let late = world.submit(&undo, &[]).await;
    assert_eq!(late.status(), 410);
    let late = late.text().await.unwrap();
    assert!(late.contains("eine Stunde lang"), "{late}");
    assert!(late.contains("newsletter=zentralasien"), "{late}");
}

async fn who_wants_to_leave_is_not_asked_to_sign_up(db: TestDb) {
    let world = World::start(&db).await;
    for (path, asks) in [
        ("unsubscribe", false),
        ("preferences", false),
        ("confirm", true),
    ] {
        let (status, page) = world.page(&format!("/{path}/cut-off")).await;
        assert_eq!((status, invites(&page)), (404, asks), "{path}");
    }
}

async fn an_old_confirmation_of_a_reader_asks_for_nothing(db: TestDb) {
    let world = World::start(&db).await;
    world.join(EMAIL).await;
    let confirm = world.link(EMAIL, Purpose::Confirm).await;
    world.pass(8 * 24 * 60);
    let (status, page) = world.page(&confirm).await;
    assert_eq!((status, invites(&page)), (200, false));
    assert!(!page.contains("/preferences/"), "{page}");
    assert!(page.contains("déjà confirmé"), "{page}");
}

/// Asks for a change to [`NEW`]; returns the link that was mailed there.
async fn asks_to_move(world: &World) -> String {
    let ask = format!("{}/data", world.link(EMAIL, Purpose::Preferences).await);
    assert_eq!(world.submit(&ask, &[]).await.status(), 200);
    world.work().await;
    let own = world.mails_to(EMAIL).pop().expect("a link").text;
    let url = format!("{}/address", link_in(&own, "/my-data/"));
    assert_eq!(world.submit(&url, &[("email", NEW)]).await.status(), 200);
    world.work().await;
    let mail = world.mails_to(NEW).pop().expect("a mail");
    link_in(&mail.text, "/new-address/")
}

async fn an_old_link_to_a_new_address_opens_no_subscription(db: TestDb) {
    let world = World::start(&db).await;
    world.join(EMAIL).await;
    let link = asks_to_move(&world).await;
    world.pass(25 * 60);
    let (status, page) = world.page(&link).await;
    assert_eq!((status, invites(&page)), (410, false));
    // Perhaps it is the mailbox of a stranger.
    assert!(!page.contains("/preferences/"), "{page}");
}

async fn the_page_of_a_decline_confirms_with_its_first_button(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    let mail = world.mails_to(EMAIL).pop().expect("a mail");
    let confirm = link_in(&mail.text, "/confirm/");
    let (_, page) = world.page(&format!("{confirm}/decline")).await;
    let path = confirm.trim_start_matches(&world.base);
    assert!(page.contains(&format!("action=\"{path}\"")), "{page}");
    assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    let link = asks_to_move(&world).await;
    let (_, page) = world.page(&format!("{link}/decline")).await;
    let path = link.trim_start_matches(&world.base);
    assert!(page.contains(&format!("action=\"{path}\"")), "{page}");
}

async fn this_was_not_me_at_a_new_address_is_taken_back(db: TestDb) {
    let world = World::start(&db).await;
    world.join(EMAIL).await;
    let link = asks_to_move(&world).await;
    let declined = world.submit(&format!("{link}/decline"), &[]).await;
    let page = declined.text().await.unwrap();
    let value = |name: &str| {
        let (_, rest) = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap()
    };
    let names = ["of", "stamp", "newsletter", "lang", "change"];
    let form = names.map(|name| (name, value(name)));
    let undone = world.submit("/declined/undo", &form).await;
    assert_eq!(undone.status(), 200);
    let undone = undone.text().await.unwrap();
    assert!(undone.contains("<html lang=\"fr\">"), "{undone}");
    assert_eq!(db.number("SELECT COUNT(*) FROM suppression").await, 0);
    world.pass(16);
    let again = asks_to_move(&world).await;
    assert_ne!(again, link);
    assert_eq!(world.submit(&again, &[]).await.status(), 200);
    assert_eq!(world.state(NEW).await, "active");
}

async fn public_links_survive_what_is_done_to_them(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let draft = world.draft("Un numéro").await;
    world.ensure_reader("asie-centrale").await;
    assert_eq!(world.act(&draft, "send").await.0, 202);
    world.work().await;
    let issue = world.issue(&draft).await["slug"]
        .as_str()
        .unwrap()
        .to_owned();
    for end in ["", ".", "%3E", ")"] {
        let (status, _) = world
            .page(&format!("/archive/asie-centrale/{issue}{end}"))
            .await;
        assert_eq!(status, 200, "{end}");
        let (status, page) = world
            .page(&format!("/subscribe?newsletter=zentralasien{end}"))
            .await;
        assert_eq!(status, 200, "{end}");
        assert!(page.contains("newsletter=zentralasien"), "{page}");
    }
    let (_, page) = world
        .page("/subscribe?newsletter=zentralasien&lang=de&lang=fr")
        .await;
    assert!(page.contains("<html lang=\"de\">"), "{page}");
    assert!(page.contains("newsletter=zentralasien"), "{page}");
    let (_, page) = world.page("/subscribe?email=a+b@example.org").await;
    assert!(page.contains("value=\"a+b@example.org\""), "{page}");
    let leave = links_with(&world, "&utm_source=x").await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
}

/// The unsubscribe link of a reader with something behind it.
async fn links_with(world: &World, more: &str) -> String {
    world.join(EMAIL).await;
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    format!("{leave}{more}")
}
