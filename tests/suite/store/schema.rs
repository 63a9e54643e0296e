//! Schema and migrations: every statement is prepared on both databases, and their schemas are the same.

use std::collections::BTreeMap;

use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};
use xabar::store::{self, Store, StoreError};

use crate::support::both::{TestDb, on_both_databases};

async fn migrated(db: &TestDb) -> Store {
    let store = Store::open(&db.url, 4).await.unwrap();
    store.migrate(|_| ()).await.unwrap();
    store
}

fn path(db: &TestDb) -> String {
    db.url.clone()
}

#[tokio::test]
async fn every_statement_is_prepared_on_both() {
    let (sqlite, postgres) = (TestDb::sqlite(), TestDb::postgres().await);
    migrated(&sqlite).await;
    migrated(&postgres).await;
    let mut sqlite = SqliteConnection::connect(&path(&sqlite)).await.unwrap();
    let mut postgres = PgConnection::connect(&postgres.url).await.unwrap();
    let statements = store::all_statements();
    assert!(statements.len() > 50, "the list of statements looks cut");
    for (name, statement) in statements {
        // Some are a whole transaction.
        for part in statement.sqlite.split(';') {
            sqlite
                .prepare(sqlx::SqlSafeStr::into_sql_str(part))
                .await
                .unwrap_or_else(|e| panic!("{name} on SQLite: {e}"));
        }
        postgres
            .prepare(sqlx::SqlSafeStr::into_sql_str(statement.postgres))
            .await
            .unwrap_or_else(|e| panic!("{name} on PostgreSQL: {e}"));
    }
}

/// What a campaign repeats for every batch must not read the whole issue.
#[tokio::test]
async fn on_sqlite_a_batch_costs_the_same_in_an_issue_of_any_size() {
    let db = TestDb::sqlite();
    migrated(&db).await;
    let mut connection = SqliteConnection::connect(&db.url).await.unwrap();
    let mut looked_at = 0;
    for (name, statement) in store::all_statements() {
        let repeated = ["delivery::EXTEND", "delivery::STATUS"];
        // Of a cancelled issue, once.
        let single = ["ALL_FREE", "END_FREE", "REMOVE_FREE"];
        let is_of_ranges = name
            .strip_prefix("delivery::range::")
            .is_some_and(|rest| !single.contains(&rest));
        if !name.starts_with("delivery::claim::")
            && !name.starts_with("delivery::record::")
            && !is_of_ranges
            && !repeated.contains(&name.as_str())
        {
            continue;
        }
        for part in statement.sqlite.split(';') {
            looked_at += 1;
            let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {part}")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            for row in plan {
                let step: String = row.get("detail");
                // That index has the first free range first, and one is enough.
                let is_first = step.contains("delivery_range_free (issue_id=?)");
                let reads_the_issue =
                    step.contains("(issue_id=?)") && !is_first || step == "SCAN d";
                assert!(!reads_the_issue, "{name}: {step}");
            }
        }
    }
    assert_eq!(looked_at, 57);
}

/// Failed deliveries are a few rows of a ledger that may have a million, and erased readers a few of all.
#[tokio::test]
async fn on_sqlite_the_few_are_found_without_reading_all() {
    let db = TestDb::sqlite();
    migrated(&db).await;
    let mut connection = SqliteConnection::connect(&db.url).await.unwrap();
    let statements = store::all_statements();
    for (name, step) in [
        (
            "delivery::delivery_log::UNREACHED",
            "USING INDEX delivery_unreached (issue_id=? AND state=? AND subscription_id>?)",
        ),
        (
            "subscriber::dossier::OF_ERASED",
            "SCAN s USING INDEX subscription_erased",
        ),
        (
            "delivery::REQUEUE_FAILED",
            "INDEX delivery_causes (issue_id=? AND state=? AND reply_code=?)",
        ),
        (
            "delivery::REQUEUE_BOUNCED",
            "INDEX delivery_causes (issue_id=? AND state=?",
        ),
        (
            "delivery::RETRY",
            "USING INDEX delivery_unreached (issue_id=? AND state=?)",
        ),
        ("outbox::EXTEND", "USING INDEX outbox_due (due_at>?)"),
    ] {
        let (_, statement) = statements.iter().find(|(n, _)| n == name).unwrap();
        let plan = format!("EXPLAIN QUERY PLAN {}", statement.sqlite);
        let plan = sqlx::query(sqlx::AssertSqlSafe(plan))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let first: String = plan.get("detail");
        assert!(first.contains(step), "{name}: {first}");
    }
}

/// Table → column → (type, nullable), in SQLite's words.
type Shape = BTreeMap<String, BTreeMap<String, (String, bool)>>;

/// But for the index of words, which PostgreSQL has as an index.
async fn sqlite_shape(url: &str) -> Shape {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT m.name AS tab, c.name AS col, c.type AS kind, c.\"notnull\" AS required \
         FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations' \
         AND m.name NOT LIKE 'issue_words%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut shape = Shape::new();
    for row in rows {
        let column = (
            row.get::<String, _>("kind"),
            row.get::<i64, _>("required") == 0,
        );
        shape
            .entry(row.get("tab"))
            .or_default()
            .insert(row.get("col"), column);
    }
    shape
}

async fn postgres_shape(url: &str) -> Shape {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind, \
         is_nullable = 'YES' AS nullable FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' \
         AND table_name NOT IN (SELECT table_name FROM information_schema.views)",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut shape = Shape::new();
    for row in rows {
        let kind = match row.get::<String, _>("kind").as_str() {
            "bigint" => "INTEGER",
            "uuid" | "bytea" => "BLOB",
            // A list is a JSON array in SQLite.
            "text" | "ARRAY" => "TEXT",
            other => panic!("{other} has no counterpart in SQLite"),
        };
        let column = (kind.to_owned(), row.get("nullable"));
        shape
            .entry(row.get("tab"))
            .or_default()
            .insert(row.get("col"), column);
    }
    shape
}

#[tokio::test]
async fn the_two_schemas_are_the_same() {
    let (sqlite, postgres) = (TestDb::sqlite(), TestDb::postgres().await);
    migrated(&sqlite).await;
    migrated(&postgres).await;
    let mut sqlite = sqlite_shape(&path(&sqlite)).await;
    // SQLite cannot take NOT NULL away, and keeps 0 and '' in no octets.
    let delivery = sqlite.get_mut("delivery").unwrap();
    for column in ["bound", "destination"] {
        let (_, nullable) = delivery.get_mut(column).unwrap();
        assert!(!std::mem::replace(nullable, true), "{column}");
    }
    assert_eq!(sqlite, postgres_shape(&postgres.url).await);
}

#[test]
fn both_sides_have_the_same_migrations() {
    let names = |side: &str| {
        let folder = format!("{}/migrations/{side}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

on_both_databases!(
    several_processes_may_migrate_at_once,
    a_newer_schema_is_refused_unless_it_bears_this_program,
);

async fn several_processes_may_migrate_at_once(db: TestDb) {
    let one = |url: String| async move {
        let store = Store::open(&url, 2).await?;
        store.migrate(|_| ()).await
    };
    let all = (0..8).map(|_| tokio::spawn(one(db.url.clone())));
    for outcome in futures_util::future::join_all(all).await {
        outcome.unwrap().unwrap();
    }
}

async fn a_newer_schema_is_refused_unless_it_bears_this_program(db: TestDb) {
    let store = migrated(&db).await;
    store.close().await;
    let known = store::newest_schema_version();
    for name in [
        "expand notes".to_owned(),
        format!("contract {known} old notes"),
    ] {
        add_migration(&db, 9000, &name).await;
        let store = Store::open(&db.url, 2).await.unwrap();
        let borne = store.migrate(|_| ()).await;
        assert!(borne.is_ok(), "{name}: {borne:?}");
        let existing = Store::open_existing(&db.url, 2).await;
        assert!(existing.unwrap().is_some(), "{name}");
        db.execute("DELETE FROM _sqlx_migrations WHERE version = 9000")
            .await
            .unwrap();
    }
    add_migration(&db, 9000, "expand notes").await;
    add_migration(&db, 9999, &format!("contract {} notes", known + 1)).await;
    assert!(matches!(
        Store::open_existing(&db.url, 2).await.err().unwrap(),
        StoreError::NewerSchema { found: 9999, .. }
    ));
    let store = Store::open(&db.url, 2).await.unwrap();
    let refused = store.migrate(|_| ()).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::NewerSchema { found: 9999, .. }),
        "{refused}"
    );
    assert!(
        refused.to_string().contains("start a newer xabar"),
        "{refused}"
    );
}

async fn add_migration(db: &TestDb, version: i64, name: &str) {
    let insert = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT {version}, '{name}', success, checksum, execution_time FROM _sqlx_migrations LIMIT 1"
    );
    db.execute(&insert).await.unwrap();
}

/// The statements of the last release, and its schema: `packaging/release` has them written.
const LAST_RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/last_release.json");

#[derive(serde::Serialize, serde::Deserialize)]
struct Release {
    schema: i64,
    /// By name: on SQLite and on PostgreSQL.
    statements: BTreeMap<String, [String; 2]>,
}

fn last_release() -> Release {
    serde_json::from_str(&std::fs::read_to_string(LAST_RELEASE).unwrap()).unwrap()
}

#[test]
#[ignore = "writes tests/last_release.json, when a release is made"]
fn write_the_statements_of_this_release() {
    let statements = store::all_statements().into_iter();
    let statements = statements.map(|(name, statement)| {
        let both = [statement.sqlite, statement.postgres].map(ToString::to_string);
        (name, both)
    });
    let release = Release {
        schema: store::newest_schema_version(),
        statements: statements.collect(),
    };
    let text = serde_json::to_string_pretty(&release).unwrap();
    std::fs::write(LAST_RELEASE, text + "\n").unwrap();
}

/// While processes are replaced one by one, those of the last release work on the new schema.
#[tokio::test]
async fn the_last_release_works_on_this_schema() {
    let (sqlite, postgres) = (TestDb::sqlite(), TestDb::postgres().await);
    migrated(&sqlite).await;
    migrated(&postgres).await;
    let mut sqlite = SqliteConnection::connect(&path(&sqlite)).await.unwrap();
    let mut postgres = PgConnection::connect(&postgres.url).await.unwrap();
    let release = last_release();
    assert!(release.statements.len() > 300, "the list looks cut");
    for (name, [on_sqlite, on_postgres]) in &release.statements {
        for part in on_sqlite.split(';') {
            let part = sqlx::AssertSqlSafe(part.to_owned());
            let prepared = sqlite.prepare(sqlx::SqlSafeStr::into_sql_str(part)).await;
            prepared.unwrap_or_else(|e| panic!("{name} on SQLite: {e}"));
        }
        let whole = sqlx::AssertSqlSafe(on_postgres.clone());
        let prepared = postgres.prepare(sqlx::SqlSafeStr::into_sql_str(whole));
        prepared
            .await
            .unwrap_or_else(|e| panic!("{name} on PostgreSQL: {e}"));
    }
}

/// What the last release writes has to fit too: `expand` only adds what it need not know.
#[test]
fn migrations_after_the_last_release_say_what_they_bear() {
    let last = last_release().schema;
    let mut looked_at = 0;
    for database in ["sqlite", "postgres"] {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let (version, rest) = name.split_once('_').unwrap();
            looked_at += 1;
            if version.parse::<i64>().unwrap() <= last {
                continue;
            }
            let sql = std::fs::read_to_string(&file).unwrap();
            if let Some(rest) = rest.strip_prefix("contract_") {
                let needed = rest.split('_').next().unwrap().parse::<i64>();
                assert!(
                    needed.is_ok_and(|needed| needed <= last),
                    "{name}: it must bear the last release, whose schema is {last}"
                );
                continue;
            }
            assert!(
                rest.starts_with("expand_"),
                "{name}: name it expand_… or contract_NNNN_… (CONTRIBUTING.md)"
            );
            if let Some(taken) = what_takes_away(&sql) {
                panic!("{name}: `{taken}` does not bear the last release");
            }
        }
    }
    assert!(looked_at > 60, "{looked_at}");
}

/// A line that takes something away from programs which do not know it, or asks something of them.
fn what_takes_away(sql: &str) -> Option<&str> {
    sql.lines().find(|line| {
        let line = line.to_uppercase();
        let takes = ["DROP ", "RENAME ", "SET NOT NULL", "ALTER COLUMN", " TYPE "];
        let asks =
            line.contains("ADD COLUMN") && line.contains("NOT NULL") && !line.contains("DEFAULT");
        asks || takes.iter().any(|word| line.contains(word))
    })
}

#[test]
fn what_takes_away_is_found() {
    for line in [
        "ALTER TABLE issue DROP COLUMN month;",
        "ALTER TABLE issue RENAME TO letter;",
        "ALTER TABLE issue ADD COLUMN a TEXT NOT NULL;",
        "alter table issue alter column month set not null;",
    ] {
        assert_eq!(what_takes_away(line), Some(line));
    }
    let additions = "CREATE TABLE a (b TEXT NOT NULL);\nALTER TABLE issue ADD COLUMN a TEXT NOT NULL DEFAULT '';";
    assert_eq!(what_takes_away(additions), None);
}

#[tokio::test]
async fn an_unknown_database_address_is_refused_without_its_password() {
    let refused = Store::open("mysql://root:secret@localhost/x", 2)
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        refused.contains("sqlite://PATH") && !refused.contains("secret"),
        "{refused}"
    );
}
