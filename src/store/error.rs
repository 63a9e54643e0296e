//! Errors of the store.

use std::path::Path;
use std::sync::Arc;

use super::open_postgres;

/// An error of the store; the variants differ in what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is neither SQLite's nor PostgreSQL's.
    #[error("`{0}` is not a database address; use sqlite://PATH or postgres://USER@HOST/NAME")]
    BadUrl(String),
    /// The database cannot be reached, is locked, full or shutting down: try again later.
    #[error("the database cannot be used at the moment: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The file of an SQLite database, or what lies beside it, cannot be opened.
    #[error("the database {file} cannot be used: {source}")]
    File {
        /// The database.
        file: String,
        /// Why not.
        source: sqlx::Error,
    },
    /// PostgreSQL takes no further connection.
    #[error(
        "PostgreSQL has no connection left for xabar: {0}; raise its max_connections, or lower database.connections"
    )]
    TooManyConnections(String),
    /// What SQLite has not yet written into a file that is gone.
    #[error(
        "{0} is left of another database, and would be mixed into this one or lost: move it to where that database is now"
    )]
    LeftOver(String),
    /// PostgreSQL knows neither user and password nor the database.
    #[error("PostgreSQL does not let xabar in: {0}; check user, password and name in database.url")]
    NotLetIn(String),
    /// All connections of this process are in use.
    #[error(
        "all {0} connections of this process to the database are in use; raise database.connections, or find out what is slow"
    )]
    PoolUsedUp(u32),
    /// The server takes connections, or does not even that, and says nothing.
    #[error("the database does not answer")]
    Silent,
    /// A pooler gives each transaction another session.
    #[error(
        "between xabar and PostgreSQL is a connection pooler in transaction mode, which loses prepared statements, LISTEN and locks; set pool_mode = session for this database, or name PostgreSQL itself in database.url"
    )]
    TransactionPooling,
    /// What PostgreSQL's own clients understand and this program does not.
    #[error(
        "database.url has {0}, which xabar does not support; name one host that is always the primary (a virtual address, or a proxy)"
    )]
    Unsupported(&'static str),
    /// What no program knows, or another one.
    #[error(
        "database.url has the parameter `{0}`, which xabar does not know; leave it out, or correct its name (sslmode, sslrootcert, sslcert, sslkey, host, options, …)"
    )]
    UnknownParameter(String),
    /// A database that cannot hold every letter.
    #[error(
        "the database keeps text as {0}, in which many names cannot be written; make another one with `createdb -E UTF8 -T template0 NAME` and name it in database.url"
    )]
    Encoding(String),
    /// Another row has the same unique value.
    #[error("there is already a {0} with this value")]
    Taken(&'static str),
    /// A row contains a value that this program never writes.
    #[error(
        "{table}.{column} of row {id} is corrupt: {why}; restore it from a backup or correct it by hand"
    )]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        id: String,
        /// What is wrong.
        why: String,
    },
    /// A newer version of this program has upgraded the schema.
    #[error(
        "the database has schema version {found}, newer than this program knows ({known}); start a newer xabar, or restore a backup made before the upgrade"
    )]
    NewerSchema {
        /// The version in the database.
        found: i64,
        /// The newest version this program has.
        known: i64,
    },
    /// The schema is that of an older version of this program.
    #[error(
        "the database has schema version {found}, older than this program's ({known}); back it up and run `xabar migrate`"
    )]
    OlderSchema {
        /// The version in the database.
        found: i64,
        /// The version of this program.
        known: i64,
    },
    /// Creating or upgrading the schema failed.
    #[error("the schema could not be created or upgraded: {0}")]
    Migration(String),
    /// One error of a commit that several callers share.
    #[error(transparent)]
    Shared(Arc<StoreError>),
    /// A value could not be encoded: an error in this program.
    #[error("a value could not be encoded as JSON; report this error: {0}")]
    Encode(#[source] serde_json::Error),
    /// The database refused a statement for good: an error in this program.
    #[error("the database refused a statement: {0}")]
    Refused(#[source] sqlx::Error),
}

impl StoreError {
    /// A file beside an SQLite database cannot be used.
    #[must_use]
    pub fn file(why: std::io::Error) -> Self {
        Self::Unavailable(sqlx::Error::Io(why))
    }

    /// The same while a database is opened: says which.
    #[must_use]
    pub(super) fn of_file(self, path: &Path) -> Self {
        let file = path.display().to_string();
        match self {
            Self::Unavailable(source) => Self::File { file, source },
            other => other,
        }
    }

    /// Something that the answer needs is not to be had at the moment.
    #[must_use]
    pub fn busy(why: &'static str) -> Self {
        Self::Unavailable(sqlx::Error::Io(std::io::Error::other(why)))
    }

    /// Whether `database.url` or the version of this program is wrong. What PostgreSQL says of user, password and
    /// database is not among it: a server that is being set up says so too.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Shared(error) => error.needs_a_person(),
            other => matches!(
                other,
                Self::BadUrl(_)
                    | Self::LeftOver(_)
                    | Self::Unsupported(_)
                    | Self::UnknownParameter(_)
                    | Self::Encoding(_)
                    | Self::TransactionPooling
                    | Self::NewerSchema { .. }
                    | Self::OlderSchema { .. }
            ),
        }
    }

    /// Whether the same call may succeed later without a change to this program or its data.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Shared(error) => error.is_transient(),
            other => matches!(
                other,
                Self::Unavailable(_)
                    | Self::File { .. }
                    | Self::TooManyConnections(_)
                    | Self::PoolUsedUp(_)
                    | Self::Silent
                    | Self::NotLetIn(_)
            ),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        if is_broken_connection(&error) {
            open_postgres::connection_broke();
        }
        match &error {
            E::Database(database) if not_let_in(database.code().as_deref()) => {
                Self::NotLetIn(database.message().to_owned())
            }
            // Too many connections.
            E::Database(database) if database.code().as_deref() == Some("53300") => {
                Self::TooManyConnections(database.message().to_owned())
            }
            E::Database(database) if refused_for_good(database.code().as_deref()) => {
                Self::Refused(error)
            }
            E::Database(_)
            | E::Io(_)
            | E::Tls(_)
            | E::Protocol(_)
            | E::PoolTimedOut
            | E::PoolClosed
            | E::WorkerCrashed
            | E::BeginFailed => Self::Unavailable(error),
            _ => Self::Refused(error),
        }
    }
}

/// Whether an error has ended its connection: SQLSTATE classes 08 (connection) and 57P (the server ends it),
/// or a broken socket.
fn is_broken_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| code.starts_with("08") || code.starts_with("57P")),
        _ => false,
    }
}

/// SQLSTATE class 28 (invalid authorization) and 3D000 (no such database). SQLite's codes are shorter.
fn not_let_in(code: Option<&str>) -> bool {
    code.is_some_and(|code| code.len() == 5 && (code.starts_with("28") || code == "3D000"))
}

/// Whether a code (PostgreSQL's SQLSTATE or SQLite's extended result code) is about the statement,
/// not about the state of the server.
fn refused_for_good(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    match code.parse::<i32>() {
        // SQLite: ERROR, CONSTRAINT, MISMATCH, MISUSE, RANGE. The others (BUSY, FULL, IOERR,
        // READONLY, CANTOPEN …) are about the file.
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 1 | 19 | 20 | 21 | 25),
        // SQLSTATE classes: 08 connection, 25 read-only, 40 rollback, 53 resources,
        // 55 not available, 57 operator intervention, 58 system error.
        _ => !["08", "25", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class)),
    }
}

/// Turns a unique violation into [`StoreError::Taken`].
pub(super) fn taken(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => {
            StoreError::Taken(what)
        }
        _ => error.into(),
    }
}
