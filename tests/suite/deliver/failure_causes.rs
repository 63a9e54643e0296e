//! Causes of failed deliveries: everybody may read the counts, and only owners the relay's words.

use jiff::SignedDuration;
use serde_json::Value;
use xabar::domain::{Counts, Role};
use xabar::{accounts, store};

use crate::deliver::issue_id;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    the_causes_are_counted_and_only_owners_read_the_words,
    who_bounced_is_due_again,
    answers_of_different_kinds_are_counted_apart,
);

async fn read(world: &World, path: &str, role: Role) -> Value {
    let token = accounts::add_token(&world.service, "reads", role).await;
    let request = world.http.get(world.url(path)).bearer_auth(token.unwrap());
    request.send().await.unwrap().json().await.unwrap()
}

async fn the_causes_are_counted_and_only_owners_read_the_words(db: TestDb) {
    let world = World::start(&db).await;
    let readers = [
        "ok@example.org",
        "gone1@example.org",
        "gone2@example.org",
        "full@example.org",
    ];
    world.readers(&readers).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 deferred=1 bounced=2");
    let path = format!("/api/v1/issues/{id}");
    let shown = read(&world, &path, Role::Owner).await;
    let causes = shown["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 2, "{causes:?}");
    assert_eq!(
        (
            &causes[0]["state"],
            &causes[0]["deliveries"],
            &causes[0]["code"]
        ),
        (&"bounced".into(), &2.into(), &550.into())
    );
    assert_eq!(causes[0]["status"], "5.1.1");
    assert_eq!(causes[1]["state"], "deferred");
    let words = causes[0]["sample"].as_str().unwrap();
    assert!(words.len() > "5.1.1 ".len(), "{words}");
    for role in [Role::Viewer, Role::Editor] {
        let shown = read(&world, &path, role).await;
        assert_eq!(shown["causes"][0]["deliveries"], 2);
        assert_eq!(shown["causes"][0]["status"], "5.1.1");
        assert_eq!(shown["causes"][0].get("sample"), None, "{role}");
        let ledger = read(&world, &format!("{path}/deliveries?state=bounced"), role).await;
        assert_eq!(ledger["items"][0]["reply"]["text"], "5.1.1", "{role}");
    }
    let ledger = read(
        &world,
        &format!("{path}/deliveries?state=bounced"),
        Role::Owner,
    )
    .await;
    let text = ledger["items"][0]["reply"]["text"].as_str().unwrap();
    assert!(
        text.starts_with(words.get(..6).unwrap()) && text.len() > 6,
        "{text}"
    );
}

async fn who_bounced_is_due_again(db: TestDb) {
    let world = World::start(&db).await;
    let readers = ["ok@example.org", "gone1@example.org", "gone2@example.org"];
    world.readers(&readers).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 bounced=2");
    let (issue, now) = (issue_id(&id), world.clock.now());
    let mut tx = world.service.store.write().await.unwrap();
    let failed = store::delivery::requeue_failed(&mut tx, issue, 550, now).await;
    assert_eq!(failed.unwrap(), 0);
    let later = now + SignedDuration::from_secs(1);
    for (since, expected) in [(later, 0), (now, 2), (now, 0)] {
        let back = store::delivery::requeue_bounced(&mut tx, issue, since, now).await;
        assert_eq!(back.unwrap(), expected, "{since}");
    }
    let delta = Counts {
        bounced: -2,
        deferred: 2,
        ..Counts::default()
    };
    store::issue::progress::add_counts(&mut tx, issue, delta)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.counts(&id).await, "sent=1 deferred=2");
    let waiting = "SELECT COUNT(*) FROM delivery \
                   WHERE state = 'deferred' AND due_at IS NOT NULL AND ended_at IS NULL";
    assert_eq!(db.number(waiting).await, 2);
}

async fn answers_of_different_kinds_are_counted_apart(db: TestDb) {
    let world = World::start(&db).await;
    let readers = crate::deliver::throttles::names(0..8, "reader", "example.org");
    let id = world.sending_to(std::slice::from_ref(&readers)).await;
    world.work().await;
    let said = [
        (550, "5.1.1 <a@x> no such user"),
        (550, "5.1.1 <b@x> nobody"),
        (550, "5.1.10 null MX"),
        (550, "#5.1.1 gone"),
        (550, "sorry, no mailbox (#5.1.1)"),
        (550, "sorry, not allowed (#5.7.1)"),
        (0, "the relay said nothing in time"),
        (0, "the relay closed the connection"),
    ];
    for (at, (code, text)) in said.iter().enumerate() {
        let ended = format!(
            "UPDATE delivery SET state = 'bounced', reply_code = {code}, reply_text = '{text}' \
             WHERE subscription_id = (SELECT MIN(id) + {at} FROM subscription)"
        );
        db.execute(&ended).await.unwrap();
    }
    let mut read = world.service.store.read().await.unwrap();
    let causes = store::delivery::causes::causes(&mut read, issue_id(&id), 20).await;
    let kinds = causes.unwrap().into_iter().map(|cause| {
        let reply = cause.sample.unwrap();
        let kind = reply.status_text().unwrap_or(reply.text);
        (kind, cause.deliveries)
    });
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort();
    let expected = [
        ("5.1.1", 4),
        ("5.1.10", 1),
        ("5.7.1", 1),
        ("the relay closed the connection", 1),
        ("the relay said nothing in time", 1),
    ];
    assert_eq!(
        kinds,
        expected.map(|(kind, count)| (kind.to_owned(), count))
    );
}
