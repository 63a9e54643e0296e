//! The MX check: sign-ups whose domain takes no mail, as the DNS says.

use reqwest::Response;
use serde_json::{Value, json};
use xabar::config::{ProofOfWork, SignupLimits};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::dns::DnsServer;
use crate::support::smtp::Options;
use crate::support::world::World;

async fn world_with(db: &TestDb, dns: &DnsServer, adapt: impl FnOnce(&mut SignupLimits)) -> World {
    World::with(db, Options::default(), |settings| {
        settings.signup.check_mx = true;
        settings.signup.dns_servers = vec![dns.address];
        adapt(&mut settings.signup);
    })
    .await
}

async fn world(db: &TestDb, dns: &DnsServer) -> World {
    world_with(db, dns, |_| {}).await
}

async fn form(world: &World, path: &str, email: &str, more: &[(&str, &str)]) -> (u16, String) {
    let mut fields = vec![("email", email), ("lang", "en"), ("consent", "yes")];
    fields.extend(more);
    let answer = world.submit(path, &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn vouched(world: &World, email: &str) -> Response {
    let call = world.post("/api/v1/subscriptions");
    call.json(&json!({ "email": email })).send().await.unwrap()
}

async fn assert_refused(answer: Response) {
    assert_eq!(answer.status(), 422);
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["errors"][0]["field"], "email", "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("takes no mail"),
        "{problem}"
    );
}

const REFUSED: &str = "This domain doesn’t receive mail.";
const TAKEN_IN: &str = "Check your inbox";

on_both_databases!(
    a_domain_that_takes_no_mail_is_refused_on_the_field,
    a_domain_that_takes_mail_gets_its_mail,
    when_the_dns_cannot_say_nobody_is_refused,
    without_a_server_nobody_is_refused,
    what_is_not_to_be_checked_is_not_asked,
    what_the_dns_said_is_remembered,
    whom_something_else_holds_up_does_not_have_the_dns_asked,
    a_refusal_counts_for_its_network,
);

async fn a_domain_that_takes_no_mail_is_refused_on_the_field(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world(&db, &dns).await;
    for domain in ["deaf.example", "empty.example", "nowhere.example"] {
        let email = format!("reader@{domain}");
        for path in ["/subscribe", "/embed/asie-centrale"] {
            let (status, page) = form(&world, path, &email, &[]).await;
            assert_eq!(status, 422, "{domain}");
            assert!(
                page.contains(REFUSED) && page.contains(&format!("value=\"{email}\"")),
                "{page}"
            );
            assert!(page.contains("aria-invalid=\"true\""), "{page}");
        }
        assert_refused(world.sign_up(&email).await).await;
        assert_refused(vouched(&world, &email).await).await;
    }
    for table in ["subscriber", "subscription", "outbox", "consent_event"] {
        assert_eq!(
            db.number(&format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    world.work().await;
    assert!(world.smtp.messages().is_empty());
}

async fn a_domain_that_takes_mail_gets_its_mail(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world(&db, &dns).await;
    for domain in ["mail.example", "host.example", "six.example"] {
        let email = format!("reader@{domain}");
        world.join(&email).await;
        assert_eq!(world.state(&email).await, "active");
        let (status, page) = form(&world, "/subscribe", &format!("other@{domain}"), &[]).await;
        assert!(status == 200 && page.contains(TAKEN_IN), "{domain}: {page}");
    }
}

async fn when_the_dns_cannot_say_nobody_is_refused(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world(&db, &dns).await;
    for domain in ["broken.example", "silent.example"] {
        let email = format!("reader@{domain}");
        assert_eq!(world.sign_up(&email).await.status(), 202, "{domain}");
        assert_eq!(world.state(&email).await, "pending");
        let (status, page) = form(&world, "/subscribe", &format!("other@{domain}"), &[]).await;
        assert!(status == 200 && page.contains(TAKEN_IN), "{domain}: {page}");
        assert!(dns.asked().contains(&format!("MX {domain}.")));
    }
}

async fn without_a_server_nobody_is_refused(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world(&db, &dns).await;
    drop(dns);
    assert_eq!(world.sign_up("reader@nowhere.example").await.status(), 202);
}

async fn what_is_not_to_be_checked_is_not_asked(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world_with(&db, &dns, |signup| signup.check_mx = false).await;
    assert_eq!(world.sign_up("reader@nowhere.example").await.status(), 202);
    assert_eq!(
        form(&world, "/subscribe", "reader@deaf.example", &[])
            .await
            .0,
        200
    );
    assert!(dns.asked().is_empty(), "{:?}", dns.asked());
}

async fn what_the_dns_said_is_remembered(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world(&db, &dns).await;
    for name in ["a", "b", "c"] {
        assert_eq!(
            world
                .sign_up(&format!("{name}@mail.example"))
                .await
                .status(),
            202
        );
        assert_eq!(
            world
                .sign_up(&format!("{name}@host.example"))
                .await
                .status(),
            202
        );
        assert_refused(world.sign_up(&format!("{name}@nowhere.example")).await).await;
    }
    let asked = [
        "MX mail.example.",
        "MX host.example.",
        "A host.example.",
        "MX nowhere.example.",
        "A nowhere.example.",
        "AAAA nowhere.example.",
    ];
    assert_eq!(dns.asked(), asked);
}

async fn whom_something_else_holds_up_does_not_have_the_dns_asked(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world_with(&db, &dns, |signup| {
        signup.proof_of_work = ProofOfWork::Always;
    })
    .await;
    let (status, page) = form(&world, "/subscribe", "reader@nowhere.example", &[]).await;
    assert!(status == 200 && !page.contains(TAKEN_IN), "{page}");
    assert_eq!(world.sign_up("reader@nowhere.example").await.status(), 422);
    assert!(dns.asked().is_empty(), "{:?}", dns.asked());
}

async fn a_refusal_counts_for_its_network(db: TestDb) {
    let dns = DnsServer::start().await;
    let world = world_with(&db, &dns, |signup| {
        signup.per_ip_per_hour = 10;
        signup.per_ip_per_10_minutes = 2;
    })
    .await;
    // Not those of a caller that is trusted.
    for n in 0..3 {
        assert_refused(vouched(&world, &format!("reader@v{n}.nowhere.example")).await).await;
    }
    let (status, _) = form(&world, "/subscribe", "reader@a.nowhere.example", &[]).await;
    assert_eq!(status, 422);
    assert_refused(world.sign_up("reader@b.nowhere.example").await).await;
    assert_eq!(
        world.sign_up("reader@c.nowhere.example").await.status(),
        429
    );
    let (status, _) = form(&world, "/subscribe", "reader@d.nowhere.example", &[]).await;
    assert_eq!(status, 429);
    // MX, A and AAAA of five domains.
    assert_eq!(dns.asked().len(), 15, "{:?}", dns.asked());
}
