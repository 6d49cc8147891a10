//! What a supplier should know before it quotes: the RFQ, whether there is a seat, and what its own listing says already.

use chrono::Duration;

use super::reading::visible_rfq;
use super::seats::{Seat, SeatRequest, SeatRule, seat};
use super::store;
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, QuoteId, RfqId};
use crate::listings::{self, Listing, ListingState};
use crate::matching;
use crate::rfqs::Rfq;
use crate::store::Conn;

/// A supplier before an RFQ.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The RFQ.
    pub rfq: Rfq,
    /// Whether there is a seat for the supplier at the moment.
    pub seat: Seat,
    /// What that was decided by.
    pub request: SeatRequest,
    /// And by which rule.
    pub rule: SeatRule,
    /// The supplier's own listing that fits best, where it was matched.
    pub listing: Option<Listing>,
    /// The quote that the supplier has given already.
    pub standing: Option<QuoteId>,
}

/// How things stand for a supplier who thinks of quoting.
///
/// # Errors
/// 401 and 403; `not_found` for an RFQ that the company may not see; `conflict` for its own.
pub fn outlook(app: &App, actor: &Actor, rfq: RfqId) -> Result<Outlook> {
    let scope = actor.may(Permission::QuotesWrite)?;
    let now = app.clock.now();
    app.db.read(|conn| {
        let rfq = visible_rfq(conn, scope, rfq)?;
        ensure_foreign(scope, &rfq)?;
        let request = seat_request(conn, scope.company(), &rfq, now)?;
        let rule = seat_rule(&rfq);
        let standing = store::find_standing(conn, rfq.id, scope.company())?.map(|quote| quote.id);
        let listing = best_listing(conn, scope.company(), rfq.id)?;
        Ok(Outlook { seat: seat(&rule, &request), request, rule, listing, standing, rfq })
    })
}

/// Refuses an RFQ of the company itself.
pub(super) fn ensure_foreign(scope: Scope, rfq: &Rfq) -> Result<()> {
    if rfq.company == scope.company() {
        return Err(Problem::conflict("This is your own RFQ; a company cannot quote to itself."));
    }
    Ok(())
}

/// The rule of the RFQ's seats.
pub(super) fn seat_rule(rfq: &Rfq) -> SeatRule {
    SeatRule { max_quotes: u32::from(rfq.max_quotes), ..SeatRule::default() }
}

/// What the decision about a seat is made by.
pub(super) fn seat_request(conn: &mut Conn, supplier: CompanyId, rfq: &Rfq, now: Time) -> Result<SeatRequest> {
    let (taken_open, taken_reserved) = store::count_seats(conn, rfq.id)?;
    let rank = matching::store::rank_of(conn, rfq.id, supplier)?;
    let most_told = matching::Limits::default().notify;
    let since = |days: i64| (now - Duration::days(days)).naive_utc();
    Ok(SeatRequest {
        taken_open,
        taken_reserved,
        is_best_matched: rank.is_some_and(|rank| rank <= most_told),
        age: rfq.published_at.map_or(Duration::zero(), |published| now - published),
        open_this_week: store::count_open_since(conn, supplier, since(7))?,
        off_target_marks: store::count_marks_since(conn, supplier, since(90))?,
    })
}

fn best_listing(conn: &mut Conn, supplier: CompanyId, rfq: RfqId) -> Result<Option<Listing>> {
    let Some(found) = matching::store::find_for(conn, rfq, supplier)? else { return Ok(None) };
    let ids: Vec<i64> = found.evidence.best_listings.iter().map(|id| id.0).collect();
    let mut listings = listings::store::load(conn, &ids)?;
    listings.retain(|listing| listing.company == supplier && listing.state == ListingState::Published);
    listings.sort_by_key(|listing| ids.iter().position(|id| *id == listing.id.0));
    Ok(listings.into_iter().next())
}
