//! Statements that take many rows at once.
//!
//! SQLite gets the rows as VALUES, because it reads JSON slowly; PostgreSQL gets an array for each
//! column.

use std::sync::{Arc, OnceLock};

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, FromRow, query_as_with, query_with};
use uuid::Uuid;

use super::connection::{Connection, Read};
use super::dialect::{Statement, postgres_piece};

/// The numbers of rows that one call of SQLite takes, ascending. Unused rows are NULL.
const SIZES: [usize; 4] = [1, 8, 64, SQLITE_ROWS];
const SQLITE_ROWS: usize = 512;
/// The most rows that one call of PostgreSQL takes.
const POSTGRES_ROWS: usize = 2_048;
/// All callers lock rows in this order: two orders deadlock. Where it is also that of an index, each of its pages
/// is read and written once. SQLite takes the rows as they come, which callers have sorted.
const ORDER: &str = " ORDER BY r.key";
const POSTGRES_ORDER: &str = concat!(" ORDER BY r.key", postgres_piece!(by_octets));
/// How a statement keeps others from changing the subscribers that it reads. It is after the order: PostgreSQL locks
/// sorted rows as they come. SQLite needs no row locks.
const LOCK: &str = " FOR NO KEY UPDATE OF p";

/// The name and the type of a column of the rows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    Integer(&'static str),
    Text(&'static str),
    Octets(&'static str),
}

/// A value of a row, of its column's type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Integer(i64),
    Text(Option<&'a str>),
    Octets(&'a [u8]),
}

/// A value that is the same for all rows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shared {
    Integer(i64),
    MaybeInteger(Option<i64>),
    Text(&'static str),
    Id(Uuid),
}

/// A statement about rows that it calls `r`. Its text must skip rows whose columns are NULL. It has the
/// values that all rows share as `$1`, `$2` …, once each and in this order.
pub(super) struct BulkStatement {
    name: &'static str,
    columns: &'static [Column],
    shared: usize,
    text: &'static str,
    texts: OnceLock<Texts>,
}

struct Texts {
    /// One for each of [`SIZES`].
    sqlite: Vec<&'static str>,
    postgres: &'static str,
}

macro_rules! add_shared {
    ($arguments:ident, $shared:expr) => {
        for value in $shared {
            match *value {
                Shared::Integer(value) => $arguments.add(value),
                Shared::MaybeInteger(value) => $arguments.add(value),
                Shared::Text(value) => $arguments.add(value),
                Shared::Id(value) => $arguments.add(value),
            }
            .map_err(sqlx::Error::Encode)?;
        }
    };
}

/// Makes a call of sqlx for each group of items, and does `$take` with what it returns. The arguments of the
/// next group are made while the database works.
macro_rules! group_by_group {
    ($groups:expr, $arguments:expr, $connection:ident, $query:ident, $call:ident, |$done:ident| $take:expr) => {{
        let (mut groups, mut arguments) = ($groups, $arguments);
        let mut next = groups.next().map(&mut arguments);
        while let Some(this) = next.take() {
            let (sql, values) = this?;
            let call = $query(sql, values).$call(&mut *$connection);
            let prepare = async { next = groups.next().map(&mut arguments) };
            let (done, ()) = futures_util::future::join(call, prepare).await;
            let $done = done?;
            $take;
        }
    }};
}

/// The same on the database in use, for the `items` of a method below.
macro_rules! in_groups {
    ($self:ident, $db:ident, $shared:ident, $items:ident, $row:ident, $query:ident, $call:ident, |$done:ident| $take:expr) => {{
        debug_assert_eq!(($self.columns.len(), $self.shared), (N, $shared.len()));
        match $db.connection() {
            Connection::Sqlite(connection) => {
                let arguments = |group: &'a [T]| $self.for_sqlite($shared, group, &mut $row);
                let groups = $items.chunks(SQLITE_ROWS);
                group_by_group!(groups, arguments, connection, $query, $call, |$done| $take);
            }
            Connection::Postgres(connection) => {
                let arguments = |group: &'a [T]| $self.for_postgres($shared, group, &mut $row);
                let groups = $items.chunks(POSTGRES_ROWS);
                group_by_group!(groups, arguments, connection, $query, $call, |$done| $take);
            }
        }
    }};
}

impl BulkStatement {
    /// A statement with so many shared values.
    pub(super) const fn new(
        name: &'static str,
        shared: usize,
        columns: &'static [Column],
        text: &'static str,
    ) -> Self {
        Self {
            name,
            columns,
            shared,
            text,
            texts: OnceLock::new(),
        }
    }

    fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let names: Vec<&str> = self.columns.iter().map(|column| column.name()).collect();
            let names = names.join(", ");
            let whole = |rows: &str, text: &str| -> &'static str {
                // Once for each statement of the program: what drivers take for their caches.
                format!("WITH r ({names}) AS ({rows}) {text}").leak()
            };
            // SQLite looks a numbered parameter up by reading the list of all of them.
            let mut unnumbered = self.text.replace(ORDER, "").replace(LOCK, "");
            for number in 1..=self.shared {
                unnumbered = unnumbered.replacen(&format!("${number}"), "?", 1);
            }
            let row = format!("({})", vec!["?"; self.columns.len()].join(", "));
            let values = |size: &usize| {
                let rows = vec![row.as_str(); *size].join(", ");
                whole(&format!("VALUES {rows}"), &unnumbered)
            };
            let arrays = self.columns.iter().enumerate().map(|(number, column)| {
                let place = self.shared + number + 1;
                format!("${place}::{}[]", column.postgres_type())
            });
            let arrays: Vec<String> = arrays.collect();
            Texts {
                sqlite: SIZES.iter().map(values).collect(),
                postgres: whole(
                    &format!("SELECT * FROM UNNEST({})", arrays.join(", ")),
                    &self.text.replace(ORDER, POSTGRES_ORDER),
                ),
            }
        })
    }

    /// The texts, for the list of all statements.
    pub(super) fn statements(&self) -> impl Iterator<Item = (String, Statement)> {
        let texts = self.texts();
        let sized = SIZES.iter().zip(&texts.sqlite);
        sized.map(|(size, sqlite)| {
            let statement = Statement {
                sqlite,
                postgres: texts.postgres,
            };
            (format!("{}_{size}", self.name), statement)
        })
    }

    /// Runs the statement for the rows that `row` makes of all items, in their order and each once; returns
    /// what it returns.
    pub(super) async fn fetch_all<'a, const N: usize, T: Sync, O>(
        &self,
        db: &mut Read,
        shared: &[Shared],
        items: &'a [T],
        mut row: impl FnMut(&'a T) -> [Value<'a>; N] + Send,
    ) -> Result<Vec<O>, sqlx::Error>
    where
        O: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let mut found: Vec<O> = Vec::new();
        in_groups!(
            self,
            db,
            shared,
            items,
            row,
            query_as_with,
            fetch_all,
            |more| found.extend(more)
        );
        Ok(found)
    }

    /// Runs the statement for the rows that `row` makes of all items, in their order and each once; returns
    /// how many rows it changed.
    pub(super) async fn execute<'a, const N: usize, T: Sync>(
        &self,
        db: &mut Read,
        shared: &[Shared],
        items: &'a [T],
        mut row: impl FnMut(&'a T) -> [Value<'a>; N] + Send,
    ) -> Result<u64, sqlx::Error> {
        let mut changed = 0;
        in_groups!(self, db, shared, items, row, query_with, execute, |done| {
            changed += done.rows_affected()
        });
        Ok(changed)
    }

    /// The statement for a group of rows, and its arguments.
    fn for_postgres<'a, const N: usize, T>(
        &self,
        shared: &[Shared],
        items: &'a [T],
        row: impl FnMut(&'a T) -> [Value<'a>; N],
    ) -> Result<(&'static str, PgArguments), sqlx::Error> {
        let mut arguments = PgArguments::default();
        add_shared!(arguments, shared);
        let rows: Vec<[Value<'a>; N]> = items.iter().map(row).collect();
        for (number, column) in self.columns.iter().enumerate() {
            let values = rows.iter().map(|row| row[number]);
            match column {
                Column::Integer(_) => arguments.add(values.map(Value::integer).collect::<Vec<_>>()),
                Column::Text(_) => arguments.add(values.map(Value::text).collect::<Vec<_>>()),
                Column::Octets(_) => arguments.add(values.map(Value::octets).collect::<Vec<_>>()),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok((self.texts().postgres, arguments))
    }

    /// The statement that takes as many rows as there are, and its arguments.
    fn for_sqlite<'a, const N: usize, T>(
        &self,
        shared: &[Shared],
        items: &'a [T],
        row: impl FnMut(&'a T) -> [Value<'a>; N],
    ) -> Result<(&'static str, SqliteArguments), sqlx::Error> {
        let place = SIZES.iter().position(|size| *size >= items.len());
        let place = place.unwrap_or(SIZES.len() - 1);
        let mut arguments = SqliteArguments::default();
        arguments.reserve(SIZES[place] * N + shared.len(), 0);
        // Most texts of some columns are those of the row before.
        let mut texts: [Option<(&str, Arc<str>)>; N] = [const { None }; N];
        for values in items.iter().map(row) {
            for (value, text) in values.into_iter().zip(&mut texts) {
                match value {
                    Value::Integer(value) => arguments.add(value),
                    Value::Octets(value) => arguments.add(value),
                    Value::Text(None) => arguments.add(None::<i64>),
                    Value::Text(Some(value)) => {
                        let same = text.take().filter(|(before, _)| *before == value);
                        let (_, shared) =
                            text.insert(same.unwrap_or_else(|| (value, value.into())));
                        arguments.add(Arc::clone(shared))
                    }
                }
                .map_err(sqlx::Error::Encode)?;
            }
        }
        for _ in 0..(SIZES[place] - items.len()) * N {
            arguments.add(None::<i64>).map_err(sqlx::Error::Encode)?;
        }
        add_shared!(arguments, shared);
        Ok((self.texts().sqlite[place], arguments))
    }
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Integer(name) | Self::Text(name) | Self::Octets(name) => name,
        }
    }

    const fn postgres_type(self) -> &'static str {
        match self {
            Self::Integer(_) => "BIGINT",
            Self::Text(_) => "TEXT",
            Self::Octets(_) => "BYTEA",
        }
    }
}

impl<'a> Value<'a> {
    fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Text(_) | Self::Octets(_) => None,
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(value) => value,
            Self::Integer(_) | Self::Octets(_) => None,
        }
    }

    fn octets(self) -> Option<&'a [u8]> {
        match self {
            Self::Octets(value) => Some(value),
            Self::Integer(_) | Self::Text(_) => None,
        }
    }
}
