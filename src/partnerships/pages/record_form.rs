//! The forms that declare a shipment and correct one.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::{Map, Value, json};

use super::parties;
use crate::actor::Permission;
use crate::app::App;
use crate::companies;
use crate::customs::rules::{DealChannel, GoodsRoute, PartyForm};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::locale::{Language, Message, text};
use crate::money::Micros;
use crate::partnerships::{Partnership, RecordFields, records};
use crate::reference::transport::TransportMode;
use crate::store::Idempotent;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;
use crate::wire;

const RECORD_FIELDS: &[(&str, &str)] = &[
    ("direction", "customs-direction"),
    ("reporter_country", "partnerships-reporter-country"),
    ("partner_country", "partnerships-partner-country"),
    ("hs_code", "partnerships-hs-code"),
    ("description", "partnerships-goods"),
    ("quantity", "partnerships-quantity"),
    ("net_kg", "partnerships-net-weight"),
    ("value", "partnerships-invoice-value"),
    ("incoterm", "partnerships-incoterm"),
    ("freight", "partnerships-freight"),
    ("insurance", "partnerships-insurance"),
    ("invoice_date", "partnerships-invoice-date"),
    ("declared_on", "partnerships-declared-on"),
    ("released_on", "partnerships-released-on"),
    ("origin_country", "partnerships-origin"),
    ("transport_mode", "partnerships-transport"),
    ("party_form", "partnerships-parties"),
    ("deal_locus", "partnerships-deal-channel"),
    ("goods_route", "partnerships-transport-route"),
];

/// Fields of a text each; the others are a money or a quantity of two inputs.
const TEXTS: &[&str] = &[
    "direction",
    "reporter_country",
    "partner_country",
    "hs_code",
    "description",
    "net_kg",
    "incoterm",
    "invoice_date",
    "declared_on",
    "released_on",
    "origin_country",
    "transport_mode",
    "party_form",
    "deal_locus",
    "goods_route",
];
const PAIRS: &[(&str, &str, &str)] = &[
    ("quantity", "value", "unit"),
    ("value", "amount", "currency"),
    ("freight", "amount", "currency"),
    ("insurance", "amount", "currency"),
];

#[derive(Template)]
#[template(path = "partnerships/templates/record_form.html")]
struct RecordFormPage {
    page: Page,
    form: Form,
    action: String,
    back: String,
    intro: String,
    button: &'static str,
}

type Options = Vec<(&'static str, String)>;

/// The forms of parties to choose from.
pub(crate) fn party_forms() -> Options {
    let label = |form| match form {
        PartyForm::B2b => text(Language::English, "partnerships-b2b"),
        PartyForm::B2c => text(Language::English, "partnerships-b2c"),
        PartyForm::C2c => text(Language::English, "partnerships-c2c"),
    };
    PartyForm::ALL.iter().map(|form| (form.as_str(), label(*form).to_owned())).collect()
}

/// The channels of a deal to choose from.
pub(crate) fn deal_channels() -> Options {
    let label = |channel| match channel {
        DealChannel::Offline => text(Language::English, "partnerships-offline"),
        DealChannel::Platform => text(Language::English, "partnerships-platform"),
    };
    DealChannel::ALL.iter().map(|channel| (channel.as_str(), label(*channel).to_owned())).collect()
}

/// The routes of goods to choose from.
pub(crate) fn goods_routes() -> Options {
    GoodsRoute::ALL.iter().map(|route| (route.as_str(), route.label(Language::English).to_owned())).collect()
}

/// The modes of transport to choose from.
pub(crate) fn transport_modes() -> Options {
    TransportMode::ALL.iter().map(|mode| (mode.as_str(), mode.info().name.to_owned())).collect()
}

/// What the form says of where it leads.
fn record_page(page: Page, form: Form, partnership: PartnershipId, other: &str) -> RecordFormPage {
    RecordFormPage {
        page,
        form,
        action: format!("/partnerships/{partnership}/records/new"),
        back: format!("/partnerships/{partnership}"),
        intro: Message::new("partnerships-declare-intro").with("other", other).text(Language::English),
        button: text(Language::English, "partnerships-declare-button"),
    }
}

fn correction_page(page: Page, form: Form, id: RecordId, other: &str) -> RecordFormPage {
    RecordFormPage {
        page,
        form,
        action: format!("/records/{id}/correct"),
        back: format!("/records/{id}"),
        intro: Message::new("partnerships-correct-intro").with("other", other).text(Language::English),
        button: text(Language::English, "partnerships-correct-button"),
    }
}

#[get("/partnerships/{id}/records/new")]
pub(super) async fn record_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-declare")).under(Section::Partnerships);
    let view = run(&app, move |app| {
        let seen = parties::partnership(app, &actor, Permission::PartnershipsWrite, id)?;
        let form = first_values(app, &seen.thing, seen.viewer)?;
        Ok(record_page(page, form, id, seen.other_name()))
    })
    .await?;
    html(&view)
}

/// The supplier's export or the buyer's import, between their countries.
fn first_values(app: &App, partnership: &Partnership, viewer: CompanyId) -> Result<Form> {
    let other = partnership.other_than(viewer);
    let found = app.db.read(|conn| companies::store::load(conn, &[viewer.0, other.0]))?;
    let country = |id: CompanyId| {
        let company = found.iter().find(|company| company.id == id);
        company.map(|company| company.fields.country.to_string()).unwrap_or_default()
    };
    let direction = if viewer == partnership.supplier { "export" } else { "import" };
    Ok(Form::new(RECORD_FIELDS)
        .with("direction", direction)
        .with("reporter_country", country(viewer))
        .with("partner_country", country(other))
        .with("origin_country", country(partnership.supplier))
        .with("party_form", "b2b")
        .with("deal_locus", "offline")
        .with("goods_route", "general_cargo")
        .with("quantity.unit", "KGM")
        .with("value.currency", "USD"))
}

/// The record that the form describes, read as JSON so that every wrong field is named.
fn read_record(form: &FormData) -> Result<RecordFields> {
    let mut members = Map::new();
    for name in TEXTS {
        members.extend(form.text(name).map(|value| ((*name).to_owned(), Value::from(value))));
    }
    for (name, first, second) in PAIRS {
        if let Some(amount) = form.text(&format!("{name}.{first}")) {
            let unit = form.text(&format!("{name}.{second}"));
            members.insert((*name).to_owned(), json!({*first: amount, *second: unit}));
        }
    }
    wire::read_input(Value::Object(members), &[])
}

#[post("/partnerships/{id}/records/new")]
pub(super) async fn declare(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-declare")).under(Section::Partnerships);
    let outcome = run(&app, move |app| {
        let seen = parties::partnership(app, &actor, Permission::PartnershipsWrite, id)?;
        let declared = read_record(&form).and_then(|fields| records::declare(app, &actor, id, &fields, None));
        Ok(or_form_again(declared, &form, |form| record_page(page, form, id, seen.other_name())))
    })
    .await?;
    answer(outcome)
}

/// The id of what was made, or the form again with what is wrong.
fn or_form_again(
    made: Result<Idempotent<RecordId>>,
    form: &FormData,
    again: impl FnOnce(Form) -> RecordFormPage,
) -> std::result::Result<RecordId, Box<RecordFormPage>> {
    let refused = |problem| Form::new(RECORD_FIELDS).typed(form.typed()).refused(&problem);
    made.map(|once| once.id()).map_err(|problem| Box::new(again(refused(problem))))
}

fn answer(outcome: std::result::Result<RecordId, Box<RecordFormPage>>) -> Result<HttpResponse> {
    match outcome {
        Ok(id) => Ok(see_other(&format!("/records/{id}"))),
        Err(view) => refused_html(&*view, &view.form),
    }
}

#[get("/records/{id}/correct")]
pub(super) async fn correct_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-correct-title")).under(Section::Partnerships);
    let view = run(&app, move |app| {
        let seen = parties::record(app, &actor, Permission::PartnershipsWrite, id)?;
        let form = Form::new(RECORD_FIELDS).typed(values_of(&seen.thing.record.fields)?);
        Ok(correction_page(page, form, id, seen.other_name()))
    })
    .await?;
    html(&view)
}

/// The fields of a record as the form holds them.
fn values_of(fields: &RecordFields) -> Result<Vec<(String, String)>> {
    let value = serde_json::to_value(fields).map_err(Problem::internal)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    // The API writes six decimals; people write what they mean.
    let number = |value: &Value| text(value).parse::<Micros>().map_or_else(|_| text(value), |number| number.display(0));
    let mut values = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        match member.as_object() {
            Some(parts) => values.extend(parts.iter().map(|(part, value)| {
                let shown = if matches!(part.as_str(), "amount" | "value") { number(value) } else { text(value) };
                (format!("{name}.{part}"), shown)
            })),
            None if name == "net_kg" => values.push((name.clone(), number(member))),
            None => values.push((name.clone(), text(member))),
        }
    }
    Ok(values)
}

#[post("/records/{id}/correct")]
pub(super) async fn correct(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-correct-title")).under(Section::Partnerships);
    let outcome = run(&app, move |app| {
        let seen = parties::record(app, &actor, Permission::PartnershipsWrite, id)?;
        let hs_edition = seen.thing.record.fields.hs_edition.clone();
        let fields = read_record(&form).map(|fields| RecordFields { hs_edition, ..fields });
        let made = fields.and_then(|fields| records::correct(app, &actor, id, &fields, None, None));
        Ok(or_form_again(made, &form, |form| correction_page(page, form, id, seen.other_name())))
    })
    .await?;
    answer(outcome)
}
