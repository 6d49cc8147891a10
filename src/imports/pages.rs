//! Pages of imports, for who writes a company's catalogue: sending a file, how it was read and how far it is, and the catalogue as a file.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::actions::{self, Shown};
use super::rules::{Field, Target};
use super::{Import, ImportFormat, ImportMode, KeptRow, Mapping, Order, api};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::formats::Pill;
use crate::ids::ImportId;
use crate::locale::{Language, Message, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Form, Page, Pager, Section, When};
use crate::web::run;
use crate::web::upload::{FormWithFiles, FormWithImport};

const HOME: &str = "/desk/selling/imports";
const ROWS: u32 = 25;
/// What stands before a column's place in the form that corrects the columns.
const COLUMN: &str = "column.";

fn fields() -> Form {
    Form::new(&[
        ("file", "imports-file"),
        ("format", "imports-format"),
        ("mode", "imports-mode"),
        ("mapping", "imports-columns"),
    ])
}

struct ImportLine {
    id: String,
    name: String,
    state: Pill,
    dry_run: bool,
    rows: i64,
    refused: i64,
    sent: When,
}

impl ImportLine {
    fn new(app: &App, import: Import) -> Self {
        Self {
            name: name_of(&import),
            id: import.id.to_string(),
            state: import.state.pill(),
            dry_run: import.order.dry_run,
            rows: import.counts.rows,
            refused: import.counts.refused,
            sent: When::new(import.created_at, app.clock.now()),
        }
    }
}

fn name_of(import: &Import) -> String {
    if import.name.is_empty() { import.order.format.label(Language::English).to_owned() } else { import.name.clone() }
}

#[derive(Template)]
#[template(path = "imports/templates/list.html")]
struct ListView {
    page: Page,
    form: Form,
    /// What a file may be.
    file_hint: String,
    rows: Vec<ImportLine>,
    pager: Pager,
    formats: Vec<(String, String)>,
    modes: Vec<(String, String)>,
}

fn formats() -> Vec<(String, String)> {
    ImportFormat::ALL.iter().map(|format| (format.to_string(), format.label(Language::English).to_owned())).collect()
}

fn modes() -> Vec<(String, String)> {
    ImportMode::ALL.iter().map(|mode| (mode.to_string(), mode.label(Language::English).to_owned())).collect()
}

fn list_view(page: Page, app: &App, actor: &Actor, cursor: Option<String>, form: Form) -> Result<ListView> {
    let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, "imports page", actor)?;
    let slice = actions::list(app, actor, paging)?;
    let most = app.config.limits.import_bytes >> 20;
    Ok(ListView {
        page,
        file_hint: Message::new("imports-file-hint").with("most", most).text(Language::English),
        form,
        pager: pager(app, "imports page", actor, HOME, slice.prev.as_ref(), slice.next.as_ref())?,
        rows: slice.items.into_iter().map(|import| ImportLine::new(app, import)).collect(),
        formats: formats(),
        modes: modes(),
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    cursor: Option<String>,
}

#[get("/desk/selling/imports")]
async fn list_imports(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "imports-title")).under(Section::Selling);
    // A trial first: what a file does to a catalogue is not taken back by one click.
    let form = fields().with("dry_run", "true");
    html(&run(&app, move |app| list_view(page, app, &actor, query.cursor, form)).await?)
}

/// What was chosen for a file.
fn order_of(form: &FormData, mapping: Mapping) -> Result<Order> {
    let chosen = |name: &str| form.text(name).unwrap_or_default();
    let unknown = |name: &str, message: String| Problem::invalid_field(name, FieldCode::UnknownValue, message);
    Ok(Order {
        format: chosen("format")
            .parse()
            .map_err(|error: crate::wire::NotOneOf| unknown("/format", error.to_string()))?,
        mode: chosen("mode").parse().map_err(|error: crate::wire::NotOneOf| unknown("/mode", error.to_string()))?,
        publish: form.is_ticked("publish"),
        dry_run: form.is_ticked("dry_run"),
        mapping,
    })
}

#[post("/desk/selling/imports")]
async fn create_import(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sent: FormWithImport,
) -> Result<HttpResponse> {
    actor.authorize(Permission::CatalogWrite)?;
    let page = page_of(&http, text(Language::English, "imports-title")).under(Section::Selling);
    let FormWithImport(FormWithFiles { form, files }) = sent;
    let outcome = run(&app, move |app| {
        let create = || {
            let Some(file) = files.first() else {
                let message = text(Language::English, "errors-a-file");
                return Err(Problem::invalid_field("/file", FieldCode::Required, message));
            };
            let order = order_of(&form, Mapping::new())?;
            actions::create(app, &actor, &file.name, &file.received, order, None)
        };
        match create() {
            Ok(once) => Ok(Ok(once.id())),
            Err(problem) => {
                let problem = at_file(problem);
                list_view(page, app, &actor, None, fields().typed(form.typed()).refused(&problem)).map(Err)
            }
        }
    })
    .await?;
    match outcome {
        Ok(id) => Ok(see_other(&format!("{HOME}/{id}"))),
        Err(view) => refused_html(&view, &view.form),
    }
}

/// The form's field for the file is named otherwise than the API's.
fn at_file(mut problem: Problem) -> Problem {
    for field in problem.fields.iter_mut().filter(|field| ["/content", "/name"].contains(&field.pointer.as_str())) {
        "/file".clone_into(&mut field.pointer);
    }
    problem
}

struct ColumnLine {
    header: String,
    /// The name of its field in the form.
    name: String,
    /// What it holds: a field's name, `attribute`, or nothing.
    chosen: String,
    /// The name of the attribute that it holds.
    attribute: String,
}

impl ColumnLine {
    fn is_chosen(&self, target: &str) -> bool {
        self.chosen == target
    }
}

struct RowLine {
    number: i64,
    column: String,
    value: String,
    message: String,
}

fn lines_of(rows: Vec<KeptRow>) -> Vec<RowLine> {
    let of_row = |row: KeptRow| {
        let number = row.number;
        row.faults.into_iter().map(move |fault| RowLine {
            number,
            column: fault.column,
            value: fault.value,
            message: fault.message,
        })
    };
    rows.into_iter().flat_map(of_row).collect()
}

#[derive(Template)]
#[template(path = "imports/templates/import.html")]
struct ImportView {
    page: Page,
    form: Form,
    path: String,
    import: Import,
    state: Pill,
    format: &'static str,
    mode: &'static str,
    read_as: String,
    columns: Vec<ColumnLine>,
    targets: Vec<(&'static str, &'static str)>,
    modes: Vec<(String, String)>,
    refused: Vec<RowLine>,
    noted: Vec<RowLine>,
}

impl ImportView {
    fn is_over(&self) -> bool {
        self.import.state.is_over()
    }
}

/// What a column can be said to hold.
fn targets() -> Vec<(&'static str, &'static str)> {
    Field::ALL
        .iter()
        .filter(|field| **field != Field::Listing)
        .map(|field| (field.as_str(), field.label(Language::English)))
        .collect()
}

fn columns_of(import: &Import) -> Vec<ColumnLine> {
    let columns = import.reading.iter().flat_map(|reading| &reading.columns).enumerate();
    let line = |(at, column): (usize, &super::ColumnView)| {
        let target = column.field.as_deref().and_then(Target::parse).unwrap_or(Target::Ignored);
        let (chosen, attribute) = match target {
            Target::Ignored => (String::new(), String::new()),
            Target::Field(field) => (field.to_string(), String::new()),
            Target::Attribute(name) => (ATTRIBUTE.to_owned(), name),
        };
        ColumnLine { header: column.header.clone(), name: format!("{COLUMN}{at}"), chosen, attribute }
    };
    columns.map(line).collect()
}

/// The choice of an attribute, whose name stands beside it.
const ATTRIBUTE: &str = "attribute";

fn import_view(page: Page, shown: Shown, form: Form) -> ImportView {
    let Shown { import, refused, noted } = shown;
    let form = if import.order.publish { form.with("publish", "true") } else { form };
    let form = form.with("mode", import.order.mode.as_str());
    let reading = import.reading.clone().unwrap_or_default();
    let delimiter = reading.delimiter.map(|delimiter| match delimiter.as_str() {
        "," => text(Language::English, "imports-comma").to_owned(),
        ";" => text(Language::English, "imports-semicolon").to_owned(),
        "\t" => text(Language::English, "imports-tab").to_owned(),
        _ => delimiter,
    });
    ImportView {
        page,
        form,
        path: format!("{HOME}/{}", import.id),
        state: import.state.pill(),
        format: import.order.format.label(Language::English),
        mode: import.order.mode.label(Language::English),
        read_as: reading.encoding.into_iter().chain(delimiter).collect::<Vec<_>>().join(", "),
        columns: columns_of(&import),
        targets: targets(),
        modes: modes(),
        refused: lines_of(refused),
        noted: lines_of(noted),
        import,
    }
}

#[get("/desk/selling/imports/{id}")]
async fn show_import(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ImportId>,
) -> Result<HttpResponse> {
    let shown = run(&app, move |app| actions::show(app, &actor, id)).await?;
    let page = page_of(&http, &name_of(&shown.import)).under(Section::Selling);
    html(&import_view(page, shown, fields()))
}

/// What the form says of the columns, where it is something else than how they were read.
fn mapping_of(form: &FormData, import: &Import) -> Mapping {
    let said = |line: &ColumnLine| {
        let chosen = form.text(&line.name).unwrap_or_default();
        let attribute = form.text(&format!("{}.name", line.name)).unwrap_or_default();
        let target = if chosen == ATTRIBUTE { format!("attribute:{attribute}") } else { chosen.to_owned() };
        (line.header.clone(), target)
    };
    let is_other = |line: &&ColumnLine| {
        let before =
            if line.chosen == ATTRIBUTE { format!("attribute:{}", line.attribute) } else { line.chosen.clone() };
        said(line).1 != before
    };
    let lines = columns_of(import);
    let mut mapping = import.order.mapping.clone();
    mapping.extend(lines.iter().filter(is_other).map(said));
    mapping
}

#[post("/desk/selling/imports/{id}/repeat")]
async fn repeat_import(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ImportId>,
    form: FormData,
) -> Result<HttpResponse> {
    let outcome = run(&app, move |app| {
        let shown = actions::show(app, &actor, id)?;
        let mut form = form;
        form.0.push(("format".to_owned(), shown.import.order.format.to_string()));
        let repeat = || actions::repeat(app, &actor, id, order_of(&form, mapping_of(&form, &shown.import))?);
        Ok(match repeat() {
            Ok(id) => Ok(id),
            Err(problem) => Err((shown, fields().typed(form.typed()).refused(&problem))),
        })
    })
    .await?;
    match outcome {
        Ok(id) => Ok(see_other(&format!("{HOME}/{id}"))),
        Err((shown, form)) => {
            let page = page_of(&http, &name_of(&shown.import)).under(Section::Selling);
            let view = import_view(page, shown, form);
            refused_html(&view, &view.form)
        }
    }
}

#[get("/desk/selling/imports/{id}/errors.csv")]
async fn show_errors(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ImportId>,
) -> Result<HttpResponse> {
    api::errors_csv(&app, actor, id).await
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    format: Option<String>,
}

#[get("/desk/selling/exports/catalog")]
async fn export_catalog(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<ExportQuery>,
) -> Result<HttpResponse> {
    api::catalog(&app, actor, query.format.as_deref()).await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_imports)
        .service(create_import)
        .service(show_errors)
        .service(show_import)
        .service(repeat_import)
        .service(export_catalog);
}
