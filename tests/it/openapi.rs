//! The OpenAPI document against the server, and the form of every error.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tradepost::error::Code;
use tradepost::locale::Language;

use crate::access::{documented, is_public};
use crate::support::{Answer, Client, Database, Setup, World, market};

both!(
    openapi_document_is_served,
    every_route_answers_as_documented,
    wrong_method_is_answered_with_allow,
    routing_errors_are_problem_documents,
    every_response_has_its_documented_headers,
    head_equals_get_without_body,
    rate_limit_headers_count_down_to_429,
);

fn document() -> Value {
    tradepost::web::routes::openapi().unwrap()
}

/// Path, method and operation.
fn operations() -> Vec<(String, String, Value)> {
    let document = document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if let Some(operation) = item.get(method) {
                let path = path.strip_prefix("/api/v1").unwrap_or(path);
                all.push((path.to_owned(), method.to_uppercase(), operation.clone()));
            }
        }
    }
    all
}

#[test]
fn every_operation_is_described() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(!document["info"]["version"].as_str().unwrap_or_default().is_empty());
    let mut ids = BTreeSet::new();
    let mut complaints = Vec::new();
    for (path, method, operation) in operations() {
        let call = format!("{method} {path}");
        let mut need = |is_there: bool, what: &str| {
            if !is_there {
                complaints.push(format!("{call} {what}"));
            }
        };
        let id = operation["operationId"].as_str().unwrap_or_default();
        need(!id.is_empty(), "has no operationId");
        need(ids.insert(id.to_owned()), &format!("shares the operationId {id}"));
        need(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "has not one tag");
        let words =
            ["summary", "description"].iter().any(|name| operation[name].as_str().is_some_and(|text| !text.is_empty()));
        need(words, "is not explained");
        let responses = operation["responses"].as_object().cloned().unwrap_or_default();
        for (status, response) in &responses {
            let response = resolved(&document, response);
            need(is_described(response), &format!("does not describe its answer {status}"));
            let is_problem = response["content"].get("application/problem+json").is_some();
            need(is_problem == (status.as_str() >= "400"), &format!("has a wrong body under {status}"));
        }
        for status in ["400", "429", "500", "503"] {
            need(responses.contains_key(status), &format!("does not say that it can answer {status}"));
        }
        need(
            operation["requestBody"].is_null() || is_described(resolved(&document, &operation["requestBody"])),
            "does not describe its body",
        );
        need(responses.keys().any(|status| status.starts_with('2')), "has no answer for success");
        let guarded = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
        need(guarded || is_public(&call), "names no security and is not public");
        let open =
            operation["security"].as_array().is_some_and(|schemes| schemes.iter().any(|scheme| scheme == &json!({})));
        need(!open || is_public(&call), "says that it needs no key");
        let named = operation["parameters"].as_array().cloned().unwrap_or_default();
        for part in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let described = named.iter().any(|parameter| parameter["in"] == "path" && parameter["name"] == part);
            need(described, &format!("does not describe {{{part}}}"));
        }
        for parameter in &named {
            need(is_described(parameter), &format!("does not describe the parameter {}", parameter["name"]));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Whether it has a description that is a sentence and no single word.
fn is_described(object: &Value) -> bool {
    object["description"].as_str().is_some_and(|text| text.trim().len() >= 5)
}

/// What the object refers to, or the object itself.
fn resolved<'d>(document: &'d Value, object: &'d Value) -> &'d Value {
    let pointer = object["$ref"].as_str().and_then(|text| text.strip_prefix('#'));
    pointer.map_or(object, |pointer| document.pointer(pointer).unwrap_or(&Value::Null))
}

#[test]
fn every_openapi_reference_resolves() {
    let document = document();
    let mut pointers = Vec::new();
    gather(&document, &mut pointers);
    assert!(pointers.len() > 50);
    let lost: BTreeSet<_> = pointers.iter().filter(|pointer| document.pointer(pointer).is_none()).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

fn gather(value: &Value, pointers: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, pointers)),
        Value::Object(members) => {
            if let Some(pointer) = members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#')) {
                pointers.push(pointer.to_owned());
            }
            members.values().for_each(|member| gather(member, pointers));
        }
        _ => {}
    }
}

#[test]
fn openapi_error_codes_equal_the_table() {
    let mut names = BTreeSet::new();
    for code in Code::ALL {
        assert!(names.insert(code.as_str()), "{} stands twice", code.as_str());
        assert!((400..600).contains(&code.status()) && !code.title(Language::English).is_empty(), "{}", code.as_str());
    }
}

fn openapi_document_is_served(world: &World) {
    let served = world.anonymous().get("/openapi.json").expect(200);
    assert_eq!(served.json()["paths"], document()["paths"]);
    let problems = world.anonymous().page("/api/problems").expect(200);
    for code in Code::ALL {
        assert!(problems.body.contains(&format!("id=\"{}\"", code.as_str())), "{} has no place", code.as_str());
    }
    let docs = world.anonymous().page("/api/docs/").expect(200);
    assert!(!docs.body.contains("https://"), "the reference page asks another host");
}

/// A path that the router knows, with ids that name nothing.
fn filled(path: &str) -> String {
    let collection = path.split('/').nth(1).unwrap_or_default();
    let prefix = match collection {
        "companies" => "cmp",
        "listings" => "lst",
        "rfqs" => "rfq",
        "matches" => "mat",
        "quotes" => "quo",
        "partnerships" => "prt",
        "records" => "trd",
        "retail-records" => "rtl",
        _ => "key",
    };
    path.replace("{id}", &format!("{prefix}_0000000000001"))
        .replace("{question}", "qst_0000000000001")
        .replace("{sku}", "NO-SUCH")
}

fn every_route_answers_as_documented(world: &World) {
    let party = world.buyer();
    let mut complaints = Vec::new();
    for (path, method, _) in operations() {
        let answer = party.call(&method, &filled(&path)).header("If-Match", "\"v1\"").send();
        let fell_through = answer.status == 405 || answer.body.contains("no such address");
        if fell_through || answer.status >= 500 {
            complaints.push(format!("{method} {path}: {} {}", answer.status, answer.body));
        }
        if answer.status >= 400 {
            assert!(Code::ALL.iter().any(|code| code.as_str() == answer.problem()), "{}", answer.body);
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn wrong_method_is_answered_with_allow(world: &World) {
    let party = world.buyer();
    let known = documented();
    for (path, _, _) in operations() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if known.contains(&format!("{method} {path}")) {
                continue;
            }
            // `/listings/by-sku/{sku}` and its like have a sibling with a parameter in the same place.
            let answer = party.call(method, &filled(&path)).header("If-Match", "\"v1\"").send();
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.body);
            assert_eq!(answer.problem(), "method_not_allowed");
            let allow = answer.header("allow").unwrap_or_else(|| panic!("no Allow at {method} {path}"));
            let mut named: Vec<_> = allow.split(", ").map(str::to_owned).collect();
            let mut right: Vec<_> = known
                .iter()
                .filter_map(|call| call.split_once(' '))
                .filter(|(_, other)| *other == path)
                .map(|(method, _)| method.to_owned())
                .chain(["OPTIONS".to_owned()])
                .collect();
            if right.iter().any(|method| method == "GET") {
                right.push("HEAD".to_owned());
            }
            named.sort();
            right.sort();
            assert_eq!(named, right, "{method} {path}");
        }
    }
}

fn routing_errors_are_problem_documents(world: &World) {
    let party = world.buyer();
    let rfqs =
        |kind: &str, body: &[u8]| party.call("POST", "/rfqs").header("Content-Type", kind).bytes(body.to_vec()).send();
    let json = "application/json";
    let cases: Vec<(&str, Answer, u16, &str)> = vec![
        ("no JSON", rfqs(json, b"{\"title\":"), 400, "bad_request"),
        ("not UTF-8", rfqs(json, b"{\"title\":\"\xff\"}"), 400, "bad_request"),
        ("a list", rfqs(json, b"[]"), 422, "invalid"),
        ("another type", rfqs("text/plain", b"{}"), 415, "unsupported_media_type"),
        ("no type", party.call("POST", "/rfqs").bytes(b"{}".to_vec()).send(), 415, "unsupported_media_type"),
        ("too large", rfqs(json, &vec![b' '; (2 << 20) + 1]), 413, "too_large"),
        ("bad query", party.get("/rfqs?limit=many"), 400, "bad_request"),
        ("unknown parameter", party.get("/rfqs?colour=red"), 400, "bad_request"),
        ("limit too high", party.get("/rfqs?limit=101"), 422, "invalid"),
        ("bad cursor", party.get("/rfqs?cursor=abc"), 400, "bad_cursor"),
        ("unknown path", party.get("/no/such/path"), 404, "not_found"),
        ("bad id", party.get("/rfqs/lst_0000000000001"), 404, "not_found"),
        ("bad key", Client::new(&world.base, Some("wrong".to_owned())).get("/rfqs"), 401, "unauthenticated"),
        (
            "another scheme",
            world.anonymous().call("GET", "/me").header("Authorization", "Basic YTpi").send(),
            401,
            "unauthenticated",
        ),
        (
            "bad Idempotency-Key",
            party.call("POST", "/rfqs").header("Idempotency-Key", "a b").json(&market::rfq("x")).send(),
            400,
            "bad_request",
        ),
    ];
    let mut complaints = Vec::new();
    for (case, answer, status, code) in cases {
        let kind = answer.header("content-type").unwrap_or_default();
        if answer.status != status || kind != "application/problem+json" || answer.problem() != code {
            complaints.push(format!("{case}: {} {kind} {}", answer.status, answer.body));
            continue;
        }
        let instance = answer.text("/instance");
        assert_eq!(answer.header("x-request-id"), Some(instance.as_str()), "{case}");
        assert!(answer.text("/type").ends_with(&format!("/api/problems#{code}")), "{case}");
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn every_response_has_its_documented_headers(world: &World) {
    let party = world.buyer();
    let nobody = world.anonymous();
    let answers = [
        party.get("/rfqs").expect(200),
        party.get("/rfqs/rfq_0000000000001").expect(404),
        nobody.get("/rfqs").expect(401),
        nobody.get("/search/listings").expect(200),
        nobody.call("DELETE", "/search/listings").send().expect(405),
        nobody.page("/").expect(200),
        nobody.page("/no-such-page").expect(404),
        nobody.page("/account").expect(401),
        nobody.browser("POST", "/sign-in").send().expect(403),
        nobody.page("/livez").expect(200),
    ];
    for answer in &answers {
        for (name, wanted) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(wanted), "{}", answer.body);
        }
        let csp = answer.header("content-security-policy").unwrap_or_default();
        assert!(csp.contains("default-src 'none'") && !csp.contains("unsafe"), "{csp}");
        assert_eq!(answer.header("x-request-id").map(str::len), Some(32));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("server"), None);
    }
    let own = nobody.call("GET", "/search/listings").header("X-Request-Id", "client-7").send();
    assert_eq!(own.header("x-request-id"), Some("client-7"));
    let forged = nobody.call("GET", "/search/listings").header("X-Request-Id", "a b<c>").send();
    assert_eq!(forged.header("x-request-id").map(str::len), Some(32));
    assert_eq!(party.get("/rfqs").header("cache-control"), Some("no-store"));
}

fn head_equals_get_without_body(world: &World) {
    let party = world.buyer();
    for path in ["/rfqs", "/search/listings", "/rfqs/rfq_0000000000001", "/no/such/path"] {
        let (get, head) = (party.get(path), party.call("HEAD", path).send());
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
    for path in ["/", "/rfqs", "/account", "/livez"] {
        let (get, head) = (party.page(path), party.browser("HEAD", path).send());
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
    }
}

/// A world in which a key may send three requests a minute.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.per_key_minute = 3;
        }))
    }
}

fn rate_limit_headers_count_down_to_429(Narrow(world): &Narrow) {
    let party = world.buyer();
    let answers: Vec<Answer> = (0..6).map(|_| party.get("/me")).collect();
    assert_eq!(answers[0].status, 200);
    assert_eq!(answers[0].header("ratelimit-policy"), Some("\"default\";q=3;w=60"));
    let refused = answers.last().unwrap();
    assert_eq!((refused.status, refused.problem().as_str()), (429, "too_many_requests"));
    let wait: u64 = refused.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(refused.header("x-content-type-options").is_some());
    let other = world.supplier();
    other.get("/me").expect(200);
}
