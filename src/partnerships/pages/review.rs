//! The moderators' pages of trade records: the queue of documents to review, and the review of one shipment's.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::parties::Parties;
use super::rows::{Shipment, goods_of};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Result};
use crate::ids::RecordId;
use crate::locale::{Language, text};
use crate::partnerships::documents::review;
use crate::partnerships::{PendingReview, records};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id};
use crate::web::layout::{Form, Page, Section, When};
use crate::web::run;

const QUEUE: &str = "/moderation/records";
const FIELDS: &[(&str, &str)] = &[("note", "partnerships-what-you-saw")];

/// A shipment in the queue.
struct Row {
    id: RecordId,
    goods: String,
    supplier: String,
    buyer: String,
    changed: When,
}

impl Row {
    fn new(waiting: PendingReview, now: Time) -> Self {
        let PendingReview { record, supplier_name, buyer_name } = waiting;
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
    /// How many wait beyond the rows.
    more: usize,
}

#[get("/moderation/records")]
pub(super) async fn list(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-to-review")).under(Section::Moderation);
    let (rows, total) = run(&app, move |app| {
        let (waiting, total) = review::list_pending_reviews(app, &actor)?;
        Ok((waiting.into_iter().map(|one| Row::new(one, app.clock.now())).collect::<Vec<_>>(), total))
    })
    .await?;
    let more = total.saturating_sub(rows.len());
    html(&QueuePage { page, rows, more })
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
    let detail = records::find_for_review(app, actor, id)?;
    let record = detail.record.clone();
    let parties = Parties::load(app, record.supplier, record.buyer)?;
    // A moderator is on no side; what a side could do is not offered here.
    let shipment = Shipment::new(detail, &parties, record.declared_by, app.clock.now());
    let may_review = record.may_be_reviewed();
    Ok(ReviewPage { page: page.under(Section::Moderation), parties, shipment, form, may_review })
}

#[get("/records/{id}/review")]
pub(super) async fn look(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-review-title"));
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
    let page = page_of(&http, text(Language::English, "partnerships-review-title"));
    let refused = run(&app, move |app| match review::review(app, &actor, id, form.text("note").unwrap_or_default()) {
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
