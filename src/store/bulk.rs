//! Statements that take many rows at once.
//!
//! SQLite gets the rows as VALUES, because it reads JSON slowly; PostgreSQL gets an array for each
//! column.

use std::sync::OnceLock;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, query_as};
use uuid::Uuid;

use super::connection::{Connection, Read};
use super::dialect::Statement;

/// The numbers of rows that one call takes, ascending. Unused rows are NULL.
const SIZES: [usize; 4] = [1, 8, 64, 512];

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

/// Binds values of an enum, in their order, whichever database the query is for.
macro_rules! bind {
    ($query:ident, $values:expr, $kind:ident { $($variant:ident),+ }) => {
        for value in $values {
            $query = match *value {
                $($kind::$variant(value) => $query.bind(value),)+
            };
        }
    };
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
            let mut unnumbered = self.text.to_owned();
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
                    self.text,
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

    /// Runs the statement for all rows, in their order; returns what it returns.
    pub(super) async fn fetch_all<const N: usize, O>(
        &self,
        db: &mut Read,
        shared: &[Shared],
        rows: &[[Value<'_>; N]],
    ) -> Result<Vec<O>, sqlx::Error>
    where
        O: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let (mut found, most) = (Vec::new(), SIZES[SIZES.len() - 1]);
        for group in rows.chunks(most) {
            found.extend(self.fetch_group(db, shared, group).await?);
        }
        Ok(found)
    }

    /// Runs the statement for all rows.
    pub(super) async fn execute<const N: usize>(
        &self,
        db: &mut Read,
        shared: &[Shared],
        rows: &[[Value<'_>; N]],
    ) -> Result<(), sqlx::Error> {
        let _: Vec<()> = self.fetch_all(db, shared, rows).await?;
        Ok(())
    }

    async fn fetch_group<const N: usize, O>(
        &self,
        db: &mut Read,
        shared: &[Shared],
        rows: &[[Value<'_>; N]],
    ) -> Result<Vec<O>, sqlx::Error>
    where
        O: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        debug_assert_eq!((self.columns.len(), self.shared), (N, shared.len()));
        let texts = self.texts();
        match db.connection() {
            Connection::Sqlite(connection) => {
                let place = SIZES.iter().position(|size| *size >= rows.len());
                let place = place.unwrap_or(SIZES.len() - 1);
                let mut query = query_as(texts.sqlite[place]);
                bind!(
                    query,
                    rows.iter().flatten(),
                    Value {
                        Integer,
                        Text,
                        Octets
                    }
                );
                for _ in 0..(SIZES[place] - rows.len()) * N {
                    query = query.bind(None::<i64>);
                }
                bind!(query, shared, Shared { Integer, Text, Id });
                query.fetch_all(connection).await
            }
            Connection::Postgres(connection) => {
                let mut query = query_as(texts.postgres);
                bind!(query, shared, Shared { Integer, Text, Id });
                for (number, column) in self.columns.iter().enumerate() {
                    let values = rows.iter().map(|row| row[number]);
                    query = match column {
                        Column::Integer(_) => {
                            query.bind(values.map(Value::integer).collect::<Vec<_>>())
                        }
                        Column::Text(_) => query.bind(values.map(Value::text).collect::<Vec<_>>()),
                        Column::Octets(_) => {
                            query.bind(values.map(Value::octets).collect::<Vec<_>>())
                        }
                    };
                }
                query.fetch_all(connection).await
            }
        }
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
