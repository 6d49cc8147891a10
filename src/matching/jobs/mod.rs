//! Reactions of matching: a published RFQ is matched against all listings, a published listing against the open RFQs.
//!
//! Both are repeatable: what is found again is not written again, a later state is kept, and a supplier is notified once for an RFQ.

use std::collections::HashSet;
use std::time::Duration;

use chrono::DurationRound;
use serde::{Deserialize, Serialize};

mod current;

use super::candidates::{self, Among, CandidateContext, MatchRequest};
use super::goods::{ListingReading, Request};
use super::rules::select;
use super::{Match, MatchState, ScoredCandidate, notifications, score, store};
use crate::accounts::actions::{Sender, notify_company};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Company, CompanyState};
use crate::error::{Problem, Result};
use crate::event_feed::{EventType, actions as feed};
use crate::ids::{CompanyId, RfqId};
use crate::listings::events::ListingPublished;
use crate::listings::{self, Listing, ListingState};
use crate::mail::Stream;
use crate::outbox::{Job, JobError, Options, Run, enqueue};
use crate::rfqs::events::RfqPublished;
use crate::rfqs::{self, Rfq, RfqState};
use crate::search::{Filters, Kind, Query, Stages};
use crate::store::change_log::{LoggedChange, changes_after};
use crate::store::{Change, Entity, Tx};
use crate::text::is_ideographic;

/// So many open RFQs are found for each name of a listing.
const MAX_RFQS_FOUND: usize = 40;
/// So many of them, the best of each name, are read and compared with it.
const MAX_RFQS_READ: usize = 100;
// Each costs a pass over the index, and an import publishes thousands of listings at once: a job that scored all of them held a worker
// for as long as 100 published RFQs do.
/// So many of them, the best, are scored at once; the others in their next wave.
const MAX_RFQS_SCORED: usize = 20;
/// How often an RFQ meets, all together, the listings that had more than [`MAX_RFQS_SCORED`] RFQs to meet. In minutes.
const WAVE_MIN: i64 = 10;
/// So many other names of a listing's goods are looked for among the open RFQs, beside its own.
const MAX_NAMES: usize = 12;
/// An index that stays behind is waited for by a new RFQ so many seconds: without it, its suppliers would not be found.
const RFQ_WAITS_S: i64 = 900;
/// The same for a new listing, which is scored by itself where the index does not have it.
const LISTING_WAITS_S: i64 = 5;
/// A transaction's time is that of its beginning; it commits within so many seconds.
const COMMIT_SLACK_S: i64 = 10;
/// The job of an RFQ that is to be matched has run after so many minutes; one the operator loaded may never be.
const MATCHED_WITHIN_MIN: i64 = 10;
/// So many open RFQs are matched again in one go.
const REMATCH_BATCH: i64 = 200;
/// So many changes behind the index are looked through.
const MAX_CHANGES: i64 = 2_000;

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
        let wanted = MatchRequest::of(&rfq, app.clock.today());
        let scored = candidates::score_candidates(app, &rfq, &wanted, Among::Eligible)?;
        store_matches(app, &rfq, &scored, began)?;
        // Those that are known and were not found: behind the listings that are looked at, or without what carried them.
        let found: HashSet<CompanyId> = scored.iter().map(|one| one.supplier).collect();
        for supplier in app.db.read(|conn| store::suppliers_of(conn, rfq.id))?.difference(&found) {
            let scored = current::score_of(app, &rfq, &wanted, *supplier)?;
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
        let is_indexed = self::is_indexed(app, run, own)?;
        if is_indexed {
            // Of the matches that name it: what it says now may be less than what it said before.
            current::refresh(app, company.id, Some(listing.id))?;
        }
        let (matched, changed, now) =
            (seen_if_matched_after(&listing), abandoned_if_changed_before(&listing), app.clock.now());
        if !app.db.read(|conn| store::any_needs_matching(conn, matched, changed, now))? {
            return Ok(());
        }
        let is_current = is_indexed && self::is_indexed(app, run, |change| change.entity == Entity::Rfq)?;
        if !is_current && may_wait(app, run, LISTING_WAITS_S) {
            return Err(JobError::NotYet);
        }
        let fitting = fitting_rfqs(app, &listing, &company, |rfq| needs_matching(rfq, &listing))?;
        let (at_once, later) = fitting.split_at(fitting.len().min(MAX_RFQS_SCORED));
        match_in_next_wave(app, later)?;
        for (rfq, wanted, unindexed) in at_once {
            // No other supplier's score depends on this listing, so nobody else is scored again.
            let scored = if is_indexed {
                candidates::score_candidates(app, rfq, wanted, Among::Only(company.id))?.pop()
            } else {
                Some(unindexed.clone())
            };
            if let Some(scored) = scored {
                app.db.write(|tx| upsert_one(app, tx, rfq, &scored, is_indexed))?;
            }
        }
        Ok(())
    }
}

/// Has the RFQs matched again when the wave ends that they are in now. One job does for all the listings of a wave: ten thousand pipes
/// that are imported in ten minutes cost an RFQ for pipes one more pass, not ten thousand.
fn match_in_next_wave(app: &App, rfqs: &[(Rfq, MatchRequest, ScoredCandidate)]) -> Result<()> {
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
            if is_new {
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

/// The RFQ, when it still takes quotes and its buyer still takes part.
fn open_rfq(app: &App, id: RfqId) -> Result<Option<Rfq>> {
    app.db.read(|conn| {
        let Some(rfq) = rfqs::store::find(conn, id)? else { return Ok(None) };
        let buyer = companies::store::find(conn, rfq.company)?;
        let takes_part = buyer.is_some_and(|buyer| buyer.state == CompanyState::Active);
        Ok((takes_part && is_open(app, &rfq)).then_some(rfq))
    })
}

fn is_open(app: &App, rfq: &Rfq) -> bool {
    rfq.state == RfqState::Open && rfq.deadline.is_none_or(|deadline| deadline > app.clock.now())
}

fn is_open_in(tx: &mut Tx, id: RfqId) -> Result<bool> {
    Ok(rfqs::store::find(tx.conn(), id)?.is_some_and(|rfq| rfq.state == RfqState::Open))
}

/// Whether it makes sense to wait for the index a little longer.
fn may_wait(app: &App, run: &Run, most_s: i64) -> bool {
    run.may_wait && app.clock.now() - run.enqueued_at < chrono::Duration::seconds(most_s)
}

/// Whether the awaited changes that are as old as the job are in the index. What is missed because the index stays behind is found by the
/// other side's job: the later of listing and RFQ finds the earlier.
fn is_indexed(app: &App, run: &Run, awaited: impl Fn(&Change) -> bool) -> Result<bool> {
    let applied = app.index.applied().unwrap_or(0);
    let waiting = app.db.read(|conn| changes_after(conn, applied, MAX_CHANGES))?;
    let is_all = waiting.len() < usize::try_from(MAX_CHANGES).unwrap_or(usize::MAX);
    // Later ones are not waited for: while others publish without a pause there is always one more, and no RFQ would ever be matched.
    let is_awaited = |logged: &LoggedChange| logged.at <= run.enqueued_at && awaited(&logged.change);
    let target = waiting.iter().filter(|logged| !is_all || is_awaited(logged)).map(|logged| logged.seq).max();
    Ok(target.is_none_or(|target| app.index.applied().unwrap_or(0) >= target))
}

fn published_listing(app: &App, event: &ListingPublished) -> Result<Option<(Listing, Company)>> {
    app.db.read(|conn| {
        let listing = listings::store::find(conn, event.listing)?.filter(|l| l.state == ListingState::Published);
        let Some(listing) = listing else { return Ok(None) };
        let company = companies::store::find(conn, listing.company)?;
        Ok(company.filter(|company| company.state == CompanyState::Active).map(|company| (listing, company)))
    })
}

/// The open RFQs that the listing may fit, each as it is matched and with the score of this listing alone, the best first.
fn fitting_rfqs(
    app: &App,
    listing: &Listing,
    company: &Company,
    wants: impl Fn(&Rfq) -> bool,
) -> Result<Vec<(Rfq, MatchRequest, ScoredCandidate)>> {
    if app.search.count(Kind::Rfq) == 0 {
        return Ok(Vec::new());
    }
    let mut found: Vec<(usize, i64)> = Vec::new();
    for query in queries(app, listing) {
        found.extend(app.search.rfqs(&query)?.hits.iter().map(|hit| hit.id).enumerate());
    }
    // The first of each query before the second of any: reading what an RFQ asks for costs as much as a search.
    found.sort_unstable();
    let mut known = HashSet::new();
    let ids: Vec<i64> =
        found.into_iter().map(|(_, id)| id).filter(|id| known.insert(*id)).take(MAX_RFQS_READ).collect();
    let (today, limits) = (app.clock.today(), candidates::limits(app));
    let offer = candidates::offer(listing, &[]);
    let mut fitting: Vec<(Rfq, MatchRequest, ScoredCandidate)> = app
        .db
        .read(|conn| rfqs::store::load(conn, &ids))?
        .into_iter()
        .filter(|rfq| rfq.company != listing.company && is_open(app, rfq))
        .filter(|rfq| wants(rfq))
        .map(|rfq| {
            let wanted = MatchRequest::of(&rfq, today);
            let scored = score_alone(app, &rfq, &wanted, company, listing, offer.clone());
            (rfq, wanted, scored)
        })
        .filter(|(.., scored)| limits.keeps(scored.breakdown.score) && !scored.breakdown.is_ruled_out())
        .collect();
    fitting.sort_by(|a, b| b.2.breakdown.score.total_cmp(&a.2.breakdown.score).then(a.0.id.cmp(&b.0.id)));
    Ok(fitting)
}

/// The listing's own name as a query, among the RFQs of its HS heading and among all; the headings that its name speaks for; and what its
/// goods are called otherwise.
fn queries(app: &App, listing: &Listing) -> Vec<Query> {
    let fields = &listing.fields;
    let language = fields.language.map(|language| language.as_str().to_owned());
    let request = Request::of(&fields.name, "", language.as_deref());
    let stated = fields.hs_code.as_ref().and_then(|code| code.heading().map(str::to_owned));
    let headings: HashSet<String> =
        stated.into_iter().chain(request.title.kinds.iter().map(|kind| kind.heading.to_owned())).collect();
    let query = |text: &str, hs: Vec<String>| Query {
        filters: Filters { hs, open_at_ms: Some(app.clock.now().timestamp_millis()), ..Filters::default() },
        // An RFQ of three words is asked for with all the words of a long name: those that hold fewer follow those that hold all.
        limit: MAX_RFQS_FOUND,
        time_limit: Duration::from_secs(10),
        ..Query::text(text)
    };
    let by_heading = headings.into_iter().map(|heading| query("", vec![heading]));
    // Splitting a Chinese name loads a dictionary of 35 MiB: for nothing where no RFQ is in Chinese.
    let is_split = app.search.holds_language(Kind::Rfq, "zh");
    let names = request.other_names().into_iter().filter(|name| is_split || !name.contains(is_ideographic));
    // A translated name finds what is called so or nothing: corrections of its spelling and parts of it would find other goods.
    let exactly = Stages { spelling: false, relax: false, hs_expansion: false, glossary: false, ..Stages::default() };
    let by_name = names.take(MAX_NAMES).map(|name| Query { stages: exactly.clone(), ..query(&name, Vec::new()) });
    std::iter::once(query(&fields.name, Vec::new())).chain(by_heading).chain(by_name).collect()
}

/// Scores a listing by itself, with the part of the title's words that it holds for what the index would say.
fn score_alone(
    app: &App,
    rfq: &Rfq,
    wanted: &MatchRequest,
    company: &Company,
    listing: &Listing,
    mut offer: ListingReading,
) -> ScoredCandidate {
    candidates::also_called(&mut offer, &app.search.synonyms_in(&rfq.fields.title));
    let context = CandidateContext { rate: None, today: app.clock.today() };
    let mut candidate = candidates::candidate(wanted, company, listing, &offer, context);
    candidate.text = candidate.likeness.words;
    let breakdown = score(&wanted.requirement, &candidate);
    ScoredCandidate { supplier: company.id, breakdown, best_listings: vec![listing.id] }
}

/// Stores what was found for one supplier when it is good enough to be kept: `is_whole` if all its listings were scored, else when it is
/// better than what was known.
fn upsert_one(app: &App, tx: &mut Tx, rfq: &Rfq, scored: &ScoredCandidate, is_whole: bool) -> Result<()> {
    let limits = candidates::limits(app);
    let (score, id) = (scored.breakdown.score, rfq.id);
    let known = store::find_for(tx.conn(), id, scored.supplier)?;
    if !limits.keeps(score) || !is_open_in(tx, id)? {
        return Ok(());
    }
    match &known {
        Some(known) if !is_whole && known.score >= score => return Ok(()),
        Some(_) => {}
        None => {
            let last_kept = store::score_at(tx.conn(), id, limits.keep.saturating_sub(1))?;
            if last_kept.is_some_and(|last| last >= score) {
                return Ok(());
            }
        }
    }
    let mut scored = scored.clone();
    if let (Some(known), Some(first), false) = (&known, scored.best_listings.first().copied(), is_whole) {
        let mut others = scored.best_listings.clone();
        others.extend(known.evidence.best_listings.iter().filter(|id| !scored.best_listings.contains(id)));
        scored.best_listings = candidates::listed_first(first, &others);
    }
    let (stored, is_new) = store::upsert(tx, id, &scored)?;
    if is_new {
        feed::record(tx, EventType::MatchCreated, &stored.event_data(), &[stored.supplier])?;
    }
    let is_free = store::count_notified(tx.conn(), id)? < limits.notify;
    if is_free && limits.notifies(&scored.breakdown) {
        notify(tx, rfq, &stored, &scored)?;
    }
    Ok(())
}

/// Notifies the supplier by e-mail, once for each RFQ; one that opened the match already knows. A company where nobody takes such
/// e-mails keeps the match as suggested.
fn notify(tx: &mut Tx, rfq: &Rfq, known: &Match, scored: &ScoredCandidate) -> Result<()> {
    // The state and not a job's key decides: a match that was seen in the list meanwhile needs no e-mail.
    if known.state != MatchState::Suggested {
        return Ok(());
    }
    let event = format!("match {} {}", rfq.id, known.supplier);
    let notified = notify_company(
        tx,
        Sender::Company(rfq.company),
        known.supplier,
        Stream::Matches,
        &event,
        &notifications::rfq_matches(rfq, &scored.breakdown),
    )?;
    if notified > 0 { store::mark_notified(tx, known) } else { Ok(()) }
}
