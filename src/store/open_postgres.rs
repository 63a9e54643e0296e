//! Opens the pools of connections to PostgreSQL, and says why there is none.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Row as _};
use tokio::time::{Instant, timeout};
use url::Url;

use super::StoreError;
use super::connection::Pools;
use super::open_sqlite::ACQUIRE_TIMEOUT;

/// A connection that was used within this time is not tested before use, unless another has broken since.
const ASSUMED_ALIVE: Duration = Duration::from_secs(1);
/// When a connection of this process has broken last. A statement's error does not tell to which pool its
/// connection belongs, and a test too many does no harm.
static LAST_BROKEN: Mutex<Option<Instant>> = Mutex::new(None);
/// How long to look for the cause when no connection is free.
const CAUSE_TIMEOUT: Duration = Duration::from_secs(3);

/// Set on each connection, and not when it is opened: a pooler such as PgBouncer refuses start-up parameters.
///
/// A suspended process would keep its locks until it resumes. Our transactions wait for nothing but the
/// database, so an idle one is a suspended one. Our statements read few rows by key, so compiling them
/// costs more than it saves. The default page cost assumes a disk; our indexes are mostly in memory.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '10s'; SET jit = off; \
                       SET random_page_cost = 1.1";

/// Pools of connections to PostgreSQL.
///
/// # Errors
/// When the address is wrong or has what is not supported, or the server cannot be used.
pub(super) async fn open(url: &str, connections: u32) -> Result<Pools, StoreError> {
    refuse_unsupported(url)?;
    let options = PgConnectOptions::from_str(url)
        .map_err(|why| unreadable(&why))?
        .application_name("xabar")
        .extra_float_digits(None)
        // As on SQLite: a statement may wait for another process.
        .log_slow_statements(log::LevelFilter::Warn, ACQUIRE_TIMEOUT);
    let sized = |most| {
        PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(sqlx::raw_sql(SESSION)).await.map(drop) })
            })
            // A test costs a round trip, so a connection used just now is not tested.
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    if known.idle_for > ASSUMED_ALIVE || has_broken_within(known.idle_for) {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
    };
    let pool = sized(connections.max(1)).connect_lazy_with(options.clone());
    // The pool retries until its timeout, and then does not tell the cause.
    match pool.acquire().await {
        Ok(mut connection) => refuse_transaction_pooling(&mut connection, &options).await?,
        Err(sqlx::Error::PoolTimedOut) => return Err(cause(&pool).await),
        Err(error) => return Err(error.into()),
    }
    let dedicated = sized(1).connect_lazy_with(options.clone());
    let listening = sized(1).connect_lazy_with(options);
    Ok(Pools::Postgres {
        pool,
        dedicated,
        listening,
    })
}

fn unreadable(why: &sqlx::Error) -> StoreError {
    StoreError::BadUrl(format!(
        "postgres:… ({why}; in user and password write / as %2F, ? as %3F, # as %23 and @ as %40)"
    ))
}

/// A connection has broken. What breaks one breaks others: a server that ends, a proxy that goes away.
pub(super) fn connection_broke() {
    *LAST_BROKEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

fn has_broken_within(time: Duration) -> bool {
    let last = *LAST_BROKEN.lock().unwrap_or_else(PoisonError::into_inner);
    last.is_some_and(|at| at.elapsed() <= time)
}

/// What libpq understands and the driver does not, which would fail with a riddle or be ignored.
fn refuse_unsupported(url: &str) -> Result<(), StoreError> {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let hosts = authority.rsplit('@').next().unwrap_or_default();
    if hosts.contains(',') {
        return Err(StoreError::Unsupported("several hosts"));
    }
    // What cannot be read is refused by the driver.
    let Ok(url) = Url::parse(url) else {
        return Ok(());
    };
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "host" | "hostaddr" if value.contains(',') => {
                return Err(StoreError::Unsupported("several hosts"));
            }
            "target_session_attrs" => return Err(StoreError::Unsupported("target_session_attrs")),
            // Misspelled, as in sslmod, it would be ignored, and with it what it protects from.
            name if !is_parameter(name) => {
                return Err(StoreError::UnknownParameter(name.to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Finds a pooler that gives each transaction another session: one connection sees what another has set.
async fn refuse_transaction_pooling(
    connection: &mut PgConnection,
    options: &PgConnectOptions,
) -> Result<(), StoreError> {
    let ours = std::process::id().to_string();
    let set = format!("SET xabar.session_of = '{ours}'");
    connection
        .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(set)))
        .await?;
    let other = async {
        let mut other = PgConnection::connect_with(options).await?;
        let seen = sqlx::raw_sql("SELECT current_setting('xabar.session_of', true)");
        let seen: Option<String> = other.fetch_one(seen).await?.try_get(0)?;
        other.close().await?;
        Ok::<_, sqlx::Error>(seen)
    };
    // Where there is no second connection, nothing can be said.
    let seen = timeout(CAUSE_TIMEOUT, other).await;
    connection
        .execute(sqlx::raw_sql("RESET xabar.session_of"))
        .await?;
    match seen {
        Ok(Ok(Some(seen))) if seen == ours => Err(StoreError::TransactionPooling),
        _ => Ok(()),
    }
}

/// What the driver reads behind the `?` of an address.
fn is_parameter(name: &str) -> bool {
    let known = [
        "sslmode",
        "ssl-mode",
        "sslrootcert",
        "ssl-root-cert",
        "ssl-ca",
        "sslcert",
        "ssl-cert",
        "sslkey",
        "ssl-key",
        "statement-cache-capacity",
        "host",
        "hostaddr",
        "port",
        "dbname",
        "user",
        "password",
        "application_name",
        "options",
    ];
    // Those of libpq that hosters put into the addresses they hand out; the driver logs that it passes over them.
    let passed_over = [
        "channel_binding",
        "client_encoding",
        "connect_timeout",
        "fallback_application_name",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "sslcompression",
        "sslsni",
        "tcp_user_timeout",
    ];
    let is_known = known.contains(&name) || passed_over.contains(&name);
    is_known || (name.starts_with("options[") && name.ends_with(']'))
}

/// Why a pool has no connection to give: what a new connection meets, or that all are in use.
pub(super) async fn cause(pool: &PgPool) -> StoreError {
    let options = pool.connect_options();
    match timeout(CAUSE_TIMEOUT, PgConnection::connect_with(&options)).await {
        Ok(Err(cause)) => cause.into(),
        Ok(Ok(connection)) => {
            let _ = connection.close().await;
            StoreError::PoolUsedUp(pool.options().get_max_connections())
        }
        Err(_) => StoreError::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::refuse_unsupported;

    #[test]
    fn what_the_driver_does_not_understand_is_refused_by_name() {
        for (url, named) in [
            ("postgres://u:p@a:5432,b:5432/x", "several hosts"),
            ("postgres://u:p@a,b/x", "several hosts"),
            ("postgres:///x?host=a,b", "several hosts"),
            (
                "postgres://u:p@a/x?target_session_attrs=read-write",
                "target_session_attrs",
            ),
            ("postgres://u:p@a/x?sslmod=verify-full", "`sslmod`"),
        ] {
            let refused = refuse_unsupported(url).unwrap_err().to_string();
            assert!(
                refused.contains(named) && !refused.contains("u:p"),
                "{refused}"
            );
        }
        for url in [
            "postgres://u:p,q@a/x",
            "postgres:///x?host=%2Frun%2Fpg",
            "postgres://u@[::1]:5/x",
            "postgres://u@a/x?sslmode=verify-full&options[search_path]=x",
            "postgres://u@a/x?sslmode=require&channel_binding=require",
        ] {
            assert!(refuse_unsupported(url).is_ok(), "{url}");
        }
    }
}
