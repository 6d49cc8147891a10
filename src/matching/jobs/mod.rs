//! Reactions of matching: a published RFQ is matched against all listings, a published listing against the open RFQs.
//!
//! Both are repeatable: what is found again is not written again, a later state is kept, and a supplier is notified once for an RFQ.

use std::collections::HashSet;

use chrono::DurationRound;
use serde::{Deserialize, Serialize};

use self::found::{
    LISTING_WAITS_S, fitting_rfqs, is_indexed, is_open_in, may_wait, notifies_suppliers, notify, open_rfq,
    published_listing, upsert_one, within,
};
use super::candidates::{self, Among, RfqRequest};
use super::rules::select;
use super::{ScoredCandidate, store};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::event_feed::{EventType, actions as feed};
use crate::ids::CompanyId;
use crate::listings::Listing;
use crate::listings::events::ListingPublished;
use crate::outbox::{Job, JobError, Options, Run, enqueue};
use crate::rfqs::events::RfqPublished;
use crate::rfqs::{self, Rfq};
use crate::store::{Change, Entity, Tx};

mod current;
mod found;

// Each costs a pass over the index, and an import publishes thousands of listings at once: a job that scored all of them held a worker
// for as long as 100 published RFQs do.
/// So many of them, the best, are scored at once, each item for itself; the others in their next wave.
const MAX_RFQS_SCORED: usize = 20;
/// How often an RFQ meets, all together, the listings that had more than [`MAX_RFQS_SCORED`] RFQs to meet. In minutes.
const WAVE_MIN: i64 = 10;
/// An index that stays behind is waited for by a new RFQ so many seconds: without it, its suppliers would not be found.
const RFQ_WAITS_S: i64 = 900;
/// A transaction's time is that of its beginning; it commits within so many seconds.
const COMMIT_SLACK_S: i64 = 10;
/// The job of an RFQ that is to be matched has run after so many minutes; one the operator loaded may never be.
const MATCHED_WITHIN_MIN: i64 = 10;
/// So many open RFQs are matched again in one go.
const REMATCH_BATCH: i64 = 200;

impl Job for RfqPublished {
    type Context = App;
    const KIND: &'static str = "rfq_published";

    fn is_possible(app: &App) -> bool {
        app.index.applied().is_some()
    }

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        let Some(rfq) = open_rfq(app, self.rfq)? else { return Ok(()) };
        let began = app.clock.now();
        if !is_indexed(app, run, |change| change.entity == Entity::Listing)? && may_wait(app, run, RFQ_WAITS_S) {
            return Err(JobError::NotYet);
        }
        let wanted = RfqRequest::of(&rfq, app.clock.today());
        let scored = wanted.score(app, Among::Eligible)?;
        store_matches(app, &rfq, &scored, began)?;
        // Those that are known and were not found: behind the listings that are looked at, or without what carried them.
        let found: HashSet<CompanyId> = scored.iter().map(|one| one.supplier).collect();
        for supplier in app.db.read(|conn| store::current_suppliers_of(conn, rfq.id))?.difference(&found) {
            let scored = current::score_of(app, &wanted, *supplier)?;
            app.db.write(|tx| current::settle(app, tx, &rfq, *supplier, scored.as_ref()))?;
        }
        Ok(())
    }
}

impl Job for ListingPublished {
    type Context = App;
    const KIND: &'static str = "listing_published";

    fn is_possible(app: &App) -> bool {
        app.index.applied().is_some()
    }

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        let Some((listing, company)) = published_listing(app, &self)? else { return Ok(()) };
        let own = |change: &Change| change.entity == Entity::Listing && change.id == listing.id.0;
        let has_it = is_indexed(app, run, own)?;
        if has_it {
            // Of the matches that name it: what it says now may be less than what it said before.
            current::refresh(app, company.id, Some(listing.id))?;
        }
        let (matched, changed, now) =
            (seen_if_matched_after(&listing), abandoned_if_changed_before(&listing), app.clock.now());
        if !app.db.read(|conn| store::any_needs_matching(conn, matched, changed, now))? {
            return Ok(());
        }
        let is_current = has_it && is_indexed(app, run, |change| change.entity == Entity::Rfq)?;
        if !is_current && may_wait(app, run, LISTING_WAITS_S) {
            return Err(JobError::NotYet);
        }
        let fitting = fitting_rfqs(app, &listing, &company, |rfq| needs_matching(rfq, &listing))?;
        let (at_once, later) = fitting.split_at(within(MAX_RFQS_SCORED, &fitting, |(_, wanted, _)| wanted.parts()));
        match_in_next_wave(app, later)?;
        for (rfq, wanted, unindexed) in at_once {
            // No other supplier's score depends on this listing, so nobody else is scored again.
            let scored =
                if has_it { wanted.score(app, Among::Only(company.id))?.pop() } else { Some(unindexed.clone()) };
            if let Some(scored) = scored {
                app.db.write(|tx| upsert_one(app, tx, rfq, &scored, has_it))?;
            }
        }
        Ok(())
    }
}

/// Has the RFQs matched again when the wave ends that they are in now. One job does for all the listings of a wave: ten thousand pipes
/// that are imported in ten minutes cost an RFQ for pipes one more pass, not ten thousand.
fn match_in_next_wave(app: &App, rfqs: &[(Rfq, RfqRequest, ScoredCandidate)]) -> Result<()> {
    if rfqs.is_empty() {
        return Ok(());
    }
    let wave = chrono::Duration::minutes(WAVE_MIN);
    let due = app.clock.now().duration_trunc(wave).map_err(Problem::internal)? + wave;
    app.db.write(|tx| {
        for (rfq, ..) in rfqs {
            // The key holds the end and not the beginning: a job of this key cannot have run before the wave is over.
            let once = Options::once(format!("rfq_published {} wave {}", rfq.id, due.timestamp()));
            let options = Options { not_before: Some(due), ..once.low_priority() };
            enqueue(tx, &RfqPublished { rfq: rfq.id }, options)?;
        }
        Ok(())
    })
}

/// A supplier takes part again with all its listings: every open RFQ is matched once more, a page of them at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierReturned {
    company: CompanyId,
    /// Which return it is, in the keys of its jobs.
    since: Time,
    /// The pages up to this RFQ are done.
    after: i64,
}

/// Has the open RFQs meet the listings of a supplier that takes part again.
pub fn announce_return(tx: &mut Tx, company: CompanyId) -> Result<()> {
    SupplierReturned { company, since: tx.now(), after: 0 }.enqueue(tx)
}

impl SupplierReturned {
    fn enqueue(&self, tx: &mut Tx) -> Result<()> {
        let Self { company, since, after } = self;
        let key = format!("supplier_returned {company} {} {after}", since.timestamp_micros());
        enqueue(tx, self, Options::once(key))
    }
}

impl Job for SupplierReturned {
    type Context = App;
    const KIND: &'static str = "supplier_returned";

    fn run(self, app: &App, _: &Run) -> std::result::Result<(), JobError> {
        app.db.write(|tx| {
            let page = rfqs::store::list_open_after(tx.conn(), self.company, self.after, REMATCH_BATCH)?;
            for rfq in &page {
                let key = format!("rfq_published {rfq} for {} {}", self.company, self.since.timestamp_micros());
                enqueue(tx, &RfqPublished { rfq: *rfq }, Options::once(key).low_priority())?;
            }
            match page.last().filter(|_| page.len() as i64 == REMATCH_BATCH) {
                Some(last) => Self { after: last.0, ..self.clone() }.enqueue(tx),
                None => Ok(()),
            }
        })?;
        Ok(())
    }
}

/// Stores what was found for the RFQ, in one transaction: those that are kept, and those known before, whose scores may have
/// fallen. Suppliers that are selected for it are notified. `began` is when the RFQ's own matching began.
fn store_matches(app: &App, rfq: &Rfq, scored: &[ScoredCandidate], began: Time) -> Result<()> {
    let breakdowns: Vec<_> = scored.iter().map(|scored| scored.breakdown.clone()).collect();
    let selection = select(&breakdowns, &candidates::limits(app));
    app.db.write(|tx| {
        if !is_open_in(tx, rfq.id)? {
            return Ok(());
        }
        let mut created = Vec::new();
        for place in &selection.kept {
            let (known, is_new) = store::upsert(tx, rfq.id, &scored[*place])?;
            if is_new && notifies_suppliers(rfq) {
                created.push((known.supplier, known.event_data()));
            }
            if selection.notified.contains(place) {
                notify(tx, rfq, &known, &scored[*place])?;
            }
        }
        feed::record_all(tx, EventType::MatchCreated, &created)?;
        let before = store::suppliers_of(tx.conn(), rfq.id)?;
        // Not kept, but known: its listings may have changed, and a list by score must not show the old one.
        for (place, one) in scored.iter().enumerate() {
            if before.contains(&one.supplier) && !selection.kept.contains(&place) {
                current::settle(app, tx, rfq, one.supplier, Some(one))?;
            }
        }
        rfqs::store::set_matched_at(tx, rfq, began)
    })
}

/// An RFQ that was matched after this moment has seen the listing.
fn seen_if_matched_after(listing: &Listing) -> Time {
    listing.updated_at + chrono::Duration::seconds(COMMIT_SLACK_S)
}

/// An RFQ that was never matched will be, and see the listing, unless it was changed last before this moment.
fn abandoned_if_changed_before(listing: &Listing) -> Time {
    listing.updated_at - chrono::Duration::minutes(MATCHED_WITHIN_MIN)
}

/// Whether the RFQ was not matched since the listing changed.
fn needs_matching(rfq: &Rfq, listing: &Listing) -> bool {
    rfq.matched_at
        .map_or(rfq.updated_at <= abandoned_if_changed_before(listing), |at| at <= seen_if_matched_after(listing))
}
