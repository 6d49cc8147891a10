//! The forms that record a sale and correct one.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::Value;

use super::list::{HOME, LANGUAGE};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::{self, Form as CompanyForm};
use crate::error::{Problem, Result};
use crate::ids::RetailRecordId;
use crate::locale::text;
use crate::money::Micros;
use crate::retail::fields::RetailFields;
use crate::retail::intake::object_of;
use crate::retail::rules::may_correct;
use crate::retail::{actions, queries};
use crate::store::Idempotent;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;
use crate::wire;

pub(super) const FIELDS: &[(&str, &str)] = &[
    ("direction", "customs-direction"),
    ("party_form", "partnerships-parties"),
    ("reporter_country", "partnerships-reporter-country"),
    ("consumer_country", "retail-consumer-country"),
    ("origin_country", "partnerships-origin"),
    ("goods_route", "partnerships-transport-route"),
    ("platform", "retail-platform"),
    ("deal_locus", "partnerships-deal-channel"),
    ("hs_code", "partnerships-hs-code"),
    ("description", "partnerships-goods"),
    ("quantity", "partnerships-quantity"),
    ("net_kg", "partnerships-net-weight"),
    ("value", "retail-value"),
    ("parcels", "retail-parcels"),
    ("period", "retail-month-label"),
    ("date", "retail-date"),
    ("regime.system", "partnerships-regime-system"),
    ("regime.code", "partnerships-regime"),
    ("customs_reference.scheme", "customs-kind-of-number"),
    ("customs_reference.number", "customs-number"),
    ("customs_reference.item", "customs-item"),
    ("customs_reference.office", "partnerships-office"),
    ("declarant_role", "partnerships-declarant"),
    ("declarant_name", "retail-declarant-name"),
    ("declarant_number", "retail-declarant-number"),
    ("ioss", "retail-ioss"),
    ("reference", "retail-reference"),
];

#[derive(Template)]
#[template(path = "retail/templates/form.html")]
struct FormPage {
    page: Page,
    form: Form,
    action: String,
    back: String,
    intro: &'static str,
    button: &'static str,
}

fn new_page(page: Page, form: Form) -> FormPage {
    FormPage {
        page,
        form,
        action: format!("{HOME}/new"),
        back: HOME.to_owned(),
        intro: text(LANGUAGE, "retail-form-intro"),
        button: text(LANGUAGE, "retail-record-button"),
    }
}

fn correction_page(page: Page, form: Form, id: RetailRecordId) -> FormPage {
    FormPage {
        page,
        form,
        action: format!("{HOME}/{id}/correct"),
        back: format!("{HOME}/{id}"),
        intro: text(LANGUAGE, "retail-correct-intro"),
        button: text(LANGUAGE, "retail-correct-button"),
    }
}

#[get("/retail-records/new")]
pub(super) async fn new_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-new")).under(Section::Partnerships);
    let form = run(&app, move |app| first_values(app, &actor)).await?;
    html(&new_page(page, form))
}

/// An export from the company's country, of the only form that it may record.
fn first_values(app: &App, actor: &Actor) -> Result<Form> {
    let id = actor.authorize(Permission::PartnershipsWrite)?.company();
    let company = app.db.read(|conn| companies::store::find(conn, id))?.ok_or_else(|| Problem::not_found("company"))?;
    let parties = if company.fields.form == CompanyForm::Individual { "c2c" } else { "b2c" };
    Ok(Form::new(FIELDS)
        .with("direction", "export")
        .with("party_form", parties)
        .with("reporter_country", company.fields.country.to_string())
        .with("origin_country", company.fields.country.to_string())
        .with("goods_route", "post")
        .with("deal_locus", "platform")
        .with("parcels", "1")
        .with("quantity.unit", "C62")
        .with("value.currency", "USD"))
}

/// The record that the form describes, read as JSON so that every wrong field is named.
fn read(form: &FormData) -> Result<RetailFields> {
    let typed = form.0.iter().map(|(name, value)| (name.as_str(), value.trim()));
    wire::read_input(object_of(typed.filter(|(name, _)| *name != "csrf")), &[])
}

/// The id of what was made, or the form again with what is wrong.
fn or_form_again(
    made: Result<Idempotent<RetailRecordId>>,
    form: &FormData,
    again: impl FnOnce(Form) -> FormPage,
) -> std::result::Result<RetailRecordId, Box<FormPage>> {
    let refused = |problem| Form::new(FIELDS).typed(form.typed()).refused(&problem);
    made.map(|once| once.id()).map_err(|problem| Box::new(again(refused(problem))))
}

fn answer(outcome: std::result::Result<RetailRecordId, Box<FormPage>>) -> Result<HttpResponse> {
    match outcome {
        Ok(id) => Ok(see_other(&format!("{HOME}/{id}"))),
        Err(view) => refused_html(&*view, &view.form),
    }
}

#[post("/retail-records/new")]
pub(super) async fn create(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-new")).under(Section::Partnerships);
    let outcome = run(&app, move |app| {
        actor.authorize(Permission::PartnershipsWrite)?;
        let made = read(&form).and_then(|fields| actions::record(app, &actor, &fields, None));
        Ok(or_form_again(made, &form, |form| new_page(page, form)))
    })
    .await?;
    answer(outcome)
}

#[get("/retail-records/{id}/correct")]
pub(super) async fn correct_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-correct-title")).under(Section::Partnerships);
    let record = run(&app, move |app| queries::find_written(app, &actor, id)).await?.record;
    may_correct(record.state)?;
    let form = Form::new(FIELDS).typed(values_of(&record.fields)?);
    html(&correction_page(page, form, id))
}

/// The fields of a record as the form holds them.
fn values_of(fields: &RetailFields) -> Result<Vec<(String, String)>> {
    let value = serde_json::to_value(fields).map_err(Problem::internal)?;
    let shown = |name: &str, value: &Value| match value {
        Value::Null => String::new(),
        Value::String(typed) if matches!(name, "net_kg" | "amount" | "value") => {
            // The API writes six decimals; people write what they mean.
            typed.parse::<Micros>().map_or_else(|_| typed.clone(), |number| number.display(0))
        }
        Value::String(typed) => typed.clone(),
        other => other.to_string(),
    };
    let mut values = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        match member.as_object() {
            Some(parts) => {
                values.extend(parts.iter().map(|(part, value)| (format!("{name}.{part}"), shown(part, value))))
            }
            None => values.push((name.clone(), shown(name, member))),
        }
    }
    Ok(values)
}

#[post("/retail-records/{id}/correct")]
pub(super) async fn correct(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-correct-title")).under(Section::Partnerships);
    let outcome = run(&app, move |app| {
        // What is not one's own has no form either.
        let old = queries::find_written(app, &actor, id)?.record;
        let fields = read(&form).map(|fields| RetailFields { hs_edition: old.fields.hs_edition.clone(), ..fields });
        let made = fields.and_then(|fields| actions::correct(app, &actor, id, &fields, None, None));
        Ok(or_form_again(made, &form, |form| correction_page(page, form, id)))
    })
    .await?;
    answer(outcome)
}
