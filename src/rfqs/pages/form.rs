//! The form of an RFQ: a new one, perhaps after a listing, or one's own draft or open RFQ to be changed.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::{Map, Value};

use super::items::{self, ItemRow};
use super::{LANGUAGE, wording};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::classification::pages::{HsHelp, asks_for_help};
use crate::clock::Time;
use crate::companies::{Company, CompanyState, Form as CompanyForm};
use crate::documents::pages::{files_of, take_files};
use crate::error::{FieldCode, Problem, Result, with_errors};
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::listings::actions::Offered;
use crate::locale::{Message, text};
use crate::rfqs::{Frequency, READ_ONLY, RfqFields, RfqState, Visibility, actions, queries};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{FileLink, Form, Page, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;
use crate::wire;

pub(super) const FIELDS: &[(&str, &str)] = &[
    ("title", "rfqs-form-title"),
    ("specification", "rfqs-specification"),
    ("hs_code", "rfqs-form-hs"),
    ("category", "rfqs-form-category"),
    ("quantity", "rfqs-column-quantity"),
    ("frequency", "rfqs-form-frequency"),
    ("target_price", "rfqs-column-target"),
    ("payment_terms", "rfqs-form-payment"),
    ("incoterm", "rfqs-column-incoterm"),
    ("destination_country", "rfqs-form-country"),
    ("destination_place", "rfqs-form-place"),
    ("destination_locode", "rfqs-form-locode"),
    ("wanted_by", "rfqs-form-wanted-by"),
    ("required_certifications", "rfqs-label-required-certifications"),
    ("wanted_supplier_countries", "rfqs-form-countries"),
    ("wanted_supplier_forms", "rfqs-form-kind"),
    ("items", "rfqs-form-items"),
    ("attachments", "rfqs-attachments"),
    ("closing.deadline", "rfqs-form-deadline"),
    ("closing.max_quotes", "rfqs-form-seats"),
    ("visibility", "rfqs-form-visibility"),
    ("sealed", "rfqs-form-sealed"),
    ("show_buyer_name", "rfqs-label-show-buyer-name"),
    ("language", "rfqs-form-language"),
    ("invite", "rfqs-form-invite"),
];

/// The languages to choose from; another one can be set by the API.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", "English"),
    ("ar", "Arabic"),
    ("zh", "Chinese"),
    ("nl", "Dutch"),
    ("fr", "French"),
    ("de", "German"),
    ("hi", "Hindi"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("es", "Spanish"),
    ("tr", "Turkish"),
    ("vi", "Vietnamese"),
];

#[derive(Template)]
#[template(path = "rfqs/templates/form.html")]
pub(super) struct RfqForm {
    page: Page,
    pub(super) form: Form,
    /// Where it posts to.
    action: String,
    /// The version that is being changed; empty for a new one.
    version: String,
    button: &'static str,
    back: String,
    is_open: bool,
    /// What is attached already.
    files: Vec<FileLink>,
    hs: HsHelp,
    /// The supplier that the new RFQ invites.
    invitee: Option<String>,
    /// The rows of items, and whether any is filled.
    item_rows: Vec<ItemRow>,
    has_items: bool,
}

/// The fields of a form that was sent.
fn read_fields(form: &FormData) -> Result<RfqFields> {
    let (items, errors) = items::read(form);
    let read = with_errors(wire::read_value::<RfqFields>(to_json(form), READ_ONLY), errors)?;
    Ok(RfqFields { items, ..read })
}

/// Whether items are to be seen: there are some, or something is wrong with them.
fn has_items(form: &Form) -> bool {
    items::are_filled(form) || form.is_wrong("items")
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NewQuery {
    listing: Option<String>,
    supplier: Option<String>,
}

fn company_forms() -> Vec<(&'static str, &'static str)> {
    CompanyForm::ALL.iter().map(|form| (form.as_str(), form.label(LANGUAGE))).collect()
}

fn frequencies() -> Vec<(&'static str, &'static str)> {
    Frequency::ALL.iter().map(|frequency| (frequency.as_str(), frequency.label(LANGUAGE))).collect()
}

fn visibilities() -> Vec<(&'static str, &'static str)> {
    Visibility::ALL.iter().map(|visibility| (visibility.as_str(), visibility.label(LANGUAGE))).collect()
}

/// The languages to choose from: code and name.
fn languages() -> &'static [(&'static str, &'static str)] {
    LANGUAGES
}

/// The JSON that the API would get for the same input; the wire then reads and refuses it in the same words.
pub(super) fn to_json(form: &FormData) -> Value {
    let mut rfq = Map::new();
    let text = |name: &str| form.text(name).map_or(Value::Null, Value::from);
    for name in [
        "title",
        "specification",
        "hs_code",
        "category",
        "frequency",
        "incoterm",
        "destination_country",
        "destination_place",
        "destination_locode",
        "wanted_by",
        "visibility",
        "language",
    ] {
        rfq.insert(name.to_owned(), text(name));
    }
    for name in ["payment_terms", "wanted_supplier_forms", "attachments"] {
        rfq.insert(name.to_owned(), form.all(name).into());
    }
    rfq.insert("required_certifications".to_owned(), parts(form, "required_certifications", &['\n']).into());
    rfq.insert("wanted_supplier_countries".to_owned(), countries(form).into());
    rfq.insert("quantity".to_owned(), pair(form, "quantity", ["value", "unit"]));
    rfq.insert("target_price".to_owned(), pair(form, "target_price", ["amount", "currency"]));
    rfq.insert("closing".to_owned(), closing(form));
    for name in ["sealed", "show_buyer_name"] {
        rfq.insert(name.to_owned(), form.is_ticked(name).into());
    }
    Value::Object(rfq)
}

fn parts(form: &FormData, name: &str, separators: &[char]) -> Vec<String> {
    let text = form.text(name).unwrap_or_default();
    text.split(separators).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn countries(form: &FormData) -> Vec<String> {
    parts(form, "wanted_supplier_countries", &[',', ';', ' ']).iter().map(|code| code.to_uppercase()).collect()
}

/// A number with its unit; nothing where no number was typed, because the unit is always chosen.
fn pair(form: &FormData, name: &str, [number, unit]: [&str; 2]) -> Value {
    match form.text(&format!("{name}.{number}")) {
        None => Value::Null,
        Some(typed) => {
            let unit_typed = form.text(&format!("{name}.{unit}"));
            let members = [(number, Value::from(typed)), (unit, unit_typed.map_or(Value::Null, Value::from))];
            Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        }
    }
}

fn closing(form: &FormData) -> Value {
    let deadline = form.text("closing.deadline").map_or(Value::Null, |typed| moment(typed).into());
    let seats = form.text("closing.max_quotes");
    let seats = seats.map_or(Value::Null, |typed| typed.parse::<u64>().map_or_else(|_| typed.into(), Value::from));
    let members = [("deadline".to_owned(), deadline), ("max_quotes".to_owned(), seats)];
    Value::Object(members.into_iter().collect())
}

/// What a browser's date-and-time field sends has no zone; the label says that it is UTC.
pub(super) fn moment(typed: &str) -> String {
    match typed.len() {
        16 => format!("{typed}:00Z"),
        19 => format!("{typed}Z"),
        _ => typed.to_owned(),
    }
}

/// Keeps the deadline that the form was shown with: what a browser sends back of it ends with the minutes, and would be an earlier one.
fn keep_deadline(fields: &mut RfqFields, form: &FormData, stored: &RfqFields) {
    let Some(deadline) = stored.closing.deadline else { return };
    if form.text("closing.deadline") == Some(typed_moment(deadline).as_str()) {
        fields.closing.deadline = Some(deadline);
    }
}

/// A moment as a browser's date-and-time field has it.
fn typed_moment(moment: Time) -> String {
    moment.format("%Y-%m-%dT%H:%M").to_string()
}

/// The fields as they are typed, for the first showing of the form.
pub(super) fn typed(fields: &RfqFields) -> Vec<(String, String)> {
    let mut document = serde_json::to_value(fields).unwrap_or_default();
    // They have rows, which are more than names with dots.
    document.as_object_mut().map(|members| members.remove("items"));
    let mut values = items::typed(fields);
    flatten("", &document, &mut values);
    let lists = [
        ("required_certifications", fields.required_certifications.join("\n")),
        (
            "wanted_supplier_countries",
            fields.wanted_supplier_countries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ),
    ];
    values.retain(|(name, _)| !lists.iter().any(|(list, _)| list == name) && name != "closing.deadline");
    values.extend(lists.map(|(name, value)| (name.to_owned(), value)));
    if let Some(price) = fields.target_price {
        // The API writes six decimals; people write what they mean.
        values.retain(|(name, _)| name != "target_price.amount");
        values.push(("target_price.amount".to_owned(), price.amount.display(2)));
    }
    if let Some(deadline) = fields.closing.deadline {
        values.push(("closing.deadline".to_owned(), typed_moment(deadline)));
    }
    values
}

/// Objects become names with dots, lists repeated names, `true` a ticked box.
fn flatten(name: &str, value: &Value, values: &mut Vec<(String, String)>) {
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::Bool(true) => values.push((name.to_owned(), "yes".to_owned())),
        Value::Number(number) => values.push((name.to_owned(), number.to_string())),
        Value::String(text) => values.push((name.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| flatten(name, item, values)),
        Value::Object(members) => {
            for (member, value) in members {
                let below = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
                flatten(&below, value, values);
            }
        }
    }
}

fn new_form(http: &HttpRequest, form: Form, files: Vec<FileLink>, hs: HsHelp, invitee: Option<String>) -> RfqForm {
    RfqForm {
        page: page_of(http, text(LANGUAGE, "rfqs-form-new")).under(Section::Buying),
        item_rows: items::rows(&form),
        has_items: has_items(&form),
        form,
        action: "/desk/buying/rfqs/new".to_owned(),
        version: String::new(),
        button: text(LANGUAGE, "rfqs-form-save"),
        back: "/desk/buying".to_owned(),
        is_open: false,
        files,
        hs,
        invitee,
    }
}

/// The form of one's own RFQ with what it says now, or with what was typed.
pub(super) async fn edit_form(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    id: RfqId,
    sent: Option<Form>,
    hs: Option<HsHelp>,
) -> Result<RfqForm> {
    let (rfq, form, files, hs) = run(app, move |app| {
        let (rfq, _) = queries::find_own(app, &actor, id)?;
        let form = sent.unwrap_or_else(|| Form::new(FIELDS).typed(typed(&rfq.fields)));
        let hs = hs.unwrap_or_else(|| HsHelp::of(app, form.value("title"), form.value("hs_code")));
        let files = files_of(app, &actor, &form, "attachments")?;
        Ok((rfq, form, files, hs))
    })
    .await?;
    let title = Message::new("rfqs-form-edit").with("title", wording::plain_title(&rfq)).text(LANGUAGE);
    let page = page_of(http, &title).under(Section::Buying);
    Ok(RfqForm {
        page,
        action: format!("/desk/buying/rfqs/{id}/edit"),
        version: if form.value("version").is_empty() {
            rfq.version.to_string()
        } else {
            form.value("version").to_owned()
        },
        item_rows: items::rows(&form),
        has_items: has_items(&form),
        form,
        button: text(LANGUAGE, if rfq.state == RfqState::Open { "rfqs-form-save-notify" } else { "rfqs-form-save" }),
        back: format!("/desk/buying/rfqs/{id}"),
        files,
        hs,
        is_open: rfq.state == RfqState::Open,
        invitee: None,
    })
}

/// What a new RFQ begins with: what the form shows, and the name of the supplier that it invites.
struct Beginning {
    typed: Vec<(String, String)>,
    invitee: Option<String>,
}

impl Beginning {
    /// The same with an invitation of the supplier, which nobody else sees; one's own company is not invited.
    fn inviting(mut self, actor: &Actor, supplier: &Company) -> Self {
        if actor.company() == Some(supplier.id) || supplier.state != CompanyState::Active {
            return self;
        }
        self.typed.retain(|(name, _)| name != "visibility");
        self.typed.push(("visibility".to_owned(), Visibility::Invited.to_string()));
        self.typed.push(("invite".to_owned(), supplier.id.to_string()));
        self.invitee = Some(supplier.fields.name.clone());
        self
    }
}

/// Goods, unit, currency and terms of a listing that the actor may see; its supplier is invited.
fn after_listing(app: &App, actor: &Actor, listing: &str) -> Result<Beginning> {
    let id: ListingId = listing.parse().map_err(|_| Problem::not_found("listing"))?;
    let Offered { listing, company } = crate::listings::actions::find(app, actor, id)?;
    let listing = listing.fields;
    let unit = listing.price.as_ref().map(|price| price.unit).or(listing.moq.map(|moq| moq.unit));
    let currency = listing.price.as_ref().map(|price| price.min.currency);
    let fields = RfqFields {
        title: listing.name,
        hs_code: listing.hs_code,
        category: listing.category,
        incoterm: listing.incoterms.first().map(|offer| offer.rule),
        payment_terms: listing.payment_terms,
        ..RfqFields::default()
    };
    let mut values = typed(&fields);
    // How much, and for what price, is the buyer's to say; the unit and the currency are those of the listing.
    values.extend(unit.map(|unit| ("quantity.unit".to_owned(), unit.to_string())));
    values.extend(currency.map(|currency| ("target_price.currency".to_owned(), currency.to_string())));
    Ok(Beginning { typed: values, invitee: None }.inviting(actor, &company))
}

fn after_supplier(app: &App, actor: &Actor, supplier: &str) -> Result<Beginning> {
    let absent = || Problem::not_found("company");
    let id: CompanyId = supplier.parse().map_err(|_| absent())?;
    let company = queries::invitations::find_invitee(app, id)?.ok_or_else(absent)?;
    let beginning = Beginning { typed: typed(&RfqFields::default()), invitee: None };
    Ok(beginning.inviting(actor, &company))
}

/// The supplier that a form invites: its id and its name.
fn invited(app: &App, form: &FormData) -> Result<Option<Company>> {
    let wrong = || Problem::invalid_field("/invite", FieldCode::UnknownValue, text(LANGUAGE, "rfqs-invite-unknown"));
    let Some(typed) = form.text("invite") else { return Ok(None) };
    let id: CompanyId = typed.parse().map_err(|_| wrong())?;
    queries::invitations::find_invitee(app, id)?.map(Some).ok_or_else(wrong)
}

#[get("/desk/buying/rfqs/new")]
async fn new_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<NewQuery>,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::RfqsWrite)?;
    let beginning = match (query.listing, query.supplier) {
        (None, None) => Beginning { typed: typed(&RfqFields::default()), invitee: None },
        (Some(listing), _) => run(&app, move |app| after_listing(app, &actor, &listing)).await?,
        (None, Some(supplier)) => run(&app, move |app| after_supplier(app, &actor, &supplier)).await?,
    };
    let form = Form::new(FIELDS).typed(beginning.typed);
    html(&new_form(&http, form, Vec::new(), HsHelp::default(), beginning.invitee))
}

/// Writes the draft of the form, with its invitation.
fn create_from(app: &App, actor: &Actor, sent: &FormData) -> Result<RfqId> {
    let fields = read_fields(sent)?;
    let invited: Vec<CompanyId> = invited(app, sent)?.iter().map(|company| company.id).collect();
    let made = actions::create_inviting(app, actor, fields, &invited, None);
    made.map(|made| made.id()).map_err(|mut problem| {
        for field in &mut problem.fields {
            // The one field that the form has for it.
            if field.pointer == "/companies/0" {
                "/invite".clone_into(&mut field.pointer);
            }
        }
        problem
    })
}

#[post("/desk/buying/rfqs/new")]
async fn create_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::RfqsWrite)?;
    let (outcome, form, files, hs, invitee) = run(&app, move |app| {
        let (sent, kept) = take_files(app, &actor, sent, "attachments");
        let is_shown = asks_for_help(&sent) || items::asks_for_rows(&sent);
        let sent = items::spread(sent);
        let create = || create_from(app, &actor, &sent).map(Some);
        let outcome = kept.and_then(|()| if is_shown { Ok(None) } else { create() });
        let invitee = invited(app, &sent).ok().flatten().map(|company| company.fields.name);
        let (hs, typed) = HsHelp::answering(app, &sent, "title");
        let form = Form::new(FIELDS).typed(typed);
        let files = files_of(app, &actor, &form, "attachments")?;
        Ok((outcome, form, files, hs, invitee))
    })
    .await?;
    match outcome {
        Ok(Some(id)) => Ok(see_other(&format!("/desk/buying/rfqs/{id}"))),
        Ok(None) => html(&new_form(&http, form, files, hs, invitee)),
        Err(problem) => {
            let form = form.refused(&items::at_fields(problem));
            let view = new_form(&http, form, files, hs, invitee);
            refused_html(&view, &view.form)
        }
    }
}

#[get("/desk/buying/rfqs/{id}/edit")]
async fn edit(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::RfqsWrite)?;
    html(&edit_form(&http, &app, actor, id, None, None).await?)
}

#[post("/desk/buying/rfqs/{id}/edit")]
async fn save(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::RfqsWrite)?;
    let writer = actor.clone();
    let (outcome, hs, typed) = run(&app, move |app| {
        // Files are kept only for an RFQ that is one's own.
        let (stored, _) = queries::find_own(app, &writer, id)?;
        let (form, kept) = take_files(app, &writer, sent, "attachments");
        let is_shown = asks_for_help(&form) || items::asks_for_rows(&form);
        let form = items::spread(form);
        let expected = form.text("version").and_then(|version| version.parse().ok());
        let rewrite = || {
            let mut fields = read_fields(&form)?;
            keep_deadline(&mut fields, &form, &stored.fields);
            actions::rewrite(app, &writer, id, expected, &fields).map(Some)
        };
        let outcome = kept.and_then(|()| if is_shown { Ok(None) } else { rewrite() });
        let (hs, typed) = HsHelp::answering(app, &form, "title");
        Ok((outcome, hs, typed))
    })
    .await?;
    let form = Form::new(FIELDS).typed(typed);
    match outcome {
        Ok(Some(())) => Ok(see_other(&format!("/desk/buying/rfqs/{id}"))),
        Ok(None) => html(&edit_form(&http, &app, actor, id, Some(form), Some(hs)).await?),
        Err(problem) => {
            let form = form.refused(&items::at_fields(problem));
            let view = edit_form(&http, &app, actor, id, Some(form), Some(hs)).await?;
            refused_html(&view, &view.form)
        }
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(new_rfq).service(create_rfq).service(edit).service(save);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: Vec<(String, String)>) -> Result<RfqFields> {
        let mut fields = read_fields(&FormData(pairs))?;
        fields.check()?;
        Ok(fields)
    }

    #[test]
    fn a_form_that_is_sent_back_as_shown_changes_nothing() {
        let full = serde_json::json!({
            "title": "Stainless pipe", "specification": "EN 10216-5\nPickled", "hs_code": "730441", "category": "Steel / Pipes",
            "quantity": {"value": "2.5", "unit": "TNE"}, "frequency": "monthly",
            "target_price": {"amount": "4100.00", "currency": "EUR"}, "incoterm": "DAP", "destination_country": "NL",
            "destination_place": "Rotterdam", "destination_locode": "NLRTM", "wanted_by": "2027-02-01",
            "payment_terms": ["TT_DEPOSIT", "LC_SIGHT"], "required_certifications": ["ISO 9001", "EN 10204 3.1"],
            "wanted_supplier_countries": ["CN", "TR"], "wanted_supplier_forms": ["manufacturer"],
            "attachments": ["doc_0000000000001", "doc_0000000000002"],
            "closing": {"deadline": "2027-01-05T17:00:00Z", "max_quotes": 5}, "sealed": true, "show_buyer_name": true,
            "visibility": "invited", "language": "en"
        });
        let several = serde_json::json!({"title": "Fittings", "items": [
            {"item": 1, "title": "Elbow", "quantity": {"value": "500", "unit": "C62"}, "hs_code": "741220",
                "target_price": {"amount": "1.20", "currency": "EUR"}, "specification": "DN20", "category": "Fittings"},
            {"item": 4, "title": "Pipe", "quantity": {"value": "2.5", "unit": "TNE"}}
        ]});
        for document in [full, several, serde_json::json!({"title": "Pipe"}), serde_json::json!({})] {
            let fields: RfqFields = wire::read_value(document, READ_ONLY).unwrap();
            assert_eq!(read(typed(&fields)).unwrap(), fields);
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_the_field_of_the_form() {
        for (name, value, pointer) in [
            ("hs_code", "73x", "/hs_code"),
            ("quantity.value", "many", "/quantity/value"),
            ("closing.max_quotes", "lots", "/closing/max_quotes"),
            ("closing.deadline", "tomorrow", "/closing/deadline"),
            ("wanted_supplier_countries", "CN, Turkey", "/wanted_supplier_countries/1"),
            ("title", "Pipes, write to buyer@example.com", "/title"),
        ] {
            let unit = ("quantity.unit".to_owned(), "KGM".to_owned());
            let problem = read(vec![(name.to_owned(), value.to_owned()), unit]).unwrap_err();
            let pointers: Vec<&str> = problem.fields.iter().map(|field| field.pointer.as_str()).collect();
            assert_eq!(pointers, [pointer], "{name}");
        }
    }
}
