//! Floods of sign-ups: mails wait for their quota, and real readers get in all the same.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Response;
use serde_json::json;
use xabar::accounts;
use xabar::config::{Settings, SignupLimits};
use xabar::domain::Role;

use crate::signup::proof_of_work::{hidden, proof, world};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail::strict_parse;
use crate::support::smtp::Options;
use crate::support::world::{World, link_in};

/// A sign-up by a caller with an editor's token.
async fn vouched(world: &World, email: &str) -> Response {
    let call = world.post("/api/v1/subscriptions");
    call.json(&json!({ "email": email })).send().await.unwrap()
}

async fn sign_up_all(world: &World, emails: &[String]) {
    for answer in futures_util::future::join_all(emails.iter().map(|e| world.sign_up(e))).await {
        assert_eq!(answer.status(), 202);
    }
}

fn addresses(name: &str, domain: &str, number: usize) -> Vec<String> {
    (0..number).map(|n| format!("{name}{n}@{domain}")).collect()
}

/// What an owner reads; everybody else is told nothing of an attack.
async fn ready(world: &World) -> String {
    let public = world.http.get(world.url("/readyz")).send().await.unwrap();
    assert_eq!(public.status(), 200);
    assert_eq!(public.text().await.unwrap(), "ready\n");
    let owner = accounts::add_token(&world.service, "owner", Role::Owner).await;
    let asked = world
        .http
        .get(world.url("/readyz"))
        .bearer_auth(owner.unwrap());
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

on_both_databases!(
    mails_to_one_domain_wait_for_their_hour,
    all_mails_together_wait_for_their_hour,
    an_attack_is_noticed_told_and_ends,
    in_an_attack_an_address_gets_one_mail_a_day,
    a_trusted_caller_has_no_limit_of_its_own,
    a_trusted_network_needs_no_token,
);

async fn mails_to_one_domain_wait_for_their_hour(db: TestDb) {
    let world = world(&db, |limits| limits.mails_per_domain_per_hour = 10).await;
    sign_up_all(&world, &addresses("a", "example.org", 25)).await;
    sign_up_all(&world, &addresses("b", "example.com", 3)).await;
    // Somebody the operator trusts goes first.
    assert_eq!(vouched(&world, "c@example.org").await.status(), 202);
    let mut seen = Vec::new();
    for _ in 0..4 {
        world.work().await;
        seen.push(world.smtp.messages().len());
        world.pass(60);
    }
    assert_eq!(seen, [14, 24, 29, 29]);
    world.assert_idle().await;
    // The link of a mail that had to wait works as long as any.
    let last = world.smtp.messages().pop().unwrap();
    world.pass(7 * 24 * 60 - 120);
    let link = link_in(&strict_parse(&last.raw).text, "/confirm/");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
}

async fn all_mails_together_wait_for_their_hour(db: TestDb) {
    let world = world(&db, |limits| limits.mails_per_hour = 10).await;
    for n in 0..25 {
        assert_eq!(
            vouched(&world, &format!("a@example{n}.org")).await.status(),
            202
        );
    }
    let mut seen = Vec::new();
    for _ in 0..4 {
        world.work().await;
        seen.push(world.smtp.messages().len());
        world.pass(60);
    }
    assert_eq!(seen, [10, 20, 25, 25]);
}

async fn an_attack_is_noticed_told_and_ends(db: TestDb) {
    let world = world(&db, |limits| {
        limits.attack_signups_per_hour = 20;
        limits.attack_confirmed_percent = 20;
        limits.attack_mails_per_hour = 5;
    })
    .await;
    for n in 0..4 {
        world.join(&format!("reader{n}@example.org")).await;
    }
    sign_up_all(&world, &addresses("a", "example.org", 16)).await;
    assert_eq!(ready(&world).await, "ready\n", "a fifth has confirmed");
    sign_up_all(&world, &addresses("b", "example.org", 1)).await;
    assert!(
        ready(&world)
            .await
            .contains("under attack; 21 in the last hour, 4 confirmations")
    );
    world.work().await;
    let before = world.smtp.messages().len();
    sign_up_all(&world, &addresses("c", "example.org", 12)).await;
    world.work().await;
    // Five an hour, of which b0 was the first.
    assert_eq!(world.smtp.messages().len() - before, 4, "the others wait");
    vouched(&world, "real@example.org").await;
    world.work().await;
    assert_eq!(
        world.mails_to("real@example.org").len(),
        1,
        "not behind them"
    );
    // Somebody else's sign-up of a reader does not keep that reader waiting.
    let waiting = addresses("c", "example.org", 12);
    let waiting = waiting
        .iter()
        .find(|email| world.mails_to(email).is_empty())
        .unwrap();
    vouched(&world, waiting).await;
    world.work().await;
    assert_eq!(world.mails_to(waiting).len(), 1);
    for _ in 0..3 {
        world.pass(60);
        world.work().await;
    }
    assert_eq!(ready(&world).await, "ready\n");
    assert_eq!(world.smtp.messages().len() - before, 13);
    world.assert_idle().await;
}

async fn in_an_attack_an_address_gets_one_mail_a_day(db: TestDb) {
    let world = world(&db, |limits| limits.attack_signups_per_hour = 10).await;
    for _ in 0..60 {
        // Every address often enough for its three mails a day.
        sign_up_all(&world, &addresses("a", "example.org", 10)).await;
        world.pass(17);
        world.work().await;
    }
    for email in addresses("a", "example.org", 10) {
        assert_eq!(world.mails_to(&email).len(), 1, "{email}");
    }
    // Not so where somebody vouches for it.
    vouched(&world, "a0@example.org").await;
    world.work().await;
    assert_eq!(world.mails_to("a0@example.org").len(), 2);
}

async fn a_trusted_caller_has_no_limit_of_its_own(db: TestDb) {
    let strict = |limits: &mut SignupLimits| {
        limits.per_ip_per_hour = 10;
        limits.per_ip_per_10_minutes = 2;
    };
    let world = world(&db, strict).await;
    for n in 0..5 {
        assert_eq!(
            vouched(&world, &format!("a{n}@example.org")).await.status(),
            202
        );
    }
    for (n, status) in [202, 202, 429].into_iter().enumerate() {
        assert_eq!(
            world.sign_up(&format!("b{n}@example.org")).await.status(),
            status
        );
    }
    let call = world
        .http
        .post(world.url("/api/v1/subscriptions"))
        .bearer_auth("made-up");
    let answer = call
        .json(&json!({ "email": "c@example.org" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(world.state("c@example.org").await, "none");
}

async fn a_trusted_network_needs_no_token(db: TestDb) {
    let world = world(&db, |limits| {
        limits.per_ip_per_hour = 10;
        limits.per_ip_per_10_minutes = 1;
        limits.trusted_networks = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    for n in 0..3 {
        assert_eq!(
            world.sign_up(&format!("a{n}@example.org")).await.status(),
            202
        );
    }
    // A visitor's form does not become trusted by where it comes from.
    let form = |email: &'static str| {
        world
            .http
            .post(world.url("/subscribe"))
            .form(&[("email", email), ("consent", "yes")])
            .send()
    };
    assert_eq!(form("b@example.org").await.unwrap().status(), 200);
    assert_eq!(form("c@example.org").await.unwrap().status(), 429);
}

/// How many requests a flood has.
const FLOOD: usize = 3_000;

/// The limits as they are shipped, behind a proxy; challenges are easy, as the tests' build is slow.
async fn as_shipped(db: &TestDb) -> World {
    World::with(db, Options::default(), |settings| {
        settings.signup = Settings::defaults().unwrap().signup;
        settings.signup.proof_cost = 1;
        settings.signup.proof_cost_in_attack = 2;
        settings.http.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// A request of the flood from a network of its own: the form or the API, in turn. Nobody who
/// floods learns anything from the answer.
async fn one_of_many(world: &World, number: usize, email: &str) {
    let ip = format!("10.{}.{}.7", number / 250 % 250, number % 250);
    let request = if number.is_multiple_of(2) {
        let call = world.http.post(world.url("/api/v1/subscriptions"));
        call.json(&json!({ "email": email }))
    } else {
        let call = world.http.post(world.url("/subscribe"));
        call.form(&[("email", email), ("consent", "yes")])
    };
    let request = request.header("X-Forwarded-For", ip);
    let answered = async || {
        let again = request.try_clone().unwrap();
        again.send().await.unwrap().status().as_u16()
    };
    let mut status = answered().await;
    // A machine that is too slow for all at once says so, and is asked again.
    for _ in 0..120 {
        if status != 503 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        status = answered().await;
    }
    assert!([200, 202].contains(&status), "{status}");
}

async fn flood(world: &World, requests: std::ops::Range<usize>, address: impl Fn(usize) -> String) {
    let all = futures_util::stream::iter(requests.map(|number| {
        let email = address(number);
        async move { one_of_many(world, number, &email).await }
    }));
    all.buffer_unordered(64).collect::<Vec<()>>().await;
}

/// Signs a reader up by the form as a browser does that runs its script.
async fn reader_signs_up(world: &World, email: &str) {
    let from = [("X-Forwarded-For", "192.0.2.20")];
    let page = world
        .http
        .get(world.url("/subscribe?lang=en"))
        .header(from[0].0, from[0].1);
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<altcha-widget"), "the attack is seen");
    let stamp = hidden(&page, "stamp").to_owned();
    world.clock.advance(jiff::SignedDuration::from_secs(10));
    let proof = proof(world).await;
    let form = [
        ("email", email),
        ("lang", "en"),
        ("consent", "yes"),
        ("stamp", &stamp),
        ("altcha", &proof),
    ];
    let answer = world
        .http
        .post(world.url("/subscribe"))
        .header(from[0].0, from[0].1)
        .form(&form);
    let answer = answer.send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("Check your inbox"), "{answer}");
}

/// And one whose browser runs none.
async fn patient_reader_signs_up(world: &World, email: &str) {
    let form = |wait: String| async move {
        let form = [
            ("email", email),
            ("lang", "en"),
            ("consent", "yes"),
            ("wait", &wait),
        ];
        let request = world
            .http
            .post(world.url("/subscribe"))
            .header("X-Forwarded-For", "192.0.2.30");
        request
            .form(&form)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    let asked = form(String::new()).await;
    let wait = hidden(&asked, "wait").to_owned();
    world.clock.advance(jiff::SignedDuration::from_secs(30));
    assert!(form(wait).await.contains("Check your inbox"));
}

async fn confirms(world: &World, email: &str) {
    world.work().await;
    let mails = world.mails_to(email);
    assert_eq!(mails.len(), 1, "{email} got a mail at once");
    let link = link_in(&mails[0].text, "/confirm/");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    assert_eq!(world.state(email).await, "active");
}

/// How many victims have had mails, and the most that one of them has had.
fn victims(world: &World) -> (usize, usize) {
    let mut counts = HashMap::new();
    for mail in world.smtp.messages() {
        *counts.entry(mail.recipients).or_insert(0) += 1;
    }
    counts.retain(|who: &Vec<String>, _| who[0].starts_with("victim"));
    (counts.len(), counts.into_values().max().unwrap_or_default())
}

on_both_databases!(
    thousands_of_requests_for_a_few_addresses,
    thousands_of_requests_for_as_many_addresses,
);

async fn thousands_of_requests_for_a_few_addresses(db: TestDb) {
    let world = as_shipped(&db).await;
    let victim = |number| format!("victim{}@example{}.org", number % 40, number % 5);
    for part in 0..5 {
        flood(&world, part * FLOOD / 5..(part + 1) * FLOOD / 5, victim).await;
        let (reader, patient) = (
            format!("reader{part}@example.org"),
            format!("patient{part}@example.org"),
        );
        reader_signs_up(&world, &reader).await;
        confirms(&world, &reader).await;
        patient_reader_signs_up(&world, &patient).await;
        confirms(&world, &patient).await;
        // Longer than the cap on the mails to one address.
        world.pass(20);
    }
    for _ in 0..22 {
        world.work().await;
        world.pass(60);
    }
    assert_eq!(victims(&world), (40, 1), "one mail a day");
    world.assert_idle().await;
}

async fn thousands_of_requests_for_as_many_addresses(db: TestDb) {
    let world = as_shipped(&db).await;
    let limits = &world.service.settings.signup;
    let victim = |number| format!("victim{number}@example{}.org", number % 500);
    flood(&world, 0..FLOOD / 2, victim).await;
    reader_signs_up(&world, "reader@example.org").await;
    confirms(&world, "reader@example.org").await;
    flood(&world, FLOOD / 2..FLOOD, victim).await;
    patient_reader_signs_up(&world, "patient@example.org").await;
    confirms(&world, "patient@example.org").await;
    world.work().await;
    let sent = world.smtp.messages().len();
    // What was not yet known to be an attack, and its own line.
    let most = limits.attack_signups_per_hour + limits.attack_mails_per_hour + 4;
    assert!(sent <= usize::try_from(most).unwrap(), "{sent}");
    // Nothing is dropped: what the API took in waits for its hour.
    world.pass(60);
    world.work().await;
    let later = world.smtp.messages().len() - sent;
    let most = usize::try_from(limits.attack_mails_per_hour).unwrap();
    assert!((1..=most).contains(&later), "{later}");
    assert_eq!(victims(&world).1, 1);
}
