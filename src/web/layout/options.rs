//! The ready lists of choices for selects: (value, words).

use crate::locale::Language;
use crate::money::Currency;
use crate::reference::codes::{Country, Incoterm, PaymentTerm};
use crate::units::Unit;

const CURRENCIES: &[&str] = &[
    "USD", "EUR", "CNY", "GBP", "JPY", "AED", "AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "HKD", "IDR", "INR", "KRW",
    "MXN", "MYR", "NOK", "NZD", "PLN", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "VND", "ZAR",
];

const UNITS: &[&str] = &[
    "KGM", "TNE", "GRM", "LBR", "C62", "PR", "DZN", "SET", "MIL", "MTR", "MTK", "FTK", "MTQ", "LTR", "XCT", "XBX",
    "XPX", "XPK", "XDR", "XRO", "XBG", "NMP", "KWH", "MWH",
];

/// The usual currencies by code, and `chosen` too if it is another valid one.
pub fn currency_options(chosen: &str) -> Vec<(String, String)> {
    let mut options: Vec<_> = CURRENCIES.iter().map(|code| ((*code).to_owned(), (*code).to_owned())).collect();
    if !CURRENCIES.contains(&chosen) && chosen.parse::<Currency>().is_ok() {
        options.push((chosen.to_owned(), chosen.to_owned()));
    }
    options
}

/// The usual units by Rec 20 code and short name, and `chosen` too if it is another valid one.
pub fn unit_options(chosen: &str) -> Vec<(String, String)> {
    let other = (!UNITS.contains(&chosen)).then_some(chosen);
    let units = UNITS.iter().copied().chain(other).filter_map(|code| code.parse::<Unit>().ok());
    units.map(|unit| (unit.code().to_owned(), unit.label().to_owned())).collect()
}

/// Every country by alpha-2 code, sorted by its English name.
pub fn country_options() -> Vec<(String, String)> {
    let letters = || 'A'..='Z';
    let codes = letters().flat_map(|first| letters().map(move |second| format!("{first}{second}")));
    let countries = codes.filter_map(|code| code.parse::<Country>().ok().map(|country| (code, country.name())));
    let mut options: Vec<(String, String)> = countries.collect();
    options.sort_by(|a, b| a.1.cmp(&b.1));
    options
}

/// The Incoterms 2020 rules with what they stand for.
pub fn incoterm_options() -> Vec<(String, String)> {
    Incoterm::ALL.iter().map(|term| (term.to_string(), format!("{term}, {}", term.label(Language::English)))).collect()
}

/// The payment terms in words.
pub fn payment_options() -> Vec<(String, String)> {
    PaymentTerm::ALL.iter().map(|term| (term.to_string(), term.label(Language::English).to_owned())).collect()
}
