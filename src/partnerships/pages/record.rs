//! The page of a shipment, and the form that adds a customs reference: a number is checked first, its result explained, then added.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::{Map, Value};

use super::parties::{self, ForViewer, Parties};
use super::rows::Shipment;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::customs::regimes::{RegimeSystem, default_regime};
use crate::customs::rules::DeclarantRole;
use crate::customs::{CheckResult, Direction, Scheme};
use crate::error::{Problem, Result};
use crate::ids::RecordId;
use crate::locale::{Language, text};
use crate::partnerships::{Record, ReferenceFields, records};
use crate::reference::outcome::Outcome;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;
use crate::wire;

const REFERENCE_FIELDS: &[(&str, &str)] = &[
    ("scheme", "customs-kind-of-number"),
    ("number", "customs-number"),
    ("item", "customs-item"),
    ("regime.system", "partnerships-regime-system"),
    ("regime.code", "partnerships-regime"),
    ("declarant_role", "partnerships-declarant"),
    ("office", "partnerships-office"),
    ("date", "customs-declaration-date"),
];

#[derive(Template)]
#[template(path = "partnerships/templates/record.html")]
struct RecordPage {
    page: Page,
    up: String,
    parties: Parties,
    shipment: Shipment,
    may_write: bool,
}

#[get("/records/{id}")]
pub(super) async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-shipment")).under(Section::Partnerships);
    let view = run(&app, move |app| {
        let ForViewer { viewer, thing: detail, parties } =
            parties::record(app, &actor, Permission::PartnershipsRead, id)?;
        let up = format!("/partnerships/{}", detail.record.partnership);
        let shipment = Shipment::new(detail, &parties, viewer, app.clock.now());
        let page = Page { title: shipment.goods.clone(), ..page };
        let may_write = actor.authorize(Permission::PartnershipsWrite).is_ok();
        Ok(RecordPage { page, up, parties, shipment, may_write })
    })
    .await?;
    html(&view)
}

#[derive(Template)]
#[template(path = "partnerships/templates/reference.html")]
struct ReferencePage {
    page: Page,
    form: Form,
    id: RecordId,
    up: String,
    goods: String,
    direction: String,
    result: Option<CheckResult>,
    regime: String,
    typed: Vec<(String, String)>,
}

impl ReferencePage {
    fn may_add(&self) -> bool {
        self.result.as_ref().is_some_and(|result| result.outcome != Outcome::Invalid)
    }

    fn headline(&self, outcome: &Outcome) -> &'static str {
        crate::customs::pages::outcome_label(*outcome)
    }
}

/// The code lists of regimes to choose from.
pub(crate) fn regime_systems() -> Vec<(&'static str, &'static str)> {
    vec![
        (RegimeSystem::CnSupervision.as_str(), text(Language::English, "partnerships-regime-china")),
        (RegimeSystem::EuProcedure.as_str(), text(Language::English, "partnerships-regime-eu")),
        (RegimeSystem::UsEntryType.as_str(), text(Language::English, "partnerships-regime-us")),
        (RegimeSystem::UnProcedure.as_str(), text(Language::English, "partnerships-regime-un")),
    ]
}

/// Who may have declared.
pub(crate) fn declarant_options() -> Vec<(&'static str, &'static str)> {
    DeclarantRole::ALL.iter().map(|role| (role.as_str(), role.label(Language::English))).collect()
}

/// The kind of number that the record's country gives.
fn usual_scheme(record: &Record) -> Scheme {
    let export = record.fields.direction == Direction::Export;
    let country = record.fields.reporter_country;
    match country.as_str() {
        "CN" => Scheme::CnDeclaration,
        "GB" => Scheme::UkMrn,
        "US" if export => Scheme::UsItn,
        "US" => Scheme::UsEntry,
        "IN" if export => Scheme::InShippingBill,
        "IN" => Scheme::InBillOfEntry,
        "BR" if export => Scheme::BrDue,
        "BR" => Scheme::BrDuimp,
        "JP" => Scheme::JpDeclaration,
        "KR" => Scheme::KrDeclaration,
        _ if crate::reference::countries::is_eu_member(country) => Scheme::EuMrn,
        _ => Scheme::Other,
    }
}

fn first_values(record: &Record) -> Vec<(String, String)> {
    let fields = &record.fields;
    let regime = default_regime(fields.reporter_country, fields.direction);
    let mut values = vec![
        ("scheme".to_owned(), usual_scheme(record).as_str().to_owned()),
        ("item".to_owned(), "1".to_owned()),
        ("regime.system".to_owned(), regime.system().as_str().to_owned()),
        ("regime.code".to_owned(), regime.code().to_owned()),
    ];
    values.extend(fields.declared_on.map(|date| ("date".to_owned(), date.to_string())));
    values
}

#[get("/records/{id}/customs-references/new")]
pub(super) async fn reference_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-add-reference")).under(Section::Partnerships);
    let view = run(&app, move |app| load_reference_form(app, &actor, id, typed, page)).await?;
    if view.form.is_valid() { html(&view) } else { refused_html(&view, &view.form) }
}

/// The form, with the check of what was typed so far.
fn load_reference_form(
    app: &App,
    actor: &Actor,
    id: RecordId,
    typed: Vec<(String, String)>,
    page: Page,
) -> Result<ReferencePage> {
    actor.authorize(Permission::PartnershipsWrite)?;
    let record = records::find(app, actor, id)?.record;
    let (goods, direction) = (super::rows::goods_of(&record), record.direction_line());
    let values = if typed.is_empty() { first_values(&record) } else { typed.clone() };
    let mut view = ReferencePage {
        page,
        form: Form::new(REFERENCE_FIELDS).typed(values),
        id,
        up: format!("/records/{id}"),
        goods,
        direction,
        result: None,
        regime: String::new(),
        typed: Vec::new(),
    };
    if typed.iter().any(|(name, value)| name == "number" && !value.trim().is_empty()) {
        match read_reference(&typed) {
            Ok(fields) => {
                view.result = Some(fields.assess(&record.fields, app.clock.today()));
                let regime = fields.regime_for(&record.fields).info();
                view.regime = format!("{}: {}", regime.code, regime.meaning);
                view.typed = typed;
            }
            Err(problem) => view.form = view.form.refused(&problem),
        }
    }
    Ok(view)
}

fn read_reference(typed: &[(String, String)]) -> Result<ReferenceFields> {
    let text = |wanted: &str| {
        let found = typed.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    };
    let mut members = Map::new();
    for name in ["scheme", "number", "declarant_role", "office", "date"] {
        members.extend(text(name).map(|value| (name.to_owned(), Value::from(value))));
    }
    let item = text("item").map(|item| item.parse::<u16>().map_or_else(|_| Value::from(item), Value::from));
    members.extend(item.map(|item| ("item".to_owned(), item)));
    if let Some(code) = text("regime.code") {
        let regime = serde_json::json!({"system": text("regime.system"), "code": code});
        members.insert("regime".to_owned(), regime);
    }
    wire::read_input(Value::Object(members), &[])
}

#[post("/records/{id}/customs-references/new")]
pub(super) async fn add_reference(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-add-reference")).under(Section::Partnerships);
    let typed = form.typed();
    let refused = run(&app, move |app| {
        let outcome = read_reference(&typed)
            .and_then(|fields| records::add_reference(app, &actor, id, &fields, None).map(|_| ()));
        outcome.err().map(|problem| form_again(app, &actor, id, typed, page, &problem)).transpose()
    })
    .await?;
    match refused {
        None => Ok(see_other(&format!("/records/{id}"))),
        Some(view) => refused_html(&view, &view.form),
    }
}

fn form_again(
    app: &App,
    actor: &Actor,
    id: RecordId,
    typed: Vec<(String, String)>,
    page: Page,
    problem: &Problem,
) -> Result<ReferencePage> {
    let view = load_reference_form(app, actor, id, typed, page)?;
    if !view.form.is_valid() {
        return Ok(view);
    }
    let form = view.form.refused(problem);
    Ok(ReferencePage { form, result: None, ..view })
}
