//! The score of a supplier for an RFQ with several items, put together from its scores for each of them.
//!
//! Each part of it is the mean of that part over all items of the RFQ, to which those that the supplier does not serve add nothing: serving one
//! more never lowers a score. The sum stays exact, and without one kind of evidence it falls by exactly its share.

use std::collections::BTreeMap;

use super::GRAIN;
use crate::formats::numbers;
use crate::ids::ListingId;
use crate::locale::{Language, Message};
use crate::matching::{Gap, GapKind, ItemFit, Reason, ReasonKind, ScoreBreakdown, ScoredCandidate};

/// The words of so many items stand in a reason.
const ITEMS_TOLD: usize = 3;

/// What one item of the RFQ earns a supplier.
#[derive(Clone, Debug)]
pub struct ItemScore {
    /// The number of the item.
    pub item: u32,
    /// The score of the supplier for it alone.
    pub scored: ScoredCandidate,
    /// Whether that is good enough for the supplier to be told of such an RFQ.
    pub serves: bool,
}

/// Puts the scores of one supplier for the items of an RFQ together; `all` are the numbers of its items, and `scores` those that the supplier has
/// anything for. None where it has nothing.
pub fn combine(all: &[u32], mut scores: Vec<ItemScore>, listings_named: usize) -> Option<ScoredCandidate> {
    // Those that it serves first: an item that something rules out may have the higher score.
    scores.sort_by(|a, b| {
        let by_score = b.scored.breakdown.score.total_cmp(&a.scored.breakdown.score);
        b.serves.cmp(&a.serves).then(by_score).then(a.item.cmp(&b.item))
    });
    let supplier = scores.first()?.scored.supplier;
    let served = scores.iter().filter(|score| score.serves).count();
    // Where it serves none, the one that comes nearest to it says how near.
    let base = &scores[..served.max(1)];
    let fit = base.iter().map(|score| score.scored.breakdown.score).fold(f64::MIN, f64::max);
    let mut breakdown = ScoreBreakdown { reasons: reasons(base, all), gaps: gaps(base, all), score: 0.0, fit };
    breakdown.gaps.extend(missing(all, &base[..served]));
    let earned: f64 = breakdown.reasons.iter().map(|reason| reason.share).sum();
    let lost: f64 = breakdown.gaps.iter().map(|gap| gap.share).sum();
    breakdown.score = earned + lost;
    let mut best_listings: Vec<ListingId> = Vec::new();
    for listing in base.iter().filter_map(|score| score.scored.best_listings.first()) {
        if best_listings.len() < listings_named && !best_listings.contains(listing) {
            best_listings.push(*listing);
        }
    }
    let mut items: Vec<ItemFit> = scores.iter().map(fit_of).collect();
    items.sort_by_key(|fit| fit.item);
    Some(ScoredCandidate { supplier, breakdown, best_listings, items })
}

fn fit_of(score: &ItemScore) -> ItemFit {
    let ScoredCandidate { breakdown, best_listings, .. } = &score.scored;
    ItemFit { item: score.item, score: breakdown.score, serves: score.serves, listing: best_listings.first().copied() }
}

fn reasons(base: &[ItemScore], all: &[u32]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = ReasonKind::ALL
        .iter()
        .filter_map(|kind| {
            let of_kind = |score: &ItemScore| {
                let mut found = score.scored.breakdown.reasons.iter().filter(|reason| reason.kind == *kind);
                found.next().map(|reason| (score.item, reason.share, reason.detail.clone()))
            };
            let found: Vec<(u32, f64, String)> = base.iter().filter_map(of_kind).collect();
            let share = mean(&found, all.len());
            (share > 0.0).then(|| Reason { kind: *kind, detail: told(&found, base.len()), share })
        })
        .collect();
    reasons.sort_by(|a, b| b.share.total_cmp(&a.share));
    reasons
}

fn gaps(base: &[ItemScore], all: &[u32]) -> Vec<Gap> {
    let mut by_kind: BTreeMap<usize, Vec<(u32, f64, String)>> = BTreeMap::new();
    for score in base {
        for gap in &score.scored.breakdown.gaps {
            let place = GapKind::ALL.iter().position(|kind| *kind == gap.kind).unwrap_or_default();
            by_kind.entry(place).or_default().push((score.item, gap.share, gap.detail.clone()));
        }
    }
    let gap = |(place, found): (usize, Vec<(u32, f64, String)>)| Gap {
        kind: GapKind::ALL[place],
        detail: told(&found, base.len()),
        share: mean(&found, all.len()),
    };
    by_kind.into_iter().map(gap).collect()
}

/// The mean over so many items, towards 0, as a multiple of what all shares are multiples of: sums of shares stay exact.
fn mean(found: &[(u32, f64, String)], items: usize) -> f64 {
    let sum: f64 = found.iter().map(|(_, share, _)| share).sum();
    let items = f64::from(u32::try_from(items).unwrap_or(u32::MAX));
    (sum / items * GRAIN).trunc() / GRAIN
}

/// What holds for all items is said once; else the words for the best of them, each after its number.
fn told(found: &[(u32, f64, String)], items: usize) -> String {
    let Some((_, _, first)) = found.first() else { return String::new() };
    if found.len() >= items && found.iter().all(|(.., detail)| detail == first) {
        return first.clone();
    }
    let of_item = |(item, _, detail): &(u32, f64, String)| {
        Message::new("matching-of-item").with("item", *item).with("detail", detail.as_str()).text(Language::English)
    };
    let mut words: Vec<String> = found.iter().take(ITEMS_TOLD).map(of_item).collect();
    let more = found.len().saturating_sub(ITEMS_TOLD);
    if more > 0 {
        words.push(Message::new("matching-of-more-items").with("count", more).text(Language::English));
    }
    words.join("; ")
}

/// The items that are not served. They take nothing off: that they add nothing is in every share.
fn missing(all: &[u32], served: &[ItemScore]) -> Option<Gap> {
    let lacking: Vec<u32> =
        all.iter().copied().filter(|item| !served.iter().any(|score| score.item == *item)).collect();
    let detail = || {
        Message::new("matching-items-missing")
            .with("served", all.len() - lacking.len())
            .with("items", all.len())
            .with("missing", numbers(&lacking))
            .text(Language::English)
    };
    (!lacking.is_empty()).then(|| Gap { kind: GapKind::Items, detail: detail(), share: 0.0 })
}
