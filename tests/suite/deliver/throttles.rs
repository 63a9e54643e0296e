//! Throttles: rates and quotas by relay and provider, back-off after 421 and 4.7.x, and several relays by weight.

use std::time::Duration;

use jiff::SignedDuration;
use xabar::config::{FurtherRelay, Settings};
use xabar::domain::Purpose;
use xabar::mail::Relays;
use xabar::store;

use crate::issues::corrections::{correct, subjects};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::{Options, SmtpServer};
use crate::support::world::World;

/// What a lane has begun before it hears of a request to slow down: a mail that is being recorded, one whose
/// text is on its way, and one whose commands go behind it.
const AT_HAND: usize = 3;

pub fn names(range: std::ops::Range<usize>, name: &str, domain: &str) -> Vec<String> {
    range.map(|n| format!("{name}{n}@{domain}")).collect()
}

impl World {
    /// An issue on its way to these.
    pub async fn sending_to(&self, readers: &[Vec<String>]) -> String {
        let readers: Vec<&str> = readers.iter().flatten().map(String::as_str).collect();
        self.readers(&readers).await;
        let id = self.draft("Sommet").await;
        assert_eq!(self.act(&id, "send").await.0, 202);
        id
    }

    /// Works, and says how many mails went to addresses that end so.
    async fn sent_to(&self, end: &str) -> usize {
        self.work().await;
        let caught = self.smtp.messages();
        let to = caught.iter().flat_map(|m| &m.recipients);
        to.filter(|to| to.ends_with(end)).count()
    }

    fn pass_seconds(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// The rate now of the only one who was slowed down.
    async fn lowered_rate(&self) -> f64 {
        let mut db = self.service.store.read().await.unwrap();
        let all = store::delivery::throttle::all(&mut db).await.unwrap();
        let mut slowed = all.iter().filter_map(|throttle| throttle.slowed);
        slowed
            .next()
            .unwrap()
            .rate_at(self.service.clock.now())
            .unwrap()
    }

    /// Who was slowed down, as `provider gmx`.
    pub async fn slowed(&self) -> Vec<String> {
        let mut db = self.service.store.read().await.unwrap();
        let all = store::delivery::throttle::all(&mut db).await.unwrap();
        let slowed = all.iter().filter(|throttle| throttle.slowed.is_some());
        let mut named: Vec<_> = slowed.map(|t| format!("{} {}", t.scope, t.name)).collect();
        named.sort();
        named
    }
}

pub fn second_relay(settings: &mut Settings, server: &SmtpServer) {
    let second = FurtherRelay {
        url: server.url().parse().unwrap(),
        connections: None,
        messages_per_connection: None,
        pipelining: None,
        hello_name: None,
        trusted_certificates: None,
        oauth_token_file: None,
        oauth_token_command: None,
        return_path: None,
        weight: None,
        per_second: None,
        quota: None,
        quota_hours: None,
    };
    settings.relays.insert("second".to_owned(), second);
}

on_both_databases!(
    a_limit_holds_for_all_domains_of_a_provider_and_for_nobody_else,
    a_quota_ends_with_its_hour_and_single_mails_do_not_wait_for_it,
    who_asks_for_less_gets_less_and_then_more_again,
    when_three_providers_ask_for_less_it_is_the_relay,
    relays_share_the_work_by_weight,
    a_relay_that_is_down_is_left_out_until_it_is_up,
    each_relay_has_its_own_limit,
);

async fn a_limit_holds_for_all_domains_of_a_provider_and_for_nobody_else(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.providers.get_mut("gmx").unwrap().per_second = 2.0;
    })
    .await;
    let gmx = [
        names(0..4, "ok", "gmx.de"),
        names(0..4, "ok", "gmx.net"),
        names(0..5, "ok", "example.org"),
    ];
    let id = world.sending_to(&gmx).await;
    let gmx = ".de and .net";
    assert_eq!(world.sent_to("@example.org").await, 5);
    let sent = async || world.sent_to("@gmx.de").await + world.sent_to("@gmx.net").await;
    assert_eq!(sent().await, 2, "{gmx}: what a second allows");
    world.pass_seconds(1);
    assert_eq!(sent().await, 4);
    // Two workers have one limit.
    world.pass_seconds(1);
    tokio::join!(world.work(), world.work());
    assert_eq!(sent().await, 6);
    world.pass(60);
    assert_eq!(sent().await, 8);
    assert_eq!(world.issue(&id).await["status"], "sent");
    assert_eq!(world.slowed().await, [""; 0]);
}

async fn a_quota_ends_with_its_hour_and_single_mails_do_not_wait_for_it(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.quota = 7;
        settings.smtp.quota_hours = 1;
    })
    .await;
    let id = world.sending_to(&[names(0..12, "ok", "example.org")]).await;
    assert_eq!(world.sent_to("@example.org").await, 7);
    world.sign_up("new@reader.example").await;
    assert_eq!(
        world.sent_to("@reader.example").await,
        1,
        "a confirmation does not wait"
    );
    world.pass(59);
    assert_eq!(world.sent_to("@example.org").await, 7);
    world.pass(1);
    assert_eq!(world.sent_to("@example.org").await, 12);
    assert_eq!(world.counts(&id).await, "sent=12");
    world.sign_up("newer@reader.example").await;
    world.work().await;
    let mut db = world.service.store.read().await.unwrap();
    let all = store::delivery::throttle::all(&mut db).await.unwrap();
    assert_eq!(
        all[0].window.map(|(_, used)| used),
        Some(6),
        "five digests and a confirmation"
    );
}

async fn who_asks_for_less_gets_less_and_then_more_again(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    let slow = [
        names(0..5, "busy", "hotmail.fr"),
        names(0..20, "ok", "outlook.com"),
    ];
    let id = world
        .sending_to(&[slow.concat(), names(0..20, "ok", "example.org")])
        .await;
    assert_eq!(world.sent_to("@example.org").await, 20, "nobody else waits");
    let at_once = world.sent_to("@outlook.com").await;
    assert!(
        at_once <= AT_HAND,
        "{at_once} went on after the request to slow down"
    );
    assert_eq!(world.slowed().await, ["provider microsoft"]);
    world.pass_seconds(1);
    let then = world.sent_to("@outlook.com").await - at_once;
    assert!((9..=11).contains(&then), "ten a second: {then}");
    // What waits under its provider's name is corrected like the rest.
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(world.act(&id, "resume").await.0, 200);
    world.pass_seconds(2);
    assert_eq!(world.sent_to("@outlook.com").await, 20);
    assert_eq!(subjects(&world, "ok19@outlook.com"), ["Corrigé"]);
    assert_eq!(world.counts(&id).await, "sent=40 deferred=5");
    // The rate rises with the mails that were accepted, and not with time.
    let risen = world.lowered_rate().await;
    assert!((10.5..12.0).contains(&risen), "{risen}");
    for busy in names(0..5, "busy", "hotmail.fr") {
        let leave = world.link(&busy, Purpose::Unsubscribe).await;
        assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    }
    world.pass(60);
    assert_eq!(world.lowered_rate().await.to_bits(), risen.to_bits());
    // A day later nothing is left of it.
    world.pass(23 * 60);
    let id = world.sending_to(&[names(50..90, "ok", "live.de")]).await;
    assert_eq!(world.sent_to("@live.de").await, 40);
    assert_eq!(world.issue(&id).await["status"], "sent");
}

async fn when_three_providers_ask_for_less_it_is_the_relay(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    let busy: Vec<String> = ["free.fr", "a.example", "b.example"]
        .map(|domain| names(0..5, "busy", domain))
        .concat();
    let id = world
        .sending_to(&[busy, names(0..30, "ok", "example.org")])
        .await;
    let at_once = world.sent_to("@example.org").await;
    assert_eq!(
        world.slowed().await,
        [
            "provider a.example",
            "provider b.example",
            "provider free",
            "relay main"
        ]
    );
    assert!(at_once <= AT_HAND, "{at_once} went on");
    world.pass(1);
    assert_eq!(world.sent_to("@example.org").await, 30);
    world.pass(5);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=30 deferred=15");
}

async fn relays_share_the_work_by_weight(db: TestDb) {
    let other = SmtpServer::start(Options::default()).await;
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.weight = 3;
        second_relay(settings, &other);
    })
    .await;
    let id = world.sending_to(&[names(0..40, "ok", "example.org")]).await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=40");
    assert_eq!(
        (world.smtp.messages().len(), other.messages().len()),
        (30, 10)
    );
}

async fn a_relay_that_is_down_is_left_out_until_it_is_up(db: TestDb) {
    let other = SmtpServer::start(Options::default()).await;
    let world = World::with(&db, Options::default(), |settings| {
        second_relay(settings, &other)
    })
    .await;
    world.smtp.refuse_everything().await;
    let id = world.sending_to(&[names(0..20, "ok", "example.org")]).await;
    world.sign_up("new@reader.example").await;
    // The clock stands still: whoever waits for a later time is not reached here.
    for _ in 0..20 {
        world.work().await;
        if world.counts(&id).await == "sent=20" && other.messages().len() == 21 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(
        world.counts(&id).await,
        "sent=20",
        "nobody had to wait for the first"
    );
    assert_eq!(other.messages().len(), 21, "nor did the confirmation");
    // Both are down: everybody waits, as with one relay.
    other.refuse_everything().await;
    let id = world
        .sending_to(&[names(20..26, "ok", "example.org")])
        .await;
    world.work().await;
    assert!(
        !world.counts(&id).await.contains("failed"),
        "{}",
        world.counts(&id).await
    );
    assert_eq!(
        (world.smtp.messages().len(), other.messages().len()),
        (0, 21)
    );
    world.smtp.accept().await;
    other.accept().await;
    // How long they are left alone depends on how often they were tried.
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_secs(3)).await;
        world.pass(15);
        world.work().await;
        if world.counts(&id).await == "sent=26" {
            break;
        }
    }
    assert_eq!(world.counts(&id).await, "sent=26");
    // The second may be tried again before the first; further issues are for both.
    let mut mails = 47;
    for _ in 0..30 {
        if !world.smtp.messages().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        world.pass(60);
        let id = world.draft("Encore").await;
        assert_eq!(world.act(&id, "send").await.0, 202);
        world.work().await;
        assert_eq!(world.counts(&id).await, "sent=26");
        mails += 26;
    }
    assert!(!world.smtp.messages().is_empty(), "it is back");
    assert_eq!(
        world.smtp.messages().len() + other.messages().len(),
        mails,
        "nobody twice"
    );
}

async fn each_relay_has_its_own_limit(db: TestDb) {
    let other = SmtpServer::start(Options::default()).await;
    let world = World::with(&db, Options::default(), |settings| {
        second_relay(settings, &other);
        settings.smtp.quota = 3;
        settings.relays.get_mut("second").unwrap().per_second = Some(5.0);
    })
    .await;
    let id = world.sending_to(&[names(0..20, "ok", "example.org")]).await;
    world.work().await;
    assert_eq!(
        (world.smtp.messages().len(), other.messages().len()),
        (3, 5)
    );
    world.pass_seconds(1);
    world.work().await;
    assert_eq!(
        (world.smtp.messages().len(), other.messages().len()),
        (3, 10)
    );
    assert_eq!(world.counts(&id).await, "queued=7 sent=13");
}

#[tokio::test]
async fn a_relay_that_makes_no_sense_is_named() {
    let mut settings = Settings::defaults().unwrap();
    let server = SmtpServer::start(Options::default()).await;
    second_relay(&mut settings, &server);
    let second = settings.relays.get_mut("second").unwrap();
    second.url = "smtp://relay.example.org?tls=maybe".parse().unwrap();
    let error = Relays::from_settings(&settings).err().unwrap().to_string();
    assert!(error.contains("relays.second.url"), "{error}");
}
