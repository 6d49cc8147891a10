//! The page on which a company puts copies of its certificates on file.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::json;

use super::own;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::{Company, actions};
use crate::documents::attachments::list_attached;
use crate::documents::pages::{link, take_files};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::DocumentId;
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::FormData;
use crate::web::layout::{FileLink, Form, Page, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;

const HOME: &str = "/account/company/certificates";
const FIELDS: &[(&str, &str)] = &[("document", "companies-file")];

struct Row {
    place: usize,
    scheme: String,
    number: String,
    issuer: String,
    until: String,
    copy: Option<FileLink>,
}

#[derive(Template)]
#[template(path = "companies/templates/certificates.html")]
struct CertificatesPage {
    page: Page,
    rows: Vec<Row>,
    form: Form,
    version: i64,
    may_write: bool,
}

fn load(app: &App, actor: &Actor, page: Page, form: Form) -> Result<CertificatesPage> {
    let company = own(app, actor)?;
    let ids: Vec<DocumentId> = company.fields.certifications.iter().filter_map(|one| one.document).collect();
    let documents = list_attached(app, &ids)?;
    let row = |(place, one): (usize, &crate::companies::Certification)| Row {
        place,
        scheme: one.scheme.clone(),
        number: one.number.clone().unwrap_or_default(),
        issuer: one.issuer.clone().unwrap_or_default(),
        until: one.valid_until.map(|day| day.to_string()).unwrap_or_default(),
        copy: documents.iter().find(|document| Some(document.id) == one.document).map(link),
    };
    Ok(CertificatesPage {
        page: page.under(Section::Account),
        rows: company.fields.certifications.iter().enumerate().map(row).collect(),
        form,
        version: company.version,
        may_write: actor.authorize(Permission::AccountWrite).is_ok(),
    })
}

#[get("/account/company/certificates")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "companies-certificate-files"));
    html(&run(&app, move |app| load(app, &actor, page, Form::new(FIELDS))).await?)
}

/// Puts the sent file beside the certificate of the form, or takes its copy away.
#[post("/account/company/certificates")]
async fn save(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let page = page_of(&http, text(Language::English, "companies-certificate-files"));
    let refused = run(&app, move |app| {
        let company = own(app, &actor)?;
        let (form, kept) = take_files(app, &actor, sent, "document");
        match kept.and_then(|()| put_copy(app, &actor, company, &form)) {
            Ok(()) => Ok(None),
            Err(problem) if matches!(problem.code, Code::Invalid | Code::Stale) => {
                load(app, &actor, page, Form::new(FIELDS).refused(&problem)).map(Some)
            }
            Err(problem) => Err(problem),
        }
    })
    .await?;
    match refused {
        None => Ok(see_other(HOME)),
        Some(page) => refused_html(&page, &page.form),
    }
}

fn put_copy(app: &App, actor: &Actor, company: Company, form: &FormData) -> Result<()> {
    let mut certifications = company.fields.certifications;
    let place = form.text("certificate").and_then(|place| place.parse::<usize>().ok());
    let certificate = place.and_then(|place| certifications.get_mut(place));
    let certificate = certificate.ok_or_else(|| Problem::not_found("certificate"))?;
    certificate.document = form.text("document").and_then(|id| id.parse().ok());
    if certificate.document.is_none() && !form.is_ticked("remove") {
        return Err(Problem::invalid_field(
            "/document",
            FieldCode::Required,
            text(Language::English, "companies-choose-file"),
        ));
    }
    // The place is counted in the version that the page showed.
    let seen = form.text("version").and_then(|version| version.parse().ok());
    actions::change(app, actor, company.id, seen, &json!({"certifications": certifications})).map(|_| ())
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show).service(save);
}
