//! Holds every answer of the API against the OpenAPI document, as a client that was generated from it would.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use jsonschema::Validator;
use serde_json::{Value, json};

/// Where the API begins.
const BASE: &str = "/api/v1/";

/// What answers broke. It is told, and fails the test, when this is dropped.
#[derive(Default)]
pub struct Contract {
    breaches: Arc<Mutex<Vec<String>>>,
}

impl Contract {
    /// The router, with its answers checked.
    pub fn hold(&self, router: Router) -> Router {
        let breaches = self.breaches.clone();
        router.layer(from_fn(move |request: Request, next: Next| {
            let breaches = breaches.clone();
            async move {
                let (method, path) = (request.method().clone(), request.uri().path().to_owned());
                let response = next.run(request).await;
                if !path.starts_with(BASE) || [Method::HEAD, Method::OPTIONS].contains(&method) {
                    return response;
                }
                let (response, found) = check(&method, &path, response).await;
                breaches.lock().unwrap().extend(found);
                response
            }
        }))
    }
}

impl Drop for Contract {
    fn drop(&mut self) {
        let breaches = std::mem::take(&mut *self.breaches.lock().unwrap());
        if !std::thread::panicking() {
            assert!(
                breaches.is_empty(),
                "answers that are not as the OpenAPI document says:\n{}",
                breaches.join("\n")
            );
        }
    }
}

/// A call of the document.
struct Call {
    method: String,
    path: Vec<String>,
    name: String,
    answers: Value,
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = xabar::web::openapi();
    for (_, schema) in document["components"]["schemas"].as_object_mut().unwrap() {
        close(schema);
    }
    document
});

/// A field that the document does not have is one that nobody can know of.
fn close(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut()
        && object.contains_key("properties")
    {
        object.entry("additionalProperties").or_insert(json!(false));
    }
}

static CALLS: LazyLock<Vec<Call>> = LazyLock::new(|| {
    let mut calls = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, call) in item.as_object().unwrap() {
            calls.push(Call {
                method: method.to_uppercase(),
                path: path.split('/').map(str::to_owned).collect(),
                name: call["operationId"].as_str().unwrap().to_owned(),
                answers: call["responses"].clone(),
            });
        }
    }
    calls
});

/// The validators of answers, by call, status and media type.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The call of a path and method; a word in the path goes before a parameter.
fn call_of(method: &Method, path: &str) -> Option<&'static Call> {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let is_parameter = |part: &&String| part.starts_with('{');
    let fits = |call: &&Call| {
        let mut pairs = call.path.iter().zip(&parts);
        call.path.len() == parts.len()
            && pairs.all(|(known, given)| is_parameter(&known) || known == given)
    };
    let parameters = |call: &&Call| call.path.iter().filter(is_parameter).count();
    let path = &CALLS.iter().filter(fits).min_by_key(parameters)?.path;
    let of_path = |call: &&Call| call.path == *path && call.method == method.as_str();
    CALLS.iter().find(of_path)
}

/// The answer as it was, and what is not as the document says.
async fn check(method: &Method, path: &str, response: Response) -> (Response, Vec<String>) {
    let status = response.status().as_u16();
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.map(|kind| kind.to_str().unwrap().to_owned());
    let media_type = kind.as_deref().unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap().trim().to_owned();
    let place = format!("{method} {path}: {status} {media_type}");
    let mut found = Vec::new();
    if response
        .headers()
        .get(CACHE_CONTROL)
        .is_none_or(|said| said != "no-store")
    {
        found.push(format!("{place}: a cache may keep it"));
    }
    if response.status() == StatusCode::PERMANENT_REDIRECT {
        // To the document itself.
        return (response, found);
    }
    let Some(call) = call_of(method, path) else {
        // No such call, or no such method: the form of problems holds there too.
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        return body_fits("problem", &schema, &place, response, found).await;
    };
    let answer = &call.answers[status.to_string()];
    if answer.is_null() {
        found.push(format!("{place}: {} has no such answer", call.name));
        return (response, found);
    }
    for (name, header) in answer["headers"].as_object().into_iter().flatten() {
        if header["required"] == true && !response.headers().contains_key(name) {
            found.push(format!("{place}: the header {name} is missing"));
        }
    }
    for name in ["etag", "location", "retry-after"] {
        let mut known = answer["headers"].as_object().into_iter().flatten();
        if response.headers().contains_key(name)
            && !known.any(|(k, _)| k.eq_ignore_ascii_case(name))
        {
            found.push(format!("{place}: {} has no header {name}", call.name));
        }
    }
    match answer["content"].as_object() {
        None if kind.is_some() => found.push(format!("{place}: {} has no body", call.name)),
        None => {}
        Some(content) => match content.get(&media_type) {
            None => found.push(format!("{place}: {} has no such media type", call.name)),
            Some(_) if response.headers().contains_key(CONTENT_ENCODING) => {}
            Some(body) if media_type.ends_with("json") => {
                let name = format!("{} {status} {media_type}", call.name);
                return body_fits(&name, &body["schema"], &place, response, found).await;
            }
            Some(_) => {}
        },
    }
    (response, found)
}

async fn body_fits(
    name: &str,
    schema: &Value,
    place: &str,
    response: Response,
    mut found: Vec<String>,
) -> (Response, Vec<String>) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    match serde_json::from_slice::<Value>(&body) {
        Err(error) => found.push(format!("{place}: {error}")),
        Ok(value) => {
            let validator = validator(name, schema);
            let errors = validator.iter_errors(&value);
            found.extend(errors.map(|e| format!("{place}: {} at {}", e, e.instance_path())));
        }
    }
    (Response::from_parts(parts, Body::from(body)), found)
}

fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    let mut all = VALIDATORS.lock().unwrap();
    let found = all.entry(name.to_owned()).or_insert_with(|| {
        let mut whole = schema.clone();
        whole["components"] = DOCUMENT["components"].clone();
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        Arc::new(options.build(&whole).unwrap())
    });
    found.clone()
}

#[tokio::test]
async fn an_answer_that_is_not_as_documented_is_found() {
    let answer = |status: u16, kind: &str, body: &str| {
        let builder = Response::builder()
            .status(status)
            .header(CONTENT_TYPE, kind);
        let builder = builder
            .header(CACHE_CONTROL, "no-store")
            .header(ETAG, "\"1\"");
        builder.body(Body::from(body.to_owned())).unwrap()
    };
    let path = "/api/v1/issues";
    for (status, kind, body, wrong) in [
        (200, "application/json", r#"{"items":[],"next":null}"#, None),
        (200, "application/json", r#"{"items":[]}"#, None),
        (
            200,
            "application/json",
            r#"{"items":[],"more":1}"#,
            Some("more"),
        ),
        (
            200,
            "application/json",
            r#"{"items":[{"id":1}]}"#,
            Some("items"),
        ),
        (200, "application/json", "{", Some("EOF")),
        (200, "text/html", "", Some("no such media type")),
        (418, "application/json", "{}", Some("no such answer")),
        (
            401,
            "application/problem+json",
            "{}",
            Some("WWW-Authenticate is missing"),
        ),
    ] {
        let (_, found) = check(&Method::GET, path, answer(status, kind, body)).await;
        let found = found.join("\n");
        match wrong {
            None => assert_eq!(found, "", "{body}"),
            Some(wrong) => assert!(found.contains(wrong), "{body}: {found}"),
        }
    }
}
