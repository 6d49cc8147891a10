//! What the OpenAPI document promises, held against every answer that a test gets.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use actix_web::dev::{Path, ResourceDef};
use jsonschema::{PatternCache, Registry, Validator};
use serde_json::{Value, json};

use super::client::Answer;

/// What the document is called where a schema in it is referred to.
const DOCUMENT: &str = "urn:tradepost:openapi";

/// The document, its routes, and the schemas that were asked for.
struct Contract {
    document: Value,
    routes: Vec<(ResourceDef, String)>,
    /// The document once more, made ready once for all the schemas that refer into it.
    registry: Registry<'static>,
    patterns: PatternCache,
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
        let registry = Registry::new().add(DOCUMENT, document.clone()).unwrap().prepare().unwrap();
        Contract { document, routes, registry, patterns: PatternCache::default(), validators: Mutex::default() }
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
    if operation["responses"].get(answer.status.to_string()).is_none() {
        panic!("{call} is not documented: {}", answer.body);
    }
    let pointer = contract.resolved(format!("/paths/{}/{method}/responses/{}", escaped(template), answer.status));
    let response = contract.document.pointer(&pointer).unwrap();
    for (name, _) in response["headers"].as_object().into_iter().flatten() {
        let is_conditional =
            ["RateLimit", "RateLimit-Policy", "Retry-After", "Link", "Idempotent-Replayed"].contains(&name.as_str());
        assert!(is_conditional || answer.header(&name.to_lowercase()).is_some(), "{call} has no {name}");
    }
    if answer.status == 204 {
        return;
    }
    let sent = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    let Some(kind) = [sent, "*/*"].into_iter().find(|kind| response["content"].get(kind).is_some()) else {
        panic!("{call} is documented without {sent}")
    };
    // Lines of JSON are no JSON.
    if !sent.ends_with("/json") && !sent.ends_with("+json") {
        return;
    }
    let schema = format!("{pointer}/content/{}/schema", escaped(kind));
    let body = answer.json();
    let found: Vec<String> = contract
        .validator(&schema)
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(found.is_empty(), "{call} breaks {}: {found:#?} in {body}", contract.document.pointer(&schema).unwrap());
}

/// A name as a step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl Contract {
    /// The pointer, or that of what it refers to.
    fn resolved(&self, pointer: String) -> String {
        let reference = self.document.pointer(&pointer).and_then(|object| object["$ref"].as_str());
        reference.and_then(|text| text.strip_prefix('#')).map_or(pointer, str::to_owned)
    }

    fn validator(&self, schema: &str) -> &'static Validator {
        if let Some(known) = self.validators.lock().unwrap().get(schema) {
            return known;
        }
        // Without the lock: it takes a while, and the others know theirs. Made twice by chance, it is the same.
        let options = jsonschema::options().with_registry(&self.registry).with_pattern_cache(self.patterns.clone());
        // A pointer in the fragment of a URI: braces and the like are written with their codes.
        let fragment = schema.replace('{', "%7B").replace('}', "%7D");
        let validator = options.build(&json!({"$ref": format!("{DOCUMENT}#{fragment}")})).unwrap();
        self.validators.lock().unwrap().entry(schema.to_owned()).or_insert_with(|| Box::leak(Box::new(validator)))
    }
}
