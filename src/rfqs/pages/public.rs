//! The list of open RFQs and the public page of each, with its questions.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::wording::{self, Fact};
use super::{LANGUAGE, QuestionRow, ROWS, RfqItemLine, lines};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::documents::pages::links;
use crate::error::Result;
use crate::ids::RfqId;
use crate::locale::{Message, text};
use crate::rfqs::actions;
use crate::rfqs::rules::visibility::Viewer;
use crate::rfqs::views::RfqDetail;
use crate::rfqs::{Rfq, RfqCounts, RfqState, Visibility, queries};
use crate::store::cursor::Paging;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{FileLink, Form, Page, Pager, Section, Sharing, When, plain_quantity};
use crate::web::run;

const OPEN_RFQS: &str = "open rfqs";
const ASK_FIELDS: &[(&str, &str)] = &[("question", "rfqs-your-question")];
/// The page shows so many questions, the newest first.
const QUESTIONS_SHOWN: i64 = 100;

struct OpenRfqRow {
    id: RfqId,
    title: String,
    country: String,
    quantity: String,
    incoterm: String,
    target: String,
    closes: Option<When>,
    seats: String,
}

#[derive(Template)]
#[template(path = "rfqs/templates/open_rfqs.html")]
struct OpenRfqsPage {
    page: Page,
    rows: Vec<OpenRfqRow>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "rfqs/templates/rfq.html")]
struct RfqPage {
    page: Page,
    form: Form,
    public_rfq: PublicRfq,
}

/// What the public page shows of an RFQ.
struct PublicRfq {
    id: RfqId,
    title: String,
    state: crate::formats::Pill,
    buyer: Option<(String, String)>,
    facts: Vec<Fact>,
    items: Vec<RfqItemLine>,
    specification: Vec<String>,
    files: Vec<FileLink>,
    closing: String,
    closes: Option<When>,
    published: Option<When>,
    sealed: bool,
    /// Whether only invited suppliers see it.
    for_invited: bool,
    /// Whether the reader's company is one of those that are invited.
    is_invited: bool,
    questions: Vec<QuestionRow>,
    is_own: bool,
    may_quote: bool,
    may_ask: bool,
    signed_in: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenRfqsQuery {
    cursor: Option<String>,
}

fn open_rfq_row(rfq: &Rfq, counts: &RfqCounts, app: &App) -> OpenRfqRow {
    let fields = &rfq.fields;
    OpenRfqRow {
        id: rfq.id,
        title: wording::plain_title(rfq).to_owned(),
        country: fields.destination_country.map(|country| country.name()).unwrap_or_default(),
        quantity: match fields.items.len() {
            0 => fields.quantity.as_ref().map(plain_quantity).unwrap_or_default(),
            items => Message::new("rfqs-items").with("count", items).text(LANGUAGE),
        },
        incoterm: fields.incoterm.map(|term| term.to_string()).unwrap_or_default(),
        target: wording::target(fields.target_price, fields.quantity.as_ref()),
        closes: rfq.deadline.map(|deadline| When::new(deadline, app.clock.now())),
        seats: wording::received(counts, rfq),
    }
}

#[get("/rfqs")]
async fn open_rfqs(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<OpenRfqsQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "layout-nav-rfqs")).under(Section::Rfqs);
    let (rows, pager) = run(&app, move |app| {
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, OPEN_RFQS, &actor)?;
        let slice = queries::list_open(app, paging)?;
        let rows: Vec<OpenRfqRow> = slice.items.iter().map(|(rfq, counts)| open_rfq_row(rfq, counts, app)).collect();
        Ok((rows, pager(app, OPEN_RFQS, &actor, "/rfqs", slice.prev.as_ref(), slice.next.as_ref())?))
    })
    .await?;
    html(&OpenRfqsPage { page, rows, pager })
}

fn public_rfq(app: &App, actor: &Actor, id: RfqId) -> Result<PublicRfq> {
    let seen = queries::find(app, actor, id)?;
    actions::invitations::mark_seen(app, actor, id, seen.invitation)?;
    let questions = queries::list_questions(app, actor, id, Paging::first(QUESTIONS_SHOWN))?.items;
    let questions = questions.into_iter().map(|asked| QuestionRow::new(asked, app)).collect();
    let files = links(app, &seen.rfq.fields.attachments)?;
    Ok(PublicRfq { files, ..public_view(seen, questions, app, actor) })
}

fn public_view(seen: RfqDetail, questions: Vec<QuestionRow>, app: &App, actor: &Actor) -> PublicRfq {
    let RfqDetail { rfq, viewer, buyer, counts, invitation } = seen;
    let now = app.clock.now();
    let is_own = actor.company() == Some(rfq.company);
    let is_open = rfq.state == RfqState::Open && rfq.deadline.is_none_or(|deadline| deadline > now);
    let may_write = |permission| actor.company().is_none() || actor.authorize(permission).is_ok();
    PublicRfq {
        id: rfq.id,
        title: wording::title(&rfq),
        state: rfq.state.pill(),
        buyer: buyer.map(|company| (format!("/companies/{}", company.id), company.fields.name)),
        facts: wording::facts(&rfq),
        items: RfqItemLine::all(&rfq.fields),
        specification: rfq.fields.specification.as_deref().map(lines).unwrap_or_default(),
        files: Vec::new(),
        closing: wording::closing(&rfq, &counts),
        closes: rfq.deadline.filter(|_| is_open).map(|deadline| When::new(deadline, now)),
        published: rfq.published_at.map(|at| When::new(at, now)),
        sealed: rfq.fields.sealed,
        for_invited: rfq.fields.visibility == Visibility::Invited,
        is_invited: invitation.is_some(),
        questions,
        is_own,
        may_quote: is_open && viewer != Viewer::Owner && may_write(Permission::QuotesWrite),
        may_ask: is_open && !is_own && actor.authorize(Permission::RfqsWrite).is_ok(),
        signed_in: actor.company().is_some(),
    }
}

fn rfq_page(http: &HttpRequest, public_rfq: PublicRfq, form: Form) -> RfqPage {
    RfqPage { page: page_of(http, &public_rfq.title).under(Section::Rfqs), form, public_rfq }
}

#[get("/rfqs/{id}")]
async fn show_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let site = app.config.server.public_url.clone();
    let public_rfq = run(&app, move |app| public_rfq(app, &actor, id)).await?;
    let about = public_rfq.facts.iter().map(|(label, fact)| format!("{label}: {fact}")).collect::<Vec<_>>().join(". ");
    let sharing = Sharing::new(&site, &format!("/rfqs/{id}"), &about);
    // What few may see is not offered to whoever shows pages to others.
    let is_shared = !public_rfq.for_invited;
    let mut page = rfq_page(&http, public_rfq, Form::new(ASK_FIELDS));
    if is_shared {
        page.page = page.page.shared(sharing);
    }
    html(&page)
}

#[post("/rfqs/{id}/questions")]
async fn ask(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    form: FormData,
) -> Result<HttpResponse> {
    let typed = form.typed();
    let asker = actor.clone();
    let outcome = run(&app, move |app| {
        let text = form.text("question").unwrap_or_default();
        actions::ask(app, &asker, id, text, None)
    })
    .await;
    match outcome {
        Ok(_) => Ok(see_other(&format!("/rfqs/{id}#questions"))),
        Err(problem) if problem.fields.is_empty() => Err(problem),
        Err(problem) => ask_again(&http, &app, actor, id, Form::new(ASK_FIELDS).typed(typed).refused(&problem)).await,
    }
}

async fn ask_again(http: &HttpRequest, app: &Data<App>, actor: Actor, id: RfqId, form: Form) -> Result<HttpResponse> {
    let public_rfq = run(app, move |app| public_rfq(app, &actor, id)).await?;
    let view = rfq_page(http, public_rfq, form);
    refused_html(&view, &view.form)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(open_rfqs).service(show_rfq).service(ask);
}
