//! What the OpenAPI document promises, held against every answer that a test gets.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use actix_web::dev::{Path, ResourceDef};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::client::Answer;

/// The document, its routes, and the schemas that were asked for.
struct Contract {
    document: Value,
    routes: Vec<(ResourceDef, String)>,
    validators: Mutex<HashMap<String, &'static Validator>>,
}

fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| {
        let document = tradepost::web::routes::openapi().unwrap();
        let paths: Vec<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
        // A path with fewer parameters is the more exact one where two fit.
        let mut routes: Vec<_> = paths.into_iter().map(|path| (ResourceDef::new(path.as_str()), path)).collect();
        routes.sort_by_key(|(_, path)| path.matches('{').count());
        Contract { document, routes, validators: Mutex::default() }
    })
}

/// Ends the test where the answer is not what the document says of the call: its status, media type, headers and body.
#[track_caller]
pub fn hold_to_contract(method: &str, url: &str, answer: &Answer) {
    let contract = contract();
    let path = url.split_once("//").map_or(url, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = format!("/{}", path.split('?').next().unwrap_or_default());
    let fits = |(route, _): &&(ResourceDef, String)| route.capture_match_info(&mut Path::new(path.as_str()));
    let Some((_, template)) = contract.routes.iter().find(fits) else { return };
    let method = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let Some(operation) = contract.document["paths"][template].get(&method) else { return };
    if answer.status == 304 || answer.body.is_empty() && answer.status != 204 {
        return;
    }
    let call = format!("{method} {template} {}", answer.status);
    let Some(response) = operation["responses"].get(answer.status.to_string()) else {
        panic!("{call} is not documented: {}", answer.body);
    };
    let response = resolved(&contract.document, response);
    for (name, _) in response["headers"].as_object().into_iter().flatten() {
        let is_conditional =
            ["RateLimit", "RateLimit-Policy", "Retry-After", "Link", "Idempotent-Replayed"].contains(&name.as_str());
        assert!(is_conditional || answer.header(&name.to_lowercase()).is_some(), "{call} has no {name}");
    }
    if answer.status == 204 {
        return;
    }
    let sent = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    let Some(content) = response["content"].get(sent).or_else(|| response["content"].get("*/*")) else {
        panic!("{call} is documented without {sent}")
    };
    if !sent.ends_with("json") {
        return;
    }
    let schema = content["schema"].clone();
    let body = answer.json();
    let found: Vec<String> = contract
        .validator(&schema)
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(found.is_empty(), "{call} breaks {schema}: {found:#?} in {body}");
}

fn resolved<'d>(document: &'d Value, object: &'d Value) -> &'d Value {
    let pointer = object["$ref"].as_str().and_then(|text| text.strip_prefix('#'));
    pointer.map_or(object, |pointer| document.pointer(pointer).unwrap_or(&Value::Null))
}

impl Contract {
    fn validator(&self, schema: &Value) -> &'static Validator {
        let mut known = self.validators.lock().unwrap();
        known.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = json!({"schemas": self.document["components"]["schemas"]});
            Box::leak(Box::new(jsonschema::draft202012::new(&whole).unwrap()))
        })
    }
}
