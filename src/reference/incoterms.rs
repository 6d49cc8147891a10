//! The Incoterms 2020 rules with a short note of our own each (the rule texts belong to the ICC), and what became of older ones.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Incoterm;
use crate::wire_enum;

wire_enum! {
    /// One side of a sale.
    pub enum Side {
        /// The seller.
        Seller = "seller",
        /// The buyer.
        Buyer = "buyer",
    }
}

/// One rule of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncotermInfo {
    /// The code.
    pub code: Incoterm,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// What it means for the two sides, in our words.
    #[schema(value_type = String)]
    pub note: &'static str,
    /// Who pays the main carriage.
    pub freight_paid_by: Side,
    /// Who bears the insurance of the main carriage (by duty under CIF and CIP, by risk elsewhere).
    pub insurance_paid_by: Side,
    /// Whether the rule is for sea and inland waterway only; the others fit any mode.
    pub water_only: bool,
}

/// The eleven rules, those for any mode first.
pub static ALL: [IncotermInfo; 11] = [
    rule(
        Incoterm::Exw,
        "Ex works",
        "The buyer fetches the goods at the seller's premises and bears everything from there, export clearance too.",
    ),
    rule(
        Incoterm::Fca,
        "Free carrier",
        "The seller clears for export and hands over to the buyer's carrier at the named place.",
    ),
    rule(
        Incoterm::Cpt,
        "Carriage paid to",
        "The seller pays the carriage to the named place; the risk passes at hand-over to the first carrier.",
    ),
    rule(
        Incoterm::Cip,
        "Carriage and insurance paid to",
        "As CPT, and the seller insures the goods under the broad clauses (A).",
    ),
    rule(
        Incoterm::Dap,
        "Delivered at place",
        "The seller brings the goods to the named place, ready to be unloaded; the buyer clears for import.",
    ),
    rule(
        Incoterm::Dpu,
        "Delivered at place unloaded",
        "As DAP, and the seller unloads. Took the place of DAT in 2020.",
    ),
    rule(
        Incoterm::Ddp,
        "Delivered duty paid",
        "The seller bears everything to the named place, import clearance, duty and tax too.",
    ),
    rule(
        Incoterm::Fas,
        "Free alongside ship",
        "The seller clears for export and puts the goods beside the buyer's ship in the named port.",
    ),
    rule(
        Incoterm::Fob,
        "Free on board",
        "The seller clears for export and loads the goods on the buyer's ship in the named port.",
    ),
    rule(
        Incoterm::Cfr,
        "Cost and freight",
        "The seller loads and pays the freight to the named port of destination; the risk passes on board.",
    ),
    rule(
        Incoterm::Cif,
        "Cost, insurance and freight",
        "As CFR, and the seller insures the goods under the narrow clauses (C).",
    ),
];

const fn rule(code: Incoterm, name: &'static str, note: &'static str) -> IncotermInfo {
    use Incoterm::{Cfr, Cif, Cip, Cpt, Dap, Ddp, Dpu, Fas, Fob};
    let freight_paid_by = match code {
        Cpt | Cip | Dap | Dpu | Ddp | Cfr | Cif => Side::Seller,
        _ => Side::Buyer,
    };
    let insurance_paid_by = match code {
        Cip | Dap | Dpu | Ddp | Cif => Side::Seller,
        _ => Side::Buyer,
    };
    let water_only = matches!(code, Fas | Fob | Cfr | Cif);
    IncotermInfo { code, name, note, freight_paid_by, insurance_paid_by, water_only }
}

/// Every rule.
pub fn all() -> &'static [IncotermInfo] {
    &ALL
}

/// The rule of today that an older one is read as on import, with a warning: `DAT`, `DEQ` -> `DPU`; `DAF`, `DES`, `DDU` -> `DAP`.
pub fn successor(old_code: &str) -> Option<Incoterm> {
    match old_code {
        "DAT" | "DEQ" => Some(Incoterm::Dpu),
        "DAF" | "DES" | "DDU" => Some(Incoterm::Dap),
        _ => None,
    }
}
