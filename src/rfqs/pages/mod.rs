//! Pages of RFQs: the board, the public page, the buyer's desk.

mod head;

pub use head::{DeskHead, DeskTab};
