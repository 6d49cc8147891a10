//! The cube: every cell and every total of the counted records, and which of them are hidden.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::disclosure::Equation;
use super::suppression::{Hidden, SuppressionRule, hide_lone, hide_secondary};
use super::{GroupBy, Key, Period};
use crate::ids::CompanyId;
use crate::money::{Micros, Sum};
use crate::partnerships::eligibility::TradeFact;
use crate::units::Quantity;

/// The ways in which a cell can be part of a larger one.
const DIMENSIONS: [Dimension; 4] = [Dimension::Reporter, Dimension::Partner, Dimension::Hs, Dimension::Period];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Dimension {
    Reporter,
    Partner,
    Hs,
    Period,
}

/// A published cell. Where it is hidden all figures are absent, the number of companies included.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cell {
    /// What it is about.
    pub key: Key,
    /// Why it is hidden; absent where it is not.
    pub hidden: Option<Hidden>,
    /// The figures.
    pub figures: Option<Figures>,
}

/// The figures of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// FOB of exports or CIF of imports, in the currency of the table.
    pub value: Sum,
    /// Net weight in kilograms.
    pub net_kg: Sum,
    /// The quantity, where all records of the cell have units that convert into each other.
    pub quantity: Option<Quantity>,
    /// How many records.
    pub records: u32,
    /// How many selling companies.
    pub suppliers: u32,
    /// How many buying companies.
    pub buyers: u32,
}

/// The sums of a cell before anything is hidden; never published as such.
#[derive(Clone, Debug, Default)]
struct Sums {
    value: Sum,
    net_kg: Sum,
    quantity: MixedQuantity,
    records: u32,
    suppliers: HashMap<CompanyId, Sum>,
    buyers: HashMap<CompanyId, Sum>,
}

#[derive(Clone, Copy, Debug, Default)]
enum MixedQuantity {
    #[default]
    Nothing,
    One(Quantity),
    Mixed,
}

/// Every cell of the counted records at every level, with what is hidden.
#[derive(Clone, Debug, Default)]
pub struct Cube {
    cells: BTreeMap<Key, (Sums, Option<Hidden>)>,
}

impl Key {
    /// The cell that this one is part of along a dimension: heading, chapter, all; month, year, all; country, all.
    fn within(&self, dimension: Dimension) -> Option<Key> {
        let mut wider = self.clone();
        match dimension {
            Dimension::Reporter => drop(wider.reporter.take()?),
            Dimension::Partner => drop(wider.partner.take()?),
            Dimension::Hs => {
                wider.hs = self.hs.as_deref().map(|code| (code.len() == 4).then(|| code[..2].to_owned()))?
            }
            Dimension::Period => {
                wider.period = match self.period? {
                    Period::Month(year, _) => Some(Period::Year(year)),
                    Period::Year(_) => None,
                }
            }
        }
        Some(wider)
    }

    /// This cell and every one it is part of.
    fn and_wider(self) -> Vec<Key> {
        let mut keys = vec![self];
        for dimension in DIMENSIONS {
            let mut place = 0;
            while let Some(key) = keys.get(place) {
                keys.extend(key.within(dimension));
                place += 1;
            }
        }
        keys
    }

    /// How many of the four dimensions name something.
    fn named(&self) -> usize {
        let named = [self.reporter.is_some(), self.partner.is_some(), self.hs.is_some(), self.period.is_some()];
        named.into_iter().filter(|named| *named).count()
    }

    fn is_at(&self, group: &[GroupBy]) -> bool {
        let asks = |by: GroupBy| group.contains(&by);
        let hs_digits = if asks(GroupBy::Hs4) {
            4
        } else if asks(GroupBy::Hs2) {
            2
        } else {
            0
        };
        let period_fits = match self.period {
            None => !asks(GroupBy::Period) && !asks(GroupBy::Year),
            Some(Period::Year(_)) => asks(GroupBy::Year) && !asks(GroupBy::Period),
            Some(Period::Month(..)) => asks(GroupBy::Period),
        };
        self.reporter.is_some() == asks(GroupBy::Reporter)
            && self.partner.is_some() == asks(GroupBy::Partner)
            && self.hs.as_ref().map_or(0, String::len) == hs_digits
            && period_fits
    }
}

impl Sums {
    fn add(&mut self, fact: &TradeFact) {
        self.value.add(fact.value);
        self.net_kg.add(fact.net_kg);
        self.quantity = self.quantity.and(fact.quantity);
        self.records += 1;
        self.suppliers.entry(fact.supplier).or_default().add(fact.value);
        self.buyers.entry(fact.buyer).or_default().add(fact.value);
    }

    fn is_hidden(&self, rule: &SuppressionRule) -> bool {
        // Each side by itself: two buyers of one supplier are two companies, and show the supplier's whole trade.
        let shows_one = |side: &HashMap<CompanyId, Sum>| rule.shows_a_company(side.values().map(|sum| sum.0));
        shows_one(&self.suppliers) || shows_one(&self.buyers)
    }

    fn figures(&self) -> Figures {
        let count = |map: &HashMap<CompanyId, Sum>| u32::try_from(map.len()).unwrap_or(u32::MAX);
        Figures {
            value: self.value,
            net_kg: self.net_kg,
            quantity: if let MixedQuantity::One(quantity) = self.quantity { Some(quantity) } else { None },
            records: self.records,
            suppliers: count(&self.suppliers),
            buyers: count(&self.buyers),
        }
    }
}

impl MixedQuantity {
    fn and(self, more: Quantity) -> Self {
        // Pieces and kilograms have no sum; converted units may round, which a quantity, unlike a value, bears.
        match self {
            Self::Nothing => Self::One(more),
            Self::Mixed => Self::Mixed,
            Self::One(so_far) => {
                let sum = more.to_unit(so_far.unit).and_then(|more| so_far.value.0.checked_add(more.value.0));
                sum.map_or(Self::Mixed, |sum| Self::One(Quantity::new(Micros(sum), so_far.unit)))
            }
        }
    }
}

impl Cube {
    /// The cube of the records that count.
    pub fn build(facts: &[TradeFact], rule: &SuppressionRule) -> Self {
        let mut sums: BTreeMap<Key, Sums> = BTreeMap::new();
        for fact in facts {
            // Every total is summed from the facts, not from the cells below it: mixed units and the number of companies do not add up.
            for key in finest(fact).and_wider() {
                sums.entry(key).or_default().add(fact);
            }
        }
        let values: Vec<i128> = sums.values().map(|sums| sums.value.0).collect();
        let mut hidden: Vec<Option<Hidden>> =
            sums.values().map(|sums| sums.is_hidden(rule).then_some(Hidden::Primary)).collect();
        let equations = equations(&sums);
        if hide_secondary(&values, &equations, &mut hidden).is_err() {
            // One-way tables share only their total, so that no combination of their sums tells more than each alone.
            // Not converged within the rounds: hide every cell of two dimensions or more rather than publish one that may give another away.
            let crossed = sums.keys().zip(&mut hidden).filter(|(key, _)| key.named() > 1);
            crossed.for_each(|(_, hidden)| *hidden = hidden.or(Some(Hidden::Secondary)));
            hide_lone(&values, &equations, &mut hidden);
        }
        let cells = sums.into_iter().zip(hidden).map(|((key, sums), hidden)| (key, (sums, hidden))).collect();
        Self { cells }
    }

    /// The cells at the level of `group`, in the order of their keys; a chapter and a heading together mean the heading, a
    /// month and a year together the month.
    pub fn at(&self, group: &[GroupBy]) -> Vec<Cell> {
        self.cells.iter().filter(|(key, _)| key.is_at(group)).map(publish).collect()
    }

    /// Every cell at every level.
    pub fn all(&self) -> Vec<Cell> {
        self.cells.iter().map(publish).collect()
    }
}

fn publish((key, (sums, hidden)): (&Key, &(Sums, Option<Hidden>))) -> Cell {
    Cell { key: key.clone(), hidden: *hidden, figures: hidden.is_none().then(|| sums.figures()) }
}

fn finest(fact: &TradeFact) -> Key {
    Key {
        flow: fact.direction,
        reporter: Some(fact.reporter),
        partner: Some(fact.partner),
        hs: Some(fact.heading.clone()),
        period: Some(Period::month_of(fact.customs_date)),
    }
}

/// Every total with its parts, along each dimension.
fn equations(sums: &BTreeMap<Key, Sums>) -> Vec<Equation> {
    let places: HashMap<&Key, usize> = sums.keys().enumerate().map(|(place, key)| (key, place)).collect();
    let mut parts: BTreeMap<(usize, Dimension), Vec<usize>> = BTreeMap::new();
    for (place, key) in sums.keys().enumerate() {
        for dimension in DIMENSIONS {
            let total = key.within(dimension).and_then(|wider| places.get(&wider).copied());
            if let Some(total) = total {
                parts.entry((total, dimension)).or_default().push(place);
            }
        }
    }
    parts.into_iter().map(|((total, _), parts)| Equation { total, parts }).collect()
}
