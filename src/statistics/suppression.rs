//! Suppression: which cells are hidden so that no company's trade can be read or computed.
//!
//! Primary: fewer than three companies on a side, or one company with 75 % or more of the value. Secondary: every total and its
//! parts are an equation, and an equation with exactly one hidden member gives it away; so its smallest other part is hidden
//! too (or the total, where there is no other part), until no such equation is left.

use std::collections::VecDeque;

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
        Self { min_companies: 3, dominance_percent: 75 }
    }
}

impl SuppressionRule {
    /// Whether a side's companies, each with its part of the value in millionths, show one of them.
    pub fn shows_a_company(&self, parts: impl Iterator<Item = i128> + Clone) -> bool {
        let total: i128 = parts.clone().sum();
        let largest = parts.clone().max().unwrap_or(0);
        let is_dominated = largest.saturating_mul(100) >= total.saturating_mul(i128::from(self.dominance_percent));
        parts.count() < self.min_companies || is_dominated
    }

    /// The rule in words, for the metadata.
    pub fn sentence(&self) -> String {
        format!(
            "Cells with fewer than {} companies on a side, or with one company at {} % or more of the value, are hidden, and so are the cells from which they could be computed.",
            self.min_companies, self.dominance_percent
        )
    }
}

/// A total and the cells that it is the sum of, by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The total.
    pub total: usize,
    /// Its parts, at least one.
    pub parts: Vec<usize>,
}

/// Hides further cells until no equation has exactly one hidden member. `values` are the sizes by which the smallest is chosen.
pub fn hide_secondary(values: &[i128], equations: &[Equation], hidden: &mut [Option<Hidden>]) {
    let mut equations_of: Vec<Vec<usize>> = vec![Vec::new(); values.len()];
    for (place, equation) in equations.iter().enumerate() {
        for member in equation.parts.iter().chain([&equation.total]) {
            equations_of[*member].push(place);
        }
    }
    let mut queue: VecDeque<usize> = (0..equations.len()).collect();
    while let Some(place) = queue.pop_front() {
        if let Some(next) = next_to_hide(&equations[place], values, hidden) {
            hidden[next] = Some(Hidden::Secondary);
            queue.extend(&equations_of[next]);
        }
    }
}

/// The cell to hide so that the one hidden member of the equation cannot be computed; `None` when it cannot already.
fn next_to_hide(equation: &Equation, values: &[i128], hidden: &[Option<Hidden>]) -> Option<usize> {
    let members = || equation.parts.iter().chain([&equation.total]);
    if members().filter(|member| hidden[**member].is_some()).count() != 1 {
        return None;
    }
    let open_parts = equation.parts.iter().filter(|part| hidden[**part].is_none());
    let smallest = open_parts.min_by_key(|part| (values[**part], **part));
    smallest.copied().or(Some(equation.total))
}
