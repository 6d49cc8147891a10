//! The page on which a company keeps its contact people.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::{Map, Value};

use super::{Contact, ContactFields};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::ContactId;
use crate::locale::{self, Language};
use crate::text::area;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;
use crate::wire;

const HOME: &str = "/account/company/contacts";
const FIELDS: &[(&str, &str)] = &[
    ("name", "companies-name"),
    ("role", "companies-role"),
    ("email", "companies-email"),
    ("phone", "companies-telephone"),
    ("languages", "companies-languages"),
];

struct Row {
    id: ContactId,
    name: String,
    role: String,
    email: String,
    phone: String,
    languages: String,
}

impl From<&Contact> for Row {
    fn from(contact: &Contact) -> Self {
        let fields = contact.fields.clone();
        Self {
            id: contact.id,
            name: fields.name,
            role: fields.role.unwrap_or_default(),
            email: fields.email.unwrap_or_default(),
            phone: fields.phone.unwrap_or_default(),
            languages: languages_of(&fields.languages),
        }
    }
}

fn languages_of(languages: &[crate::reference::codes::Language]) -> String {
    languages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[derive(Template)]
#[template(path = "companies/templates/contacts.html")]
struct ContactsPage {
    page: Page,
    rows: Vec<Row>,
    form: Form,
    may_write: bool,
    /// The contact that the form changes; none for a new one.
    edited: Option<ContactId>,
    version: String,
}

fn load(app: &App, actor: &Actor, page: Page, form: Form) -> Result<ContactsPage> {
    let company = actor.authorize(Permission::AccountRead)?.company();
    let contacts = super::list(app, actor, company)?;
    Ok(ContactsPage {
        page: page.under(Section::Account),
        rows: contacts.iter().map(Row::from).collect(),
        form,
        may_write: actor.authorize(Permission::AccountWrite).is_ok(),
        edited: None,
        version: String::new(),
    })
}

fn shown(fields: &ContactFields) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Form::new(FIELDS)
        .with("name", &fields.name)
        .with("role", text(&fields.role))
        .with("email", text(&fields.email))
        .with("phone", text(&fields.phone))
        .with("languages", languages_of(&fields.languages))
}

/// What was typed, as the API takes it; an empty field is cleared.
fn to_json(form: &FormData) -> Value {
    let plain = ["name", "role", "email", "phone"];
    let mut members: Map<String, Value> =
        plain.iter().map(|name| ((*name).to_owned(), form.text(name).map_or(Value::Null, Value::from))).collect();
    let languages = area::to_list(area::items(form.text("languages").unwrap_or_default()));
    members.insert("languages".to_owned(), languages);
    Value::Object(members)
}

#[get("/account/company/contacts")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "companies-contacts"));
    html(&run(&app, move |app| load(app, &actor, page, Form::new(FIELDS))).await?)
}

#[post("/account/company/contacts")]
async fn add(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let company = actor.authorize(Permission::AccountWrite)?.company();
    let page = page_of(&http, locale::text(Language::English, "companies-contacts"));
    let refused = run(&app, move |app| {
        let read: Result<ContactFields> = wire::read_value(to_json(&form), &[]);
        match read.and_then(|fields| super::create(app, &actor, company, fields, None)) {
            Ok(_) => Ok(None),
            Err(problem) => load(app, &actor, page, again(&form, &problem)).map(Some),
        }
    })
    .await?;
    answer(refused)
}

fn again(form: &FormData, problem: &Problem) -> Form {
    Form::new(FIELDS).typed(form.typed()).refused(problem)
}

fn answer(refused: Option<ContactsPage>) -> Result<HttpResponse> {
    match refused {
        None => Ok(see_other(HOME)),
        Some(page) => refused_html(&page, &page.form),
    }
}

#[get("/account/company/contacts/{id}")]
async fn edit(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ContactId>,
) -> Result<HttpResponse> {
    let company = actor.authorize(Permission::AccountWrite)?.company();
    let page = page_of(&http, locale::text(Language::English, "companies-change-a-contact"));
    let view = run(&app, move |app| {
        let contact = super::find(app, &actor, company, id)?;
        let view = load(app, &actor, page, shown(&contact.fields))?;
        Ok(ContactsPage { edited: Some(id), version: contact.version.to_string(), ..view })
    })
    .await?;
    html(&view)
}

#[post("/account/company/contacts/{id}")]
async fn save(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ContactId>,
    form: FormData,
) -> Result<HttpResponse> {
    let company = actor.authorize(Permission::AccountWrite)?.company();
    let page = page_of(&http, locale::text(Language::English, "companies-change-a-contact"));
    let refused = run(&app, move |app| {
        super::find(app, &actor, company, id)?;
        let version = form.text("version").unwrap_or_default().to_owned();
        match super::change(app, &actor, company, id, version.parse().ok(), &to_json(&form)) {
            Ok(()) => Ok(None),
            Err(problem) => {
                let view = load(app, &actor, page, again(&form, &problem))?;
                Ok(Some(ContactsPage { edited: Some(id), version, ..view }))
            }
        }
    })
    .await?;
    answer(refused)
}

#[post("/account/company/contacts/{id}/remove")]
async fn remove(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ContactId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let company = actor.authorize(Permission::AccountWrite)?.company();
    run(&app, move |app| super::delete(app, &actor, company, id, None)).await?;
    Ok(see_other(HOME))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show).service(add).service(edit).service(save).service(remove);
}
