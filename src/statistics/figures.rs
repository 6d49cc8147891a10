//! Figures as they are published: rounded amounts, and companies and records counted in classes.

use serde::Serialize;
use utoipa::ToSchema;

use crate::money::Sum;
use crate::wire_enum;

wire_enum! {
    /// How many companies or records. Exact counts of two releases, subtracted, would say how many joined.
    pub enum CountClass {
        /// None.
        Zero = "0",
        /// One or two; only of records that do not count.
        UpTo2 = "1-2",
        /// Three to five.
        UpTo5 = "3-5",
        /// Six to ten.
        UpTo10 = "6-10",
        /// Eleven to twenty.
        UpTo20 = "11-20",
        /// Up to fifty.
        UpTo50 = "21-50",
        /// Up to a hundred.
        UpTo100 = "51-100",
        /// Up to a thousand.
        UpTo1000 = "101-1000",
        /// More than a thousand.
        Over1000 = "1001+",
    }
}

impl CountClass {
    /// The class of a number.
    pub fn of(count: usize) -> Self {
        match count {
            0 => Self::Zero,
            1..=2 => Self::UpTo2,
            3..=5 => Self::UpTo5,
            6..=10 => Self::UpTo10,
            11..=20 => Self::UpTo20,
            21..=50 => Self::UpTo50,
            51..=100 => Self::UpTo100,
            101..=1000 => Self::UpTo1000,
            _ => Self::Over1000,
        }
    }
}

/// The figures of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// FOB of exports or CIF of imports, in the currency of the table; rounded to three digits, in thousands at least.
    pub value: Sum,
    /// Net weight in kilograms, rounded alike.
    pub net_kg: Sum,
    /// How many records.
    pub records: CountClass,
    /// How many selling companies.
    pub suppliers: CountClass,
    /// How many buying companies.
    pub buyers: CountClass,
}

/// No figure is finer than this.
const LEAST_STEP: i128 = 1_000;
const MICROS_PER_UNIT: i128 = 1_000_000;

/// The sum to three significant digits and never finer than a thousand, halves away from zero.
pub fn rounded(sum: Sum) -> Sum {
    let mut step = LEAST_STEP * MICROS_PER_UNIT;
    while sum.0 / step >= 1_000 {
        step *= 10;
    }
    Sum((sum.0 + step / 2) / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_are_never_finer_than_a_thousand() {
        for (exact, published) in [
            ("65123.56", 65_000),
            ("499.99", 0),
            ("500", 1_000),
            ("999499.99", 999_000),
            ("999500", 1_000_000),
            ("1234567.89", 1_230_000),
            ("87654321", 87_700_000),
        ] {
            let exact: crate::money::Micros = exact.parse().unwrap();
            let mut sum = Sum::default();
            sum.add(exact);
            assert_eq!(rounded(sum).0 / MICROS_PER_UNIT, published, "{exact}");
        }
        for (count, class) in [(0, "0"), (2, "1-2"), (3, "3-5"), (10, "6-10"), (5_000, "1001+")] {
            assert_eq!(CountClass::of(count).as_str(), class);
        }
    }
}
