//! Protection against bots: the minimum time to fill in the form, proof of work by ALTCHA's protocol, and the waiting
//! time without JavaScript.

use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use data_encoding::{BASE64, HEXLOWER};
use jiff::SignedDuration;
use reqwest::Response;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use xabar::config::{ProofOfWork, SignupLimits};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

pub async fn world(db: &TestDb, adapt: impl FnOnce(&mut SignupLimits)) -> World {
    World::with(db, Options::default(), |settings| {
        adapt(&mut settings.signup);
    })
    .await
}

async fn challenge(world: &World) -> Challenge {
    let answer = world.http.get(world.url("/api/v1/challenge")).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.json().await.unwrap()
}

/// Solves a challenge as the widget does, and packs the solution as it does.
fn solved(challenge: Challenge) -> String {
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge));
    let solution = solution.unwrap().expect("a solution");
    let payload = Payload {
        challenge,
        solution,
    };
    BASE64.encode(&serde_json::to_vec(&payload).unwrap())
}

pub async fn proof(world: &World) -> String {
    solved(challenge(world).await)
}

async fn call(world: &World, email: &str, proof: &str) -> (u16, Value) {
    let call = world.http.post(world.url("/api/v1/subscriptions"));
    let answer = call.json(&json!({ "email": email, "altcha": proof }));
    let answer = answer.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn form(world: &World, email: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("email", email),
        ("lang", "en"),
        ("countries", "kz"),
        ("consent", "yes"),
    ];
    fields.extend(more);
    let answer = world.submit("/subscribe", &fields).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

const TAKEN_IN: &str = "Check your inbox";

/// The value of a hidden field.
pub fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let begin = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&begin)
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split_once('"').unwrap().0
}

fn policy(answer: &Response) -> &str {
    answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
}

on_both_databases!(
    a_solved_challenge_is_good_for_one_sign_up,
    what_is_no_solution_of_ours_is_refused,
    one_solution_sent_many_times_at_once_vouches_at_most_once,
    an_attack_asks_the_form_for_more_and_the_api_for_nothing,
    a_domain_that_has_had_its_mails_asks_for_more,
    who_has_no_javascript_waits_instead,
    a_form_that_comes_back_at_once_is_shown_once_more,
);

async fn a_solved_challenge_is_good_for_one_sign_up(db: TestDb) {
    let world = world(&db, |limits| limits.proof_of_work = ProofOfWork::Always).await;
    let without = world.sign_up("a@example.org").await;
    assert_eq!(without.status(), 422);
    let problem: Value = without.json().await.unwrap();
    assert_eq!(problem["errors"][0]["field"], "altcha", "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("/api/v1/challenge"),
        "{problem}"
    );

    let proof = proof(&world).await;
    assert_eq!(call(&world, "a@example.org", &proof).await.0, 202);
    let (status, problem) = call(&world, "b@example.org", &proof).await;
    assert_eq!(status, 422);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("has been used"),
        "{problem}"
    );
    assert_eq!(world.state("a@example.org").await, "pending");
    assert_eq!(world.state("b@example.org").await, "none");
}

async fn what_is_no_solution_of_ours_is_refused(db: TestDb) {
    let world = world(&db, |limits| limits.proof_of_work = ProofOfWork::Always).await;
    let mut forged = challenge(&world).await;
    forged.parameters.key_prefix = String::new();
    let mut longer = challenge(&world).await;
    longer
        .parameters
        .data
        .as_mut()
        .unwrap()
        .insert("expires".to_owned(), 99_999_999_999_i64.into());
    let mut guessed: Payload = {
        let packed = BASE64.decode(proof(&world).await.as_bytes()).unwrap();
        serde_json::from_slice(&packed).unwrap()
    };
    guessed.solution.counter ^= 1;
    let guessed = BASE64.encode(&serde_json::to_vec(&guessed).unwrap());
    for wrong in ["x", "e30=", "", &solved(forged), &solved(longer), &guessed] {
        let (status, problem) = call(&world, "a@example.org", wrong).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!("altcha")),
            "{wrong}: {problem}"
        );
    }
    let late = proof(&world).await;
    world.pass(11);
    let (status, problem) = call(&world, "a@example.org", &late).await;
    assert_eq!(status, 422);
    assert!(
        problem["detail"].as_str().unwrap().contains("too late"),
        "{problem}"
    );
    assert_eq!(world.state("a@example.org").await, "none");
}

async fn one_solution_sent_many_times_at_once_vouches_at_most_once(db: TestDb) {
    let world = world(&db, |limits| {
        limits.attack_signups_per_hour = 1;
        limits.attack_mails_per_hour = 1;
    })
    .await;
    world.sign_up("first@example.org").await;
    let proof = proof(&world).await;
    let emails: Vec<String> = (0..20).map(|n| format!("a{n}@example.org")).collect();
    futures_util::future::join_all(emails.iter().map(|email| call(&world, email, &proof))).await;
    world.work().await;
    let sent = world.smtp.messages().len();
    assert!((1..=2).contains(&sent), "{sent}");
}

async fn an_attack_asks_the_form_for_more_and_the_api_for_nothing(db: TestDb) {
    let world = world(&db, |limits| limits.attack_signups_per_hour = 3).await;
    let easy = challenge(&world).await.parameters.cost;
    let page = world
        .http
        .get(world.url("/subscribe"))
        .send()
        .await
        .unwrap();
    assert!(!policy(&page).contains("script-src"));
    assert!(!page.text().await.unwrap().contains("altcha"));
    for n in 0..3 {
        assert_eq!(
            world.sign_up(&format!("a{n}@example.org")).await.status(),
            202
        );
    }
    assert!(challenge(&world).await.parameters.cost > easy);
    let page = world
        .http
        .get(world.url("/subscribe"))
        .send()
        .await
        .unwrap();
    for word in [
        "script-src 'self'",
        "worker-src 'self'",
        "connect-src 'self'",
    ] {
        assert!(policy(&page).contains(word), "{}", policy(&page));
    }
    assert!(page.text().await.unwrap().contains("<altcha-widget"));
    let again = form(&world, "b@example.org", &[]).await;
    assert!(!again.contains(TAKEN_IN));
    assert!(
        again.contains("value=\"b@example.org\"") && again.matches(" checked").count() == 3,
        "{again}"
    );
    let proof = proof(&world).await;
    assert!(
        form(&world, "b@example.org", &[("altcha", &proof)])
            .await
            .contains(TAKEN_IN)
    );
    let replayed = form(&world, "c@example.org", &[("altcha", &proof)]).await;
    assert!(!replayed.contains(TAKEN_IN));
    world.work().await;
    assert_eq!(world.mails_to("b@example.org").len(), 1);
    assert_eq!(world.state("c@example.org").await, "none");
}

async fn a_domain_that_has_had_its_mails_asks_for_more(db: TestDb) {
    let world = world(&db, |limits| limits.mails_per_domain_per_hour = 2).await;
    for n in 0..3 {
        assert_eq!(
            world.sign_up(&format!("a{n}@example.org")).await.status(),
            202
        );
    }
    assert!(form(&world, "b@example.com", &[]).await.contains(TAKEN_IN));
    assert!(!form(&world, "b@example.org", &[]).await.contains(TAKEN_IN));
    let proof = proof(&world).await;
    assert!(
        form(&world, "b@example.org", &[("altcha", &proof)])
            .await
            .contains(TAKEN_IN)
    );
    world.work().await;
    assert_eq!(world.mails_to("b@example.org").len(), 1);
}

async fn who_has_no_javascript_waits_instead(db: TestDb) {
    let world = world(&db, |limits| {
        limits.attack_signups_per_hour = 1;
        limits.attack_mails_per_hour = 1;
        limits.slow_seconds = 30;
        limits.slow_per_hour = 2;
    })
    .await;
    world.sign_up("first@example.org").await;
    let seconds = |seconds| world.clock.advance(SignedDuration::from_secs(seconds));
    for email in ["a@example.org", "b@example.org"] {
        let page = form(&world, email, &[]).await;
        assert!(page.contains("30 seconds"), "{page}");
        let wait = hidden(&page, "wait").to_owned();
        seconds(20);
        let page = form(&world, email, &[("wait", &wait)]).await;
        assert!(page.contains("10 seconds"), "{page}");
        assert_eq!(hidden(&page, "wait"), wait, "the wait goes on");
        seconds(10);
        let other = form(&world, "somebody@example.org", &[("wait", &wait)]).await;
        assert!(!other.contains(TAKEN_IN), "it is tied to the address");
        assert!(
            form(&world, email, &[("wait", &wait)])
                .await
                .contains(TAKEN_IN)
        );
    }
    world.work().await;
    assert_eq!(world.mails_to("a@example.org").len(), 1);
    assert_eq!(world.mails_to("b@example.org").len(), 1);
    let wait = hidden(&form(&world, "c@example.org", &[]).await, "wait").to_owned();
    seconds(31);
    let fields = [
        ("email", "c@example.org"),
        ("consent", "yes"),
        ("wait", &wait),
    ];
    assert_eq!(
        world.submit("/subscribe", &fields).await.status(),
        429,
        "two an hour"
    );
}

async fn a_form_that_comes_back_at_once_is_shown_once_more(db: TestDb) {
    let world = world(&db, |limits| {
        limits.min_fill_seconds = 3;
        limits.max_fill_hours = 24;
    })
    .await;
    let get = || async {
        let page = world
            .http
            .get(world.url("/subscribe"))
            .send()
            .await
            .unwrap();
        hidden(&page.text().await.unwrap(), "stamp").to_owned()
    };
    let quick = get().await;
    let page = form(&world, "a@example.org", &[("stamp", &quick)]).await;
    assert!(!page.contains(TAKEN_IN));
    assert!(
        page.contains("value=\"a@example.org\"") && page.matches(" checked").count() == 3,
        "nothing is lost: {page}"
    );
    assert_eq!(world.state("a@example.org").await, "none");
    world.clock.advance(SignedDuration::from_secs(3));
    let stamp = hidden(&page, "stamp");
    assert!(
        form(&world, "a@example.org", &[("stamp", stamp)])
            .await
            .contains(TAKEN_IN)
    );

    let old = get().await;
    world.pass(24 * 60 + 1);
    for stale in [old.as_str(), "made-up"] {
        let page = form(&world, "b@example.org", &[("stamp", stale)]).await;
        assert!(!page.contains(TAKEN_IN));
        let fresh = hidden(&page, "stamp").to_owned();
        world.clock.advance(SignedDuration::from_secs(3));
        assert!(
            form(&world, "b@example.org", &[("stamp", &fresh)])
                .await
                .contains(TAKEN_IN)
        );
    }
    // Another site's form has none.
    assert!(form(&world, "c@example.org", &[]).await.contains(TAKEN_IN));
}

#[tokio::test(flavor = "multi_thread")]
async fn domains_that_the_operator_lists_may_not_sign_up() {
    let db = TestDb::sqlite();
    let list = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(list.path(), "trash.example\n").unwrap();
    let file = list.path().to_owned();
    let world = world(&db, |limits| limits.disposable_domains = file).await;
    let (status, problem) = {
        let answer = world.sign_up("a@x.trash.example").await;
        (answer.status(), answer.json::<Value>().await.unwrap())
    };
    assert_eq!(status, 422);
    assert_eq!(problem["errors"][0]["field"], "email", "{problem}");
    let fields = [
        ("email", "a@trash.example"),
        ("lang", "en"),
        ("consent", "yes"),
    ];
    let page = world.submit("/subscribe", &fields).await;
    assert_eq!(page.status(), 422);
    assert!(page.text().await.unwrap().contains("aren’t accepted here"));
    assert_eq!(world.sign_up("a@example.org").await.status(), 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_is_the_published_one() {
    let db = TestDb::sqlite();
    let world = world(&db, |_| {}).await;
    // What npm gave for altcha@3.2.2.
    for (path, sum) in [
        (
            "/static/altcha.js",
            "959494398e8fcde3414d09309ade24b444ede098b04dec1514f4754279bff031",
        ),
        (
            "/static/altcha-worker.js",
            "7862add9c9d3d847ded3da928edcf406b46478754b9883351111414825b9c86f",
        ),
    ] {
        let answer = world.http.get(world.url(path)).send().await.unwrap();
        assert_eq!(
            answer.headers()["content-type"],
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            HEXLOWER.encode(&Sha256::digest(answer.bytes().await.unwrap())),
            sum,
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_with_all_that_it_loads_is_small() {
    let db = TestDb::sqlite();
    let world = world(&db, |limits| limits.proof_of_work = ProofOfWork::Always).await;
    let mut octets = 0;
    for path in [
        "/subscribe",
        "/static/site.css",
        "/static/mark.svg",
        "/static/proof.js",
        "/static/altcha.js",
        "/static/altcha-worker.js",
        "/api/v1/challenge",
    ] {
        let request = world.http.get(world.url(path));
        let answer = request
            .header("Accept-Encoding", "gzip")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        octets += answer.bytes().await.unwrap().len();
    }
    assert!((30_000..60_000).contains(&octets), "{octets}");
}
