//! Queries of quotes: who sees which, and how much of a sealed one.

use std::collections::{HashMap, HashSet};

use chrono::Duration;

use super::comparison::{Comparison, ComparisonInput, compare, compare_items};
use super::eligibility::{QuoteEligibility, ensure_foreign};
use super::quota::{MARK_LASTS_DAYS, QuotaRule, QuotaUsage, WEEK_DAYS, allocate};
use super::rules::supplier_knows_buyer;
use super::store::{self, QuoteFilter};
use super::{Party, Quote, QuoteVersion};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Company, Verification};
use crate::config::Config;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ListingId, QuoteId, RfqId};
use crate::listings::{self, Listing, ListingState};
use crate::locale::{Language, text};
use crate::matching::{self, Limits};
use crate::money::{Currency, Micros};
use crate::rates::DatedRates;
use crate::rfqs::rules::visibility::quotes_are_readable;
use crate::rfqs::store::Reader;
use crate::rfqs::{self, Rfq, RfqState};
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::units::{Quantity, Unit};

/// A quote as one of its two sides sees it.
#[derive(Clone, Debug)]
pub struct VisibleQuote {
    /// The quote. When it is not readable its fields are for nobody's eyes yet.
    pub quote: Quote,
    /// The RFQ.
    pub rfq: Rfq,
    /// Who quotes.
    pub supplier: Company,
    /// The buyer's name, where this side may know it.
    pub buyer_name: Option<String>,
    /// Which side looks.
    pub party: Party,
    /// Whether what the quote says may be read: not by the buyer of a sealed RFQ that is still open.
    pub is_readable: bool,
    /// The items of the RFQ that are awarded, to whichever quote: for its buyer alone.
    pub awarded: Vec<u32>,
}

/// A quote of one's own, given or received, with its versions, the latest first; none for who may not read it yet.
///
/// # Errors
/// 401 and 403 as [`Actor::authorize`] says; `not_found` when the company is neither side of it.
pub fn find_with_versions(app: &App, actor: &Actor, id: QuoteId) -> Result<(VisibleQuote, Vec<QuoteVersion>)> {
    find_in(app, actor.authorize(Permission::QuotesRead)?, id)
}

/// The same for who has just written it, whose key may be one that only writes.
///
/// # Errors
/// As [`find_with_versions`].
pub fn find_written(app: &App, actor: &Actor, id: QuoteId) -> Result<(VisibleQuote, Vec<QuoteVersion>)> {
    find_in(app, actor.authorize(Permission::QuotesWrite)?, id)
}

fn find_in(app: &App, scope: Scope, id: QuoteId) -> Result<(VisibleQuote, Vec<QuoteVersion>)> {
    app.db.read(|conn| {
        let absent = || Problem::not_found("quote");
        let quote = store::find_of(conn, scope, id)?.ok_or_else(absent)?;
        let visible = with_parties(conn, scope, vec![quote])?.pop().ok_or_else(absent)?;
        // The buyer of a sealed RFQ learns that there is a quote and from whom, and nothing that is in it.
        if !visible.is_readable {
            return Ok((visible, Vec::new()));
        }
        let mut versions = store::list_versions(conn, id)?;
        versions.reverse();
        Ok((visible, versions))
    })
}

/// Whether the actor may read what is attached to the quote: exactly when they may read the quote.
pub fn may_see_attachments(conn: &mut Conn, actor: &Actor, id: i64) -> Result<bool> {
    let Ok(scope) = actor.authorize(Permission::QuotesRead) else { return Ok(false) };
    let Some(quote) = store::find_of(conn, scope, QuoteId(id))? else { return Ok(false) };
    let visible = with_parties(conn, scope, vec![quote])?;
    Ok(visible.iter().any(|visible| visible.is_readable))
}

/// The company's own quotes as a supplier, in the order of the paging's key.
///
/// # Errors
/// 401 and 403.
pub fn list_own<K: RowKey>(
    app: &App,
    actor: &Actor,
    filter: QuoteFilter,
    paging: Paging<K>,
) -> Result<ListPage<VisibleQuote, K>> {
    let scope = actor.authorize(Permission::QuotesRead)?;
    app.db.read(|conn| {
        let page = store::page_of_supplier(conn, scope, filter, paging)?;
        page_with_parties(conn, scope, page)
    })
}

/// The quotes on an RFQ, newest first: all for its buyer, only one's own for a supplier.
///
/// # Errors
/// 401, 403; `not_found` for an RFQ that the company may not see.
pub fn list_for_rfq(app: &App, actor: &Actor, rfq: RfqId, paging: Paging) -> Result<ListPage<VisibleQuote>> {
    let scope = actor.authorize(Permission::QuotesRead)?;
    app.db.read(|conn| {
        let rfq = visible_rfq(conn, scope, rfq)?;
        let page = store::page_for_rfq(conn, scope, rfq.id, paging)?;
        page_with_parties(conn, scope, page)
    })
}

/// The quotes of a list with their versions, the latest first, by one query for all of them; none for who may not read a quote yet.
///
/// # Errors
/// Faults of the database.
pub fn with_versions(app: &App, quotes: Vec<VisibleQuote>) -> Result<Vec<(VisibleQuote, Vec<QuoteVersion>)>> {
    let readable = quotes.iter().filter(|visible| visible.is_readable);
    let ids: Vec<i64> = readable.map(|visible| visible.quote.id.0).collect();
    let mut versions = app.db.read(|conn| store::versions_by_quote(conn, &ids))?;
    let all = quotes.into_iter().map(|visible| {
        let own = versions.remove(&visible.quote.id).unwrap_or_default();
        (visible, own)
    });
    Ok(all.collect())
}

/// All quotes on the company's own RFQ that were not withdrawn, in the order they came.
///
/// # Errors
/// 401, 403; `not_found` when the RFQ is another company's.
pub fn list_received(app: &App, actor: &Actor, rfq: RfqId) -> Result<Vec<VisibleQuote>> {
    let scope = actor.authorize(Permission::QuotesRead)?;
    app.db.read(|conn| {
        let rfq = own_rfq(conn, scope, rfq)?;
        let quotes = store::list_for_rfq(conn, rfq.id)?;
        with_parties(conn, scope, quotes.into_iter().filter(|quote| quote.state.counts_towards_quota()).collect())
    })
}

/// The company's own quote on the RFQ that it has not withdrawn, if there is one.
///
/// # Errors
/// 401 and 403.
pub fn find_active(app: &App, actor: &Actor, rfq: RfqId) -> Result<Option<Quote>> {
    let scope = actor.authorize(Permission::QuotesRead)?;
    app.db.read(|conn| store::find_active(conn, rfq, scope.company()))
}

/// The quotes on one's own RFQ side by side, in `currency` or, without one, that of the target price, else of most quotes.
/// While the RFQ is undecided those the buyer may still take; afterwards all that were not withdrawn.
///
/// # Errors
/// 401, 403; `not_found` when the RFQ is another company's; `conflict` while its quotes are sealed.
pub fn compare_for_rfq(app: &App, actor: &Actor, rfq: RfqId, currency: Option<Currency>) -> Result<Comparison> {
    let scope = actor.authorize(Permission::QuotesRead)?;
    app.db.read(|conn| {
        let rfq = own_rfq(conn, scope, rfq)?;
        ensure_readable(&rfq)?;
        let all = store::list_for_rfq(conn, rfq.id)?;
        let quotes: Vec<Quote> = all.into_iter().filter(|quote| is_compared(quote, &rfq)).collect();
        let suppliers: Vec<i64> = quotes.iter().map(|quote| quote.supplier.0).collect();
        let names = companies::store::names(conn, &suppliers)?;
        // Today's and not those of each quote's day: all are compared as of one moment.
        let rates = app.rates.history().on(app.clock.today());
        Ok(comparison(&rfq, &quotes, &names, rates.as_deref(), currency))
    })
}

fn is_compared(quote: &Quote, rfq: &Rfq) -> bool {
    match rfq.state {
        // A quote that was accepted for some items may still be for others.
        RfqState::Open | RfqState::Closed => quote.state.is_live() || !quote.awarded_items.is_empty(),
        // After the decision all that were in the running, accepted and declined: the comparison is the buyer's record of why.
        _ => quote.state.counts_towards_quota(),
    }
}

fn comparison(
    rfq: &Rfq,
    quotes: &[Quote],
    names: &HashMap<i64, String>,
    rates: Option<&DatedRates>,
    currency: Option<Currency>,
) -> Comparison {
    let inputs: Vec<ComparisonInput<'_>> = quotes
        .iter()
        .map(|quote| ComparisonInput {
            quote: quote.id,
            supplier: names.get(&quote.supplier.0).cloned().unwrap_or_default(),
            version: quote.revision,
            fields: &quote.fields,
            awarded: &quote.awarded_items,
            shares_freight: false,
        })
        .collect();
    let currency = currency.unwrap_or_else(|| usual_currency(rfq, quotes));
    let wanted = wanted_quantity(rfq, quotes);
    match rfq.fields.items.as_slice() {
        [] => Comparison { whole: compare(&inputs, wanted, rates, currency), items: Vec::new(), baskets: Vec::new() },
        // With items nothing is priced as a whole.
        items => {
            let (items, baskets) = compare_items(&inputs, items, rates, currency);
            Comparison { whole: compare(&[], wanted, rates, currency), items, baskets }
        }
    }
}

fn usual_currency(rfq: &Rfq, quotes: &[Quote]) -> Currency {
    if let Some(target) = rfq.fields.target_price {
        return target.currency;
    }
    if let Some(target) = rfq.fields.items.iter().find_map(|item| item.target_price) {
        return target.currency;
    }
    let count = |currency: Currency| quotes.iter().filter(|q| q.fields.currency() == Some(currency)).count();
    let currencies = quotes.iter().filter_map(|quote| quote.fields.currency());
    // The first of those that are equally frequent: `max_by_key` takes the last, hence the turning round.
    let usual = currencies.rev().max_by_key(|currency| count(*currency));
    usual.unwrap_or(Currency::USD)
}

/// The quantity that all are compared for; an RFQ that was loaded with gaps may not say it.
fn wanted_quantity(rfq: &Rfq, quotes: &[Quote]) -> Quantity {
    let offered = || quotes.iter().find_map(|quote| quote.fields.quantity);
    let one = || {
        let unit = quotes.first().map_or(Unit::ONE, |quote| quote.fields.price_unit_or(Unit::ONE));
        Quantity::new(Micros::from_units(1), unit)
    };
    rfq.fields.quantity.or_else(offered).unwrap_or_else(one)
}

/// Refuses while the quotes are sealed.
pub(super) fn ensure_readable(rfq: &Rfq) -> Result<()> {
    if quotes_are_readable(rfq.state, rfq.fields.sealed) {
        return Ok(());
    }
    Err(Problem::conflict(text(Language::English, "quotes-refused-sealed")))
}

/// An RFQ that the company may see.
pub(super) fn visible_rfq(conn: &mut Conn, scope: Scope, id: RfqId) -> Result<Rfq> {
    let visible = rfqs::store::find_visible(conn, Reader::Company(scope.company()), id)?;
    visible.map(|visible| visible.rfq).ok_or_else(|| Problem::not_found("rfq"))
}

fn own_rfq(conn: &mut Conn, scope: Scope, id: RfqId) -> Result<Rfq> {
    let rfq = rfqs::store::find(conn, id)?.filter(|rfq| rfq.company == scope.company());
    rfq.ok_or_else(|| Problem::not_found("rfq"))
}

fn page_with_parties<K>(conn: &mut Conn, scope: Scope, page: ListPage<Quote, K>) -> Result<ListPage<VisibleQuote, K>> {
    Ok(ListPage { items: with_parties(conn, scope, page.items)?, next: page.next, prev: page.prev })
}

/// Adds the RFQs, companies and awards around the quotes, with three queries for all of them.
fn with_parties(conn: &mut Conn, scope: Scope, quotes: Vec<Quote>) -> Result<Vec<VisibleQuote>> {
    let rfq_ids: HashSet<i64> = quotes.iter().map(|quote| quote.rfq.0).collect();
    let company_ids: HashSet<i64> = quotes.iter().flat_map(|quote| [quote.supplier.0, quote.buyer.0]).collect();
    let rfqs = rfqs::store::load(conn, &rfq_ids.into_iter().collect::<Vec<_>>())?;
    let rfqs: HashMap<RfqId, Rfq> = rfqs.into_iter().map(|rfq| (rfq.id, rfq)).collect();
    let companies = companies::store::load(conn, &company_ids.into_iter().collect::<Vec<_>>())?;
    let companies: HashMap<CompanyId, Company> = companies.into_iter().map(|company| (company.id, company)).collect();
    let own = |rfq: &&Rfq| rfq.company == scope.company() && !rfq.fields.items.is_empty();
    let with_items: Vec<i64> = rfqs.values().filter(own).map(|rfq| rfq.id.0).collect();
    let awarded = store::awarded_items(conn, &with_items)?;
    let missing = || Problem::internal("a quote's RFQ or company is missing");
    quotes
        .into_iter()
        .map(|quote| {
            let rfq = rfqs.get(&quote.rfq).ok_or_else(missing)?;
            let supplier = companies.get(&quote.supplier).ok_or_else(missing)?;
            let buyer = companies.get(&quote.buyer).ok_or_else(missing)?;
            let awarded = awarded.get(&rfq.id.0).cloned().unwrap_or_default();
            Ok(VisibleQuote { awarded, ..visible_quote(scope.company(), quote, rfq, supplier, buyer) })
        })
        .collect()
}

fn visible_quote(viewer: CompanyId, quote: Quote, rfq: &Rfq, supplier: &Company, buyer: &Company) -> VisibleQuote {
    let party = if quote.supplier == viewer { Party::Supplier } else { Party::Buyer };
    let knows_buyer = party == Party::Buyer || supplier_knows_buyer(&quote, rfq);
    VisibleQuote {
        is_readable: party == Party::Supplier || quotes_are_readable(rfq.state, rfq.fields.sealed),
        buyer_name: knows_buyer.then(|| buyer.fields.name.clone()),
        rfq: rfq.clone(),
        supplier: supplier.clone(),
        party,
        quote,
        awarded: Vec::new(),
    }
}

/// Whether the actor's company may quote on the RFQ now.
///
/// # Errors
/// 401 and 403; `not_found` for an RFQ that the company may not see; `conflict` for its own.
pub fn check_eligibility(app: &App, actor: &Actor, rfq: RfqId) -> Result<QuoteEligibility> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    let now = app.clock.now();
    app.db.read(|conn| {
        let rfq = visible_rfq(conn, scope, rfq)?;
        ensure_foreign(&rfq, scope.company())?;
        let usage = quota_usage(conn, scope.company(), &rfq, &app.config, now)?;
        let rule = QuotaRule::of(rfq.max_quotes, rfq.fields.visibility);
        let active = store::find_active(conn, rfq.id, scope.company())?.map(|quote| quote.id);
        let (listing, item_listings) = matched_listings(conn, scope.company(), rfq.id)?;
        Ok(QuoteEligibility { allocation: allocate(&rule, &usage), usage, rule, listing, item_listings, active, rfq })
    })
}

/// What the decision about a seat is made by.
pub(super) fn quota_usage(
    conn: &mut Conn,
    supplier: CompanyId,
    rfq: &Rfq,
    config: &Config,
    now: Time,
) -> Result<QuotaUsage> {
    let (taken_open, taken_reserved) = store::count_by_seat(conn, rfq.id)?;
    let rank = matching::store::rank_of(conn, rfq.id, supplier)?;
    let is_invited = rfqs::store::invitations::find_sent(conn, rfq.id, supplier)?.is_some();
    let is_notified = rank.is_some_and(|rank| rank <= Limits::from(&config.matching).notify);
    let since = |days: i64| (now - Duration::days(days)).naive_utc();
    Ok(QuotaUsage {
        taken_open,
        taken_reserved,
        is_best_matched: is_invited || (is_notified && has_standing(conn, supplier, rfq, config)?),
        age: rfq.published_at.map_or(Duration::zero(), |published| now - published),
        open_this_week: store::count_open_since(conn, supplier, since(WEEK_DAYS))?,
        off_target_marks: store::count_marks_since(conn, supplier, since(MARK_LASTS_DAYS))?,
    })
}

/// Whether a matched supplier may take a seat that is kept for the best-matched: it was there before the RFQ with a listing that fits, and is not
/// of yesterday unless a moderator has checked who it is. Puppets that appear for an RFQ quote on open seats.
fn has_standing(conn: &mut Conn, supplier: CompanyId, rfq: &Rfq, config: &Config) -> Result<bool> {
    let (Some(company), Some(published)) = (companies::store::find(conn, supplier)?, rfq.published_at) else {
        return Ok(false);
    };
    let days = if config.limits.is_on(config.limits.kept_seat_age_days) { config.limits.kept_seat_age_days } else { 0 };
    let is_of_age = company.created_at + Duration::days(days) <= published;
    if !is_of_age && company.verification == Verification::Registered {
        return Ok(false);
    }
    let Some(found) = matching::store::find_for(conn, rfq.id, supplier)? else { return Ok(false) };
    let of_items = found.evidence.items.iter().filter(|fit| fit.serves).filter_map(|fit| fit.listing);
    let ids: Vec<i64> = found.evidence.best_listings.iter().copied().chain(of_items).map(|id| id.0).collect();
    Ok(listings::store::load(conn, &ids)?.iter().any(|listing| listing.created_at <= published))
}

/// The listing that fits each item, by the number of the item.
type ItemListings = Vec<(u32, Listing)>;

/// The supplier's own published listings that its match with the RFQ names: the best of all, and that of each item.
fn matched_listings(conn: &mut Conn, supplier: CompanyId, rfq: RfqId) -> Result<(Option<Listing>, ItemListings)> {
    let Some(found) = matching::store::find_for(conn, rfq, supplier)? else { return Ok((None, Vec::new())) };
    let best = found.evidence.best_listings;
    let of_items: Vec<(u32, ListingId)> =
        found.evidence.items.iter().filter(|fit| fit.serves).filter_map(|fit| Some((fit.item, fit.listing?))).collect();
    let mut ids: Vec<i64> = best.iter().chain(of_items.iter().map(|(_, id)| id)).map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let loaded = listings::store::load(conn, &ids)?;
    let own = loaded.into_iter().filter(|one| one.company == supplier && one.state == ListingState::Published);
    let own: HashMap<ListingId, Listing> = own.map(|listing| (listing.id, listing)).collect();
    let first = best.iter().find_map(|id| own.get(id)).cloned();
    let of_items = of_items.into_iter().filter_map(|(item, id)| Some((item, own.get(&id)?.clone())));
    Ok((first, of_items.collect()))
}
