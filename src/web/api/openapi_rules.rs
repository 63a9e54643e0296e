//! What holds for many calls alike, added to the OpenAPI document by rule rather than call by call: which problems
//! can happen, which headers are read and sent.

use serde_json::{Map, Value, json};

use super::idempotency::MAX_KEY_OCTETS;
use super::problem_kind::ProblemKind;

/// The parameters in paths.
const IN_PATHS: &[(&str, &str)] = &[
    ("id", "The issue's `id`."),
    ("slug", "The newsletter's `slug`."),
    ("language", "A language of the service."),
    ("key", "The key of a text, as the list of texts has it."),
];

/// The headers of answers: name, type, whether they always come, description.
const HEADERS: &[(&str, &str, bool, &str)] = &[
    (
        "ETag",
        "string",
        true,
        "The version, to be sent back as If-Match, and what was shown of it.",
    ),
    ("Location", "string", true, "The path of what was created."),
    (
        "xabar-html-bytes",
        "integer",
        true,
        "The size of the HTML in octets.",
    ),
    (
        "xabar-warning",
        "string",
        false,
        "Says when Gmail hides the end of the mail.",
    ),
];

/// POST calls that change nothing, so that repeating them needs no key. Their answers may hold readers' data, and are
/// not kept.
const READING: &[&str] = &[
    "/api/v1/consent/proof",
    "/api/v1/subscribers/show",
    "/api/v1/newsletters/{slug}/texts/{language}/preview",
    "/api/v1/issues/{id}/checks",
    // The same picture has the same address anyway.
    "/api/v1/pictures",
];

/// What is to be different: members that are left out or have a value, and are never null.
const PATCHES: &[&str] = &["ContentPatch", "NewsletterPatch"];

/// Whether a call with this path and method, in lower case, honours `Idempotency-Key`.
pub(super) fn takes_idempotency_key(path: &str, method: &str) -> bool {
    method == "post" && !READING.contains(&path)
}

/// Adds what follows by rule from the path, the method, the body and the answers of each call.
pub(super) fn complete(document: &mut Value) {
    document["servers"] = json!([{ "url": "/" }]);
    merge_all_of(document);
    let problem = &mut document["components"]["schemas"]["Problem"];
    problem["description"] = list_of_kinds().into();
    for patch in PATCHES {
        let members = document["components"]["schemas"][patch]["properties"].as_object_mut();
        for (_, member) in members.into_iter().flatten() {
            refuse_null(member);
        }
    }
    let paths = document["paths"].as_object_mut();
    for (path, item) in paths.into_iter().flatten() {
        for (method, call) in item.as_object_mut().into_iter().flatten() {
            complete_call(path, method, call);
        }
    }
}

/// Takes `null` from what a member may be.
fn refuse_null(member: &mut Value) {
    if let Some(kinds) = member.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            member["type"] = kind.clone();
        }
    }
    if let Some(shapes) = member.get_mut("oneOf").and_then(Value::as_array_mut) {
        shapes.retain(|shape| shape["type"] != "null");
    }
}

/// The kinds of problems as Markdown.
fn list_of_kinds() -> String {
    let mut text =
        "What went wrong (RFC 9457). By `type`; more may be added, and the status tells what to do with one that is \
         not known:\n"
            .to_owned();
    for kind in ProblemKind::ALL {
        let (uri, status, when) = (kind.uri(), kind.status().as_u16(), kind.when());
        text.push_str(&format!("\n- `{uri}` ({status}): {when}"));
    }
    text
}

fn complete_call(path: &str, method: &str, call: &mut Value) {
    if call.get("security").is_none() {
        call["security"] = json!([]);
    }
    let parameters = call.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let described = IN_PATHS.iter().find(|(name, _)| parameter["name"] == *name);
        if let (Some((_, description)), true) = (described, parameter["in"] == "path") {
            parameter["description"] = (*description).into();
        }
    }
    // A body that may be left out is left out, and not null.
    let body = call.pointer_mut("/requestBody/content/application~1json/schema");
    if let Some(schema) = body
        && schema["oneOf"][1]["type"] == "null"
    {
        *schema = schema["oneOf"][0].take();
    }
    add_headers_of_requests(path, method, call);
    let problems = problems_of(path, method, call);
    complete_answers(call, &problems, takes_idempotency_key(path, method));
}

fn needs_token(call: &Value) -> bool {
    call["security"][0].get("bearer").is_some()
}

/// The conditions and keys that a call honours.
fn add_headers_of_requests(path: &str, method: &str, call: &mut Value) {
    if method == "get" && needs_token(call) && !path.ends_with("/events") {
        let text = "The ETag of what was read before: if nothing has changed, the answer is 304.";
        add_header_parameter(call, "If-None-Match", text, 200);
        call["responses"]["304"] = json!({ "description": "As it was" });
        for status in ["200", "304"] {
            call["responses"][status]["headers"]["ETag"] = json!({});
        }
    }
    if takes_idempotency_key(path, method) {
        let text = "Any text that is new for each request, such as a UUID in quotes. The same request again with the \
                    same key and token gets the first answer again, for at least 24 hours \
                    (draft-ietf-httpapi-idempotency-key-header). One that was refused leaves its key free.";
        add_header_parameter(call, "Idempotency-Key", text, MAX_KEY_OCTETS);
    }
    if call["responses"].get("412").is_some() {
        let text = "The ETag of the version that the change was made from; `*` for any.";
        add_header_parameter(call, "If-Match", text, 100);
    }
}

/// The statuses of the problems that can happen, beside those that the call describes by itself.
fn problems_of(path: &str, method: &str, call: &Value) -> Vec<u16> {
    let body = call.get("requestBody");
    let is_json = body.is_some_and(|body| body["content"].get("application/json").is_some());
    let takes_key = takes_idempotency_key(path, method);
    let possible = [
        (400, true),
        (401, needs_token(call)),
        // Also for reading: the role, or a token for some newsletters alone.
        (403, needs_token(call)),
        (404, path.contains('{')),
        (408, true),
        (409, takes_key),
        (413, body.is_some()),
        (415, is_json),
        (422, true),
        (500, true),
        (503, true),
    ];
    let those = possible.into_iter().filter(|(_, can_happen)| *can_happen);
    those.map(|(status, _)| status).collect()
}

fn add_header_parameter(call: &mut Value, name: &str, description: &str, longest: usize) {
    let parameter = json!({
        "name": name, "in": "header", "required": false, "description": description,
        "schema": { "type": "string", "maxLength": longest },
    });
    match call.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(all) => all.push(parameter),
        None => call["parameters"] = json!([parameter]),
    }
}

fn complete_answers(call: &mut Value, statuses: &[u16], takes_key: bool) {
    let Some(answers) = call.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    for status in statuses {
        // An entry that a call describes by itself keeps its words.
        answers.entry(status.to_string()).or_insert(json!({}));
    }
    for (status, answer) in answers {
        let status: u16 = status.parse().unwrap_or_default();
        if status >= 400 {
            describe_problem(status, answer, takes_key);
        }
        let headers = answer.get_mut("headers").and_then(Value::as_object_mut);
        for (name, header) in headers.into_iter().flatten() {
            if let Some((_, kind, always, text)) = HEADERS.iter().find(|(known, ..)| known == name)
            {
                *header = json!({
                    "description": text, "required": always, "schema": { "type": kind },
                });
            }
        }
    }
}

fn describe_problem(status: u16, answer: &mut Value, takes_key: bool) {
    let usual = match (status, takes_key) {
        (409, true) if answer.get("description").is_none() => ProblemKind::StillRunning.when(),
        _ => axum::http::StatusCode::from_u16(status)
            .map_or("", |status| ProblemKind::of(status).when()),
    };
    if answer.get("description").is_none() {
        answer["description"] = usual.into();
    }
    answer["content"] = json!({
        "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
    });
    let (name, kind, always, text) = match status {
        401 => ("WWW-Authenticate", "string", true, "Always `Bearer`."),
        429 => ("Retry-After", "integer", true, "The seconds to wait."),
        503 => ("Retry-After", "integer", false, "The seconds to wait."),
        409 if takes_key => {
            let text = "The seconds to wait, where a request with this key is still running.";
            ("Retry-After", "integer", false, text)
        }
        _ => return,
    };
    answer["headers"] = json!({
        name: { "description": text, "required": always, "schema": { "type": kind } },
    });
}

/// Makes one object of each schema that is put together from several: where one of them admits no other fields,
/// nothing could match them all.
fn merge_all_of(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object() else {
        return;
    };
    let merged: Vec<(String, Value)> = schemas
        .iter()
        .filter(|(_, schema)| schema.get("allOf").is_some())
        .map(|(name, schema)| (name.clone(), merged(schemas, schema)))
        .collect();
    let parts: Vec<String> = schemas.values().flat_map(part_names).collect();
    for (name, schema) in merged {
        document["components"]["schemas"][name] = schema;
    }
    let text = document.to_string();
    for part in parts {
        let used = text.contains(&format!("\"#/components/schemas/{part}\""));
        if let (false, Some(all)) = (used, document["components"]["schemas"].as_object_mut()) {
            all.remove(&part);
        }
    }
}

/// The names of the schemas that one is put together from.
fn part_names(schema: &Value) -> Vec<String> {
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let names = parts.filter_map(|part| part["$ref"].as_str());
    names
        .filter_map(|name| name.rsplit('/').next().map(str::to_owned))
        .collect()
}

fn merged(schemas: &Map<String, Value>, schema: &Value) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let named = part["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next());
        let part = named.and_then(|name| schemas.get(name)).unwrap_or(part);
        let part = match part.get("allOf") {
            Some(_) => merged(schemas, part),
            None => part.clone(),
        };
        let own = part["properties"].as_object().into_iter().flatten();
        properties.extend(own.map(|(name, property)| (name.clone(), property.clone())));
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    let mut whole = json!({ "type": "object", "properties": properties, "required": required });
    if let Some(description) = schema.get("description") {
        whole["description"] = description.clone();
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::super::openapi;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn every_call_has_a_name_of_its_own_and_describes_its_answers() {
        let document = openapi();
        let mut names = BTreeSet::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, call) in item.as_object().into_iter().flatten() {
                assert!(
                    names.insert(call["operationId"].to_string()),
                    "{method} {path}"
                );
                let has_403 = call["responses"].get("403").is_some();
                assert!(has_403 || !super::needs_token(call), "{method} {path}");
                for (status, answer) in call["responses"].as_object().into_iter().flatten() {
                    let described = answer["description"].as_str().unwrap_or_default();
                    assert!(described.len() > 3, "{method} {path} {status}");
                    let problem = &answer["content"]["application/problem+json"];
                    assert_eq!(
                        status.as_str() >= "400",
                        problem.is_object(),
                        "{method} {path} {status}"
                    );
                }
            }
        }
        assert!(!document.to_string().contains("allOf"));
    }

    #[test]
    fn no_member_of_a_patch_is_null() {
        let document = openapi();
        for patch in super::PATCHES {
            let members = &document["components"]["schemas"][patch]["properties"];
            assert!(members.as_object().is_some_and(|all| all.len() >= 4));
            let text = members.to_string();
            assert!(
                !text.contains(":null") && !text.contains("\"null\""),
                "{text}"
            );
        }
    }

    #[test]
    fn words_are_spelled_as_they_are_sent() {
        let document = openapi();
        let words = |name: &str| document["components"]["schemas"][name]["enum"].clone();
        let sent = |words: &[&str]| Value::from(words.to_vec());
        assert_eq!(words("Visibility"), sent(&["public", "private"]));
        assert_eq!(words("Frequency"), sent(&["each", "monthly"]));
        assert_eq!(words("Extent"), sent(&["consent", "all"]));
        assert!(
            words("Country").to_string().contains("\"kz\""),
            "{}",
            words("Country")
        );
    }
}
