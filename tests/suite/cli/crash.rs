//! SIGKILL in the middle of a send.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use super::{csv_of, draft};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::{Caught, Options, SmtpServer};

const READERS: usize = 300;
const LANES: usize = 4;

/// While it is held, nobody else can write to the ledger.
enum Lock {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Lock {
    async fn take(url: &str) -> Self {
        if url.starts_with("postgres") {
            let mut database = PgConnection::connect(url).await.unwrap();
            database.execute("BEGIN").await.unwrap();
            let lock = database.execute("LOCK TABLE delivery IN EXCLUSIVE MODE");
            lock.await.unwrap();
            return Self::Postgres(database);
        }
        let mut database = SqliteConnection::connect(url).await.unwrap();
        database.execute("BEGIN IMMEDIATE").await.unwrap();
        Self::Sqlite(database)
    }

    async fn release(self) {
        match self {
            Self::Sqlite(mut database) => database.execute("ROLLBACK").await.map(|_| ()),
            Self::Postgres(mut database) => {
                // What a killed process has asked for already, the server would still do.
                let waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND wait_event_type = 'Lock'";
                database.execute(waiting).await.unwrap();
                database.execute("ROLLBACK").await.map(|_| ())
            }
        }
        .unwrap();
    }
}

/// The mails of each reader, the first one first.
fn by_reader(caught: &[Caught]) -> BTreeMap<&str, Vec<&Caught>> {
    let mut readers = BTreeMap::<&str, Vec<&Caught>>::new();
    for mail in caught {
        assert_eq!(mail.recipients.len(), 1);
        readers.entry(&mail.recipients[0]).or_default().push(mail);
    }
    readers
}

fn message_id(mail: &Caught) -> String {
    let text = String::from_utf8_lossy(&mail.raw);
    let line = text.lines().find(|line| line.starts_with("Message-ID:"));
    line.expect("a Message-ID").to_owned()
}

/// Checks that each lane repeated the one mail it could not record, octet for octet.
fn assert_one_repeat_a_lane(readers: &BTreeMap<&str, Vec<&Caught>>) {
    let repeated: Vec<_> = readers.values().filter(|mails| mails.len() > 1).collect();
    let lanes: BTreeSet<u64> = repeated.iter().map(|mails| mails[0].connection).collect();
    assert_eq!(lanes.len(), repeated.len(), "one repeat a lane at most");
    assert_eq!(repeated.len(), LANES, "each lane was cut off once");
    for mails in repeated {
        assert_eq!(mails.len(), 2);
        assert_eq!(message_id(mails[0]), message_id(mails[1]));
        assert_eq!(mails[0].raw, mails[1].raw, "the same octets");
        assert_eq!(mails[0].mail_from, mails[1].mail_from);
    }
}

on_both_databases!(
    a_killed_service_started_again_reaches_everybody_and_repeats_one_mail_a_lane_at_most,
);

async fn a_killed_service_started_again_reaches_everybody_and_repeats_one_mail_a_lane_at_most(
    db: TestDb,
) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url)
        .with("SMTP__URL", &smtp.url())
        .with("SMTP__CONNECTIONS", &LANES.to_string())
        .with("WORKER__LEASE_SECONDS", "15");
    let names: Vec<String> = (0..READERS).map(|n| format!("ok{n}@example.org")).collect();
    installation.write("readers.csv", csv_of(&names));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let issue = draft(&installation, "Sommet").await;
    let serving = installation.serve("all").await;
    smtp.hold_after(100).await;
    installation.ok(&["issue", "send", &issue]).await;
    smtp.wait_for(100 + LANES, Duration::from_secs(60)).await;
    // Each lane hears its 250, and can neither record it nor begin another mail.
    let lock = Lock::take(&db.url).await;
    smtp.accept().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let at_kill = smtp.messages().len();
    serving.kill().await;
    lock.release().await;
    assert!(
        (100 + LANES..READERS).contains(&at_kill),
        "killed in the middle: {at_kill}"
    );
    let left = installation.json(&["issue", "show", &issue]).await;
    assert_eq!(
        (&left["status"], &left["counts"]["sent"]),
        (&"sending".into(), &100.into())
    );

    let again = installation.serve("all").await;
    let events = installation.events(&["issue", "watch", &issue]).await;
    let end = events.last().unwrap();
    assert_eq!(end["status"], "sent");
    assert_eq!(
        (&end["counts"]["audience"], &end["counts"]["sent"]),
        (&READERS.into(), &READERS.into()),
        "{end}"
    );
    assert_eq!(again.terminate().await, Some(0));
    let caught = smtp.messages();
    let readers = by_reader(&caught);
    let reached: BTreeSet<&str> = readers.keys().copied().collect();
    assert_eq!(reached, names.iter().map(String::as_str).collect());
    assert_one_repeat_a_lane(&readers);
}
