//! Monthly summaries, made from the issues of a month.

mod frequency;

use serde_json::{Value, json};
use xabar::domain::Purpose;
use xabar::publish;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const DAY: i64 = 24 * 60;

/// Signs up for the summary, and confirms.
async fn join_monthly(world: &World, email: &str, countries: &[&str]) {
    let body = json!({ "email": email, "frequency": "monthly", "countries": countries });
    let request = world.http.post(world.url("/api/v1/subscriptions"));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 202);
    world.work().await;
    let confirm = world.link(email, Purpose::Confirm).await;
    assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    world.work().await;
}

async fn send(world: &World, subject: &str, items: Value) -> String {
    let body = json!({ "newsletter": "asie-centrale", "subject": subject, "intro": "Bonjour",
        "parts": [{ "kind": "articles", "items": items }, { "kind": "agenda", "items": [{ "title": "Un concert" }] }] });
    let id = world.publish(&body).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world.work().await;
    id
}

fn article(title: &str, country: &str) -> Value {
    let url = format!("https://example.org/{title}");
    json!({ "title": title, "url": url, "countries": [country] })
}

pub async fn issues(world: &World) -> Vec<Value> {
    let page: Value = world
        .get("/api/v1/issues")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    page["items"].as_array().unwrap().clone()
}

async fn summaries(world: &World) -> Vec<Value> {
    let all = issues(world).await.into_iter();
    all.filter(|issue| !issue["month"].is_null()).collect()
}

pub async fn first_summary(world: &World) -> String {
    summaries(world).await[0]["id"].as_str().unwrap().to_owned()
}

/// The world starts on Monday, 23 November 2026, at 8 in Paris.
pub async fn november(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.join("each@example.org").await;
    join_monthly(&world, "month@example.org", &["kg"]).await;
    send(
        &world,
        "Premier",
        json!([article("Bichkek", "kg"), article("Tachkent", "uz")]),
    )
    .await;
    world.pass(2 * DAY);
    send(
        &world,
        "Deuxième",
        json!([article("Tachkent", "uz"), article("Och", "kg")]),
    )
    .await;
    world
}

on_both_databases!(
    who_wants_the_summary_gets_it_and_nothing_else,
    a_summary_can_be_changed_and_stopped_before_it_goes_out,
    what_was_corrected_or_cancelled_meanwhile_is_so_in_the_summary,
    what_was_hidden_meanwhile_is_not_in_the_summary,
    a_summary_can_be_sent_at_another_time_and_what_editors_wrote_stays,
    issues_of_free_text_come_by_their_names,
    a_service_that_was_down_makes_it_later_and_leaves_time_to_look,
    nothing_is_made_that_nobody_reads_or_of_nothing_or_of_long_ago,
    two_workers_make_one,
);

async fn who_wants_the_summary_gets_it_and_nothing_else(db: TestDb) {
    let world = november(&db).await;
    let last = issues(&world).await.remove(0);
    assert_eq!(
        (&last["candidates"], &last["excluded"]),
        (&json!(2), &json!({ "monthly": 1 }))
    );
    assert_eq!(
        world.mails_to("month@example.org").len(),
        2,
        "the confirmation and the welcome"
    );
    // Tuesday, 1 December, at 0:00 in Paris: the month is over.
    world.pass(5 * DAY + 16 * 60 - 1);
    world.work().await;
    assert_eq!(summaries(&world).await, Vec::<Value>::new());
    world.pass(1);
    world.work().await;
    world.work().await;
    let [made] = summaries(&world).await.try_into().unwrap();
    assert_eq!(
        (&made["month"], &made["slug"], &made["status"]),
        (&json!("2026-11"), &json!("2026-11"), &json!("scheduled"))
    );
    assert_eq!(made["scheduled_at"], "2026-12-02T07:00:00Z");
    // Its editors have it to look at.
    let copies = world.mails_to("redaction@example.org");
    assert_eq!(copies.len(), 1);
    assert!(copies[0].text.contains("Och"), "{}", copies[0].text);
    let subject = copies[0].header("Subject").unwrap();
    assert!(
        subject.starts_with("Envoi le mercredi 2 décembre 2026"),
        "{subject}"
    );
    assert_eq!(world.mails_to("month@example.org").len(), 2);

    world.pass(DAY + 8 * 60);
    world.work().await;
    let [sent] = summaries(&world).await.try_into().unwrap();
    assert_eq!(
        (&sent["status"], &sent["candidates"], &sent["excluded"]),
        (&json!("sent"), &json!(2), &json!({ "each": 1 }))
    );
    let mail = world.mails_to("month@example.org").pop().unwrap();
    assert_eq!(
        mail.header("Subject").unwrap(),
        "Asie centrale, novembre 2026\u{a0}: l’essentiel du mois"
    );
    for (word, times) in [
        ("Bichkek <", 1),
        ("Och <", 1),
        ("Tachkent <", 1),
        ("concert", 0),
        ("Bonjour", 0),
    ] {
        assert_eq!(
            mail.text.matches(word).count(),
            times,
            "{word}: {}",
            mail.text
        );
    }
    // What is followed comes first and in full.
    let folded = mail.text.find("Également dans ce numéro").unwrap();
    assert!(
        mail.text.find("Och <").unwrap() < folded && mail.text.find("Tachkent <").unwrap() > folded
    );
    assert_eq!(
        world.mails_to("each@example.org").len(),
        4,
        "the two issues"
    );
    // It has a page, and is nowhere in the archive.
    let page = world
        .http
        .get(link_in(&mail.text, "/archive/"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("name=\"robots\" content=\"noindex\"")
    );
    for path in [
        "/archive/asie-centrale",
        "/archive/asie-centrale/feed.xml",
        "/sitemap.xml",
        "/search?q=och",
    ] {
        let list = world.http.get(world.url(path)).send().await.unwrap();
        assert_eq!(list.status(), 200, "{path}");
        let list = list.text().await.unwrap();
        assert!(list.contains("/2026-11-25-deuxieme"), "{path}: {list}");
        assert!(
            !list.contains("/2026-11\"") && !list.contains("/2026-11<"),
            "{path}: {list}"
        );
    }
    // And the next month has nothing to sum up.
    world.pass(40 * DAY);
    world.work().await;
    assert_eq!(summaries(&world).await.len(), 1);
}

async fn a_summary_can_be_changed_and_stopped_before_it_goes_out(db: TestDb) {
    let world = november(&db).await;
    world.pass(6 * DAY);
    world.work().await;
    let id = first_summary(&world).await;
    let patch = json!({ "intro": "Une relecture" });
    let answer = world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&patch)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let preview = format!("/api/v1/issues/{id}/preview?format=text");
    assert!(
        world
            .get(&preview)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains("Une relecture")
    );
    let variants: Value = world
        .get(&format!("/api/v1/issues/{id}/variants"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        variants["variants"],
        json!([{ "countries": ["kg"], "readers": 1, "named_only": 1,
            "html_bytes": variants["variants"][0]["html_bytes"], "clipped": false }])
    );
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    world.pass(2 * DAY);
    world.work().await;
    let [cancelled] = summaries(&world).await.try_into().unwrap();
    assert_eq!(cancelled["status"], "cancelled", "and no other is made");
    assert_eq!(world.mails_to("month@example.org").len(), 2);
}

async fn what_was_corrected_or_cancelled_meanwhile_is_so_in_the_summary(db: TestDb) {
    let world = november(&db).await;
    let wrong = world.draft("Une erreur").await;
    let kept = send(&world, "Troisième", json!([article("Almaty", "kz")])).await;
    assert_eq!(world.act(&wrong, "send").await.0, 202);
    assert_eq!(world.act(&wrong, "pause").await.0, 200);
    world.pass(6 * DAY);
    world.work().await;
    let made = summaries(&world).await.remove(0);
    let made = world.issue(made["id"].as_str().unwrap()).await;
    assert!(made.to_string().contains("Le sommet") && made.to_string().contains("Almaty"));
    assert_eq!(world.act(&wrong, "cancel").await.0, 200);
    world.pass(2 * DAY);
    world.work().await;
    let text = world.mails_to("month@example.org").pop().unwrap().text;
    assert!(
        !text.contains("Le sommet") && text.contains("Almaty"),
        "{text}"
    );
    assert_eq!(world.issue(&kept).await["status"], "sent");
}

async fn what_was_hidden_meanwhile_is_not_in_the_summary(db: TestDb) {
    let world = november(&db).await;
    let wrong = send(&world, "Une erreur", json!([article("Almaty", "kz")])).await;
    world.pass(6 * DAY);
    world.work().await;
    let made = world.issue(&first_summary(&world).await).await;
    assert!(made.to_string().contains("Almaty"), "{made}");
    assert_eq!(world.act(&wrong, "hide").await.0, 200);
    world.pass(2 * DAY);
    world.work().await;
    let text = world.mails_to("month@example.org").pop().unwrap().text;
    assert!(text.contains("Och") && !text.contains("Almaty"), "{text}");
}

async fn a_summary_can_be_sent_at_another_time_and_what_editors_wrote_stays(db: TestDb) {
    let world = november(&db).await;
    world.pass(6 * DAY);
    world.work().await;
    let id = first_summary(&world).await;
    let patch = json!({ "subject": "Novembre relu" });
    world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&patch)
        .send()
        .await
        .unwrap();
    let at = json!({ "at": "2026-12-05T10:00" });
    let answer = world
        .post(&format!("/api/v1/issues/{id}/send"))
        .json(&at)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 202);
    assert_eq!(
        world.issue(&id).await["scheduled_at"],
        "2026-12-05T09:00:00Z"
    );
    for _ in 0..2 {
        assert_eq!(world.act(&id, "send").await.0, 202);
    }
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1");
    let mails = world.mails_to("month@example.org");
    assert_eq!(
        (mails.len(), mails[2].header("Subject")),
        (3, Some("Novembre relu"))
    );
}

async fn issues_of_free_text_come_by_their_names(db: TestDb) {
    let world = World::start(&db).await;
    join_monthly(&world, "month@example.org", &[]).await;
    let body = json!({ "newsletter": "asie-centrale", "subject": "Un essai", "parts": [{ "kind": "text", "body": "Long." }] });
    world.publish(&body).await;
    world.pass(10 * DAY);
    world.work().await;
    world.pass(2 * DAY);
    world.work().await;
    let text = world.mails_to("month@example.org").pop().unwrap().text;
    assert!(
        text.contains("Un essai <http")
            && text.contains("/archive/asie-centrale/2026-11-23-un-essai"),
        "{text}"
    );
}

async fn a_service_that_was_down_makes_it_later_and_leaves_time_to_look(db: TestDb) {
    let world = november(&db).await;
    world.pass(9 * DAY);
    world.work().await;
    let [made] = summaries(&world).await.try_into().unwrap();
    let (now, day) = (world.clock.now(), jiff::SignedDuration::from_hours(24));
    assert_eq!(made["scheduled_at"], (now + day).to_string());
}

async fn nothing_is_made_that_nobody_reads_or_of_nothing_or_of_long_ago(db: TestDb) {
    let world = World::start(&db).await;
    world.join("each@example.org").await;
    send(&world, "Premier", json!([article("Bichkek", "kg")])).await;
    world.pass(8 * DAY);
    world.work().await;
    assert_eq!(summaries(&world).await.len(), 0, "nobody wants it");
    world.pass(9 * DAY);
    join_monthly(&world, "month@example.org", &[]).await;
    assert_eq!(summaries(&world).await.len(), 0, "November is long over");
    world.pass(25 * DAY);
    world.work().await;
    assert_eq!(
        summaries(&world).await.len(),
        0,
        "nothing was published in December"
    );
}

async fn two_workers_make_one(db: TestDb) {
    let world = november(&db).await;
    world.pass(6 * DAY);
    let both = tokio::join!(
        publish::prepare_summaries(&world.service),
        publish::prepare_summaries(&world.service)
    );
    let made = both.0.unwrap().len() + both.1.unwrap().len();
    assert_eq!((made, summaries(&world).await.len()), (1, 1));
    world.work().await;
    assert_eq!(world.mails_to("redaction@example.org").len(), 1);
}
