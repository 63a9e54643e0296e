//! Which page of a list a call asks for.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type};

use super::json::{ApiQuery, cursor};
use super::problem::Problem;

/// The largest page of most lists, and the one of a call that asks for no size.
const PAGE: i64 = 100;

/// The parameters `limit`, from 1 to `MOST`, and `cursor`.
pub(super) struct Paging<T, const MOST: i64 = PAGE> {
    /// At most so many.
    pub(super) limit: i64,
    /// `next` of the page before.
    pub(super) cursor: Option<T>,
}

/// What a cursor may be.
pub(super) trait Cursor: FromStr {
    /// As the document says it.
    fn schema() -> ObjectBuilder;
}

impl Cursor for i64 {
    fn schema() -> ObjectBuilder {
        number()
    }
}

impl Cursor for String {
    fn schema() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]))
    }
}

fn number() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
}

#[derive(Deserialize)]
struct Asked {
    limit: Option<String>,
    cursor: Option<String>,
}

impl<S: Send + Sync, T: Cursor, const MOST: i64> FromRequestParts<S> for Paging<T, MOST> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ApiQuery(asked) = ApiQuery::<Asked>::from_request_parts(parts, state).await?;
        let limit = match asked.limit.as_deref().map(str::parse::<i64>) {
            None => MOST,
            Some(Ok(limit)) if (1..=MOST).contains(&limit) => limit,
            Some(_) => {
                let why = format!("must be a number from 1 to {MOST}");
                return Err(Problem::field("limit", why));
            }
        };
        Ok(Self {
            limit,
            cursor: cursor(asked.cursor.as_deref())?,
        })
    }
}

impl<T: Cursor, const MOST: i64> IntoParams for Paging<T, MOST> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, says: String, schema: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(says))
                .schema(Some(schema))
                .build()
        };
        let limit = number().minimum(Some(1)).maximum(Some(MOST));
        let says = format!("At most so many: 1 to {MOST}, which is also the number when left out.");
        let from = "What the page before says of the next one.".to_owned();
        vec![
            parameter("limit", says, limit),
            parameter("cursor", from, T::schema()),
        ]
    }
}

impl<T, const MOST: i64> Paging<T, MOST> {
    /// Leaves of a list, which was read with one more than is asked for, what belongs on the page; returns the last
    /// of it if there is another page.
    pub(super) fn cut<'a, I>(&self, list: &'a mut Vec<I>) -> Option<&'a I> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = list.len() > shown;
        list.truncate(shown);
        list.last().filter(|_| more)
    }
}
