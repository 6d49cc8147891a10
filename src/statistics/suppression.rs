//! Suppression: which cells are hidden so that no company's trade can be read or computed.
//!
//! Primary: fewer than three companies on a side, or one company with 75 % or more of the value. Secondary: every total and its
//! parts are an equation, and an equation with exactly one hidden member gives it away; so its smallest other part is hidden
//! too (or the total, where there is no other part), until no such equation is left. What then still follows from several
//! equations together ([`super::disclosure`]) is covered in the same way, until nothing hidden can be computed at all.

use std::collections::{BTreeSet, VecDeque};

use super::disclosure::{Equation, NotConverged, determined};
use crate::locale::{Language, Message};
use crate::wire_enum;

wire_enum! {
    /// Why a cell is hidden.
    pub enum Hidden {
        /// It would show a company's trade.
        Primary = "primary",
        /// Another hidden cell could be computed from it.
        Secondary = "secondary",
    }
}

/// When a cell is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuppressionRule {
    /// Fewer companies than this on a side hide a cell.
    pub min_companies: usize,
    /// A company with this share of the value or more, in percent, hides a cell.
    pub dominance_percent: u8,
}

impl Default for SuppressionRule {
    fn default() -> Self {
        // Three, because with two each could subtract its own trade and read the other's. 75 %: below that the largest company's trade cannot be
        // estimated within a third.
        Self { min_companies: 3, dominance_percent: 75 }
    }
}

impl SuppressionRule {
    /// Whether a side's companies, each with its part of the value in millionths, show one of them.
    pub fn shows_a_company(&self, parts: impl Iterator<Item = i128> + Clone) -> bool {
        let total: i128 = parts.clone().sum();
        let largest = parts.clone().max().unwrap_or(0);
        let is_dominated = largest * 100 >= total * i128::from(self.dominance_percent);
        parts.count() < self.min_companies || is_dominated
    }

    /// The rule as a sentence, for the metadata.
    pub fn sentence(&self) -> String {
        Message::new("statistics-meta-rule")
            .with("companies", self.min_companies)
            .with("percent", self.dominance_percent.to_string())
            .text(Language::English)
    }
}

/// Hides further cells until no hidden one follows from the others. `values` are the sizes by which the smallest is chosen.
///
/// # Errors
/// [`NotConverged`] when that could not be made sure of; no single equation then gives a cell away, but several together might.
pub fn hide_secondary(
    values: &[i128],
    equations: &[Equation],
    hidden: &mut [Option<Hidden>],
) -> Result<(), NotConverged> {
    let equations_of = equations_of(values.len(), equations);
    loop {
        cover_lone(values, equations, &equations_of, hidden);
        let is_hidden: Vec<bool> = hidden.iter().map(Option::is_some).collect();
        let found = determined(equations, &is_hidden)?;
        let covers: BTreeSet<usize> =
            found.into_iter().filter_map(|cell| nearest_open(cell, values, equations, &equations_of, hidden)).collect();
        if covers.is_empty() {
            return Ok(());
        }
        covers.into_iter().for_each(|cell| hidden[cell] = Some(Hidden::Secondary));
    }
}

/// Hides further cells until no single equation has exactly one hidden member. Enough where the equations form a tree.
pub fn hide_lone(values: &[i128], equations: &[Equation], hidden: &mut [Option<Hidden>]) {
    cover_lone(values, equations, &equations_of(values.len(), equations), hidden);
}

fn equations_of(cells: usize, equations: &[Equation]) -> Vec<Vec<usize>> {
    let mut equations_of: Vec<Vec<usize>> = vec![Vec::new(); cells];
    for (place, equation) in equations.iter().enumerate() {
        for member in equation.members() {
            equations_of[member].push(place);
        }
    }
    equations_of
}

fn cover_lone(values: &[i128], equations: &[Equation], equations_of: &[Vec<usize>], hidden: &mut [Option<Hidden>]) {
    let mut queue: VecDeque<usize> = (0..equations.len()).collect();
    while let Some(place) = queue.pop_front() {
        if let Some(next) = next_to_hide(&equations[place], values, hidden) {
            hidden[next] = Some(Hidden::Secondary);
            queue.extend(&equations_of[next]);
        }
    }
}

/// The smallest open cell among those that the fewest equations lead to from `cell`; `None` when all it is tied to are hidden.
fn nearest_open(
    cell: usize,
    values: &[i128],
    equations: &[Equation],
    equations_of: &[Vec<usize>],
    hidden: &[Option<Hidden>],
) -> Option<usize> {
    let mut reached = BTreeSet::from([cell]);
    let mut edge = vec![cell];
    while !edge.is_empty() {
        let neighbours =
            edge.iter().flat_map(|cell| &equations_of[*cell]).flat_map(|place| equations[*place].members());
        let next: BTreeSet<usize> = neighbours.filter(|cell| !reached.contains(cell)).collect();
        let open = next.iter().filter(|cell| hidden[**cell].is_none());
        if let Some(smallest) = open.min_by_key(|cell| (values[**cell], **cell)) {
            return Some(*smallest);
        }
        reached.extend(&next);
        edge = next.into_iter().collect();
    }
    None
}

/// The cell to hide so that the one hidden member of the equation cannot be computed; `None` when it cannot already.
fn next_to_hide(equation: &Equation, values: &[i128], hidden: &[Option<Hidden>]) -> Option<usize> {
    if equation.members().filter(|member| hidden[*member].is_some()).count() != 1 {
        return None;
    }
    let open_parts = equation.parts.iter().filter(|part| hidden[**part].is_none());
    // The smallest part loses the least for the reader; the place decides between equals, so that equal records give equal tables.
    let smallest = open_parts.min_by_key(|part| (values[**part], **part));
    smallest.copied().or(Some(equation.total))
}
