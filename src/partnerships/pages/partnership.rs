//! The list of partnerships and the page of one.

use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::parties::Parties;
use super::rows::{EntryRow, Shipment};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::companies;
use crate::error::Result;
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::locale::{Language, Message, text};
use crate::money::MoneySum;
use crate::partnerships::records;
use crate::partnerships::views::LedgerSummary;
use crate::partnerships::{Partnership, PartnershipState, Record, YearTotal, actions};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::{Id, Query};
use crate::web::layout::{Page, Pager, Section, When, grouped};
use crate::web::run;

/// One partnership in the list.
struct Row {
    id: PartnershipId,
    other_name: String,
    role: &'static str,
    state: crate::formats::Pill,
    when: When,
    needs_me: bool,
}

/// A shipment that waits for the viewer.
struct WaitingShipment {
    id: RecordId,
    goods: String,
    other_name: String,
    when: When,
}

#[derive(Template)]
#[template(path = "partnerships/templates/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    proposals: Vec<Row>,
    shipments: Vec<WaitingShipment>,
    pager: Pager,
}

struct Listing {
    rows: Vec<Row>,
    proposals: Vec<Row>,
    shipments: Vec<WaitingShipment>,
    pager: Pager,
}

#[get("/partnerships")]
pub(super) async fn list(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    let Listing { rows, proposals, shipments, pager } = run(&app, move |app| load_list(app, &actor, &params)).await?;
    let page = page_of(&http, text(Language::English, "layout-nav-partnerships")).under(Section::Partnerships);
    html(&ListPage { page, rows, proposals, shipments, pager })
}

fn load_list(app: &App, actor: &Actor, params: &ListParams) -> Result<Listing> {
    let viewer = actor.authorize(Permission::PartnershipsRead)?.company();
    let slice = actions::list(app, actor, None, &params.paging::<i64>(app, "partnerships page", actor)?)?;
    let waiting = actions::waiting(app, actor)?;
    let of_records = waiting.records.iter().map(|record| record.other_than(viewer).0);
    let shown = slice.items.iter().chain(&waiting.partnerships);
    let ids: Vec<i64> = shown.map(|item| item.other_than(viewer).0).chain(of_records).collect();
    let names = app.db.read(|conn| companies::store::names(conn, &ids))?;
    let now = app.clock.now();
    Ok(Listing {
        pager: pager(app, "partnerships page", actor, "/partnerships", slice.prev.as_ref(), slice.next.as_ref())?,
        rows: slice.items.iter().map(|item| row(item, viewer, &names, now)).collect(),
        proposals: waiting.partnerships.iter().map(|item| row(item, viewer, &names, now)).collect(),
        shipments: waiting.records.iter().map(|record| shipment(record, viewer, &names, now)).collect(),
    })
}

fn row(partnership: &Partnership, viewer: CompanyId, names: &HashMap<i64, String>, now: Time) -> Row {
    let other = partnership.other_than(viewer);
    let at = partnership.ended_at.or(partnership.confirmed_at).unwrap_or(partnership.proposed_at);
    Row {
        id: partnership.id,
        other_name: names.get(&other.0).cloned().unwrap_or_default(),
        role: if other == partnership.buyer {
            text(Language::English, "partnerships-you-sell")
        } else {
            text(Language::English, "partnerships-you-buy-word")
        },
        state: partnership.state.pill(),
        when: When::new(at, now),
        needs_me: partnership.waits_for(viewer),
    }
}

fn shipment(record: &Record, viewer: CompanyId, names: &HashMap<i64, String>, now: Time) -> WaitingShipment {
    WaitingShipment {
        id: record.id,
        goods: record.fields.description.clone(),
        other_name: names.get(&record.other_than(viewer).0).cloned().unwrap_or_default(),
        when: When::new(record.created_at, now),
    }
}

/// A year of the totals.
struct TotalRow {
    year: i32,
    direction: &'static str,
    records: u32,
    value: String,
    net_kg: String,
}

impl From<YearTotal> for TotalRow {
    fn from(total: YearTotal) -> Self {
        Self {
            year: total.year,
            direction: total.direction.as_str(),
            records: total.records,
            value: money(total.value),
            net_kg: grouped(&total.net_kg.display(0)),
        }
    }
}

fn money(sum: MoneySum) -> String {
    let digits = usize::from(sum.currency.minor_digits());
    format!("{} {}", sum.currency, grouped(&sum.amount.display(digits)))
}

#[derive(Template)]
#[template(path = "partnerships/templates/show.html")]
struct ShowPage {
    page: Page,
    id: PartnershipId,
    parties: Parties,
    state: crate::formats::Pill,
    status: String,
    note: String,
    needs_me: bool,
    is_mine_to_withdraw: bool,
    may_write: bool,
    is_active: bool,
    shipments: Vec<Shipment>,
    pager: Pager,
    totals: Vec<TotalRow>,
    declared: usize,
    disputed: usize,
    ledger: LedgerSummary,
    entries: Vec<EntryRow>,
}

#[get("/partnerships/{id}")]
pub(super) async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "partnerships-partnership")).under(Section::Partnerships);
    let view = run(&app, move |app| load_show(app, &actor, id, &params, page)).await?;
    html(&view)
}

fn load_show(app: &App, actor: &Actor, id: PartnershipId, params: &ListParams, page: Page) -> Result<ShowPage> {
    let viewer = actor.authorize(Permission::PartnershipsRead)?.company();
    let overview = actions::overview(app, actor, id)?;
    let name = format!("records page {id}");
    let slice = records::list(app, actor, id, None, &params.paging::<i64>(app, &name, actor)?)?;
    let partnership = overview.partnership;
    let parties = Parties::load(app, partnership.supplier, partnership.buyer)?;
    let now = app.clock.now();
    Ok(ShowPage {
        page: Page {
            title: Message::new("partnerships-of-two")
                .with("buyer", &parties.buyer_name)
                .with("supplier", &parties.supplier_name)
                .text(Language::English),
            ..page
        },
        id,
        state: partnership.state.pill(),
        status: status(&partnership, &parties),
        needs_me: partnership.waits_for(viewer),
        is_mine_to_withdraw: partnership.state == PartnershipState::Proposed && partnership.proposed_by == viewer,
        may_write: actor.authorize(Permission::PartnershipsWrite).is_ok(),
        is_active: partnership.state == PartnershipState::Active,
        pager: pager(app, &name, actor, &format!("/partnerships/{id}"), slice.prev.as_ref(), slice.next.as_ref())?,
        totals: overview.totals.into_iter().map(TotalRow::from).collect(),
        declared: overview.declared,
        disputed: overview.disputed,
        ledger: LedgerSummary::new(overview.entries, overview.verification, overview.differing),
        entries: overview.newest.iter().map(|entry| EntryRow::new(entry, &parties, now)).collect(),
        shipments: slice.items.into_iter().map(|item| Shipment::new(item, &parties, viewer, now)).collect(),
        note: partnership.note,
        parties,
    })
}

/// The status of the partnership in words, with its day.
fn status(partnership: &Partnership, parties: &Parties) -> String {
    let day = |at: Option<Time>| at.unwrap_or(partnership.proposed_at).format("%Y-%m-%d").to_string();
    let proposer = parties.name(partnership.proposed_by);
    match partnership.state {
        PartnershipState::Proposed => {
            let other = parties.other_name(partnership.proposed_by);
            Message::new("partnerships-status-proposed")
                .with("proposer", proposer)
                .with("day", day(None))
                .with("other", other)
                .text(Language::English)
        }
        PartnershipState::Active => Message::new("partnerships-status-active")
            .with("day", day(partnership.confirmed_at))
            .text(Language::English),
        PartnershipState::Declined => {
            Message::new("partnerships-status-declined").with("day", day(partnership.ended_at)).text(Language::English)
        }
        PartnershipState::Ended => {
            Message::new("partnerships-status-ended").with("day", day(partnership.ended_at)).text(Language::English)
        }
    }
}
