//! The OpenAPI document, and a page to read it.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;
use minijinja::value::Serde;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use super::problem::Problem;
use super::problem_kind::ProblemKind;
use super::{
    calls, conditional, openapi_rules, query_parameters, signup_calls, stream_calls, upload_calls,
};
use crate::domain::Language;
use crate::service::Service;
use crate::web::public::HeadedPage;
use crate::web::static_files;

#[derive(OpenApi)]
#[openapi(
    info(title = "Xabar", description = "Newsletters: sign-ups, issues, deliveries."),
    components(schemas(Problem)),
    modifiers(&Bearer)
)]
struct Document;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The OpenAPI document as JSON, made from the table of routes.
#[must_use]
pub fn openapi() -> serde_json::Value {
    let all = signup_calls()
        .merge(calls())
        .merge(upload_calls())
        .merge(stream_calls());
    let document = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", all);
    // Serialising it cannot fail: it is made of texts and lists.
    let mut document = serde_json::to_value(document.into_openapi()).unwrap_or_default();
    openapi_rules::complete(&mut document);
    document
}

/// The document and the page to read it: made once, with an ETag.
pub(in crate::web) fn documents() -> Router<Service> {
    Router::new()
        .route("/openapi.json", get(openapi_json))
        .route("/docs", get(docs_page))
        .route_layer(from_fn(conditional::of_what_is_read))
}

/// Where a client looks for them that knows where the API begins, and nothing else.
pub(super) fn moved() -> Router<Service> {
    let to = |path: &'static str| get(move || async move { Redirect::permanent(path) });
    Router::new()
        .route("/openapi.json", to("/openapi.json"))
        .route("/docs", to("/docs"))
}

async fn openapi_json(uri: Uri) -> Result<impl IntoResponse, Problem> {
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| openapi().to_string().into());
    match query_parameters::unknown_in(uri.query(), &[]) {
        Some(problem) => Err(problem),
        None => Ok(([(CONTENT_TYPE, "application/json")], TEXT.clone())),
    }
}

#[derive(serde::Serialize)]
struct Context {
    document: serde_json::Value,
    problems: Vec<ProblemOfPage>,
}

/// A kind of problem as the page shows it.
#[derive(serde::Serialize)]
struct ProblemOfPage {
    name: &'static str,
    uri: &'static str,
    status: u16,
    when: &'static str,
}

fn problems() -> Vec<ProblemOfPage> {
    let shown = |kind: &ProblemKind| ProblemOfPage {
        name: kind.uri().rsplit('#').next().unwrap_or_default(),
        uri: kind.uri(),
        status: kind.status().as_u16(),
        when: kind.when(),
    };
    ProblemKind::ALL.iter().map(shown).collect()
}

const TEMPLATE: &str = include_str!("../templates/docs.html");

/// A page with every call, made from the document.
async fn docs_page() -> impl IntoResponse {
    static PAGE: LazyLock<Option<Bytes>> = LazyLock::new(|| match render() {
        Ok(page) => Some(page.into()),
        Err(error) => {
            tracing::error!(%error, "the page of the API document");
            None
        }
    });
    match PAGE.clone() {
        Some(page) => {
            let mut answer = Html(page).into_response();
            answer.extensions_mut().insert(HeadedPage(Language::En));
            answer
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn render() -> Result<String, minijinja::Error> {
    let mut environment = minijinja::Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.add_filter("prose", prose);
    static_files::add_to(&mut environment);
    let context = Context {
        document: openapi(),
        problems: problems(),
    };
    environment.render_str(TEMPLATE, minijinja::Value::from(Serde(context)))
}

/// The descriptions are doc comments, with code between backticks.
fn prose(text: &str) -> minijinja::Value {
    let mut html = String::new();
    for (at, piece) in text.split('`').enumerate() {
        let piece = minijinja::HtmlEscape(piece).to_string();
        if at % 2 == 1 {
            html.extend(["<code>", &piece, "</code>"]);
        } else {
            html.push_str(&piece);
        }
    }
    minijinja::Value::from_safe_string(html)
}
