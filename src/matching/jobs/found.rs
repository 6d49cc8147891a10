//! What is found for an RFQ or a listing, and how it is written and told.

use std::collections::HashSet;
use std::time::Duration;

use crate::accounts::actions::{Sender, notify_company};
use crate::app::App;
use crate::companies::{self, Company, CompanyState};
use crate::error::Result;
use crate::event_feed::{EventType, actions as feed};
use crate::ids::RfqId;
use crate::listings::events::ListingPublished;
use crate::listings::{self, Listing, ListingState};
use crate::mail::Stream;
use crate::matching::candidates::{self, CandidateContext, MatchRequest, RfqRequest};
use crate::matching::goods::{ListingReading, Request};
use crate::matching::{Match, MatchState, ScoredCandidate, notifications, score, store};
use crate::outbox::Run;
use crate::rfqs::{self, Rfq, RfqState, Visibility};
use crate::search::{Filters, Kind, Query, Stages};
use crate::store::change_log::{LoggedChange, changes_after};
use crate::store::{Change, Tx};
use crate::text::is_ideographic;

/// So many open RFQs are found for each name of a listing.
const MAX_RFQS_FOUND: usize = 40;
/// So many of them, the best of each name, are read and compared with it.
const MAX_RFQS_READ: usize = 100;
/// So many other names of a listing's goods are looked for among the open RFQs, beside its own.
const MAX_NAMES: usize = 12;
/// An index that stays behind is waited for by a new listing so many seconds, which is scored by itself where the index does not have it.
pub(super) const LISTING_WAITS_S: i64 = 5;
/// So many changes behind the index are looked through.
const MAX_CHANGES: i64 = 2_000;

/// The RFQ, when it still takes quotes and its buyer still takes part.
pub(super) fn open_rfq(app: &App, id: RfqId) -> Result<Option<Rfq>> {
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

pub(super) fn is_open_in(tx: &mut Tx, id: RfqId) -> Result<bool> {
    Ok(rfqs::store::find(tx.conn(), id)?.is_some_and(|rfq| rfq.state == RfqState::Open))
}

/// Whether it makes sense to wait for the index a little longer.
pub(super) fn may_wait(app: &App, run: &Run, most_s: i64) -> bool {
    run.may_wait && app.clock.now() - run.enqueued_at < chrono::Duration::seconds(most_s)
}

/// Whether the awaited changes that are as old as the job are in the index. What is missed because the index stays behind is found by the
/// other side's job: the later of listing and RFQ finds the earlier.
pub(super) fn is_indexed(app: &App, run: &Run, awaited: impl Fn(&Change) -> bool) -> Result<bool> {
    let applied = app.index.applied().unwrap_or(0);
    let waiting = app.db.read(|conn| changes_after(conn, applied, MAX_CHANGES))?;
    let is_all = waiting.len() < usize::try_from(MAX_CHANGES).unwrap_or(usize::MAX);
    // Later ones are not waited for: while others publish without a pause there is always one more, and no RFQ would ever be matched.
    let is_awaited = |logged: &LoggedChange| logged.at <= run.enqueued_at && awaited(&logged.change);
    let target = waiting.iter().filter(|logged| !is_all || is_awaited(logged)).map(|logged| logged.seq).max();
    Ok(target.is_none_or(|target| app.index.applied().unwrap_or(0) >= target))
}

pub(super) fn published_listing(app: &App, event: &ListingPublished) -> Result<Option<(Listing, Company)>> {
    app.db.read(|conn| {
        let listing = listings::store::find(conn, event.listing)?.filter(|l| l.state == ListingState::Published);
        let Some(listing) = listing else { return Ok(None) };
        let company = companies::store::find(conn, listing.company)?;
        Ok(company.filter(|company| company.state == CompanyState::Active).map(|company| (listing, company)))
    })
}

/// The open RFQs that the listing may fit, each as it is matched and with the score of this listing alone, the best first.
pub(super) fn fitting_rfqs(
    app: &App,
    listing: &Listing,
    company: &Company,
    wants: impl Fn(&Rfq) -> bool,
) -> Result<Vec<(Rfq, RfqRequest, ScoredCandidate)>> {
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
    let mut rfqs: Vec<Rfq> = app
        .db
        .read(|conn| rfqs::store::load(conn, &ids))?
        .into_iter()
        .filter(|rfq| rfq.company != listing.company && is_open(app, rfq))
        .filter(|rfq| wants(rfq))
        .collect();
    rfqs.sort_by_key(|rfq| ids.iter().position(|id| *id == rfq.id.0));
    // Each item is read by itself.
    rfqs.truncate(within(MAX_RFQS_READ, &rfqs, |rfq| rfq.fields.items.len().max(1)));
    let mut fitting: Vec<(Rfq, RfqRequest, ScoredCandidate)> = rfqs
        .into_iter()
        .filter_map(|rfq| {
            let wanted = RfqRequest::of(&rfq, today);
            let alone =
                |rfq: &Rfq, wanted: &MatchRequest| score_alone(app, rfq, wanted, company, listing, offer.clone());
            let scored = wanted.score_by(&limits, alone)?;
            Some((rfq, wanted, scored))
        })
        .filter(|(.., scored)| limits.keeps(&scored.breakdown) && !scored.breakdown.is_ruled_out())
        .collect();
    fitting.sort_by(|a, b| b.2.breakdown.fit.total_cmp(&a.2.breakdown.fit).then(a.0.id.cmp(&b.0.id)));
    Ok(fitting)
}

/// How many of the first are within a bound, where each costs so much: one at least.
pub(super) fn within<T>(most: usize, all: &[T], cost: impl Fn(&T) -> usize) -> usize {
    let mut sum = 0;
    let fits = |one: &&T| {
        let is_first = sum == 0;
        sum += cost(one);
        is_first || sum <= most
    };
    all.iter().take_while(fits).count()
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
    ScoredCandidate { supplier: company.id, breakdown, best_listings: vec![listing.id], items: Vec::new() }
}

/// Stores what was found for one supplier when it is good enough to be kept: `is_whole` if all its listings were scored, else when it is
/// better than what was known.
pub(super) fn upsert_one(app: &App, tx: &mut Tx, rfq: &Rfq, scored: &ScoredCandidate, is_whole: bool) -> Result<()> {
    let limits = candidates::limits(app);
    let (score, id) = (scored.breakdown.score, rfq.id);
    let known = store::find_for(tx.conn(), id, scored.supplier)?;
    if !limits.keeps(&scored.breakdown) || !is_open_in(tx, id)? {
        return Ok(());
    }
    match &known {
        // Of several items one listing speaks for few: what is known of the others stays until all are scored.
        Some(known) if !is_whole && (known.score >= score || !known.evidence.items.is_empty()) => return Ok(()),
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
    if is_new && notifies_suppliers(rfq) {
        feed::record(tx, EventType::MatchCreated, &stored.event_data(), &[stored.supplier])?;
    }
    let is_free = store::count_notified(tx.conn(), id)? < limits.notify;
    if is_free && limits.notifies(&scored.breakdown) {
        notify(tx, rfq, &stored, &scored)?;
    }
    Ok(())
}

/// Whether suppliers learn that they are matched: where only invited ones see the RFQ, a match is a suggestion to its buyer.
pub(super) fn notifies_suppliers(rfq: &Rfq) -> bool {
    rfq.fields.visibility == Visibility::Public
}

/// Notifies the supplier by e-mail, once for each RFQ; one that opened the match already knows, and so does one that was invited. A company where nobody takes such
/// e-mails keeps the match as suggested.
pub(super) fn notify(tx: &mut Tx, rfq: &Rfq, known: &Match, scored: &ScoredCandidate) -> Result<()> {
    // The state and not a job's key decides: a match that was seen in the list meanwhile needs no e-mail.
    if known.state != MatchState::Suggested || !notifies_suppliers(rfq) {
        return Ok(());
    }
    if rfqs::store::invitations::find_sent(tx.conn(), rfq.id, known.supplier)?.is_some() {
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
