//! The least that a durable sign-up can be: parse the JSON, insert one row, answer.
//! `benches/measure` compares the service with it.
//!
//! Arguments: address to listen on, database URL, connections of the pool.

use std::error::Error;
use std::str::FromStr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS bare (address TEXT NOT NULL PRIMARY KEY)";
const INSERT: &str = "INSERT INTO bare (address) VALUES ($1)";

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The fields that the service takes, so that both parse the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Wish {
    email: String,
    newsletter: Option<String>,
    language: Option<String>,
    countries: Option<Vec<String>>,
    name: Option<String>,
}

impl Pool {
    /// The same settings as in `src/store/connection.rs`.
    async fn open(url: &str, connections: u32) -> Result<Self, sqlx::Error> {
        if url.starts_with("postgres") {
            let options = PgPoolOptions::new().max_connections(connections);
            let pool = options.connect(url).await?;
            sqlx::query(TABLE).execute(&pool).await?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8192");
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await?;
        sqlx::query(TABLE).execute(&pool).await?;
        Ok(Self::Sqlite(pool))
    }

    async fn insert(&self, address: String) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(pool) => {
                let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                let insert = sqlx::query(INSERT).bind(address);
                insert.execute(&mut *transaction).await?;
                transaction.commit().await
            }
            // A statement alone is a transaction: one round trip.
            Self::Postgres(pool) => {
                let insert = sqlx::query(INSERT).bind(address);
                insert.execute(pool).await.map(|_| ())
            }
        }
    }
}

async fn sign_up(State(pool): State<Pool>, Json(wish): Json<Wish>) -> StatusCode {
    match pool.insert(wish.email).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |name: &str| arguments.next().ok_or(format!("give {name}"));
    let (address, url) = (next("an address")?, next("a database URL")?);
    let pool = Pool::open(&url, next("a number of connections")?.parse()?).await?;
    let router = Router::new()
        .route("/readyz", get(|| async { "ok\n" }))
        .route("/api/v1/subscriptions", post(sign_up))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(address).await?;
    Ok(axum::serve(listener, router).await?)
}
