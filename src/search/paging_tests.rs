//! Pages of a search while things are indexed.

use chrono::Duration;
use proptest::prelude::*;

use super::tests::{filled, listing};
use super::*;
use crate::clock::Clock;

/// An index with listings under a clock that stands still.
struct Growing {
    search: Search,
    writer: Writer,
    clock: Clock,
    last: i64,
}

impl Growing {
    fn new(count: i64) -> Self {
        let clock = Clock::fake(chrono::DateTime::UNIX_EPOCH);
        let search = Search::open(None, Options { check: false, clock: clock.clone() }).unwrap().search;
        let writer = search.writer(0, 1).unwrap();
        let mut growing = Self { search, writer, clock, last: 0 };
        growing.add(count);
        growing
    }

    fn add(&mut self, count: i64) {
        let names = ["Steel pipe", "Steel pipe, seamless steel", "Pipe of steel for water and much else besides"];
        for _ in 0..count {
            self.last += 1;
            // So that what is new comes in everywhere: the newest first, the cheapest and the smallest in the middle.
            let rank = (self.last * 37) % 101;
            let doc = ListingDoc {
                price_min_micros: Some(rank * 1_000_000),
                moq_micros: Some((100 - rank) * 1_000_000),
                ..listing(self.last, names[(self.last % 3) as usize])
            };
            self.writer.apply(vec![Change::Listing(Box::new(doc))]).unwrap();
        }
        self.writer.commit(&Position { epoch: "life-1".into(), seq: self.last }).unwrap();
    }

    fn page(&self, query: &Query) -> (Vec<i64>, Option<After>) {
        let answer = self.search.listings(query).unwrap();
        (answer.hits.iter().map(|hit| hit.id).collect(), answer.next)
    }
}

#[test]
fn pages_have_no_gap_and_no_repeat_while_listings_are_added() {
    for sort in [Sort::Relevance, Sort::Newest, Sort::Price, Sort::Moq] {
        let mut growing = Growing::new(100);
        let mut query = Query { sort, limit: 7, ..Query::text("steel pipe") };
        let whole = growing.page(&Query { limit: 100, ..query.clone() }).0;
        let mut seen = Vec::new();
        loop {
            let (ids, next) = growing.page(&query);
            seen.extend(ids);
            growing.add(5);
            growing.clock.advance(Duration::seconds(200));
            query.after = next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, whole, "{sort}");
    }
}

/// Walks through listings that all say the same while every fourth of them is updated, a few beside each page; the ids that were
/// seen, in order.
fn walk_beside_updates(growing: &mut Growing, count: i64, between: Duration) -> Vec<i64> {
    let same = |id: i64, maker: &str| {
        Change::Listing(Box::new(ListingDoc { company_name: maker.into(), ..listing(id, "Steel pipe") }))
    };
    growing.writer.apply((1..=count).map(|id| same(id, "Before")).collect()).unwrap();
    growing.writer.commit(&Position { epoch: "life-1".into(), seq: 1 }).unwrap();
    let mut query = Query { limit: 25, ..Query::text("steel pipe") };
    let (mut seen, mut updated) = (Vec::new(), (1..count + 1).step_by(4).collect::<Vec<_>>());
    updated.reverse();
    loop {
        let (ids, next) = growing.page(&query);
        seen.extend(ids);
        let batch = updated.split_off(updated.len().saturating_sub(7));
        growing.writer.apply(batch.into_iter().map(|id| same(id, "Afterw")).collect()).unwrap();
        growing.writer.commit(&Position { epoch: "life-1".into(), seq: 2 }).unwrap();
        growing.clock.advance(between);
        query.after = next;
        if query.after.is_none() {
            return seen;
        }
    }
}

#[test]
fn walk_sees_each_hit_once_beside_updates() {
    for between in [Duration::seconds(30), Duration::minutes(6)] {
        let seen = walk_beside_updates(&mut Growing::new(0), 400, between);
        assert_eq!(seen.len(), 400, "{between}");
        assert_eq!(seen.iter().collect::<std::collections::HashSet<_>>().len(), 400, "{between}");
    }
}

#[test]
fn walk_sees_each_hit_once_while_segments_are_merged() {
    let mut growing = Growing::new(0);
    let one = |id: i64| Change::Listing(Box::new(listing(id, "Steel pipe")));
    for id in 1..=400 {
        growing.writer.apply(vec![one(id)]).unwrap();
        if id % 40 == 0 {
            growing.writer.commit(&Position { epoch: "life-1".into(), seq: id }).unwrap();
        }
    }
    for between in [Duration::seconds(30), Duration::minutes(6)] {
        let mut query = Query { limit: 60, ..Query::text("steel pipe") };
        let (mut seen, mut merged) = (Vec::new(), false);
        loop {
            let (ids, next) = growing.page(&query);
            seen.extend(ids);
            let segments = growing.search.snapshot(Kind::Listing).columns.len();
            growing.writer.merge_all().unwrap();
            merged |= growing.search.snapshot(Kind::Listing).columns.len() < segments;
            growing.writer.apply(vec![one(seen.len() as i64)]).unwrap();
            growing.writer.commit(&Position { epoch: "life-1".into(), seq: 500 }).unwrap();
            growing.clock.advance(between);
            query.after = next;
            if query.after.is_none() {
                break;
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, (1..=400).collect::<Vec<_>>(), "{between}");
        assert!(merged, "nothing was merged");
    }
}

#[test]
fn companies_and_groups_are_paged_the_same() {
    let mut growing = Growing::new(60);
    let company =
        |id: i64| Change::Company(Box::new(CompanyDoc { id, name: format!("House {id}"), ..CompanyDoc::default() }));
    growing.writer.apply((100..103).map(company).collect()).unwrap();
    growing.add(1);
    let mut query = Query { limit: 1, ..Query::text("steel pipe") };
    let mut seen = Vec::new();
    loop {
        let answer = growing.search.companies(&query).unwrap();
        seen.extend(answer.hits.iter().map(|hit| hit.id));
        growing.add(2);
        query.after = answer.next;
        if query.after.is_none() {
            break;
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, [100, 101, 102]);
}

#[test]
fn what_no_cursor_names_is_not_kept_and_nothing_is_kept_for_long() {
    let mut growing = Growing::new(20);
    growing.page(&Query::text("steel"));
    growing.add(1);
    assert_eq!(growing.search.points_in_time(), 0, "there was no next page");
    let query = Query { limit: 5, ..Query::text("steel") };
    let (_, next) = growing.page(&query);
    growing.add(1);
    assert_eq!(growing.search.points_in_time(), 1);
    growing.clock.advance(Duration::minutes(5) + Duration::seconds(1));
    growing.add(1);
    assert_eq!(growing.search.points_in_time(), 0);
    let late = growing.search.listings(&Query { after: next, ..query.clone() }).unwrap();
    assert_eq!((late.hits.len(), late.total), (5, 23), "an old cursor goes on in what there is now");
    for _ in 0..300 {
        growing.page(&query);
        growing.add(1);
    }
    assert_eq!(growing.search.points_in_time(), 300, "each page that was given out goes on in its own state");
}

#[test]
fn a_tree_of_codes() {
    let coded = |id: i64, code: &str| ListingDoc { hs_code: code.into(), ..listing(id, "Pipe") };
    let search =
        filled(vec![coded(1, "73041910"), coded(2, "730419"), coded(3, "7306"), coded(4, "848180"), coded(5, "")]);
    let query = |hs: &[&str]| Query {
        facets: vec![Dim::Hs, Dim::HsChapter],
        filters: Filters { hs: hs.iter().map(ToString::to_string).collect(), ..Filters::default() },
        ..Query::text("pipe")
    };
    let counts = |query: &Query| -> Vec<(String, usize)> {
        let answer = search.listings(query).unwrap();
        answer.facets.iter().flat_map(|facet| &facet.values).map(|v| (v.value.clone(), v.count)).collect()
    };
    let all = counts(&query(&[]));
    let of = |value: &str| all.iter().find(|(known, _)| known == value).map(|(_, count)| *count);
    for (value, count) in [("XV", 3), ("73", 3), ("7304", 2), ("730419", 2), ("7306", 1), ("XVI", 1), ("84", 1)] {
        assert_eq!(of(value), Some(count), "{value}");
    }
    assert_eq!(of("73041910"), None);
    assert_eq!(counts(&query(&["7306"])), all, "the clicked facet keeps its other values");
    assert_eq!(search.listings(&query(&["7306", "84"])).unwrap().total, 2);
}

#[test]
fn short_first_page_is_filled_with_most_words_and_then_any() {
    let mut docs: Vec<ListingDoc> = (10..40).map(|id| listing(id, "Steel garden chair")).collect();
    docs.push(listing(1, "Garden bench, folding, wood, with a steel frame and a long story"));
    docs.push(listing(2, "Wood stain"));
    docs.push(listing(3, "Bench"));
    let search = filled(docs);
    let answer = search.listings(&Query { limit: 100, ..Query::text("steel garden bench") }).unwrap();
    let ids: Vec<i64> = answer.hits.iter().map(|hit| hit.id).collect();
    assert_eq!((ids[0], ids[31], answer.total, answer.relaxed), (1, 3, 32, true));
    assert_eq!(answer.matched, Matched { all: 1, most: Some(30), any: Some(1) });
    assert!(answer.hits.windows(2).all(|pair| pair[0].score >= pair[1].score), "scores go down from part to part");
    let full = search.listings(&Query { limit: 1, ..Query::text("steel garden bench") }).unwrap();
    assert_eq!((full.matched, full.total), (Matched { all: 1, most: None, any: None }, 1));
    let quoted = search.listings(&Query::text("\"garden bench\" steel wood")).unwrap();
    assert_eq!(quoted.total, 1, "what is quoted is in every hit");
    let by_price = Query { sort: Sort::Price, ..Query::text("steel garden bench") };
    assert_eq!(search.listings(&by_price).unwrap().total, 1);
    let nowhere = Query { sort: Sort::Price, ..Query::text("steel garden unheardof") };
    assert_eq!(search.listings(&nowhere).unwrap().matched, Matched { all: 0, most: Some(31), any: None });
}

#[test]
fn parts_of_a_score_add_up_to_it() {
    let mut docs: Vec<ListingDoc> = (10..40).map(|id| listing(id, "Steel garden chair")).collect();
    docs.push(listing(1, "Garden bench of steel"));
    let search = filled(docs);
    for weights in [Weights::default(), Weights { depth: 5, ..Weights::default() }] {
        let query = Query { explain: true, limit: 100, weights, ..Query::text("steel garden bench") };
        for hit in search.listings(&query).unwrap().hits {
            let sum: f32 = hit.explain.iter().flatten().map(|(_, amount)| amount).sum();
            assert!((sum - hit.score).abs() <= 1e-4 * hit.score.max(1.0), "{} is not {sum}", hit.score);
        }
    }
}

#[test]
fn relevance_can_be_paged_to_its_depth_and_says_that_there_is_more() {
    let growing = Growing::new(0);
    let mut writer = growing.writer;
    let docs =
        (1..=After::DEEPEST as i64 + 40).map(|id| Change::Listing(Box::new(listing(id, "Steel pipe")))).collect();
    writer.fill(docs).unwrap();
    writer.commit(&Position { epoch: "life-1".into(), seq: 1 }).unwrap();
    let query = Query { limit: 20, ..Query::text("steel pipe") };
    let first = growing.search.listings(&query).unwrap();
    let near = After { id: After::DEEPEST as i64 - 10, seen: After::DEEPEST - 10, ..first.next.unwrap() };
    let last = growing.search.listings(&Query { after: Some(near), ..query.clone() }).unwrap();
    assert_eq!(last.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), (9_991..=10_000).collect::<Vec<_>>());
    assert!(last.next.unwrap().is_too_deep());
    let newest = growing.search.listings(&Query { sort: Sort::Newest, ..query }).unwrap();
    assert!(!newest.next.unwrap().is_too_deep(), "another order has no depth");
}

/// The pages of a query from its first to its last, and back.
fn walks(search: &Search, query: &Query) -> (Vec<i64>, Vec<i64>, usize) {
    let (mut there, mut back) = (Vec::new(), Vec::new());
    let mut answer = search.listings(query).unwrap();
    let total = answer.total;
    loop {
        there.extend(answer.hits.iter().map(|hit| hit.id));
        let Some(after) = answer.next.clone() else { break };
        answer = search.listings(&Query { after: Some(after), ..query.clone() }).unwrap();
    }
    loop {
        back.extend(answer.hits.iter().rev().map(|hit| hit.id));
        let Some(after) = answer.prev.clone() else { break };
        answer = search.listings(&Query { after: Some(after), ..query.clone() }).unwrap();
    }
    back.reverse();
    (there, back, total)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn walk_gives_each_hit_of_total_once_there_and_back(
        batches in prop::collection::vec(prop::collection::vec((1_i64..90, prop::collection::vec(0_usize..5, 1..6)), 1..40), 1..5),
        words in prop::collection::vec(0_usize..6, 1..5),
        limit in 1_usize..12,
        depth in 1_usize..60,
        order in 0_usize..4,
        group in any::<bool>(),
    ) {
        const WORDS: [&str; 6] = ["steel", "pipe", "flange", "valve", "brass", "unheardof"];
        let text = |words: &[usize]| words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
        let mut growing = Growing::new(0);
        for (seq, batch) in batches.iter().enumerate() {
            let docs = batch.iter().map(|(id, words)| Change::Listing(Box::new(listing(*id, &text(words))))).collect();
            growing.writer.apply(docs).unwrap();
            growing.writer.commit(&Position { epoch: "life-1".into(), seq: seq as i64 }).unwrap();
            if seq % 2 == 1 {
                growing.writer.merge_all().unwrap();
            }
        }
        let query = Query {
            limit,
            sort: [Sort::Relevance, Sort::Newest, Sort::Price, Sort::Moq][order],
            group_by_company: group,
            weights: Weights { depth, ..Weights::default() },
            ..Query::text(text(&words))
        };
        let (there, back, total) = walks(&growing.search, &query);
        let mut once = there.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!((there.len(), once.len()), (total, total));
        prop_assert_eq!(there, back);
    }
}

#[test]
fn a_rebuild_keeps_the_states_that_cursors_name() {
    let mut growing = Growing::new(40);
    let query = Query { limit: 10, ..Query::text("steel pipe") };
    let whole = growing.page(&Query { limit: 40, ..query.clone() }).0;
    let (first, next) = growing.page(&query);
    growing.add(30);
    let shadow = growing.search.shadow().unwrap();
    let mut writer = shadow.writer(0, 1).unwrap();
    writer.fill(vec![Change::Listing(Box::new(listing(1, "Steel pipe")))]).unwrap();
    writer.commit(&Position { epoch: "life-1".into(), seq: 99 }).unwrap();
    growing.search.promote(shadow).unwrap();
    let (second, _) = growing.page(&Query { after: next, ..query });
    assert_eq!([first, second].concat(), whole[..20]);
    assert_eq!(growing.search.count(Kind::Listing), 1);
}
