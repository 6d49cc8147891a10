//! The page on which anybody can check a customs number. The number is in the address, so the result can be shared.

pub mod hs;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde_json::{Map, Value};

use super::{CheckRequest, CheckResult, Outcome, Scheme, SchemeInfo, check, schemes};
use crate::app::App;
use crate::error::Result;
use crate::locale::{Language, text};
use crate::web::answer::{html, refused_html};
use crate::web::envelope::page_of;
use crate::web::input::Query;
use crate::web::layout::{Form, Page};
use crate::wire;

const FIELDS: &[(&str, &str)] = &[
    ("scheme", "customs-kind-of-number"),
    ("number", "customs-number"),
    ("direction", "customs-direction"),
    ("date", "customs-declaration-date"),
    ("item", "customs-item"),
    ("country", "customs-country"),
    ("port", "customs-port"),
];

#[derive(Template)]
#[template(path = "customs/templates/checker.html")]
struct Checker {
    page: Page,
    form: Form,
    result: Option<CheckResult>,
    schemes: &'static [SchemeInfo],
}

impl Checker {
    fn headline(&self, outcome: &Outcome) -> &'static str {
        outcome_label(*outcome)
    }
}

/// The label of the outcome of a check.
pub fn outcome_label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Valid => text(Language::English, "customs-verdict-valid"),
        Outcome::ValidFormOnly => text(Language::English, "customs-verdict-form-only"),
        Outcome::Suspicious => text(Language::English, "customs-verdict-suspicious"),
        Outcome::Invalid => text(Language::English, "customs-verdict-invalid"),
    }
}

/// The label of what a number proves at most.
pub fn evidence_label(evidence: super::Evidence) -> &'static str {
    match evidence {
        super::Evidence::Declaration => text(Language::English, "customs-evidence-declaration"),
        super::Evidence::Preliminary => text(Language::English, "customs-evidence-preliminary"),
        super::Evidence::Transit => text(Language::English, "customs-evidence-transit"),
        super::Evidence::Supporting => text(Language::English, "customs-evidence-supporting"),
    }
}

/// The schemes to choose from.
pub fn scheme_options() -> Vec<(&'static str, &'static str)> {
    schemes().iter().map(|scheme| (scheme.code.as_str(), scheme.name)).collect()
}

/// The two directions to choose from.
pub fn direction_options() -> Vec<(&'static str, &'static str)> {
    vec![("export", text(Language::English, "customs-export")), ("import", text(Language::English, "customs-import"))]
}

#[get("/customs")]
async fn checker(
    http: HttpRequest,
    app: Data<App>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "customs-check-title"));
    let form = Form::new(FIELDS).typed(typed.clone());
    let mut view = Checker { page, form, result: None, schemes: schemes() };
    if !typed.iter().any(|(name, value)| name == "number" && !value.trim().is_empty()) {
        return html(&view);
    }
    match read(&typed) {
        Ok(request) => {
            view.result = Some(check(&request, app.clock.today()));
            html(&view)
        }
        Err(problem) => {
            view.form = view.form.refused(&problem);
            refused_html(&view, &view.form)
        }
    }
}

fn read(typed: &[(String, String)]) -> Result<CheckRequest> {
    let mut members = Map::new();
    for (name, _) in FIELDS {
        let value = typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
        if value.is_empty() {
            continue;
        }
        let number = (*name == "item").then(|| value.parse::<u16>().ok().map(Value::from)).flatten();
        members.insert((*name).to_owned(), number.unwrap_or_else(|| Value::from(value)));
    }
    let request: CheckRequest = wire::read_value(Value::Object(members), &[])?;
    super::api::check_length(&request)?;
    Ok(request)
}

/// The name of a scheme for people.
pub fn scheme_name(scheme: Scheme) -> &'static str {
    scheme.info().name
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(checker);
    hs::routes(cfg);
}
