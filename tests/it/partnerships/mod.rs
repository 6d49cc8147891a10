//! Partnerships and the statistics made of them: who learns whom, what counts, and what the totals come to.

mod eligibility;
mod ledger;
mod proposals;
pub mod releases;
mod totals;

use serde_json::json;

use crate::support::{Party, World};

/// A supplier and a buyer, both identified, who confirmed their partnership, and its id.
fn partners(world: &World) -> (Party, Party, String) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    world.identify(&[supplier.company, buyer.company]);
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    (supplier, buyer, partnership)
}
