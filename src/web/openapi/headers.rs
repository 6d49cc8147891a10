//! The headers of requests and answers, each described once.

use actix_web::http::header;
use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::web::input::{Expected, IdempotencyHeader};

/// What answers carry: name, type, what it says.
const ANSWERS: &[(&str, &str, &str)] = &[
    (
        "X-Request-Id",
        "string",
        "The request's id: the client's own, where it sent one, else ours. Errors have it as `instance`.",
    ),
    (
        "RateLimit-Policy",
        "string",
        "The limits that count this request: `\"default\";q=600;w=60`; absent where limits are off.",
    ),
    ("RateLimit", "string", "What is left of them: `\"default\";r=599;t=1`; absent where limits are off."),
    ("Retry-After", "integer", "Ask again after so many seconds."),
    ("ETag", "string", "The version of the resource, for `If-Match` and `If-None-Match`."),
    ("Location", "string", "The path of what was made."),
    (
        "Idempotent-Replayed",
        "string",
        "`true` where the same request was carried out before and this is its answer again.",
    ),
    ("Link", "string", "The pages before and after (RFC 8288)."),
];

/// On every answer.
const ALWAYS: &[&str] = &["X-Request-Id", "RateLimit-Policy", "RateLimit"];

impl IntoParams for Expected {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![in_header(
            header::IF_MATCH.as_str(),
            "The `ETag` of the version that the change is made to; `412` when there is a newer one. Needed by PATCH and DELETE.",
        )]
    }
}

impl IntoParams for IdempotencyHeader {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![in_header(
            "Idempotency-Key",
            "A text of the client's own, 1 to 255 visible ASCII characters: the request sent again with it makes nothing anew.",
        )]
    }
}

fn in_header(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// Declares the headers of all answers, and what a method needs in its head and as its media type.
pub(super) fn declare(document: &mut Value) {
    for (name, kind, description) in ANSWERS {
        document["components"]["headers"][name] = json!({"description": description, "schema": {"type": kind}});
    }
    let shared = document["components"]["responses"].as_object_mut().into_iter().flatten();
    for (name, response) in shared {
        let mut names = ALWAYS.to_vec();
        if ["Problem429", "Problem503"].contains(&name.as_str()) {
            names.push("Retry-After");
        }
        add(response, &names);
    }
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (method, operation) in paths.filter_map(|(_, item)| item.as_object_mut()).flatten() {
        complete(method, operation);
    }
    drop_unused_answers(document);
}

/// Answers that no operation names: errors of requests that no operation is found for.
fn drop_unused_answers(document: &mut Value) {
    let used = document["paths"].to_string();
    if let Some(shared) = document["components"]["responses"].as_object_mut() {
        shared.retain(|name, _| used.contains(&format!("\"#/components/responses/{name}\"")));
    }
}

fn complete(method: &str, operation: &mut Value) {
    if operation.get("security").is_none() {
        // Said, not left out: it is open to everybody on purpose.
        operation["security"] = json!([]);
    }
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let takes = |name: &str| parameters().any(|parameter| parameter["name"] == name);
    let (is_once, is_versioned) = (takes("Idempotency-Key"), takes(header::IF_MATCH.as_str()));
    let is_list = takes("cursor");
    if is_versioned && ["patch", "delete"].contains(&method) {
        require(operation);
    }
    if method == "patch" {
        let content = &mut operation["requestBody"]["content"];
        if let Some(body) = content.as_object_mut().and_then(|kinds| kinds.remove("application/json")) {
            content["application/merge-patch+json"] = body;
        }
    }
    if let Some(body) = operation.get_mut("requestBody") {
        make_binary(body);
    }
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if response.get("$ref").is_some() {
            continue;
        }
        make_binary(response);
        let mut names = ALWAYS.to_vec();
        if ["201", "202"].contains(&status.as_str()) {
            names.extend(["Location", "ETag"]);
        }
        if is_once && status.starts_with('2') {
            names.push("Idempotent-Replayed");
        }
        if is_list && status == "200" {
            names.push("Link");
        }
        if is_versioned && status == "200" {
            names.push("ETag");
        }
        add(response, &names);
    }
}

/// Bytes are bytes, not a list of numbers.
fn make_binary(message: &mut Value) {
    for (kind, content) in message.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
        if !kind.ends_with("json") && content["schema"]["type"] == "array" {
            content["schema"] = json!({"type": "string", "format": "binary"});
        }
    }
}

fn require(operation: &mut Value) {
    let parameters = operation["parameters"].as_array_mut().into_iter().flatten();
    for parameter in parameters.filter(|parameter| parameter["name"] == header::IF_MATCH.as_str()) {
        parameter["required"] = json!(true);
    }
}

fn add(response: &mut Value, names: &[&str]) {
    for name in names {
        response["headers"][name] = json!({"$ref": format!("#/components/headers/{name}")});
    }
}
