//! What a process answers while it upgrades the schema.

use std::time::Duration;

use reqwest::{Client, Response};
use sqlx::migrate::{Migrate, Migrator};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tokio::time::{sleep, timeout};

use crate::support::binary::{Installation, terminate};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::free_port;

const PATIENCE: Duration = Duration::from_secs(60);

on_both_databases!(
    while_the_schema_is_upgraded_everybody_is_told_to_come_back,
    an_upgrade_tells_which_migrations_it_runs,
    a_newer_program_that_upgrades_meanwhile_is_noticed,
);

/// A database that lacks the newest migration.
async fn make_older(db: &TestDb) {
    let older = |migrator: &Migrator| {
        let mut versions: Vec<i64> = migrator.iter().map(|one| one.version).collect();
        versions.sort_unstable();
        versions[versions.len() - 2]
    };
    if db.url.starts_with("sqlite:") {
        let url = format!("{}?mode=rwc", db.url);
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let wal = connection.execute("PRAGMA journal_mode = wal").await;
        wal.unwrap();
        let migrator = sqlx::migrate!("migrations/sqlite");
        let ran = migrator.run_to(older(&migrator), &mut connection).await;
        ran.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&db.url).await.unwrap();
        let migrator = sqlx::migrate!("migrations/postgres");
        let ran = migrator.run_to(older(&migrator), &mut connection).await;
        ran.unwrap();
    }
}

/// Keeps migrations from being written until it is dropped.
enum Obstacle {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Obstacle {
    async fn set(db: &TestDb) -> Self {
        if db.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&db.url).await.unwrap();
            connection.execute("BEGIN IMMEDIATE").await.unwrap();
            return Self::Sqlite(connection);
        }
        let mut connection = PgConnection::connect(&db.url).await.unwrap();
        let lock = "BEGIN; LOCK TABLE _sqlx_migrations IN SHARE MODE";
        connection.execute(sqlx::raw_sql(lock)).await.unwrap();
        Self::Postgres(connection)
    }

    async fn remove(self) {
        match self {
            Self::Sqlite(mut connection) => connection.execute("ROLLBACK").await.map(drop),
            Self::Postgres(mut connection) => connection.execute("ROLLBACK").await.map(drop),
        }
        .unwrap();
    }
}

/// The first answer for which `is_it` holds.
async fn wait_for(client: &Client, url: &str, is_it: impl Fn(u16) -> bool) -> Response {
    let asking = async {
        loop {
            if let Ok(answer) = client.get(url).send().await
                && is_it(answer.status().as_u16())
            {
                return answer;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, asking).await.expect(url)
}

fn assert_comes_back_later(answer: &Response) {
    assert_eq!(answer.status(), 503);
    let after = answer.headers()["retry-after"].to_str().unwrap();
    assert!(after.parse::<u32>().unwrap() > 0);
}

async fn while_the_schema_is_upgraded_everybody_is_told_to_come_back(db: TestDb) {
    make_older(&db).await;
    let obstacle = Obstacle::set(&db).await;
    let free_address = || format!("127.0.0.1:{}", free_port());
    let (pages, operators) = (free_address(), free_address());
    let installation = Installation::new(&db.url)
        .with("HTTP__LISTEN", &pages)
        .with("METRICS__LISTEN", &operators);
    let mut process = installation.start(&["serve"]);
    let client = Client::new();
    let url = |path: &str| format!("http://{pages}{path}");

    let ready = wait_for(&client, &url("/readyz"), |_| true).await;
    assert_comes_back_later(&ready);
    assert_eq!(ready.text().await.unwrap(), "not ready\nupgrading\n");
    let to_operators = client.get(format!("http://{operators}/readyz"));
    let to_operators = to_operators.send().await.unwrap();
    assert_comes_back_later(&to_operators);
    let said = to_operators.text().await.unwrap();
    assert!(said.contains("(1 of 1)"), "{said}");
    let alive = client.get(url("/healthz")).send().await.unwrap();
    assert_eq!(alive.status(), 200, "nobody should kill it");

    let visit = client.get(url("/subscribe"));
    let page = visit
        .header("accept-language", "de-AT")
        .send()
        .await
        .unwrap();
    assert_comes_back_later(&page);
    let page = page.text().await.unwrap();
    assert!(page.contains("<html lang=\"de\""), "{page}");
    let style = client.get(url("/static/site.css")).send().await.unwrap();
    assert_eq!(style.status(), 200);
    says_to_editors_that_nothing_is_lost(&client, &url("/desk/issues")).await;
    let one_click = client.post(url("/unsubscribe/token"));
    assert_comes_back_later(&one_click.send().await.unwrap());
    let call = client.get(url("/api/v1/issues")).send().await.unwrap();
    assert_comes_back_later(&call);
    assert_eq!(call.headers()["content-type"], "application/problem+json");

    obstacle.remove().await;
    wait_for(&client, &url("/readyz"), |status| status == 200).await;
    let form = client.get(url("/subscribe")).send().await.unwrap();
    assert_eq!(form.status(), 200);
    assert_eq!(terminate(&mut process).await, Some(0));
}

/// The desk says it in its own words, without the links of readers; a part of a page gets a part.
async fn says_to_editors_that_nothing_is_lost(client: &Client, url: &str) {
    for (language, words) in [
        ("fr", "Rien de ce que vous avez écrit n’est perdu"),
        ("de", "Was Sie geschrieben haben, ist nicht verloren"),
        ("en", "Nothing you typed is lost"),
        ("ru", "Написанное не потеряно"),
    ] {
        for asked in [client.get(url), client.post(url)] {
            let asked = asked.header("accept-language", language);
            let page = asked.send().await.unwrap();
            assert_comes_back_later(&page);
            let page = page.text().await.unwrap();
            assert!(page.contains(words), "{page}");
            for link in ["/subscribe", "/archive", "/my-data"] {
                assert!(!page.contains(link), "{link} in {page}");
            }
        }
    }
    let part = client.post(url).header("hx-request", "true");
    let part = part.header("accept-language", "en").send().await.unwrap();
    assert_comes_back_later(&part);
    let part = part.text().await.unwrap();
    assert!(part.contains("Nothing you typed is lost"), "{part}");
    assert!(!part.contains("<html"), "{part}");
}

async fn an_upgrade_tells_which_migrations_it_runs(db: TestDb) {
    make_older(&db).await;
    let installation = Installation::new(&db.url);
    let refused = installation.run_alone(&["issue", "list"], "").await;
    assert_ne!(refused.status, Some(0), "a command upgrades nothing");
    let ran = installation.run_alone(&["migrate"], "").await;
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("upgrading the schema"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("up to date"), "{}", ran.stdout);
    let again = installation.run_alone(&["migrate"], "").await;
    assert!(!again.stderr.contains("upgrading"), "{}", again.stderr);
}

/// The lock of whoever upgrades the schema.
enum UpgradeLock {
    Sqlite(std::fs::File),
    Postgres(PgConnection),
}

impl UpgradeLock {
    async fn take(db: &TestDb) -> Self {
        if let Some(path) = db.url.strip_prefix("sqlite://") {
            let file = std::fs::File::create(format!("{path}.lock")).unwrap();
            file.lock().unwrap();
            return Self::Sqlite(file);
        }
        let mut connection = PgConnection::connect(&db.url).await.unwrap();
        connection.lock().await.unwrap();
        Self::Postgres(connection)
    }

    /// Waits until another process waits, where the database tells.
    async fn wait_for_another(&mut self) {
        let Self::Postgres(connection) = self else {
            return;
        };
        let waiting = async {
            let count = "SELECT COUNT(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted";
            while sqlx::query_scalar::<_, i64>(count)
                .fetch_one(&mut *connection)
                .await
                .unwrap()
                == 0
            {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap();
    }

    async fn release(self) {
        match self {
            Self::Sqlite(file) => file.unlock().unwrap(),
            Self::Postgres(mut connection) => connection.unlock().await.unwrap(),
        }
    }
}

async fn a_newer_program_that_upgrades_meanwhile_is_noticed(db: TestDb) {
    let installation = Installation::new(&db.url).with("LOG", "error");
    installation.ok(&["migrate"]).await;
    let mut lock = UpgradeLock::take(&db).await;
    let newer = async {
        lock.wait_for_another().await;
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            SELECT 9999, 'contract 9998 what we use', success, checksum, execution_time \
            FROM _sqlx_migrations LIMIT 1";
        db.execute(newer).await.unwrap();
        lock.release().await;
    };
    let command = ["migrate"];
    let (ran, ()) = tokio::join!(installation.run_alone(&command, ""), newer);
    assert_eq!(ran.status, Some(78), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("schema version 9999, newer"),
        "{}",
        ran.stderr
    );
}
