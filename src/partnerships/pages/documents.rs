//! The form that attaches documents to a shipment.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::rows::goods_of;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::documents::pages::{files_of, take_files};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{DocumentId, RecordId};
use crate::locale::{Language, text};
use crate::partnerships::documents::{DocumentKind, actions as documents};
use crate::partnerships::records;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{FileLink, Form, Page, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;

const FIELDS: &[(&str, &str)] = &[("kind", "partnerships-document-type"), ("document", "partnerships-files")];

#[derive(Template)]
#[template(path = "partnerships/templates/document.html")]
struct AttachPage {
    page: Page,
    form: Form,
    /// The shipment's page.
    up: String,
    goods: String,
    direction: String,
    files: Vec<FileLink>,
}

/// The kinds to choose from.
fn kinds() -> Vec<(&'static str, String)> {
    DocumentKind::ALL.iter().map(|kind| (kind.as_str(), kind.label(Language::English).to_owned())).collect()
}

fn load(app: &App, actor: &Actor, id: RecordId, page: Page, form: Form) -> Result<AttachPage> {
    actor.authorize(Permission::PartnershipsWrite)?;
    let record = records::find(app, actor, id)?.record;
    let files = files_of(app, actor, &form, "document")?;
    let page = page.under(Section::Partnerships);
    Ok(AttachPage {
        page,
        form,
        up: format!("/records/{id}"),
        goods: goods_of(&record),
        direction: record.direction_line(),
        files,
    })
}

#[get("/records/{id}/documents/new")]
pub(super) async fn attach_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-attach-documents"));
    html(&run(&app, move |app| load(app, &actor, id, page, Form::new(FIELDS))).await?)
}

#[post("/records/{id}/documents/new")]
pub(super) async fn attach(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-attach-documents"));
    let refused = run(&app, move |app| {
        // Files are kept only for a shipment that is one's own.
        actor.authorize(Permission::PartnershipsWrite)?;
        records::find(app, &actor, id)?;
        let (form, kept) = take_files(app, &actor, sent, "document");
        match kept.and_then(|()| attach_typed(app, &actor, id, &form)) {
            Ok(()) => Ok(None),
            Err(problem) if matches!(problem.code, Code::Invalid | Code::Duplicate | Code::Conflict) => {
                let form = Form::new(FIELDS).typed(form.typed()).refused(&problem);
                load(app, &actor, id, page, form).map(Some)
            }
            Err(problem) => Err(problem),
        }
    })
    .await?;
    match refused {
        None => Ok(see_other(&format!("/records/{id}"))),
        Some(page) => refused_html(&page, &page.form),
    }
}

fn attach_typed(app: &App, actor: &Actor, id: RecordId, form: &FormData) -> Result<()> {
    let kind = form.text("kind").and_then(DocumentKind::parse);
    let kind = kind.ok_or_else(|| {
        Problem::invalid_field("/kind", FieldCode::Required, text(Language::English, "partnerships-must-be-chosen"))
    })?;
    let ids: Vec<DocumentId> = form.all("document").iter().filter_map(|id| id.parse().ok()).collect();
    documents::attach_all(app, actor, id, kind, &ids)
}
