//! The axes of a trade record, under the names by which partnerships and statistics speak of them.

pub use crate::customs::Direction;
pub use crate::customs::rules::{DealLocus, DeclarantRole, GoodsRoute, PartyForm};
pub use crate::reference::transport::TransportMode;
