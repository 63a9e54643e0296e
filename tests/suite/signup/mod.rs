//! Signing up: what is kept, what is mailed, and what nobody learns.

mod confirmation;
mod domain_queue;
mod embed;
mod flood;
mod form;
mod group_commit;
mod mailbox_aliases;
mod multiple_newsletters;
mod mx;
mod networks;
pub mod proof_of_work;
mod resend_confirmation;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Value, json};
use xabar::domain::{EmailAddress, Purpose, SuppressionReason};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

/// The API's answer to a body: status and JSON.
async fn answer_to(world: &World, body: Value) -> (u16, Value) {
    let request = world.http.post(world.url("/api/v1/subscriptions"));
    let answer = request.json(&body).send().await.unwrap();
    let kind = answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    let status = answer.status().as_u16();
    let wanted = if status < 300 {
        "application/json"
    } else {
        "application/problem+json"
    };
    assert_eq!(kind, wanted, "{body}");
    (status, answer.json().await.unwrap())
}

/// The fields that a refusal names.
fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().into_iter().flatten();
    errors.filter_map(|e| e["field"].as_str()).collect()
}

/// Headers of an answer that say something about it; the date and the like do not.
async fn face(answer: reqwest::Response) -> (u16, Vec<(String, String)>, String) {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    (status, headers, answer.text().await.unwrap())
}

on_both_databases!(
    a_sign_up_is_durable_before_the_answer,
    the_answer_is_the_same_whatever_is_known,
    confirmation_mails_to_one_address_are_capped,
    an_active_reader_is_reminded_once_a_day,
    bad_input_is_refused_with_its_place_and_leaves_nothing,
    international_addresses_are_taken,
    of_many_at_once_from_one_network_no_more_pass,
    too_many_from_one_address_must_wait,
    two_hundred_at_once_are_all_kept,
);

async fn a_sign_up_is_durable_before_the_answer(db: TestDb) {
    let world = World::start(&db).await;
    let (status, body) = answer_to(
        &world,
        json!({
            "email": " Aigerim@Example.ORG ", "newsletter": "asie-centrale",
            "language": "de", "countries": ["kz", "kg"], "name": "Aigerim",
        }),
    )
    .await;
    assert_eq!((status, body), (202, json!({ "status": "accepted" })));
    // Another process that opens the same database sees it all at once.
    let other = store::Store::open(&db.url, 2).await.unwrap();
    let mut look = other.read().await.unwrap();
    assert_eq!(store::outbox::waiting(&mut look).await.unwrap(), 1);
    let kept = world.subscription("aigerim@example.org").await.unwrap();
    assert_eq!(kept.state.as_str(), "pending");
    assert_eq!(
        kept.address.to_string(),
        "Aigerim@example.org",
        "the name's case is kept"
    );
    assert_eq!(kept.chosen.language.as_str(), "de");
    assert_eq!(kept.chosen.countries.to_string(), "kz,kg");
    assert_eq!(
        world.consents("aigerim@example.org").await,
        ["requested by api"]
    );
    world.work().await;
    let mails = world.mails_to("Aigerim@example.org");
    assert_eq!(mails.len(), 1);
    assert!(
        !mails[0].text.contains("Aigerim"),
        "no text of a visitor in a mail"
    );
    assert!(
        mails[0].header("Subject").unwrap().contains("bestätigen"),
        "{:?}",
        mails[0].header("Subject")
    );
    world.assert_idle().await;
}

async fn the_answer_is_the_same_whatever_is_known(db: TestDb) {
    let world = World::start(&db).await;
    world.join("active@example.org").await;
    world.join("ended@example.org").await;
    let leave = world.link("ended@example.org", Purpose::Unsubscribe).await;
    world.submit(&leave, &[]).await;
    world.sign_up("pending@example.org").await;
    let suppressed = EmailAddress::parse("suppressed@example.org").unwrap();
    let hash = world.service.links.address_hash(&suppressed);
    let mut tx = world.service.store.write().await.unwrap();
    store::consent::suppression::insert(
        &mut tx,
        &hash,
        SuppressionReason::Complained,
        world.clock.now(),
        None,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    world.work().await;
    world.pass(16);

    let as_new = face(world.sign_up("fresh@example.org").await).await;
    for known in ["active", "ended", "pending", "suppressed"] {
        let answer = face(world.sign_up(&format!("{known}@example.org")).await).await;
        assert_eq!(answer, as_new, "{known}");
    }
    world.work().await;
    assert_eq!(world.state("active@example.org").await, "active");
    assert_eq!(world.state("ended@example.org").await, "pending");
    assert_eq!(world.state("pending@example.org").await, "pending");
    assert_eq!(world.state("suppressed@example.org").await, "none");
    assert_eq!(world.caught_for("suppressed@example.org").len(), 0);
    // Confirmation, welcome, and the mail that there is nothing to do.
    let active = world.mails_to("active@example.org");
    assert_eq!(active.len(), 3);
    assert!(!active[2].text.contains("/confirm/"));
    assert!(active[2].text.contains("/preferences/"));
    assert_eq!(world.caught_for("pending@example.org").len(), 2);
    assert_eq!(world.caught_for("ended@example.org").len(), 3);
}

async fn confirmation_mails_to_one_address_are_capped(db: TestDb) {
    let world = World::start(&db).await;
    let mut counts = Vec::new();
    // At once, after 10 and 20 minutes, then every six hours for forty days.
    for minutes in [0, 10, 10].into_iter().chain(std::iter::repeat_n(360, 160)) {
        world.pass(minutes);
        assert_eq!(world.sign_up("a@example.org").await.status(), 202);
        world.work().await;
        counts.push(world.caught_for("a@example.org").len());
    }
    assert_eq!(counts[..4], [1, 1, 2, 3], "one in 15 minutes, three a day");
    assert_eq!(counts[4..12].iter().max(), Some(&5));
    assert_eq!(counts[100], 5, "five in 30 days");
    assert!(*counts.last().unwrap() > 5, "and then again");
}

async fn an_active_reader_is_reminded_once_a_day(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    for _ in 0..3 {
        world.sign_up("A@example.org").await;
    }
    world.work().await;
    assert_eq!(world.caught_for("a@example.org").len(), 3);
    world.pass(24 * 60 + 1);
    world.sign_up("a@example.org").await;
    world.work().await;
    assert_eq!(world.caught_for("a@example.org").len(), 4);
    assert_eq!(
        world.consents("a@example.org").await,
        ["requested by api", "confirmed by page"]
    );
}

async fn bad_input_is_refused_with_its_place_and_leaves_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let long = format!("{}@example.org", "a".repeat(70));
    for (body, field) in [
        (json!({ "email": "" }), "email"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "email": "a@b" }), "email"),
        (json!({ "email": "a b@example.org" }), "email"),
        (json!({ "email": "\"a b\"@example.org" }), "email"),
        (
            json!({ "email": "a@example.org\r\nBcc: b@example.org" }),
            "email",
        ),
        (json!({ "email": "a\u{0}@example.org" }), "email"),
        (json!({ "email": "a@[127.0.0.1]" }), "email"),
        (json!({ "email": "a..b@example.org" }), "email"),
        (json!({ "email": long }), "email"),
        (json!({ "email": 7 }), "email"),
        (json!({}), "email"),
        (
            json!({ "email": "a@example.org", "newsletter": "nothing" }),
            "newsletter",
        ),
        (
            json!({ "email": "a@example.org", "newsletter": "../x" }),
            "newsletter",
        ),
        (
            json!({ "email": "a@example.org", "language": "xx" }),
            "language",
        ),
        (
            json!({ "email": "a@example.org", "countries": ["kz", "zz"] }),
            "countries",
        ),
        (json!({ "email": "a@example.org", "name": "a\nb" }), "name"),
        (
            json!({ "email": "a@example.org", "name": "a".repeat(201) }),
            "name",
        ),
    ] {
        let (status, problem) = answer_to(&world, body.clone()).await;
        assert_eq!(status, 422, "{body}: {problem}");
        assert_eq!(fields(&problem), [field], "{body}: {problem}");
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{problem}");
    }
    let (status, problem) =
        answer_to(&world, json!({ "email": "a@example.org", "emial": 1 })).await;
    assert_eq!(status, 422);
    assert!(
        problem["detail"].as_str().unwrap().contains("emial"),
        "{problem}"
    );

    let raw = |kind: &'static str, body: Vec<u8>| {
        let request = world.http.post(world.url("/api/v1/subscriptions"));
        request.header(CONTENT_TYPE, kind).body(body).send()
    };
    let json_type = "application/json";
    let cut = raw(json_type, b"{\"email\": \"a@exa".to_vec())
        .await
        .unwrap();
    assert_eq!(cut.status(), 400);
    assert!(cut.text().await.unwrap().contains("line 1 column"));
    let latin = raw(json_type, b"{\"email\": \"\xe9@example.org\"}".to_vec())
        .await
        .unwrap();
    assert_eq!(latin.status(), 400);
    let text = raw("text/plain", b"{\"email\": \"a@example.org\"}".to_vec())
        .await
        .unwrap();
    assert_eq!(text.status(), 415);
    let packed = world.http.post(world.url("/api/v1/subscriptions"));
    let packed = packed.header("content-encoding", "gzip");
    let packed = packed.json(&json!({ "email": "a@example.org" }));
    assert_eq!(packed.send().await.unwrap().status(), 415);
    let big = raw(json_type, vec![b' '; 3 * 1024 * 1024]).await.unwrap();
    assert_eq!(big.status(), 413);
    let said = big.text().await.unwrap();
    assert!(said.contains("at most 2097152 octets"), "{said}");
    let get = world
        .http
        .get(world.url("/api/v1/subscriptions"))
        .send()
        .await
        .unwrap();
    assert_eq!(get.status(), 405);
    let page = world
        .http
        .get(world.url("/subscribe?lang=fr&lang=de"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        page.status(),
        200,
        "a page whose query cannot be read asks for nothing in particular"
    );
    assert_eq!(world.state("a@example.org").await, "none");
    world.assert_idle().await;
}

async fn international_addresses_are_taken(db: TestDb) {
    let world = World::start(&db).await;
    for (typed, kept) in [
        (
            "jürgen@müller.example.org",
            "jürgen@xn--mller-kva.example.org",
        ),
        ("почта@example.org", "почта@example.org"),
        (
            "first.last+tag@sub.example.org",
            "first.last+tag@sub.example.org",
        ),
    ] {
        assert_eq!(world.sign_up(typed).await.status(), 202, "{typed}");
        world.work().await;
        let caught = world.caught_for(kept);
        assert_eq!(caught.len(), 1, "{typed}: {:?}", world.smtp.refusals());
        assert!(caught[0].raw.is_ascii() || !typed.is_ascii());
    }
}

async fn of_many_at_once_from_one_network_no_more_pass(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.signup.per_ip_per_hour = 10;
    })
    .await;
    let emails: Vec<String> = (0..60).map(|n| format!("a{n}@example.org")).collect();
    let requests = emails.iter().map(|email| world.sign_up(email));
    let answers = futures_util::future::join_all(requests).await;
    let statuses = answers.iter().map(|answer| answer.status().as_u16());
    let passed = statuses.clone().filter(|status| *status == 202).count();
    assert_eq!(passed, 5, "five in ten minutes");
    assert_eq!(statuses.filter(|status| *status == 429).count(), 55);
    let mut db = world.service.store.read().await.unwrap();
    assert_eq!(store::outbox::waiting(&mut db).await.unwrap(), 5);
}

async fn too_many_from_one_address_must_wait(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.signup.per_ip_per_hour = 10;
    })
    .await;
    for n in 0..5 {
        assert_eq!(
            world.sign_up(&format!("a{n}@example.org")).await.status(),
            202
        );
    }
    let refused = world.sign_up("a5@example.org").await;
    assert_eq!(refused.status(), 429);
    let wait: i64 = refused.headers()[RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    assert_eq!(world.state("a5@example.org").await, "none");
    let form = [("email", "a5@example.org"), ("consent", "yes")];
    let page = world.submit("/subscribe", &form).await;
    assert_eq!(page.status(), 429);
    assert!(
        page.text().await.unwrap().contains("a5@example.org"),
        "what was typed is kept"
    );
    // A header that anybody can send changes nothing.
    let spoofed = world
        .http
        .post(world.url("/api/v1/subscriptions"))
        .header("X-Forwarded-For", "203.0.113.9")
        .json(&json!({ "email": "a5@example.org" }));
    assert_eq!(spoofed.send().await.unwrap().status(), 429);
    world.clock.advance(jiff::SignedDuration::from_secs(wait));
    assert_eq!(world.sign_up("a5@example.org").await.status(), 202);
}

async fn two_hundred_at_once_are_all_kept(db: TestDb) {
    let world = World::start(&db).await;
    let many = (0..200).map(|n| {
        // Every address twice, so that they race.
        let email = format!("r{}@example.org", n / 2);
        let request = world
            .http
            .post(world.url("/api/v1/subscriptions"))
            .json(&json!({ "email": email }));
        async move { request.send().await.unwrap().status().as_u16() }
    });
    let statuses = futures_util::future::join_all(many).await;
    assert!(statuses.iter().all(|s| *s == 202), "{statuses:?}");
    let mut db = world.service.store.read().await.unwrap();
    let newsletter = store::newsletter::list(&mut db).await.unwrap().remove(0);
    let pending = xabar::domain::SubscriptionState::Pending;
    assert_eq!(
        store::subscription::count(&mut db, newsletter.id, pending)
            .await
            .unwrap(),
        100
    );
    assert_eq!(
        store::outbox::waiting(&mut db).await.unwrap(),
        100,
        "one mail each"
    );
}
