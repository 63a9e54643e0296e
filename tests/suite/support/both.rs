//! One test, both databases.

use std::time::Duration;

use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::postgres;

/// An empty database of a test's own.
pub struct TestDb {
    /// What `XABAR_DATABASE__URL` would be.
    pub url: String,
    // Removed when the test ends.
    _dir: Option<TempDir>,
}

impl TestDb {
    /// A path for a database file that does not exist yet.
    pub fn sqlite() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("xabar-test-")
            .tempdir()
            .expect("a folder for the test's database");
        Self {
            url: format!("sqlite://{}", dir.path().join("xabar.db").display()),
            _dir: Some(dir),
        }
    }

    /// A new database on the tests' PostgreSQL server.
    pub async fn postgres() -> Self {
        Self {
            url: postgres::fresh_database().await,
            _dir: None,
        }
    }

    /// A database that is there already.
    pub fn at(url: String) -> Self {
        Self { url, _dir: None }
    }

    /// The one number that a query answers with, past everything that the service knows.
    pub async fn number(&self, query: &str) -> i64 {
        let safe = || sqlx::AssertSqlSafe(query.to_owned());
        let answer = if self.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.url).await.expect(query);
            sqlx::query_scalar(safe()).fetch_one(&mut connection).await
        } else {
            let mut connection = PgConnection::connect(&self.url).await.expect(query);
            sqlx::query_scalar(safe()).fetch_one(&mut connection).await
        };
        answer.expect(query)
    }

    /// Returns when a session of this PostgreSQL database waits for a lock.
    pub async fn until_a_session_is_blocked(&self) {
        let waits = "SELECT COUNT(*) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let blocked = async {
            while self.number(waits).await == 0 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let blocked = timeout(Duration::from_secs(60), blocked).await;
        blocked.expect("no session waits for a lock");
    }

    /// Every column that can hold text, as table and column.
    pub async fn text_columns(&self) -> Vec<(String, String)> {
        if self.url.starts_with("sqlite:") {
            let query = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations' \
                AND c.type IN ('TEXT', 'BLOB', '')";
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query_as(query).fetch_all(&mut connection).await
        } else {
            let query = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' \
                AND data_type NOT IN ('bigint', 'integer', 'smallint', 'boolean')";
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query_as(query).fetch_all(&mut connection).await
        }
        .unwrap()
    }

    /// In how many rows a column holds this text.
    pub async fn occurrences(&self, table: &str, column: &str, text: &str) -> i64 {
        let as_text = if self.url.starts_with("sqlite:") {
            format!("CAST(\"{column}\" AS TEXT)")
        } else {
            // Octets are shown as their letters, where they are letters.
            format!("\"{column}\"::text")
        };
        self.number(&format!(
            "SELECT COUNT(*) FROM {table} WHERE {as_text} LIKE '%{text}%'"
        ))
        .await
    }

    /// Runs a statement as somebody would who has the database.
    pub async fn execute(&self, statement: &str) -> Result<(), sqlx::Error> {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        if self.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.url).await?;
            sqlx::query("PRAGMA foreign_keys = off")
                .execute(&mut connection)
                .await?;
            sqlx::query(statement).execute(&mut connection).await?;
        } else {
            let mut connection = PgConnection::connect(&self.url).await?;
            sqlx::query(statement).execute(&mut connection).await?;
        }
        Ok(())
    }
}

/// Runs tests on both databases: `async fn name(db: TestDb)` becomes the tests `name::sqlite` and
/// `name::postgres`.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name($crate::support::both::TestDb::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$name($crate::support::both::TestDb::postgres().await).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;
