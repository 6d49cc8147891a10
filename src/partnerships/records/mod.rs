//! Use cases of trade records: reading them ([`queries`]), declaring, confirming, disputing and correcting ([`actions`]), and adding
//! customs references ([`references`]).

mod actions;
mod queries;
mod references;

pub(super) use actions::{check_dispute, confirm_in, declare_in, dispute_in, step_of};
pub use actions::{confirm, correct, declare, dispute};
pub use queries::{find, find_for_review, find_written, list};
pub use references::add_reference;
pub(super) use references::add_reference_in;
