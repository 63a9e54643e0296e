//! The few places where the two databases speak differently.

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
    // The one writer connection makes row locks needless.
    (for_update) => {
        ""
    };
    (skip_locked) => {
        ""
    };
    // The numbers of the JSON array that is bound there.
    (ids_1) => {
        "(SELECT value FROM json_each($1))"
    };
    (ids_2) => {
        "(SELECT value FROM json_each($2))"
    };
    (ids_4) => {
        "(SELECT value FROM json_each($4))"
    };
    ({ sqlite: $sqlite:literal, postgres: $postgres:literal }) => {
        $sqlite
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
    (ids_1) => {
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json)))"
    };
    (ids_2) => {
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)))"
    };
    (ids_4) => {
        "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($4 AS json)))"
    };
    ({ sqlite: $sqlite:literal, postgres: $postgres:literal }) => {
        $postgres
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

/// Runs `$body` with the statement's text and the connection of whichever database it is.
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

pub(crate) use {postgres_piece, run, sqlite_piece, statements};
