//! Outages: what a visitor is told while the database or a worker is away; and slow clients, which are cut off.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use xabar::worker;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

/// A database that takes no writes, until it ends.
pub(crate) enum Outage {
    /// Another process has the write lock.
    Sqlite(SqliteConnection),
    /// The server throws everybody out and lets nobody in.
    Postgres(PgConnection, String),
}

impl Outage {
    pub(crate) async fn of(url: &str) -> Self {
        let Ok(mut address) = url.parse::<url::Url>() else {
            panic!("{url}");
        };
        if address.scheme() == "sqlite" {
            let mut locked = SqliteConnection::connect(url).await.unwrap();
            locked.execute("BEGIN IMMEDIATE").await.unwrap();
            return Self::Sqlite(locked);
        }
        let name = address.path().trim_start_matches('/').to_owned();
        address.set_path("/postgres");
        let mut admin = PgConnection::connect(address.as_str()).await.unwrap();
        for statement in [
            format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
            format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
        ] {
            admin.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        Self::Postgres(admin, name)
    }

    pub(crate) async fn end(self) {
        match self {
            Self::Sqlite(mut locked) => {
                locked.execute("ROLLBACK").await.unwrap();
            }
            Self::Postgres(mut admin, name) => {
                let again = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true");
                admin.execute(AssertSqlSafe(again)).await.unwrap();
            }
        }
    }
}

/// Writes `begin` to the service and then nothing; returns what came back before it hung up.
async fn answer_to_a_slow_client(world: &World, begin: &str) -> String {
    let address = world.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(begin.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let hung_up = stream.read_to_end(&mut answer);
    let hung_up = tokio::time::timeout(Duration::from_secs(60), hung_up).await;
    // A reset is a way of hanging up too.
    let _ = hung_up.expect("the service waits for ever");
    String::from_utf8_lossy(&answer).into_owned()
}

on_both_databases!(
    without_the_database_a_sign_up_is_told_to_come_back_and_is_not_half_written,
    a_confirmation_in_the_hands_of_a_dead_worker_is_sent_when_its_lease_has_passed,
);

async fn without_the_database_a_sign_up_is_told_to_come_back_and_is_not_half_written(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up("before@example.org").await;
    let outage = Outage::of(&db.url).await;
    let form = [
        ("email", "page@example.org"),
        ("lang", "fr"),
        ("consent", "yes"),
    ];
    let (api, page) = tokio::join!(
        world.sign_up("api@example.org"),
        world.submit("/subscribe", &form)
    );
    for answer in [&api, &page] {
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "5");
    }
    assert_eq!(api.headers()["content-type"], "application/problem+json");
    assert!(page.text().await.unwrap().contains("<html lang=\"fr\""));
    outage.end().await;

    assert_eq!(db.number("SELECT COUNT(*) FROM subscriber").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox").await, 1);
    assert_eq!(world.sign_up("api@example.org").await.status(), 202);
    world.work().await;
    assert_eq!(world.mails_to("api@example.org").len(), 1);
}

async fn a_confirmation_in_the_hands_of_a_dead_worker_is_sent_when_its_lease_has_passed(
    db: TestDb,
) {
    let world = World::start(&db).await;
    world.sign_up("a@example.org").await;
    world.smtp.hang().await;
    let (service, relays) = (world.service.clone(), world.relays.clone());
    let worker = tokio::spawn(async move { worker::run_until_idle(&service, &relays).await });
    let claimed = "SELECT COUNT(*) FROM outbox WHERE lease_id IS NOT NULL";
    let is_claimed = async {
        while db.number(claimed).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let is_claimed = tokio::time::timeout(Duration::from_secs(60), is_claimed);
    is_claimed.await.expect("the mail is claimed");
    worker.abort();
    world.smtp.accept().await;
    world.pass(1);
    world.work().await;
    assert_eq!(
        world.mails_to("a@example.org").len(),
        0,
        "the lease still holds"
    );
    world.pass(1);
    world.work().await;
    assert_eq!(world.mails_to("a@example.org").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_cut_off() {
    let db = crate::support::both::TestDb::sqlite();
    let world = World::with(&db, Options::default(), |settings| {
        settings.http.request_seconds = 1;
    })
    .await;
    let answer = answer_to_a_slow_client(&world, "POST /api/v1/subscr").await;
    assert!(!answer.contains(" 20"), "{answer}");
    let headers =
        "POST /api/v1/subscriptions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let begin = format!("{headers}Connection: close\r\nContent-Length: 100\r\n\r\n{{\"email\":");
    let answer = answer_to_a_slow_client(&world, &begin).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert_eq!(db.number("SELECT COUNT(*) FROM subscriber").await, 0);
}
