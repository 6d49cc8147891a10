//! Pages of contact reveals: what looking would come to, the contacts, and who saw ours.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::Ground;
use super::actions::{self, Outlook};
use crate::app::App;
use crate::companies::contacts::ContactFields;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::web::actor::Who;
use crate::web::answer::{ListParams, html, pager, see_other};
use crate::web::frame::page_of;
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
#[template(path = "reveals/templates/seen.html")]
struct SeenPage {
    page: Page,
    rows: Vec<Row>,
    pager: Pager,
}

fn confirm(page: Page, id: CompanyId, outlook: &Outlook) -> ConfirmPage {
    let name = &outlook.company.fields.name;
    let back = format!("/companies/{id}");
    let confirm = ConfirmPage::new(page, format!("{back}/reveal-contact"), "Show contacts", back)
        .happens(format!("You see the contact people of {name} for 24 hours."));
    let confirm = match (outlook.ground, outlook.left) {
        (Ground::Quote, _) => {
            confirm.happens("A quote between your companies was shortlisted or accepted, so this is not counted.")
        }
        (Ground::Asked, Some(left)) => confirm.happens(format!("It is counted: you have {left} more such looks now.")),
        (Ground::Asked, None) => confirm,
    };
    confirm.tells(format!("{name}: that your company looked, at once on its page and in a letter a day"))
}

#[get("/companies/{id}/reveal-contact")]
async fn confirm_reveal(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let outlook = run(&app, move |app| actions::outlook(app, &actor, id)).await?;
    let page = page_of(&http, &format!("Show the contacts of {}?", outlook.company.fields.name));
    html(&confirm(page, id, &outlook))
}

#[post("/companies/{id}/reveal-contact")]
async fn look(app: Data<App>, Who(actor): Who, Id(id): Id<CompanyId>, _form: FormData) -> Result<HttpResponse> {
    run(&app, move |app| actions::reveal(app, &actor, id)).await?;
    Ok(see_other(&format!("/companies/{id}/contacts")))
}

#[get("/companies/{id}/contacts")]
async fn show_contacts(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let seen = run(&app, move |app| actions::find_open(app, &actor, id)).await?;
    let name = seen.company.fields.name;
    html(&ContactsPage {
        page: page_of(&http, &format!("Contacts of {name}")),
        back: format!("/companies/{id}"),
        name,
        contacts: seen.contacts.into_iter().map(|contact| contact.fields).collect(),
        by_quote: seen.ground == Ground::Quote,
        left: seen.left,
    })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenQuery {
    cursor: Option<String>,
}

#[get("/account/contact-reveals")]
async fn who_saw_ours(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Query(query): Query<SeenQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, "Who saw our contacts").under(Section::Account);
    let view = run(&app, move |app| {
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, LIST, &actor)?;
        let slice = actions::list_seen(app, &actor, paging)?;
        let pager = pager(app, LIST, &actor, "/account/contact-reveals", slice.prev.as_ref(), slice.next.as_ref())?;
        let now = app.clock.now();
        let row = |(reveal, name): (super::Reveal, String)| Row {
            viewer: reveal.viewer.to_string(),
            name,
            by_quote: reveal.ground == Ground::Quote,
            at: When::new(reveal.at, now),
        };
        let rows = slice.items.into_iter().map(row).collect();
        Ok(SeenPage { page, rows, pager })
    })
    .await?;
    html(&view)
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(confirm_reveal).service(look).service(show_contacts).service(who_saw_ours);
}
