//! Use cases of trade records: reading them ([`queries`]), declaring, confirming, disputing and correcting them, and adding
//! customs references to them ([`actions`]).

mod actions;
mod queries;

pub use actions::{add_reference, confirm, correct, declare, dispute};
pub(super) use actions::{add_reference_in, check_dispute, confirm_in, declare_in, dispute_in, step_of};
pub use queries::{find, find_for_review, find_written, identified_sides, list};
