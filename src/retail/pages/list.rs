//! The list of retail records, and what its neighbours share.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::error::{FieldCode, Problem, Result};
use crate::formats::{Pill, PriceLine, hs_named};
use crate::ids::RetailRecordId;
use crate::locale::{Language, Message, text};
use crate::retail::fields::first_of;
use crate::retail::{RetailDetail, RetailFilter, RetailRecord, queries};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::{Query, parse};
use crate::web::layout::{Form, Page, Pager, Section};
use crate::web::run;

/// The address of the list.
pub(super) const HOME: &str = "/retail-records";
/// The language of the pages.
pub(super) const LANGUAGE: Language = Language::English;
const ROWS: u32 = 25;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(default)]
    direction: String,
    #[serde(default)]
    party_form: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    cursor: Option<String>,
}

/// A record in the list.
struct Row {
    id: RetailRecordId,
    month: String,
    goods: String,
    line: String,
    parties: &'static str,
    value: String,
    parcels: String,
    state: Pill,
    is_counted: bool,
}

#[derive(Template)]
#[template(path = "retail/templates/list.html")]
struct ListView {
    page: Page,
    form: Form,
    rows: Vec<Row>,
    pager: Pager,
    may_write: bool,
}

/// `Export: China to Netherlands`, `Import: into Germany`.
pub(super) fn direction_line(record: &RetailRecord) -> String {
    let (reporter, consumer) = (record.fields.reporter_country.name(), record.fields.consumer_country.name());
    let message = match record.fields.direction {
        Direction::Export => Message::new("retail-line-export"),
        Direction::Import => Message::new("retail-line-import"),
    };
    message.with("reporter", reporter).with("consumer", consumer).text(LANGUAGE)
}

/// The description of the goods, or what their code says.
pub(super) fn goods_of(record: &RetailRecord) -> String {
    let description = &record.fields.description;
    if description.is_empty() { hs_named(&record.fields.hs_code, LANGUAGE) } else { description.clone() }
}

impl Row {
    fn new(detail: RetailDetail) -> Self {
        let RetailDetail { record, counted, .. } = detail;
        Self {
            id: record.id,
            month: record.fields.month(),
            goods: goods_of(&record),
            line: direction_line(&record),
            parties: record.fields.party_form.label(LANGUAGE),
            value: PriceLine::new(record.fields.value, None, None).money(),
            parcels: record.fields.parcels.to_string(),
            state: record.state.pill(),
            is_counted: counted.is_ok(),
        }
    }
}

/// The directions to choose from.
pub(crate) fn directions() -> [(&'static str, &'static str); 2] {
    [("export", text(LANGUAGE, "statistics-exports")), ("import", text(LANGUAGE, "statistics-imports"))]
}

/// The forms of parties to choose from.
pub(crate) fn parties() -> [(&'static str, &'static str); 2] {
    [("b2c", PartyForm::B2c.label(LANGUAGE)), ("c2c", PartyForm::C2c.label(LANGUAGE))]
}

#[get("/retail-records")]
pub(super) async fn list(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<Params>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "retail-title")).under(Section::Partnerships);
    html(&run(&app, move |app| list_view(app, &actor, page, params)).await?)
}

fn list_view(app: &App, actor: &Actor, page: Page, params: Params) -> Result<ListView> {
    if !params.month.is_empty() && first_of(&params.month).is_none() {
        return Err(Problem::invalid_field("/month", FieldCode::Format, text(LANGUAGE, "retail-month")));
    }
    let filter = RetailFilter {
        direction: (!params.direction.is_empty()).then(|| parse("direction", &params.direction)).transpose()?,
        party_form: (!params.party_form.is_empty()).then(|| parse("party_form", &params.party_form)).transpose()?,
        month: Some(params.month.clone()).filter(|month| !month.is_empty()),
        ..RetailFilter::default()
    };
    let name = format!("retail records page {filter:?}");
    let paging = ListParams { limit: Some(ROWS), cursor: params.cursor.clone() }.paging(app, &name, actor)?;
    let slice = queries::list(app, actor, &filter, &paging)?;
    let query = [
        ("direction", params.direction.as_str()),
        ("party_form", params.party_form.as_str()),
        ("month", params.month.as_str()),
    ];
    let query: Vec<_> = query.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let address = match query.is_empty() {
        true => HOME.to_owned(),
        false => format!("{HOME}?{}", serde_urlencoded::to_string(query).unwrap_or_default()),
    };
    let labels =
        [("direction", "customs-direction"), ("party_form", "partnerships-parties"), ("month", "retail-month-label")];
    Ok(ListView {
        page,
        form: Form::new(&labels)
            .with("direction", &params.direction)
            .with("party_form", &params.party_form)
            .with("month", &params.month),
        pager: pager(app, &name, actor, &address, slice.prev.as_ref(), slice.next.as_ref())?,
        rows: slice.items.into_iter().map(Row::new).collect(),
        may_write: actor.authorize(Permission::PartnershipsWrite).is_ok(),
    })
}
