//! Matches that are known follow what changes: the listings that carry them, and the company that offers these.

use std::collections::HashSet;

use super::found::{LISTING_WAITS_S, fitting_rfqs, is_indexed, is_open_in, may_wait, open_rfq, upsert_one, within};
use crate::app::App;
use crate::companies::events::CompanyChanged;
use crate::companies::{self, Company, CompanyState};
use crate::error::Result;
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::listings::events::ListingWithdrawn;
use crate::listings::{self, Listing};
use crate::matching::candidates::{self, Among, RfqRequest};
use crate::matching::{Match, MatchState, ScoredCandidate, store};
use crate::outbox::{Job, JobError, Run};
use crate::rfqs::Rfq;
use crate::store::cursor::Paging;
use crate::store::{Change, Entity, Tx};

/// So many matches are looked at in one go.
const BATCH: i64 = 50;
/// So many of a changed company's newest listings are looked through for goods that differ.
const LISTINGS_LOOKED_AT: i64 = 200;
/// So many of them, each of other goods, look for open RFQs.
const LISTINGS_ASKING: usize = 20;
/// So many RFQs that they find, or items of these, are scored for the company.
const NEW_RFQS: usize = 60;

impl Job for ListingWithdrawn {
    type Context = App;
    const KIND: &'static str = "listing_withdrawn";

    fn is_possible(app: &App) -> bool {
        app.index.applied().is_some()
    }

    /// Scores the matches that name the listing without it.
    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        let own = |change: &Change| change.entity == Entity::Listing && change.id == self.listing.0;
        if !is_indexed(app, run, own)? && may_wait(app, run, LISTING_WAITS_S) {
            return Err(JobError::NotYet);
        }
        refresh(app, self.company, Some(self.listing))?;
        Ok(())
    }
}

impl Job for CompanyChanged {
    type Context = App;
    const KIND: &'static str = "company_changed";

    fn is_possible(app: &App) -> bool {
        app.index.applied().is_some()
    }

    /// Scores the matches of the company anew, and looks for open RFQs that it fits now.
    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        let own = |change: &Change| change.entity == Entity::Company && change.id == self.company.0;
        if !is_indexed(app, run, own)? && may_wait(app, run, LISTING_WAITS_S) {
            return Err(JobError::NotYet);
        }
        let known = refresh(app, self.company, None)?;
        meet_open_rfqs(app, self.company, &known)?;
        Ok(())
    }
}

/// Scores the matches of a supplier with open RFQs anew, all or those that name the listing; answers the RFQs that it is matched to.
pub(super) fn refresh(app: &App, supplier: CompanyId, listing: Option<ListingId>) -> Result<HashSet<RfqId>> {
    let (mut after, mut known) = (0, HashSet::new());
    loop {
        let page = app.db.read(|conn| store::list_with_open_rfqs(conn, supplier, after, BATCH))?;
        let Some(last) = page.last() else { return Ok(known) };
        after = last.id.0;
        for matched in page {
            known.insert(matched.rfq);
            if listing.is_none_or(|listing| matched.evidence.names(listing)) {
                refresh_one(app, &matched)?;
            }
        }
    }
}

fn refresh_one(app: &App, matched: &Match) -> Result<()> {
    let Some(rfq) = open_rfq(app, matched.rfq)? else { return Ok(()) };
    let wanted = RfqRequest::of(&rfq, app.clock.today());
    let scored = score_of(app, &wanted, matched.supplier)?;
    app.db.write(|tx| settle(app, tx, &rfq, matched.supplier, scored.as_ref()))
}

/// What the supplier has for the RFQ now; nothing where its listings say nothing of the goods, or the buyer has ruled it out.
pub(super) fn score_of(app: &App, wanted: &RfqRequest, supplier: CompanyId) -> Result<Option<ScoredCandidate>> {
    let scored = wanted.score(app, Among::Only(supplier))?.pop();
    Ok(scored.filter(|scored| !scored.breakdown.is_ruled_out()))
}

/// Writes what a known match is now. One whose evidence is gone, or too weak for a match, lapses; one that has lapsed comes back where it is good enough, and its
/// supplier is notified if it never was.
pub(super) fn settle(
    app: &App,
    tx: &mut Tx,
    rfq: &Rfq,
    supplier: CompanyId,
    scored: Option<&ScoredCandidate>,
) -> Result<()> {
    let Some(known) = store::find_for(tx.conn(), rfq.id, supplier)? else { return Ok(()) };
    if !is_open_in(tx, rfq.id)? {
        return Ok(());
    }
    let limits = candidates::limits(app);
    // What was decided stays in the list, so its place has to be right however weak it is.
    let is_decided = matches!(known.state, MatchState::Quoted | MatchState::Dismissed);
    let Some(scored) = scored.filter(|scored| is_decided || limits.keeps(&scored.breakdown)) else {
        return store::lapse(tx, &known);
    };
    match known.state {
        // Nobody of the supplier knows of it yet.
        MatchState::Lapsed | MatchState::Suggested => upsert_one(app, tx, rfq, scored, true),
        _ => store::upsert(tx, rfq.id, scored).map(drop),
    }
}

/// Has the open RFQs that the company was not matched to meet what it sells, a listing of each of its goods speaking for all of them.
fn meet_open_rfqs(app: &App, company: CompanyId, known: &HashSet<RfqId>) -> Result<()> {
    let (company, listings): (Option<Company>, Vec<Listing>) = app.db.read(|conn| {
        let company = companies::store::find(conn, company)?.filter(|company| company.state == CompanyState::Active);
        let listings = match &company {
            Some(company) => {
                listings::store::list_published(conn, company.id, Paging::first(LISTINGS_LOOKED_AT))?.items
            }
            None => Vec::new(),
        };
        Ok((company, listings))
    })?;
    let Some(company) = company else { return Ok(()) };
    let mut goods = HashSet::new();
    let asking = listings.iter().filter(|listing| goods.insert(goods_of(listing))).take(LISTINGS_ASKING);
    let (mut found, mut seen) = (Vec::new(), known.clone());
    for listing in asking {
        let fitting = fitting_rfqs(app, listing, &company, |_| true)?;
        found.extend(fitting.into_iter().filter(|(rfq, ..)| seen.insert(rfq.id)));
    }
    let first = within(NEW_RFQS, &found, |(_, wanted, _)| wanted.parts());
    for (rfq, wanted, _) in &found[..first] {
        if let Some(scored) = score_of(app, wanted, company.id)? {
            app.db.write(|tx| upsert_one(app, tx, rfq, &scored, true))?;
        }
    }
    Ok(())
}

/// What tells the goods of a listing from others of the company: the heading, the category, or else the name.
fn goods_of(listing: &Listing) -> String {
    let fields = &listing.fields;
    let heading = fields.hs_code.as_ref().and_then(|code| code.heading().map(str::to_owned));
    heading.or_else(|| fields.category.clone()).unwrap_or_else(|| fields.name.clone())
}
