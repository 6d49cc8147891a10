//! Pages of contact reveals: the confirmation before one, the contacts, and the views of one's own.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::DisclosureBasis;
use super::actions::{self, RevealPreview};
use crate::app::App;
use crate::companies::contacts::ContactFields;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::locale::{Language, Message, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{ConfirmPage, Page, Pager, Section, When};
use crate::web::run;

const ROWS: u32 = 25;
const LIST: &str = "contact reveals";

#[derive(Template)]
#[template(path = "reveals/templates/contacts.html")]
struct ContactsPage {
    page: Page,
    back: String,
    name: String,
    contacts: Vec<ContactFields>,
    by_quote: bool,
    left: Option<i64>,
}

struct Row {
    viewer: String,
    name: String,
    by_quote: bool,
    at: When,
}

#[derive(Template)]
#[template(path = "reveals/templates/contact_views.html")]
struct ContactViewsPage {
    page: Page,
    rows: Vec<Row>,
    pager: Pager,
}

fn confirm(page: Page, id: CompanyId, preview: &RevealPreview) -> ConfirmPage {
    let name = &preview.company.fields.name;
    let back = format!("/companies/{id}");
    let confirm =
        ConfirmPage::new(page, format!("{back}/reveal-contact"), text(Language::English, "reveals-show"), back)
            .happens(Message::new("reveals-ask-see").with("name", name).text(Language::English));
    let confirm = match (preview.basis, preview.left) {
        (DisclosureBasis::Quote, _) => confirm.happens(text(Language::English, "reveals-ask-free")),
        (DisclosureBasis::Request, Some(left)) => {
            confirm.happens(Message::new("reveals-ask-counted").with("left", left.to_string()).text(Language::English))
        }
        (DisclosureBasis::Request, None) => confirm,
    };
    confirm.notifies(Message::new("reveals-notified").with("name", name).text(Language::English))
}

#[get("/companies/{id}/reveal-contact")]
async fn confirm_reveal(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let preview = run(&app, move |app| actions::preview(app, &actor, id)).await?;
    let page =
        page_of(&http, &Message::new("reveals-ask").with("name", &preview.company.fields.name).text(Language::English));
    html(&confirm(page, id, &preview))
}

#[post("/companies/{id}/reveal-contact")]
async fn reveal_contacts(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::reveal(app, &actor, id)).await?;
    Ok(see_other(&format!("/companies/{id}/contacts")))
}

#[get("/companies/{id}/contacts")]
async fn show_contacts(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let disclosure = run(&app, move |app| actions::find_open(app, &actor, id)).await?;
    let name = disclosure.company.fields.name;
    html(&ContactsPage {
        page: page_of(&http, &Message::new("reveals-of").with("name", &name).text(Language::English)),
        back: format!("/companies/{id}"),
        name,
        contacts: disclosure.contacts.into_iter().map(|contact| contact.fields).collect(),
        by_quote: disclosure.basis == DisclosureBasis::Quote,
        left: disclosure.left,
    })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactViewsQuery {
    cursor: Option<String>,
}

#[get("/account/contact-reveals")]
async fn contact_views(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<ContactViewsQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "reveals-views-title")).under(Section::Account);
    let view = run(&app, move |app| {
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, LIST, &actor)?;
        let slice = actions::list_own(app, &actor, paging)?;
        let pager = pager(app, LIST, &actor, "/account/contact-reveals", slice.prev.as_ref(), slice.next.as_ref())?;
        let now = app.clock.now();
        let row = |(reveal, name): (super::Reveal, String)| Row {
            viewer: reveal.viewer.to_string(),
            name,
            by_quote: reveal.basis == DisclosureBasis::Quote,
            at: When::new(reveal.at, now),
        };
        let rows = slice.items.into_iter().map(row).collect();
        Ok(ContactViewsPage { page, rows, pager })
    })
    .await?;
    html(&view)
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(confirm_reveal).service(reveal_contacts).service(show_contacts).service(contact_views);
}
