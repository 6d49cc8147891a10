//! The OpenAPI document made whole: what handlers do not say because it is the same everywhere.
//!
//! Each fact has one owner. What a success brings is described where its struct is (the doc comment of the schema), what an error means in the
//! table of codes ([`Code`]); a handler describes an answer itself only where it can say more; headers stand once in [`headers`].

mod headers;
mod schemas;

use std::collections::BTreeMap;

use actix_web::http::header;
use serde_json::Value;

use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

use crate::error::{Code, Problem, Result};
use crate::locale::Language;

/// The whole document, from what the handlers say.
///
/// # Errors
/// `internal` when it cannot be written, which is a fault of ours.
pub fn complete(mut collected: OpenApi) -> Result<Value> {
    complete_operations(&mut collected);
    let mut document = serde_json::to_value(&collected).map_err(|error| Problem::internal(error).during("OpenAPI"))?;
    schemas::shape(&mut document);
    headers::declare(&mut document);
    Ok(document)
}

fn complete_operations(document: &mut OpenApi) {
    let about = Descriptions::of(document);
    let components = document.components.get_or_insert_default();
    for code in Code::ALL {
        components.responses.insert(name_of(code.status()), RefOr::T(problem(code.status())));
    }
    for (path, item) in &mut document.paths.paths {
        for (is_read, operation) in operations(item) {
            add_problems(path, is_read, operation);
            describe(operation, &about);
        }
    }
}

/// The operations that a path has, and whether they only read.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let reads = item.get.iter_mut().map(|operation| (true, operation));
    let writes = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    reads.chain(writes.into_iter().flatten().map(|operation| (false, operation)))
}

/// The name of the shared answer of a status: `Problem404`.
fn name_of(status: u16) -> String {
    format!("Problem{status}")
}

/// The answer of an error status: every code that it can carry.
fn problem(status: u16) -> Response {
    let codes = Code::ALL.iter().filter(|code| code.status() == status);
    let lines = codes.map(|code| format!("`{}`: {}.", code.as_str(), code.title(Language::English)));
    let mut response = Response::new(lines.collect::<Vec<_>>().join(" "));
    response.content.insert("application/problem+json".to_owned(), RefOr::T(problem_content()));
    response
}

fn problem_content() -> Content {
    Content::new(Some(Ref::from_schema_name("Problem")))
}

/// The errors that an operation can answer with, because of what it takes.
fn possible(path: &str, is_read: bool, operation: &Operation) -> Vec<u16> {
    let mut statuses = vec![400, 429, 500, 503];
    let parameters = || operation.parameters.iter().flatten();
    if !is_read {
        // A suspended company, a state that does not allow it, a body that breaks off.
        statuses.extend([408, 409, 413, 415]);
    }
    if parameters().any(|parameter| is_in_header(parameter, header::IF_MATCH.as_str())) {
        statuses.extend([412, 428]);
    }
    if parameters().any(|parameter| is_in_header(parameter, "Idempotency-Key")) {
        statuses.extend([410, 422]);
    }
    let needs_key = operation.security.as_ref().is_some_and(|schemes| !schemes.is_empty());
    if needs_key {
        statuses.extend([401, 403]);
    }
    if path.contains('{') {
        statuses.push(404);
    }
    let has_input = !is_read || parameters().any(is_in_query);
    if has_input {
        statuses.push(422);
    }
    statuses
}

fn is_in_query(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
}

fn is_in_header(parameter: &RefOr<Parameter>, name: &str) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Header && parameter.name == name)
}

fn add_problems(path: &str, is_read: bool, operation: &mut Operation) {
    for status in possible(path, is_read, operation) {
        let responses = &mut operation.responses.responses;
        responses.entry(status.to_string()).or_insert_with(|| RefOr::Ref(Ref::from_response_name(name_of(status))));
    }
    for (status, response) in &mut operation.responses.responses {
        let Some(status) = status.parse::<u16>().ok().filter(|status| *status >= 400) else { continue };
        match response {
            // What the handler says of this status is more than the table of codes can.
            RefOr::T(own) if !own.description.is_empty() => {
                own.content.insert("application/problem+json".to_owned(), RefOr::T(problem_content()));
            }
            other => *other = RefOr::Ref(Ref::from_response_name(name_of(status))),
        }
    }
}

fn describe(operation: &mut Operation, about: &Descriptions) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = success(status, about.of_content(response.content.values()));
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && body.description.is_none()
    {
        body.description = about.of_content(body.content.values()).map(str::to_owned);
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.parameter_in == ParameterIn::Path && parameter.description.as_deref().is_none_or(str::is_empty) {
            parameter.description = Some(of_path_parameter(&parameter.name));
        }
    }
}

/// What a success brings, from the description of its body.
fn success(status: &str, body: Option<&str>) -> String {
    match (status, body) {
        ("201", Some(body)) => format!("Created. {body}"),
        ("201", None) => "Created.".to_owned(),
        ("202", _) => "Accepted; the answer says where its progress is found.".to_owned(),
        ("204", _) => "Done. The answer has no body.".to_owned(),
        (_, Some(body)) => body.to_owned(),
        (_, None) => "Done.".to_owned(),
    }
}

fn of_path_parameter(name: &str) -> String {
    match name {
        "id" => "The id, as the member `id` of the resource gives it.".to_owned(),
        "sku" => "The company's own number of the listing.".to_owned(),
        other => format!("The id of the {other}, as its member `id` gives it."),
    }
}

/// The first paragraph of each schema's description.
struct Descriptions(BTreeMap<String, String>);

impl Descriptions {
    fn of(document: &OpenApi) -> Self {
        let schemas = document.components.iter().flat_map(|components| &components.schemas);
        let described = schemas.filter_map(|(name, schema)| {
            let RefOr::T(schema) = schema else { return None };
            let text = of_schema(schema)?.split("\n\n").next()?.replace('\n', " ");
            Some((name.clone(), text)).filter(|(_, text)| !text.is_empty())
        });
        Self(described.collect())
    }

    /// The description of the schema that a body refers to; a list is described by its items.
    fn of_content<'a>(&self, mut content: impl Iterator<Item = &'a RefOr<Content>>) -> Option<&str> {
        let RefOr::T(content) = content.next()? else { return None };
        let RefOr::Ref(reference) = content.schema.as_ref()? else { return None };
        self.0.get(reference.ref_location.rsplit('/').next()?).map(String::as_str)
    }
}

fn of_schema(schema: &Schema) -> Option<&str> {
    let description = match schema {
        Schema::Object(object) => &object.description,
        Schema::Array(array) => &array.description,
        Schema::OneOf(one) => &one.description,
        Schema::AllOf(all) => &all.description,
        Schema::AnyOf(any) => &any.description,
        _ => return None,
    };
    description.as_deref()
}
