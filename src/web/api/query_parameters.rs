//! Refuses query parameters that a call does not have.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::openapi;
use super::problem::Problem;

/// The parameters of each call in the OpenAPI document, by path and method in lower case.
static KNOWN: LazyLock<BTreeMap<(String, String), Vec<String>>> = LazyLock::new(known);

fn known() -> BTreeMap<(String, String), Vec<String>> {
    let document = openapi();
    let mut calls = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, call) in item.as_object().into_iter().flatten() {
            let parameters = call["parameters"].as_array().into_iter().flatten();
            let in_query = parameters.filter(|one| one["in"] == "query");
            let names = in_query.filter_map(|one| one["name"].as_str().map(str::to_owned));
            calls.insert((path.clone(), method.clone()), names.collect());
        }
    }
    calls
}

/// Answers 422 to a parameter that the call does not have. Who writes `send?at=…` means the body, and
/// must not believe to have named a time.
pub(super) async fn refuse_unknown(path: MatchedPath, request: Request, next: Next) -> Response {
    let method = match *request.method() {
        Method::HEAD => Method::GET,
        ref other => other.clone(),
    };
    let method = method.as_str().to_ascii_lowercase();
    if let Some(known) = KNOWN.get(&(path.as_str().to_owned(), method))
        && let Some(problem) = unknown_in(request.uri().query(), known)
    {
        return problem.into_response();
    }
    next.run(request).await
}

/// The problem with the first parameter that is not known.
pub(super) fn unknown_in(query: Option<&str>, known: &[String]) -> Option<Problem> {
    let mut given = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let other = given.find(|(name, _)| !known.iter().any(|one| one == name));
    other.map(|(name, _)| unknown(&name, known))
}

fn unknown(name: &str, known: &[String]) -> Problem {
    let name: String = name.chars().take(60).collect();
    let why = match known {
        [] => "this call has no parameters in its address; what it takes is sent as its body"
            .to_owned(),
        known => format!("there is no such parameter; there is {}", known.join(", ")),
    };
    Problem::field(&name, why)
}

#[cfg(test)]
mod tests {
    use super::KNOWN;
    use serde_json::Value;

    #[test]
    fn the_parameters_are_those_of_the_document() {
        let of = |path: &str, method: &str| KNOWN[&(path.to_owned(), method.to_owned())].clone();
        assert_eq!(of("/api/v1/issues/{id}/send", "post"), Vec::<String>::new());
        assert_eq!(
            of("/api/v1/issues/{id}/deliveries", "get"),
            ["state", "limit", "cursor"]
        );
        assert!(super::openapi()["paths"]["/api/v1/issues"] != Value::Null);
    }
}
