//! The moderators' pages of trade records: what waits for a look, and the look at one shipment's documents.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::Parties;
use super::rows::{Shipment, goods_of};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Result};
use crate::ids::RecordId;
use crate::partnerships::documents::{self, ToReview};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, Page, Section, When};
use crate::web::run;

const QUEUE: &str = "/moderation/records";
const FIELDS: &[(&str, &str)] = &[("note", "What you saw")];

/// A shipment in the queue.
struct Row {
    id: RecordId,
    goods: String,
    supplier: String,
    buyer: String,
    changed: When,
}

impl Row {
    fn new(waiting: ToReview, now: Time) -> Self {
        let ToReview { record, supplier_name, buyer_name } = waiting;
        Self {
            id: record.id,
            goods: goods_of(&record),
            supplier: supplier_name,
            buyer: buyer_name,
            changed: When::new(record.updated_at, now),
        }
    }
}

#[derive(Template)]
#[template(path = "partnerships/templates/reviews.html")]
struct QueuePage {
    page: Page,
    rows: Vec<Row>,
}

#[get("/moderation/records")]
pub(super) async fn list(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, "Documents to look at").under(Section::Moderation);
    let rows = run(&app, move |app| {
        let waiting = documents::list_to_review(app, &actor)?;
        Ok(waiting.into_iter().map(|one| Row::new(one, app.clock.now())).collect())
    })
    .await?;
    html(&QueuePage { page, rows })
}

#[derive(Template)]
#[template(path = "partnerships/templates/review.html")]
struct ReviewPage {
    page: Page,
    parties: Parties,
    shipment: Shipment,
    form: Form,
    may_review: bool,
}

fn load(app: &App, actor: &Actor, id: RecordId, page: Page, form: Form) -> Result<ReviewPage> {
    let detail = documents::look_at(app, actor, id)?;
    let record = detail.record.clone();
    let parties = Parties::load(app, record.supplier, record.buyer)?;
    // A moderator is on no side; what a side could do is not offered here.
    let shipment = Shipment::new(detail, &parties, record.declared_by, app.clock.now());
    let may_review = documents::may_be_reviewed(&record);
    Ok(ReviewPage { page: page.under(Section::Moderation), parties, shipment, form, may_review })
}

#[get("/records/{id}/review")]
pub(super) async fn look(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, "Look at the documents");
    html(&run(&app, move |app| load(app, &actor, id, page, Form::new(FIELDS))).await?)
}

#[post("/records/{id}/review")]
pub(super) async fn grade(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, "Look at the documents");
    let refused =
        run(&app, move |app| match documents::review(app, &actor, id, form.text("note").unwrap_or_default()) {
            Ok(()) => Ok(None),
            Err(problem) if matches!(problem.code, Code::Invalid | Code::Conflict) => {
                let form = Form::new(FIELDS).typed(form.typed()).refused(&problem);
                load(app, &actor, id, page, form).map(Some)
            }
            Err(problem) => Err(problem),
        })
        .await?;
    match refused {
        None => Ok(see_other(QUEUE)),
        Some(page) => refused_html(&page, &page.form),
    }
}
