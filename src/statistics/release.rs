//! A release: which cells of a closed period are shown, decided for one flow and one year at a time and proved before it appears.
//!
//! Cells open from the widest to the narrowest, the largest first, each only if everything that was ever published stays safe with it:
//! no sum that shows a company, no difference between releases and no hidden rest under a total that does, no cell that the rule hides
//! estimated better than within p %. The whole is then proved once more, together with what only all sums at once could tell; what the
//! proof finds stays closed in the next round, and when nothing is left to close, the release is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::cube::Dimension;
use super::disclosure::{Amounts, Knowledge};
use super::figures::{CountClass, Figures, rounded};
use super::suppression::{Hidden, SuppressionRule};
use super::{Contribution, Key, Period};
use crate::customs::Direction;
use crate::money::Sum;

/// The most sums of one flow and year that are published: the proof takes time with their square.
const MOST_SUMS: usize = 2_000;
/// Rounds of opening and proving before the release is refused.
const MOST_ROUNDS: usize = 60;

/// Facts by their places in the block, ascending.
type FactSet = Vec<u32>;

/// A figure that an earlier release shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Published {
    /// The cell.
    pub key: Key,
    /// The release that drew the figure.
    pub release: u32,
}

/// What becomes of a cell in a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The cell.
    pub key: Key,
    /// Why it is hidden; `None` where its figures are shown.
    pub hidden: Option<Hidden>,
    /// The release whose records the figures are of: this one, or an earlier one where too few companies changed since.
    pub drawn: u32,
    /// The figures, as they are published.
    pub figures: Option<Figures>,
}

/// What the proof found; the cell to keep closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault(pub Key);

/// The records of one flow and year, with all that was and is to be published of them.
pub struct Block<'a> {
    rule: SuppressionRule,
    release: u32,
    facts: Vec<&'a Contribution>,
    /// The cells as they are now.
    cells: BTreeMap<Key, FactSet>,
    /// The shown and hidden parts of each cell that can have parts.
    parts: BTreeMap<(Key, Dimension), Vec<Key>>,
    /// Every figure of earlier releases.
    published: Vec<(Published, FactSet)>,
}

/// The records grouped by the sums that hold them: what no sum tells apart is one column.
struct Columns {
    /// The column of each fact.
    of: Vec<usize>,
    /// What each column comes to, in each measure.
    totals: [Vec<f64>; 2],
}

/// A hidden sum that must stay wide, in one measure.
struct Protected {
    measure: usize,
    amounts: Amounts,
    /// The least square of its free direction with which it is wide for sure.
    enough: f64,
    /// The square of its free direction.
    freedom: f64,
}

/// The shown cells: the records that their figures are of, and the release that drew them.
type Shown = BTreeMap<Key, (FactSet, u32)>;

impl Contribution {
    fn is_in(&self, release: u32) -> bool {
        self.entered <= release && self.left.is_none_or(|left| left > release)
    }

    /// The cell of its heading, countries and month.
    pub fn finest(&self) -> Key {
        Key {
            flow: self.flow,
            reporter: Some(self.reporter),
            partner: Some(self.partner),
            hs: Some(self.heading.clone()),
            period: Period::Month(self.year, self.month),
        }
    }

    fn measures(&self) -> [i64; 2] {
        [self.value.0, self.net_kg.0]
    }
}

/// Decides every cell of a release, flow by flow and year by year. `published` holds what earlier releases show.
///
/// # Errors
/// The cells that could not be protected; nothing may then be published.
pub fn decide(
    contributions: &[Contribution],
    published: &[Published],
    release: u32,
    rule: &SuppressionRule,
) -> Result<Vec<Decided>, Vec<Fault>> {
    let mut blocks: BTreeMap<(Direction, i32), Vec<&Contribution>> = BTreeMap::new();
    for fact in contributions {
        blocks.entry((fact.flow, fact.year)).or_default().push(fact);
    }
    let mut decided = Vec::new();
    for ((flow, year), facts) in blocks {
        let earlier = published.iter().filter(|figure| figure.key.flow == flow && figure.key.period.year() == year);
        decided.extend(Block::new(facts, earlier.cloned(), release, *rule).decide()?);
    }
    Ok(decided)
}

impl<'a> Block<'a> {
    /// The block of these records, each with the releases that it belongs to.
    pub fn new(
        facts: Vec<&'a Contribution>,
        published: impl Iterator<Item = Published>,
        release: u32,
        rule: SuppressionRule,
    ) -> Self {
        let mut all: BTreeMap<Key, FactSet> = BTreeMap::new();
        for (place, fact) in (0..).zip(&facts) {
            for key in fact.finest().and_wider() {
                all.entry(key).or_default().push(place);
            }
        }
        let at = |set: &FactSet, release: u32| -> FactSet {
            set.iter().copied().filter(|place| facts[*place as usize].is_in(release)).collect()
        };
        let published = published.map(|figure| {
            let set = all.get(&figure.key).map(|set| at(set, figure.release)).unwrap_or_default();
            (figure, set)
        });
        let published = published.collect();
        let now = all.iter().map(|(key, set)| (key.clone(), at(set, release))).filter(|(_, set)| !set.is_empty());
        let cells = now.collect();
        let mut parts: BTreeMap<(Key, Dimension), Vec<Key>> = BTreeMap::new();
        for key in all.keys() {
            for dimension in Dimension::ALL {
                if let Some(total) = key.within(dimension) {
                    parts.entry((total, dimension)).or_default().push(key.clone());
                }
            }
        }
        Self { rule, release, facts, cells, parts, published }
    }

    /// Opens and proves until nothing is at fault.
    ///
    /// # Errors
    /// The faults that are left when closing does not help.
    pub fn decide(&self) -> Result<Vec<Decided>, Vec<Fault>> {
        let mut closed = BTreeSet::new();
        // The same columns throughout: what is proved is what was opened.
        let kept = self.kept();
        let sums = self.published.iter().map(|(_, set)| set);
        let columns = self.columns(sums.chain(self.candidates(&kept, &closed).into_iter().map(|(_, set)| set)));
        for _ in 0..MOST_ROUNDS {
            let shown = self.open(&columns, &closed);
            let faults = self.faults(&columns, &shown);
            if faults.is_empty() {
                return Ok(self.answer(&shown));
            }
            let before = closed.len();
            closed.extend(faults.iter().map(|fault| fault.0.clone()));
            if closed.len() == before {
                return Err(faults);
            }
        }
        // Nothing new at all is always provable: earlier releases were.
        let faults = self.faults(&columns, &kept);
        if faults.is_empty() { Ok(self.answer(&kept)) } else { Err(faults) }
    }

    fn answer(&self, shown: &Shown) -> Vec<Decided> {
        let keys: BTreeSet<&Key> = self.cells.keys().chain(shown.keys()).collect();
        let decided = |key: &Key| match shown.get(key) {
            Some((set, drawn)) => {
                Decided { key: key.clone(), hidden: None, drawn: *drawn, figures: Some(self.figures(set)) }
            }
            None => {
                let is_primary = self.cells.get(key).is_some_and(|set| !self.is_safe(set));
                let hidden = if is_primary { Hidden::Primary } else { Hidden::Secondary };
                Decided { key: key.clone(), hidden: Some(hidden), drawn: self.release, figures: None }
            }
        };
        keys.into_iter().map(decided).collect()
    }

    fn figures(&self, set: &FactSet) -> Figures {
        let (mut value, mut net_kg) = (Sum::default(), Sum::default());
        let (mut suppliers, mut buyers) = (BTreeSet::new(), BTreeSet::new());
        for fact in self.of(set) {
            value.add(fact.value);
            net_kg.add(fact.net_kg);
            suppliers.insert(fact.supplier);
            buyers.insert(fact.buyer);
        }
        Figures {
            value: rounded(value),
            net_kg: rounded(net_kg),
            records: CountClass::of(set.len()),
            suppliers: CountClass::of(suppliers.len()),
            buyers: CountClass::of(buyers.len()),
        }
    }

    fn of<'s>(&'s self, set: &'s FactSet) -> impl Iterator<Item = &'s Contribution> {
        set.iter().map(|place| self.facts[*place as usize])
    }

    /// Whether neither side of the sum shows a company, by value or by weight.
    fn is_safe(&self, set: &FactSet) -> bool {
        (0..2).all(|measure| {
            let parts = |side: fn(&Contribution) -> i64| {
                self.of(set).map(move |fact| (side(fact), i128::from(fact.measures()[measure])))
            };
            !self.rule.shows_one_of(parts(|fact| fact.supplier.0))
                && !self.rule.shows_one_of(parts(|fact| fact.buyer.0))
        })
    }

    /// Whether a rest that a reader can compute is none at all or safe to know.
    fn may_be_known(&self, rest: &FactSet) -> bool {
        rest.is_empty() || self.is_safe(rest)
    }

    /// The latest figure of each cell in earlier releases.
    fn kept(&self) -> Shown {
        let mut kept = Shown::new();
        for (figure, set) in &self.published {
            let is_newer = kept.get(&figure.key).is_none_or(|(_, drawn)| *drawn < figure.release);
            if is_newer {
                kept.insert(figure.key.clone(), (set.clone(), figure.release));
            }
        }
        kept
    }

    /// The cells that could be shown anew, the widest and then the largest first: those that pass the rule themselves, as does what changed
    /// since the cell was last shown.
    fn candidates(&self, kept: &Shown, closed: &BTreeSet<Key>) -> Vec<(&Key, &FactSet)> {
        let may_change = |key: &Key, set: &FactSet| match kept.get(key) {
            None => true,
            Some((old, _)) => old != set && self.may_be_known(&difference(old, set)),
        };
        let open = |(key, set): &(&Key, &FactSet)| !closed.contains(*key) && self.is_safe(set) && may_change(key, set);
        let mut candidates: Vec<_> = self.cells.iter().filter(open).collect();
        self.sort_for_opening(&mut candidates);
        candidates.truncate(MOST_SUMS.saturating_sub(self.published.len()));
        candidates
    }

    /// The widest first, and of these the largest: what most readers ask for opens before what could hinder it.
    fn sort_for_opening(&self, cells: &mut [(&Key, &FactSet)]) {
        let value = |set: &FactSet| self.of(set).map(|fact| i128::from(fact.value.0)).sum::<i128>();
        cells.sort_by_cached_key(|(key, set)| (key.depth(), std::cmp::Reverse(value(set)), (*key).clone()));
    }

    fn open(&self, columns: &Columns, closed: &BTreeSet<Key>) -> Shown {
        let mut shown = self.kept();
        let candidates = self.candidates(&shown, closed);
        let mut known = self.learnt(columns, self.published.iter().map(|(_, set)| set));
        let hidden = self.cells.iter().filter(|(key, set)| closed.contains(*key) || !self.is_safe(set));
        let mut protected = self.protected(columns, &known, hidden.map(|(_, set)| set));
        for (key, set) in candidates {
            let before = shown.insert(key.clone(), (set.clone(), self.release));
            let is_open = self.rests_are_safe(key, &shown) && self.learn(columns, &mut known, set, &mut protected);
            if !is_open {
                shown.remove(key);
                before.into_iter().for_each(|old| drop(shown.insert(key.clone(), old)));
            }
        }
        shown
    }

    /// Takes the sum into what is known, unless a protected one would become too narrow.
    fn learn(&self, columns: &Columns, known: &mut [Knowledge], set: &FactSet, protected: &mut [Protected]) -> bool {
        let ranks: Vec<usize> = known.iter().map(Knowledge::rank).collect();
        let mut left = Vec::new();
        for (measure, knowledge) in known.iter_mut().enumerate() {
            let Some(news) = knowledge.news(&self.amounts(columns, set, measure)) else { continue };
            for (place, sum) in protected.iter().enumerate().filter(|(_, sum)| sum.measure == measure) {
                let along: f64 = sum.amounts.iter().map(|(column, amount)| amount * news[*column]).sum();
                left.push((place, sum.freedom - along * along));
            }
            knowledge.learn(news);
        }
        let is_wide = |(place, freedom): &(usize, f64)| {
            let sum = &protected[*place];
            // The length bounds the width from below; only where that is not enough is the width itself worked out.
            *freedom == sum.freedom
                || *freedom >= sum.enough
                || known[sum.measure].width(&sum.amounts) >= self.rule.share()
        };
        let all_wide = left.iter().all(is_wide);
        if all_wide {
            left.into_iter().for_each(|(place, freedom)| protected[place].freedom = freedom);
        } else {
            known.iter_mut().zip(ranks).for_each(|(knowledge, rank)| knowledge.forget_after(rank));
        }
        all_wide
    }

    /// What stays hidden under each total that the cell is part of, and within the cell itself, may be known.
    fn rests_are_safe(&self, key: &Key, shown: &Shown) -> bool {
        let totals = Dimension::ALL.into_iter().filter_map(|dimension| Some((key.within(dimension)?, dimension)));
        totals
            .chain(Dimension::ALL.map(|dimension| (key.clone(), dimension)))
            .all(|(total, dimension)| self.rest(&total, dimension, shown).is_none_or(|rest| self.may_be_known(&rest)))
    }

    /// What a reader computes by taking the shown parts of a shown total from it.
    fn rest(&self, total: &Key, dimension: Dimension, shown: &Shown) -> Option<FactSet> {
        let (whole, _) = shown.get(total)?;
        let parts = self.parts.get(&(total.clone(), dimension))?;
        let parts = parts.iter().filter_map(|part| shown.get(part));
        let mut taken: FactSet = parts.flat_map(|(set, _)| set.iter().copied()).collect();
        taken.sort_unstable();
        // Without shown parts there is nothing to take away.
        (!taken.is_empty()).then(|| difference(whole, &taken))
    }

    /// Groups the facts by the sums that hold them.
    fn columns<'s>(&self, sums: impl Iterator<Item = &'s FactSet>) -> Columns {
        let mut signature: Vec<Vec<u32>> = vec![Vec::new(); self.facts.len()];
        for (number, sum) in (0..).zip(sums) {
            sum.iter().for_each(|place| signature[*place as usize].push(number));
        }
        let mut places: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut of = Vec::with_capacity(signature.len());
        for held_by in signature {
            let next = places.len();
            of.push(*places.entry(held_by).or_insert(next));
        }
        let mut columns = Columns { of, totals: [vec![0.0; places.len()], vec![0.0; places.len()]] };
        let all: FactSet = (0..).zip(&self.facts).map(|(place, _)| place).collect();
        for measure in 0..2 {
            for (column, amount) in self.amounts(&columns, &all, measure) {
                columns.totals[measure][column] = amount;
            }
        }
        columns
    }

    fn amounts(&self, columns: &Columns, set: &FactSet, measure: usize) -> Amounts {
        let mut sums: BTreeMap<usize, i128> = BTreeMap::new();
        for place in set {
            let amount = i128::from(self.facts[*place as usize].measures()[measure]);
            *sums.entry(columns.of[*place as usize]).or_default() += amount;
        }
        #[expect(clippy::cast_precision_loss, reason = "shares of sums need no more than 53 bits")]
        sums.into_iter().map(|(column, amount)| (column, amount as f64)).collect()
    }

    fn learnt<'s>(&self, columns: &Columns, sums: impl Iterator<Item = &'s FactSet> + Clone) -> Vec<Knowledge> {
        let learnt = |measure: usize| {
            let mut knowledge = Knowledge::of(columns.totals[measure].len());
            for set in sums.clone() {
                let news = knowledge.news(&self.amounts(columns, set, measure));
                news.into_iter().for_each(|news| knowledge.learn(news));
            }
            knowledge
        };
        (0..2).map(learnt).collect()
    }

    /// The different sums among these that a figure could narrow down, but for those that earlier releases alone have narrowed: that cannot be
    /// taken back.
    fn protected<'s>(
        &self,
        columns: &Columns,
        earlier: &[Knowledge],
        sums: impl Iterator<Item = &'s FactSet>,
    ) -> Vec<Protected> {
        let different: BTreeSet<&FactSet> = sums.collect();
        let mut protected = Vec::new();
        for set in different {
            for (measure, known) in earlier.iter().enumerate() {
                let amounts = self.amounts(columns, set, measure);
                let is_wide = known.width(&amounts) >= self.rule.share();
                if is_wide && self.inner_width(columns, &amounts, measure) < self.rule.share() {
                    let total: f64 = amounts.iter().map(|(_, amount)| amount).sum();
                    let enough = (self.rule.share() * total).powi(2);
                    protected.push(Protected { measure, freedom: known.freedom(&amounts), enough, amounts });
                }
            }
        }
        protected
    }

    /// How much of the sum can change places with the rest of its own columns, which no published sum sees.
    fn inner_width(&self, columns: &Columns, amounts: &Amounts, measure: usize) -> f64 {
        let total: f64 = amounts.iter().map(|(_, amount)| amount).sum();
        let rest = |(column, amount): &(usize, f64)| (columns.totals[measure][*column] - amount).min(*amount);
        if total > 0.0 { amounts.iter().map(rest).sum::<f64>() / total } else { 0.0 }
    }

    /// Proves a choice of shown cells from the sums themselves: each sum, each difference to earlier releases, each rest under a total, the
    /// width of every hidden cell, and that no combination of sums is of one or two companies. Answers what has to stay closed.
    fn faults(&self, columns: &Columns, shown: &Shown) -> Vec<Fault> {
        let new = shown.iter().filter(|(_, (_, drawn))| *drawn == self.release);
        let mut new: Vec<(&Key, &FactSet)> = new.map(|(key, (set, _))| (key, set)).collect();
        self.sort_for_opening(&mut new);
        let old = self.published.iter().map(|(_, set)| set);
        let before = self.learnt(columns, old.clone());
        let known = self.learnt(columns, old.chain(new.iter().map(|(_, set)| *set)));
        let mut faults: BTreeSet<Key> = self.direct_faults(shown, &new).into_iter().collect();
        faults.extend(self.narrow(columns, &before, &known, shown));
        faults.extend(self.tied(columns, &before, &known, &new));
        faults.into_iter().map(Fault).collect()
    }

    fn direct_faults(&self, shown: &Shown, new: &[(&Key, &FactSet)]) -> Vec<Key> {
        let kept = self.kept();
        let is_faulty = |(key, set): &&(&Key, &FactSet)| {
            let since = kept.get(*key).map(|(old, _)| difference(old, set)).unwrap_or_default();
            !self.is_safe(set) || !self.may_be_known(&since) || !self.rests_are_safe(key, shown)
        };
        new.iter().filter(is_faulty).map(|(key, _)| (*key).clone()).collect()
    }

    /// Hidden cells that can be estimated within p %.
    fn narrow(&self, columns: &Columns, before: &[Knowledge], known: &[Knowledge], shown: &Shown) -> Vec<Key> {
        let is_narrow = |knowledge: &[Knowledge], set: &FactSet| {
            knowledge.iter().enumerate().any(|(measure, known)| {
                let amounts = self.amounts(columns, set, measure);
                known.width(&amounts).max(self.inner_width(columns, &amounts, measure)) < self.rule.share()
            })
        };
        let hidden = self.cells.iter().filter(|(key, _)| !shown.contains_key(*key));
        let narrow = hidden.filter(|(_, set)| is_narrow(known, set) && !is_narrow(before, set));
        narrow.map(|(key, _)| key.clone()).collect()
    }

    /// The cells with which a company, or two of them, came to stand alone in some combination of sums.
    fn tied(&self, columns: &Columns, before: &[Knowledge], known: &[Knowledge], new: &[(&Key, &FactSet)]) -> Vec<Key> {
        let mut faults = BTreeSet::new();
        let sides: [fn(&Contribution) -> i64; 2] = [|fact| fact.supplier.0, |fact| fact.buyer.0];
        for group in sides.into_iter().flat_map(|side| self.small_groups(columns, side)) {
            if known[0].ties(&group) && !before[0].ties(&group) {
                faults.extend(self.culprit(columns, &before[0], new, &group));
            }
        }
        faults.into_iter().collect()
    }

    /// The cell whose opening tied the group; in the order of opening, for the cell that does it need not hold any of the group itself.
    fn culprit(&self, columns: &Columns, before: &Knowledge, new: &[(&Key, &FactSet)], group: &[usize]) -> Option<Key> {
        let mut known = before.clone();
        let ties = |(_, set): &&(&Key, &FactSet)| {
            known.news(&self.amounts(columns, set, 0)).into_iter().for_each(|news| known.learn(news));
            known.ties(group)
        };
        new.iter().find(ties).map(|(key, _)| (*key).clone())
    }

    /// The columns that hold one company alone, and those of each two.
    fn small_groups(&self, columns: &Columns, side: fn(&Contribution) -> i64) -> Vec<Vec<usize>> {
        let mut companies: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); columns.totals[0].len()];
        for (place, fact) in self.facts.iter().enumerate() {
            companies[columns.of[place]].insert(side(fact));
        }
        let small = companies.iter().enumerate().filter(|(_, held)| held.len() <= 2);
        let alone: BTreeSet<i64> = small.flat_map(|(_, held)| held.iter().copied()).collect();
        let alone: Vec<i64> = alone.into_iter().collect();
        let group = |first: i64, second: i64| -> Vec<usize> {
            let within = |held: &BTreeSet<i64>| held.iter().all(|company| *company == first || *company == second);
            companies.iter().enumerate().filter(|(_, held)| within(held)).map(|(column, _)| column).collect()
        };
        let pairs =
            alone.iter().enumerate().flat_map(|(place, first)| alone[place..].iter().map(|second| (*first, *second)));
        let groups: BTreeSet<Vec<usize>> = pairs.map(|(first, second)| group(first, second)).collect();
        groups.into_iter().filter(|group| !group.is_empty()).collect()
    }
}

/// What is in one of two ascending sets and not in both.
fn difference(a: &FactSet, b: &FactSet) -> FactSet {
    let (mut left, mut right) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    let mut difference = Vec::new();
    loop {
        match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a == b => {
                left.next();
                right.next();
            }
            (Some(a), Some(b)) if a < b => difference.extend(left.next()),
            (_, Some(_)) => difference.extend(right.next()),
            (Some(_), None) => difference.extend(left.next()),
            (None, None) => return difference,
        }
    }
}
