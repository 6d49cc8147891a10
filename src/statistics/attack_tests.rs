//! Attacks on what is published, by readers who know every shown sum of every release exactly (rounding only makes it harder), which cells
//! exist, and that no amount is negative. None may learn of a company.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem as Program, SolveOutcome};
use proptest::prelude::*;

use super::release::{Decided, Published, decide};
use super::vintages::{Making, Owners, take_in};
use super::*;
use crate::ids::RecordId;
use crate::partnerships::eligibility::TradeFact;
use crate::units::{Quantity, Unit};

/// A platform's releases as a reader sees them, and what only the platform knows.
#[derive(Default)]
struct Office {
    held: Vec<Contribution>,
    published: BTreeSet<Published>,
    newest: Vec<Decided>,
    releases: u32,
    covered: Option<Period>,
    owners: Owners,
}

/// What the reader knows: sums of facts, by their places in `Office::held`.
type Sums = Vec<(Key, Vec<usize>)>;

impl Office {
    fn release(&mut self, facts: &[TradeFact], covers: Period) {
        let rule = SuppressionRule::default();
        self.releases += 1;
        let making = Making { number: self.releases, covers, covered: self.covered };
        let held = std::mem::take(&mut self.held);
        let counting: Vec<Contribution> = facts.iter().map(|fact| Contribution::of(fact, making.number)).collect();
        self.held = take_in(held, &counting, making, &rule, &self.owners).contributions;
        self.held.iter_mut().for_each(|one| *one = one.by_owner(&self.owners));
        let published: Vec<Published> = self.published.iter().cloned().collect();
        self.newest = decide(&self.held, &published, self.releases, &rule).expect("a release");
        let shown = self.newest.iter().filter(|decided| decided.hidden.is_none());
        self.published.extend(shown.map(|shown| Published { key: shown.key.clone(), release: shown.drawn }));
        self.covered = Some(covers);
    }

    fn holds(&self, key: &Key, release: u32) -> Vec<usize> {
        let is_in = |one: &Contribution| {
            one.entered <= release
                && one.left.is_none_or(|left| left > release)
                && one.finest().and_wider().contains(key)
        };
        (0..self.held.len()).filter(|place| is_in(&self.held[*place])).collect()
    }

    fn sums(&self) -> Sums {
        self.published.iter().map(|one| (one.key.clone(), self.holds(&one.key, one.release))).collect()
    }

    /// The hidden cells of the newest release, each set of records once: all in the first release. Later those that show a company: another may
    /// have been narrow already, from releases in which it had other records and was no cell of theirs.
    fn hidden(&self) -> BTreeMap<Vec<usize>, Key> {
        let shows_a_company = |decided: &&Decided| decided.hidden == Some(Hidden::Primary);
        let is_first = self.releases == 1;
        let hidden = self.newest.iter().filter(|one| shows_a_company(one) || (is_first && one.hidden.is_some()));
        hidden.map(|decided| (self.holds(&decided.key, self.releases), decided.key.clone())).collect()
    }

    fn companies(&self, places: &[usize], side: fn(&Contribution) -> CompanyId) -> BTreeSet<CompanyId> {
        places.iter().map(|place| side(&self.held[*place])).collect()
    }
}

const SIDES: [fn(&Contribution) -> CompanyId; 2] = [|one| one.supplier, |one| one.buyer];
const MEASURES: [fn(&Contribution) -> i64; 2] = [|one| one.value.0 / 1_000_000, |one| one.net_kg.0 / 1_000_000];

/// The records that no sum tells apart, as one unknown each: what a reader can know at most.
fn unknowns(office: &Office) -> Vec<Vec<usize>> {
    let mut unknowns: BTreeMap<(Key, u32, Option<u32>), Vec<usize>> = BTreeMap::new();
    for (place, one) in office.held.iter().enumerate() {
        unknowns.entry((one.finest(), one.entered, one.left)).or_default().push(place);
    }
    unknowns.into_values().collect()
}

/// The least and the most that the cell can come to in any world that fits the sums.
fn interval(
    office: &Office,
    unknowns: &[Vec<usize>],
    sums: &Sums,
    cell: &[usize],
    measure: fn(&Contribution) -> i64,
) -> (f64, f64) {
    let of = |places: &[usize]| places.iter().map(|place| measure(&office.held[*place])).sum::<i64>() as f64;
    let bound = |direction: OptimizationDirection| {
        let mut program = Program::new(direction);
        // One unknown may lie in the cell in part: then that part is an unknown of its own.
        let split: Vec<(bool, Vec<usize>)> = unknowns
            .iter()
            .flat_map(|unknown| {
                let (inside, outside): (Vec<usize>, Vec<usize>) =
                    unknown.iter().partition(|place| cell.contains(place));
                [(true, inside), (false, outside)]
            })
            .filter(|(_, places)| !places.is_empty())
            .collect();
        let weight = |inside: bool| if inside { 1.0 } else { 0.0 };
        let variables: Vec<_> = split.iter().map(|(inside, _)| program.add_var(weight(*inside), (0.0, 1e9))).collect();
        for (_, sum) in sums {
            let members: Vec<_> = split
                .iter()
                .zip(&variables)
                .filter(|((_, places), _)| sum.contains(&places[0]))
                .map(|(_, variable)| (*variable, 1.0))
                .collect();
            program.add_constraint(&members, ComparisonOp::Eq, of(sum));
        }
        match program.solve().expect("the true world fits") {
            SolveOutcome::Solution(solution) => solution.objective(),
            SolveOutcome::Interrupted(_) => panic!("there is no limit"),
        }
    };
    (bound(OptimizationDirection::Minimize), bound(OptimizationDirection::Maximize))
}

fn assert_intervals_are_wide(office: &Office) {
    let (unknowns, sums) = (unknowns(office), office.sums());
    for (cell, key) in office.hidden() {
        for measure in MEASURES {
            let truth: i64 = cell.iter().map(|place| measure(&office.held[*place])).sum();
            let (least, most) = interval(office, &unknowns, &sums, &cell, measure);
            let truth = truth as f64;
            assert!(least <= truth * 0.85 + 0.01 && most >= truth * 1.15 - 0.01, "{key:?}: {least} {truth} {most}");
        }
    }
}

/// The rank of the sums over the unknowns that are left, over a prime field: exact.
fn rank(rows: &[Vec<bool>], without: &BTreeSet<usize>) -> usize {
    const PRIME: i128 = 2_147_483_647;
    let inverse = |value: i128| {
        let (mut result, mut base, mut power) = (1, value, PRIME - 2);
        while power > 0 {
            if power & 1 == 1 {
                result = result * base % PRIME;
            }
            base = base * base % PRIME;
            power >>= 1;
        }
        result
    };
    let kept = |row: &Vec<bool>| -> Vec<i128> {
        row.iter()
            .enumerate()
            .filter(|(place, _)| !without.contains(place))
            .map(|(_, held)| i128::from(*held))
            .collect()
    };
    let mut rows: Vec<Vec<i128>> = rows.iter().map(kept).collect();
    let mut rank = 0;
    for column in 0..rows.first().map_or(0, Vec::len) {
        let Some(found) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(rank, found);
        let scale = inverse(rows[rank][column]);
        let pivot: Vec<i128> = rows[rank].iter().map(|value| value * scale % PRIME).collect();
        for row in rows.iter_mut().skip(rank + 1).filter(|row| row[column] != 0) {
            let factor = row[column];
            row.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value = (*value - factor * pivot).rem_euclid(PRIME));
        }
        rank += 1;
    }
    rank
}

/// No combination of sums, however it is made, holds records of one company alone, or of two, of which one knows its own.
fn assert_no_union_is_of_two_companies(office: &Office) {
    let unknowns = unknowns(office);
    let sums = office.sums();
    let rows: Vec<Vec<bool>> =
        sums.iter().map(|(_, sum)| unknowns.iter().map(|unknown| sum.contains(&unknown[0])).collect()).collect();
    let whole = rank(&rows, &BTreeSet::new());
    for side in SIDES {
        let of: Vec<BTreeSet<CompanyId>> = unknowns.iter().map(|places| office.companies(places, side)).collect();
        let all: Vec<CompanyId> = of.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
        for (place, first) in all.iter().enumerate() {
            for second in &all[place..] {
                let within = |held: &BTreeSet<CompanyId>| held.iter().all(|one| one == first || one == second);
                let group: BTreeSet<usize> = (0..of.len()).filter(|unknown| within(&of[*unknown])).collect();
                assert_eq!(rank(&rows, &group), whole, "{first:?} and {second:?} stand alone in some combination");
            }
        }
    }
}

/// Whether knowing the sum of the records would show a company of either side.
fn shows_a_company(office: &Office, places: &[usize]) -> bool {
    let rule = SuppressionRule::default();
    MEASURES.iter().any(|measure| {
        SIDES.iter().any(|side| {
            let parts = places.iter().map(|place| &office.held[*place]);
            rule.shows_one_of(parts.map(|one| (side(one).0, i128::from(measure(one)))))
        })
    })
}

/// No sum shows a company, nor does the difference of the sums of one cell in any two releases.
fn assert_no_difference_shows_a_company(office: &Office) {
    let sums = office.sums();
    for (place, (key, sum)) in sums.iter().enumerate() {
        assert!(!shows_a_company(office, sum), "{key:?}");
        if let Some((_, next)) = sums.get(place + 1).filter(|(next, _)| next == key) {
            let changed: Vec<usize> =
                (0..office.held.len()).filter(|one| sum.contains(one) != next.contains(one)).collect();
            assert!(changed.is_empty() || !shows_a_company(office, &changed), "{key:?}: {changed:?}");
        }
    }
}

/// What is left of a shown total when its shown parts along a dimension are taken from it shows no company.
fn assert_no_rest_shows_a_company(office: &Office) {
    let shown: BTreeMap<&Key, Vec<usize>> = office
        .newest
        .iter()
        .filter(|decided| decided.hidden.is_none())
        .map(|decided| (&decided.key, office.holds(&decided.key, decided.drawn)))
        .collect();
    for (total, whole) in &shown {
        for dimension in cube::Dimension::ALL {
            let parts = shown.iter().filter(|(part, _)| part.within(dimension).as_ref() == Some(*total));
            let taken: BTreeSet<usize> = parts.flat_map(|(_, places)| places.iter().copied()).collect();
            let rest: Vec<usize> =
                (0..office.held.len()).filter(|one| whole.contains(one) != taken.contains(one)).collect();
            let is_known = !taken.is_empty() && !rest.is_empty();
            assert!(!is_known || !shows_a_company(office, &rest), "{total:?} less its parts by {dimension:?}");
        }
    }
}

fn assert_nothing_is_recovered(office: &Office) {
    assert_no_difference_shows_a_company(office);
    assert_no_rest_shows_a_company(office);
    assert_no_union_is_of_two_companies(office);
    assert_intervals_are_wide(office);
}

fn fact(number: i64, partner: &str, heading: &str, month: u32, value: i32, sides: (i64, i64)) -> TradeFact {
    TradeFact {
        record: RecordId(number),
        direction: Direction::Export,
        reporter: "CN".parse().unwrap(),
        partner: partner.parse().unwrap(),
        heading: heading.to_owned(),
        customs_date: chrono::NaiveDate::from_ymd_opt(2026, month, 9).unwrap(),
        value: Micros::from_units(value),
        net_kg: Micros::from_units(value / 3 + 7),
        quantity: Quantity::new(Micros::from_units(10), Unit::KILOGRAM),
        supplier: CompanyId(sides.0),
        buyer: CompanyId(100 + sides.1),
    }
}

prop_compose! {
    fn any_fact()(
        partner in 0usize..3, heading in 0usize..3, month in 1u32..4, supplier in 0i64..9, buyer in 0i64..9,
        reporter in 0usize..5, value in 1i32..900,
    ) -> TradeFact {
        let mut fact =
            fact(0, ["NL", "DE", "FR"][partner], ["7304", "7305", "8504"][heading], month, value, (supplier, buyer));
        fact.reporter = ["CN", "CN", "CN", "CN", "TR"][reporter].parse().unwrap();
        fact
    }
}

/// Facts with numbers of their own; late ones are confirmed after the first release.
fn any_market(facts: usize) -> impl Strategy<Value = Vec<(TradeFact, bool, bool)>> {
    let one = (any_fact(), proptest::bool::weighted(0.15), proptest::bool::weighted(0.05));
    proptest::collection::vec(one, 0..facts).prop_map(|mut facts| {
        (1..).zip(&mut facts).for_each(|(number, (fact, ..))| fact.record = RecordId(number));
        facts
    })
}

/// Three releases: two months, the same with what was late or withdrawn, and all three months.
fn office_of(market: &[(TradeFact, bool, bool)]) -> Office {
    let mut office = Office::default();
    let some = |keep: &dyn Fn(bool, bool) -> bool| -> Vec<TradeFact> {
        market.iter().filter(|(_, late, gone)| keep(*late, *gone)).map(|(fact, ..)| fact.clone()).collect()
    };
    office.release(&some(&|late, _| !late), Period::Month(2026, 2));
    assert_intervals_are_wide(&office);
    office.release(&some(&|_, gone| !gone), Period::Month(2026, 2));
    office.release(&some(&|_, gone| !gone), Period::Month(2026, 3));
    office
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_recovered_from_the_releases_of_any_market(market in any_market(70)) {
        assert_nothing_is_recovered(&office_of(&market));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn no_union_or_difference_of_a_large_market_shows_a_company(market in any_market(260)) {
        let office = office_of(&market);
        assert_no_difference_shows_a_company(&office);
        assert_no_rest_shows_a_company(&office);
        assert_no_union_is_of_two_companies(&office);
    }
}

#[test]
fn large_market_is_mostly_shown() {
    // Twenty companies on each side in two chapters and three countries: figures that hide nobody have to be there.
    let facts: Vec<TradeFact> = (0..240)
        .map(|number| {
            let partner = ["NL", "DE", "FR"][usize::try_from(number % 3).unwrap()];
            let heading = ["7304", "8504"][usize::try_from(number / 3 % 2).unwrap()];
            let month = u32::try_from(number / 6 % 3 + 1).unwrap();
            let sides = (number / 7 % 20, number / 11 % 20);
            fact(number + 1, partner, heading, month, i32::try_from(100 + number % 17).unwrap(), sides)
        })
        .collect();
    let mut office = Office::default();
    office.release(&facts, Period::Month(2026, 3));
    let shown = office.newest.iter().filter(|decided| decided.hidden.is_none()).count();
    assert!(shown * 10 >= office.newest.len() * 9, "{shown} of {}", office.newest.len());
    assert_nothing_is_recovered(&office);
}

#[test]
fn one_shipment_changes_nothing_that_is_published() {
    let mut facts: Vec<TradeFact> =
        (1..=9).map(|number| fact(number, "NL", "7304", 1, 100, (number, number))).collect();
    let mut office = Office::default();
    office.release(&facts, Period::Month(2026, 1));
    let before = office.newest.clone();
    assert!(before.iter().any(|decided| decided.figures.is_some()));
    facts.push(fact(10, "NL", "7304", 1, 65_123, (10, 10)));
    facts.push(fact(11, "NL", "7304", 1, 400, (11, 11)));
    office.release(&facts, Period::Month(2026, 1));
    assert_eq!(office.newest, before, "two companies are too few");
    facts.push(fact(12, "NL", "7304", 1, 60_000, (12, 12)));
    office.release(&facts, Period::Month(2026, 1));
    assert_eq!(office.newest, before, "two companies are nearly all of what three changed");
    facts.push(fact(13, "NL", "7304", 1, 30_000, (13, 13)));
    office.release(&facts, Period::Month(2026, 1));
    assert_ne!(office.newest, before);
    assert_nothing_is_recovered(&office);
}

#[test]
fn shells_of_one_owner_open_nothing() {
    let facts: Vec<TradeFact> = (1..=3)
        .map(|number| fact(number, "NL", "7304", 1, 100 * i32::try_from(number).unwrap(), (number, number)))
        .collect();
    let mut office = Office::default();
    office.release(&facts, Period::Month(2026, 1));
    assert!(office.newest.iter().any(|decided| decided.hidden.is_none()), "three companies on each side");
    let owners = [(CompanyId(1), CompanyId(1)), (CompanyId(2), CompanyId(1))];
    let mut office = Office { owners: owners.into(), ..Office::default() };
    office.release(&facts, Period::Month(2026, 1));
    assert!(office.newest.iter().all(|decided| decided.hidden.is_some()), "two of them have one owner");
}

/// Five records of which one was read: a chapter total less its shown headings left one exporter's shipment.
#[test]
fn rest_under_a_total_is_as_safe_as_a_total() {
    let mut facts: Vec<TradeFact> =
        (1..=6).map(|number| fact(number, "NL", "7304", 1, 100, (number, number))).collect();
    facts.push(fact(7, "NL", "7305", 1, 65_123, (7, 7)));
    facts.push(fact(8, "NL", "7306", 1, 90, (7, 8)));
    let mut office = Office::default();
    office.release(&facts, Period::Month(2026, 1));
    let is_shown = |hs: Option<&str>| {
        office.newest.iter().any(|decided| decided.hidden.is_none() && decided.key.hs.as_deref() == hs)
    };
    assert!(!(is_shown(Some("73")) && is_shown(Some("7304"))), "the rest is of one exporter");
    assert_nothing_is_recovered(&office);
}
