//! REST of imports and exports.

use std::fs::File;
use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Shown};
use super::{
    FileReading, Import, ImportCounts, ImportFormat, ImportMode, ImportState, KeptRow, Mapping, Order, RowFault,
};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{ImportId, ListingId};
use crate::locale::{Language, text};
use crate::spreadsheet::MEDIA_TYPE;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::input::{Id, IdempotencyHeader, Query, parse};
use crate::web::paged::paged;
use crate::web::run;
use crate::web::streamed::{attachment, file, parts};
use crate::web::upload::{SentFile, receive_at_most};

/// An import: what is to be done with a file, and how far that is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportView {
    /// The id.
    pub id: ImportId,
    /// The file's name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How it is read.
    pub format: ImportFormat,
    /// What becomes of listings that it does not name.
    pub mode: ImportMode,
    /// Whether drafts are published.
    pub publish: bool,
    /// Whether nothing is stored.
    pub dry_run: bool,
    /// `queued` (one import of a company runs at a time), `running`, `finished`, or `failed`: the file could not be read, or not to its end.
    pub state: ImportState,
    /// What became of the rows so far.
    pub counts: ImportCounts,
    /// How the file was read: encoding, delimiter, columns; null before its turn.
    pub reading: Option<FileReading>,
    /// Why the file could not be read, or nothing was paused.
    pub problem: Option<String>,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When its turn came.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        let Order { format, mode, publish, dry_run, .. } = import.order;
        Self {
            id: import.id,
            name: import.name,
            bytes: import.bytes,
            format,
            mode,
            publish,
            dry_run,
            state: import.state,
            counts: import.counts,
            reading: import.reading,
            problem: import.problem,
            version: import.version,
            created_at: import.created_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
        }
    }
}

/// A row of which something is to be said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportRowView {
    /// Its number in the file: the line, or the row of a table, whose header is row 1.
    pub row: i64,
    /// What is wrong with it, or was mended in it.
    pub faults: Vec<RowFault>,
}

impl From<KeptRow> for ImportRowView {
    fn from(row: KeptRow) -> Self {
        Self { row: row.number, faults: row.faults }
    }
}

/// An import with the first rows of which something is to be said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportDetailView {
    /// The import.
    #[serde(flatten)]
    pub import: ImportView,
    /// The first twenty rows that were refused; all of them, up to 10 000, are in `errors.csv`.
    pub refused_rows: Vec<ImportRowView>,
    /// The first twenty rows in which something was mended.
    pub noted_rows: Vec<ImportRowView>,
}

impl From<Shown> for ImportDetailView {
    fn from(shown: Shown) -> Self {
        Self {
            import: shown.import.into(),
            refused_rows: shown.refused.into_iter().map(ImportRowView::from).collect(),
            noted_rows: shown.noted.into_iter().map(ImportRowView::from).collect(),
        }
    }
}

/// What is to be done with a file.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParams {
    /// csv (comma, semicolon or tab; UTF-8, UTF-16, GB18030 or another usual encoding), xlsx, ndjson (one listing a line) or merchant (a Google
    /// Merchant feed).
    #[param(example = "csv")]
    pub format: Option<String>,
    /// upsert (default), or replace: published listings that the file does not name are paused once all of its rows were read.
    pub mode: Option<String>,
    /// true publishes drafts; without it new listings stay drafts.
    pub publish: Option<bool>,
    /// true stores no listing and says what would become of each row.
    pub dry_run: Option<bool>,
    /// What columns hold, where their headers do not say it: a JSON object of headers with the name of a field, `attribute:NAME`, or an empty text
    /// for a column to be left out. It is remembered for the company's next file.
    #[param(example = "{\"Art. no\": \"sku\", \"Colour\": \"attribute:Colour\"}")]
    pub mapping: Option<String>,
    /// The file name, where `Content-Disposition` does not say it; up to 200 characters.
    pub name: Option<String>,
}

impl ImportParams {
    fn order(&self) -> Result<Order> {
        let Some(format) = self.format.as_deref() else {
            return Err(Problem::invalid_field(
                "/format",
                FieldCode::Required,
                text(Language::English, "errors-required"),
            ));
        };
        Ok(Order {
            format: parse("format", format)?,
            mode: self.mode.as_deref().map_or(Ok(ImportMode::Upsert), |mode| parse("mode", mode))?,
            publish: self.publish.unwrap_or(false),
            dry_run: self.dry_run.unwrap_or(false),
            mapping: self.mapping.as_deref().map_or(Ok(Mapping::new()), read_mapping)?,
        })
    }
}

fn read_mapping(json: &str) -> Result<Mapping> {
    let message = text(Language::English, "imports-must-be-mapping");
    serde_json::from_str(json).map_err(|_| Problem::invalid_field("/mapping", FieldCode::Format, message))
}

/// Brings a catalogue file in: the file is the body (or the first file of a multipart one), up to 100 MiB. A job reads it; how far it is stands at
/// `Location`. Bad rows hold no good one back, and come back as a file with what is wrong with them. The same file again changes nothing.
#[utoipa::path(tag = "imports", params(IdempotencyHeader, ImportParams), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the file"),
    responses((status = 202, body = ImportView), (status = 409, description = "Twenty imports of the company wait already"), (status = 413), (status = 422)), security(("api_key" = ["catalog:write"])))]
#[post("/imports")]
async fn create_import(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Query(params): Query<ImportParams>,
    payload: Payload,
) -> Result<HttpResponse> {
    // Before a byte of the file is taken.
    actor.authorize(Permission::CatalogWrite)?;
    let order = params.order()?;
    let most = app.config.limits.import_bytes;
    let SentFile { name, received, .. } = receive_at_most(&http, &app, payload.into_inner(), params.name, most).await?;
    let key = once.over(&(&name, &received.sha256, &order));
    let (view, once) = run(&app, move |app| {
        let once = actions::create(app, &actor, &name, &received, order, key.as_ref())?;
        Ok((ImportView::from(once.shown(actions::find(app, &actor, once.id()))?), once))
    })
    .await?;
    Ok(answer::accepted(&format!("/imports/{}", once.id()), &view, view.version, &once))
}

/// The company's imports of the last thirty days, newest first.
#[utoipa::path(tag = "imports", params(ListParams), responses((status = 200, body = Page<ImportView>)), security(("api_key" = ["catalog:write"])))]
#[get("/imports")]
async fn list_imports(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "imports".to_owned(), actor, params, |app, actor, paging| {
        Ok(actions::list(app, actor, paging)?.map(ImportView::from))
    })
    .await
}

/// How far an import is, how its file is read, and the first of its rows of which something is to be said.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)), responses((status = 200, body = ImportDetailView)), security(("api_key" = ["catalog:write"])))]
#[get("/imports/{id}")]
async fn get_import(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ImportId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::show(app, &actor, id).map(ImportDetailView::from)).await?;
    Ok(answer::resource(&http, &view, view.import.version))
}

/// The rows that were refused, as they were, with `error_column`, `error_code`, `error_value` and `error_message` behind them. Mended, the file is one
/// to be imported as CSV: these four columns are passed over.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)), responses((status = 200, description = "UTF-8 with a byte order mark, commas", content_type = "text/csv", body = String)), security(("api_key" = ["catalog:write"])))]
#[get("/imports/{id}/errors.csv")]
async fn get_import_errors(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ImportId>,
) -> Result<HttpResponse> {
    errors_csv(&app, actor, id).await
}

/// The file of an import's errors.
pub(super) async fn errors_csv(app: &Data<App>, actor: Actor, id: ImportId) -> Result<HttpResponse> {
    let pieces = parts(app, move |app, after| actions::errors_part(app, &actor, id, after)).await?;
    Ok(attachment("text/csv; charset=utf-8", &format!("{id}-errors.csv")).streaming(pieces))
}

/// What a catalogue goes out as.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportParams {
    /// csv (default), ndjson, merchant or xlsx.
    #[param(example = "csv")]
    pub format: Option<String>,
}

/// The company's own catalogue, but for removed listings, as a file that an import of the same format takes: it changes nothing.
#[utoipa::path(tag = "imports", params(ExportParams), responses((status = 200, description = "The file, which is made while it is sent", content((String = "text/csv"), (String = "application/x-ndjson"), (String = "text/tab-separated-values"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))), security(("api_key" = ["catalog:read"])))]
#[get("/exports/catalog")]
async fn export_catalog(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ExportParams>,
) -> Result<HttpResponse> {
    catalog(&app, actor, params.format.as_deref()).await
}

/// The file of a company's catalogue.
pub(super) async fn catalog(app: &Data<App>, actor: Actor, format: Option<&str>) -> Result<HttpResponse> {
    actor.authorize(Permission::CatalogRead)?;
    let format: ImportFormat = format.map_or(Ok(ImportFormat::Csv), |format| parse("format", format))?;
    if format == ImportFormat::Xlsx {
        return Ok(attachment(MEDIA_TYPE, "catalog.xlsx").streaming(file(app, workbook(app, actor).await?)));
    }
    let pieces = parts(app, move |app, after| actions::catalog_part(app, &actor, format, after)).await?;
    let (kind, name) = match format {
        ImportFormat::Ndjson => ("application/x-ndjson", "catalog.ndjson"),
        ImportFormat::Merchant => ("text/tab-separated-values; charset=utf-8", "catalog.tsv"),
        ImportFormat::Csv | ImportFormat::Xlsx => ("text/csv; charset=utf-8", "catalog.csv"),
    };
    Ok(attachment(kind, name).streaming(pieces))
}

/// The catalogue as a workbook. A zip is only whole at its end, so it is made before the answer begins; each part is a use case of its own, so
/// that a large one holds no thread that others wait for.
async fn workbook(app: &Data<App>, actor: Actor) -> Result<File> {
    let actor = Arc::new(actor);
    let asking = Arc::clone(&actor);
    let mut book = run(app, move |app| actions::begin_catalog(app, &asking)).await?;
    let mut after = Some(ListingId(0));
    while let Some(from) = after {
        let asking = Arc::clone(&actor);
        (book, after) = run(app, move |app| actions::write_catalog(app, &asking, book, from)).await?;
    }
    run(app, move |_| book.finish()).await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create_import)
        .service(list_imports)
        .service(get_import)
        .service(get_import_errors)
        .service(export_catalog);
}
