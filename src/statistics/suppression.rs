//! The primary rule: which sums would show a company's trade by themselves.

use std::collections::BTreeMap;

use crate::wire_enum;

wire_enum! {
    /// Why a cell is hidden.
    pub enum Hidden {
        /// It would show a company's trade.
        Primary = "primary",
        /// Another hidden cell could be computed or estimated from it.
        Secondary = "secondary",
    }
}

/// When a sum shows a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuppressionRule {
    /// Fewer companies than this on a side hide a sum.
    pub min_companies: usize,
    /// A sum is hidden where the second largest company could estimate the largest within this many percent; and no hidden sum may be
    /// narrowed down further than by this many percent on each side.
    pub p_percent: u8,
}

impl Default for SuppressionRule {
    fn default() -> Self {
        // Three, because with two each could subtract its own trade and read the other's. 15 %: the upper end of what statistical offices use.
        Self { min_companies: 3, p_percent: 15 }
    }
}

impl SuppressionRule {
    /// Whether a side's companies, each with its part of the sum in millionths, show one of them: by their number, or because what the
    /// largest but two leave is less than p % of the largest (the p % rule).
    pub fn shows_a_company(&self, parts: impl Iterator<Item = i128>) -> bool {
        let mut parts: Vec<i128> = parts.collect();
        parts.sort_unstable_by(|a, b| b.cmp(a));
        let (Some(first), Some(_)) = (parts.first(), parts.get(1)) else { return true };
        // The second largest knows its own part, so the rest is all that blurs its estimate of the largest.
        let rest: i128 = parts.iter().skip(2).sum();
        parts.len() < self.min_companies || rest * 100 < first * i128::from(self.p_percent)
    }

    /// The same of the parts of contributions: `(company, amount)`, where a company may come several times.
    pub fn shows_one_of(&self, contributions: impl Iterator<Item = (i64, i128)>) -> bool {
        let mut parts: BTreeMap<i64, i128> = BTreeMap::new();
        contributions.for_each(|(company, amount)| *parts.entry(company).or_default() += amount);
        self.shows_a_company(parts.into_values())
    }

    /// p as a share of one.
    pub fn share(&self) -> f64 {
        f64::from(self.p_percent) / 100.0
    }
}
