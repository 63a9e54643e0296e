//! Aliases of one mailbox (`+tags`, dots at Gmail): limits and "this was not me" hold for all spellings, and nothing
//! else does.

use futures_util::future::join_all;
use serde_json::json;
use xabar::domain::{EmailAddress, SuppressionReason};
use xabar::store::consent::suppression;
use xabar::store::protection::unconfirmed_mail;
use xabar::subscribe::privacy;
use xabar::worker::retention;

use crate::signup::proof_of_work::proof;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::{World, link_in};

const DAY: i64 = 24 * 60;

/// To which addresses mails went, in the order of their sending.
fn recipients(world: &World) -> Vec<String> {
    let messages = world.smtp.messages().into_iter();
    messages.flat_map(|mail| mail.recipients).collect()
}

fn confirm_link(world: &World, email: &str) -> String {
    let last = world.mails_to(email).pop().expect("a mail");
    link_in(&last.text, "/confirm/")
}

async fn decline(world: &World, email: &str) {
    let decline = format!("{}/decline", confirm_link(world, email));
    assert_eq!(world.submit(&decline, &[]).await.status(), 200);
}

/// Signs up, lets the mail come that is due now, and says whether one came.
async fn is_mailed(world: &World, email: &str) -> bool {
    let before = world.caught_for(email).len();
    assert_eq!(world.sign_up(email).await.status(), 202, "{email}");
    world.work().await;
    world.caught_for(email).len() > before
}

async fn suppress(world: &World, email: &str, reason: SuppressionReason) {
    let hash = world.service.links.address_hash(&email.parse().unwrap());
    let mut tx = world.service.store.write().await.unwrap();
    suppression::insert(&mut tx, &hash, reason, world.clock.now(), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both_databases!(
    tags_share_the_limits_of_their_mailbox,
    gmail_has_one_mailbox_for_many_spellings,
    spellings_that_arrive_at_once_share_their_limits,
    two_readers_with_different_tags_both_subscribe,
    what_was_counted_stays_counted_when_the_sign_up_is_erased,
    this_was_not_me_holds_for_every_spelling,
    this_was_not_me_stops_what_waits_for_another_spelling,
    this_was_not_me_of_before_the_upgrade_holds_for_tags,
    this_was_not_me_does_not_bind_who_reads,
    other_suppressions_hold_for_their_spelling_only,
);

async fn tags_share_the_limits_of_their_mailbox(db: TestDb) {
    let world = World::with(&db, Options::default(), |_| {}).await;
    for n in 0..30 {
        world.sign_up(&format!("Victim+{n}@example.org")).await;
        world.work().await;
        world.pass(16);
    }
    let seen = recipients(&world);
    assert_eq!(
        seen,
        [
            "Victim+0@example.org",
            "Victim+1@example.org",
            "Victim+2@example.org"
        ],
        "three a day, each to the spelling that was given"
    );
    for n in 30..55 {
        let email = format!("victim+{n}@example.org");
        let body = json!({ "email": email, "altcha": proof(&world).await });
        let call = world.http.post(world.url("/api/v1/subscriptions"));
        assert_eq!(call.json(&body).send().await.unwrap().status(), 202);
    }
    world.work().await;
    world.pass(16);
    world.work().await;
    assert_eq!(recipients(&world).len(), 3, "work does not buy more");
    // Who is called otherwise is somebody else.
    for other in [
        "victim-1@example.org",
        "vic.tim@example.org",
        "victim@example.com",
    ] {
        assert!(is_mailed(&world, other).await, "{other}");
    }
    assert!(!is_mailed(&world, "\u{ff36}ictim@example.org").await);
    // Five in 30 days, and then again.
    for _ in 0..29 {
        world.pass(DAY);
        world.sign_up("VICTIM@example.org").await;
        world.work().await;
    }
    let seen = recipients(&world);
    let to_victim = |seen: &[String]| {
        let all = seen.iter();
        let victims = all.filter(|to| {
            let to = to.to_lowercase();
            to.starts_with("victim@example.org") || to.starts_with("victim+")
        });
        victims.count()
    };
    assert_eq!(to_victim(&seen), 5);
    world.pass(2 * DAY);
    world.sign_up("victim@example.org").await;
    world.work().await;
    assert_eq!(to_victim(&recipients(&world)), 6);
}

async fn gmail_has_one_mailbox_for_many_spellings(db: TestDb) {
    let world = World::start(&db).await;
    for email in [
        "v.ictim@gmail.com",
        "victim@googlemail.com",
        "V.I.C.T.I.M+x@gmail.com",
        "vic.tim@gmail.com",
        "victim+y@googlemail.com",
    ] {
        world.sign_up(email).await;
        world.work().await;
        world.pass(16);
    }
    assert_eq!(
        recipients(&world),
        [
            "v.ictim@gmail.com",
            "victim@googlemail.com",
            "V.I.C.T.I.M+x@gmail.com"
        ]
    );
    assert!(
        is_mailed(&world, "victim@example.org").await,
        "another provider"
    );
}

async fn spellings_that_arrive_at_once_share_their_limits(db: TestDb) {
    let world = World::start(&db).await;
    let emails: Vec<String> = (0..20).map(|n| format!("victim+{n}@example.org")).collect();
    for answer in join_all(emails.iter().map(|email| world.sign_up(email))).await {
        assert_eq!(answer.status(), 202);
    }
    let mut seen = Vec::new();
    for _ in 0..4 {
        world.work().await;
        seen.push(recipients(&world).len());
        world.pass(15);
    }
    assert_eq!(seen, [1, 2, 3, 3]);
    world.assert_idle().await;
}

async fn two_readers_with_different_tags_both_subscribe(db: TestDb) {
    let world = World::start(&db).await;
    world.join("anna+news@example.org").await;
    assert!(
        !is_mailed(&world, "anna+work@example.org").await,
        "in a quarter of an hour"
    );
    world.pass(15);
    world.work().await;
    let link = confirm_link(&world, "anna+work@example.org");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    for email in ["anna+news@example.org", "anna+work@example.org"] {
        assert_eq!(world.state(email).await, "active");
    }
    world.work().await;
    let issue = world.draft("Lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    for email in ["anna+news@example.org", "anna+work@example.org"] {
        assert_eq!(
            world.mails_to(email).len(),
            3,
            "confirmation, welcome, issue"
        );
    }
}

async fn what_was_counted_stays_counted_when_the_sign_up_is_erased(db: TestDb) {
    let world = World::start(&db).await;
    for n in 0..5 {
        assert!(is_mailed(&world, &format!("victim+{n}@example.org")).await);
        world.pass(DAY / 2);
    }
    world.pass(8 * DAY);
    retention::run(&world.service).await.unwrap();
    assert_eq!(world.state("victim+0@example.org").await, "none");
    assert!(
        !is_mailed(&world, "victim+0@example.org").await,
        "five in 30 days"
    );
    assert!(!is_mailed(&world, "victim@example.org").await);
    world.pass(31 * DAY);
    retention::run(&world.service).await.unwrap();
    let mut look = world.service.store.read().await.unwrap();
    assert_eq!(
        unconfirmed_mail::count(&mut look).await.unwrap(),
        0,
        "nothing is kept for longer"
    );
    drop(look);
    // What a reader erases is not counted any more.
    world.join("reader@example.org").await;
    let address: EmailAddress = "reader@example.org".parse().unwrap();
    privacy::erase_by_owner(&world.service, &address, &xabar::domain::Actor::CommandLine)
        .await
        .unwrap();
    let mut look = world.service.store.read().await.unwrap();
    assert_eq!(unconfirmed_mail::count(&mut look).await.unwrap(), 0);
}

async fn this_was_not_me_holds_for_every_spelling(db: TestDb) {
    let world = World::start(&db).await;
    assert!(is_mailed(&world, "v.ictim+1@gmail.com").await);
    decline(&world, "v.ictim+1@gmail.com").await;
    world.pass(2 * DAY);
    for email in [
        "v.ictim+1@gmail.com",
        "V.ictim+1@gmail.com",
        "victim+2@gmail.com",
        "victim@googlemail.com",
        "vict.im@gmail.com",
    ] {
        assert!(!is_mailed(&world, email).await, "{email}");
        assert_eq!(world.state(email).await, "none", "{email}");
    }
    assert!(is_mailed(&world, "victims@gmail.com").await);
    world.pass(180 * DAY);
    retention::run(&world.service).await.unwrap();
    assert!(is_mailed(&world, "victim@gmail.com").await, "for 180 days");
}

async fn this_was_not_me_stops_what_waits_for_another_spelling(db: TestDb) {
    let world = World::start(&db).await;
    for n in 0..3 {
        world.sign_up(&format!("victim+{n}@example.org")).await;
    }
    world.work().await;
    assert_eq!(recipients(&world), ["victim+0@example.org"]);
    decline(&world, "victim+0@example.org").await;
    world.pass(60);
    world.work().await;
    assert_eq!(recipients(&world), ["victim+0@example.org"]);
    world.assert_idle().await;
}

async fn this_was_not_me_of_before_the_upgrade_holds_for_tags(db: TestDb) {
    let world = World::start(&db).await;
    suppress(&world, "victim@example.org", SuppressionReason::Declined).await;
    assert!(!is_mailed(&world, "victim+1@example.org").await);
    assert!(!is_mailed(&world, "victim@example.org").await);
}

async fn this_was_not_me_does_not_bind_who_reads(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    world.join("anna@example.org").await;
    world.pass(16);
    assert!(is_mailed(&world, "anna+x@example.org").await);
    decline(&world, "anna+x@example.org").await;
    assert!(!is_mailed(&world, "anna+y@example.org").await);
    world.pass(DAY);
    // The reader wants another newsletter.
    let body = json!({ "email": "anna@example.org", "newsletter": "zentralasien" });
    let call = world.http.post(world.url("/api/v1/subscriptions"));
    assert_eq!(call.json(&body).send().await.unwrap().status(), 202);
    world.work().await;
    let link = confirm_link(&world, "anna@example.org");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    assert_eq!(world.states("anna@example.org").await, "active none active");
    world.work().await;
    let issue = world.draft("Lundi").await;
    let before = world.mails_to("anna@example.org").len();
    world.act(&issue, "send").await;
    world.work().await;
    assert_eq!(world.mails_to("anna@example.org").len(), before + 1);
}

async fn other_suppressions_hold_for_their_spelling_only(db: TestDb) {
    let world = World::start(&db).await;
    for (name, reason) in [
        ("bounced", SuppressionReason::Bounced),
        ("complained", SuppressionReason::Complained),
    ] {
        let email = format!("{name}@example.org");
        suppress(&world, &email, reason).await;
        assert!(!is_mailed(&world, &email).await, "{name}");
        assert!(
            is_mailed(&world, &format!("{name}+1@example.org")).await,
            "{name}"
        );
    }
    world.join("erased@example.org").await;
    let address: EmailAddress = "erased@example.org".parse().unwrap();
    privacy::erase_by_owner(&world.service, &address, &xabar::domain::Actor::CommandLine)
        .await
        .unwrap();
    world.work().await;
    assert!(is_mailed(&world, "erased+1@example.org").await);
    world.pass(16);
    assert!(is_mailed(&world, "erased@example.org").await, "by own will");
    decline(&world, "erased@example.org").await;
    world.pass(DAY);
    assert!(!is_mailed(&world, "erased+2@example.org").await);
}
