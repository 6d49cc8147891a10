//! REST of retail records.

use actix_web::http::Method;
use actix_web::web::{Data, method as method_only};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::batch::{self, RowResult, Written};
use super::fields::{READ_ONLY, RetailFields, first_of};
use super::intake::rows_of_csv;
use super::views::RetailRecordView;
use super::{RetailDetail, RetailFilter, RetailState, actions, queries};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::RetailRecordId;
use crate::locale::{Language, Message, text};
use crate::store::Idempotent as StoredOnce;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::docs::unknown;
use crate::web::input::{Body, Expected, Id, IdempotencyHeader, Input, Json, NoParameters, Query, parse, parse_time};
use crate::web::paged::paged;
use crate::web::problem::ProblemField;
use crate::web::run;
use crate::wire_enum;

/// The most records in one call.
pub const MOST: usize = 100;

impl Input for RetailFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

/// The parameters of the list of one's own retail records.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RetailListParams {
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
    /// Only exports or imports.
    #[param(example = "export")]
    pub direction: Option<String>,
    /// Only `b2c` or `c2c`.
    #[param(example = "b2c")]
    pub party_form: Option<String>,
    /// Only those of this month.
    #[param(example = "2026-10")]
    pub month: Option<String>,
    /// Only those with this reference of one's own.
    pub reference: Option<String>,
    /// Only those that were recorded or whose state changed at this time or later.
    #[param(example = "2026-11-30T00:00:00Z")]
    pub updated_since: Option<String>,
}

impl RetailListParams {
    fn filter(&self) -> Result<RetailFilter> {
        let message = text(Language::English, "retail-month");
        if self.month.as_deref().is_some_and(|month| first_of(month).is_none()) {
            return Err(Problem::invalid_field("/month", FieldCode::Format, message));
        }
        let since = self.updated_since.as_deref().map(|text| parse_time("updated_since", text));
        Ok(RetailFilter {
            direction: self.direction.as_deref().map(|text| parse("direction", text)).transpose()?,
            party_form: self.party_form.as_deref().map(|text| parse("party_form", text)).transpose()?,
            month: self.month.clone(),
            reference: self.reference.clone(),
            updated_since: since.transpose()?,
        })
    }
}

/// The retail records of one's own company, newest first.
#[utoipa::path(tag = "retail", params(RetailListParams), responses((status = 200, body = Page<RetailRecordView>)), security(("api_key" = ["partnerships:read"])))]
#[get("/retail-records")]
async fn list_retail_records(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<RetailListParams>,
) -> Result<HttpResponse> {
    let filter = params.filter()?;
    // A cursor is of the list with these parameters and of no other.
    let name = format!("retail records {filter:?}");
    let asked = ListParams { limit: params.limit, cursor: params.cursor };
    paged(&http, &app, name, actor, asked, move |app, actor, paging| {
        Ok(queries::list(app, actor, &filter, &paging)?.map(RetailRecordView::from))
    })
    .await
}

fn made(
    app: &App,
    actor: &Actor,
    once: StoredOnce<RetailRecordId>,
) -> Result<(RetailRecordView, StoredOnce<RetailRecordId>)> {
    Ok((once.shown(queries::find_written(app, actor, once.id()))?.into(), once))
}

/// Records what one's own company sold to consumers in another country: a parcel, or the parcels of a month. Nobody confirms it, and it never
/// enters the figures of general trade. With `supersedes` it corrects an earlier record.
#[utoipa::path(tag = "retail", params(IdempotencyHeader), request_body = RetailFields, responses((status = 201, body = RetailRecordView), (status = 409, description = "A record in force has the reference or the customs number"), (status = 422, description = "A field is wrong, or the company is none that may record sales of this form")), security(("api_key" = ["partnerships:write"])))]
#[post("/retail-records")]
async fn record_retail(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    body: Json<RetailFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = actions::record(app, &actor, &body.0, once.over(&body.0).as_ref())?;
        made(app, &actor, once)
    })
    .await?;
    Ok(answer::created(&format!("/retail-records/{}", once.id()), &view, view.version, &once))
}

/// A retail record with the table that it enters.
#[utoipa::path(tag = "retail", params(("id" = RetailRecordId, Path)), responses((status = 200, body = RetailRecordView)), security(("api_key" = ["partnerships:read"])))]
#[get("/retail-records/{id}")]
async fn get_retail_record(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
) -> Result<HttpResponse> {
    // Whether it counts changes without a new version: with a rate of exchange, with the verification of its seller.
    let view: RetailRecordView = run(&app, move |app| queries::find(app, &actor, id)).await?.into();
    answer::overview(&http, &view, view.version)
}

/// Puts a new record in the place of this one, which is superseded at once.
#[utoipa::path(tag = "retail", params(IdempotencyHeader, Expected, ("id" = RetailRecordId, Path)), request_body = RetailFields, responses((status = 201, body = RetailRecordView), (status = 409, description = "The record is not in force, or another one has the reference or the customs number")), security(("api_key" = ["partnerships:write"])))]
#[post("/retail-records/{id}/correct")]
async fn correct_retail_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
    expected: Expected,
    once: IdempotencyHeader,
    body: Json<RetailFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = actions::correct(app, &actor, id, &body.0, expected.0, once.over(&body.0).as_ref())?;
        made(app, &actor, once)
    })
    .await?;
    Ok(answer::created(&format!("/retail-records/{}", once.id()), &view, view.version, &once))
}

/// Takes back a record that no release of the statistics holds; what a release holds is corrected instead.
#[utoipa::path(tag = "retail", params(Expected, ("id" = RetailRecordId, Path)), responses((status = 200, body = RetailRecordView), (status = 409, description = "The record is superseded, or a release holds it")), security(("api_key" = ["partnerships:write"])))]
#[post("/retail-records/{id}/withdraw")]
async fn withdraw_retail_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RetailRecordId>,
    expected: Expected,
    _: NoParameters,
) -> Result<HttpResponse> {
    let detail: RetailDetail = run(&app, move |app| actions::withdraw(app, &actor, id, expected.0)).await?;
    let view = RetailRecordView::from(detail);
    Ok(answer::changed(&view, view.version))
}

/// Retail records to be stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetailBatch {
    /// 1 to 100 records, each as `POST /retail-records` takes it.
    #[schema(required = true, value_type = Vec<RetailFields>, min_items = 1, max_items = 100)]
    pub records: Vec<serde_json::Value>,
}

impl Input for RetailBatch {}

wire_enum! {
    /// What became of a record of a batch.
    pub enum RetailOutcome {
        /// It is new.
        New = "new",
        /// A record in force with its reference says the same: nothing was written.
        Same = "same",
        /// It was refused; the others are stored.
        Refused = "refused",
    }
}

/// What became of one record of a batch.
#[derive(Serialize, ToSchema)]
pub struct RetailResult {
    /// What became of it.
    pub outcome: RetailOutcome,
    /// The line of the file that it begins in; null of a batch.
    pub line: Option<u64>,
    /// Its own reference, as far as it has one.
    pub reference: Option<String>,
    /// Its id; null where it was refused.
    pub id: Option<RetailRecordId>,
    /// Its state; null where it was refused.
    pub state: Option<RetailState>,
    /// Its version; null where it was refused.
    pub version: Option<i64>,
    /// What is wrong with it, by JSON pointers into the record; empty where it was stored.
    pub errors: Vec<ProblemField>,
}

/// What became of each record of a batch.
#[derive(Serialize, ToSchema)]
pub struct RetailResults {
    /// A result for each, in the order of the request.
    pub data: Vec<RetailResult>,
}

fn result_of(result: RowResult, line: Option<u64>) -> RetailResult {
    let RowResult { reference, outcome } = result;
    match outcome {
        Ok((written, record)) => RetailResult {
            outcome: match written {
                Written::Made => RetailOutcome::New,
                Written::Same => RetailOutcome::Same,
            },
            line,
            reference: record.fields.reference,
            id: Some(record.id),
            state: Some(record.state),
            version: Some(record.version),
            errors: Vec::new(),
        },
        Err(problem) => {
            let mut errors: Vec<ProblemField> = problem.fields.iter().map(ProblemField::from).collect();
            if errors.is_empty() {
                errors.push(ProblemField::from(&FieldError::new("", FieldCode::Contradiction, problem.detail)));
            }
            RetailResult {
                outcome: RetailOutcome::Refused,
                line,
                reference,
                id: None,
                state: None,
                version: None,
                errors,
            }
        }
    }
}

/// Records up to a hundred sales, with a result for each: one that is refused does not keep the others from being stored. Give each a
/// `reference`: the same call again then changes nothing.
#[utoipa::path(tag = "retail", request_body = RetailBatch, responses((status = 200, body = RetailResults)), security(("api_key" = ["partnerships:write"])))]
#[post("/retail-records/batch")]
async fn record_retail_batch(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Json(sent): Json<RetailBatch>,
) -> Result<HttpResponse> {
    actor.authorize(Permission::PartnershipsWrite)?;
    if !(1..=MOST).contains(&sent.records.len()) {
        let message = Message::new("retail-batch-size").with("most", MOST).text(Language::English);
        return Err(Problem::invalid_field("/records", FieldCode::Range, message));
    }
    let rows = sent.records.into_iter().map(Ok).collect();
    let results = run(&app, move |app| batch::record_all(app, &actor, rows)).await?;
    Ok(HttpResponse::Ok().json(RetailResults { data: results.into_iter().map(|one| result_of(one, None)).collect() }))
}

/// The same of the rows of a CSV file of at most 1000, whose columns are the fields by their pointers with dots (`value.amount`); the body is the
/// file, in UTF-8, with commas, semicolons or tabs. A file that is no such table is refused at `/file`.
#[utoipa::path(tag = "retail", request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, a header and a record in each row; also as `text/csv`"), responses((status = 200, body = RetailResults), (status = 422, description = "It is no table of these columns")), security(("api_key" = ["partnerships:write"])))]
#[post("/retail-records/csv")]
async fn record_retail_csv(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Body(file): Body,
) -> Result<HttpResponse> {
    actor.authorize(Permission::PartnershipsWrite)?;
    let data = run(&app, move |app| {
        let (lines, rows): (Vec<u64>, Vec<_>) = rows_of_csv(&file)?.into_iter().unzip();
        let results = batch::record_all(app, &actor, rows)?;
        Ok(results.into_iter().zip(lines).map(|(one, line)| result_of(one, Some(line))).collect())
    });
    Ok(HttpResponse::Ok().json(RetailResults { data: data.await? }))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    for words in ["/retail-records/batch", "/retail-records/csv"] {
        // Otherwise the word would be taken for the id of a record that is not there.
        cfg.route(words, method_only(Method::GET).to(unknown));
    }
    cfg.service(list_retail_records)
        .service(record_retail)
        .service(record_retail_batch)
        .service(record_retail_csv)
        .service(get_retail_record)
        .service(correct_retail_record)
        .service(withdraw_retail_record);
}
