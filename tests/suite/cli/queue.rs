//! What waits, who holds it, and how an operator hurries it: `queue`, `workers`, `outbox`, `throttle`.

use serde_json::Value;

use super::{csv_of, draft};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(
    what_waits_and_who_holds_it_is_listed,
    a_mail_that_was_given_up_is_sent_again,
    a_throttle_is_lifted_and_its_quota_stays,
    relays_are_listed_without_passwords,
);

/// Year 2100, in microseconds.
const FAR_AHEAD: i64 = 4_102_444_800_000_000;

async fn with_readers(db: &TestDb) -> Installation {
    let installation = Installation::new(&db.url);
    let readers = csv_of(&["a@example.org", "b@example.org", "c@example.org"]);
    installation.write("readers.csv", readers);
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    installation
}

async fn what_waits_and_who_holds_it_is_listed(db: TestDb) {
    let installation = with_readers(&db).await;
    assert_eq!(installation.ok(&["queue"]).await, "nothing waits\n");
    let none = "no worker runs: start `xabar serve`, or `xabar serve --role worker`\n";
    assert_eq!(installation.ok(&["workers"]).await, none);
    let issue = draft(&installation, "Sommet").await;
    installation.ok(&["issue", "send", &issue]).await;
    let queue = installation.json(&["queue"]).await;
    let all = queue.as_array().unwrap();
    assert_eq!(all.len(), 1, "{queue:#}");
    let [of, name, state] = ["issue", "name", "issue_state"].map(|key| all[0][key].as_str());
    assert_eq!(
        (of, name, state),
        (Some(issue.as_str()), Some("asie-centrale"), Some("sending"))
    );
    let figures = |value: &Value| ["waiting", "due", "leased"].map(|key| value[key].as_i64());
    assert_eq!(figures(&all[0]), [Some(3), Some(3), Some(0)], "{queue:#}");

    let lease = "00000000-0000-7000-8000-000000000001";
    let value = match db.url.starts_with("postgres") {
        true => format!("'{lease}'"),
        false => format!("X'{}'", lease.replace('-', "")),
    };
    db.execute(&format!(
        "UPDATE delivery_range SET lease_id = {value}, due_at = {FAR_AHEAD}, revision = 1"
    ))
    .await
    .unwrap();
    let queue = installation.json(&["queue"]).await;
    assert_eq!(figures(&queue[0]), [Some(3), Some(0), Some(3)], "{queue:#}");
    let held = installation.json(&["workers"]).await;
    assert_eq!(held["other_leases"][0]["amount"].as_i64(), Some(3));

    db.execute("UPDATE delivery_range SET lease_id = NULL, due_at = 1, revision = NULL")
        .await
        .unwrap();
    let last = "SELECT MAX(subscription_id) FROM untried_delivery";
    let last = db.number(last).await;
    let members = match db.url.starts_with("sqlite:") {
        true => format!("'[{last}]'"),
        false => format!("ARRAY[{last}]::BIGINT[]"),
    };
    let claim_two = format!(
        "INSERT INTO delivery (issue_id, subscription_id, state, attempts, lease_id, due_at)
         SELECT issue_id, subscription_id, 'queued', 0, {value}, {FAR_AHEAD}
         FROM untried_delivery WHERE subscription_id < {last}"
    );
    let leave_one = format!("UPDATE delivery_range SET members = {members}");
    for statement in [claim_two, leave_one] {
        db.execute(&statement).await.unwrap();
    }
    let queue = installation.json(&["queue"]).await;
    assert_eq!(figures(&queue[0]), [Some(3), Some(1), Some(2)], "{queue:#}");
    let held = installation.json(&["workers"]).await;
    assert_eq!(held["workers"], Value::Array(Vec::new()), "{held:#}");
    let others = held["other_leases"].as_array().unwrap();
    assert_eq!(others.len(), 1, "{held:#}");
    assert_eq!(
        (others[0]["lease"].as_str(), others[0]["amount"].as_i64()),
        (Some(lease), Some(2))
    );
    let said = installation.ok(&["workers"]).await;
    let deliveries = format!("\t2 deliveries of issue {issue}\theld, until 2100-01-01T");
    assert!(said.contains(&deliveries), "{said}");
    db.execute("UPDATE delivery SET due_at = 1 WHERE lease_id IS NOT NULL")
        .await
        .unwrap();
    let said = installation.ok(&["workers"]).await;
    assert!(said.contains("\tleft behind, until 1970-"), "{said}");
    installation.ok(&["issue", "pause", &issue]).await;
    let said = installation.ok(&["queue"]).await;
    assert!(
        said.contains("(paused)\tqueued\t3 wait, 1 due, 2 leased"),
        "{said}"
    );
}

async fn a_mail_that_was_given_up_is_sent_again(db: TestDb) {
    let installation = with_readers(&db).await;
    assert_eq!(installation.ok(&["outbox", "list"]).await, "");
    let erase = ["subscriber", "erase", "a@example.org", "--yes"];
    installation.ok(&erase).await;
    let listed = installation.json(&["outbox", "list"]).await;
    let text = installation.ok(&["outbox", "list"]).await;
    assert!(
        !format!("{listed}{text}").contains("@example.org"),
        "{listed}"
    );
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["first_due_at"], listed[0]["due_at"]);
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(
        (&listed[0]["kind"], &listed[0]["state"]),
        (&"erased".into(), &"queued".into())
    );

    let given_up = "UPDATE outbox SET state = 'failed', due_at = NULL, ended_at = 1, attempts = 7, reply_code = 451";
    db.execute(given_up).await.unwrap();
    // Its address is deleted, so it would go to somebody else or to nobody.
    let said = installation.refused(&["outbox", "retry", id]).await;
    assert!(said.contains("nothing was done"), "{said}");
    db.execute("UPDATE outbox SET kind = 'welcome'")
        .await
        .unwrap();
    let said = installation.ok(&["outbox", "list"]).await;
    assert!(
        said.contains("\twelcome\tfailed\t7 attempts\treply 451\tended 1970-"),
        "{said}"
    );
    // All or none.
    let unknown = "00000000-0000-7000-8000-000000000001";
    installation
        .refused(&["outbox", "retry", id, unknown])
        .await;
    assert_eq!(
        installation.json(&["outbox", "list"]).await[0]["state"],
        "failed"
    );
    installation.ok(&["outbox", "retry", id]).await;
    let listed = installation.json(&["outbox", "list"]).await;
    let one = &listed[0];
    assert_eq!(
        (&one["state"], &one["attempts"], &one["ended_at"]),
        (&"queued".into(), &0.into(), &Value::Null)
    );
    assert_eq!(installation.json(&["queue"]).await[0]["due"], 1);

    let later = format!("UPDATE outbox SET state = 'deferred', due_at = {FAR_AHEAD}");
    db.execute(&later).await.unwrap();
    assert_eq!(installation.json(&["queue"]).await[0]["due"], 0);
    installation.ok(&["outbox", "retry", id]).await;
    assert_eq!(installation.json(&["queue"]).await[0]["due"], 1);
    let logged = db
        .number("SELECT COUNT(*) FROM audit_event WHERE action = 'mail-retried'")
        .await;
    assert_eq!(logged, 2);
}

async fn a_throttle_is_lifted_and_its_quota_stays(db: TestDb) {
    let installation = Installation::new(&db.url);
    assert_eq!(installation.ok(&["throttle", "list"]).await, "");
    db.execute(
        "INSERT INTO throttle (scope, name, credit, filled_at, slow_rate, slowed_at, slow_used, window_at, used) \
         VALUES ('provider', 'gmx', 0, 0, 500000, 1000000, 0, 1000000, 30)",
    )
    .await
    .unwrap();
    let said = installation.ok(&["throttle", "list"]).await;
    assert_eq!(
        said,
        "provider\tgmx\tslowed to 0.5 a second at 1970-01-01T00:00:01Z\t30 of its quota since 1970-01-01T00:00:01Z\n"
    );
    let said = installation
        .refused(&["throttle", "reset", "relay", "gmx"])
        .await;
    assert!(said.contains("`xabar throttle list`"), "{said}");
    installation
        .ok(&["throttle", "reset", "provider", "gmx"])
        .await;
    let listed = installation.json(&["throttle", "list"]).await;
    assert_eq!(
        (&listed[0]["slowed_to_per_second"], &listed[0]["quota_used"]),
        (&Value::Null, &30.into()),
        "{listed:#}"
    );
    let logged = db
        .number("SELECT COUNT(*) FROM audit_event WHERE action = 'throttle-reset'")
        .await;
    assert_eq!(logged, 1);
}

async fn relays_are_listed_without_passwords(db: TestDb) {
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", "smtps://me:topsecret@relay.example.org")
        .with("RELAYS__SECOND__URL", "smtp://127.0.0.1:2525")
        .with("RELAYS__SECOND__WEIGHT", "3");
    installation.ok(&["migrate"]).await;
    db.execute(
        "INSERT INTO throttle (scope, name, credit, filled_at, slow_rate, slowed_at, slow_used, used) \
         VALUES ('relay', 'second', 0, 0, 2000000, 1000000, 0, 0)",
    )
    .await
    .unwrap();
    let said = installation.ok(&["relay", "list"]).await;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "main\tsmtps://relay.example.org\tweight 1, 5 connections\tnot slowed down",
            "second\tsmtp://127.0.0.1:2525\tweight 3, 5 connections\tslowed to 2 a second at 1970-01-01T00:00:01Z"
        ]
    );
    let listed = installation.json(&["relay", "list"]).await;
    assert_eq!(listed[1]["slowed_to_per_second"], 2.0, "{listed:#}");
    assert!(!listed.to_string().contains("topsecret"));
}
