//! Declares statements for both databases and runs them.
//!
//! [`statements!`] declares a statement once. It lists the few pieces that differ between SQLite and
//! PostgreSQL by name. The macros below run a statement with its values, in the order of `$1`, `$2` …:
//!
//! | macro | returns |
//! | --- | --- |
//! | `execute!` | the number of rows that changed |
//! | `fetch_one!`, `fetch_optional!`, `fetch_all!` | rows of a type that is `FromRow`, or tuples |
//! | `fetch_scalar!`, `fetch_optional_scalar!`, `fetch_all_scalars!` | the first column of the rows |
//!
//! Each of them returns `Result<_, sqlx::Error>`.

/// One statement in both dialects; they are the same text unless it uses one of the pieces below.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// What SQLite runs.
    pub sqlite: &'static str,
    /// What PostgreSQL runs.
    pub postgres: &'static str,
}

/// A piece of a statement as SQLite needs it.
macro_rules! sqlite_piece {
    // SQLite needs no row locks: it has one writer connection.
    (for_update) => {
        ""
    };
    (skip_locked) => {
        ""
    };
    // The order of the octets of a text, in which Rust sorts as well. PostgreSQL's own is that of a language in most
    // databases.
    (by_octets) => {
        ""
    };
    // The numbers of the JSON array that is bound as this parameter.
    (ids_1) => {
        "(SELECT value FROM json_each($1))"
    };
    (ids_2) => {
        "(SELECT value FROM json_each($2))"
    };
    (ids_4) => {
        "(SELECT value FROM json_each($4))"
    };
    // The identifiers of the JSON array that is bound as this parameter.
    (uuids_1) => {
        "(SELECT unhex(value, '-') FROM json_each($1))"
    };
    // Numbers as a value of a column that lists numbers; such a column read as a JSON array, and its length; the
    // beginning of a subquery that lists the column `id`.
    (list_3) => {
        "$3"
    };
    (list_4) => {
        "$4"
    };
    (members) => {
        "members"
    };
    (length_of_members) => {
        "json_array_length(members)"
    };
    (list_ids) => {
        "(SELECT json_group_array(id)"
    };
    // The ranges that nobody has leased, and the others. Without being told, SQLite reads all ranges of an issue by
    // the primary key.
    (free_ranges) => {
        "delivery_range INDEXED BY delivery_range_free"
    };
    (leased_ranges) => {
        "delivery_range INDEXED BY delivery_range_leased"
    };
    ({ sqlite: $sqlite:expr, postgres: $postgres:expr $(,)? }) => {
        $sqlite
    };
    // A macro of the file, for text that several statements share.
    (($shared:ident!)) => {
        $shared!()
    };
    ($text:literal) => {
        $text
    };
}

/// A piece of a statement as PostgreSQL needs it.
macro_rules! postgres_piece {
    (for_update) => {
        " FOR UPDATE"
    };
    (skip_locked) => {
        " FOR UPDATE SKIP LOCKED"
    };
    (by_octets) => {
        " COLLATE \"C\""
    };
    (ids_1) => {
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json)))"
    };
    (ids_2) => {
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)))"
    };
    (ids_4) => {
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($4 AS json)))"
    };
    (uuids_1) => {
        "(SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))"
    };
    (list_3) => {
        "ARRAY(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($3 AS json)))"
    };
    (list_4) => {
        "ARRAY(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($4 AS json)))"
    };
    (members) => {
        "CAST(array_to_json(members) AS TEXT)"
    };
    (length_of_members) => {
        "CARDINALITY(members)"
    };
    (list_ids) => {
        "ARRAY(SELECT id"
    };
    (free_ranges) => {
        "delivery_range"
    };
    (leased_ranges) => {
        "delivery_range"
    };
    ({ sqlite: $sqlite:expr, postgres: $postgres:expr $(,)? }) => {
        $postgres
    };
    (($shared:ident!)) => {
        $shared!()
    };
    ($text:literal) => {
        $text
    };
}

/// Declares the statements of a file as constants, and lists them all in `STATEMENTS`.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = [$($piece:tt),+ $(,)?];)+) => {
        $(
            $(#[$meta])*
            const $name: $crate::store::dialect::Statement = $crate::store::dialect::Statement {
                sqlite: concat!($($crate::store::dialect::sqlite_piece!($piece)),+),
                postgres: concat!($($crate::store::dialect::postgres_piece!($piece)),+),
            };
        )+
        pub(in crate::store) const STATEMENTS: &[(&str, $crate::store::dialect::Statement)] =
            &[$((stringify!($name), $name)),+];
    };
}

/// Evaluates `$body` with the statement's text and the connection of the database in use. The macros
/// below cover ordinary statements.
macro_rules! run {
    ($db:expr, $statement:expr, |$sql:ident, $connection:ident| $body:expr) => {
        match $db.connection() {
            $crate::store::connection::Connection::Sqlite($connection) => {
                let $sql = $statement.sqlite;
                $body
            }
            $crate::store::connection::Connection::Postgres($connection) => {
                let $sql = $statement.postgres;
                $body
            }
        }
    };
}

/// Runs a statement that returns no rows; returns how many rows it changed.
macro_rules! execute {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::run!($db, $statement, |sql, connection| {
            sqlx::query(sql)$(.bind($value))*
                .execute(connection)
                .await
                .map(|done| done.rows_affected())
        })
    };
}

macro_rules! fetch {
    ($query:ident, $fetch:ident, $db:expr, $statement:expr $(, $value:expr)*) => {
        $crate::store::dialect::run!($db, $statement, |sql, connection| {
            sqlx::$query(sql)$(.bind($value))*.$fetch(connection).await
        })
    };
}

/// The one row of a statement; an error if there is none.
macro_rules! fetch_one {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::fetch!(query_as, fetch_one, $db, $statement $(, $value)*)
    };
}

/// The row of a statement, if there is one.
macro_rules! fetch_optional {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::fetch!(query_as, fetch_optional, $db, $statement $(, $value)*)
    };
}

/// All rows of a statement.
macro_rules! fetch_all {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::fetch!(query_as, fetch_all, $db, $statement $(, $value)*)
    };
}

/// The first column of the one row of a statement; an error if there is none.
macro_rules! fetch_scalar {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::fetch!(query_scalar, fetch_one, $db, $statement $(, $value)*)
    };
}

/// The first column of the row of a statement, if there is one.
macro_rules! fetch_optional_scalar {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::fetch!(query_scalar, fetch_optional, $db, $statement $(, $value)*)
    };
}

/// The first column of all rows of a statement.
macro_rules! fetch_all_scalars {
    ($db:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::dialect::fetch!(query_scalar, fetch_all, $db, $statement $(, $value)*)
    };
}

pub(crate) use {
    execute, fetch, fetch_all, fetch_all_scalars, fetch_one, fetch_optional, fetch_optional_scalar,
    fetch_scalar, postgres_piece, run, sqlite_piece, statements,
};
