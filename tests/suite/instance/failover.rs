//! Failover: a standby of PostgreSQL takes over while the service runs.

use std::path::PathBuf;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

use super::works;
use crate::support::binary::{Installation, events};
use crate::support::both::TestDb;
use crate::support::postgres::Cluster;
use crate::support::smtp::{Options, SmtpServer};

/// A virtual address: leads to the server that `primary` names. Connections to another one end.
async fn address_of(primary: watch::Receiver<PathBuf>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut primary = primary.clone();
            let socket = primary.borrow_and_update().clone();
            tokio::spawn(async move {
                let Ok(mut server) = UnixStream::connect(socket).await else {
                    return;
                };
                tokio::select! {
                    _ = copy_bidirectional(&mut client, &mut server) => {}
                    _ = primary.changed() => {}
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_standby_is_told_once_and_sending_goes_on() {
    let first = Cluster::start();
    let (primary, is_primary) = watch::channel(first.socket());
    let port = address_of(is_primary).await;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&url)
        .with("SMTP__URL", &smtp.url())
        .with("SIGNUP__PER_IP_PER_HOUR", "0");
    let serving = installation.serve("all").await;
    works(&serving.base, &smtp, "before@example.org").await;
    let second = first.standby();
    first.crash();
    second.promote().await;
    primary.send(second.socket()).unwrap();
    let told = "a standby of the database was promoted";
    serving.wait_for(told, |log| log.contains(told)).await;
    works(&serving.base, &smtp, "after@example.org").await;
    let log = serving.finish().await;
    assert_eq!(log.matches(told).count(), 1, "{log}");
    assert!(log.contains("xabar doctor"), "it says what to do: {log}");
    // The other server may be there before anybody has missed the first.
    let [away, back] = ["away", "back"].map(|how| events(&log, &format!("the database is {how}")));
    assert!(away.len() <= 1 && back.len() == away.len(), "{log}");

    // The workers have sent on, so the next start is not held for it.
    let db = TestDb::at(second.url("postgres"));
    let held = "SELECT COUNT(*) FROM instance WHERE held_at IS NOT NULL";
    assert_eq!(db.number(held).await, 0);
    let again = installation.serve("all").await;
    works(&again.base, &smtp, "again@example.org").await;
    let log = again.finish().await;
    assert!(!log.contains(told), "it is the same server: {log}");
}
