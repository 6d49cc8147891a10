//! RFQs: what a buyer wants to be quoted for.
//!
//! States: `draft -> open -> closed (deadline | seats | buyer) -> awarded | not_awarded`, and `withdrawn` at any time before the award. Accepting a
//! quote awards an open RFQ as well as a closed one. Invariants: a published RFQ has a title, a quantity and a destination country (one that
//! the operator loaded may have gaps); an open one always has a deadline and a number of seats; a deadline only ever moves later.

mod completeness;
mod fields;
pub mod rules;

pub use completeness::{Completeness, Missing, completeness};
pub use fields::{ClosingFields, READ_ONLY, RfqFields};

use crate::wire_enum;

wire_enum! {
    /// Where an RFQ stands in its life.
    pub enum RfqState {
        /// Written but not posted.
        Draft = "draft",
        /// Suppliers may quote.
        Open = "open",
        /// No more quotes; the buyer decides.
        Closed = "closed",
        /// A quote was accepted.
        Awarded = "awarded",
        /// It ended without an accepted quote.
        NotAwarded = "not_awarded",
        /// The buyer took it back.
        Withdrawn = "withdrawn",
    }
}

wire_enum! {
    /// Why an RFQ takes no more quotes.
    pub enum ClosedReason {
        /// The deadline passed.
        Deadline = "deadline",
        /// All seats are taken.
        Seats = "seats",
        /// The buyer closed it.
        Buyer = "buyer",
    }
}

wire_enum! {
    /// How often the goods are wanted.
    pub enum Frequency {
        /// A single delivery.
        Once = "once",
        /// Every month.
        Monthly = "monthly",
        /// Every year.
        Yearly = "yearly",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro writes the enum, so it cannot carry #[default]")]
impl Default for Frequency {
    fn default() -> Self {
        Self::Once
    }
}

#[cfg(test)]
mod tests;
