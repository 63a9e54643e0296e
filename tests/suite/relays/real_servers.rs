//! Exim, OpenSMTPD, Haraka and smtp-server with their own defaults: no mail is repeated, missing or altered.

use std::collections::BTreeMap;

use super::{ledger, work};
use crate::deliver::throttles::names;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::{Kind, RealServer, SigningKey, StoredMail};
use crate::support::smtp::Options;
use crate::support::world::World;

/// More than any of them takes over one of five connections.
const READERS: usize = 300;

async fn takes_a_campaign(db: &TestDb, kind: Kind, connections: usize) {
    let server = RealServer::start(kind);
    let key = SigningKey::make();
    let world = World::with(db, Options::default(), |settings| {
        settings.smtp.url = server.url().parse().unwrap();
        settings.smtp.connections = connections;
        key.sign_with(settings);
    })
    .await;
    let readers = names(0..READERS, "reader", "example.org");
    let id = world.sending_to(std::slice::from_ref(&readers)).await;
    work(&world, &id).await;
    let case = format!("{kind:?} over {connections} connections");
    let counts = world.counts(&id).await;
    assert_eq!(
        counts,
        format!("sent={READERS}"),
        "{case}: {}",
        replies(&world, &id).await
    );
    let stored = server.accepted();
    let mut times = BTreeMap::new();
    for mail in &stored {
        *times.entry(mail.recipient.clone()).or_insert(0) += 1;
    }
    let once = readers.iter().map(|reader| (reader.clone(), 1));
    assert_eq!(times, once.collect::<BTreeMap<_, _>>(), "{case}");
    assert_eq!(key.altered(&stored), [""; 0], "{case}");
    for mail in &stored {
        assert_eq!(
            addressee(mail),
            mail.recipient,
            "{case}: somebody else's mail"
        );
    }
    assert_eq!(world.issue(&id).await["status"], "sent", "{case}");
    assert_eq!(world.slowed().await, [""; 0], "{case}");
}

/// The address in the header To.
fn addressee(mail: &StoredMail) -> String {
    let text = String::from_utf8_lossy(&mail.raw);
    let to = text.lines().find_map(|line| line.strip_prefix("To: "));
    let to = to.unwrap_or_default().trim();
    to.trim_matches(['<', '>']).to_owned()
}

/// What the relay said to those who have not had a mail.
async fn replies(world: &World, id: &str) -> String {
    let mut replies = BTreeMap::<String, usize>::new();
    for line in ledger(world, id).await {
        let reply = format!("{} {}", line["state"], line["reply"]);
        if line["state"] != "sent" {
            *replies.entry(reply).or_default() += 1;
        }
    }
    format!("{replies:#?}")
}

async fn takes_campaigns(kind: Kind) {
    for connections in [5, 16] {
        takes_a_campaign(&TestDb::sqlite(), kind, connections).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opensmtpd_takes_a_campaign() {
    takes_campaigns(Kind::OpenSmtpd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn haraka_takes_a_campaign() {
    takes_campaigns(Kind::Haraka).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodemailers_server_takes_a_campaign() {
    takes_campaigns(Kind::NodemailerServer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exim_takes_a_campaign_over_many_connections() {
    takes_a_campaign(&TestDb::sqlite(), Kind::Exim, 16).await;
}

on_both_databases!(exim_takes_a_campaign,);

async fn exim_takes_a_campaign(db: TestDb) {
    takes_a_campaign(&db, Kind::Exim, 5).await;
}
