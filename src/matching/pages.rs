//! Pages of matching: the supplier's desk with its matched RFQs, and the buyer's tab of matched suppliers.

use std::collections::{HashMap, HashSet};

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::actions::{self, MatchWithRfq, MatchWithSupplier};
use super::store::{InboxCounts, InboxFilter};
use super::{DismissReason, ItemFit, Match, MatchState, display};
use crate::actor::Permission;
use crate::app::App;
use crate::clock::Time;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId, MatchId, RfqId};
use crate::locale::{Language, Message, text};
use crate::rfqs::pages::{RfqHeader, RfqTabName};
use crate::rfqs::queries::invitations;
use crate::rfqs::views::InvitationWithRfq;
use crate::rfqs::{InvitationState, Rfq, RfqState, Visibility};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Form, Page, Pager, Reason, Reasons, Section, When, plain_quantity};
use crate::web::run;

/// The language of what is written before a page is there.
const LANGUAGE: Language = Language::English;
const INBOX: &str = "selling desk";
const PER_PAGE: u32 = 20;
/// So many invitations that wait for an answer are shown above the matches.
const INVITATIONS: i64 = 50;
const DISMISS_FIELDS: &[(&str, &str)] = &[("reason", "matching-dismiss-reason")];

#[derive(Template)]
#[template(path = "matching/templates/selling.html")]
struct SellingPage {
    page: Page,
    counts: InboxCounts,
    needs: Vec<String>,
    invitations: Vec<InvitationRow>,
    rows: Vec<InboxRow>,
    pager: Pager,
    shows_all: bool,
    may_write: bool,
}

/// An invitation to quote on the supplier's desk.
struct InvitationRow {
    rfq: RfqId,
    title: String,
    facts: Vec<String>,
    buyer: Option<(String, String)>,
    deadline: Option<When>,
    state: crate::formats::Pill,
    is_new: bool,
}

/// A matched RFQ on the supplier's desk.
struct InboxRow {
    id: MatchId,
    rfq: RfqId,
    title: String,
    facts: Vec<String>,
    deadline: Option<When>,
    found_at: When,
    state: crate::formats::Pill,
    rfq_state: RfqState,
    reasons: Reasons,
    details: Vec<String>,
    is_new: bool,
    may_quote: bool,
    may_dismiss: bool,
}

#[derive(Template)]
#[template(path = "matching/templates/dismiss.html")]
struct DismissPage {
    page: Page,
    form: Form,
    id: MatchId,
    title: String,
    reasons: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "matching/templates/matches.html")]
struct MatchesPage {
    page: Page,
    head: RfqHeader,
    rows: Vec<SupplierRow>,
    pager: Pager,
    is_draft: bool,
    is_matched: bool,
    may_invite: bool,
}

/// A matched supplier on the buyer's desk.
struct SupplierRow {
    href: String,
    name: String,
    country: String,
    form: String,
    verification: &'static str,
    state: crate::formats::Pill,
    reasons: Reasons,
    details: Vec<String>,
    /// How it fits each item of the RFQ, where this has any.
    items: Vec<String>,
    listings: Vec<(String, String)>,
    company: CompanyId,
    is_invited: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct InboxParams {
    cursor: Option<String>,
    show: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchesParams {
    cursor: Option<String>,
}

/// The reasons as the bar shows them, in percent of the score.
fn bar(matched: &Match) -> Reasons {
    let reason = |reason: &super::Reason| Reason {
        label: reason.kind.label(LANGUAGE).to_owned(),
        share: display::percent(reason.share, matched.score),
    };
    Reasons {
        score: matched.score,
        reasons: matched.evidence.reasons.iter().map(reason).collect(),
        gaps: matched.evidence.gaps.iter().map(|gap| gap.detail.clone()).collect(),
    }
}

fn details(matched: &Match) -> Vec<String> {
    matched
        .evidence
        .reasons
        .iter()
        .map(|reason| format!("{}: {}", reason.kind.label(LANGUAGE), reason.detail))
        .collect()
}

/// How the supplier fits one item, and by which listing: `Item 2: 0.74 (Brass ball valve)`.
fn item_words(fit: &ItemFit, names: &HashMap<ListingId, String>) -> String {
    let score = format!("{:.2}", fit.score);
    let message = match fit.listing.and_then(|id| names.get(&id)) {
        Some(name) => Message::new("matching-item-by").with("name", name.as_str()),
        None => Message::new("matching-item"),
    };
    message.with("item", fit.item).with("score", score).text(LANGUAGE)
}

/// How much is wanted, and where it goes.
fn facts(rfq: &Rfq) -> Vec<String> {
    let quantity = match rfq.fields.items.len() {
        0 => rfq.fields.quantity.as_ref().map(plain_quantity),
        items => Some(Message::new("matching-items").with("count", items).text(LANGUAGE)),
    };
    let destination = rfq
        .fields
        .destination_country
        .map(|country| Message::new("matching-to-country").with("country", country.name()).text(Language::English));
    quantity.into_iter().chain(destination).collect()
}

impl InvitationRow {
    fn new(item: InvitationWithRfq, now: Time) -> Self {
        let InvitationWithRfq { invitation, rfq, buyer } = item;
        Self {
            rfq: rfq.id,
            facts: facts(&rfq),
            buyer: buyer.map(|company| (format!("/companies/{}", company.id), company.fields.name)),
            deadline: rfq.deadline.map(|deadline| When::new(deadline, now)),
            state: invitation.state.pill(),
            is_new: invitation.state == InvitationState::Invited,
            title: rfq.fields.title,
        }
    }
}

impl InboxRow {
    fn new(item: MatchWithRfq, now: Time) -> Self {
        let MatchWithRfq { matched, rfq } = item;
        let is_open = rfq.state == RfqState::Open && rfq.deadline.is_none_or(|deadline| deadline > now);
        Self {
            id: matched.id,
            rfq: rfq.id,
            facts: facts(&rfq),
            deadline: rfq.deadline.map(|deadline| When::new(deadline, now)),
            found_at: When::new(matched.created_at, now),
            state: matched.state.pill(),
            // Between its deadline and the sweep that closes it, an RFQ takes no quote any more.
            rfq_state: if rfq.state == RfqState::Open && !is_open { RfqState::Closed } else { rfq.state },
            reasons: bar(&matched),
            details: details(&matched),
            is_new: is_open && matches!(matched.state, MatchState::Suggested | MatchState::Notified),
            may_quote: is_open && matched.state != MatchState::Quoted,
            may_dismiss: !matches!(matched.state, MatchState::Quoted | MatchState::Dismissed),
            title: rfq.fields.title,
        }
    }
}

impl SupplierRow {
    fn new(item: &MatchWithSupplier, names: &HashMap<ListingId, String>, invited: &HashSet<CompanyId>) -> Self {
        let (matched, company) = (&item.matched, &item.supplier);
        let named = |id: &ListingId| names.get(id).map(|name| (format!("/listings/{id}"), name.clone()));
        Self {
            href: format!("/companies/{}", company.id),
            name: company.fields.name.clone(),
            country: company.fields.country.name(),
            form: company.fields.form.label(Language::English).to_owned(),
            verification: company.verification.as_str(),
            state: matched.state.pill(),
            reasons: bar(matched),
            details: details(matched),
            items: matched.evidence.items.iter().map(|fit| item_words(fit, names)).collect(),
            listings: matched.evidence.best_listings.iter().filter_map(named).collect(),
            company: company.id,
            is_invited: invited.contains(&company.id),
        }
    }
}

/// What the supplier should do first, a phrase each.
fn needs(counts: &InboxCounts) -> Vec<String> {
    let mut needs = Vec::new();
    if counts.unread > 0 {
        needs.push(Message::new("matching-to-do-read").with("count", counts.unread).text(LANGUAGE));
    }
    if counts.closing_soon > 0 {
        needs.push(Message::new("matching-to-do-decide").with("count", counts.closing_soon).text(LANGUAGE));
    }
    needs
}

#[get("/desk/selling")]
async fn selling(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<InboxParams>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "matching-selling")).under(Section::Selling);
    let which = if params.show.as_deref() == Some("all") { InboxFilter::All } else { InboxFilter::Kept };
    let desk = run(&app, move |app| {
        let counts = actions::count_inbox(app, &actor)?;
        let paging = ListParams { limit: Some(PER_PAGE), cursor: params.cursor }.paging::<i64>(app, INBOX, &actor)?;
        let slice = actions::list_inbox(app, &actor, which, None, paging)?;
        let pager = pager(
            app,
            INBOX,
            &actor,
            if which == InboxFilter::All { "/desk/selling?show=all" } else { "/desk/selling" },
            slice.prev.as_ref(),
            slice.next.as_ref(),
        )?;
        let now = app.clock.now();
        let rows = slice.items.into_iter().map(|item| InboxRow::new(item, now)).collect();
        let invitations = invitations::list_unanswered(app, &actor, INVITATIONS)?;
        let invitations = invitations.into_iter().map(|item| InvitationRow::new(item, now)).collect();
        let may_write = actor.authorize(Permission::RfqsWrite).is_ok();
        Ok(SellingPage {
            page,
            needs: needs(&counts),
            counts,
            invitations,
            rows,
            pager,
            shows_all: which == InboxFilter::All,
            may_write,
        })
    })
    .await?;
    html(&desk)
}

/// Opens a matched RFQ: the buyer learns that it was opened.
#[get("/desk/selling/matches/{id}")]
async fn open(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<MatchId>,
) -> Result<HttpResponse> {
    let rfq = run(&app, move |app| actions::open(app, &actor, id)).await?;
    Ok(see_other(&format!("/rfqs/{rfq}")))
}

fn dismiss_page(page: Page, form: Form, item: MatchWithRfq) -> DismissPage {
    let choice = |reason: &DismissReason| (reason.as_str(), reason.label(LANGUAGE));
    DismissPage {
        page,
        form,
        id: item.matched.id,
        title: item.rfq.fields.title,
        reasons: DismissReason::ALL.iter().map(choice).collect(),
    }
}

#[get("/desk/selling/matches/{id}/dismiss")]
async fn dismiss_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<MatchId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "matching-dismiss-title")).under(Section::Selling);
    let item = run(&app, move |app| actions::find_own(app, &actor, id)).await?;
    html(&dismiss_page(page, Form::new(DISMISS_FIELDS), item))
}

fn read_reason(form: &FormData) -> Result<DismissReason> {
    let missing =
        || Problem::invalid_field("/reason", FieldCode::Required, text(Language::English, "matching-reason-of-list"));
    form.text("reason").and_then(DismissReason::parse).ok_or_else(missing)
}

#[post("/desk/selling/matches/{id}/dismiss")]
async fn dismiss(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<MatchId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.authorize(Permission::RfqsWrite)?;
    let asker = actor.clone();
    let outcome = match read_reason(&form) {
        Ok(reason) => run(&app, move |app| actions::dismiss(app, &asker, id, None, reason)).await,
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(see_other("/desk/selling")),
        Err(problem) => {
            let page = page_of(&http, text(LANGUAGE, "matching-dismiss-title")).under(Section::Selling);
            let item = run(&app, move |app| actions::find_own(app, &actor, id)).await?;
            let form = Form::new(DISMISS_FIELDS).typed(form.typed()).refused(&problem);
            let view = dismiss_page(page, form, item);
            refused_html(&view, &view.form)
        }
    }
}

fn ranking(rfq: RfqId) -> String {
    format!("matched suppliers of {rfq}")
}

#[get("/desk/buying/rfqs/{id}/matches")]
async fn matched_suppliers(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(params): Query<MatchesParams>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "rfqs-tab-matches")).under(Section::Buying);
    let tab = run(&app, move |app| {
        let head = RfqHeader::load(app, &actor, id, RfqTabName::Matches)?;
        let paging = ListParams { limit: Some(PER_PAGE), cursor: params.cursor }.paging(app, &ranking(id), &actor)?;
        let matched = actions::list_for_rfq(app, &actor, id, paging)?;
        let names = actions::listing_names(app, &matched.items)?;
        let pager = pager(
            app,
            &ranking(id),
            &actor,
            &format!("/desk/buying/rfqs/{id}/matches"),
            matched.prev.as_ref(),
            matched.next.as_ref(),
        )?;
        let invited = invitations::list_invited(app, &actor, id)?;
        let rows = matched.items.iter().map(|item| SupplierRow::new(item, &names, &invited)).collect();
        let may_invite = head.may_change && actor.authorize_draft(Permission::RfqsWrite).is_ok();
        let is_draft = head.rfq.state == RfqState::Draft;
        let is_matched = head.rfq.matched_at.is_some();
        Ok(MatchesPage { page, head, rows, pager, is_draft, is_matched, may_invite })
    })
    .await?;
    html(&tab)
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(selling).service(dismiss_form).service(dismiss).service(open).service(matched_suppliers);
}
