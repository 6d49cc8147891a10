//! The value of a shipment at the border: FOB for exports, CIF for imports, derived from the invoice or absent. Nothing is estimated.
//!
//! CIF = FOB + international carriage + insurance. An invoice under an E or F rule is taken as FOB (under EXW it lacks the way to
//! the port, as the rule goes); under a C or D rule it holds carriage, and insurance where the seller pays that. A DDP value
//! holds duties of an unknown amount, so neither value can be derived from it.

use chrono::NaiveDate;

use crate::money::{Currency, Micros, Money};
use crate::rates::History;
use crate::reference::codes::Incoterm;

/// The two statistical values; `None` where what is stated does not give it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatisticalValue {
    /// Free on board, in the currency of the invoice.
    pub fob: Option<Money>,
    /// Cost, insurance and freight, in the currency of the invoice.
    pub cif: Option<Money>,
}

/// The currency of the statistics.
pub const TABLE_CURRENCY: Currency = Currency::USD;

/// Both values in the currency of the statistics, at the rate of the day of release or declaration. A value without such a rate
/// stays in its own currency, and does not count.
pub fn in_table_currency(value: StatisticalValue, day: Option<NaiveDate>, rates: &History) -> StatisticalValue {
    let convert = |money: Option<Money>| {
        let converted = money.zip(day).and_then(|(money, day)| rates.convert_on(day, money, TABLE_CURRENCY));
        converted.or(money)
    };
    StatisticalValue { fob: convert(value.fob), cif: convert(value.cif) }
}

/// Derives both values from an invoice; parts in another currency than the value count as not stated.
pub fn statistical_value(
    value: Money,
    incoterm: Option<Incoterm>,
    freight: Option<Money>,
    insurance: Option<Money>,
) -> StatisticalValue {
    let stated = |part: Option<Money>| part.filter(|part| part.currency == value.currency).map(|part| part.amount.0);
    let (freight, insurance) = (stated(freight), stated(insurance));
    let both = freight.zip(insurance).and_then(|(freight, insurance)| freight.checked_add(insurance));
    let invoice = value.amount.0;
    let plus = |part: Option<i64>| part.and_then(|part| invoice.checked_add(part));
    let minus = |part: Option<i64>| part.and_then(|part| invoice.checked_sub(part)).filter(|rest| *rest > 0);
    let (fob, cif) = match incoterm {
        None | Some(Incoterm::Ddp) => (None, None),
        Some(term) if !term.seller_pays_freight() => (Some(invoice), plus(both)),
        Some(term) if term.seller_pays_insurance() => (minus(both), Some(invoice)),
        Some(_) => (minus(freight), plus(insurance)),
    };
    let money = |amount: Option<i64>| amount.map(|amount| Money::new(Micros(amount), value.currency));
    StatisticalValue { fob: money(fob), cif: money(cif) }
}
