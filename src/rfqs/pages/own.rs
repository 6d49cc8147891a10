//! The buyer's own RFQs: the list, and of each the overview, the questions and the settings.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::wording::{self, Fact};
use super::{LANGUAGE, QuestionRow, ROWS, RfqHeader, RfqItemLine, RfqTabName, lines};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::documents::pages::links;
use crate::error::{Problem, Result};
use crate::ids::{QuestionId, RfqId};
use crate::locale::{Message, text};
use crate::rfqs::store::RfqFilter;
use crate::rfqs::{Missing, Rfq, RfqCounts, RfqState, Visibility, actions, completeness, queries};
use crate::store::cursor::Paging;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Ids, Query, parse};
use crate::web::layout::{FileLink, Form, NoticeKind, Page, Pager, Section, When};
use crate::web::run;

pub(super) const SETTINGS_FIELDS: &[(&str, &str)] =
    &[("deadline", "rfqs-new-deadline"), ("max_quotes", "rfqs-reopen-seats")];
/// The tab shows so many questions, the newest first.
const QUESTIONS_SHOWN: i64 = 100;

struct OwnRfqRow {
    id: RfqId,
    title: String,
    state: crate::formats::Pill,
    destination: String,
    quotes: String,
    completeness: u8,
    closes: Option<When>,
    needs: Vec<String>,
}

struct StateLink {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "rfqs/templates/buying.html")]
struct BuyingPage {
    page: Page,
    states: Vec<StateLink>,
    rows: Vec<OwnRfqRow>,
    pager: Pager,
    filtered: bool,
}

#[derive(Template)]
#[template(path = "rfqs/templates/own.html")]
pub(super) struct OwnRfqPage {
    page: Page,
    head: RfqHeader,
    pub(super) form: Form,
    tab: Tab,
    facts: Vec<Fact>,
    items: Vec<RfqItemLine>,
    specification: Vec<String>,
    files: Vec<FileLink>,
    closing: String,
    settings: Vec<Fact>,
    missing: Vec<Missing>,
    questions: Vec<QuestionRow>,
    rfq_id: RfqId,
    may_answer: bool,
    may_write: bool,
}

/// The tabs that are here; the others have pages of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Questions,
    Settings,
}

impl Tab {
    fn name(self) -> RfqTabName {
        match self {
            Self::Overview => RfqTabName::Overview,
            Self::Questions => RfqTabName::Questions,
            Self::Settings => RfqTabName::Settings,
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BuyingQuery {
    state: Option<String>,
    cursor: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TabQuery {
    tab: Option<String>,
}

fn own_rfq_row(rfq: &Rfq, counts: &RfqCounts, app: &App) -> OwnRfqRow {
    let now = app.clock.now();
    let is_open = rfq.state == RfqState::Open;
    OwnRfqRow {
        id: rfq.id,
        title: wording::title(rfq),
        state: rfq.state.pill(),
        destination: wording::destination(rfq),
        quotes: if rfq.state == RfqState::Draft { String::new() } else { wording::received(counts, rfq) },
        completeness: rfq.completeness,
        closes: rfq.deadline.filter(|_| is_open).map(|deadline| When::new(deadline, now)),
        needs: wording::needs(rfq, counts, now),
    }
}

fn state_links(chosen: Option<RfqState>) -> Vec<StateLink> {
    let all = StateLink {
        href: "/desk/buying".to_owned(),
        label: text(LANGUAGE, "rfqs-all").to_owned(),
        current: chosen.is_none(),
    };
    let of = |state: &RfqState| StateLink {
        href: format!("/desk/buying?state={state}"),
        label: state.label(LANGUAGE).to_owned(),
        current: chosen == Some(*state),
    };
    std::iter::once(all).chain(RfqState::ALL.iter().map(of)).collect()
}

#[get("/desk/buying")]
async fn buying(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<BuyingQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "rfqs-buying")).under(Section::Buying);
    let state: Option<RfqState> = query.state.as_deref().map(|text| parse("state", text)).transpose()?;
    let (rows, pager) = run(&app, move |app| {
        let name = format!("rfqs {}", state.map_or("", RfqState::as_str));
        let path = state.map_or("/desk/buying".to_owned(), |state| format!("/desk/buying?state={state}"));
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging::<i64>(app, &name, &actor)?;
        let (_, slice) = queries::list_own(app, &actor, RfqFilter { state, updated_since: None }, paging)?;
        let rows: Vec<OwnRfqRow> = slice.items.iter().map(|(rfq, counts)| own_rfq_row(rfq, counts, app)).collect();
        Ok((rows, pager(app, &name, &actor, &path, slice.prev.as_ref(), slice.next.as_ref())?))
    })
    .await?;
    html(&BuyingPage { page, states: state_links(state), rows, pager, filtered: state.is_some() })
}

/// The page of one's own RFQ; `http` brings the frame.
pub(super) async fn own_rfq_page(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    id: RfqId,
    tab: Tab,
    form: Form,
) -> Result<OwnRfqPage> {
    let may_write = actor.authorize_draft(Permission::RfqsWrite).is_ok();
    let (head, questions, files) = run(app, move |app| {
        let head = RfqHeader::load(app, &actor, id, tab.name())?;
        let questions = match tab {
            Tab::Questions => queries::list_questions(app, &actor, id, Paging::first(QUESTIONS_SHOWN))?.items,
            Tab::Overview | Tab::Settings => Vec::new(),
        };
        let files = links(app, &head.rfq.fields.attachments)?;
        Ok((head, questions, files))
    })
    .await?;
    let rfq = &head.rfq;
    let mut page = page_of(http, &head.title).under(Section::Buying);
    let needs = wording::needs(rfq, &head.counts, app.clock.now());
    if !needs.is_empty() && tab == Tab::Overview {
        let sentence = Message::new("rfqs-waits-for-you").with("steps", needs.join(", ")).text(LANGUAGE);
        page = page.with_notice(NoticeKind::NeedsYou, sentence);
    }
    Ok(OwnRfqPage {
        page,
        form,
        tab,
        facts: wording::facts(rfq),
        items: RfqItemLine::all(&rfq.fields),
        specification: rfq.fields.specification.as_deref().map(lines).unwrap_or_default(),
        files,
        closing: wording::closing(rfq, &head.counts),
        settings: wording::settings(rfq),
        missing: completeness(&rfq.fields).missing,
        questions: questions.into_iter().map(|asked| QuestionRow::new(asked, app)).collect(),
        rfq_id: id,
        may_answer: may_write && matches!(rfq.state, RfqState::Open | RfqState::Closed),
        may_write,
        head,
    })
}

#[get("/desk/buying/rfqs/{id}")]
async fn own_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(query): Query<TabQuery>,
) -> Result<HttpResponse> {
    let tab = match query.tab.as_deref() {
        None | Some("overview") => Tab::Overview,
        Some("questions") => Tab::Questions,
        Some("settings") => Tab::Settings,
        Some(other @ ("quotes" | "compare" | "matches" | "invitations")) => {
            return Ok(see_other(&format!("/desk/buying/rfqs/{id}/{other}")));
        }
        Some(_) => return Err(Problem::not_found("tab")),
    };
    html(&own_rfq_page(&http, &app, actor, id, tab, Form::new(SETTINGS_FIELDS)).await?)
}

#[post("/desk/buying/rfqs/{id}/questions/{question}")]
async fn answer_question(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, question): Ids<RfqId, QuestionId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize(Permission::RfqsWrite)?;
    let typed = form.typed();
    let writer = actor.clone();
    let outcome = run(&app, move |app| {
        actions::answer_question(app, &writer, id, question, form.text("answer").unwrap_or_default())
    })
    .await;
    match outcome {
        Ok(_) => Ok(see_other(&format!("/desk/buying/rfqs/{id}?tab=questions#{question}"))),
        Err(problem) => {
            // There is one answer field for each question: the mistake links to the one that was sent.
            let form = Form::new(&[("answer", "rfqs-your-answer")]).typed(typed).refused(&problem);
            let form = form.with("answered", question.to_string());
            let view = own_rfq_page(&http, &app, actor, id, Tab::Questions, form).await?;
            refused_html(&view, &view.form)
        }
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(buying).service(own_rfq).service(answer_question);
}
