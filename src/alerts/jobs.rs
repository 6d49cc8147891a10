//! Matching: what has changed is looked for by the saved searches, in the order of the change log.
//!
//! One process at a time moves the position in the log on, in the transaction that stores what was found: each change is matched once, and
//! none is left out. A change waits until the index has it. Changes of a moment are matched together.

mod delivery;

use std::collections::BTreeMap;

use chrono::Duration;
use rustc_hash::{FxHashMap, FxHashSet};

pub use self::delivery::{AlertDigestDue, AlertsFound};
pub use super::candidates::SavedQueries;
use super::queries::{self, SavedSearchHit, query_of};
use super::rules::{self, class_of_company, class_of_listing, class_of_rfq};
use super::store::{self, NewAlert};
use super::{AlertReason, SavedSearch, SearchedKind};
use crate::accounts::actions::{ShownFinds, show_finds};
use crate::app::App;
use crate::clock::Time;
use crate::discovery::hits::{CompanyHit, ListingHit, RfqHit};
use crate::error::Result;
use crate::ids::SavedSearchId;
use crate::locale::{Language, Message};
use crate::search::{Answer, Filters, Hit, Query, Sort};
use crate::store::change_log::{LoggedChange, changes_after};
use crate::store::{Entity, Op, Tx};

/// So many changes are looked at together.
const BATCH: i64 = 500;
/// So many things are looked for by one query: as many hits as a search answers at most.
const THINGS: usize = 100;
/// A search that has so many finds waiting for an e-mail takes no more until they were mailed; its results show them all.
const MOST_WAITING: i64 = 500;
/// How long finds are kept, in days.
const KEPT_DAYS: i64 = 90;

/// A thing that is news.
struct News {
    id: i64,
    /// The company behind it; 0 where it is not shown.
    company: i64,
    class: String,
    reason: AlertReason,
    shown: SavedSearchHit,
    /// When it changed last.
    at: Time,
}

/// What a batch of changes came to.
#[derive(Default)]
struct Matched {
    /// The classes of the versions of all things that were looked at.
    classes: Vec<(i64, String)>,
    found: Vec<(SearchedKind, News, Vec<SavedSearchId>)>,
}

/// Matches what has changed, as far as the index has it; answers how many changes were looked at.
pub fn follow(app: &App, saved: &mut SavedQueries) -> Result<usize> {
    let Some(applied) = app.index.applied() else { return Ok(0) };
    let mut total = 0;
    loop {
        let (position, batch) = app.db.read(|conn| {
            let position = store::position(conn)?;
            Ok((position, changes_after(conn, position, BATCH)?))
        })?;
        let batch: Vec<LoggedChange> = batch.into_iter().take_while(|logged| logged.seq <= applied).collect();
        let Some(last) = batch.last() else { return Ok(total) };
        saved.refresh(app)?;
        let matched = match_batch(app, saved, &batch)?;
        let is_ours = app.db.write(|tx| {
            // Another process was here first: what it found is stored.
            let is_ours = store::advance(tx, position, last.seq)?;
            if is_ours {
                store_matched(tx, &matched)?;
            }
            Ok(is_ours)
        });
        if is_ours.map_err(|problem| problem.during("storing what saved searches found"))? {
            total += batch.len();
        }
    }
}

fn entity_of(kind: SearchedKind) -> Entity {
    match kind {
        SearchedKind::Listings => Entity::Listing,
        SearchedKind::Companies => Entity::Company,
        SearchedKind::Rfqs => Entity::Rfq,
    }
}

fn match_batch(app: &App, saved: &SavedQueries, batch: &[LoggedChange]) -> Result<Matched> {
    let mut matched = Matched::default();
    for kind in SearchedKind::ALL.iter().copied().filter(|kind| saved.has(*kind)) {
        let is_of_kind = |one: &&LoggedChange| one.change.entity == entity_of(kind) && one.change.op != Op::Removed;
        let changed: BTreeMap<i64, Time> = batch.iter().filter(is_of_kind).map(|one| (one.change.id, one.at)).collect();
        let changed: Vec<(i64, Time)> = changed.into_iter().collect();
        for part in changed.chunks(THINGS) {
            match_part(app, saved, kind, part, &mut matched)?;
        }
    }
    Ok(matched)
}

fn match_part(
    app: &App,
    saved: &SavedQueries,
    kind: SearchedKind,
    changed: &[(i64, Time)],
    matched: &mut Matched,
) -> Result<()> {
    let news = news_among(app, kind, changed, &mut matched.classes)?;
    if news.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = news.iter().map(|one| one.id).collect();
    let held = app.search.values_of(kind.kind(), &ids)?;
    let mut finders: FxHashMap<i64, Vec<SavedSearchId>> = FxHashMap::default();
    for query in saved.candidates(kind, &held) {
        for hit in find_among(app, kind, query_of(app, kind, &query.text), &ids)?.hits {
            finders.entry(hit.id).or_default().extend(&query.searches);
        }
    }
    matched.found.extend(news.into_iter().filter_map(|one| {
        let searches = finders.remove(&one.id)?;
        Some((kind, one, searches))
    }));
    Ok(())
}

/// The hits of a query among these things.
fn find_among(app: &App, kind: SearchedKind, mut query: Query, ids: &[i64]) -> Result<Answer> {
    query.filters.ids = Some(ids.to_vec());
    query.limit = THINGS;
    queries::run(app, kind.kind(), &query)
}

/// Those of the changed things that can be found and are new or another class of version. The classes of all that can be found are added
/// to `classes`.
fn news_among(
    app: &App,
    kind: SearchedKind,
    changed: &[(i64, Time)],
    classes: &mut Vec<(i64, String)>,
) -> Result<Vec<News>> {
    let times: FxHashMap<i64, Time> = changed.iter().copied().collect();
    let ids: Vec<i64> = changed.iter().map(|(id, _)| *id).collect();
    let Some(oldest) = times.values().min().copied() else { return Ok(Vec::new()) };
    let all = Query { sort: Sort::Newest, ..Query::default() };
    let since = (oldest - rules::new_for(kind)).timestamp_millis();
    let new = Query { filters: Filters { published_since_ms: Some(since), ..Filters::default() }, ..all.clone() };
    let new: FxHashSet<i64> = find_among(app, kind, new, &ids)?.hits.iter().map(|hit| hit.id).collect();
    let answer = find_among(app, kind, all, &ids)?;
    let known: FxHashMap<i64, String> = app.db.read(|conn| store::list_classes(conn, &ids))?.into_iter().collect();
    let mut news = Vec::new();
    for hit in answer.hits {
        let Some((class, shown)) = read_hit(kind, &hit) else { continue };
        let reason = match known.get(&hit.id) {
            Some(before) if *before == class => None,
            Some(_) => Some(AlertReason::Changed),
            // Older than the first look at it: it is no news that it is there.
            None => new.contains(&hit.id).then_some(AlertReason::New),
        };
        classes.push((hit.id, class.clone()));
        let Some(at) = times.get(&hit.id).copied() else { continue };
        news.extend(reason.map(|reason| News { id: hit.id, company: hit.company_id, class, reason, shown, at }));
    }
    Ok(news)
}

/// The class of its version, and what everybody sees of it; none of a document that cannot be read.
fn read_hit(kind: SearchedKind, hit: &Hit) -> Option<(String, SavedSearchHit)> {
    fn read<T: serde::de::DeserializeOwned>(hit: &Hit) -> Option<T> {
        serde_json::from_str(&hit.json)
            .inspect_err(|error| log::error!("document {} of the index: {error}", hit.id))
            .ok()
    }
    match kind {
        SearchedKind::Listings => read::<ListingHit>(hit).map(|hit| (class_of_listing(&hit), hit.into())),
        SearchedKind::Companies => read::<CompanyHit>(hit).map(|hit| (class_of_company(&hit), hit.into())),
        SearchedKind::Rfqs => read::<RfqHit>(hit).map(|hit| (class_of_rfq(&hit), hit.into())),
    }
}

fn store_matched(tx: &mut Tx, matched: &Matched) -> Result<()> {
    store::set_classes(tx, &matched.classes)?;
    let mut searches: Vec<SavedSearchId> = matched.found.iter().flat_map(|(.., searches)| searches).copied().collect();
    searches.sort_unstable();
    searches.dedup();
    // They were read a while ago: those that were deleted or paused since take nothing.
    let active: FxHashMap<SavedSearchId, SavedSearch> =
        store::list_active(tx.conn(), &searches)?.into_iter().map(|search| (search.id, search)).collect();
    let ids: Vec<i64> = active.keys().map(|id| id.0).collect();
    let things: Vec<i64> = matched.found.iter().map(|(_, one, _)| one.id).collect();
    let known: FxHashSet<(i64, i64, String)> = store::list_known(tx.conn(), &ids, &things)?.into_iter().collect();
    let mut waiting: FxHashMap<i64, i64> = store::count_waiting(tx.conn(), &ids)?.into_iter().collect();
    let mut found = Vec::new();
    for (kind, one, finders) in &matched.found {
        for search in finders.iter().filter_map(|id| active.get(id)) {
            let waits = waiting.entry(search.id.0).or_default();
            let is_known = known.contains(&(search.id.0, one.id, one.class.clone()));
            // One's own listing is no find, nor what changed before the search was saved.
            let is_other = one.company != search.company.0 && search.created_at <= one.at;
            if is_known || !is_other || *waits >= MOST_WAITING {
                continue;
            }
            *waits += 1;
            found.push(NewAlert {
                search: search.id,
                user: search.user,
                kind: *kind,
                thing: one.id,
                class: one.class.clone(),
                reason: one.reason,
                title: one.shown.title.clone(),
                country: one.shown.country.map(|country| country.to_string()),
            });
        }
    }
    let mut told: Vec<&SavedSearch> = found.iter().filter_map(|one| active.get(&one.search)).collect();
    told.sort_unstable_by_key(|search| search.id);
    told.dedup_by_key(|search| search.id);
    for search in &told {
        show(tx, search, found.iter().filter(|one| one.search == search.id).count())?;
    }
    delivery::enqueue_for(tx, &told)?;
    store::insert_alerts(tx, found)
}

/// Shows on the site what a search has found.
fn show(tx: &mut Tx, search: &SavedSearch, count: usize) -> Result<()> {
    let title = Message::new("alerts-shown").with("name", &search.fields.name).text(Language::English);
    let (id, path) = (search.id.to_string(), format!("/account/saved-searches/{}", search.id));
    let times = u32::try_from(count).unwrap_or(u32::MAX);
    show_finds(tx, search.user, search.company, ShownFinds { search: &id, title: &title, path: &path, times })
}

/// Forgets finds that are older than 90 days; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    let before = app.clock.now() - Duration::days(KEPT_DAYS);
    let mut total = 0;
    loop {
        match app.db.write_read_committed(|tx| store::purge_alerts(tx, before))? {
            0 => return Ok(total),
            purged => total += purged,
        }
    }
}
