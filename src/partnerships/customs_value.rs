//! The customs value of a shipment, at the border: FOB for exports, CIF for imports, derived from the invoice or absent. Nothing is
//! estimated.
//!
//! CIF = FOB + international carriage + insurance. An invoice under an F rule is taken as FOB; under a C or D rule it holds carriage, and
//! insurance where the seller pays that. An EXW value lacks the way to the border and a DDP value holds duties, both of an unknown amount, so
//! neither value can be derived from them.

use crate::money::{Micros, Money};
use crate::reference::codes::Incoterm;

/// The value at the border, twice; `None` where what is stated does not give it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomsValue {
    /// Free on board, in the currency of the invoice.
    pub fob: Option<Money>,
    /// Cost, insurance and freight, in the currency of the invoice.
    pub cif: Option<Money>,
}

/// Derives both values from an invoice; parts in another currency than the value count as not stated.
pub fn customs_value(
    value: Money,
    incoterm: Option<Incoterm>,
    freight: Option<Money>,
    insurance: Option<Money>,
) -> CustomsValue {
    // A freight in another currency would need a rate of a day that nobody named.
    let stated = |part: Option<Money>| part.filter(|part| part.currency == value.currency).map(|part| part.amount.0);
    let (freight, insurance) = (stated(freight), stated(insurance));
    let both = freight.zip(insurance).and_then(|(freight, insurance)| freight.checked_add(insurance));
    let invoice = value.amount.0;
    let plus = |part: Option<i64>| part.and_then(|part| invoice.checked_add(part));
    // Freight beyond the invoice is a mistake of whoever stated it: no value is better than a negative one.
    let minus = |part: Option<i64>| part.and_then(|part| invoice.checked_sub(part)).filter(|rest| *rest > 0);
    let (fob, cif) = match incoterm {
        // Nobody stated the carriage to the border that an EXW price lacks, or the import duty that a DDP price holds.
        None | Some(Incoterm::Exw | Incoterm::Ddp) => (None, None),
        Some(term) if !term.seller_pays_freight() => (Some(invoice), plus(both)),
        Some(term) if term.seller_pays_insurance() => (minus(both), Some(invoice)),
        Some(_) => (minus(freight), plus(insurance)),
    };
    let money = |amount: Option<i64>| amount.map(|amount| Money::new(Micros(amount), value.currency));
    CustomsValue { fob: money(fob), cif: money(cif) }
}
