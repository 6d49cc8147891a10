//! Use cases of matching: a buyer's matched suppliers, a supplier's inbox, dismissing, looking, and why a company is not matched.

use std::collections::HashMap;

use chrono::Duration;

use super::candidates::{self, Among, RfqRequest};
use super::rules::{MatchStep, WhyNot, step, why_not};
use super::store::{self, InboxCounts, InboxFilter, RankKey};
use super::{DismissReason, Limits, Match, MatchState};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Company, CompanyState};
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, ListingId, MatchId, RfqId};
use crate::listings::{self, ListingState};
use crate::locale::{Language, text};
use crate::rfqs::store::Reader;
use crate::rfqs::{self, Rfq};
use crate::search::Kind;
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::{Conn, ensure_version};

/// A deadline within so many days is soon.
const CLOSING_SOON_DAYS: i64 = 3;

/// A match with what its readers see of the other side.
#[derive(Clone, Debug)]
pub struct MatchWithSupplier {
    /// The match.
    pub matched: Match,
    /// The supplier.
    pub supplier: Company,
    /// The probability, 0..1, that a supplier of this score sells what is asked for.
    pub probability: f64,
}

/// A match with the RFQ that it is for.
#[derive(Clone, Debug)]
pub struct MatchWithRfq {
    /// The match.
    pub matched: Match,
    /// The RFQ; a supplier sees no buyer in it.
    pub rfq: Rfq,
}

/// A page of matched suppliers, best first.
pub type MatchedSuppliers = ListPage<MatchWithSupplier, RankKey>;

/// The suppliers matched to one's own RFQ, best first.
///
/// # Errors
/// `not_found` when the RFQ is not of the actor's company.
pub fn list_for_rfq(app: &App, actor: &Actor, rfq: RfqId, paging: Paging<RankKey>) -> Result<MatchedSuppliers> {
    let company = actor.authorize(Permission::RfqsRead)?.company();
    app.db.read(|conn| {
        let own = rfqs::store::find(conn, rfq)?.is_some_and(|rfq| rfq.company == company);
        if !own {
            // Not `forbidden`: that would say that the RFQ exists.
            return Err(Problem::not_found("rfq"));
        }
        let ranked = store::list_for_rfq(conn, rfq, paging)?;
        with_suppliers(conn, ranked, &candidates::limits(app))
    })
}

fn with_suppliers(conn: &mut Conn, ranked: ListPage<Match, RankKey>, limits: &Limits) -> Result<MatchedSuppliers> {
    let ids: Vec<i64> = ranked.items.iter().map(|matched| matched.supplier.0).collect();
    let mut suppliers: HashMap<CompanyId, Company> =
        companies::store::load(conn, &ids)?.into_iter().map(|company| (company.id, company)).collect();
    // Left out after the page was cut: the page is shorter, but the cursor of the next one stays right.
    suppliers.retain(|_, company| company.state == CompanyState::Active);
    let with = |matched: Match| {
        let (supplier, probability) = (suppliers.remove(&matched.supplier)?, limits.probability(matched.fit()));
        Some(MatchWithSupplier { matched, supplier, probability })
    };
    let items = ranked.items.into_iter().filter_map(with).collect();
    Ok(ListPage { items, next: ranked.next, prev: ranked.prev })
}

/// The actor's own inbox: the RFQs its company is matched to, newest first. Looking at the list marks nothing.
pub fn list_inbox<K: RowKey>(
    app: &App,
    actor: &Actor,
    which: InboxFilter,
    since: Option<Time>,
    paging: Paging<K>,
) -> Result<ListPage<MatchWithRfq, K>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let slice = store::list_inbox(conn, scope, which, since, &paging)?;
        let ids: Vec<i64> = slice.items.iter().map(|matched| matched.rfq.0).collect();
        let mut rfqs: HashMap<RfqId, Rfq> =
            rfqs::store::load(conn, &ids)?.into_iter().map(|rfq| (rfq.id, rfq)).collect();
        let items = slice.items.into_iter();
        let items =
            items.filter_map(|matched| rfqs.remove(&matched.rfq).map(|rfq| MatchWithRfq { matched, rfq })).collect();
        Ok(ListPage { items, next: slice.next, prev: slice.prev })
    })
}

/// How much of the actor's own inbox waits for an answer.
pub fn count_inbox(app: &App, actor: &Actor) -> Result<InboxCounts> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    let now = app.clock.now();
    let soon = now + Duration::days(CLOSING_SOON_DAYS);
    app.db.read(|conn| store::count_inbox(conn, scope, now, soon))
}

/// The names of the listings that matches name, by id; those that are not published any more are left out.
pub fn listing_names(app: &App, items: &[MatchWithSupplier]) -> Result<HashMap<ListingId, String>> {
    let evidence = || items.iter().map(|item| &item.matched.evidence);
    let of_items = evidence().flat_map(|evidence| &evidence.items).filter_map(|fit| fit.listing);
    let mut ids: Vec<i64> =
        evidence().flat_map(|evidence| &evidence.best_listings).copied().chain(of_items).map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let named = app.db.read(|conn| listings::store::load(conn, &ids))?;
    let published = named.into_iter().filter(|listing| listing.state == ListingState::Published);
    Ok(published.map(|listing| (listing.id, listing.fields.name)).collect())
}

/// One match of the actor's own inbox.
pub fn find_own(app: &App, actor: &Actor, id: MatchId) -> Result<MatchWithRfq> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let matched = store::find_own(conn, scope, id)?.ok_or_else(|| Problem::not_found("match"))?;
        let visible = rfqs::store::find_visible(conn, Reader::Company(scope.company()), matched.rfq)?;
        let rfq = visible.ok_or_else(|| Problem::not_found("match"))?.rfq;
        Ok(MatchWithRfq { matched, rfq })
    })
}

/// Dismisses a match of one's own inbox. Dismissing it again with the same reason changes nothing.
///
/// # Errors
/// `conflict` once the supplier has quoted.
pub fn dismiss(
    app: &App,
    actor: &Actor,
    id: MatchId,
    expected: Option<i64>,
    reason: DismissReason,
) -> Result<MatchWithRfq> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let known = store::find_own(tx.conn(), scope, id)?.ok_or_else(|| Problem::not_found("match"))?;
        // Whoever heard no answer may ask again.
        if known.state == MatchState::Dismissed && known.dismissed_reason == Some(reason) {
            return Ok(());
        }
        ensure_version(expected, known.version)?;
        step(known.state, MatchStep::Dismiss)?;
        store::mark_dismissed(tx, &known, reason)
    })?;
    app.db.read(|conn| {
        let matched = store::find_own(conn, scope, id)?.ok_or_else(|| Problem::not_found("match"))?;
        let rfq = rfqs::store::find(conn, matched.rfq)?.ok_or_else(|| Problem::not_found("match"))?;
        Ok(MatchWithRfq { matched, rfq })
    })
}

/// Records that the actor's company opened the RFQ; nothing when it is not matched, or opened it before.
pub fn mark_seen(app: &App, actor: &Actor, rfq: RfqId) -> Result<()> {
    let company = actor.authorize(Permission::RfqsRead)?.company();
    let known = app.db.read(|conn| store::find_for(conn, rfq, company))?;
    let is_new = |known: &Match| matches!(known.state, MatchState::Suggested | MatchState::Notified);
    // Asked by a reader first: the page of an RFQ is opened a hundred times for each time that this has something to write.
    if !known.as_ref().is_some_and(is_new) {
        return Ok(());
    }
    app.db.write(|tx| match store::find_for(tx.conn(), rfq, company)? {
        Some(known) => store::advance(tx, &known, MatchStep::See),
        None => Ok(()),
    })
}

/// Records that the actor's company opened this match of its inbox; answers the RFQ to show.
pub fn open(app: &App, actor: &Actor, id: MatchId) -> Result<RfqId> {
    let rfq = find_own(app, actor, id)?.rfq.id;
    mark_seen(app, actor, rfq)?;
    Ok(rfq)
}

/// Why a company is, or is not, matched to an RFQ.
#[derive(Clone, Debug)]
pub struct MatchExplanation {
    /// The match, if there is one.
    pub matched: Option<Match>,
    /// The explanation, from what the index and the database hold now.
    pub why: WhyNot,
}

/// Explains to the actor's company its status for an RFQ that it may see: the RFQ is matched anew, and nothing stored.
///
/// # Errors
/// `not_found` when the company may not see the RFQ, `conflict` when it is the company's own, `unavailable` while the index is filled
/// from nothing: an explanation from a part of the catalogues would be a wrong one.
pub fn explain(app: &App, actor: &Actor, id: RfqId) -> Result<MatchExplanation> {
    let company = actor.authorize(Permission::RfqsRead)?.company();
    let (rfq, matched) = app.db.read(|conn| {
        let visible = rfqs::store::find_visible(conn, Reader::Company(company), id)?;
        let rfq = visible.ok_or_else(|| Problem::not_found("rfq"))?.rfq;
        let matched = store::find_for(conn, id, company)?.filter(|known| known.state != MatchState::Lapsed);
        Ok((rfq, matched))
    })?;
    if rfq.company == company {
        return Err(Problem::conflict(text(Language::English, "matching-own-rfq")));
    }
    if app.index.filling(Kind::Listing).is_some() {
        let words = text(Language::English, "matching-rebuilding");
        let mut problem = Problem::new(Code::Unavailable, words);
        problem.retry_after_s = Some(30);
        return Err(problem);
    }
    let wanted = RfqRequest::of(&rfq, app.clock.today());
    let mut all = wanted.score(app, Among::Eligible)?;
    if !all.iter().any(|one| one.supplier == company) {
        // Ruled out, or behind the listings that are looked at: the company's own are looked at by themselves.
        all.extend(wanted.score(app, Among::Only(company))?);
    }
    let place = all.iter().position(|one| one.supplier == company);
    let breakdowns: Vec<_> = all.into_iter().map(|one| one.breakdown).collect();
    let why = why_not(&wanted.requirement(), &breakdowns, place, &candidates::limits(app));
    Ok(MatchExplanation { matched, why })
}
