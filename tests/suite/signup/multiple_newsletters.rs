//! Several newsletters in one sign-up: one form, one mail, one button.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const EMAIL: &str = "a@example.org";

async fn house(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.add_newsletters().await;
    world
}

/// Signs up by the form, with these newsletters ticked.
async fn tick(world: &World, email: &str, newsletters: &[&str]) -> u16 {
    let mut fields = vec![
        ("email", email),
        ("form", "asie-centrale"),
        ("lang", "fr"),
        ("countries", "kz"),
        ("consent", "ticked"),
    ];
    fields.extend(newsletters.iter().map(|slug| ("newsletter", *slug)));
    world.submit("/subscribe", &fields).await.status().as_u16()
}

async fn ask(world: &World, body: &Value) -> (u16, String) {
    let request = world.http.post(world.url("/api/v1/subscriptions"));
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn confirm_link(world: &World, email: &str) -> String {
    let last = world.mails_to(email).pop().expect("a mail");
    link_in(&last.text, "/confirm/")
}

async fn press(world: &World, link: &str) -> (u16, String) {
    let answer = world.submit(link, &[]).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

on_both_databases!(
    one_mail_names_them_all_and_one_press_confirms_them,
    consent_is_recorded_for_each_in_the_words_of_the_form,
    a_link_confirms_what_its_mail_named_and_nothing_else,
    a_repeated_sign_up_leaves_readers_as_they_are,
    who_has_left_comes_back_by_the_button_only,
    many_at_once_get_one_mail_each,
    what_cannot_be_meant_is_refused,
);

async fn one_mail_names_them_all_and_one_press_confirms_them(db: TestDb) {
    let world = house(&db).await;
    assert_eq!(
        tick(&world, EMAIL, &["zentralasien", "asie-centrale"]).await,
        200
    );
    assert_eq!(world.states(EMAIL).await, "pending none pending");
    world.work().await;
    let mails = world.mails_to(EMAIL);
    assert_eq!(mails.len(), 1);
    for title in ["Zentralasien", "Asie centrale"] {
        assert!(mails[0].text.contains(title), "{}", mails[0].text);
    }
    assert!(!mails[0].text.contains("Central Asia"));
    let link = confirm_link(&world, EMAIL);
    let page = world.page(&link).await.1;
    assert!(
        page.contains("Zentralasien") && page.contains("Asie centrale"),
        "{page}"
    );
    assert_eq!(
        world.states(EMAIL).await,
        "pending none pending",
        "a look changes nothing"
    );
    for _ in 0..2 {
        assert_eq!(press(&world, &link).await.0, 200);
        assert_eq!(world.states(EMAIL).await, "active none active");
    }
    world.work().await;
    let mails = world.mails_to(EMAIL);
    assert_eq!(mails.len(), 2, "one greeting");
    // One click would end one of them, and nobody sees which.
    for name in ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"] {
        assert_eq!(mails[1].header(name), None, "{name}");
    }
    assert!(
        !mails[1].text.contains("/archive/"),
        "nobody is led to an empty archive"
    );
    let (_, own) = mails[1]
        .text
        .split_once("«\u{a0}Asie centrale\u{a0}»")
        .unwrap();
    assert_eq!(press(&world, &link_in(own, "/unsubscribe/")).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "ended none active");
}

async fn consent_is_recorded_for_each_in_the_words_of_the_form(db: TestDb) {
    let world = house(&db).await;
    let form = world.http.get(world.url("/subscribe?lang=fr"));
    let form = form.send().await.unwrap().text().await.unwrap();
    tick(&world, EMAIL, &["asie-centrale", "zentralasien"]).await;
    for (slug, title) in [
        ("asie-centrale", "Asie centrale"),
        ("zentralasien", "Zentralasien"),
    ] {
        let kept = world.subscription_to(EMAIL, slug).await.unwrap();
        assert_eq!(kept.chosen.countries.to_string(), "kz");
        let proof = world.proof(&kept).await;
        assert_eq!(proof.len(), 1);
        let (tick, sentence) = proof[0].wording.split_once('\n').unwrap();
        assert!(tick.contains(title), "{tick}");
        assert!(form.contains(sentence), "{sentence} in {form}");
        assert_eq!(proof[0].page, "/subscribe");
    }
    // By the API each is named in a sentence of its own.
    let body = json!({ "email": "b@example.org", "newsletters": ["central-asia", "zentralasien"], "language": "de" });
    assert_eq!(ask(&world, &body).await.0, 202);
    let kept = world
        .subscription_to("b@example.org", "zentralasien")
        .await
        .unwrap();
    assert!(
        world.proof(&kept).await[0]
            .wording
            .starts_with("Ich möchte „Zentralasien“")
    );
}

async fn a_link_confirms_what_its_mail_named_and_nothing_else(db: TestDb) {
    let world = house(&db).await;
    tick(&world, EMAIL, &["asie-centrale", "zentralasien"]).await;
    world.work().await;
    let link = confirm_link(&world, EMAIL);
    // Somebody else has another newsletter sent there.
    world.pass(20);
    tick(&world, EMAIL, &["central-asia"]).await;
    assert_eq!(press(&world, &link).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "active pending active");
}

async fn a_repeated_sign_up_leaves_readers_as_they_are(db: TestDb) {
    let world = house(&db).await;
    world.join(EMAIL).await;
    world.pass(60);
    tick(&world, EMAIL, &["asie-centrale", "zentralasien"]).await;
    assert_eq!(world.states(EMAIL).await, "active none pending");
    let kept = world.subscription(EMAIL).await.unwrap();
    assert_eq!(kept.chosen.countries.to_string(), "", "choices stay");
    world.work().await;
    let mails = world.mails_to(EMAIL);
    assert_eq!(mails.len(), 3, "one mail, to confirm what is new");
    assert!(
        !mails[2].text.contains("Asie centrale »"),
        "{}",
        mails[2].text
    );
    // All of them active: one mail that there is nothing to do.
    press(&world, &confirm_link(&world, EMAIL)).await;
    world.work().await;
    tick(&world, EMAIL, &["asie-centrale", "zentralasien"]).await;
    world.work().await;
    assert_eq!(world.mails_to(EMAIL).len(), 5);
    assert_eq!(world.states(EMAIL).await, "active none active");
}

async fn who_has_left_comes_back_by_the_button_only(db: TestDb) {
    let world = house(&db).await;
    world.join(EMAIL).await;
    let leave = world.link(EMAIL, xabar::domain::Purpose::Unsubscribe).await;
    press(&world, &leave).await;
    world.pass(60);
    tick(&world, EMAIL, &["asie-centrale", "central-asia"]).await;
    assert_eq!(world.states(EMAIL).await, "pending pending none");
    world.work().await;
    let link = confirm_link(&world, EMAIL);
    // "This wasn’t me" undoes all of it.
    assert_eq!(press(&world, &format!("{link}/decline")).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "ended none none");
    assert_eq!(press(&world, &link).await.0, 410);
    assert_eq!(world.states(EMAIL).await, "ended none none");
}

async fn many_at_once_get_one_mail_each(db: TestDb) {
    let world = house(&db).await;
    let bodies: Vec<Value> = (0..6)
        .map(|n| {
            let newsletters = [
                ["asie-centrale", "zentralasien"],
                ["central-asia", "central-asia"],
            ][n % 2];
            json!({ "email": format!("r{n}@example.org"), "newsletters": newsletters })
        })
        .collect();
    for (status, said) in join_all(bodies.iter().map(|body| ask(&world, body))).await {
        assert_eq!(status, 202, "{said}");
    }
    world.work().await;
    for n in 0..6 {
        let email = format!("r{n}@example.org");
        assert_eq!(world.caught_for(&email).len(), 1);
        press(&world, &confirm_link(&world, &email)).await;
        let wanted = ["active none active", "none active none"][n % 2];
        assert_eq!(world.states(&email).await, wanted);
    }
    assert_eq!(
        db.number("SELECT COUNT(*) FROM consent_event").await,
        3 * (6 + 3)
    );
}

async fn what_cannot_be_meant_is_refused(db: TestDb) {
    let world = house(&db).await;
    for (body, field) in [
        (
            json!({ "email": EMAIL, "newsletter": "zentralasien", "newsletters": ["asie-centrale"] }),
            "newsletters",
        ),
        (json!({ "email": EMAIL, "newsletters": [] }), "newsletters"),
        (
            json!({ "email": EMAIL, "newsletters": ["asie-centrale", "nothing"] }),
            "newsletters[1]",
        ),
    ] {
        let (status, said) = ask(&world, &body).await;
        assert_eq!(status, 422, "{body}: {said}");
        assert!(said.contains(&format!("\"field\":\"{field}\"")), "{said}");
    }
    let none = tick(&world, EMAIL, &[]).await;
    assert_eq!(none, 422, "nothing is ticked");
    assert_eq!(
        tick(&world, EMAIL, &["asie-centrale", "nothing"]).await,
        404
    );
    assert_eq!(world.states(EMAIL).await, "none none none");
}
