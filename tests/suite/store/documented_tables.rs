//! The table of tables in `docs/ARCHITECTURE.md` is complete.

use std::collections::BTreeSet;

use sqlx::{Connection, SqliteConnection};
use xabar::store::Store;

use crate::support::both::TestDb;

/// The names in the first column.
fn described() -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, table) = text.split_once("\n| table | a row is |").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    let names = cells.flat_map(|cell| cell.split(", "));
    names
        .map(|name| name.trim_matches('`').to_owned())
        .collect()
}

#[tokio::test]
async fn the_architecture_describes_every_table() {
    let db = TestDb::sqlite();
    let store = Store::open(&db.url, 2).await.unwrap();
    store.migrate(|_| ()).await.unwrap();
    let mut connection = SqliteConnection::connect(&db.url).await.unwrap();
    // issue_words… is the index of words, which PostgreSQL has as an index.
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                 AND name <> '_sqlx_migrations' AND name NOT LIKE 'issue_words%'";
    let names: Vec<String> = sqlx::query_scalar(names)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(described(), names.into_iter().collect());
}
