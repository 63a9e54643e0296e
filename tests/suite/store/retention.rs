//! Retention: expired data is removed by itself, and nothing else is.

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use xabar::domain::{IssueContent, Language, Purpose, Role};
use xabar::publish::{self, Base, Step};
use xabar::store;
use xabar::worker::retention::{self, Removed};

use crate::deliver::issue_id;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const DAY: i64 = 24 * 60;

async fn forget(world: &World) -> Removed {
    retention::run(&world.service).await.unwrap()
}

/// Everything that is held of people who signed up.
async fn rows_of_people(db: &TestDb) -> i64 {
    db.number(
        "SELECT (SELECT COUNT(*) FROM subscriber) + (SELECT COUNT(*) FROM subscription) \
        + (SELECT COUNT(*) FROM consent_event) + (SELECT COUNT(*) FROM outbox)",
    )
    .await
}

on_both_databases!(
    a_sign_up_that_nobody_confirmed_is_erased_after_a_week,
    who_asked_again_has_a_new_week,
    who_left_and_did_not_confirm_again_has_left_and_the_proof_stays,
    ips_mails_and_ledgers_go_in_their_time_and_totals_stay,
    the_ledger_of_an_issue_that_was_stopped_goes_in_its_time_too,
    a_removed_ledger_gives_its_space_back,
    a_proof_goes_three_years_after_the_end_and_the_chain_holds,
    a_proof_waits_for_an_issue_that_is_still_open,
    many_sign_ups_are_erased_in_steps_and_those_that_come_meanwhile_are_not_lost,
    zero_keeps_for_ever,
    a_part_that_fails_keeps_no_other_from_its_work,
    states_of_an_issue_go_after_its_end_and_what_was_sent_stays,
);

async fn a_sign_up_that_nobody_confirmed_is_erased_after_a_week(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("never@example.org").await;
    world.work().await;
    let link = world.link("never@example.org", Purpose::Confirm).await;
    world.pass(7 * DAY - 1);
    assert_eq!(forget(&world).await.unconfirmed, 0);
    assert_eq!(world.state("never@example.org").await, "pending");

    world.pass(1);
    assert_eq!(forget(&world).await.unconfirmed, 1);
    assert_eq!(
        rows_of_people(&db).await,
        0,
        "nothing of the person is left"
    );
    let page = world.submit(&link, &[]).await;
    assert_eq!(page.status(), 410);
    assert!(
        page.text().await.unwrap().contains("/subscribe"),
        "the way to sign up again"
    );

    world.join("never@example.org").await;
    assert_eq!(world.state("never@example.org").await, "active");
    world.pass(30 * DAY);
    assert_eq!(forget(&world).await.unconfirmed, 0);
    assert_eq!(
        world.state("never@example.org").await,
        "active",
        "who confirmed stays"
    );
}

async fn who_asked_again_has_a_new_week(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("again@example.org").await;
    world.work().await;
    world.pass(6 * DAY);
    world.sign_up("again@example.org").await;
    world.work().await;
    world.pass(6 * DAY);
    assert_eq!(forget(&world).await.unconfirmed, 0);
    let link = world.link("again@example.org", Purpose::Confirm).await;
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    assert_eq!(world.state("again@example.org").await, "active");
}

async fn who_left_and_did_not_confirm_again_has_left_and_the_proof_stays(db: TestDb) {
    let world = World::start(&db).await;
    world.join("back@example.org").await;
    let leave = world.link("back@example.org", Purpose::Unsubscribe).await;
    world.submit(&leave, &[]).await;
    world.pass(DAY);
    world.sign_up("back@example.org").await;
    world.work().await;
    let before = world.consents("back@example.org").await;
    world.pass(8 * DAY);
    assert_eq!(forget(&world).await.unconfirmed, 1);
    assert_eq!(world.state("back@example.org").await, "ended");
    assert_eq!(world.consents("back@example.org").await, before);
}

async fn ips_mails_and_ledgers_go_in_their_time_and_totals_stay(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let issue = world.draft("Lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    let ips = "SELECT COUNT(*) FROM consent_event WHERE ip IS NOT NULL";
    let (mails, lines) = (
        "SELECT COUNT(*) FROM outbox",
        "SELECT COUNT(*) FROM delivery",
    );
    assert_eq!(
        (
            db.number(ips).await,
            db.number(mails).await,
            db.number(lines).await
        ),
        (2, 2, 1)
    );

    world.pass(30 * DAY);
    // The counters by which floods are noticed go after two days, that of the mailbox after 30.
    assert_eq!(
        forget(&world).await,
        Removed {
            ips: 2,
            counters: 4,
            ..Removed::default()
        }
    );
    assert_eq!(db.number(ips).await, 0);
    assert_eq!(
        world.consents("reader@example.org").await,
        ["requested by api", "confirmed by page"]
    );

    let replies = "SELECT COUNT(*) FROM delivery WHERE reply_text IS NOT NULL";
    assert_eq!(db.number(replies).await, 1);
    world.pass(60 * DAY);
    assert_eq!(
        forget(&world).await,
        Removed {
            mails: 2,
            replies: 1,
            ..Removed::default()
        }
    );
    assert_eq!((db.number(mails).await, db.number(replies).await), (0, 0));
    assert_eq!(
        db.number("SELECT COUNT(*) FROM delivery WHERE state = 'sent'")
            .await,
        1,
        "what became of it stays"
    );

    world.pass(275 * DAY);
    assert_eq!(
        forget(&world).await,
        Removed {
            deliveries: 1,
            ..Removed::default()
        }
    );
    assert_eq!(db.number(lines).await, 0);
    assert_eq!(world.counts(&issue).await, "sent=1");
    assert_eq!(forget(&world).await, Removed::default());
}

async fn the_ledger_of_an_issue_that_was_stopped_goes_in_its_time_too(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok@example.org", "defer9@example.org"])
        .await;
    let id = world.draft("Lundi").await;
    world.act(&id, "send").await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 deferred=1");
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    // What the worker held is settled when its lease has ended.
    world.pass(3);
    world.work().await;
    let stopped = world.issue(&id).await;
    assert!(stopped["finished_at"].is_string(), "{stopped}");
    world.pass(365 * DAY);
    let removed = forget(&world).await;
    assert_eq!(removed.deliveries, 2);
    assert_eq!(world.counts(&id).await, "sent=1 skipped=1");
    // One that was stopped before anything went out has no end.
    let id = world.draft("Mardi").await;
    let stopped = world.act(&id, "cancel").await.1;
    assert!(stopped["finished_at"].is_null(), "{stopped}");
}

async fn a_removed_ledger_gives_its_space_back(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let issue = world.draft("Lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    db.execute(
        "INSERT INTO delivery (issue_id, subscription_id, state, attempts)
         WITH RECURSIVE numbers (n) AS (
           SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 31000
         )
         SELECT (SELECT id FROM issue), n, 'sent', 1 FROM numbers",
    )
    .await
    .unwrap();
    let size = match db.url.starts_with("postgres") {
        true => "SELECT pg_relation_size('delivery')",
        false => "SELECT page_count * 4096 FROM pragma_page_count",
    };
    let full = db.number(size).await;

    world.pass(366 * DAY);
    let removed = forget(&world).await;
    assert_eq!(removed.deliveries, 30_002);
    let left = db.number(size).await;
    assert!(
        left < full - 1_000_000,
        "{full} octets before, {left} after"
    );
}

async fn a_proof_goes_three_years_after_the_end_and_the_chain_holds(db: TestDb) {
    let world = World::start(&db).await;
    world.join("left@example.org").await;
    world.join("stays@example.org").await;
    world.join("back@example.org").await;
    let issue = world.draft("Lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    for email in ["left@example.org", "back@example.org"] {
        let leave = world.link(email, Purpose::Unsubscribe).await;
        world.submit(&leave, &[]).await;
    }
    world.pass(1095 * DAY - 1);
    assert_eq!(forget(&world).await.proofs, 0);
    world.join("back@example.org").await;
    world.pass(1);
    assert_eq!(forget(&world).await.proofs, 1);
    assert_eq!(world.state("left@example.org").await, "none");
    assert_eq!(world.state("stays@example.org").await, "active");
    assert_eq!(world.consents("back@example.org").await.len(), 5);
    let report = xabar::subscribe::audit_consents(&world.service, None)
        .await
        .unwrap();
    assert!(report.intact && report.removed == 4, "{report:?}");
    let mut db = world.service.store.read().await.unwrap();
    let log = xabar::store::retention::log::latest(&mut db).await.unwrap();
    let last = &log[0];
    assert_eq!(
        (last.what.as_str(), last.amount, last.at),
        ("proofs of consent", 1, world.clock.now())
    );
    assert!(
        log.iter()
            .any(|line| line.what == "IP addresses" && line.amount == 8),
        "{log:?}"
    );
}

async fn a_proof_waits_for_an_issue_that_is_still_open(db: TestDb) {
    let world = World::start(&db).await;
    world.join("left@example.org").await;
    let issue = world.draft("Lundi").await;
    world.act(&issue, "send").await;
    world.act(&issue, "pause").await;
    let leave = world.link("left@example.org", Purpose::Unsubscribe).await;
    world.submit(&leave, &[]).await;
    world.pass(1096 * DAY);
    assert_eq!(forget(&world).await.proofs, 0);
    world.act(&issue, "resume").await;
    world.work().await;
    assert_eq!(world.counts(&issue).await, "skipped=1");
    // A new address that was asked for a moment ago holds nothing up.
    let now = world.clock.now().as_microsecond();
    let asked = format!(
        "INSERT INTO address_change (subscriber_id, address, asked_at) \
            SELECT id, 'new@example.org', {now} FROM subscriber"
    );
    db.execute(&asked).await.unwrap();
    assert_eq!(forget(&world).await.proofs, 1);
    assert_eq!(rows_of_people(&db).await, 0);
    assert_eq!(world.counts(&issue).await, "skipped=1");
}

async fn many_sign_ups_are_erased_in_steps_and_those_that_come_meanwhile_are_not_lost(db: TestDb) {
    let world = World::start(&db).await;
    let address = |n: usize| format!("r{n}@example.org");
    // Not with more connections than a server takes from one visitor in the field.
    let mut all = stream::iter(0..1_200)
        .map(|n| {
            let (world, address) = (&world, address(n));
            async move { world.sign_up(&address).await.status() }
        })
        .buffer_unordered(100);
    while let Some(status) = all.next().await {
        assert_eq!(status, 202);
    }
    drop(all);
    world.pass(8 * DAY);
    let again = join_all((0..1_200).step_by(100).map(|n| {
        let (world, address) = (&world, address(n));
        async move { world.sign_up(&address).await.status() }
    }));
    let (removed, again) = tokio::join!(forget(&world), again);
    assert!(again.iter().all(|status| *status == 202), "{again:?}");
    assert!(removed.unconfirmed >= 1_188, "{removed:?}");
    forget(&world).await;
    assert_eq!(db.number("SELECT COUNT(*) FROM subscription").await, 12);
    for n in (0..1_200).step_by(100) {
        let link = world.link(&address(n), Purpose::Confirm).await;
        assert_eq!(world.submit(&link, &[]).await.status(), 200);
    }
    assert_eq!(
        db.number("SELECT COUNT(*) FROM subscription WHERE state = 'active'")
            .await,
        12
    );
}

async fn zero_keeps_for_ever(db: TestDb) {
    let world = World::with(&db, crate::support::smtp::Options::default(), |settings| {
        settings.retention.unconfirmed_days = 0;
        settings.retention.ip_days = 0;
    })
    .await;
    world.sign_up("never@example.org").await;
    world.pass(4_000 * DAY);
    assert_eq!(
        forget(&world).await,
        Removed {
            counters: 3,
            ..Removed::default()
        },
        "of floods"
    );
    assert_eq!(world.state("never@example.org").await, "pending");
}

async fn states_of_an_issue_go_after_its_end_and_what_was_sent_stays(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    world.readers(&["reader@example.org"]).await;
    let mut issues = Vec::new();
    for subject in ["Sent", "Withdrawn", "Draft"] {
        let id = world.draft("Lundi").await;
        let number = issue_id(&id);
        let mut db = world.service.store.read().await.unwrap();
        let issue = store::issue::by_id(&mut db, number).await.unwrap();
        drop(db);
        let content = IssueContent {
            subject: subject.to_owned(),
            ..issue.unwrap().content
        };
        let typed = (Base::Anything, Step::Typed);
        publish::save(
            &world.service,
            number,
            &content,
            typed,
            &anna.editor.actor(),
        )
        .await
        .unwrap();
        issues.push(id);
    }
    let states = "SELECT COUNT(DISTINCT issue_id) FROM issue_history";
    assert_eq!(db.number(states).await, 3);
    assert_eq!(world.act(&issues[0], "send").await.0, 202);
    world.work().await;
    assert_eq!(world.act(&issues[1], "cancel").await.0, 200);
    world.pass(90 * DAY - 1);
    assert_eq!(forget(&world).await.states, 0);
    world.pass(1);
    // Each had one state before it was saved, and one after.
    assert_eq!(forget(&world).await.states, 4);
    assert_eq!(db.number(states).await, 1, "that of the draft");
    let log = "SELECT amount FROM retention_log WHERE what = 'states of issues'";
    assert_eq!(db.number(log).await, 4);
    assert_eq!(world.issue(&issues[0]).await["subject"], "Sent");
    assert_eq!(forget(&world).await.states, 0);
}

async fn a_part_that_fails_keeps_no_other_from_its_work(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("broken@example.org").await;
    let left = "SELECT COUNT(*) FROM consent_event WHERE ip IS NOT NULL";
    assert_ne!(db.number(left).await, 0);
    let refuse: &[&str] = match db.url.starts_with("sqlite:") {
        true => &[
            "CREATE TRIGGER refuse BEFORE DELETE ON subscription BEGIN SELECT RAISE(ABORT, 'no'); END",
        ],
        false => &[
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
            "CREATE TRIGGER refuse BEFORE DELETE ON subscription FOR EACH ROW EXECUTE FUNCTION refuse()",
        ],
    };
    for statement in refuse {
        db.execute(statement).await.unwrap();
    }
    world.pass(400 * DAY);
    assert!(retention::run(&world.service).await.is_err());
    assert_eq!(
        db.number(left).await,
        0,
        "the IP addresses are gone all the same"
    );
}
