//! What integrators read: the OpenAPI document, its reference page, the list of problem codes; and the answer to an address that
//! is not served.

use std::collections::HashSet;

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::answer::html;
use super::envelope::page_of;
use super::layout::Page;
use super::problem::{ProblemBody, ProblemField};
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, Message, text};

/// The frame of the OpenAPI document; paths and schemas come from the handlers.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Tradepost",
        description = "REST API of a B2B, cross-border information-release trade platform. Every 4xx and 5xx answers \
                       `application/problem+json` (RFC 9457).\n\n\
                       A POST that creates takes an `Idempotency-Key` of 1 to 255 visible ASCII characters, kept for 24 hours. Sent \
                       again with the same body it makes nothing: it answers 201 with what was made, as that is now and with its \
                       present `ETag`, carries `Idempotent-Replayed: true` and leaves out a secret that was shown once. If what \
                       was made is gone since, it answers 410 `gone`; another body answers 422 `idempotency_mismatch`.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/", description = "This platform.")),
    tags(
        (name = "account", description = "Whom a key belongs to, and keys."),
        (name = "companies", description = "Companies: what they say of themselves, who works there, what was verified."),
        (name = "documents", description = "Files of one's own that are attached to other things."),
        (name = "listings", description = "The products that a company offers."),
        (name = "imports", description = "Catalogues as files: brought in, and taken out."),
        (name = "exports", description = "Everything that a company has, in one archive."),
        (name = "search", description = "Published listings, companies and open RFQs."),
        (name = "rfqs", description = "Requests for quotation and the questions about them."),
        (name = "matches", description = "The RFQs that fit one's own listings."),
        (name = "quotes", description = "What suppliers offer for an RFQ, and what becomes of it."),
        (name = "messages", description = "What two companies write to each other, and companies that are blocked."),
        (name = "alerts", description = "Searches that a person keeps."),
        (name = "events", description = "What happened, as a feed to read and as webhooks."),
        (name = "partnerships", description = "Two companies that trade, the shipments that they record, customs references."),
        (name = "retail", description = "What one's own company sold to consumers across a border, without a partner company."),
        (name = "statistics", description = "General trade, as the records of all companies add up to."),
        (name = "customs", description = "Numbers of customs declarations, by their form."),
        (name = "reference", description = "Code lists: HS, countries, currencies, units, Incoterms and others."),
        (name = "reports", description = "What a moderator should look at."),
    ),
    components(schemas(ProblemBody, ProblemField)),
    modifiers(&ApiKeys, &Problems)
)]
pub struct Document;

/// The name of the way in by an API key.
const KEY: &str = "api_key";

struct ApiKeys;

impl utoipa::Modify for ApiKeys {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("tp_live_...")
            .description(Some("An API key with the scopes that the call needs."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(KEY, SecurityScheme::Http(scheme));
        let secret =
            ApiKeyValue::with_description("Inbound-Secret", "The secret that the operator's mail server shows.");
        components.add_security_scheme("inbound_secret", SecurityScheme::ApiKey(ApiKey::Header(secret)));
    }
}

struct Problems;

impl utoipa::Modify for Problems {
    fn modify(&self, document: &mut OpenApi) {
        document.info.version = env!("CARGO_PKG_VERSION").to_owned();
        let description = document.info.description.get_or_insert_default();
        description.push_str(include_str!("reference.md"));
    }
}

/// The document as JSON, made once, and the addresses that it knows with their methods.
pub struct Published {
    json: String,
    known: Vec<(ResourceDef, Vec<&'static str>)>,
    /// The calls that need a key: method and pattern of the address.
    keyed: HashSet<(&'static str, String)>,
}

impl Published {
    /// From the collected document.
    pub fn new(document: &Value) -> Result<Self> {
        let json = serde_json::to_string(document).map_err(|error| Problem::internal(error).during("OpenAPI"))?;
        let paths = document["paths"].as_object().into_iter().flatten();
        let (mut known, mut keyed) = (Vec::new(), HashSet::new());
        for (path, item) in paths {
            for (method, operation) in operations(item) {
                let mut ways = operation["security"].as_array().into_iter().flatten().peekable();
                // An empty way in is the way without a key.
                if ways.peek().is_some() && ways.all(|way| way.get(KEY).is_some()) {
                    keyed.insert((method, path.clone()));
                }
            }
            known.push((ResourceDef::new(path.as_str()), methods(item)));
        }
        Ok(Self { json, known, keyed })
    }

    /// Whether the call can be made with a key alone; `pattern` is the address with the names of its parts.
    pub fn needs_key(&self, method: &Method, pattern: String) -> bool {
        let Some((_, name)) = METHODS.iter().find(|(_, name)| *name == method.as_str()) else { return false };
        self.keyed.contains(&(*name, pattern))
    }
}

const METHODS: &[(&str, &str)] =
    &[("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];

fn operations(item: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    METHODS.iter().filter_map(move |(member, method)| Some((*method, item.get(member)?)))
}

/// The methods that an address takes: HEAD wherever GET is, and OPTIONS everywhere.
fn methods(item: &Value) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for (method, _) in operations(item) {
        methods.push(method);
        if method == "GET" {
            methods.push("HEAD");
        }
    }
    methods.push("OPTIONS");
    methods
}

#[get("/api/v1/openapi.json")]
async fn openapi_json(published: Data<Published>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(published.json.clone())
}

#[derive(Template)]
#[template(path = "web/templates/problems.html")]
struct ProblemsPage {
    page: Page,
    codes: &'static [Code],
}

/// The page that the `type` of every problem points to.
#[get("/api/problems")]
async fn problems(http: HttpRequest) -> Result<HttpResponse> {
    html(&ProblemsPage { page: page_of(&http, text(Language::English, "errors-codes-title")), codes: Code::ALL })
}

#[get("/api/docs")]
async fn docs_without_slash() -> HttpResponse {
    super::answer::see_other("/api/docs/")
}

/// An address that nothing serves: 204 with its methods to whoever asks for them, 405 where the API serves it with another method, otherwise 404.
pub async fn unknown(http: HttpRequest, published: Data<Published>) -> Result<HttpResponse> {
    let served = published.known.iter().find(|(path, _)| path.is_match(http.path()));
    match served {
        Some((_, methods)) => {
            let methods = methods.join(", ");
            if http.method() == Method::OPTIONS {
                return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, methods)).finish());
            }
            let problem = Problem::new(
                Code::MethodNotAllowed,
                Message::new("errors-method").with("methods", &methods).text(Language::English),
            );
            let mut answer = actix_web::ResponseError::error_response(&problem);
            if let Ok(value) = header::HeaderValue::from_str(&methods) {
                answer.headers_mut().insert(header::ALLOW, value);
            }
            Ok(answer)
        }
        _ => Err(Problem::not_found("address")),
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(openapi_json)
        .service(problems)
        .service(docs_without_slash)
        .service(SwaggerUi::new("/api/docs/{_:.*}").config(Config::from("/api/v1/openapi.json")));
}
