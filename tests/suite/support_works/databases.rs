use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::postgres::fresh_database;

#[tokio::test]
async fn a_fresh_postgres_database_is_empty_and_its_own() {
    let (one, two) = tokio::join!(fresh_database(), fresh_database());
    assert_ne!(one, two);
    let mut one = PgConnection::connect(&one).await.unwrap();
    let mut two = PgConnection::connect(&two).await.unwrap();
    sqlx::query("CREATE TABLE mark (id int)")
        .execute(&mut one)
        .await
        .unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let in_one: i64 = sqlx::query_scalar(tables)
        .fetch_one(&mut one)
        .await
        .unwrap();
    let in_two: i64 = sqlx::query_scalar(tables)
        .fetch_one(&mut two)
        .await
        .unwrap();
    assert_eq!((in_one, in_two), (1, 0));
}

on_both_databases!(answers_a_query,);

async fn answers_a_query(db: TestDb) {
    let answer: i32 = if db.url.starts_with("sqlite:") {
        let options: SqliteConnectOptions = db.url.parse().unwrap();
        let mut connection = SqliteConnection::connect_with(&options.create_if_missing(true))
            .await
            .unwrap();
        sqlx::query_scalar("SELECT 1")
            .fetch_one(&mut connection)
            .await
            .unwrap()
    } else {
        let mut connection = PgConnection::connect(&db.url).await.unwrap();
        sqlx::query_scalar("SELECT 1")
            .fetch_one(&mut connection)
            .await
            .unwrap()
    };
    assert_eq!(answer, 1);
}
